package geo

import "github.com/paulmach/orb"

// Coverage is a set of polygons that share borders, kept as arcs: each stretch
// of border between two nodes is stored once, whoever lies on its sides. So a
// change to an arc changes both neighbours alike, and an arc that two members
// of a group share vanishes when the group is dissolved.
//
// The idea is that of a topology, as in TopoJSON (M. Bostock, "How To Infer
// Topology", 2013) and coverage simplification in JTS (M. Davis, 2022).
//
// Coordinates are planar in whatever unit the polygons had. Borders are shared
// where vertices are exactly equal: use [Snap] first if they are only nearly
// so. A Coverage is immutable and safe for concurrent use. It does not insist
// on being free of overlaps (see [Overlaps]); each member keeps its own shape
// even where two overlap.
type Coverage struct {
	arcs    []arc
	members [][]arcPolygon
}

// arc is a stretch of border from one node to the next, or a closed loop
// without nodes, whose first and last points are then equal.
type arc struct {
	points []orb.Point
	// from and to are the node's vertex numbers; equal for loops.
	from, to int32
	// leave and arrive are the second and the last but one point before any
	// simplification: they order the arcs around a node.
	leave, arrive orb.Point
	// left and right list the members on either side, ascending; none is the
	// outside.
	left, right []int32
	dropped     bool
}

// arcRef names an arc and the direction in which it is followed: n forwards,
// ^n (negative) backwards.
type arcRef int32

func (r arcRef) index() int32 {
	if r < 0 {
		return int32(^r)
	}
	return int32(r)
}

// arcPolygon is an exterior ring and its holes, each a cycle of arcs with the
// polygon on the left.
type arcPolygon [][]arcRef

// NewCoverage cuts the borders of the members into arcs in O(n log n) for n
// vertices. Rings may be wound either way; rings with fewer than three
// distinct vertices are ignored.
func NewCoverage(members []orb.MultiPolygon) *Coverage {
	g := newEdgeGraph(members)
	c := &Coverage{arcs: g.arcs(), members: make([][]arcPolygon, len(members))}
	refs := make([][]arcRef, len(members))
	for i, a := range c.arcs {
		for _, m := range a.left {
			refs[m] = append(refs[m], arcRef(i))
		}
		for _, m := range a.right {
			refs[m] = append(refs[m], ^arcRef(i))
		}
	}
	for m := range members {
		c.members[m] = c.polygons(refs[m])
	}
	return c
}

// Polygons returns the members in the order given, each a valid multipolygon
// if it was one: exterior rings counter-clockwise, holes clockwise, closed
// (RFC 7946, section 3.1.6). The slices are fresh and may be changed.
func (c *Coverage) Polygons() []orb.MultiPolygon {
	out := make([]orb.MultiPolygon, len(c.members))
	for m, polygons := range c.members {
		out[m] = c.multiPolygon(polygons)
	}
	return out
}

// Dissolve returns the exact union of each group of members, given by their
// indices, wound as in [Coverage.Polygons]; where members overlap, that ground
// is covered twice. An arc is dropped if members of
// the group lie on both of its sides; what remains is stitched into rings. No
// coordinate is computed, so the union of territories has exactly their
// vertices. Indices out of range panic.
func (c *Coverage) Dissolve(groups [][]int) []orb.MultiPolygon {
	in := make([]bool, len(c.members))
	out := make([]orb.MultiPolygon, len(groups))
	for g, group := range groups {
		clear(in)
		for _, m := range group {
			in[m] = true
		}
		out[g] = c.multiPolygon(c.polygons(c.border(in)))
	}
	return out
}

// border lists the arcs that bound the set of members, with the set on the
// left. An arc that the set claims twice on one side, as overlapping members
// do, is listed twice: so as many arcs leave every node as reach it, and rings
// close whatever the members.
func (c *Coverage) border(in []bool) []arcRef {
	count := func(side []int32) (n int) {
		for _, m := range side {
			if in[m] {
				n++
			}
		}
		return n
	}
	var refs []arcRef
	for i, a := range c.arcs {
		if a.dropped {
			continue
		}
		for net := count(a.left) - count(a.right); net != 0; {
			if net > 0 {
				refs = append(refs, arcRef(i))
				net--
			} else {
				refs = append(refs, ^arcRef(i))
				net++
			}
		}
	}
	return refs
}

func (c *Coverage) multiPolygon(polygons []arcPolygon) orb.MultiPolygon {
	mp := make(orb.MultiPolygon, len(polygons))
	for i, p := range polygons {
		mp[i] = make(orb.Polygon, len(p))
		for j, r := range p {
			mp[i][j] = c.ring(r)
		}
	}
	return mp
}

// ring concatenates arcs into a closed ring.
func (c *Coverage) ring(refs []arcRef) orb.Ring {
	n := 1
	for _, r := range refs {
		n += len(c.arcs[r.index()].points) - 1
	}
	ring := make(orb.Ring, 0, n)
	for _, r := range refs {
		pts := c.arcs[r.index()].points
		if r >= 0 {
			ring = append(ring, pts[:len(pts)-1]...)
			continue
		}
		for i := len(pts) - 1; i > 0; i-- {
			ring = append(ring, pts[i])
		}
	}
	return append(ring, ring[0])
}
