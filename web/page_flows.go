package web

import (
	"bytes"
	"fmt"
	"html"
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
		if c.Map, err = s.flowsMap(r, c.Flow); err != nil {
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
	for _, rest := range []struct {
		name string
		g    data.Figure
	}{{fmt.Sprintf("%s more", number(f.Others)), f.Other}, {"Nobody said where", f.Unallocated}, {"May not be shown as finely", f.Withheld}} {
		if rest.g.Count > 0 {
			share := 0.0
			if f.Total.Pence > 0 {
				share = float64(rest.g.Pence) / float64(f.Total.Pence)
			}
			c.Rest = append(c.Rest, row(rest.name, "", rest.g, share))
		}
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

// flowsMap draws the largest flows as arrows between the places' labels.
func (s *Server) flowsMap(r *http.Request, f data.Flow) (template.HTML, error) {
	points, err := s.src.LabelPoints(r.Context())
	if err != nil {
		return "", err
	}
	paths, err := s.pages.outlinePaths(r.Context())
	if err != nil || len(paths) == 0 {
		return "", err
	}
	place := placer(paths)
	var b bytes.Buffer
	openSVG(&b, 0, 0, stillWidth, max(stillHeight(paths), 320), "The largest flows between places, thicker for more; figures stand in the table")
	for _, p := range paths {
		fmt.Fprintf(&b, `<path fill="#f7f5ef" stroke="#9fb0b8" stroke-width="0.6" d="%s"/>`, p.d)
	}
	b.WriteString(`<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0l6 3l-6 3z" fill="#8a2f5c"/></marker></defs>`)
	drawn := 0
	for _, row := range slices.Backward(f.Rows) { // the largest on top
		from, okFrom := points[row.Values[0]]
		to, okTo := points[row.Values[1]]
		if !okFrom || !okTo || f.Total.Pence == 0 {
			continue
		}
		drawn++
		a, z := place(from), place(to)
		width := 0.8 + 9*math.Sqrt(row.Share)
		title := fmt.Sprintf("<title>%s to %s: %s</title>", html.EscapeString(row.Names[0]), html.EscapeString(row.Names[1]), row.Pence)
		if row.Values[0] == row.Values[1] {
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="#1f6f78" fill-opacity="0.75">%s</circle>`, a[0], a[1], 1.5+width, title)
			continue
		}
		// Bent to the right, so that the way there and back lie apart.
		bend := orb.Point{(a[0]+z[0])/2 - (z[1]-a[1])*0.18, (a[1]+z[1])/2 + (z[0]-a[0])*0.18}
		fmt.Fprintf(&b, `<path fill="none" stroke="#8a2f5c" stroke-opacity="0.75" stroke-width="%.1f" marker-end="url(#tip)" d="M%.1f %.1fQ%.1f %.1f %.1f %.1f">%s</path>`, width, a[0], a[1], bend[0], bend[1], z[0], z[1], title)
	}
	b.WriteString(`</svg>`)
	if drawn == 0 {
		return "", nil
	}
	return template.HTML(b.String()), nil // drawn above; every name is escaped
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
