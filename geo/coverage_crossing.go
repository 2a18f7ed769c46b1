package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// SelfCrossing finds a place where two edges of the multipolygon properly
// cross, which makes it invalid (OGC Simple Features, 6.1.11). Edges that only
// touch or run along each other are left to PostGIS's ST_IsValid. Edges are
// compared within the cells of a uniform grid, so it takes about O(n) for
// edges of similar length.
func SelfCrossing(mp orb.MultiPolygon) (at orb.Point, crosses bool) {
	segs := segments(mp)
	if len(segs) < 4 {
		return orb.Point{}, false
	}
	bound := mp.Bound()
	w, h := bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1]
	var length float64
	for _, s := range segs {
		length += math.Hypot(s[1][0]-s[0][0], s[1][1]-s[0][1])
	}
	// Cells as wide as twice the mean edge, but no more than four per edge.
	side := max(2*length/float64(len(segs)), math.Sqrt(w*h/float64(4*len(segs))), max(w, h)/float64(4*len(segs)))
	if side == 0 {
		return orb.Point{}, false
	}
	cols, rows := int(w/side)+1, int(h/side)+1
	col := func(x float64) int { return min(int((x-bound.Min[0])/side), cols-1) }
	row := func(y float64) int { return min(int((y-bound.Min[1])/side), rows-1) }
	cells := make([][]int32, cols*rows)
	for i, s := range segs {
		for y := row(min(s[0][1], s[1][1])); y <= row(max(s[0][1], s[1][1])); y++ {
			for x := col(min(s[0][0], s[1][0])); x <= col(max(s[0][0], s[1][0])); x++ {
				c := y*cols + x
				for _, j := range cells[c] {
					if properlyCross(s, segs[j]) {
						return crossingPoint(s, segs[j]), true
					}
				}
				cells[c] = append(cells[c], int32(i))
			}
		}
	}
	return orb.Point{}, false
}

func segments(mp orb.MultiPolygon) [][2]orb.Point {
	var segs [][2]orb.Point
	for _, polygon := range mp {
		for _, r := range polygon {
			for i := 1; i < len(r); i++ {
				if r[i] != r[i-1] {
					segs = append(segs, [2]orb.Point{r[i-1], r[i]})
				}
			}
		}
	}
	return segs
}

func properlyCross(s, t [2]orb.Point) bool {
	return cross(s[0], s[1], t[0])*cross(s[0], s[1], t[1]) < 0 &&
		cross(t[0], t[1], s[0])*cross(t[0], t[1], s[1]) < 0
}

func crossingPoint(s, t [2]orb.Point) orb.Point {
	d := cross(t[0], t[1], s[0])
	f := d / (d - cross(t[0], t[1], s[1]))
	return orb.Point{s[0][0] + f*(s[1][0]-s[0][0]), s[0][1] + f*(s[1][1]-s[0][1])}
}
