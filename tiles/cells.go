package tiles

import (
	"fmt"
	"math"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/geo/hex"
)

// margin is how far beyond its edge a tile holds polygons and lines, in units.
const margin = 64

// outline is a cell's outline and centre.
type outline struct {
	ring   []world // wound as an exterior ring of a tile is, not closed
	centre world
}

// mostOutlines is how many outlines are kept; about 150 bytes each.
const mostOutlines = 1 << 17

// outlines keeps the outlines of cells: asking H3 for one takes longer than
// writing it.
type outlines struct {
	mu   sync.RWMutex
	kept map[hex.Cell]outline
}

func (o *outlines) of(c hex.Cell) (outline, error) {
	o.mu.RLock()
	out, ok := o.kept[c]
	o.mu.RUnlock()
	if ok {
		return out, nil
	}
	p, err := c.Outline()
	if err != nil {
		return out, err
	}
	centre, err := c.Centre()
	if err != nil {
		return out, err
	}
	out.centre = worldOf(centre.Lon(), centre.Lat())
	for _, v := range p[0][:len(p[0])-1] {
		out.ring = append(out.ring, worldOf(v.Lon(), v.Lat()))
	}
	// H3 winds counter-clockwise as seen from above; so does a tile, whose y
	// goes down, the other way round.
	for i, j := 0, len(out.ring)-1; i < j; i, j = i+1, j-1 {
		out.ring[i], out.ring[j] = out.ring[j], out.ring[i]
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.kept == nil || len(o.kept) >= mostOutlines {
		o.kept = make(map[hex.Cell]outline)
	}
	o.kept[c] = out
	return out, nil
}

// window is a tile in the world.
type window struct {
	at    maptile.Tile
	shift uint // of a unit of the world to one of the tile
	west  int64
	north int64
}

func windowOf(t maptile.Tile) window {
	side := uint(worldBits - int(t.Z))
	return window{at: t, shift: side - 12, west: int64(t.X) << side, north: int64(t.Y) << side}
}

// bound is the tile with its margin, EPSG:4326.
func (w window) bound() orb.Bound { return w.at.Bound(float64(margin) / extent) }

// holds returns where a point lies in the tile, if it does: each is in exactly
// one tile of a zoom.
func (w window) holds(p world) (x, y int32, ok bool) {
	dx, dy := (int64(p[0])-w.west)>>w.shift, (int64(p[1])-w.north)>>w.shift
	return int32(dx), int32(dy), dx >= 0 && dx < extent && dy >= 0 && dy < extent
}

// clip returns what of a convex ring lies in the tile with its margin, in the
// tile's units, without points that fall together. It has no points if that is
// nothing, or nothing that has an area in whole units.
func (w window) clip(ring []world, out [][2]int32) [][2]int32 {
	const room = 24
	var a, b [room][2]int64
	n := 0
	span := int64(extent) << w.shift
	low, high := -int64(margin)<<w.shift, span+int64(margin)<<w.shift
	var outside [4]bool
	all := [4]bool{true, true, true, true}
	for _, p := range ring {
		x, y := int64(p[0])-w.west, int64(p[1])-w.north
		a[n] = [2]int64{x, y}
		n++
		for side, is := range [4]bool{x < low, x > high, y < low, y > high} {
			outside[side] = outside[side] || is
			all[side] = all[side] && is
		}
	}
	if all[0] || all[1] || all[2] || all[3] {
		return out[:0]
	}
	from, to := a[:n], b[:0]
	for side := range 4 {
		if !outside[side] {
			continue
		}
		axis, edge := side/2, low
		if side%2 == 1 {
			edge = high
		}
		to = clipSide(from, to[:0], axis, edge, side%2 == 1)
		from, to = to, from
	}
	out = out[:0]
	for _, p := range from {
		half := int64(1) << w.shift >> 1
		q := [2]int32{int32((p[0] + half) >> w.shift), int32((p[1] + half) >> w.shift)}
		if len(out) == 0 || out[len(out)-1] != q {
			out = append(out, q)
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	if area2(out) <= 0 {
		return out[:0]
	}
	return out
}

// clipSide clips a convex ring at one side of a box (Sutherland and Hodgman,
// "Reentrant Polygon Clipping", 1974).
func clipSide(from, to [][2]int64, axis int, edge int64, upper bool) [][2]int64 {
	within := func(p [2]int64) bool {
		if upper {
			return p[axis] <= edge
		}
		return p[axis] >= edge
	}
	for i, p := range from {
		before := from[(i+len(from)-1)%len(from)]
		if within(p) != within(before) {
			share := float64(edge-before[axis]) / float64(p[axis]-before[axis])
			q := [2]int64{}
			q[axis] = edge
			q[1-axis] = before[1-axis] + int64(math.Round(share*float64(p[1-axis]-before[1-axis])))
			to = append(to, q)
		}
		if within(p) {
			to = append(to, p)
		}
	}
	return to
}

// area2 is twice the area of a ring by the surveyor's formula.
func area2(ring [][2]int32) (sum int64) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += int64(p[0])*int64(q[1]) - int64(q[0])*int64(p[1])
	}
	return sum
}

// FinestAt is the finest resolution of cells that may be asked for at a zoom: two
// finer than the zoom's own.
func FinestAt(zoom int) int { return min(hex.ForZoom(zoom)+2, hex.Finest) }

// resAt is the resolution of a tile's cells.
func resAt(asked, zoom int) (int, error) {
	switch {
	case asked == 0:
		return hex.ForZoom(zoom), nil
	case asked > FinestAt(zoom):
		return 0, invalid("res", fmt.Sprint(asked), "hexagons of resolution %d are too small for zoom %d: ask for %d at most, or leave it out", asked, zoom, FinestAt(zoom))
	}
	return asked, nil
}
