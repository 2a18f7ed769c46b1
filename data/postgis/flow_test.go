package postgis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tributary/data"
)

// Every way of adding up comes to the ledger, and the rows behind a figure are
// as many and as much as it, whatever the filter.
func TestFlowsReconcile(t *testing.T) {
	s := told(t)
	rnd := rand.New(rand.NewPCG(5, 6))
	pick := func(values ...string) []string {
		if rnd.IntN(2) == 0 {
			return nil
		}
		return []string{values[rnd.IntN(len(values))]}
	}
	for range 60 {
		f := data.Filter{Sector: pick("police", "council"), Measure: pick("norfolk:PC5", "norfolk:CC2"), State: pick("claimed", "audited", "rejected")}
		for _, r := range pick("E12000006", "E12000008") {
			f.Region = append(f.Region, "")
			f.Region[0] = "E12000006"
			if r != "E12000006" {
				f.Region[0] = "E12000008"
			}
		}
		totals, err := s.Totals(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range [][]data.Dimension{{data.ByTerritory}, {data.ByRegion}, {data.ByArea}, {data.ByMonth}, {data.BySupplierTerritory, data.ByTerritory}, {data.BySector, data.ByState}} {
			b, err := s.Breakdown(t.Context(), f, by...)
			if err != nil {
				t.Fatal(err)
			}
			flow := data.NewFlow(b, nil, 2, func(_ data.Dimension, v string) string { return v })
			var sum data.Figure
			for _, r := range flow.Rows {
				sum.Add(r.Figure)
			}
			sum.Add(flow.Other)
			sum.Add(flow.Unallocated)
			sum.Add(flow.Withheld)
			if !sum.Equal(totals.Total.Figure) {
				t.Errorf("%s by %v: %+v, the ledger has %+v", f.Canonical(), by, sum, totals.Total.Figure)
			}
		}
		var all data.Figure
		var ids []int64
		v := data.View{Limit: 2}
		for {
			page, err := s.Contributions(t.Context(), f, v)
			if err != nil {
				t.Fatal(err)
			}
			if int64(page.Matched) != totals.Total.Count {
				t.Fatalf("%s: %d matched, the total counts %d", f.Canonical(), page.Matched, totals.Total.Count)
			}
			for _, c := range page.Items {
				g := data.Figure{Count: 1, Pence: c.Pence}
				if c.Unit != "" {
					g.Quantities = map[string]data.Quantity{c.Unit: c.Quantity}
				}
				all.Add(g)
				ids = append(ids, c.Fact)
			}
			if v.After = page.After; v.After == "" {
				break
			}
		}
		if !all.Equal(totals.Total.Figure) || !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Errorf("%s: the rows %v are %+v, the total %+v", f.Canonical(), ids, all, totals.Total.Figure)
		}
		n := 0
		if err := s.EachContribution(t.Context(), f, func(data.PublicContribution) error { n++; return nil }); err != nil || n != len(ids) {
			t.Errorf("%s: %d rows in the whole list, %d in its pages, %v", f.Canonical(), n, len(ids), err)
		}
	}
	names, err := s.ValueNames(t.Context(), []string{"norfolk", "E12000006", "norfolk:PC5", "norfolk:preventing-crime"})
	if err != nil || fmt.Sprint(names["norfolk"], names["E12000006"], names["norfolk:preventing-crime"]) != "NorfolkEast of EnglandPreventing Crime" || names["norfolk:PC5"] == "" {
		t.Errorf("names %v, %v", names, err)
	}
}
