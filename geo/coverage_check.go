package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
)

// AreaKM2 is the area of a multipolygon in EPSG:4326 on the sphere of orb/geo,
// in square kilometres; within half a per cent of the ellipsoid in the United
// Kingdom.
func AreaKM2(mp orb.MultiPolygon) float64 { return orbgeo.Area(mp) / 1e6 }

// Overlap is ground that two members of a coverage both claim.
type Overlap struct {
	A, B int       // indices of the members, A < B
	KM2  float64   // estimated area, square kilometres
	At   orb.Point // a point inside both
}

// kmPerDegree is the length of a degree of latitude, kilometres.
const kmPerDegree = 111.2

// Overlaps estimates, for polygons in EPSG:4326, the area that every pair
// shares, largest first. It reads them along lines of equal latitude, spacing
// degrees apart, by the even-odd rule: overlaps less high than the spacing may
// be missed, others are measured to about a line's worth. It takes
// O((n + k) log k) for n vertices and k crossings of lines: at 0.0005 degrees
// (55 metres) a fraction of a second for 200,000 vertices. Borders that differ
// by less than 1e-7 degrees (a centimetre) are taken as shared.
func Overlaps(members []orb.MultiPolygon, spacing float64) []Overlap {
	found := make(map[[2]int]*Overlap)
	for _, line := range scanlines(members, spacing) {
		slices.SortFunc(line.hits, func(a, b scanHit) int {
			return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.member, b.member))
		})
		km2PerDegree := spacing * kmPerDegree * kmPerDegree * math.Cos(line.y*math.Pi/180)
		var inside []int
		for i, h := range line.hits {
			if at := slices.Index(inside, h.member); at >= 0 {
				inside = slices.Delete(inside, at, at+1)
			} else {
				inside = append(inside, h.member)
			}
			if len(inside) < 2 || i+1 == len(line.hits) || line.hits[i+1].x-h.x < 1e-7 {
				continue
			}
			at := orb.Point{(h.x + line.hits[i+1].x) / 2, line.y}
			addOverlap(found, inside, (line.hits[i+1].x-h.x)*km2PerDegree, at)
		}
	}
	out := make([]Overlap, 0, len(found))
	for _, o := range found {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(b.KM2, a.KM2), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out
}

func addOverlap(found map[[2]int]*Overlap, inside []int, km2 float64, at orb.Point) {
	for i, a := range inside {
		for _, b := range inside[:i] {
			k := [2]int{min(a, b), max(a, b)}
			o := found[k]
			if o == nil {
				o = &Overlap{A: k[0], B: k[1], At: at}
				found[k] = o
			}
			o.KM2 += km2
		}
	}
}

type scanHit struct {
	x      float64
	member int
}

type scanline struct {
	y    float64
	hits []scanHit
}

// scanlines cuts all edges with lines of equal latitude.
func scanlines(members []orb.MultiPolygon, spacing float64) []scanline {
	var bound orb.Bound
	for i, mp := range members {
		if b := mp.Bound(); i == 0 {
			bound = b
		} else {
			bound = bound.Union(b)
		}
	}
	// Half a step off, and an odd fraction, so that lines seldom meet vertices,
	// which lie at round numbers.
	bottom := bound.Min[1] + spacing*0.4877
	lines := make([]scanline, max(0, int((bound.Max[1]-bottom)/spacing)+1))
	for i := range lines {
		lines[i].y = bottom + float64(i)*spacing
	}
	for m, mp := range members {
		for _, polygon := range mp {
			for _, r := range polygon {
				for i := 1; i < len(r); i++ {
					a, b := r[i-1], r[i]
					if a[1] > b[1] {
						a, b = b, a
					}
					for k := max(0, int(math.Ceil((a[1]-bottom)/spacing))); k < len(lines); k++ {
						y := lines[k].y
						if y >= b[1] {
							break
						}
						if y >= a[1] {
							x := a[0] + (b[0]-a[0])*(y-a[1])/(b[1]-a[1])
							lines[k].hits = append(lines[k].hits, scanHit{x, m})
						}
					}
				}
			}
		}
	}
	return lines
}
