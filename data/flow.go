package data

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Flow is where value goes: figures by one or two dimensions, such as the
// place of origin and the place of delivery. Rows, Other, Unallocated and
// Withheld add up to Total, unless a dimension overlaps.
type Flow struct {
	Query   string      `json:"query"`
	Version int64       `json:"version"` // of the facts that this is exact at
	By      []Dimension `json:"by"`
	Total   Figure      `json:"total"`
	// Before is the total of the period before, of the same length, where the
	// filter has one.
	Before *Figure   `json:"before,omitempty"`
	Rows   []FlowRow `json:"rows"` // the largest first
	// Other is what the rows beyond the top add up to.
	Other       Figure            `json:"other"`
	Others      int               `json:"others"` // how many rows that is
	Unallocated Figure            `json:"unallocated"`
	Withheld    Figure            `json:"withheld"`
	Balance     *Balance          `json:"balance,omitempty"`
	Sentence    string            `json:"sentence"`
	Links       map[string]string `json:"links"`
}

// FlowRow is one row of a flow: a value of each dimension.
type FlowRow struct {
	Values []string `json:"values"` // codes or ids; "" is not told
	Names  []string `json:"names"`
	Figure
	// Share of the total: of its pounds, or of its count where there are none.
	Share float64 `json:"share"`
	// Before is the row's figure of the period before.
	Before *Figure `json:"before,omitempty"`
	// Link leads to the contributions behind the row.
	Link string `json:"link"`
}

// Balance says of one place what was contracted or given from there, what came
// to it, and what of the first stayed.
type Balance struct {
	Place string `json:"place"`
	Name  string `json:"name"`
	// From has its origin there, To is delivered there, Retained is both.
	From     Figure `json:"from"`
	To       Figure `json:"to"`
	Retained Figure `json:"retained"`
}

// DefaultTop is how many rows a flow lists unless it is told.
const DefaultTop = 20

// NewFlow lists the largest rows of a breakdown and adds up the others. Top 0
// lists all. Before is the same breakdown of the period before, or nil; name
// gives the name of a value of a dimension.
func NewFlow(b Breakdown, before *Breakdown, top int, name func(Dimension, string) string) Flow {
	f := Flow{Version: b.Version, By: b.By, Total: b.Total, Unallocated: b.Unallocated, Withheld: b.Withheld, Rows: []FlowRow{}}
	was := map[string]Figure{}
	if before != nil {
		f.Before = &before.Total
		for _, r := range before.Rows {
			was[strings.Join(r.Values, "\x00")] = r.Figure
		}
	}
	rows := slices.Clone(b.Rows)
	slices.SortStableFunc(rows, func(x, y BreakdownRow) int {
		return cmp.Or(cmp.Compare(y.Pence, x.Pence), cmp.Compare(y.Count, x.Count), slices.Compare(x.Values, y.Values))
	})
	for i, r := range rows {
		if top > 0 && i >= top {
			f.Other.Add(r.Figure)
			f.Others++
			continue
		}
		row := FlowRow{Values: r.Values, Names: make([]string, len(r.Values)), Figure: r.Figure, Share: shareOf(r.Figure, b.Total)}
		for j, v := range r.Values {
			row.Names[j] = name(b.By[j], v)
		}
		if before != nil {
			w := was[strings.Join(r.Values, "\x00")]
			row.Before = &w
		}
		f.Rows = append(f.Rows, row)
	}
	return f
}

func shareOf(part, whole Figure) float64 {
	switch {
	case whole.Pence != 0:
		return float64(part.Pence) / float64(whole.Pence)
	case whole.Count != 0:
		return float64(part.Count) / float64(whole.Count)
	}
	return 0
}

// Say makes the flow's sentence; where is " in Norfolk".
func (f *Flow) Say(where string) {
	if f.Total.Count == 0 {
		f.Sentence = "No contributions are on record" + where + " under these filters."
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %s flowed%s", f.Total.Pence, counted(int(f.Total.Count), "part of a contribution", "parts of contributions"), where)
	if f.Before != nil {
		switch d := f.Total.Pence - f.Before.Pence; {
		case d > 0:
			fmt.Fprintf(&b, ", %s more than in the period before", d)
		case d < 0:
			fmt.Fprintf(&b, ", %s less than in the period before", -d)
		default:
			b.WriteString(", as much as in the period before")
		}
	}
	b.WriteString(".")
	if len(f.Rows) > 0 && f.Total.Pence > 0 {
		r := f.Rows[0]
		fmt.Fprintf(&b, " The largest share, %.0f%%, is %s.", r.Share*100, strings.Join(r.Names, " to "))
	}
	if f.Unallocated.Count > 0 {
		fmt.Fprintf(&b, " %s lies in no known place.", f.Unallocated.Pence)
	}
	if f.Withheld.Count > 0 {
		fmt.Fprintf(&b, " %s may not be shown as finely as this.", f.Withheld.Pence)
	}
	if f.Balance != nil && f.Balance.From.Pence > 0 {
		fmt.Fprintf(&b, " Of %s from %s, %s stayed there.", f.Balance.From.Pence, f.Balance.Name, f.Balance.Retained.Pence)
	}
	f.Sentence = b.String()
}

// PeriodBefore asks the same of the period before, of the same length in days;
// it reports whether the filter has a period.
func (f Filter) PeriodBefore() (Filter, bool) {
	if f.From.IsZero() || f.To.IsZero() {
		return f, false
	}
	from, to := f.From.Time(), f.To.Time().AddDate(0, 0, 1)
	// Whole months stay whole months.
	if from.Day() == 1 && to.Day() == 1 {
		months := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
		f.From, f.To = DateOf(from.AddDate(0, -months, 0)), DateOf(from.AddDate(0, 0, -1))
		return f, true
	}
	f.From, f.To = DateOf(from.Add(-to.Sub(from))), DateOf(from.AddDate(0, 0, -1))
	return f, true
}
