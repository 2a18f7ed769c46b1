package data

import (
	"errors"
	"fmt"
	"net/url"
	"testing"

	"pgregory.net/rapid"

	"tributary/geo"
)

// Whatever the rows: on each side rows, other, unallocated and withheld add up
// to its total, and every difference is between the two.
func TestComparisonAddsUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var sides [2]Breakdown
		for i := range sides {
			figure := func(name string) Figure {
				return Figure{Count: rapid.Int64Range(1, 50).Draw(rt, name), Pence: Pence(rapid.Int64Range(0, 1e9).Draw(rt, name+" pence"))}
			}
			b := Breakdown{By: []Dimension{ByType}, Unallocated: figure("unallocated"), Withheld: figure("withheld")}
			b.Total.Add(b.Unallocated)
			b.Total.Add(b.Withheld)
			for n := range 12 {
				if rapid.Bool().Draw(rt, "there") {
					f := figure("row")
					b.Rows = append(b.Rows, BreakdownRow{Values: []string{fmt.Sprint(n)}, Figure: f})
					b.Total.Add(f)
				}
			}
			sides[i] = b
		}
		c := NewComparison(sides[0], sides[1], rapid.IntRange(0, 15).Draw(rt, "top"), func(_ Dimension, v string) string { return v })
		c.Say()
		for i := range sides {
			var sum Figure
			for _, r := range c.Rows {
				sum.Add(r.Figures[i])
				if r.Difference != r.Figures[1].Pence-r.Figures[0].Pence {
					rt.Fatalf("difference of %v is %d", r.Values, r.Difference)
				}
			}
			sum.Add(c.Other[i])
			sum.Add(c.Unallocated[i])
			sum.Add(c.Withheld[i])
			if !sum.Equal(sides[i].Total) {
				rt.Fatalf("side %d adds up to %+v, its total is %+v", i, sum, sides[i].Total)
			}
		}
		var table [2]int64 // pence of the table's rows
		r := c.Report()
		for _, row := range r.Rows {
			for i := range table {
				table[i] += row[r.Kind.column(fmt.Sprintf("value_%d", i+1))].(int64)
			}
		}
		if table != [2]int64{int64(sides[0].Total.Pence), int64(sides[1].Total.Pence)} {
			rt.Fatalf("the table adds up to %v", table)
		}
	})
}

func TestSecondSide(t *testing.T) {
	for _, tt := range []struct{ query, first, second string }{
		{"territory=norfolk&with_territory=suffolk", "territory=norfolk", "territory=suffolk"},
		{"territory=norfolk&theme=safer&with_region=E12000006", "territory=norfolk&theme=safer", "region=E12000006&theme=safer"},
		{"period=2024-25&with_period=2023-24", "period=2024-25", "period=2023-24"},
		{"period=2024-25&with_from=2020&with_to=2021", "period=2024-25", "from=2020&to=2021"},
		{"dims=type&top=5&with_state=audited", "dims=type&top=5", "dims=type&state=audited&top=5"},
	} {
		query, err := url.ParseQuery(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		first, second, err := SecondSide(query)
		if err != nil || first.Encode() != tt.first || second.Encode() != tt.second {
			t.Errorf("%s: %s and %s (%v), want %s and %s", tt.query, first.Encode(), second.Encode(), err, tt.first, tt.second)
		}
	}
	for query, field := range map[string]string{"territory=norfolk": "with_territory", "with_territory=kent&with_dims=type": "with_dims"} {
		values, _ := url.ParseQuery(query)
		_, _, err := SecondSide(values)
		var invalid *Invalid
		if !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v, want a word about %s", query, err, field)
		}
	}
}

func TestComparisonSentence(t *testing.T) {
	names := map[string]string{"norfolk": "Norfolk", "suffolk": "Suffolk"}
	norfolk, suffolk := Filter{Territory: []geo.TerritoryID{"norfolk"}}, Filter{Territory: []geo.TerritoryID{"suffolk"}}
	b := func(hours, money Pence) Breakdown {
		return Breakdown{By: []Dimension{ByType}, Total: Figure{Count: 2, Pence: hours + money}, Rows: []BreakdownRow{
			{Values: []string{"volunteering_time"}, Figure: Figure{Count: 1, Pence: hours}}, {Values: []string{"donation_money"}, Figure: Figure{Count: 1, Pence: money}}}}
	}
	c := NewComparison(b(300_00, 100_00), b(100_00, 100_00), 0, func(d Dimension, v string) string { return d.NameOf(v, nil) })
	c.Sides[0].Name, c.Sides[1].Name = SideName(norfolk, suffolk, names), SideName(suffolk, norfolk, names)
	c.Say()
	want := "Norfolk: £400 in 2 parts of contributions. Suffolk: £200 in 2 parts of contributions, £200 less. They differ most in volunteering time: 75% of the first, 50% of the second."
	if c.Sentence != want {
		t.Errorf("got  %s\nwant %s", c.Sentence, want)
	}
	year := norfolk
	year.From, year.To, _ = ParsePeriod("2024-25")
	if got := SideName(year, norfolk, names) + "; " + SideName(norfolk, year, names); got != "2024-04-01 to 2025-03-31; all years" {
		t.Error(got)
	}
	year.Territory, year.State = nil, []string{"audited"}
	if got := SideName(year, norfolk, names); got != "The United Kingdom, 2024-04-01 to 2025-03-31, state audited" {
		t.Error(got)
	}
}
