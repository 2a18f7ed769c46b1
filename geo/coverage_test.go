package geo

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// square is a counter-clockwise square with its lower left corner at x, y.
func square(x, y, side float64) orb.Ring {
	return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
}

func reversed(r orb.Ring) orb.Ring {
	r = r.Clone()
	r.Reverse()
	return r
}

func planarArea(mp orb.MultiPolygon) float64 {
	var sum float64
	for _, p := range mp {
		for _, r := range p {
			sum += ringArea(r)
		}
	}
	return sum
}

func TestDissolve(t *testing.T) {
	pond := orb.Polygon{square(0, 0, 4), reversed(square(1, 1, 2))}
	tests := []struct {
		name         string
		members      []orb.MultiPolygon
		group        []int
		parts, holes int
		area         float64
	}{
		{"one square", []orb.MultiPolygon{{{square(0, 0, 1)}}}, []int{0}, 1, 0, 1},
		{"wound the wrong way", []orb.MultiPolygon{{{reversed(square(0, 0, 1))}}}, []int{0}, 1, 0, 1},
		{"neighbours", []orb.MultiPolygon{{{square(0, 0, 1)}}, {{square(1, 0, 1)}}}, []int{0, 1}, 1, 0, 2},
		{"an enclave fills its hole", []orb.MultiPolygon{{pond}, {{square(1, 1, 2)}}}, []int{0, 1}, 1, 0, 16},
		{"a hole without its enclave", []orb.MultiPolygon{{pond}, {{square(1, 1, 2)}}}, []int{0}, 1, 1, 12},
		{"the enclave alone", []orb.MultiPolygon{{pond}, {{square(1, 1, 2)}}}, []int{1}, 1, 0, 4},
		{"an island in a lake", []orb.MultiPolygon{{pond}, {{square(1.5, 1.5, 1)}}}, []int{0, 1}, 2, 1, 13},
		{"corners that touch stay two parts", []orb.MultiPolygon{{{square(0, 0, 1)}}, {{square(1, 1, 1)}}}, []int{0, 1}, 2, 0, 2},
		{"a ring that bites itself is a hole", []orb.MultiPolygon{
			{{square(0, 0, 1)}}, {{square(1, 0, 1)}}, {{square(2, 0, 1)}}, {{square(0, 1, 1)}},
			{{square(2, 1, 1)}}, {{square(0, 2, 1)}}, {{square(1, 2, 1)}},
		}, []int{0, 1, 2, 3, 4, 5, 6}, 1, 1, 7},
		{"a degenerate ring", []orb.MultiPolygon{{{{{0, 0}, {1, 0}, {0, 0}}}, {square(3, 3, 1)}}}, []int{0}, 1, 0, 1},
		{"four that touch in a circle stay four", []orb.MultiPolygon{
			{{square(1, 0, 1)}}, {{square(2, 1, 1)}}, {{square(1, 2, 1)}}, {{square(0, 1, 1)}},
		}, []int{0, 1, 2, 3}, 4, 0, 4},
		{"ground claimed twice is covered twice", []orb.MultiPolygon{
			{{{{0, 0}, {1, 0}, {2, 0}, {2, 2}, {0, 2}, {0, 1}, {0, 0}}}}, {{square(0, 0, 1)}},
		}, []int{0, 1}, 2, 0, 5},
		{"nothing", []orb.MultiPolygon{{{square(0, 0, 1)}}}, nil, 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := NewCoverage(tt.members).Dissolve([][]int{tt.group})[0]
			holes := 0
			for _, p := range got {
				holes += len(p) - 1
			}
			if len(got) != tt.parts || holes != tt.holes || planarArea(got) != tt.area {
				t.Errorf("got %d parts, %d holes, area %v; want %d, %d, %v: %v",
					len(got), holes, planarArea(got), tt.parts, tt.holes, tt.area, got)
			}
			checkRings(t, got)
		})
	}
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// checkRings demands closed rings of at least four points, wound as RFC 7946
// wants, each vertex visited once.
func checkRings(t failer, mp orb.MultiPolygon) {
	t.Helper()
	for _, p := range mp {
		for i, r := range p {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				t.Fatalf("ring %v is not closed or too short", r)
			}
			if (ringArea(r) > 0) != (i == 0) {
				t.Fatalf("ring %d of %v is wound the wrong way", i, p)
			}
			seen := map[orb.Point]bool{}
			for _, v := range r[1:] {
				if seen[v] {
					t.Fatalf("ring %v visits %v twice", r, v)
				}
				seen[v] = true
			}
		}
	}
	if at, crosses := SelfCrossing(mp); crosses {
		t.Fatalf("edges cross at %v", at)
	}
}

// patchwork draws a grid of quadrilaterals with jittered corners and crooked
// edges, and colours it with a few members; some ground belongs to nobody.
func patchwork(t *rapid.T) []orb.MultiPolygon {
	n := rapid.IntRange(1, 6).Draw(t, "side")
	jitter := rapid.IntRange(-20, 20)
	at := map[[2]int]orb.Point{}
	corner := func(i, j int) orb.Point { // in quarters of a cell
		k := [2]int{i, j}
		if _, ok := at[k]; !ok {
			at[k] = orb.Point{float64(i) + float64(jitter.Draw(t, "x"))/100, float64(j) + float64(jitter.Draw(t, "y"))/100}
		}
		return at[k]
	}
	var cells []orb.MultiPolygon
	colours := rapid.IntRange(1, 4).Draw(t, "colours")
	groups := make([][]int, colours)
	for i := range n {
		for j := range n {
			var r orb.Ring
			for k := range 4 {
				r = append(r, corner(4*i+k, 4*j))
			}
			for k := range 4 {
				r = append(r, corner(4*i+4, 4*j+k))
			}
			for k := range 4 {
				r = append(r, corner(4*i+4-k, 4*j+4))
			}
			for k := range 4 {
				r = append(r, corner(4*i, 4*j+4-k))
			}
			if c := rapid.IntRange(-1, colours-1).Draw(t, "colour"); c >= 0 {
				groups[c] = append(groups[c], len(cells))
			}
			cells = append(cells, orb.MultiPolygon{{append(r, r[0])}})
		}
	}
	return NewCoverage(cells).Dissolve(groups)
}

func TestDissolveKeepsArea(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		members := patchwork(t)
		all := make([]int, len(members))
		var sum float64
		for m, mp := range members {
			all[m] = m
			sum += planarArea(mp)
			checkRings(t, mp)
		}
		c := NewCoverage(members)
		union := c.Dissolve([][]int{all})[0]
		checkRings(t, union)
		if math.Abs(planarArea(union)-sum) > 1e-9 {
			t.Fatalf("the union's area is %v, its members' %v", planarArea(union), sum)
		}
		for m, mp := range c.Polygons() {
			if math.Abs(planarArea(mp)-planarArea(members[m])) > 1e-9 {
				t.Fatalf("member %d changed", m)
			}
		}
	})
}

func TestSimplifyKeepsNeighboursTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		members := patchwork(t)
		tolerance := rapid.SampledFrom([]float64{0, 0.1, 0.5, 1, 3, 100}).Draw(t, "tolerance")
		simple := NewCoverage(members).Simplify(tolerance)
		polygons := simple.Polygons()
		all := make([]int, len(members))
		var sum float64
		for m, mp := range polygons {
			all[m] = m
			sum += planarArea(mp)
			checkRings(t, mp)
			if len(members[m]) > 0 && len(mp) == 0 {
				t.Fatalf("member %d vanished", m)
			}
		}
		// A gap or a sliver would make the union of what is left, built afresh
		// from its vertices, differ from the sum.
		union := NewCoverage(polygons).Dissolve([][]int{all})[0]
		checkRings(t, union)
		if math.Abs(planarArea(union)-sum) > 1e-9 {
			t.Fatalf("the union's area is %v, its members' %v", planarArea(union), sum)
		}
		if diff := cmp.Diff(planarArea(simple.Dissolve([][]int{all})[0]), planarArea(union), cmp.Comparer(near)); diff != "" {
			t.Fatalf("dissolving before and after differ: %s", diff)
		}
		if o := Overlaps(polygons, 0.05); len(o) > 0 {
			t.Fatalf("overlaps: %v", o)
		}
	})
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestSimplifyDropsIslets(t *testing.T) {
	main, islet := square(0, 0, 10), square(20, 20, 0.5)
	c := NewCoverage([]orb.MultiPolygon{{{main}, {islet}}, {{square(30, 30, 0.5)}}})
	got := c.Simplify(1).Polygons()
	if len(got[0]) != 1 || planarArea(got[0]) != 100 {
		t.Errorf("the islet stayed: %v", got[0])
	}
	if len(got[1]) != 1 {
		t.Errorf("a member's only part went: %v", got[1])
	}
	if got := c.Simplify(0.4).Polygons(); len(got[0]) != 2 {
		t.Errorf("a part larger than the tolerance went: %v", got[0])
	}
}

func TestSnap(t *testing.T) {
	// The right neighbour has a vertex on the left one's edge, and both are off
	// the grid by less than half a step.
	left := orb.Ring{{0, 0}, {1.002, 0.001}, {0.999, 2}, {0, 2}, {0, 0}}
	right := orb.Ring{{1, 0}, {2, 0}, {2, 2}, {1, 2}, {1.001, 1.003}, {1, 0}}
	speck := orb.Ring{{5, 5}, {5.001, 5}, {5, 5.001}, {5, 5}}
	got := Snap([]orb.MultiPolygon{{{left}}, {{right}, {speck}}}, 0.1)
	want := []orb.MultiPolygon{
		{{{{0, 0}, {1, 0}, {1, 1}, {1, 2}, {0, 2}, {0, 0}}}},
		{{{{1, 0}, {2, 0}, {2, 2}, {1, 2}, {1, 1}, {1, 0}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Snap (-want +got):\n%s", diff)
	}
	union := NewCoverage(got).Dissolve([][]int{{0, 1}})[0]
	if len(union) != 1 || planarArea(union) != 4 {
		t.Errorf("the union is %v, want one square of area 4", union)
	}
}

func TestOverlaps(t *testing.T) {
	a, b, c := square(0, 51, 0.1), square(0.09, 51, 0.1), square(0.19, 51, 0.1)
	got := Overlaps([]orb.MultiPolygon{{{a}}, {{b}}, {{c}}}, 0.0005)
	if len(got) != 1 || got[0].A != 0 || got[0].B != 1 {
		t.Fatalf("got %v, want one overlap of 0 and 1", got)
	}
	want := AreaKM2(orb.MultiPolygon{{{{0.09, 51}, {0.1, 51}, {0.1, 51.1}, {0.09, 51.1}, {0.09, 51}}}})
	if math.Abs(got[0].KM2-want) > want/50 {
		t.Errorf("the overlap is %v km2, want about %v", got[0].KM2, want)
	}
	if p := got[0].At; p[0] <= 0.09 || p[0] >= 0.1 {
		t.Errorf("At %v lies outside the overlap", p)
	}
}

func TestSelfCrossing(t *testing.T) {
	bow := orb.Ring{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}
	at, crosses := SelfCrossing(orb.MultiPolygon{{bow}})
	if !crosses || at != (orb.Point{0.5, 0.5}) {
		t.Errorf("the bow tie crosses at %v, %v; want (0.5, 0.5)", at, crosses)
	}
	if at, crosses := SelfCrossing(orb.MultiPolygon{{square(0, 0, 1)}, {square(1, 1, 1)}}); crosses {
		t.Errorf("squares that touch cross at %v", at)
	}
	if _, crosses := SelfCrossing(orb.MultiPolygon{{square(0, 0, 2)}, {square(1, 1, 2)}}); !crosses {
		t.Error("parts that overlap do not cross")
	}
}

func BenchmarkCoverage(b *testing.B) {
	// A crooked chessboard of 100 × 100 cells, 20 vertices an edge: 400,000
	// distinct vertices.
	const n, k = 100, 20
	var cells []orb.MultiPolygon
	at := func(i, j int) orb.Point {
		h := float64((i*7919+j*104729)%1000) / 2500
		return orb.Point{float64(i) + h, float64(j) - h}
	}
	for i := range n {
		for j := range n {
			var r orb.Ring
			for s := range k {
				r = append(r, at(k*i+s, k*j))
			}
			for s := range k {
				r = append(r, at(k*i+k, k*j+s))
			}
			for s := range k {
				r = append(r, at(k*i+k-s, k*j+k))
			}
			for s := range k {
				r = append(r, at(k*i, k*j+k-s))
			}
			cells = append(cells, orb.MultiPolygon{{append(r, r[0])}})
		}
	}
	for b.Loop() {
		NewCoverage(cells).Simplify(3).Polygons()
	}
}
