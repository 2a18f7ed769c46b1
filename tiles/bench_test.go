package tiles_test

import (
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/tiles"
)

// BenchmarkContributions measures a cold tile of 8,000 single contributions,
// scan and all, against orb's encoder alone over the same features, ready made.
func BenchmarkContributions(b *testing.B) {
	all := crowd(8000)
	for i := range all {
		all[i] = fact(all[i].ID, orb.Point{1.29 + float64(i%40)*0.0005, 52.63 + float64(i/40%40)*0.0003}, 9, all[i].Pence)
	}
	made, layers, at := tiles.New(given(b, all)), layersNamed(b, "contributions"), maptile.At(orb.Point{1.3, 52.635}, 12)
	ours := func() []byte {
		tile, err := made.Tile(b.Context(), layers, at, tiles.Query{Filter: data.Filter{}})
		if err != nil {
			b.Fatal(err)
		}
		return tile
	}
	decoded, err := mvt.Unmarshal(ours())
	if err != nil {
		b.Fatal(err)
	}
	if n := len(decoded[0].Features); n < 7000 {
		b.Fatalf("the tile holds %d contributions", n)
	}
	var floor, cold time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := mvt.Marshal(decoded); err != nil {
			b.Fatal(err)
		}
		floor += time.Since(start)
		start = time.Now()
		ours()
		cold += time.Since(start)
	}
	b.ReportMetric(float64(floor)/float64(cold), "orb/tile")
	b.ReportMetric(float64(cold.Microseconds())/1000/float64(b.N), "tile-ms")
}
