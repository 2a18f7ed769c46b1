package postgis_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/maptile/tilecover"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	"tributary/geo"
)

// total adds up the counts of every activity tile of a zoom.
func total(t *testing.T, s *postgis.Store, z maptile.Zoom, within orb.Bound, f data.Filter) (count int) {
	t.Helper()
	for tile := range tilecover.Bound(within, z) {
		b, err := s.Layer(t.Context(), "activities", tile, f)
		if err != nil {
			t.Fatal(err)
		}
		layers, err := mvt.Unmarshal(b)
		if err != nil {
			t.Fatalf("tile %v: %v", tile, err)
		}
		for _, l := range layers {
			if l.Name != "activities" {
				continue
			}
			for _, f := range l.Features {
				count += int(f.Properties["count"].(float64))
			}
		}
	}
	return count
}

func TestActivityTilesAddUpAtEveryZoom(t *testing.T) {
	s := pgtest.Store(t)
	var records []data.ActivityRecord
	box := orb.Bound{Min: orb.Point{1.2, 52.6}, Max: orb.Point{1.35, 52.7}}
	for i := range 200 {
		// A lattice with points on tile edges and some at one spot.
		records = append(records, record(i, fmt.Sprint(i), 1.2+float64(i%13)*0.01, 52.6+float64(i%17)*0.005))
		records[i].Class = data.Sensitivity(i % 3)
	}
	imported(t, s, data.Import{}, records...)
	for z := maptile.Zoom(0); z <= geo.MaxZoom; z++ {
		// Places shown by area or territory stand at its label, elsewhere.
		area := box.Pad(1.5)
		if z > 10 {
			continue
		}
		if got := total(t, s, z, area, data.Filter{}); got != 200 {
			t.Errorf("zoom %d: tiles hold %d places, want 200", z, got)
		}
	}
	if got := total(t, s, 14, box.Pad(0.02), data.Filter{}); got < 120 || got > 200 {
		t.Errorf("zoom 14: tiles hold %d places, want the open ones and those shown by cell", got)
	}
}

func TestTilesAreTheSameBytes(t *testing.T) {
	s := pgtest.Store(t)
	var records []data.ActivityRecord
	for i := range 500 {
		records = append(records, record(i, fmt.Sprint(i), 1.2+float64(i%13)*0.011, 52.6+float64(i%17)*0.0051))
	}
	imported(t, s, data.Import{}, records...)
	for _, layer := range []string{"regions", "territories", "areas", "activities"} {
		at := maptile.At(orb.Point{1.25, 52.65}, 8)
		first, err := s.Layer(t.Context(), layer, at, data.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if len(first) == 0 {
			t.Errorf("layer %s is empty over Norwich", layer)
		}
		for range 5 {
			again, err := s.Layer(t.Context(), layer, at, data.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first, again) {
				t.Errorf("layer %s: other bytes for the same data", layer)
			}
		}
	}
}

// The usual query widens the tile in degrees and loses London at zoom 1.
func TestLowZoomsHoldTheWholeCountry(t *testing.T) {
	s := pgtest.Store(t)
	for z := maptile.Zoom(0); z <= 3; z++ {
		names := map[string]bool{}
		for tile := range tilecover.Bound(geo.UK, z) {
			b, err := s.Layer(t.Context(), "territories", tile, data.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			layers, err := mvt.Unmarshal(b)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range layers {
				for _, f := range l.Features {
					if l.Name == "territories_label" {
						names[f.Properties["id"].(string)] = true
					}
				}
			}
		}
		if len(names) != 45 {
			t.Errorf("zoom %d: %d territories, want 45", z, len(names))
		}
	}
}
