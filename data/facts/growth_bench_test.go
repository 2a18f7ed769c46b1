package facts

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/facts/factstest"
	"tributary/geo"
	"tributary/geo/hex"
)

// The kingdom that growth is measured over: 45 territories of eight areas each,
// on a grid.
const (
	growthTerritories = 45
	growthAreas       = 8 * growthTerritories
)

var growthStates = []string{"audited", "evidenced", "provider_confirmed", "claimed", "rejected"}

type growthSpot struct {
	cell hex.Cell
	area int
}

func growthSpots(b *testing.B, r *rand.Rand, n int) []growthSpot {
	spots := make([]growthSpot, n)
	for i := range spots {
		// The first areas are the most crowded ones.
		area := int(r.Float64() * r.Float64() * growthAreas)
		p := orb.Point{-5 + float64(area%20)*0.3 + r.Float64()*0.3, 50.5 + float64(area/20)*0.3 + r.Float64()*0.3}
		cell, err := hex.At(p, hex.Public)
		if err != nil {
			b.Fatal(err)
		}
		spots[i] = growthSpot{cell, area}
	}
	return spots
}

// growthFact makes a fact of values as many and as skewed as those of the
// kingdom.
func growthFact(r *rand.Rand, f *data.Fact, spots []growthSpot, suppliers int) {
	spot := spots[r.IntN(len(spots))]
	skewed := func(n int) int { return int(r.Float64() * r.Float64() * float64(n)) }
	id := func(c data.FactColumn, n int) { v := org(int(c), n); f.Values[c] = v[:] }
	text := func(c data.FactColumn, prefix string, n int) {
		f.Values[c] = strconv.AppendInt(append(f.Values[c][:0], prefix...), int64(n), 10)
	}
	f.Cell = spot.cell
	f.Day, f.Pence, f.Quantity = 18000+int32(r.IntN(6*365)), int64(100+skewed(1e6)), int64(skewed(40)*500)
	f.Contribution = [16]byte{}
	f.Contribution[0], f.Contribution[1] = byte(f.ID), 1
	for i := range 6 {
		f.Contribution[2+i] = byte(f.ID >> (8 * i))
	}
	if r.IntN(10) == 0 { // parts of one contribution
		f.Contribution = org(99, int(f.ID/20))
	}
	text(data.FactTerritory, "territory-", spot.area/8)
	text(data.FactRegion, "E1200", spot.area/32)
	text(data.FactArea, "E07", spot.area)
	if r.IntN(8) == 0 {
		f.Cell, f.Values[data.FactArea] = 0, nil
	}
	if r.IntN(40) == 0 {
		f.Cell, f.Values[data.FactArea], f.Values[data.FactTerritory], f.Values[data.FactRegion] = 0, nil, nil, nil
	}
	measure := skewed(22)
	text(data.FactMeasure, "measure-", spot.area/8*22+measure)
	text(data.FactPriority, "priority-", spot.area/8*3+measure/8)
	f.Values[data.FactUnit] = []byte([]string{"hours", "people", "trees"}[measure%3])
	f.Values[data.FactType] = []byte(data.ContributionTypes[measure%18])
	text(data.FactBeneficiaries, "beneficiary-", measure)
	f.Values[data.FactState] = []byte(growthStates[skewed(5)])
	f.Values[data.FactStanding] = []byte(data.Standings[skewed(4)])
	// A contract has one buyer and one supplier, an activity one provider.
	contract := spot.area*(20*suppliers/growthAreas) + skewed(20*suppliers/growthAreas)
	id(data.FactContract, contract+1)
	supplier := contract * contract % suppliers
	id(data.FactSupplier, supplier+1)
	text(data.FactSupplierTerritory, "territory-", supplier%growthTerritories)
	text(data.FactSupplierArea, "E07", supplier%growthAreas)
	buyer := spot.area*3 + contract%3
	id(data.FactBuyer, buyer+1)
	text(data.FactBuyerTerritory, "territory-", spot.area/8)
	text(data.FactBuyerArea, "E07", spot.area)
	f.Values[data.FactSector] = []byte(data.Sectors[buyer%6])
	activity := skewed(2 * suppliers)
	id(data.FactActivity, activity+1)
	id(data.FactProvider, activity/2+1)
	f.Values[data.FactThemes] = []byte([]string{"safer", "healthier", "resilient\x00safer"}[activity%3])
}

func growthFacts(b *testing.B, n int) *Snapshot {
	regions := map[string]string{}
	for t := range growthTerritories {
		regions[fmt.Sprintf("territory-%d", t)] = fmt.Sprintf("E1200%04d", t/4)
	}
	fs := New(nil)
	err := fs.Load(1, regions, factstest.Load(2, func(part int, add func(*data.Fact) error) error {
		r := rand.New(rand.NewPCG(uint64(part), 1))
		spots := growthSpots(b, r, min(n/4, 200_000))
		var f data.Fact
		for i := range n / 2 {
			f.ID = int64(2*i + part)
			growthFact(r, &f, spots, 20_000)
			if err := add(&f); err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil {
		b.Fatal(err)
	}
	return fs.Snapshot()
}

// growthFilters are those that places, offices and the front page ask with.
func growthFilters() []data.Filter {
	day := func(y, m int) data.Date { return data.NewDate(y, time.Month(m), 1) }
	out := []data.Filter{{}, {State: growthStates[:2]}, {Type: data.ContributionTypes[3:4]}, {Standing: data.Standings[:1]}, {From: day(2021, 1), To: day(2021, 12).AddDays(30)}}
	for i := range 5 {
		t := []geo.TerritoryID{geo.TerritoryID(fmt.Sprintf("territory-%d", 9*i))}
		sector := data.Sectors[i : i+1]
		out = append(out, data.Filter{Territory: t}, data.Filter{Territory: t, Sector: sector}, data.Filter{Territory: t, From: day(2020+i, 4), To: day(2021+i, 3).AddDays(30)},
			data.Filter{Territory: t, State: growthStates[3:4], Type: data.ContributionTypes[1:3]}, data.Filter{Sector: sector},
			data.Filter{Sector: sector, Type: data.ContributionTypes[i : i+1]}, data.Filter{Sector: sector, From: day(2020, 1+i), To: day(2021, 4+i).AddDays(-1)})
	}
	return out
}

// BenchmarkGrowth asks the same questions over a hundred thousand facts and over
// a hundred times as many, and prints how many times as long the answers take:
// under a hundred is less than linear.
func BenchmarkGrowth(b *testing.B) {
	const few, times = 100_000, 100
	small, large := growthFacts(b, few), growthFacts(b, few*times)
	res := 6
	questions := []struct {
		name string
		ask  func(s *Snapshot, f data.Filter)
	}{
		{"totals", func(s *Snapshot, f data.Filter) { s.Totals(f) }},
		{"by-state", func(s *Snapshot, f data.Filter) { s.Breakdown(f, data.ByState) }},
		{"matrix", func(s *Snapshot, f data.Filter) { s.Breakdown(f, data.BySupplierTerritory, data.ByTerritory) }},
		{"gap", func(s *Snapshot, f data.Filter) { s.GapSums(nil, f) }},
		{"heat", func(s *Snapshot, f data.Filter) {
			s.Heat(data.HeatQuery{Filter: f, Res: res, Metric: data.MetricPence})
		}},
	}
	for b.Loop() {
		for _, q := range questions {
			var growth, took []float64
			for _, f := range growthFilters() {
				middle := func(s *Snapshot) float64 {
					all := make([]float64, 5)
					for i := range all {
						start := time.Now()
						q.ask(s, f)
						all[i] = time.Since(start).Seconds()
					}
					slices.Sort(all)
					return all[2]
				}
				slow := middle(large)
				took = append(took, slow)
				growth = append(growth, slow/middle(small))
			}
			slices.Sort(growth)
			slices.Sort(took)
			b.ReportMetric(growth[len(growth)/2], "times-"+q.name)
			b.ReportMetric(growth[len(growth)-1], "most-times-"+q.name)
			b.ReportMetric(took[len(took)/2]*1000, q.name+"-ms")
		}
		b.ReportMetric(0, "ns/op")
	}
}
