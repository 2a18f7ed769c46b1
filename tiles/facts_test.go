package tiles_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"

	"tributary/data"
	"tributary/data/facts"
	"tributary/data/facts/factstest"
	"tributary/geo"
	"tributary/geo/hex"
	"tributary/tiles"
)

// drawn is a source with facts alone.
type drawn struct {
	*facts.Facts
	labels map[string]orb.Point
}

func (d drawn) LabelPoints(context.Context) (map[string]orb.Point, error) { return d.labels, nil }
func (drawn) ValueNames(context.Context, []string) (map[string]string, error) {
	return map[string]string{}, nil
}
func (drawn) Undrawn(context.Context, string) (int, error)                  { return 0, nil }
func (drawn) Gap(context.Context, data.Filter, data.View) (data.Gap, error) { return data.Gap{}, nil }
func (drawn) GapLayer(context.Context, maptile.Tile, *data.Gap, bool) ([]byte, error) {
	return nil, nil
}

func (drawn) Layer(context.Context, string, maptile.Tile, data.Filter) ([]byte, error) {
	return nil, nil
}

// given loads facts.
func given(t interface{ Fatal(...any) }, all []data.Fact) drawn {
	fs := facts.New(nil)
	err := fs.Load(1, map[string]string{"norfolk": "E12000006", "kent": "E12000008"}, factstest.Load(1, func(_ int, add func(*data.Fact) error) error {
		for i := range all {
			if err := add(&all[i]); err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	return drawn{Facts: fs}
}

// fact makes up a fact at a place; res 8 is told by cell, 9 exactly, 0 by its
// territory alone, -1 nowhere.
func fact(id int64, p orb.Point, res int, pence int64) data.Fact {
	f := data.Fact{ID: id, Day: int32(20000 + id%400), Pence: pence, Quantity: id * 500}
	if res > 0 {
		c, err := hex.At(p, res)
		if err != nil {
			panic(err)
		}
		f.Cell = c
	}
	f.Contribution[15], f.Contribution[14], f.Contribution[13] = byte(id), byte(id>>8), byte(id>>16)
	f.Values[data.FactType] = []byte([]string{"employment", "donation_money"}[id%2])
	f.Values[data.FactState], f.Values[data.FactStanding] = []byte("claimed"), []byte("primary")
	f.Values[data.FactSector] = []byte([]string{"police", "nhs", "council"}[id%3])
	f.Values[data.FactUnit] = []byte("hours")
	if res >= 0 {
		f.Values[data.FactTerritory], f.Values[data.FactRegion] = []byte("norfolk"), []byte("E12000006")
	}
	return f
}

func layersNamed(t interface{ Fatal(...any) }, names string) []tiles.Layer {
	l, err := tiles.ParseLayers(names)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// seams are places on the edges of tiles of low zooms in the kingdom, and
// elsewhere.
var seams = []orb.Point{{0, 51.4779}, {0, 52.48278}, {-2.8125, 54.162434}, {1.40625, 52.48278}, {-5.625, 55.776573}, {-0.703125, 51.618017}, {1.2974, 52.6309}, {-3.17, 51.48}, {-6.3, 58.2}, {-1.1, 60.4}}

// Whatever the facts are, the tiles of every zoom hold each that may be shown by
// cell, once: counts and pence add up to the total without what is withheld or
// unallocated. Checked against the facts themselves, seams included.
func TestTilesAddUpToTheFacts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []data.Fact
		var count, pence int64
		n := rapid.IntRange(1, 25).Draw(t, "facts")
		for i := range n {
			at := rapid.SampledFrom(seams).Draw(t, "near")
			p := orb.Point{at[0] + rapid.Float64Range(-0.02, 0.02).Draw(t, "lon"), at[1] + rapid.Float64Range(-0.02, 0.02).Draw(t, "lat")}
			res := rapid.SampledFrom([]int{9, 8, 9, 8, 0, -1}).Draw(t, "res")
			f := fact(int64(i+1), p, res, rapid.Int64Range(-100, 1e12).Draw(t, "pence"))
			all = append(all, f)
			if res > 0 {
				count, pence = count+1, pence+f.Pence
			}
		}
		src := given(t, all)
		made := tiles.New(src)
		made.TellSums(rapid.SampledFrom([]int{0, 3, 1000}).Draw(t, "one by one"))
		for z := 0; z <= geo.MaxZoom; z++ {
			for _, layer := range []string{"contributions", "heat"} {
				gotCount, gotPence := addedUp(t, made, layer, all, z)
				if gotCount != count || gotPence != pence {
					t.Fatalf("%s at zoom %d: %d parts of %d pence, want %d of %d", layer, z, gotCount, gotPence, count, pence)
				}
			}
		}
	})
}

// addedUp adds up the tiles of a zoom that hold something of some facts. A cell
// that several tiles show is the same in each.
func addedUp(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, made *tiles.Tiles, layer string, all []data.Fact, z int) (count, pence int64) {
	look := map[maptile.Tile]bool{}
	for _, f := range all {
		if f.Cell == 0 {
			continue
		}
		cell := f.Cell
		if res := hex.ForZoom(z); res < cell.Resolution() {
			cell = cell.Key().Parent(res).Cell()
		}
		outline, err := cell.Outline()
		if err != nil {
			t.Fatal(err)
		}
		low, high := maptile.At(outline.Bound().Min, maptile.Zoom(z)), maptile.At(outline.Bound().Max, maptile.Zoom(z))
		for x := low.X; x <= high.X; x++ {
			for y := high.Y; y <= low.Y; y++ {
				look[maptile.New(x, y, maptile.Zoom(z))] = true
			}
		}
	}
	type figure struct{ count, pence float64 }
	cells := map[string]figure{}
	for at := range look {
		b, err := made.Tile(context.Background(), layersNamed(t, layer), at, tiles.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if err := tiles.Verify(b); err != nil {
			t.Fatalf("%s %v: %v", layer, at, err)
		}
		decoded, err := mvt.Unmarshal(b)
		if err != nil {
			t.Fatalf("%s %v: %v", layer, at, err)
		}
		for _, l := range decoded {
			for _, f := range l.Features {
				fig := figure{f.Properties["count"].(float64), f.Properties["pence"].(float64)}
				id := fmt.Sprint(at, f.ID)
				if l.Name != "contributions" {
					id = l.Name + f.Properties["id"].(string)
					if was, ok := cells[id]; ok && was != fig {
						t.Fatalf("zoom %d: the cell %s is %v here and %v there", z, id, fig, was)
					}
				} else if f.ID == nil {
					id = f.Properties["id"].(string)
				}
				if _, ok := cells[id]; ok && l.Name == "contributions" {
					t.Fatalf("zoom %d: %s stands twice", z, id)
				}
				cells[id] = fig
			}
		}
	}
	for _, f := range cells {
		count, pence = count+int64(f.count), pence+int64(f.pence)
	}
	return count, pence
}

// crowd is many facts around a few places.
func crowd(n int) []data.Fact {
	r := rand.New(rand.NewPCG(3, 3))
	all := make([]data.Fact, n)
	for i := range all {
		p := orb.Point{1.29 + r.NormFloat64()*0.03, 52.63 + r.NormFloat64()*0.02}
		all[i] = fact(int64(i+1), p, 8+r.IntN(2), int64(r.IntN(1e6)))
	}
	return all
}

// Two instances, and one after many changes, make the same bytes.
func TestInstancesMakeTheSameTiles(t *testing.T) {
	all := crowd(5000)
	one := given(t, all)
	// The other has been given them one after the other, and some in another form
	// before.
	other := given(t, nil)
	for i := 0; i < len(all); i += 500 {
		part := all[i:min(len(all), i+500)]
		was := make([]data.Fact, len(part))
		for j, f := range part {
			f.Pence++
			was[j] = f
		}
		for _, facts := range [][]data.Fact{was, part} {
			if err := other.Apply(data.FactChanges{Version: int64(i + 2), Facts: facts}); err != nil {
				t.Fatal(err)
			}
		}
	}
	a, b := tiles.New(one), tiles.New(other)
	for z := maptile.Zoom(0); z <= geo.MaxZoom; z++ {
		for _, layer := range []string{"heat", "contributions"} {
			at := maptile.At(orb.Point{1.29, 52.63}, z)
			x, err := a.Tile(t.Context(), layersNamed(t, layer), at, tiles.Query{})
			if err != nil {
				t.Fatal(err)
			}
			y, err := b.Tile(t.Context(), layersNamed(t, layer), at, tiles.Query{})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(x, y) || len(x) == 0 {
				t.Errorf("%s at zoom %d: %d bytes and %d, which differ or are none", layer, z, len(x), len(y))
			}
		}
	}
}
