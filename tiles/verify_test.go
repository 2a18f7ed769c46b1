package tiles_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/geo"
	"tributary/tiles"
	"tributary/tiles/tiletest"
)

// disputed are fixtures whose verdict contradicts another's: no verifier that
// goes by the bytes could give both.
var disputed = map[string]string{
	"016": "the same bytes as 003, which is invalid: a geometry without a type",
	"057": "a command for more points than there are, as in 051, 052 and 058, which are invalid",
	"061": "no version, as in 024, which is invalid under version 1 too",
}

// The verdicts of Mapbox's fixtures, under both versions of the specification.
func TestFixtures(t *testing.T) {
	dir := tiletest.App(t, "node_modules/@mapbox/mvt-fixtures/fixtures")
	names, err := filepath.Glob(filepath.Join(dir, "*", "tile.mvt"))
	if err != nil || len(names) != 74 {
		t.Fatalf("there are %d fixtures (%v), want 74", len(names), err)
	}
	for _, name := range names {
		tile, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var info struct {
			Description string
			Validity    struct{ V1, V2 bool }
		}
		b, err := os.ReadFile(filepath.Join(filepath.Dir(name), "info.json"))
		if err == nil {
			err = json.Unmarshal(b, &info)
		}
		if err != nil {
			t.Fatal(err)
		}
		for version, want := range map[int]bool{1: info.Validity.V1, 2: info.Validity.V2} {
			number := filepath.Base(filepath.Dir(name))
			if err := tiles.Valid(tile, version); (err == nil) != (want && disputed[number] == "") {
				t.Errorf("%s (%.80s): version %d: %v, want valid %t", number, info.Description, version, err, want)
			}
		}
		if tiles.Verify(tile) == nil && !info.Validity.V2 {
			t.Errorf("%s passes as ours", name)
		}
	}
}

// What we advise against is an error in our own tiles.
func TestVerifyIsStrict(t *testing.T) {
	b, err := tiles.New(given(t, crowd(50))).Tile(t.Context(), layersNamed(t, "contributions"), maptile.At(orb.Point{1.29, 52.63}, 6), tiles.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for name, tile := range map[string][]byte{"twice": append(append([]byte{}, b...), b...), "cut": b[:len(b)-1], "noise": []byte("not a tile"), "version 1": append(b[:len(b)-1:len(b)-1], 1)} {
		if tiles.Verify(tile) == nil {
			t.Errorf("%s: it passes", name)
		}
	}
	if err := tiles.Verify(b); err != nil {
		t.Error(err)
	}
}

// Two decoders see the same in what is encoded here, at every zoom.
func TestDecodersAgree(t *testing.T) {
	all := crowd(3000)
	for i := range all {
		all[i].Values[data.FactSupplierTerritory] = []byte([]string{"norfolk", "kent", "suffolk"}[i%3])
	}
	src := given(t, all)
	src.labels = map[string]orb.Point{"norfolk": {1.0, 52.7}, "kent": {0.75, 51.2}, "suffolk": {1.05, 52.2}}
	made, encoded := tiles.New(src), map[string][]byte{}
	for z := range maptile.Zoom(geo.MaxZoom + 1) {
		for _, layer := range []string{"heat", "contributions", "flows", "heat,contributions,flows"} {
			for _, p := range []orb.Point{{1.29, 52.63}, {0.9, 52}} {
				b, err := made.Tile(t.Context(), layersNamed(t, layer), maptile.At(p, z), tiles.Query{Metric: data.MetricQuantity})
				if err != nil {
					t.Fatal(err)
				}
				if len(b) > 0 {
					encoded[fmt.Sprint(layer, p, z)] = b
				}
			}
		}
	}
	if len(encoded) < 60 {
		t.Errorf("there are %d tiles", len(encoded))
	}
	tiletest.Agree(t, encoded)
}

func FuzzVerify(f *testing.F) {
	b, err := tiles.New(given(f, crowd(20))).Tile(f.Context(), layersNamed(f, "heat,contributions"), maptile.At(orb.Point{1.29, 52.63}, 9), tiles.Query{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte{0x1a, 0x02, 0x78, 0x02})
	f.Fuzz(func(t *testing.T, tile []byte) {
		if tiles.Verify(tile) == nil && tiles.Valid(tile, 2) != nil {
			t.Error("the strict verifier passes what the specification does not")
		}
	})
}

// Whatever is asked for is a query whose canonical spelling asks the same, or is
// refused.
func FuzzLayers(f *testing.F) {
	for _, s := range []string{"heat", "regions,territories", "", ",", "heat,heat", "gaps"} {
		f.Add(s, "5", "pence", "hours", "cell")
	}
	f.Fuzz(func(t *testing.T, names, res, metric, unit, by string) {
		layers, err := tiles.ParseLayers(names)
		if err != nil {
			return
		}
		q, err := tiles.NewQuery(layers, data.Filter{Territory: []geo.TerritoryID{"kent"}}, data.View{Res: res, Metric: metric, Unit: unit, By: by})
		if err != nil {
			return
		}
		v := q.Values()
		again, err := tiles.NewQuery(layers, q.Filter, data.View{Res: v.Get("res"), Metric: v.Get("metric"), Unit: v.Get("unit"), By: v.Get("by")})
		if err != nil || again.Canonical() != q.Canonical() {
			t.Errorf("%q is %q again, %v", q.Canonical(), again.Canonical(), err)
		}
	})
}
