package geo

import (
	"slices"

	"github.com/paulmach/orb"
)

// PointInside returns a point within the largest part of a multipolygon: the
// middle of the widest stretch at half its height, as PostGIS's
// ST_PointOnSurface does. It reports false for one without area.
func PointInside(mp orb.MultiPolygon) (orb.Point, bool) {
	var largest orb.Polygon
	var area float64
	for _, p := range mp {
		if len(p) == 0 {
			continue
		}
		if a := max(ringArea(p[0]), -ringArea(p[0])); a > area {
			largest, area = p, a
		}
	}
	if area == 0 {
		return orb.Point{}, false
	}
	b := largest[0].Bound()
	// Off the middle by an odd fraction, so as not to meet a vertex.
	y := b.Min[1] + (b.Max[1]-b.Min[1])*0.50013
	var xs []float64
	for _, r := range largest {
		for i := 1; i < len(r); i++ {
			if p, q := r[i-1], r[i]; (p[1] > y) != (q[1] > y) {
				xs = append(xs, p[0]+(q[0]-p[0])*(y-p[1])/(q[1]-p[1]))
			}
		}
	}
	slices.Sort(xs)
	var best orb.Point
	var width float64
	for i := 0; i+1 < len(xs); i += 2 {
		if w := xs[i+1] - xs[i]; w > width {
			best, width = orb.Point{(xs[i] + xs[i+1]) / 2, y}, w
		}
	}
	return best, width > 0
}

// Inside reports whether p lies in the multipolygon by the even-odd rule; on a
// border it may fall on either side.
func Inside(mp orb.MultiPolygon, p orb.Point) bool {
	in := false
	for _, polygon := range mp {
		for _, r := range polygon {
			in = in != inRing(r, p)
		}
	}
	return in
}

// Wind returns the multipolygon with exterior rings counter-clockwise and holes
// clockwise (RFC 7946, section 3.1.6). Rings that are wound so already are
// shared.
func Wind(mp orb.MultiPolygon) orb.MultiPolygon {
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		out[i] = make(orb.Polygon, len(p))
		for j, r := range p {
			if (ringArea(r) > 0) != (j == 0) {
				r = r.Clone()
				r.Reverse()
			}
			out[i][j] = r
		}
	}
	return out
}
