package postgis_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tributary/data"
	"tributary/data/facts"
	"tributary/data/postgis"
	embedded "tributary/data/reference"
)

// compared is one question and its floor, asked in turn: how many times as fast it
// is, and how long both take.
type compared struct {
	fast, slow []time.Duration
	ratios     []float64
}

// again takes the middle of three of the answer, and one of the floor, which
// comes first and so finds nothing warm that the answer does not.
func (c *compared) again(b *testing.B, floor, answer func() error) {
	b.Helper()
	timed := func(f func() error) time.Duration {
		b.Helper()
		start := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	slow := timed(floor)
	fast := []time.Duration{timed(answer), timed(answer), timed(answer)}
	slices.Sort(fast)
	c.fast, c.slow = append(c.fast, fast[1]), append(c.slow, slow)
	c.ratios = append(c.ratios, slow.Seconds()/fast[1].Seconds())
}

func (c *compared) report(b *testing.B, what string) {
	slices.Sort(c.fast)
	slices.Sort(c.slow)
	slices.Sort(c.ratios)
	n := len(c.ratios) / 2
	b.ReportMetric(c.ratios[n], "median-floor/"+what)
	b.ReportMetric(c.ratios[0], "least-floor/"+what)
	b.ReportMetric(float64(c.fast[n].Microseconds())/1000, what+"-ms")
	b.ReportMetric(float64(c.slow[n].Microseconds())/1000, what+"-floor-ms")
}

// BenchmarkQuestions asks what the service exists for, and prints how many times
// as fast the answers are as the straightforward SQL over the same facts, in
// turn: the matrix of the 45 territories, and totals, under forty filters; gaps
// of some territories; what is near a site against ordering the whole table by
// distance, and 500 sites against one. N in the environment says how many facts
// are made up, a million by default; DATABASE is the address of one that is
// full already, such as of a demonstration of ten million.
func BenchmarkQuestions(b *testing.B) {
	url, s := benchDatabase(b)
	fs := loadedFacts(b, url, s)
	for b.Loop() {
		b.ReportMetric(float64(fs.Snapshot().Len()), "facts")
		compareFlows(b, s, fs.Snapshot())
		compareGaps(b, s, fs)
		compareNearby(b, s)
		b.ReportMetric(0, "ns/op")
	}
}

func compareFlows(b *testing.B, s *postgis.Store, snap *facts.Snapshot) {
	var matrix, totals compared
	for _, f := range fixedFilters() {
		var pence, plain int64
		matrix.again(b, func() (err error) {
			plain, err = postgis.PlainMatrix(b.Context(), s, f)
			return err
		}, func() error {
			pence = 0
			for _, r := range snap.Breakdown(f, data.BySupplierTerritory, data.ByTerritory).Rows {
				pence += int64(r.Pence)
			}
			return nil
		})
		if pence != plain {
			b.Fatalf("%s: the matrix in memory adds up to %d pence, in SQL to %d", f.Canonical(), pence, plain)
		}
		totals.again(b, func() (err error) {
			plain, err = postgis.PlainTotals(b.Context(), s, f)
			return err
		}, func() error {
			pence = int64(snap.Totals(f).Total.Pence)
			return nil
		})
		if pence != plain {
			b.Fatalf("%s: %d pence in memory, %d in SQL", f.Canonical(), pence, plain)
		}
	}
	matrix.report(b, "matrix")
	totals.report(b, "totals")
}

func compareGaps(b *testing.B, s *postgis.Store, fs *facts.Facts) {
	var gaps compared
	for _, f := range fixedFilters() {
		if len(f.Territory) != 1 {
			continue
		}
		if g, err := s.Gap(b.Context(), data.Filter{Territory: f.Territory}, data.View{}); err != nil || len(g.Cells) == 0 {
			continue // no plan is loaded
		}
		var slow, fast data.Gap
		gaps.again(b, func() (err error) {
			slow, err = s.Gap(b.Context(), f, data.View{})
			return err
		}, func() (err error) {
			fast, err = s.GapFrom(b.Context(), fs, f, data.View{})
			return err
		})
		if slow.Coarse.Pence != fast.Coarse.Pence || slow.Cells[0].Pence != fast.Cells[0].Pence {
			b.Fatalf("%s: the gap in memory is not that of SQL", f.Canonical())
		}
	}
	gaps.report(b, "gap")
}

func compareNearby(b *testing.B, s *postgis.Store) {
	var near compared
	var sites []string
	for _, t := range embedded.Towns()[:500] {
		sites = append(sites, fmt.Sprintf("%.4f %.4f", t.Lat, t.Lon))
	}
	offer, within := data.Offer{}, float64(data.DefaultNearKm)
	if _, err := s.Nearby(b.Context(), data.Filter{}, sites[:1], offer, within, 20); err != nil {
		b.Fatal(err) // reads the candidates
	}
	for _, t := range embedded.Towns()[:40] {
		near.again(b, func() error { return postgis.PlainNearest(b.Context(), s, t.Lon, t.Lat) }, func() error {
			_, err := s.Nearby(b.Context(), data.Filter{}, []string{fmt.Sprintf("%.4f %.4f", t.Lat, t.Lon)}, offer, within, 20)
			return err
		})
	}
	near.report(b, "nearby")
	var many []time.Duration
	for range 5 {
		start := time.Now()
		if _, err := s.Nearby(b.Context(), data.Filter{}, sites, offer, within, 20); err != nil {
			b.Fatal(err)
		}
		many = append(many, time.Since(start))
	}
	slices.Sort(many)
	b.ReportMetric(float64(many[2].Microseconds())/1000, "nearby-500-ms")
	b.ReportMetric(many[2].Seconds()/near.fast[len(near.fast)/2].Seconds(), "nearby-500/nearby")
}
