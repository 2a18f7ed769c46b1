package data

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Given is what was contributed by place, with the state of its evidence, all
// at one version. Rows, Unallocated and Withheld add up to Totals.
type Given struct {
	Totals Totals
	// Committed stands beside, never added; nil where the filter asks for states
	// of its own.
	Committed *Figure
	States    StatePence // of everything
	Rows      []GivenRow
	// Unallocated lies nowhere that was told; Withheld may not be told by place.
	Unallocated, Withheld Figure
	People                Populations
	Sentence              string
}

// GivenRow is one place.
type GivenRow struct {
	Code, Name string
	Figure
	Share  float64 // of the total
	States StatePence
	// PerHeadPence is its pence by its people, if they are known.
	PerHeadPence *float64
}

// StatePence is pence by state of evidence.
type StatePence map[string]Pence

// Sure is what is evidenced or audited.
func (e StatePence) Sure() Pence { return e["evidenced"] + e["audited"] }

// AskGiven asks what was contributed by territory, region or area.
func AskGiven(ctx context.Context, src Asked, f Filter, by Dimension) (Given, error) {
	g := Given{States: StatePence{}}
	var b, states Breakdown
	err := steady(func() (same bool, err error) {
		if b, err = src.Breakdown(ctx, f, by, ByState); err != nil {
			return false, err
		}
		if g.Totals, err = src.Totals(ctx, f); err != nil {
			return false, err
		}
		if states, err = src.Breakdown(ctx, f, ByState); err != nil {
			return false, err
		}
		same = g.Totals.Version == b.Version && states.Version == b.Version
		if len(f.State) == 0 {
			beside := f
			beside.State = []string{"committed"}
			t, err := src.Totals(ctx, beside)
			if err != nil {
				return false, err
			}
			g.Committed, same = &t.Total.Figure, same && t.Version == b.Version
		}
		return same, nil
	})
	if err != nil {
		return g, err
	}
	for _, r := range states.Rows {
		g.States[r.Values[0]] += r.Pence
	}
	g.Unallocated, g.Withheld = b.Unallocated, b.Withheld
	if g.People, err = src.Populations(ctx, f); err != nil {
		return g, err
	}
	name, err := valueNamer(ctx, src, b.Rows...)
	if err != nil {
		return g, err
	}
	g.Rows = givenRows(b, g.People, name)
	places, err := src.Names(ctx, f)
	g.Sentence = g.Totals.Sentence(In(f, places))
	return g, err
}

// givenRows joins the states of each place, in the order of their names.
func givenRows(b Breakdown, people Populations, name func(Dimension, string) string) []GivenRow {
	at := map[string]int{}
	rows := []GivenRow{}
	for _, r := range b.Rows {
		code, state := r.Values[0], r.Values[1]
		i, ok := at[code]
		if !ok {
			i = len(rows)
			at[code] = i
			rows = append(rows, GivenRow{Code: code, Name: name(b.By[0], code), States: StatePence{}})
		}
		rows[i].Add(r.Figure)
		rows[i].States[state] += r.Pence
	}
	for i := range rows {
		r := &rows[i]
		r.Share = shareOf(r.Figure, b.Total)
		if n := people.Of[r.Code]; n > 0 {
			v := math.Round(float64(r.Pence)/n*100) / 100
			r.PerHeadPence = &v
		}
	}
	slices.SortFunc(rows, func(a, b GivenRow) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Code, b.Code)) })
	return rows
}
