package data

import (
	"cmp"
	"fmt"
	"net/url"
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
	Other       Figure   `json:"other"`
	Others      int      `json:"others"` // how many rows that is
	Unallocated Figure   `json:"unallocated"`
	Withheld    Figure   `json:"withheld"`
	Balance     *Balance `json:"balance,omitempty"`
	// Population is what figures per head are by.
	Population *Baseline         `json:"population,omitempty"`
	People     NotCounted        `json:"people"`
	Sentence   string            `json:"sentence"`
	Links      map[string]string `json:"links"`
}

// FlowRow is one row of a flow: a value of each dimension.
type FlowRow struct {
	Values []string `json:"values"` // codes or ids; "" is not told
	Names  []string `json:"names"`
	Figure
	// Share of the total: of its pounds, or of its count where there are none.
	Share float64 `json:"share"`
	// PerHeadPence is its pence by the people of the place, if they are known.
	PerHeadPence *float64 `json:"per_head_pence,omitempty"`
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
	f := Flow{Version: b.Version, By: b.By, Total: b.Total, Unallocated: b.Unallocated, Withheld: b.Withheld, Rows: []FlowRow{}, People: PeopleNotCounted()}
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

// Report is the flow as a table: the rows, then what no row shows.
func (f *Flow) Report() Report {
	k := &ReportKind{Name: "flow", Title: "Where value goes"}
	for _, d := range f.By {
		k.Columns = append(k.Columns, Column{string(d), ColumnText, strings.ReplaceAll(string(d), "_", " ")})
	}
	k.Columns = append(k.Columns, Column{"value", ColumnMoney, "Value"}, Column{"count", ColumnCount, "Parts"}, Column{"share", ColumnShare, "Share"})
	r := Report{Kind: k, Query: f.Query, Sentence: f.Sentence}
	row := func(names []string, g Figure) {
		cells := make([]any, 0, len(k.Columns))
		for _, n := range names {
			cells = append(cells, n)
		}
		r.Rows = append(r.Rows, append(cells, int64(g.Pence), g.Count, shareOf(g, f.Total)))
	}
	rest := func(name string, g Figure) {
		if g.Count > 0 {
			row(append([]string{name}, make([]string, len(f.By)-1)...), g)
		}
	}
	for _, x := range f.Rows {
		row(x.Names, x.Figure)
	}
	rest("(other)", f.Other)
	rest("(unallocated)", f.Unallocated)
	rest("(withheld)", f.Withheld)
	return r
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

// PublicContribution is what anyone may see of one part of a contribution. What
// may not be told is empty.
type PublicContribution struct {
	Fact         int64    `json:"id"`
	Contribution string   `json:"contribution,omitempty"` // the same of all its parts
	Day          Date     `json:"day"`                    // the quarter's or year's first of a secret one
	Type         string   `json:"type"`
	Measure      string   `json:"measure,omitempty"`
	Priority     string   `json:"priority,omitempty"`
	State        string   `json:"state"`
	Standing     string   `json:"standing"`
	Pence        Pence    `json:"pence"`
	Quantity     Quantity `json:"quantity_milli,omitempty"`
	Unit         string   `json:"unit,omitempty"`
	// People stands in place of the quantity, if that is of people.
	People    *NotCounted `json:"people,omitempty"`
	Level     string      `json:"level"` // how finely its place is told
	Territory string      `json:"territory,omitempty"`
	Region    string      `json:"region,omitempty"`
	Area      string      `json:"area,omitempty"`
	Cell      string      `json:"cell,omitempty"` // H3 index
	Sector    string      `json:"sector,omitempty"`
	Supplier  Party       `json:"supplier"`
	Buyer     Party       `json:"buyer"`
	Provider  Party       `json:"provider"`
	Activity  Party       `json:"activity"`
}

// ContributionList is one page of contributions.
type ContributionList struct {
	Items   []PublicContribution
	Matched int    // on this page and all others
	After   string // value of View.After for the next page; empty on the last
}

// ParseDimensions reads the dimensions of a flow, one or two joined by a comma.
// Without any a flow goes by the place of delivery, and from its origin where
// the filter asks for one.
func ParseDimensions(s string, f Filter) ([]Dimension, error) {
	if s == "" {
		switch f.Origin {
		case OriginSupplierSite:
			return []Dimension{BySupplierTerritory, ByTerritory}, nil
		case OriginBuyer:
			return []Dimension{ByBuyerTerritory, ByTerritory}, nil
		}
		return []Dimension{ByTerritory}, nil
	}
	var out []Dimension
	for name := range strings.SplitSeq(s, ",") {
		d := Dimension(strings.TrimSpace(name))
		if !slices.Contains(Dimensions, d) {
			return nil, Invalidf("dims", s, "%q is nothing that a flow can go by: use one or two of %s", name, listed(Dimensions))
		}
		if slices.Contains(out, d) {
			return nil, Invalidf("dims", s, "%q is given twice", d)
		}
		out = append(out, d)
	}
	if len(out) > 2 {
		return nil, Invalidf("dims", s, "%d dimensions are too many: give one, or two joined by a comma", len(out))
	}
	return out, nil
}

// NameOf is what a value of the dimension is called.
func (d Dimension) NameOf(v string, names map[string]string) string {
	if v == "" {
		switch {
		case d.OfOrigin():
			return "a place that is not told"
		case d == ByPriority:
			return "no priority"
		case d == ByMeasure:
			return "no measure"
		}
		return "not told"
	}
	if n, ok := names[v]; ok {
		return n
	}
	switch d {
	case ByActivity, BySupplier, ByBuyer, ByProvider, ByContract:
		return NotListed
	}
	return strings.ReplaceAll(v, "_", " ")
}

// NotListed is what a record is called that has figures and is in no list, such
// as an activity that is suspended.
const NotListed = "one that is not listed"

// OfOrigin reports whether the dimension is the place of origin.
func (d Dimension) OfOrigin() bool {
	return strings.HasPrefix(string(d), "supplier_") || strings.HasPrefix(string(d), "buyer_")
}

// Narrow narrows a filter to one value of the dimension; it reports whether a
// parameter of the filter can.
func (d Dimension) Narrow(v url.Values, value string) bool {
	switch d {
	case BySupplierTerritory, BySupplierRegion, BySupplierArea:
		v.Set("origin", OriginSupplierSite)
		v.Set("origin_"+strings.TrimPrefix(string(d), "supplier_"), value)
	case ByBuyerTerritory, ByBuyerRegion, ByBuyerArea:
		v.Set("origin", OriginBuyer)
		v.Set("origin_"+strings.TrimPrefix(string(d), "buyer_"), value)
	case ByMonth:
		v.Set("from", value)
		v.Set("to", value)
	case ByQuarter:
		v.Del("from")
		v.Del("to")
		v.Set("period", value)
	case ByContract:
		return false
	default:
		v.Set(string(d), value)
	}
	return true
}

// Reconciliation shows that every way of adding up comes to the same.
type Reconciliation struct {
	Query    string              `json:"query"`
	Version  int64               `json:"version"`
	Ledger   Figure              `json:"ledger"`
	Ways     []ReconciliationWay `json:"ways"`
	Agrees   bool                `json:"agrees"`
	Sentence string              `json:"sentence"`
}

// ReconciliationWay is one way of adding up: rows, unallocated and withheld.
type ReconciliationWay struct {
	By          string `json:"by"`
	Rows        Figure `json:"rows"`
	Unallocated Figure `json:"unallocated"`
	Withheld    Figure `json:"withheld"`
	Version     int64  `json:"version"`
	Agrees      bool   `json:"agrees"`
}

// Add adds the way of a breakdown.
func (r *Reconciliation) Add(by string, b Breakdown) {
	w := ReconciliationWay{By: by, Unallocated: b.Unallocated, Withheld: b.Withheld, Version: b.Version}
	for _, row := range b.Rows {
		w.Rows.Add(row.Figure)
	}
	r.add(w)
}

// AddCells adds the way of hexagons.
func (r *Reconciliation) AddCells(h Heat) {
	w := ReconciliationWay{By: "cell", Unallocated: h.Unallocated, Withheld: h.Withheld, Version: h.Version}
	for _, row := range h.Rows {
		w.Rows.Add(Figure{Count: row.Count, Pence: row.Pence})
	}
	r.add(w)
}

func (r *Reconciliation) add(w ReconciliationWay) {
	var sum Figure
	sum.Add(w.Rows)
	sum.Add(w.Unallocated)
	sum.Add(w.Withheld)
	// Hexagons carry no quantities beside pounds.
	w.Agrees = sum.Count == r.Ledger.Count && sum.Pence == r.Ledger.Pence && w.Version == r.Version
	r.Ways = append(r.Ways, w)
}

// Report is the reconciliation as a table.
func (r *Reconciliation) Report() Report {
	k := &ReportKind{Name: "reconcile", Title: "Every way of adding up", Columns: []Column{{"by", ColumnText, "By"}, {"rows", ColumnMoney, "Rows"}, {"unallocated", ColumnMoney, "Unallocated"},
		{"withheld", ColumnMoney, "Withheld"}, {"total", ColumnMoney, "Total"}, {"count", ColumnCount, "Parts"}, {"agrees", ColumnYesNo, "Agrees"}}}
	out := Report{Kind: k, Query: r.Query, Sentence: r.Sentence, Rows: [][]any{{"ledger", int64(r.Ledger.Pence), int64(0), int64(0), int64(r.Ledger.Pence), r.Ledger.Count, true}}}
	for _, w := range r.Ways {
		out.Rows = append(out.Rows, []any{w.By, int64(w.Rows.Pence), int64(w.Unallocated.Pence), int64(w.Withheld.Pence),
			int64(w.Rows.Pence + w.Unallocated.Pence + w.Withheld.Pence), w.Rows.Count + w.Unallocated.Count + w.Withheld.Count, w.Agrees})
	}
	return out
}

// say says whether all ways agree.
func (r *Reconciliation) say() {
	r.Agrees = !slices.ContainsFunc(r.Ways, func(w ReconciliationWay) bool { return !w.Agrees })
	if r.Agrees {
		r.Sentence = fmt.Sprintf("%s in %s parts of contributions: territories, regions, areas and hexagons add up to the ledger, to the penny.", r.Ledger.Pence, Thousands(int(r.Ledger.Count)))
		return
	}
	r.Sentence = "The ways of adding up differ, which must not be: tell whoever runs this service, and run tributary check."
}
