package data

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Comparison is the same question asked twice, of two places or two periods,
// side by side. On each side Rows, Other, Unallocated and Withheld add up to
// Total, unless a dimension overlaps.
type Comparison struct {
	Version     int64             `json:"version"` // of the facts that both are exact at
	By          []Dimension       `json:"by"`
	Sides       [2]ComparisonSide `json:"sides"`
	Rows        []ComparisonRow   `json:"rows"` // the largest on either side first
	Other       [2]Figure         `json:"other"`
	Others      int               `json:"others"`
	Unallocated [2]Figure         `json:"unallocated"`
	Withheld    [2]Figure         `json:"withheld"`
	Sentence    string            `json:"sentence"`
	Links       map[string]string `json:"links"`
}

// ComparisonSide is one of the two questions and what it comes to.
type ComparisonSide struct {
	Query string `json:"query"` // the canonical filter
	Name  string `json:"name"`  // what tells it from the other: "Norfolk", "2024-04-01 to 2025-03-31"
	Total Figure `json:"total"`
}

// ComparisonRow is one value of each dimension on both sides.
type ComparisonRow struct {
	Values  []string   `json:"values"`
	Names   []string   `json:"names"`
	Figures [2]Figure  `json:"figures"`
	Shares  [2]float64 `json:"shares"` // of each side's total
	// Difference is the second less the first.
	Difference Pence `json:"difference_pence"`
}

// ComparePrefix marks the parameters that differ on the second side.
const ComparePrefix = "with_"

// CompareParams are the parameters of a comparison: those of facts, and those
// of them that the second side may have otherwise.
var CompareParams = func() []string {
	out := slices.Clone(FactParams)
	for _, name := range FactParams {
		out = append(out, ComparePrefix+name)
	}
	return out
}()

// SecondSide is the query of the second side: that of the first, with what
// stands under [ComparePrefix] in its stead. A period replaces days, and days a
// period.
func SecondSide(query url.Values) (first, second url.Values, err error) {
	first, second = url.Values{}, url.Values{}
	given := url.Values{}
	for name, values := range query {
		if other, ok := strings.CutPrefix(name, ComparePrefix); ok {
			if !slices.Contains(FactParams, other) {
				return nil, nil, Invalidf(name, query.Get(name), "is nothing that the sides can differ in: use %s with one of %s", ComparePrefix+"…", strings.Join(FactParams, ", "))
			}
			given[other] = values
			continue
		}
		first[name], second[name] = values, values
	}
	if len(given) == 0 {
		return nil, nil, Invalidf(ComparePrefix+"territory", "", "is missing: say what the other side is, such as with_territory=suffolk or with_period=2023-24")
	}
	if given.Has("from") || given.Has("to") || given.Has("period") {
		for _, name := range []string{"from", "to", "period"} {
			second.Del(name)
		}
	}
	// A place of one kind replaces that of another.
	if given.Has("region") || given.Has("territory") || given.Has("area") || given.Has("bbox") {
		for _, name := range []string{"region", "territory", "area", "bbox"} {
			second.Del(name)
		}
	}
	for name, values := range given {
		second[name] = values
	}
	return first, second, nil
}

// NewComparison sets two breakdowns by the same dimensions side by side, the
// top largest rows apart and the others added up; top 0 lists all.
func NewComparison(a, b Breakdown, top int, name func(Dimension, string) string) Comparison {
	c := Comparison{Version: a.Version, By: a.By, Rows: []ComparisonRow{}, Unallocated: [2]Figure{a.Unallocated, b.Unallocated}, Withheld: [2]Figure{a.Withheld, b.Withheld}}
	c.Sides[0].Total, c.Sides[1].Total = a.Total, b.Total
	at := map[string]int{}
	var rows []ComparisonRow
	for side, x := range [2]Breakdown{a, b} {
		for _, r := range x.Rows {
			key := strings.Join(r.Values, "\x00")
			i, ok := at[key]
			if !ok {
				i = len(rows)
				at[key] = i
				rows = append(rows, ComparisonRow{Values: r.Values})
			}
			rows[i].Figures[side] = r.Figure
		}
	}
	largest := func(r ComparisonRow) (Pence, int64) {
		return max(r.Figures[0].Pence, r.Figures[1].Pence), max(r.Figures[0].Count, r.Figures[1].Count)
	}
	slices.SortFunc(rows, func(x, y ComparisonRow) int {
		px, nx := largest(x)
		py, ny := largest(y)
		return cmp.Or(cmp.Compare(py, px), cmp.Compare(ny, nx), slices.Compare(x.Values, y.Values))
	})
	for i, r := range rows {
		if top > 0 && i >= top {
			c.Other[0].Add(r.Figures[0])
			c.Other[1].Add(r.Figures[1])
			c.Others++
			continue
		}
		r.Names = make([]string, len(r.Values))
		for j, v := range r.Values {
			r.Names[j] = name(c.By[j], v)
		}
		for side := range r.Figures {
			r.Shares[side] = shareOf(r.Figures[side], c.Sides[side].Total)
		}
		r.Difference = r.Figures[1].Pence - r.Figures[0].Pence
		c.Rows = append(c.Rows, r)
	}
	return c
}

// Say makes the comparison's sentence.
func (c *Comparison) Say() {
	a, b := c.Sides[0], c.Sides[1]
	how := "as much"
	switch d := b.Total.Pence - a.Total.Pence; {
	case d > 0:
		how = fmt.Sprintf("%s more", d)
	case d < 0:
		how = fmt.Sprintf("%s less", -d)
	}
	c.Sentence = fmt.Sprintf("%s: %s in %s. %s: %s in %s, %s.", a.Name, a.Total.Pence, counted(int(a.Total.Count), "part of a contribution", "parts of contributions"),
		b.Name, b.Total.Pence, counted(int(b.Total.Count), "part of a contribution", "parts of contributions"), how)
	most, at := 0.0, -1
	for i, r := range c.Rows {
		if d := r.Shares[1] - r.Shares[0]; max(d, -d) > most {
			most, at = max(d, -d), i
		}
	}
	if at >= 0 && most >= 0.01 && a.Total.Count > 0 && b.Total.Count > 0 {
		r := c.Rows[at]
		c.Sentence += fmt.Sprintf(" They differ most in %s: %.0f%% of the first, %.0f%% of the second.", strings.Join(r.Names, " to "), r.Shares[0]*100, r.Shares[1]*100)
	}
}

// SideName is what tells a filter from another: its place, its days, or the
// parameters that differ.
func SideName(f, other Filter, names map[string]string) string {
	var parts []string
	if place := strings.TrimPrefix(In(f, names), " in "); place != strings.TrimPrefix(In(other, names), " in ") {
		if place == "" {
			place = "The United Kingdom"
		}
		parts = append(parts, place)
	}
	if f.From != other.From || f.To != other.To {
		parts = append(parts, f.days())
	}
	mine, theirs := f.Values(), other.Values()
	for _, name := range ParamNames() {
		switch name {
		case "region", "territory", "area", "bbox", "from", "to":
			continue
		}
		if v := mine.Get(name); v != theirs.Get(name) {
			if v == "" {
				v = "any"
			}
			parts = append(parts, strings.ReplaceAll(name+" "+v, "_", " "))
		}
	}
	if len(parts) == 0 {
		return "The same"
	}
	return strings.Join(parts, ", ")
}

// days spells the filter's period.
func (f Filter) days() string {
	switch {
	case f.From.IsZero() && f.To.IsZero():
		return "all years"
	case f.From.IsZero():
		return "until " + f.To.String()
	case f.To.IsZero():
		return "from " + f.From.String()
	}
	return f.From.String() + " to " + f.To.String()
}

// Report is the comparison as a table: the rows, then what no row shows.
func (c *Comparison) Report() Report {
	k := &ReportKind{Name: "compare", Title: c.Sides[0].Name + " and " + c.Sides[1].Name}
	for _, d := range c.By {
		k.Columns = append(k.Columns, Column{string(d), ColumnText, strings.ReplaceAll(string(d), "_", " ")}, Column{string(d) + "_name", ColumnText, "name"})
	}
	for i, side := range c.Sides {
		n := fmt.Sprint(i + 1)
		k.Columns = append(k.Columns, Column{"value_" + n, ColumnMoney, side.Name}, Column{"count_" + n, ColumnCount, "Parts"}, Column{"share_" + n, ColumnShare, "Share"})
	}
	k.Columns = append(k.Columns, Column{"difference", ColumnMoney, "Difference"}, Column{"part", ColumnText, "Part"})
	r := Report{Kind: k, Query: c.Sides[0].Query + " | " + c.Sides[1].Query, Sentence: c.Sentence}
	row := func(values, names []string, part string, f [2]Figure) {
		var cells []any
		for i := range c.By {
			if values == nil {
				cells = append(cells, "", "("+part+")")
				continue
			}
			cells = append(cells, values[i], names[i])
		}
		for i := range f {
			cells = append(cells, int64(f[i].Pence), f[i].Count, shareOf(f[i], c.Sides[i].Total))
		}
		r.Rows = append(r.Rows, append(cells, int64(f[1].Pence-f[0].Pence), part))
	}
	for _, x := range c.Rows {
		row(x.Values, x.Names, "row", x.Figures)
	}
	for _, rest := range []struct {
		part string
		f    [2]Figure
	}{{"other", c.Other}, {"unallocated", c.Unallocated}, {"withheld", c.Withheld}} {
		if rest.f[0].Count+rest.f[1].Count > 0 {
			row(nil, nil, rest.part, rest.f)
		}
	}
	return r
}
