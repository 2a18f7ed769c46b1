package geo

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// edgeGraph holds every distinct edge of a coverage once, with the members on
// either side. It exists only while arcs are cut.
type edgeGraph struct {
	points []orb.Point // by vertex number, in order of first appearance
	edges  []edge
	first  []int32 // edges of vertex v: incident[first[v]:first[v+1]]
	incid  []int32
	done   []bool
}

// edge runs from vertex lo to vertex hi; left and right are as seen on the way.
type edge struct {
	lo, hi      int32
	left, right []int32
}

// edgeUse is one member's use of an edge; sign is +1 if the member lies on the
// left on the way from lo to hi, else -1.
type edgeUse struct {
	lo, hi, member int32
	sign           int32
}

func newEdgeGraph(members []orb.MultiPolygon) *edgeGraph {
	g := &edgeGraph{}
	uses := g.uses(members)
	slices.SortFunc(uses, func(a, b edgeUse) int {
		return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.hi, b.hi), cmp.Compare(a.member, b.member))
	})
	for i := 0; i < len(uses); {
		e := edge{lo: uses[i].lo, hi: uses[i].hi}
		for i < len(uses) && uses[i].lo == e.lo && uses[i].hi == e.hi {
			// A member that runs along an edge both ways (a spike, or two of
			// its own parts side by side) has no border there.
			m, net := uses[i].member, int32(0)
			for ; i < len(uses) && uses[i].lo == e.lo && uses[i].hi == e.hi && uses[i].member == m; i++ {
				net += uses[i].sign
			}
			switch {
			case net > 0:
				e.left = append(e.left, m)
			case net < 0:
				e.right = append(e.right, m)
			}
		}
		if len(e.left)+len(e.right) > 0 {
			g.edges = append(g.edges, e)
		}
	}
	g.index()
	return g
}

// uses numbers the vertices and lists the edges of every ring, turned so that
// the member lies on the left.
func (g *edgeGraph) uses(members []orb.MultiPolygon) []edgeUse {
	number := make(map[orb.Point]int32)
	var uses []edgeUse
	var ids []int32
	for m, mp := range members {
		for _, polygon := range mp {
			for i, ring := range polygon {
				ids = ids[:0]
				for _, p := range ring {
					id, ok := number[p]
					if !ok {
						id = int32(len(g.points))
						number[p] = id
						g.points = append(g.points, p)
					}
					if len(ids) == 0 || ids[len(ids)-1] != id {
						ids = append(ids, id)
					}
				}
				if len(ids) > 1 && ids[0] == ids[len(ids)-1] {
					ids = ids[:len(ids)-1]
				}
				if len(ids) < 3 {
					continue
				}
				sign := int32(1)
				if (ringArea(ring) > 0) != (i == 0) {
					sign = -1
				}
				uses = appendUses(uses, ids, int32(m), sign)
			}
		}
	}
	return uses
}

func appendUses(uses []edgeUse, ids []int32, member, sign int32) []edgeUse {
	a := ids[len(ids)-1]
	for _, b := range ids {
		if a < b {
			uses = append(uses, edgeUse{a, b, member, sign})
		} else {
			uses = append(uses, edgeUse{b, a, member, -sign})
		}
		a = b
	}
	return uses
}

// index lists the edges at each vertex.
func (g *edgeGraph) index() {
	g.first = make([]int32, len(g.points)+1)
	for _, e := range g.edges {
		g.first[e.lo+1]++
		g.first[e.hi+1]++
	}
	for v := range g.points {
		g.first[v+1] += g.first[v]
	}
	g.incid = make([]int32, 2*len(g.edges))
	fill := slices.Clone(g.first)
	for i, e := range g.edges {
		g.incid[fill[e.lo]] = int32(i)
		fill[e.lo]++
		g.incid[fill[e.hi]] = int32(i)
		fill[e.hi]++
	}
	g.done = make([]bool, len(g.edges))
}

func (g *edgeGraph) at(v int32) []int32 { return g.incid[g.first[v]:g.first[v+1]] }

// sides returns the members left and right of edge i when leaving vertex v.
func (g *edgeGraph) sides(i, v int32) (left, right []int32) {
	if e := &g.edges[i]; e.lo == v {
		return e.left, e.right
	}
	return g.edges[i].right, g.edges[i].left
}

func (g *edgeGraph) other(i, v int32) int32 {
	if e := &g.edges[i]; e.lo == v {
		return e.hi
	}
	return g.edges[i].lo
}

// node reports whether the set of neighbours changes at v, so that an arc must
// end there.
func (g *edgeGraph) node(v int32) bool {
	at := g.at(v)
	if len(at) != 2 {
		return true
	}
	l0, r0 := g.sides(at[0], v)
	l1, r1 := g.sides(at[1], v)
	return !slices.Equal(l0, r1) || !slices.Equal(r0, l1)
}

// arcs walks every edge once: first from the nodes, then round the loops that
// have none.
func (g *edgeGraph) arcs() []arc {
	var out []arc
	walkAll := func(start func(v int32) bool) {
		for v := range int32(len(g.points)) {
			if !start(v) {
				continue
			}
			for _, i := range g.at(v) {
				if !g.done[i] {
					out = append(out, g.walk(v, i))
				}
			}
		}
	}
	nodes := make([]bool, len(g.points))
	for v := range nodes {
		nodes[v] = g.node(int32(v))
	}
	walkAll(func(v int32) bool { return nodes[v] })
	walkAll(func(v int32) bool { return !nodes[v] })
	return out
}

// walk follows the border from vertex v along edge i until the next node, or
// back to v.
func (g *edgeGraph) walk(v, i int32) arc {
	a := arc{from: v, points: []orb.Point{g.points[v]}}
	a.left, a.right = g.sides(i, v)
	for {
		g.done[i] = true
		v = g.other(i, v)
		a.points = append(a.points, g.points[v])
		if v == a.from || g.node(v) {
			break
		}
		if at := g.at(v); at[0] == i {
			i = at[1]
		} else {
			i = at[0]
		}
	}
	a.to = v
	a.points = slices.Clip(a.points)
	a.leave, a.arrive = a.points[1], a.points[len(a.points)-2]
	return a
}
