package data

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the rows and however many are listed: rows, other, unallocated and
// withheld add up to the total, and the largest come first.
func TestFlowAddsUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		figure := func(name string) Figure {
			return Figure{Count: rapid.Int64Range(0, 50).Draw(rt, name), Pence: Pence(rapid.Int64Range(0, 1e9).Draw(rt, name+" pence")),
				Quantities: map[string]Quantity{rapid.SampledFrom([]string{"hours", "people"}).Draw(rt, "unit"): Quantity(rapid.Int64Range(0, 1e6).Draw(rt, "milli"))}}
		}
		b := Breakdown{By: []Dimension{ByTerritory}, Unallocated: figure("unallocated"), Withheld: figure("withheld")}
		b.Total.Add(b.Unallocated)
		b.Total.Add(b.Withheld)
		for i := range rapid.IntRange(0, 30).Draw(rt, "rows") {
			f := figure("row")
			b.Rows = append(b.Rows, BreakdownRow{Values: []string{fmt.Sprint(i)}, Figure: f})
			b.Total.Add(f)
		}
		flow := NewFlow(b, nil, rapid.IntRange(0, 40).Draw(rt, "top"), func(_ Dimension, v string) string { return "place " + v })
		var sum Figure
		sum.Add(flow.Other)
		sum.Add(flow.Unallocated)
		sum.Add(flow.Withheld)
		for i, r := range flow.Rows {
			sum.Add(r.Figure)
			if i > 0 && r.Pence > flow.Rows[i-1].Pence {
				rt.Fatalf("row %d is larger than the one before it", i)
			}
			if !strings.HasPrefix(r.Names[0], "place ") {
				rt.Fatalf("row %d has no name", i)
			}
		}
		if !sum.Equal(flow.Total) || len(flow.Rows)+flow.Others != len(b.Rows) {
			rt.Fatalf("rows add up to %+v, the total is %+v", sum, flow.Total)
		}
	})
}

func TestPeriodBefore(t *testing.T) {
	for _, tt := range []struct{ from, to, wantFrom, wantTo string }{
		{"2025-04-01", "2026-03-31", "2024-04-01", "2025-03-31"},
		{"2024-03-01", "2024-03-31", "2024-02-01", "2024-02-29"},
		{"2025-01-01", "2025-03-31", "2024-10-01", "2024-12-31"},
		{"2025-01-10", "2025-01-16", "2025-01-03", "2025-01-09"},
		{"2025-01-10", "2025-01-10", "2025-01-09", "2025-01-09"},
	} {
		var f Filter
		f.From, _ = ParseDate(tt.from)
		f.To, _ = ParseDate(tt.to)
		got, ok := f.PeriodBefore()
		if !ok || got.From.String() != tt.wantFrom || got.To.String() != tt.wantTo {
			t.Errorf("before %s to %s: %s to %s, want %s to %s", tt.from, tt.to, got.From, got.To, tt.wantFrom, tt.wantTo)
		}
	}
	if _, ok := (Filter{}).PeriodBefore(); ok {
		t.Error("no period has one before it")
	}
}

func TestFlowSentence(t *testing.T) {
	name := func(_ Dimension, v string) string {
		return map[string]string{"norfolk": "Norfolk", "kent": "Kent", "": "an unknown place"}[v]
	}
	b := Breakdown{By: []Dimension{BySupplierTerritory, ByTerritory}, Total: Figure{Count: 5, Pence: 10_000_00}, Unallocated: Figure{Count: 1, Pence: 1_000_00}, Withheld: Figure{Count: 1, Pence: 500_00},
		Rows: []BreakdownRow{{[]string{"kent", "norfolk"}, Figure{Count: 2, Pence: 6_000_00}}, {[]string{"", "kent"}, Figure{Count: 1, Pence: 2_500_00}}}}
	f := NewFlow(b, &Breakdown{Total: Figure{Pence: 12_000_00}}, 1, name)
	f.Balance = &Balance{Place: "kent", Name: "Kent", From: Figure{Pence: 8_000_00}, Retained: Figure{Pence: 2_000_00}}
	f.Say(" in Norfolk or Kent")
	want := "£10,000 in 5 parts of contributions flowed in Norfolk or Kent, £2,000 less than in the period before. The largest share, 60%, is Kent to Norfolk. £1,000 lies in no known place. £500 may not be shown as finely as this. Of £8,000 from Kent, £2,000 stayed there."
	if f.Sentence != want {
		t.Errorf("%s\nwant %s", f.Sentence, want)
	}
	if f.Others != 1 || f.Other.Pence != 2_500_00 {
		t.Errorf("other %+v", f.Other)
	}
}
