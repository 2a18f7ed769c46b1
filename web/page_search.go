package web

import (
	"fmt"
	"net/http"
	"net/url"
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
}

// A foundItem is one thing found with the addresses to go to.
type foundItem struct {
	data.SearchItem
	What         string // what kind of thing, and where
	URL          string
	MapURL       string // where it is on the map; empty for what has a page of its own
	TerritoryURL string
}

var foundWords = map[data.SearchKind]string{
	data.FoundTerritory: "Police territory",
	data.FoundRegion:    "Region",
	data.FoundArea:      "District or county",
	data.FoundTown:      "Town or village",
	data.FoundPostcode:  "Postcode",
	data.FoundOutcode:   "Postcode district",
	data.FoundActivity:  "Activity",
}

// Search answers "/search?q=".
func (p *Pages) Search(w http.ResponseWriter, r *http.Request) error {
	f, view, err := p.readQuery(r, "q")
	if err != nil {
		return err
	}
	if c := f.Canonical(); c != "" {
		return data.Invalidf("query", c, "does not apply to search: leave it out")
	}
	content := searchContent{Query: strings.TrimSpace(view.Get("q")), Asked: r.URL.Query().Has("q")}
	status := http.StatusOK
	switch {
	case content.Query == "" && content.Asked:
		content.Problem = "Enter a territory, a place, a postcode or an activity"
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
			content.Items = append(content.Items, foundOf(item))
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
	case item.Detail == "":
		return kind
	case strings.HasPrefix(item.Detail, "in "):
		return kind + " " + item.Detail
	}
	return sentenceWord(item.Detail)
}

func decimals(x float64, places int) string { return strconv.FormatFloat(x, 'f', places, 64) }
