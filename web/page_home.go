package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
)

// homeContent is what the first page shows: the same query as a sentence, a
// map and a table.
type homeContent struct {
	Summary  data.Summary
	Panel    filterPanel
	View     string // "map" or "table"
	MapURL   string
	TableURL string
	Columns  []column
	Rows     []data.TerritoryRow
	Map      mapView
	CSV      string
	GeoJSON  string
	Empty    bool // nothing is loaded at all
	NoMatch  bool // something is, but not under this filter
	Boundary boundaryNote
}

// A mapView is what the live map and its stand-in need from the page.
type mapView struct {
	Still   string  // address of the still map
	Alt     string  // what it shows, in words
	Tiles   string  // filter query for tiles; empty for all
	Classes []class // key of the shading
	None    string  // colour of "no activities"
	Focus   string  // id of a place to draw out; empty for none
	Bounds  string  // west,south,east,north to start from; empty for the UK
	Point   string  // longitude,latitude of a single place; empty for none
	Level   string  // precision of Point
}

// A boundaryNote tells which boundaries are approximate and whose they all
// are; it stands with every map.
type boundaryNote struct {
	Approximate string // "Boundaries", "The boundary", …; empty for none
	Verb        string // that goes with it
	Sources     []string
}

// A column is a heading of the table that sorts by it.
type column struct {
	Label   string
	URL     string
	Sorted  string // value of aria-sort
	Numeric bool
}

// homeSorts are the fields by which the table can be sorted, in the order of
// its columns.
var homeSorts = []struct {
	name, label string
	numeric     bool
	compare     func(a, b data.TerritoryRow) int
}{
	{"name", "Police territory", false, func(a, b data.TerritoryRow) int { return 0 }},
	{"region", "Region", false, func(a, b data.TerritoryRow) int { return strings.Compare(a.RegionName, b.RegionName) }},
	{"body", "Policing body", false, func(a, b data.TerritoryRow) int { return strings.Compare(a.Body.Name, b.Body.Name) }},
	{"activities", "Activities", true, func(a, b data.TerritoryRow) int { return cmp.Compare(a.Activities, b.Activities) }},
	{"validated", "Validated", true, func(a, b data.TerritoryRow) int { return cmp.Compare(a.Validated, b.Validated) }},
	{"providers", "Providers", true, func(a, b data.TerritoryRow) int { return cmp.Compare(a.Providers, b.Providers) }},
}

// homeDefaults are left out of links.
var homeDefaults = map[string]string{"view": "map", "sort": "name"}

// Home answers "/".
func (p *Pages) Home(w http.ResponseWriter, r *http.Request) error {
	if tidy, changed := canonicalQuery(r.URL.Query(), homeDefaults); changed {
		http.Redirect(w, r, queryURL("/", tidy), http.StatusSeeOther)
		return nil
	}
	f, view, err := p.readQuery(r, "view", "sort")
	if err != nil {
		return err
	}
	if v := view.Get("view"); v != "" && v != "table" {
		return data.Invalidf("view", v, "is not a view: use map or table")
	}
	content, err := p.homeContent(r, f, view)
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, "home", frame{Nav: "/", Wide: true, Content: content})
}

func (p *Pages) homeContent(r *http.Request, f data.Filter, view url.Values) (homeContent, error) {
	ctx := r.Context()
	summary, err := p.src.Summary(ctx, f)
	if err != nil {
		return homeContent{}, fmt.Errorf("home: %w", err)
	}
	rows, err := p.src.Territories(ctx, f)
	if err != nil {
		return homeContent{}, fmt.Errorf("home: %w", err)
	}
	regions, err := p.src.Regions(ctx, f)
	if err != nil {
		return homeContent{}, fmt.Errorf("home: %w", err)
	}
	areas, err := p.areasOf(ctx, f)
	if err != nil {
		return homeContent{}, fmt.Errorf("home: %w", err)
	}
	all := summary
	if summary.Activities == 0 && f.Canonical() != "" {
		if all, err = p.src.Summary(ctx, data.Filter{}); err != nil {
			return homeContent{}, fmt.Errorf("home: %w", err)
		}
	}
	note, err := p.boundaryNote(r)
	if err != nil {
		return homeContent{}, err
	}
	rows = slices.Clone(rows)
	columns, err := sortRows(rows, f, view)
	if err != nil {
		return homeContent{}, err
	}
	shown := mapOf(f, rows)
	if shown.Bounds, err = p.boundsOf(ctx, f, rows, areas); err != nil {
		return homeContent{}, fmt.Errorf("home: %w", err)
	}
	table := url.Values{"view": {"table"}, "sort": view["sort"]}
	return homeContent{
		Summary:  summary,
		Panel:    panelOf("/", f, view, rows, regions, areas),
		View:     cmp.Or(view.Get("view"), "map"),
		MapURL:   pageURL("/", f, url.Values{"sort": view["sort"]}),
		TableURL: pageURL("/", f, table),
		Columns:  columns,
		Rows:     rows,
		Map:      shown,
		CSV:      pageURL("/api/v1/territories.csv", f, nil),
		GeoJSON:  pageURL("/api/v1/territories.geojson", f, nil),
		Empty:    all.Activities == 0 && all.Withheld == 0,
		NoMatch:  summary.Activities == 0 && (all.Activities > 0 || all.Withheld > 0),
		Boundary: note,
	}, nil
}

// sortRows sorts rows as the sort parameter asks, by name where equal, and
// makes the table's headings.
func sortRows(rows []data.TerritoryRow, f data.Filter, view url.Values) ([]column, error) {
	asked := cmp.Or(view.Get("sort"), "name")
	name, descending := strings.CutPrefix(asked, "-")
	columns := make([]column, 0, len(homeSorts))
	known := false
	for _, s := range homeSorts {
		// The first press on a number shows the greatest first.
		next := s.name
		if s.numeric {
			next = "-" + s.name
		}
		col := column{Label: s.label, Numeric: s.numeric, Sorted: "none"}
		if s.name == name {
			known = true
			col.Sorted = "ascending"
			next = "-" + s.name
			if descending {
				col.Sorted, next = "descending", s.name
			}
			slices.SortStableFunc(rows, func(a, b data.TerritoryRow) int {
				order := s.compare(a, b)
				if s.name == "name" {
					order = strings.Compare(a.Name, b.Name)
				}
				if descending {
					order = -order
				}
				return cmp.Or(order, strings.Compare(a.Name, b.Name))
			})
		}
		if next == "name" {
			next = ""
		}
		col.URL = pageURL("/", f, url.Values{"view": view["view"], "sort": {next}}) + "#figures"
		columns = append(columns, col)
	}
	if !known {
		return nil, data.Invalidf("sort", asked, "is not a column: use name, region, body, activities, validated or providers, with - before it for the greatest first")
	}
	return columns, nil
}

// mapOf describes the map of the territories under f.
func mapOf(f data.Filter, rows []data.TerritoryRow) mapView {
	m := mapView{
		Still:   pageURL("/static-map.svg", f, url.Values{"key": {"none"}}),
		Tiles:   strings.TrimPrefix(pageURL("", f, nil), "?"),
		Classes: classesOf(territoryCounts(rows)),
		None:    noneColour,
	}
	m.Alt = "Map of the United Kingdom’s 45 police territories, shaded by number of activities."
	most := slices.Clone(rows)
	slices.SortStableFunc(most, func(a, b data.TerritoryRow) int { return cmp.Compare(b.Activities, a.Activities) })
	if len(most) > 0 && most[0].Activities > 0 {
		m.Alt += fmt.Sprintf(" %s has the most, %s. The table has the figures.", most[0].Name, number(most[0].Activities))
	}
	return m
}

// areasOf are the districts and counties that a filter names.
func (p *Pages) areasOf(ctx context.Context, f data.Filter) ([]data.AreaRow, error) {
	if len(f.Area) == 0 {
		return nil, nil
	}
	return p.src.Areas(ctx, data.Filter{Area: f.Area})
}

// boundsOf is the box of the territories, the regions and the territories of
// the areas that a filter names; empty when it names none, so the map shows
// the whole kingdom.
func (p *Pages) boundsOf(ctx context.Context, f data.Filter, rows []data.TerritoryRow, areas []data.AreaRow) (string, error) {
	if len(f.Territory) == 0 && len(f.Region) == 0 && len(areas) == 0 {
		return "", nil
	}
	paths, err := p.outlinePaths(ctx)
	if err != nil {
		return "", err
	}
	var box orb.Bound
	for _, row := range rows {
		holdsArea := func(a data.AreaRow) bool { return a.Territory == row.ID }
		if len(f.Territory) > 0 && !slices.Contains(f.Territory, row.ID) || len(f.Region) > 0 && !slices.Contains(f.Region, row.Region) ||
			len(areas) > 0 && !slices.ContainsFunc(areas, holdsArea) {
			continue
		}
		for _, path := range paths {
			if path.id != string(row.ID) {
				continue
			}
			if box.IsZero() {
				box = path.world
			}
			box = box.Union(path.world)
		}
	}
	return formatBounds(box), nil
}

// boundaryNote gathers what must be said wherever boundaries are shown.
func (p *Pages) boundaryNote(r *http.Request) (boundaryNote, error) {
	sets, err := p.src.BoundarySets(r.Context())
	if err != nil {
		return boundaryNote{}, fmt.Errorf("boundaries: %w", err)
	}
	return noteOf(sets), nil
}

// noteOf words the note for the boundaries in force among sets.
func noteOf(sets []data.BoundarySet) boundaryNote {
	note := boundaryNote{Verb: "are"}
	var approximate []string
	exact := false
	for _, s := range sets {
		if !s.ValidTo.IsZero() {
			continue
		}
		if s.Approximate {
			approximate = append(approximate, areaKindPlural(s.Kind))
		} else {
			exact = true
		}
		if s.Source != "" && !slices.Contains(note.Sources, s.Source) {
			note.Sources = append(note.Sources, s.Source)
		}
	}
	switch {
	case len(approximate) == 0:
	case exact:
		note.Approximate = "Boundaries of " + strings.Join(approximate, " and ")
	default:
		note.Approximate = "Boundaries"
	}
	return note
}
