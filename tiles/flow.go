package tiles

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb/maptile"

	"tributary/data"
)

// flows encodes what goes from territory to territory: a curve from where the
// name of the origin stands to where that of the place of delivery does, and
// points for what stays in its territory or comes from nowhere that is told. So
// it is whole but for what is delivered nowhere that may be told.
func (t *Tiles) flows(ctx context.Context, at maptile.Tile, q Query) ([]byte, error) {
	b, err := t.src.Breakdown(ctx, q.Filter, q.flowFrom(), data.ByTerritory)
	if err != nil {
		return nil, err
	}
	ends, names, err := t.ends(ctx, b)
	if err != nil {
		return nil, err
	}
	w := windowOf(at)
	lines, points := newFlowWriter("flows"), newFlowWriter("flows_within")
	for _, row := range b.Rows {
		origin, destination := row.Values[0], row.Values[1]
		here := ends[destination]
		if origin == "" || origin == destination {
			if x, y, ok := w.holds(here); ok {
				points.begin(geomPoint, 0)
				points.flow(row, names)
				points.point(x, y)
				points.end()
			}
			continue
		}
		pieces := w.clipLine(arc(ends[origin], here, w.shift))
		if len(pieces) == 0 {
			continue
		}
		lines.begin(geomLine, 0)
		lines.flow(row, names)
		for _, piece := range pieces {
			lines.line(piece)
		}
		lines.end()
	}
	return points.layer(lines.layer(nil)), nil
}

// flowFrom is whose place the origin of flows is.
func (q Query) flowFrom() data.Dimension {
	if q.Filter.Origin == data.OriginBuyer {
		return data.ByBuyerTerritory
	}
	return data.BySupplierTerritory
}

// ends are where the names of a breakdown's territories stand, and the names.
func (t *Tiles) ends(ctx context.Context, b data.Breakdown) (map[string]world, map[string]string, error) {
	var codes []string
	for _, row := range b.Rows {
		for _, code := range row.Values {
			if code != "" && !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	labels, err := t.src.LabelPoints(ctx)
	if err != nil {
		return nil, nil, err
	}
	names, err := t.src.ValueNames(ctx, codes)
	if err != nil {
		return nil, nil, err
	}
	ends := make(map[string]world, len(codes))
	for _, code := range codes {
		p, ok := labels[code]
		if !ok {
			// A line less would be a sum less, and nobody would see it.
			return nil, nil, fmt.Errorf("the boundary of the territory %q is not loaded, so its flows cannot be drawn", code)
		}
		ends[code] = worldOf(p.Lon(), p.Lat())
	}
	return ends, names, nil
}

type flowWriter struct {
	*writer
	id, origin, originName, destination, destinationName, count, pence uint32
}

func newFlowWriter(name string) flowWriter {
	w := newWriter(name)
	return flowWriter{w, w.key("id"), w.key("origin"), w.key("origin_name"), w.key("destination"), w.key("destination_name"), w.key("count"), w.key("pence")}
}

func (w flowWriter) flow(row data.BreakdownRow, names map[string]string) {
	origin, destination := row.Values[0], row.Values[1]
	w.unique(w.id, origin+"/"+destination)
	w.text(w.origin, origin)
	w.text(w.originName, names[origin])
	w.text(w.destination, destination)
	w.text(w.destinationName, names[destination])
	w.whole(w.count, row.Count)
	w.whole(w.pence, int64(row.Pence))
}

// arc is a curve from one place to another, which keeps to the left, so that
// the way back is another. It has as many points as can be told apart.
func arc(from, to world, shift uint) []world {
	dx, dy := float64(to[0]-from[0]), float64(to[1]-from[1])
	steps := int(min(max(math.Hypot(dx, dy)/float64(int64(1)<<shift)/64, 2), 48))
	// The control point of a quadratic Bézier curve.
	cx, cy := float64(from[0])+dx/2+dy*0.2, float64(from[1])+dy/2-dx*0.2
	out := make([]world, 0, steps+1)
	for i := range steps + 1 {
		s := float64(i) / float64(steps)
		at := func(a, c, b float64) int32 {
			return int32(math.Floor((1-s)*(1-s)*a + 2*s*(1-s)*c + s*s*b))
		}
		out = append(out, world{at(float64(from[0]), cx, float64(to[0])), at(float64(from[1]), cy, float64(to[1]))})
	}
	return out
}

// clipLine returns the pieces of a line that lie in the tile with its margin,
// in the tile's units, each of two points or more (Liang and Barsky, 1984).
func (w window) clipLine(line []world) (pieces [][][2]int32) {
	low := float64(-int64(margin) << w.shift)
	high := float64(int64(extent+margin) << w.shift)
	unit := func(x, y float64) [2]int32 {
		size := float64(int64(1) << w.shift)
		return [2]int32{int32(math.Round(x / size)), int32(math.Round(y / size))}
	}
	var piece [][2]int32
	finish := func() {
		if len(piece) > 1 {
			pieces = append(pieces, piece)
		}
		piece = nil
	}
	add := func(p [2]int32) {
		if len(piece) == 0 || piece[len(piece)-1] != p {
			piece = append(piece, p)
		}
	}
	for i := 1; i < len(line); i++ {
		ax, ay := float64(int64(line[i-1][0])-w.west), float64(int64(line[i-1][1])-w.north)
		dx, dy := float64(line[i][0]-line[i-1][0]), float64(line[i][1]-line[i-1][1])
		enter, leave := 0.0, 1.0
		for _, side := range [4][2]float64{{-dx, ax - low}, {dx, high - ax}, {-dy, ay - low}, {dy, high - ay}} {
			switch p, q := side[0], side[1]; {
			case p == 0 && q < 0:
				enter = 2
			case p < 0:
				enter = max(enter, q/p)
			case p > 0:
				leave = min(leave, q/p)
			}
		}
		if enter > leave {
			finish()
			continue
		}
		if enter > 0 {
			finish()
		}
		add(unit(ax+enter*dx, ay+enter*dy))
		add(unit(ax+leave*dx, ay+leave*dy))
		if leave < 1 {
			finish()
		}
	}
	finish()
	slices.SortStableFunc(pieces, func(a, b [][2]int32) int { return cmp.Or(cmp.Compare(a[0][0], b[0][0]), cmp.Compare(a[0][1], b[0][1])) })
	return pieces
}
