package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"math"
	"net/http"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"tributary/data"
	"tributary/geo"
)

// The still map's size in SVG units. Its height follows from the outlines.
const (
	stillWidth  = 600.0
	stillMargin = 8.0
)

// An outlinePath is a territory's outline, drawn once per boundary version.
type outlinePath struct {
	id, name string
	world    orb.Bound // EPSG:4326
	bound    orb.Bound // in SVG units
	d        []byte    // path data
}

// StaticMap answers "/static-map.svg": the 45 territories shaded by number of
// activities under the filter, with a key. It stands in for the live map
// without JavaScript, without WebGL and on paper. focus draws out one
// territory or region and needs no shading; key=none leaves the key out, for
// pages that have it beside the map.
func (p *Pages) StaticMap(w http.ResponseWriter, r *http.Request) error {
	f, view, err := p.readQuery(r, "focus", "key", "layer")
	if err != nil {
		return err
	}
	key := view.Get("key")
	if key != "" && key != "none" {
		return data.Invalidf("key", key, "is not a choice: use none, or leave it out")
	}
	paths, err := p.outlinePaths(r.Context())
	if err != nil {
		return fmt.Errorf("still map: %w", err)
	}
	rows, err := p.src.Territories(r.Context(), f)
	if err != nil {
		return fmt.Errorf("still map: %w", err)
	}
	var body []byte
	if focus := view.Get("focus"); focus == "" {
		body = drawShaded(paths, rows, key == "")
	} else if body = drawFocus(paths, rows, focus); body == nil {
		return fmt.Errorf("still map of %q: %w", focus, data.ErrNotFound)
	}
	return writeStill(w, r, body)
}

// writeStill answers with a drawing, and an entity tag.
func writeStill(w http.ResponseWriter, r *http.Request, body []byte) error {
	sum := sha256.Sum256(body)
	etag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("ETag", etag)
	if isUnchanged(r, etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body) // the client has gone if this fails
	}
	return nil
}

// outlinePaths draws the outlines, or returns those drawn before if the
// boundaries have not changed since.
func (p *Pages) outlinePaths(ctx context.Context) ([]outlinePath, error) {
	sets, err := p.src.BoundarySets(ctx)
	if err != nil {
		return nil, err
	}
	version := ""
	for _, s := range sets {
		version += fmt.Sprintf("%d@%d ", s.ID, s.LoadedAt.UnixNano())
	}
	p.outlines.Lock()
	defer p.outlines.Unlock()
	if p.outlines.paths != nil && p.outlines.version == version {
		return p.outlines.paths, nil
	}
	outlines, err := p.src.Outlines(ctx, data.BoundaryTerritory)
	if err != nil {
		return nil, err
	}
	p.outlines.paths, p.outlines.version = drawOutlines(outlines, boundOf(outlines)), version
	areas, err := p.src.Outlines(ctx, areaKinds...)
	if err != nil {
		return nil, err
	}
	p.outlines.areas = drawOutlines(areas, boundOf(outlines))
	return p.outlines.paths, nil
}

// boundOf is the box of outlines, EPSG:3857.
func boundOf(outlines []data.Outline) (world orb.Bound) {
	for i, o := range outlines {
		if i == 0 {
			world = o.Geometry.Bound()
		}
		world = world.Union(o.Geometry.Bound())
	}
	return world
}

// drawOutlines fits EPSG:3857 outlines into the still map, which holds the box.
func drawOutlines(outlines []data.Outline, world orb.Bound) []outlinePath {
	if len(outlines) == 0 {
		return nil
	}
	scale := (stillWidth - 2*stillMargin) / (world.Max[0] - world.Min[0])
	toUnits := func(pt orb.Point) orb.Point {
		return orb.Point{stillMargin + (pt[0]-world.Min[0])*scale, stillMargin + (world.Max[1]-pt[1])*scale}
	}
	paths := make([]outlinePath, 0, len(outlines))
	for _, o := range outlines {
		b := o.Geometry.Bound()
		low, high := toUnits(b.Min), toUnits(b.Max)
		path := outlinePath{id: o.ID, name: o.Name, world: project.Bound(b, project.Mercator.ToWGS84), bound: orb.Bound{Min: orb.Point{low[0], high[1]}, Max: orb.Point{high[0], low[1]}}}
		for _, polygon := range o.Geometry {
			for _, ring := range polygon {
				path.d = appendRing(path.d, ring, toUnits)
			}
		}
		paths = append(paths, path)
	}
	return paths
}

// appendRing adds a closed ring as relative moves in tenths of a unit. Points
// that fall on the one before are left out, and so are rings smaller than a
// tenth of a unit.
func appendRing(d []byte, ring orb.Ring, toUnits func(orb.Point) orb.Point) []byte {
	tenths := func(pt orb.Point) [2]int {
		u := toUnits(pt)
		return [2]int{int(math.Round(u[0] * 10)), int(math.Round(u[1] * 10))}
	}
	var points [][2]int
	for _, pt := range ring {
		if t := tenths(pt); len(points) == 0 || t != points[len(points)-1] {
			points = append(points, t)
		}
	}
	if len(points) < 4 {
		return d
	}
	last := [2]int{}
	for i, pt := range points[:len(points)-1] {
		command := byte('l')
		dx, dy := pt[0]-last[0], pt[1]-last[1]
		if i == 0 {
			command = 'M'
		}
		if i < 2 {
			d = append(d, command)
		} else {
			d = append(d, ' ')
		}
		d = strconv.AppendFloat(d, float64(dx)/10, 'g', -1, 64)
		d = append(d, ' ')
		d = strconv.AppendFloat(d, float64(dy)/10, 'g', -1, 64)
		last = pt
	}
	return append(d, 'z')
}

func stillHeight(paths []outlinePath) float64 {
	height := 0.0
	for _, p := range paths {
		height = max(height, p.bound.Max[1])
	}
	return math.Ceil(height + stillMargin)
}

func openSVG(b *bytes.Buffer, x, y, width, height float64, title string) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="%.1f %.1f %.1f %.1f" width="%.0f" height="%.0f" role="img"><title>%s</title>`,
		x, y, width, height, stillWidth, math.Ceil(stillWidth*height/width), html.EscapeString(title))
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#e8eff3"/>`, x, y, width, height)
}

// drawShaded draws all territories by class, with the key if asked.
func drawShaded(paths []outlinePath, rows []data.TerritoryRow, withKey bool) []byte {
	counts := make(map[geo.TerritoryID]int, len(rows))
	for _, r := range rows {
		counts[r.ID] = r.Activities
	}
	classes := classesOf(territoryCounts(rows))
	var b bytes.Buffer
	height := max(stillHeight(paths), 320)
	openSVG(&b, 0, 0, stillWidth, height, "Activities in each police territory of the United Kingdom")
	b.WriteString(`<g stroke="#4c5a66" stroke-width="0.7" stroke-linejoin="round">`)
	for _, path := range paths {
		n := counts[geo.TerritoryID(path.id)]
		fmt.Fprintf(&b, `<path fill="%s" d="%s"><title>%s: %s</title></path>`, colourOf(classes, n), path.d,
			html.EscapeString(path.name), plural(n, "activity", "activities"))
	}
	b.WriteString(`</g>`)
	if withKey {
		drawKey(&b, classes)
	}
	b.WriteString(`</svg>`)
	return b.Bytes()
}

// drawKey draws the key in the sea west of Shetland: the top left of the
// United Kingdom's box is empty.
func drawKey(b *bytes.Buffer, classes []class) {
	const x, row = 16.0, 32.0
	y := 28.0
	fmt.Fprintf(b, `<g font-family="Noto Sans, Arial, sans-serif" font-size="20" fill="#0b0c0c"><text x="%.0f" y="%.0f" font-weight="700">Activities</text>`, x, y)
	entry := func(colour, label string) {
		y += row
		fmt.Fprintf(b, `<rect x="%.0f" y="%.0f" width="32" height="21" fill="%s" stroke="#4c5a66"/><text x="%.0f" y="%.0f">%s</text>`,
			x, y-17, colour, x+44, y, label)
	}
	entry(noneColour, "None")
	for _, c := range classes {
		entry(c.Colour, c.Label())
	}
	b.WriteString(`</g>`)
}

// drawFocus draws one territory, or all of a region, among its pale
// neighbours. It returns nil when there is no such place.
func drawFocus(paths []outlinePath, rows []data.TerritoryRow, id string) []byte {
	inside := map[string]bool{}
	for _, r := range rows {
		if string(r.ID) == id || string(r.Region) == id {
			inside[string(r.ID)] = true
		}
	}
	var box orb.Bound
	name, found := "", false
	for _, p := range paths {
		if !inside[p.id] {
			continue
		}
		if !found {
			box, name, found = p.bound, p.name, true
			continue
		}
		box = box.Union(p.bound)
	}
	if !found {
		return nil
	}
	title := "Where " + name + " is"
	if len(inside) > 1 {
		title = "The territories of the region"
	}
	box = squarish(box)
	width, height := box.Max[0]-box.Min[0], box.Max[1]-box.Min[1]
	var b bytes.Buffer
	openSVG(&b, box.Min[0], box.Min[1], width, height, title)
	line := width / 500
	for _, emphasis := range []bool{false, true} { // the chosen on top
		for _, p := range paths {
			if inside[p.id] != emphasis || !p.bound.Intersects(box) {
				continue
			}
			fill, stroke, weight := noneColour, "#8796a1", line
			if emphasis {
				fill, stroke, weight = classColours[1], "#0d4a56", 2*line
			}
			fmt.Fprintf(&b, `<path fill="%s" stroke="%s" stroke-width="%.2f" stroke-linejoin="round" d="%s"><title>%s</title></path>`,
				fill, stroke, weight, p.d, html.EscapeString(p.name))
		}
	}
	b.WriteString(`</svg>`)
	return b.Bytes()
}

// squarish pads a box by a third and widens it to at least 5:4.
func squarish(b orb.Bound) orb.Bound {
	width, height := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	margin := max(width, height) / 6
	b = b.Pad(margin)
	width, height = b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	if want := height * 1.25; width < want {
		b.Min[0] -= (want - width) / 2
		b.Max[0] += (want - width) / 2
	}
	if want := (b.Max[0] - b.Min[0]) / 1.6; height < want {
		b.Min[1] -= (want - height) / 2
		b.Max[1] += (want - height) / 2
	}
	return b
}
