package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Snap moves every vertex to the nearest point of a square grid and leads every
// edge through the vertices that then lie within one grid step of it, so that
// borders that were nearly the same become exactly the same: the snap rounding
// of J. D. Hobby, "Practical segment intersection with finite precision
// output" (1999), without the crossings. Rings that collapse are dropped, and
// parts without an exterior with them.
//
// The grid step is in the unit of the coordinates and its reciprocal must be a
// whole number: 1e-5 degrees is about a metre in the United Kingdom. O(n) for
// edges of similar length.
func Snap(members []orb.MultiPolygon, grid float64) []orb.MultiPolygon {
	s := newSnapper(members, math.Round(1/grid))
	out := make([]orb.MultiPolygon, len(members))
	for m, mp := range members {
		for _, polygon := range mp {
			var snapped orb.Polygon
			for i, ring := range polygon {
				r := s.ring(ring)
				if r == nil && i == 0 {
					break
				}
				if r != nil {
					snapped = append(snapped, r)
				}
			}
			if snapped != nil {
				out[m] = append(out[m], snapped)
			}
		}
	}
	return out
}

// gridPoint is a vertex in grid steps.
type gridPoint struct{ x, y int64 }

type snapper struct {
	scale    float64 // grid steps per unit
	cell     int64   // side of a bucket in grid steps
	vertices map[gridPoint][]gridPoint
}

func newSnapper(members []orb.MultiPolygon, scale float64) *snapper {
	s := &snapper{scale: scale, vertices: make(map[gridPoint][]gridPoint)}
	seen := make(map[gridPoint]bool)
	var steps, edges float64
	for _, mp := range members {
		for _, polygon := range mp {
			for _, ring := range polygon {
				for i, p := range ring {
					seen[s.snap(p)] = true
					if i > 0 {
						steps += math.Hypot(p[0]-ring[i-1][0], p[1]-ring[i-1][1]) * scale
						edges++
					}
				}
			}
		}
	}
	s.cell = max(2, int64(steps/max(edges, 1)))
	for v := range seen {
		k := s.bucket(v)
		s.vertices[k] = append(s.vertices[k], v)
	}
	return s
}

func (s *snapper) snap(p orb.Point) gridPoint {
	return gridPoint{int64(math.Round(p[0] * s.scale)), int64(math.Round(p[1] * s.scale))}
}

func (s *snapper) bucket(v gridPoint) gridPoint {
	return gridPoint{floorDiv(v.x, s.cell), floorDiv(v.y, s.cell)}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// ring snaps one ring; nil if it collapses.
func (s *snapper) ring(r orb.Ring) orb.Ring {
	var out orb.Ring
	add := func(v gridPoint) {
		p := orb.Point{float64(v.x) / s.scale, float64(v.y) / s.scale}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	for i, p := range r {
		b := s.snap(p)
		if i > 0 {
			for _, v := range s.near(s.snap(r[i-1]), b) {
				add(v)
			}
		}
		add(b)
	}
	if len(out) > 0 && out[0] != out[len(out)-1] {
		out = append(out, out[0])
	}
	if len(out) < 4 || ringArea(out) == 0 {
		return nil
	}
	return out
}

// near lists the vertices within one grid step of the inside of the edge from
// a to b, in order along it.
func (s *snapper) near(a, b gridPoint) []gridPoint {
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	length := math.Hypot(dx, dy)
	if length == 0 {
		return nil
	}
	along := func(v gridPoint) float64 { return (float64(v.x-a.x)*dx + float64(v.y-a.y)*dy) / length }
	var hits []gridPoint
	lo := s.bucket(gridPoint{min(a.x, b.x) - 1, min(a.y, b.y) - 1})
	hi := s.bucket(gridPoint{max(a.x, b.x) + 1, max(a.y, b.y) + 1})
	for x := lo.x; x <= hi.x; x++ {
		for y := lo.y; y <= hi.y; y++ {
			for _, v := range s.vertices[gridPoint{x, y}] {
				t := along(v)
				off := math.Abs(float64(v.x-a.x)*dy-float64(v.y-a.y)*dx) / length
				if v != a && v != b && off <= 1 && t > 0 && t < length {
					hits = append(hits, v)
				}
			}
		}
	}
	slices.SortFunc(hits, func(v, w gridPoint) int {
		return cmp.Or(cmp.Compare(along(v), along(w)), cmp.Compare(v.x, w.x), cmp.Compare(v.y, w.y))
	})
	return hits
}
