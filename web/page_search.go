package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tributary/data"
	"tributary/geo"
)

// maxQueryRunes bounds what can be searched for.
const maxQueryRunes = 100

// searchContent is the page of what a search found.
type searchContent struct {
	Query   string
	Problem string // what is wrong with the query, with the remedy
	Asked   bool   // a query was given
	Note    string
	Items   []foundItem
	Kept    []field // of the page that asked, which keeps its filter
}

// A foundItem is one thing found with the addresses to go to.
type foundItem struct {
	data.SearchItem
	What         string // what kind of thing, and where
	URL          string
	MapURL       string // where it is on the map; empty for what has a page of its own
	TerritoryURL string
	Only         []wayLink // the map of what it alone supplied, bought or received
}

var foundWords = map[data.SearchKind]string{
	data.FoundTerritory:    "Police territory",
	data.FoundRegion:       "Region",
	data.FoundArea:         "District or county",
	data.FoundTown:         "Town or village",
	data.FoundPostcode:     "Postcode",
	data.FoundOutcode:      "Postcode district",
	data.FoundActivity:     "Activity",
	data.FoundOrganisation: "Organisation",
}

// Search answers "/search?q=". Beside q it takes what the map takes, and leads
// back there with an organisation added to it.
func (p *Pages) Search(w http.ResponseWriter, r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return data.Invalidf("query", r.URL.RawQuery, "this address is not written correctly: start again from the home page")
	}
	f, rest, err := data.ParseFilter(query, data.Scope{Takes: data.FactParams, Exists: p.scope.Exists})
	if err != nil {
		return err
	}
	view := url.Values{}
	for _, name := range rest {
		if !slices.Contains(exploreViews, name) && name != "dims" {
			return data.Invalidf(name, query.Get(name), "is not a parameter of this page: leave it out")
		}
		if name == "layer" || name == "metric" {
			view.Set(name, query.Get(name))
		}
	}
	content := searchContent{Query: strings.TrimSpace(query.Get("q")), Asked: query.Has("q"), Kept: hiddenOf(f, view, nil)}
	status := http.StatusOK
	switch {
	case content.Query == "" && content.Asked:
		content.Problem = "Enter a place, a postcode, an activity or an organisation"
	case content.Query == "":
	case utf8.RuneCountInString(content.Query) > maxQueryRunes || !utf8.ValidString(content.Query):
		content.Problem, status = fmt.Sprintf("What you search for must be %d characters or fewer", maxQueryRunes), http.StatusBadRequest
	default:
		found, err := p.src.Search(r.Context(), content.Query)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		content.Note = found.Note
		for _, item := range found.Items {
			one := foundOf(item)
			one.Only = onlyOf(item, f, view)
			content.Items = append(content.Items, one)
		}
	}
	title := "Search"
	if content.Query != "" {
		title = content.Query + " – search"
	}
	if content.Problem != "" {
		title = "Error: Search"
	}
	return p.show(w, r, status, "search", frame{Title: title, Nav: "/search", Content: content})
}

// onlyWords are the maps of what an organisation did in a role.
var onlyWords = []struct{ role, label string }{{"supplier", "Only what it gave"}, {"buyer", "Only what came with its contracts"}, {"provider", "Only what it received"}}

// onlyOf leads back to the map with an organisation added to its filter, once
// for each of its roles.
func onlyOf(item data.SearchItem, f data.Filter, view url.Values) (only []wayLink) {
	for _, w := range onlyWords {
		if !slices.Contains(item.Roles, w.role) {
			continue
		}
		own := view
		if l, err := layerNamed(view.Get("layer")); err != nil || !slices.Contains(l.takes, w.role) {
			own = url.Values{} // the layer knows of no such role
		}
		only = append(only, wayLink{Label: w.label, URL: queryURL("/", f.Values(), own, url.Values{w.role: {item.ID}})})
	}
	return only
}

// foundOf works out where a found thing leads: to its page where it has one,
// else to its place on the map.
func foundOf(item data.SearchItem) foundItem {
	found := foundItem{SearchItem: item, What: whatIsFound(item)}
	onMap := "/"
	if item.Kind == data.FoundArea {
		onMap = pageURL("/", data.Filter{Area: []geo.AreaCode{geo.AreaCode(item.ID)}}, nil)
	}
	if item.Zoom > 0 {
		onMap += fmt.Sprintf("#map=%s/%s/%s", decimals(item.Zoom, 2), decimals(item.Lat, 4), decimals(item.Lon, 4))
	}
	if item.Territory != "" && item.Kind != data.FoundTerritory {
		found.TerritoryURL = placeURL(string(item.Territory))
	}
	switch item.Kind {
	case data.FoundTerritory, data.FoundRegion, data.FoundArea:
		found.URL, found.MapURL = placeURL(item.ID), onMap
	case data.FoundOrganisation:
		found.URL = "/organisations/" + url.PathEscape(item.ID)
	case data.FoundActivity:
		found.URL = "/activities/" + url.PathEscape(item.ID)
	default:
		found.URL = onMap
	}
	return found
}

// whatIsFound says what an item is, once: the details of territories, regions,
// areas and activities say so themselves, those of the others begin with "in".
func whatIsFound(item data.SearchItem) string {
	kind := words(foundWords, item.Kind)
	switch {
	case item.Kind == data.FoundOrganisation:
		roles := make([]string, len(item.Roles))
		for i, role := range item.Roles {
			roles[i] = map[string]string{"supplier": "supplier", "buyer": "public buyer", "provider": "provider of activities"}[role]
		}
		if len(roles) == 0 {
			return kind
		}
		return sentenceWord(strings.Join(roles, " and "))
	case item.Detail == "":
		return kind
	case strings.HasPrefix(item.Detail, "in "):
		return kind + " " + item.Detail
	}
	return sentenceWord(item.Detail)
}

func decimals(x float64, places int) string { return strconv.FormatFloat(x, 'f', places, 64) }
