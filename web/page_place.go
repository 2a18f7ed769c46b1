package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo"
)

// placePageSize is the number of activities listed on a page of a place.
const placePageSize = 25

// placeContent is the page of a territory or a region.
type placeContent struct {
	data.PlaceProfile
	Tabs       []placeTab
	ParentURL  string // of the territory or region that it lies in
	ParentName string
	Name       string
	NameCy     string
	Kind       string // "Police territory" or "Region"
	Now        *data.Term
	Before     []data.Term
	ByStatus   []bar
	ByTheme    []bar
	Activities data.ActivityList
	NextURL    string
	FirstURL   string // set when this is not the first page
	Map        mapView
	MapURL     string
	CSV        string
	GeoJSON    string
	PoliceURL  string
	Previous   *sibling
	Next       *sibling
	Siblings   []sibling // other territories of the region, or other regions
	Note       boundaryNote
}

// A sibling is a link to another place of the same kind.
type sibling struct {
	Name       string
	URL        string
	Activities int
	Here       bool
}

// Place answers "/places/{id}" with the activities there, where id is a
// territory's slug, or a region's or an area's code.
func (p *Pages) Place(w http.ResponseWriter, r *http.Request) error {
	return p.showPlace(w, r, pathVar(r, "id"))
}

func (p *Pages) showPlace(w http.ResponseWriter, r *http.Request, id string) error {
	f, view, err := p.readQuery(r, "after")
	if err != nil {
		return err
	}
	if c := f.Canonical(); c != "" {
		return data.Invalidf("query", c, "does not apply to the page of a place: filter on the map instead")
	}
	profile, err := p.src.Place(r.Context(), id)
	if err != nil {
		return fmt.Errorf("place %q: %w", id, err)
	}
	content := placeContent{PlaceProfile: profile, Tabs: placeTabs(id, "")}
	where := content.identify()
	list, err := p.src.Activities(r.Context(), where, data.View{Limit: placePageSize, Sort: "name", After: view.Get("after")})
	if err != nil {
		return fmt.Errorf("place %q: %w", id, err)
	}
	content.addLinks(where, id, list, view.Get("after"))
	content.Note = boundaryNote{Verb: "is", Sources: []string{profile.Boundary}}
	if profile.Approximate {
		content.Note.Approximate = "The boundary"
	}
	if a := profile.Area; a != nil { // the still map draws territories
		content.Map.Still = queryURL("/static-map.svg", url.Values{"focus": {string(a.Territory)}})
		content.Map.Alt = "Map showing " + profile.TerritoryName + ", the police territory that it lies in."
		if !profile.Drawn {
			content.Map.Focus = string(a.Territory)
		}
	}
	if err := p.addSiblings(r, &content, id); err != nil {
		return fmt.Errorf("place %q: %w", id, err)
	}
	return p.show(w, r, http.StatusOK, "place", frame{Title: content.Name, Wide: true, Content: content})
}

// identify fills in what differs between a territory and a region, and returns
// the filter for the place.
func (c *placeContent) identify() data.Filter {
	for i, t := range c.Terms {
		if t.ValidTo.IsZero() && c.Now == nil {
			c.Now = &c.Terms[i]
		} else {
			c.Before = append(c.Before, t)
		}
	}
	if t := c.Territory; t != nil {
		c.Name, c.NameCy, c.Kind = t.Name, t.NameCy, "Police territory"
		if t.PoliceUKID != "" {
			c.PoliceURL = "https://data.police.uk/api/forces/" + url.PathEscape(t.PoliceUKID)
		}
		c.ParentURL, c.ParentName = placeURL(string(t.Region)), c.RegionName
		return inTerritory(t.ID)
	}
	if a := c.Area; a != nil {
		c.Name, c.NameCy, c.Kind = a.Name, a.NameCy, areaKindWord(a.Kind)
		c.ParentURL, c.ParentName = placeURL(string(a.Territory)), c.TerritoryName
		return data.Filter{Area: []geo.AreaCode{a.Code}}
	}
	c.Name, c.NameCy, c.Kind = c.Region.Name, c.Region.NameCy, "Region"
	if c.Region.Nation == c.Region.Name {
		c.Kind = "Nation"
	}
	return inRegion(c.Region.Code)
}

func (c *placeContent) addLinks(where data.Filter, id string, list data.ActivityList, after string) {
	here := "/places/" + url.PathEscape(id)
	filtered := func(set func(f *data.Filter, v string)) func(string) string {
		return func(v string) string {
			f := where
			set(&f, v)
			return pageURL("/", f, ofActivities)
		}
	}
	public := slices.DeleteFunc(slices.Clone(c.PlaceProfile.ByStatus), func(n data.Count) bool {
		return n.Activities == 0 && !slices.Contains(shownStatuses, data.Status(n.Value))
	})
	c.ByStatus = barsOf(public, statusWord[string], filtered(func(f *data.Filter, v string) { f.Status = []data.Status{data.Status(v)} }))
	c.ByTheme = barsOf(c.PlaceProfile.ByTheme, themeWord[string], filtered(func(f *data.Filter, v string) { f.Theme = []data.Theme{data.Theme(v)} }))
	c.Activities = list
	if list.After != "" {
		c.NextURL = queryURL(here, url.Values{"after": {list.After}}) + "#activities"
	}
	if after != "" {
		c.FirstURL = here + "#activities"
	}
	c.CSV = pageURL("/api/v1/activities.csv", where, nil)
	c.GeoJSON = pageURL("/api/v1/activities.geojson", where, nil)
	c.MapURL = pageURL("/", where, ofActivities)
	c.Map = mapView{
		Still:  queryURL("/static-map.svg", url.Values{"focus": {id}}),
		Alt:    "Map showing where " + c.Name + " is.",
		Tiles:  where.Canonical(),
		Focus:  id,
		Bounds: formatBounds(c.Bounds),
	}
}

func formatBounds(b orb.Bound) string {
	if b.IsEmpty() || b.IsZero() {
		return ""
	}
	return fmt.Sprintf("%.4f,%.4f,%.4f,%.4f", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
}

// addSiblings finds the neighbours in the alphabet and in the region.
func (p *Pages) addSiblings(r *http.Request, c *placeContent, id string) error {
	var all []sibling
	if c.Area != nil {
		areas, err := p.src.Areas(r.Context(), inTerritory(c.Area.Territory))
		if err != nil {
			return err
		}
		for _, row := range areas {
			all = append(all, sibling{row.Name, placeURL(string(row.Code)), row.Activities, string(row.Code) == id})
		}
		c.Siblings = all
	} else if c.Territory == nil {
		regions, err := p.src.Regions(r.Context(), data.Filter{})
		if err != nil {
			return err
		}
		for _, row := range regions {
			all = append(all, sibling{row.Name, placeURL(string(row.Code)), row.Activities, string(row.Code) == id})
		}
		c.Siblings = all
	} else {
		rows, err := p.src.Territories(r.Context(), data.Filter{})
		if err != nil {
			return err
		}
		for _, row := range rows {
			s := sibling{row.Name, placeURL(string(row.ID)), row.Activities, string(row.ID) == id}
			all = append(all, s)
			if row.Region == c.Territory.Region {
				c.Siblings = append(c.Siblings, s)
			}
		}
	}
	byName := func(a, b sibling) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortFunc(all, byName)
	slices.SortFunc(c.Siblings, byName)
	if i := slices.IndexFunc(all, func(s sibling) bool { return s.Here }); i >= 0 {
		if i > 0 {
			c.Previous = &all[i-1]
		}
		if i+1 < len(all) {
			c.Next = &all[i+1]
		}
	}
	if len(c.Siblings) == 1 {
		c.Siblings = nil
	}
	return nil
}

func placeURL(id string) string { return "/places/" + url.PathEscape(id) }

// AreaURL is the page of an area.
func (placeContent) AreaURL(code geo.AreaCode) string { return placeURL(string(code)) }

// placeTab is one of the four elements of the model that a place is told by.
type placeTab struct {
	Label, URL string
	Here       bool
}

// placeViews are the elements by their names in addresses.
var placeViews = []struct{ name, label string }{{"", "Activities"}, {"collaborations", "Collaborations"}, {"measurement", "Measurement"}, {"engagement", "Engagement"}}

func placeTabs(id, view string) []placeTab {
	out := make([]placeTab, len(placeViews))
	for i, v := range placeViews {
		out[i] = placeTab{v.label, queryURL(placeURL(id), url.Values{"view": {v.name}}), v.name == view}
	}
	return out
}
