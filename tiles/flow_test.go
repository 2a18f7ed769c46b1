package tiles_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/maptile/tilecover"

	"tributary/data"
	"tributary/geo"
	"tributary/tiles"
)

// Every flow is drawn at every zoom, as a curve or where it stays, and all of
// them add up to what is delivered in a known place.
func TestFlowsAreWhole(t *testing.T) {
	var all []data.Fact
	var pence int64
	ends := []string{"norfolk", "kent", "", "suffolk"}
	for i := range 40 {
		f := fact(int64(i+1), orb.Point{1.3, 52.6}, 9, int64(i+1)*100)
		f.Values[data.FactTerritory] = []byte(ends[i%2])
		if origin := ends[i%4]; i%3 > 0 && origin != "" {
			f.Values[data.FactSupplierTerritory] = []byte(origin)
		} else if i%5 == 0 {
			f.Values[data.FactSupplierTerritory] = []byte("suffolk")
		}
		pence += f.Pence
		all = append(all, f)
	}
	all = append(all, fact(99, orb.Point{}, -1, 77)) // nowhere
	src := given(t, all)
	src.labels = map[string]orb.Point{"norfolk": {1.0, 52.7}, "kent": {0.75, 51.2}, "suffolk": {1.05, 52.2}}
	made := tiles.New(src)
	for z := maptile.Zoom(0); z <= 10; z++ {
		seen := map[string]float64{}
		for at := range tilecover.Bound(orb.Bound{Min: orb.Point{0.2, 51}, Max: orb.Point{1.7, 53}}, z) {
			b, err := made.Tile(t.Context(), layersNamed(t, "flows"), at, tiles.Query{})
			if err != nil {
				t.Fatal(err)
			}
			if err := tiles.Verify(b); err != nil {
				t.Fatalf("%v: %v", at, err)
			}
			decoded, err := mvt.Unmarshal(b)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range decoded {
				for _, f := range l.Features {
					id := f.Properties["id"].(string)
					from, to, _ := strings.Cut(id, "/")
					if within := from == "" || from == to; within != (l.Name == "flows_within") {
						t.Errorf("%s stands in %s", id, l.Name)
					}
					seen[id] = f.Properties["pence"].(float64)
				}
			}
		}
		sum := 0.0
		for _, p := range seen {
			sum += p
		}
		if sum != float64(pence) {
			t.Errorf("zoom %d: flows of %.0f pence in %d, want %d", z, sum, len(seen), pence)
		}
	}
	src.labels = nil
	if _, err := tiles.New(src).Tile(t.Context(), layersNamed(t, "flows"), maptile.New(0, 0, 0), tiles.Query{}); err == nil {
		t.Error("a flow that cannot be drawn is left out")
	}
}

// What is asked for wrongly, or asks for too much, is refused by name.
func TestQueriesAreRefused(t *testing.T) {
	for _, test := range []struct {
		layers, says string
		f            data.Filter
		v            data.View
	}{
		{"flows,needs", "sector does not apply to the layer needs", data.Filter{Sector: []string{"nhs"}}, data.View{}},
		{"activities,heat", "sector does not apply to the layer activities", data.Filter{Sector: []string{"police"}}, data.View{}},
		{"hubs", "measure", data.Filter{Measure: []string{"x"}}, data.View{}},
		{"heat", `"2" is not a resolution`, data.Filter{}, data.View{Res: "2"}},
		{"heat", `"10" is not a resolution`, data.Filter{}, data.View{Res: "10"}},
		{"activities", "res does not apply to the layer activities", data.Filter{}, data.View{Res: "5"}},
		{"heat", "name one", data.Filter{}, data.View{Metric: "quantity"}},
		{"heat", "metric=quantity alone", data.Filter{}, data.View{Unit: "hours"}},
		{"heat", "per head", data.Filter{}, data.View{Metric: "per_head"}},
		{"gaps", "one territory at a time", data.Filter{}, data.View{}},
		{"gaps", "is for by=cell alone", data.Filter{Territory: []geo.TerritoryID{"kent"}}, data.View{Res: "5"}},
	} {
		_, err := tiles.NewQuery(layersNamed(t, test.layers), test.f, test.v)
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), ": ", " "), test.says) {
			t.Errorf("%s %s %+v: %v, want %q", test.layers, test.f.Canonical(), test.v, err, test.says)
		}
	}
	all := crowd(10)
	made := tiles.New(given(t, all))
	centre, err := all[0].Cell.Centre()
	if err != nil {
		t.Fatal(err)
	}
	for z := range geo.MaxZoom + 1 {
		for res := 3; res <= 9; res++ {
			q, err := tiles.NewQuery(layersNamed(t, "heat"), data.Filter{}, data.View{Res: fmt.Sprint(res)})
			if err != nil {
				t.Fatal(err)
			}
			at := maptile.At(centre, maptile.Zoom(z))
			b, err := made.Tile(t.Context(), layersNamed(t, "heat"), at, q)
			if err != nil != (res > tiles.FinestAt(z)) {
				t.Errorf("resolution %d at zoom %d: %v", res, z, err)
			}
			// No cell is too small to be drawn, nor too large.
			if err == nil {
				if len(b) == 0 {
					t.Errorf("resolution %d at zoom %d: nothing is drawn", res, z)
				}
				if err := tiles.Verify(b); err != nil {
					t.Errorf("resolution %d at zoom %d: %v", res, z, err)
				}
			}
		}
	}
}

// endless is a source whose layers are too large.
type endless struct{ drawn }

func (endless) Layer(context.Context, string, maptile.Tile, data.Filter) ([]byte, error) {
	return make([]byte, 3<<20), nil
}

// A tile that is too large is an error that says what to do, not a part of one.
func TestRunawayTilesAreStopped(t *testing.T) {
	b, err := tiles.New(endless{given(t, nil)}).Tile(t.Context(), layersNamed(t, "activities"), maptile.New(0, 0, 0), tiles.Query{})
	var bad *data.Invalid
	if b != nil || !errors.As(err, &bad) || !strings.Contains(bad.Reason, "deeper zoom") {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}
