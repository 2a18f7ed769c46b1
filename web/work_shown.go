package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo"
	"tributary/geo/hex"
)

// shownContent is what anyone would see of an activity, before it is sent.
type shownContent struct {
	Words   []string
	Raised  string        // why the class is higher than was asked for
	Picture template.HTML // of the places as they would be drawn; made by us, numbers and escaped names only
	Away    bool          // it cannot be told just now
}

// shownAs is what anyone would see of an activity if the draft were sent, and
// what the ledger would have against it; nil for other kinds of record.
func (s *Server) shownAs(r *http.Request, v *visit, j *journey, d *data.Draft, rows []data.Incoming) (*shownContent, []*data.Invalid, error) {
	if j.kind != "activity" {
		return nil, nil, nil
	}
	write, err := s.writeOf(v, j, d, rows)
	if err != nil {
		return nil, nil, err
	}
	shown, err := s.src.WouldShow(r.Context(), write)
	var refused *data.Refused
	switch {
	case errors.As(err, &refused):
		return nil, inRows(refused, write.Kind), nil
	case errors.Is(err, data.ErrStale):
		return nil, nil, nil // sending it says so
	case errors.Is(err, data.ErrUnavailable):
		return &shownContent{Away: true}, nil, nil
	case err != nil:
		return nil, nil, err
	}
	c := &shownContent{}
	if asked, err := data.ParseSensitivity(d.Value("class")); err == nil && shown.Class > asked {
		c.Raised = strings.Join(shown.Reasons, "; ")
	}
	if err := s.drawShown(r.Context(), shown.Places, c); err != nil {
		return nil, nil, err
	}
	return c, nil, nil
}

// drawShown says and draws the places as anyone would see them.
func (s *Server) drawShown(ctx context.Context, places []data.Place, c *shownContent) error {
	if len(places) == 0 {
		c.Words = []string{"It is not listed, and no place of it is shown: it is only counted, in the total of a territory or a larger place."}
		return nil
	}
	paths, err := s.pages.outlinePaths(ctx)
	if err != nil {
		return err
	}
	named := map[string]outlinePath{}
	for _, p := range append(s.pages.areaPaths(), paths...) {
		named[p.id] = p
	}
	var box orb.Bound
	for _, p := range places {
		within := named[placeCode(p)]
		c.Words = append(c.Words, shownWords(p, within.name))
		at := named[string(p.Territory)].world
		if box.IsZero() {
			box = at
		}
		box = box.Union(at)
	}
	d, err := s.newDrawing(ctx, box, "What anyone would see on the map")
	if err != nil || d == nil {
		return err
	}
	d.outlines(d.areas, func(string) string { return "none" }, "#8b98a0", d.line/2)
	d.outlines(d.paths, func(string) string { return "none" }, "#5b6a75", d.line)
	for _, p := range places {
		if err := d.shownPlace(p, named[placeCode(p)]); err != nil {
			return err
		}
	}
	d.b.WriteString(`</svg>`)
	c.Picture = template.HTML(d.b.String()) // #nosec G203 -- drawn from numbers and escaped names
	return nil
}

// placeCode is the code of the finest named place that a place may be said to be in.
func placeCode(p data.Place) string {
	if p.Level == geo.LevelTerritory || p.Area == "" {
		return string(p.Territory)
	}
	return string(p.Area)
}

// shownWords say how finely a place is shown.
func shownWords(p data.Place, name string) string {
	switch p.Level {
	case geo.LevelExact:
		return fmt.Sprintf("exactly where you put it, %.5f, %.5f, in %s.", p.Position[1], p.Position[0], name)
	case geo.LevelCell:
		return "only as somewhere in a hexagon of about 0.7 km² in " + name + "."
	}
	return "only that it is somewhere in " + name + "."
}

// shownPlace draws a place as finely as it is shown.
func (d *drawing) shownPlace(p data.Place, within outlinePath) error {
	const ink = "#5b2a6b"
	switch p.Level {
	case geo.LevelExact:
		at := d.place(*p.Position)
		fmt.Fprintf(&d.b, `<circle cx="%.2f" cy="%.2f" r="%.2f" fill="%s" stroke="#fff" stroke-width="%.2f"/>`, at[0], at[1], 9*d.line, ink, 2*d.line)
	case geo.LevelCell:
		cell, err := hex.Parse(p.Cell)
		if err != nil {
			return err
		}
		outline, err := cell.Outline()
		if err != nil {
			return err
		}
		// The ring leads the eye to a hexagon that is small on the map of a territory.
		at := d.place(*p.Position)
		fmt.Fprintf(&d.b, `<circle cx="%.2f" cy="%.2f" r="%.2f" fill="none" stroke="%s" stroke-width="%.2f"/><path fill="%s" fill-opacity="0.5" stroke="%s" stroke-width="%.2f" d="%s"/>`,
			at[0], at[1], 22*d.line, ink, 2*d.line, ink, ink, d.line, finePath(outline[0], d.place))
	default:
		fmt.Fprintf(&d.b, `<path fill="%s" fill-opacity="0.35" stroke="%s" stroke-width="%.2f" d="%s"/>`, ink, ink, d.line, within.d)
	}
	return nil
}

// finePath is a small ring as path data, in thousandths of a unit.
func finePath(ring orb.Ring, place func(orb.Point) orb.Point) string {
	var b strings.Builder
	for i, p := range ring[:len(ring)-1] {
		u := place(p)
		fmt.Fprintf(&b, "%c%.3f %.3f", "ML"[min(i, 1)], u[0], u[1])
	}
	return b.String() + "z"
}
