package web

import (
	"context"
	"fmt"
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
	Flow   data.Flow
	View   string // "table", "diagram" or "matrix"
	Views  []wayLink
	Bys    []option
	Hidden []field // what the form of Bys keeps
	Panel  filterPanel
	Time   *timeline
	Rows   []flowsRow
	Rest   []flowsRow // other, unallocated, withheld
	Map    template.HTML
	Matrix *matrix
	Files  []file
	// RowsURL leads to the contributions behind all of it.
	RowsURL string
	Demo    bool
}

// flowsRow is one row with its bar.
type flowsRow struct {
	Name     string
	From, To string // the ends of a flow of two dimensions
	URL      string // to the contributions behind it
	Figure   data.Figure
	Share    string
	Width    int // of the bar, out of 100
	Head     string
	Before   string
	Change   string
}

// flowsBys are what the page offers a flow to go by.
var flowsBys = []struct{ dims, label string }{
	{"supplier_territory,territory", "From suppliers’ sites to territories"}, {"buyer_territory,territory", "From buyers to territories"},
	{"supplier_region,region", "From suppliers’ regions to regions"}, {"buyer_region,region", "From buyers’ regions to regions"},
	{"sector,territory", "From buyers’ sectors to territories"}, {"sector,priority", "From buyers’ sectors to priorities"}, {"supplier,territory", "From suppliers to territories"}, {"supplier,provider", "From suppliers to providers"},
	{"territory", "Territory"}, {"area", "District or county"}, {"region", "Region"}, {"sector", "Sector of the buyer"}, {"priority", "Priority"}, {"type", "Type"}, {"measure", "Measure"}, {"theme", "Theme"},
	{"state", "State of the evidence"}, {"quarter", "Quarter"}, {"supplier", "Supplier"}, {"provider", "Provider"},
}

// flowsViews are the page's own parameters.
var flowsViews = []string{"dims", "top", "view", "steps", "q"}

// flowsPage answers "/flows".
func (s *Server) flowsPage(w http.ResponseWriter, r *http.Request) error {
	if tidy, changed := canonicalQuery(r.URL.Query(), map[string]string{"view": "table"}); changed {
		http.Redirect(w, r, queryURL("/flows", tidy), http.StatusSeeOther)
		return nil
	}
	if r.URL.Query().Get("q") != "" {
		http.Redirect(w, r, queryURL("/search", r.URL.Query()), http.StatusSeeOther)
		return nil
	}
	q, err := s.ask(r, data.FactParams, flowsViews...)
	if err != nil {
		return err
	}
	c := flowsContent{View: "table"}
	switch v := r.URL.Query().Get("view"); v {
	case "", "table":
	case "diagram", "matrix":
		c.View = v
	default:
		return data.Invalidf("view", v, "is not a view: use table, diagram or matrix")
	}
	by, err := flowsBy(&q, c.View)
	if err != nil {
		return err
	}
	top := q.view.Top
	if c.View == "matrix" {
		top = 0 // every cell
	}
	if c.Flow, err = s.flowOf(r.Context(), q.filter, by, top); err != nil {
		return err
	}
	if err := s.flowsFill(r, q, by, &c); err != nil {
		return err
	}
	return s.pages.show(w, r, http.StatusOK, "flows", frame{Title: "Where value flows", Nav: "/flows", Wide: true, Content: c})
}

// flowsBy are the dimensions that a view goes by: a diagram and a matrix need
// two.
func flowsBy(q *asked, view string) ([]data.Dimension, error) {
	if q.view.Dims == "" {
		from := "supplier"
		if q.filter.Origin == data.OriginBuyer {
			from = "buyer"
		}
		q.view.Dims = from + "_territory,territory"
		if view == "matrix" {
			q.view.Dims = from + "_region,region"
		}
	}
	by, err := data.ParseDimensions(q.view.Dims, q.filter)
	if err == nil && view != "table" && len(by) != 2 {
		return nil, data.Invalidf("dims", q.view.Dims, "a %s goes from one thing to another: choose two, such as supplier_territory,territory, or view the table", view)
	}
	return by, err
}

// flowsFill fills in what the page shows of its flow.
func (s *Server) flowsFill(r *http.Request, q asked, by []data.Dimension, c *flowsContent) (err error) {
	ctx := r.Context()
	view := url.Values{"dims": {r.URL.Query().Get("dims")}, "view": {r.URL.Query().Get("view")}, "steps": {r.URL.Query().Get("steps")}}
	n, err := s.namesUnder(ctx, q.filter)
	if err != nil {
		return err
	}
	if c.Panel, err = s.panel(ctx, "/flows", q.filter, view, data.FactParams, n); err != nil {
		return err
	}
	if c.Time, err = s.timelineOf(ctx, "/flows", q.filter, view); err != nil {
		return err
	}
	c.controls(q, view)
	switch {
	case c.View == "matrix":
		c.Matrix = matrixOf(c.Flow)
	default:
		c.list()
	}
	if c.View == "table" && len(by) == 2 && by[0].OfOrigin() && by[1].OfDelivery() {
		if c.Map, err = s.flowsMap(ctx, c.Flow); err != nil {
			return err
		}
	}
	summary, err := s.src.Summary(ctx, data.Filter{Territory: q.filter.Territory, Region: q.filter.Region})
	c.Demo = summary.Demonstration
	return err
}

// controls are the views, what a flow may go by, and the files.
func (c *flowsContent) controls(q asked, view url.Values) {
	two := strings.Contains(q.view.Dims, ",")
	for _, v := range []struct{ name, label string }{{"table", "Map and table"}, {"diagram", "Diagram"}, {"matrix", "Matrix"}} {
		own := url.Values{"dims": view["dims"], "view": {v.name}, "steps": view["steps"]}
		if v.name == "table" {
			own.Del("view")
		} else if !two {
			own.Del("dims")
		}
		c.Views = append(c.Views, wayLink{v.label, pageURL("/flows", q.filter, own), v.name == c.View})
	}
	for _, by := range flowsBys {
		if c.View == "table" || strings.Contains(by.dims, ",") {
			c.Bys = append(c.Bys, option{by.dims, by.label, by.dims == q.view.Dims})
		}
	}
	if !slices.ContainsFunc(c.Bys, func(o option) bool { return o.Chosen }) {
		c.Bys = append(c.Bys, option{q.view.Dims, strings.NewReplacer("_", " ", ",", " to ").Replace(q.view.Dims), true})
	}
	c.Hidden = hiddenOf(q.filter, url.Values{"view": view["view"]}, nil)
	c.RowsURL = pageURL("/contributions", q.filter, nil)
	c.Files = files("/api/v1/flow", q.filter, url.Values{"dims": {q.view.Dims}, "top": {"0"}}, "csv", "xlsx", "json")
}

// list makes the rows, each with a bar against the longest.
func (c *flowsContent) list() {
	f := &c.Flow
	longest := 0.0
	for _, r := range f.Rows {
		longest = max(longest, r.Share)
	}
	row := func(name, link string, g data.Figure, share float64) flowsRow {
		out := flowsRow{Name: name, URL: contributionsURL(link), Figure: g, Share: fixed(share*100, 1) + "%"}
		if longest > 0 {
			out.Width = int(math.Round(100 * min(1, share/longest)))
		}
		return out
	}
	for _, r := range f.Rows {
		x := row(strings.Join(r.Names, " to "), r.Link, r.Figure, r.Share)
		if len(r.Names) == 2 {
			x.From, x.To = r.Names[0], r.Names[1]
		}
		if r.PerHeadPence != nil {
			x.Head = "£" + fixed(*r.PerHeadPence/100, 2)
		}
		if r.Before != nil {
			x.Before, x.Change = r.Before.Pence.String(), changeOf(r.Pence, r.Before.Pence)
		}
		c.Rows = append(c.Rows, x)
	}
	for _, rest := range restOf(*f) {
		x := row(rest.name, "", rest.Figure, rest.share)
		if len(f.By) == 2 { // its band of the diagram goes from itself to itself
			x.From, x.To = rest.name, rest.name
		}
		c.Rest = append(c.Rest, x)
	}
}

// changeOf says how pounds have changed.
func changeOf(now, before data.Pence) string {
	switch d := now - before; {
	case d > 0:
		return "+" + d.String()
	case d < 0:
		return "−" + (-d).String()
	}
	return "none"
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
	d, err := s.newDrawing(ctx, orb.Bound{}, "Map of what was given, and where")
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

// A matrix is a flow of two dimensions as a table: origins down, destinations
// across.
type matrix struct {
	Columns []string
	Rows    []matrixRow
	Classes []keyStep
	Small   bool // so many columns that their names stand on end
}

type matrixRow struct {
	Name  string
	Cells []matrixCell
	Total string
}

// matrixCell is what goes from its row to its column.
type matrixCell struct {
	Column string
	Text   string // short; empty for nothing
	Title  string // whole
	URL    string
	Class  int // of its colour, from 1; 0 for nothing
}

// matrixOf lays a flow out. Ends that are not told come last.
func matrixOf(f data.Flow) *matrix {
	m := &matrix{}
	at := map[string]data.FlowRow{}
	var rows []string
	var pence []int64
	totals := map[string]data.Pence{}
	for _, r := range f.Rows {
		from, to := r.Names[0], r.Names[1]
		at[from+"\x00"+to] = r
		totals[from] += r.Pence
		pence = append(pence, int64(r.Pence))
		if !slices.Contains(rows, from) {
			rows = append(rows, from)
		}
		if !slices.Contains(m.Columns, to) {
			m.Columns = append(m.Columns, to)
		}
	}
	slices.Sort(rows)
	slices.Sort(m.Columns)
	m.Small = len(m.Columns) > 14
	breaks := data.Breaks(pence)
	m.Classes = stepsOf(breaks, "pence")
	for _, from := range rows {
		row := matrixRow{Name: from, Total: shortPounds(totals[from])}
		for _, to := range m.Columns {
			cell := matrixCell{Column: to}
			if r, ok := at[from+"\x00"+to]; ok {
				cell.Text, cell.Title, cell.URL = shortPounds(r.Pence), fmt.Sprintf("%s to %s: %s", from, to, r.Pence), contributionsURL(r.Link)
				cell.Class = data.ClassOf(breaks, int64(r.Pence)) + 1
			}
			row.Cells = append(row.Cells, cell)
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// shortPounds is money in a few letters: £950, £12k, £1.3m.
func shortPounds(p data.Pence) string {
	switch v := float64(p) / 100; {
	case v >= 999_500:
		return "£" + fixed(v/1e6, 1) + "m"
	case v >= 1000:
		return "£" + fixed(v/1e3, 0) + "k"
	default:
		return "£" + fixed(v, 0)
	}
}
