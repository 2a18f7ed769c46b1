package hex

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string) Cell {
			p := orb.Point{rapid.Float64Range(-8.5, 2).Draw(t, name+" lon"), rapid.Float64Range(49, 61).Draw(t, name+" lat")}
			c, err := At(p, rapid.IntRange(Coarsest, Finest).Draw(t, name+" res"))
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		a, b := at("a"), at("b")
		if a.Key().Cell() != a || a.Key().Res() != a.Resolution() {
			t.Fatalf("%s is %s of resolution %d", a, a.Key().Cell(), a.Key().Res())
		}
		for res := Coarsest; res <= Finest; res++ {
			want := a
			if res < a.Resolution() {
				var err error
				if want, err = a.Parent(res); err != nil {
					t.Fatal(err)
				}
			}
			if got := a.Key().Parent(res).Cell(); got != want {
				t.Fatalf("the parent of %s at %d is %s, want %s", a, res, got, want)
			}
			// Parents are in the order of their children.
			if a.Key() <= b.Key() && a.Key().Parent(res) > b.Key().Parent(res) {
				t.Fatalf("%s, %s: the parents are in another order at %d", a, b, res)
			}
		}
		if p := a.Key().Parent(Coarsest); p < a.Key() {
			t.Fatalf("%s comes before its child %s", p.Cell(), a)
		}
	})
	for _, c := range []Cell{0, 1, -1, 12345} {
		if c.Key() != 0 {
			t.Errorf("%d has a key", c)
		}
	}
	if Key(0).Cell() != 0 {
		t.Error("no key has a cell")
	}
}

func TestSuits(t *testing.T) {
	last := Finest + 1
	for _, size := range []float64{0.001, 0.1, 0.3, 1, 3, 10, 30} {
		res := Suits(orb.Bound{Min: orb.Point{-2, 52}, Max: orb.Point{-2 + size, 52 + size}})
		if res > last || res < Coarsest || res > Finest {
			t.Errorf("a box of %g degrees suits %d, a smaller one %d", size, res, last)
		}
		last = res
	}
	if last != Coarsest {
		t.Errorf("a continent suits %d, want %d", last, Coarsest)
	}
}
