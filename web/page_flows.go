package web

import (
	"context"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"tributary/data"
)

// flowsContent is the page of where value goes.
type flowsContent struct {
	Flow        data.Flow
	Bys         []option
	Territories []optionGroup
	Sectors     []option
	States      []option
	Period      string
	Hidden      []field
	Chips       []chip
	ClearURL    string
	Rows        []flowsRow
	Rest        []flowsRow // other, unallocated, withheld
	Map         template.HTML
	Files       []file
	Demo        bool
}

// flowsRow is one row with its bar.
type flowsRow struct {
	Name   string
	URL    string // to the contributions behind it
	Figure data.Figure
	Share  string
	Width  int // of the bar, out of 100
	Head   string
	Before string
}

// flowsBys are what the page offers a flow to go by.
var flowsBys = []struct{ dims, label string }{
	{"territory", "Where it is delivered"}, {"supplier_territory,territory", "From suppliers’ sites to where it is delivered"}, {"buyer_territory,territory", "From buyers to where it is delivered"},
	{"area", "District or county"}, {"region", "Region"}, {"sector", "Sector of the buyer"}, {"priority", "Priority"}, {"type", "Type"}, {"measure", "Measure"}, {"theme", "Theme"},
	{"state", "State of the evidence"}, {"quarter", "Quarter"}, {"supplier", "Supplier"}, {"provider", "Provider"},
}

// flowsPage answers "/flows".
func (s *Server) flowsPage(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, data.FactParams, "dims", "top")
	if err != nil {
		return err
	}
	if q.view.Dims == "" && q.filter.Origin == "" {
		q.view.Dims = "supplier_territory,territory"
	}
	by, err := data.ParseDimensions(q.view.Dims, q.filter)
	if err != nil {
		return err
	}
	c := flowsContent{}
	if c.Flow, err = s.flowOf(r.Context(), q.filter, by, q.view.Top); err != nil {
		return err
	}
	c.list()
	if err := s.flowsForm(r, q, &c); err != nil {
		return err
	}
	if len(by) == 2 && by[0].OfOrigin() && by[1].OfDelivery() {
		if c.Map, err = s.flowsMap(r.Context(), c.Flow); err != nil {
			return err
		}
	}
	summary, err := s.src.Summary(r.Context(), data.Filter{Territory: q.filter.Territory, Region: q.filter.Region})
	if err != nil {
		return err
	}
	c.Demo = summary.Demonstration
	return s.pages.show(w, r, http.StatusOK, "flows", frame{Title: "Where value flows", Nav: "/flows", Wide: true, Content: c})
}

// list makes the rows, each with a bar against the longest.
func (c *flowsContent) list() {
	f := &c.Flow
	longest := 0.0
	for _, r := range f.Rows {
		longest = max(longest, r.Share)
	}
	row := func(name, link string, g data.Figure, share float64) flowsRow {
		out := flowsRow{Name: name, URL: link, Figure: g, Share: fixed(share*100, 1) + "%"}
		if longest > 0 {
			out.Width = int(math.Round(100 * min(1, share/longest)))
		}
		return out
	}
	for _, r := range f.Rows {
		x := row(strings.Join(r.Names, " to "), r.Link, r.Figure, r.Share)
		if r.PerHeadPence != nil {
			x.Head = "£" + fixed(*r.PerHeadPence/100, 2)
		}
		if r.Before != nil {
			x.Before = r.Before.Pence.String()
		}
		c.Rows = append(c.Rows, x)
	}
	for _, rest := range restOf(*f) {
		c.Rest = append(c.Rest, row(rest.name, "", rest.Figure, rest.share))
	}
}

// flowsForm fills in the controls, the chips and the files.
func (s *Server) flowsForm(r *http.Request, q asked, c *flowsContent) error {
	rows, err := s.src.Territories(r.Context(), data.Filter{})
	if err != nil {
		return err
	}
	regions, err := s.src.Regions(r.Context(), data.Filter{})
	if err != nil {
		return err
	}
	for _, by := range flowsBys {
		c.Bys = append(c.Bys, option{by.dims, by.label, by.dims == q.view.Dims})
	}
	if !slices.ContainsFunc(c.Bys, func(o option) bool { return o.Chosen }) {
		c.Bys = append(c.Bys, option{q.view.Dims, strings.ReplaceAll(strings.ReplaceAll(q.view.Dims, "_", " "), ",", ", "), true})
	}
	c.Territories = territoryOptions(q.filter, rows, regions)
	for _, v := range data.Sectors {
		c.Sectors = append(c.Sectors, option{v, sentenceWord(strings.ReplaceAll(v, "_", " ")), slices.Equal(q.filter.Sector, []string{v})})
	}
	for _, v := range data.EvidenceStates {
		c.States = append(c.States, option{v, sentenceWord(strings.ReplaceAll(v, "_", " ")), slices.Equal(q.filter.State, []string{v})})
	}
	c.Period = r.URL.Query().Get("period")
	controls := []string{"territory"}
	if len(q.filter.Sector) < 2 {
		controls = append(controls, "sector")
	}
	if len(q.filter.State) < 2 {
		controls = append(controls, "state")
	}
	if c.Period != "" {
		controls = append(controls, "from", "to")
	}
	values := q.filter.Values()
	for _, name := range data.ParamNames() {
		if v := values.Get(name); v != "" && !slices.Contains(controls, name) {
			c.Hidden = append(c.Hidden, field{name, v})
		}
	}
	view := url.Values{"dims": {q.view.Dims}}
	c.Chips, c.ClearURL = chipsOf("/flows", q.filter, view, namesOf(rows, regions, nil)), "/flows"
	for _, form := range []string{"csv", "xlsx", "json"} {
		c.Files = append(c.Files, file{fileWords[form], pageURL("/api/v1/flow."+form, q.filter, url.Values{"dims": {q.view.Dims}, "top": {"0"}})})
	}
	return nil
}

// flowsMap draws the largest flows as arrows between the places' labels; empty
// where none has two ends that are told.
func (s *Server) flowsMap(ctx context.Context, f data.Flow) (template.HTML, error) {
	points, err := s.src.LabelPoints(ctx)
	if err != nil {
		return "", err
	}
	table := flowTable(f, labelPoints(points))
	if !slices.ContainsFunc(table.Rows, func(r tableRow) bool { return r.From != "" && r.To != "" }) {
		return "", nil
	}
	d, err := s.newDrawing(ctx, orb.Bound{})
	if err != nil || d == nil {
		return "", err
	}
	d.outlines(d.paths, func(string) string { return "none" }, "#9fb0b8", d.line)
	d.arrows(table)
	d.b.WriteString(`</svg>`)
	return template.HTML(d.b.String()), nil // drawn by us; every name is escaped
}

// placer puts points, EPSG:4326, where the outlines have them: what was fitted
// for one of them fits every point.
func placer(paths []outlinePath) func(orb.Point) orb.Point {
	p := paths[0]
	low, high := project.Point(p.world.Min, project.WGS84.ToMercator), project.Point(p.world.Max, project.WGS84.ToMercator)
	scale := (p.bound.Max[0] - p.bound.Min[0]) / (high[0] - low[0])
	return func(lonLat orb.Point) orb.Point {
		m := project.Point(lonLat, project.WGS84.ToMercator)
		return orb.Point{p.bound.Min[0] + (m[0]-low[0])*scale, p.bound.Max[1] - (m[1]-low[1])*scale}
	}
}
