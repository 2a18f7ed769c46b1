package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// polygons stitches arcs, each with the inside on its left, into polygons.
func (c *Coverage) polygons(refs []arcRef) []arcPolygon {
	var rings [][]arcRef
	for _, walk := range c.walks(refs) {
		rings = c.splitAtTouches(rings, walk)
	}
	return c.nest(rings)
}

func (c *Coverage) from(r arcRef) int32 {
	if r < 0 {
		return c.arcs[r.index()].to
	}
	return c.arcs[r.index()].from
}

func (c *Coverage) to(r arcRef) int32 { return c.from(^r) }

// walks follows the arcs, at each node taking the sharpest left turn, so that
// one connected piece of the inside is walked round at a time: parts that
// touch in a point stay apart.
func (c *Coverage) walks(refs []arcRef) [][]arcRef {
	leaving := make(map[int32][]int, len(refs)) // places in refs
	for i, r := range refs {
		leaving[c.from(r)] = append(leaving[c.from(r)], i)
	}
	var walks [][]arcRef
	used := make([]bool, len(refs))
	for start := range refs {
		if used[start] {
			continue
		}
		var walk []arcRef
		for i := start; i >= 0; i = c.leftmost(refs, i, leaving[c.to(refs[i])], used) {
			used[i] = true
			walk = append(walk, refs[i])
		}
		walks = append(walks, walk)
	}
	return walks
}

// leftmost picks, of the arcs not used yet, the one whose direction comes first
// clockwise from the way we came; -1 if there is none.
func (c *Coverage) leftmost(refs []arcRef, came int, choices []int, used []bool) int {
	if len(choices) == 1 {
		if used[choices[0]] {
			return -1
		}
		return choices[0]
	}
	back := c.heading(^refs[came])
	best, bestTurn := -1, math.Inf(1)
	for _, i := range choices {
		if used[i] {
			continue
		}
		turn := math.Mod(back-c.heading(refs[i])+2*math.Pi, 2*math.Pi)
		if turn == 0 {
			turn = 2 * math.Pi
		}
		if turn < bestTurn {
			best, bestTurn = i, turn
		}
	}
	return best
}

// heading is the direction in which an arc leaves its node, in radians, before
// any simplification.
func (c *Coverage) heading(r arcRef) float64 {
	a := &c.arcs[r.index()]
	at, next := a.points[0], a.leave
	if r < 0 {
		at, next = a.points[len(a.points)-1], a.arrive
	}
	return math.Atan2(next[1]-at[1], next[0]-at[0])
}

// splitAtTouches cuts a walk wherever it meets a node again: a hole that
// touches its exterior ring in a point becomes a ring of its own, as OGC
// validity wants.
func (c *Coverage) splitAtTouches(rings [][]arcRef, walk []arcRef) [][]arcRef {
	var stack []arcRef
	seen := make(map[int32]int, len(walk))
	for _, r := range walk {
		seen[c.from(r)] = len(stack)
		stack = append(stack, r)
		at, ok := seen[c.to(r)]
		if !ok {
			continue
		}
		rings = append(rings, slices.Clone(stack[at:]))
		for _, cut := range stack[at+1:] {
			delete(seen, c.from(cut))
		}
		stack = stack[:at]
	}
	return rings
}

// nest gives each hole to the smallest exterior ring around it.
func (c *Coverage) nest(rings [][]arcRef) []arcPolygon {
	type exterior struct {
		ring  orb.Ring
		bound orb.Bound
		area  float64
		index int
	}
	var polygons []arcPolygon
	var exteriors []exterior
	var holes [][]arcRef
	for _, r := range rings {
		ring := c.ring(r)
		switch area := ringArea(ring); {
		case area > 0:
			exteriors = append(exteriors, exterior{ring, ring.Bound(), area, len(polygons)})
			polygons = append(polygons, arcPolygon{r})
		case area < 0:
			holes = append(holes, r)
		}
	}
	if len(holes) == 0 {
		return polygons
	}
	slices.SortStableFunc(exteriors, func(a, b exterior) int { return cmp.Compare(a.area, b.area) })
	for _, h := range holes {
		// The middle of an edge cannot lie on the ring around it: a shared edge
		// would have vanished.
		pts := c.arcs[h[0].index()].points
		mid := orb.Point{(pts[0][0] + pts[1][0]) / 2, (pts[0][1] + pts[1][1]) / 2}
		for _, e := range exteriors {
			if e.bound.Contains(mid) && inRing(e.ring, mid) {
				polygons[e.index] = append(polygons[e.index], h)
				break
			}
		}
	}
	return polygons
}

// ringArea is the signed area in square units of the coordinates, positive if
// counter-clockwise. The ring may be open or closed.
func ringArea(r orb.Ring) float64 {
	if len(r) < 3 {
		return 0
	}
	// Relative to the first vertex, as products of nearly equal longitudes and
	// latitudes would cancel.
	var sum float64
	o := r[0]
	for i := 1; i+1 < len(r); i++ {
		sum += (r[i][0]-o[0])*(r[i+1][1]-o[1]) - (r[i+1][0]-o[0])*(r[i][1]-o[1])
	}
	return sum / 2
}

// inRing reports whether p lies inside the closed ring by the even-odd rule.
// A point on the ring itself may fall on either side.
func inRing(r orb.Ring, p orb.Point) bool {
	in := false
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1]) {
			in = !in
		}
	}
	return in
}
