package web

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo/hex"
)

// stillMap answers "/static-map.svg": what the live map shows, drawn by the
// server, for readers without JavaScript or WebGL and for paper. key=none leaves
// the key out, for pages that have it beside the map.
func (s *Server) stillMap(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	if query.Get("focus") != "" || query.Get("layer") == layerActivities {
		return s.pages.StaticMap(w, r)
	}
	key := query.Get("key")
	if key != "" && key != "none" {
		return data.Invalidf("key", key, "is not a choice: use none, or leave it out")
	}
	delete(query, "key")
	plain := r.Clone(r.Context())
	plain.URL.RawQuery = query.Encode()
	if strings.Contains(r.URL.RawQuery, "%zz") {
		plain.URL.RawQuery = r.URL.RawQuery
	}
	x, err := s.exploring(plain, "/")
	if err != nil {
		return err
	}
	c := exploreContent{}
	if c.Map.Bounds, err = s.pages.boundsOf(r.Context(), x.filter, x.rows, x.areas); err != nil {
		return err
	}
	if err := s.exploreLayer(r.Context(), x, &c); err != nil {
		return err
	}
	d, err := s.newDrawing(r.Context(), boxOf(c.Map.Bounds), "Map of what was given, and where")
	if err != nil {
		return err
	}
	if d == nil {
		return fmt.Errorf("still map: no boundaries are loaded: %w", data.ErrNotFound)
	}
	if err := s.drawLayer(r.Context(), d, x, &c); err != nil {
		return err
	}
	if key == "" {
		d.key(c.Keys)
	}
	d.b.WriteString(`</svg>`)
	return writeStill(w, r, d.b.Bytes())
}

// A drawing is a still map in the making.
type drawing struct {
	b            bytes.Buffer
	paths, areas []outlinePath
	place        func(orb.Point) orb.Point
	box          orb.Bound // in SVG units
	world        orb.Bound // EPSG:4326; empty for all
	line         float64   // width of a thin line
}

// newDrawing begins a still map of the box, EPSG:4326, or of the whole kingdom:
// nil where no boundaries are loaded. Its title is what it shows.
func (s *Server) newDrawing(ctx context.Context, world orb.Bound, title string) (*drawing, error) {
	paths, err := s.pages.outlinePaths(ctx)
	if err != nil || len(paths) == 0 {
		return nil, err
	}
	d := &drawing{paths: paths, areas: s.pages.areaPaths(), place: placer(paths), world: world,
		box: orb.Bound{Max: orb.Point{stillWidth, max(stillHeight(paths), 320)}}}
	if !world.IsZero() {
		low, high := d.place(world.Min), d.place(world.Max)
		d.box = squarish(orb.Bound{Min: orb.Point{low[0], high[1]}, Max: orb.Point{high[0], low[1]}})
	}
	width, height := d.box.Max[0]-d.box.Min[0], d.box.Max[1]-d.box.Min[1]
	d.line = width / 860
	openSVG(&d.b, d.box.Min[0], d.box.Min[1], width, height, title)
	d.outlines(paths, func(string) string { return noneColour }, "none", 0)
	return d, nil
}

// areaPaths are the districts or counties as drawn with the territories.
func (p *Pages) areaPaths() []outlinePath {
	p.outlines.Lock()
	defer p.outlines.Unlock()
	return p.outlines.areas
}

// outlines draws the paths that lie in the box; an empty colour leaves one out.
func (d *drawing) outlines(paths []outlinePath, fill func(id string) string, stroke string, width float64) {
	fmt.Fprintf(&d.b, `<g stroke="%s" stroke-width="%.2f" stroke-linejoin="round">`, stroke, width)
	for _, p := range paths {
		if colour := fill(p.id); colour != "" && p.bound.Intersects(d.box) {
			fmt.Fprintf(&d.b, `<path fill="%s" d="%s"><title>%s</title></path>`, colour, p.d, html.EscapeString(p.name))
		}
	}
	d.b.WriteString(`</g>`)
}

// drawLayer draws what the page's table and key say.
func (s *Server) drawLayer(ctx context.Context, d *drawing, x exploring, c *exploreContent) error {
	byID := map[string]tableRow{}
	for _, row := range c.Table.Rows {
		byID[row.ID] = row
	}
	colour := func(id string) string {
		row, ok := byID[id]
		if !ok || len(c.Keys) == 0 {
			return ""
		}
		return c.Keys[0].colour(row)
	}
	switch x.layer.name {
	case layerHeat:
		if err := s.drawHeat(ctx, d, x, c.Keys); err != nil {
			return err
		}
	case "territories":
		d.outlines(d.paths, colour, "none", 0)
	case "areas", layerGaps:
		d.outlines(d.areas, colour, "#8b98a0", d.line/2)
		if err := d.cells(c.Table.Rows, c.Keys); err != nil {
			return err
		}
	case layerTargetAreas:
		if err := s.drawTargetAreas(ctx, d, x, colour); err != nil {
			return err
		}
	}
	d.outlines(d.paths, func(string) string { return "none" }, "#5b6a75", d.line)
	if x.layer.name == layerFlows {
		d.arrows(c.Table)
	}
	return nil
}

// colour is that of the last step that the row reaches.
func (g keyGroup) colour(row tableRow) string {
	colour := noneColour
	for _, step := range g.Steps {
		if row.State != "" && row.State == step.State || row.State == "" && row.Value != nil && *row.Value >= step.From {
			colour = step.Colour
		}
	}
	return colour
}

// drawHeat draws hexagons of the resolution whose key is shown.
func (s *Server) drawHeat(ctx context.Context, d *drawing, x exploring, keys []keyGroup) error {
	res := hex.ForZoom(stillZoom(d.world))
	q := data.HeatQuery{Filter: x.filter, Res: res, Metric: data.Metric(x.metric)}
	if !d.world.IsZero() {
		near := d.world.Pad(0.5)
		q.Near = &near
	}
	h, err := s.src.Heat(ctx, q)
	if err != nil {
		return err
	}
	var key keyGroup
	for _, g := range keys {
		if g.Res == res {
			key = g
		}
	}
	fmt.Fprintf(&d.b, `<g fill-opacity="0.85" stroke="#fff" stroke-opacity="0.5" stroke-width="%.2f">`, d.line/2)
	for _, row := range h.Rows {
		outline, err := row.Cell.Outline()
		if err != nil {
			return err
		}
		v := row.Value(q.Metric)
		fmt.Fprintf(&d.b, `<path fill="%s" d="%s"/>`, key.colour(tableRow{Value: &v}), ringPath(outline[0], d.place))
	}
	d.b.WriteString(`</g>`)
	return nil
}

// cells draws the rows that are hexagons.
func (d *drawing) cells(rows []tableRow, keys []keyGroup) error {
	for _, row := range rows {
		cell, err := hex.Parse(row.ID)
		if err != nil {
			continue // an area
		}
		outline, err := cell.Outline()
		if err != nil {
			return err
		}
		fmt.Fprintf(&d.b, `<path fill="%s" stroke="#8b98a0" stroke-width="%.2f" d="%s"/>`, keys[0].colour(row), d.line/2, ringPath(outline[0], d.place))
	}
	return nil
}

// ringPath is a ring as path data, in tenths of a unit.
func ringPath(ring orb.Ring, place func(orb.Point) orb.Point) string {
	var b strings.Builder
	for i, p := range ring[:len(ring)-1] {
		u := place(p)
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(strconv.FormatFloat(math.Round(u[0]*10)/10, 'g', -1, 64) + " " + strconv.FormatFloat(math.Round(u[1]*10)/10, 'g', -1, 64))
	}
	return b.String() + "z"
}

// drawTargetAreas colours the areas that target areas are made of.
func (s *Server) drawTargetAreas(ctx context.Context, d *drawing, x exploring, colour func(string) string) error {
	targets, err := s.src.TargetAreas(ctx, x.filter)
	if err != nil {
		return err
	}
	of := map[string]string{}
	for _, t := range targets {
		for _, code := range t.Areas {
			of[code] = colour(t.Code)
		}
	}
	d.outlines(d.areas, func(id string) string { return of[id] }, "#7a2b72", d.line)
	return nil
}

// arrows draws the flows of a table, the largest on top: wider for more. What
// stays in its place is a circle.
func (d *drawing) arrows(t exploreTable) {
	most := 1.0
	for _, row := range t.Rows {
		most = max(most, float64(*row.Value))
	}
	for i := len(t.Rows) - 1; i >= 0; i-- {
		row := t.Rows[i]
		from, okFrom := readPoint(row.From)
		to, okTo := readPoint(row.To)
		if !okFrom || !okTo {
			continue // an end that is not told has no arrow; the table has it
		}
		a, z := d.place(from), d.place(to)
		width := d.line * (1.2 + 7*math.Sqrt(float64(*row.Value)/most))
		title := "<title>" + html.EscapeString(row.Name) + ": " + row.Cells[0].Text + "</title>"
		if row.From == row.To {
			fmt.Fprintf(&d.b, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="#1f6f78" fill-opacity="0.75" stroke="#fff" stroke-width="%.2f">%s</circle>`, a[0], a[1], 2*d.line+width, d.line, title)
			continue
		}
		d.arrow(a, z, width, title)
	}
}

// arrow draws one, bent to the left so that the way there and back lie apart.
func (d *drawing) arrow(a, z orb.Point, width float64, title string) {
	bend := orb.Point{(a[0]+z[0])/2 + (z[1]-a[1])*0.2, (a[1]+z[1])/2 - (z[0]-a[0])*0.2}
	// The head is as long as the line is wide, and a little more.
	dx, dy := z[0]-bend[0], z[1]-bend[1]
	length := math.Hypot(dx, dy)
	if length == 0 {
		return
	}
	dx, dy = dx/length, dy/length
	head := 3*d.line + 1.6*width
	back := orb.Point{z[0] - dx*head, z[1] - dy*head}
	fmt.Fprintf(&d.b, `<g fill="#8a2f5c" fill-opacity="0.85">%s<path fill="none" stroke="#8a2f5c" stroke-opacity="0.75" stroke-width="%.2f" d="M%.1f %.1fQ%.1f %.1f %.1f %.1f"/><path d="M%.1f %.1fL%.1f %.1fL%.1f %.1fz"/></g>`,
		title, width, a[0], a[1], bend[0], bend[1], back[0], back[1], z[0], z[1], back[0]-dy*head*0.55, back[1]+dx*head*0.55, back[0]+dy*head*0.55, back[1]-dx*head*0.55)
}

// readPoint reads "longitude,latitude".
func readPoint(s string) (p orb.Point, ok bool) {
	lon, lat, _ := strings.Cut(s, ",")
	x, errX := strconv.ParseFloat(lon, 64)
	y, errY := strconv.ParseFloat(lat, 64)
	return orb.Point{x, y}, errX == nil && errY == nil
}

// stillZoom is the zoom of a live map that shows as much as the still one.
func stillZoom(world orb.Bound) int {
	if world.IsZero() {
		return 4
	}
	wide := max((world.Max[0]-world.Min[0])/10.4, (world.Max[1]-world.Min[1])/11.2) // of the whole kingdom
	return min(max(int(4.4-math.Log2(max(wide, 0.001))), 4), 9)
}

// key draws the key that stands without JavaScript into the top left corner,
// where the United Kingdom's box is empty.
func (d *drawing) key(groups []keyGroup) {
	for _, g := range groups {
		if g.Hidden {
			continue
		}
		unit := (d.box.Max[0] - d.box.Min[0]) / stillWidth
		fmt.Fprintf(&d.b, `<g transform="translate(%.1f %.1f) scale(%.4f)" font-family="Noto Sans, Arial, sans-serif" font-size="15" fill="#0b0c0c"><text x="12" y="24" font-weight="700">%s</text>`, d.box.Min[0], d.box.Min[1], unit, html.EscapeString(g.Title))
		for i, step := range g.Steps {
			y := 44 + 24*i
			fmt.Fprintf(&d.b, `<rect x="12" y="%d" width="26" height="16" fill="%s" stroke="#4c5a66"/><text x="46" y="%d">%s</text>`, y-13, step.Colour, y, html.EscapeString(step.Label))
		}
		if g.Note != "" {
			fmt.Fprintf(&d.b, `<text x="12" y="44" font-size="13">%s</text>`, html.EscapeString(g.Note))
		}
		d.b.WriteString(`</g>`)
	}
}
