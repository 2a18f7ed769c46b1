package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// triangle is a vertex that may go, with its effective area.
type triangle struct {
	area    float64
	slot    int32
	version int32
}

// triangleHeap is a binary heap, smallest area first; ties go by slot, so that
// results do not depend on chance. It is typed by hand as container/heap boxes
// each entry.
type triangleHeap []triangle

func (h triangleHeap) less(i, j int) bool {
	if h[i].area != h[j].area {
		return h[i].area < h[j].area
	}
	return h[i].slot < h[j].slot
}

func (h *triangleHeap) push(t triangle) {
	*h = append(*h, t)
	for i := len(*h) - 1; i > 0; {
		up := (i - 1) / 2
		if !h.less(i, up) {
			return
		}
		(*h)[i], (*h)[up] = (*h)[up], (*h)[i]
		i = up
	}
}

func (h *triangleHeap) pop() triangle {
	old := *h
	top, last := old[0], len(old)-1
	old[0] = old[last]
	*h = old[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && h.less(child+1, child) {
			child++
		}
		if !h.less(child, i) {
			return top
		}
		(*h)[i], (*h)[child] = (*h)[child], (*h)[i]
		i = child
	}
}

// pointIndex is a uniform grid of the points that are still there: linked lists
// of slots, one per cell.
type pointIndex struct {
	bound      orb.Bound
	side       float64 // of a cell, in the unit of the coordinates
	cols, rows int
	head       []int32
	prev, next []int32
	points     []orb.Point
}

func newPointIndex(points []orb.Point) pointIndex {
	x := pointIndex{points: points, prev: make([]int32, len(points)), next: make([]int32, len(points))}
	if len(points) == 0 {
		return x
	}
	x.bound = orb.MultiPoint(points).Bound()
	w, h := x.bound.Max[0]-x.bound.Min[0], x.bound.Max[1]-x.bound.Min[1]
	// About one point to a cell, were they spread evenly.
	x.side = max(math.Sqrt(w*h/float64(len(points))), max(w, h)/float64(len(points)), math.SmallestNonzeroFloat64)
	x.cols, x.rows = int(w/x.side)+1, int(h/x.side)+1
	x.head = make([]int32, x.cols*x.rows)
	for i := range x.head {
		x.head[i] = -1
	}
	for slot, p := range points {
		c := x.cell(p)
		x.prev[slot], x.next[slot] = -1, x.head[c]
		if x.head[c] >= 0 {
			x.prev[x.head[c]] = int32(slot)
		}
		x.head[c] = int32(slot)
	}
	return x
}

func (x *pointIndex) col(v float64) int { return min(int((v-x.bound.Min[0])/x.side), x.cols-1) }
func (x *pointIndex) row(v float64) int { return min(int((v-x.bound.Min[1])/x.side), x.rows-1) }
func (x *pointIndex) cell(p orb.Point) int {
	return x.row(p[1])*x.cols + x.col(p[0])
}

func (x *pointIndex) remove(slot int32, p orb.Point) {
	if x.prev[slot] >= 0 {
		x.next[x.prev[slot]] = x.next[slot]
	} else {
		x.head[x.cell(p)] = x.next[slot]
	}
	if x.next[slot] >= 0 {
		x.prev[x.next[slot]] = x.prev[slot]
	}
}

// empty reports whether no point but its corners lies in the closed triangle.
func (x *pointIndex) empty(a, b, c orb.Point) bool {
	lo := orb.Point{min(a[0], b[0], c[0]), min(a[1], b[1], c[1])}
	hi := orb.Point{max(a[0], b[0], c[0]), max(a[1], b[1], c[1])}
	for row := x.row(lo[1]); row <= x.row(hi[1]); row++ {
		for col := x.col(lo[0]); col <= x.col(hi[0]); col++ {
			for slot := x.head[row*x.cols+col]; slot >= 0; slot = x.next[slot] {
				if p := x.points[slot]; p != a && p != b && p != c && inTriangle(a, b, c, p) {
					return false
				}
			}
		}
	}
	return true
}

func inTriangle(a, b, c, p orb.Point) bool {
	u, v, w := cross(a, b, p), cross(b, c, p), cross(c, a, p)
	return (u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0)
}
