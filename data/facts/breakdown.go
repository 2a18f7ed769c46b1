package facts

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"tributary/data"
)

// axis is a dimension over the snapshot's codes: which group each code is in,
// or, of a set, which groups.
type axis struct {
	col    data.FactColumn
	group  []uint32   // by code
	groups [][]uint32 // by code, of a set
	labels []string   // by group; group 0 is null
	place  bool       // a place of delivery: null is unallocated or withheld
}

// axisOf compiles a dimension.
func (s *Snapshot) axisOf(d data.Dimension) axis {
	whole := func(v string) string { return v }
	regionOf := func(v string) string { return s.regions[v] }
	month := func(v string) string { return dateOf(dayOf(v)).Time().Format("2006-01") }
	quarter := func(v string) string { return data.FinancialQuarter(dateOf(dayOf(v))) }
	switch d {
	case data.ByTerritory:
		return s.grouped(data.FactTerritory, whole, d)
	case data.ByRegion:
		return s.grouped(data.FactRegion, whole, d)
	case data.ByArea:
		return s.grouped(data.FactArea, whole, d)
	case data.BySector:
		return s.grouped(data.FactSector, whole, d)
	case data.ByType:
		return s.grouped(data.FactType, whole, d)
	case data.ByMeasure:
		return s.grouped(data.FactMeasure, whole, d)
	case data.ByPriority:
		return s.grouped(data.FactPriority, whole, d)
	case data.ByTheme:
		return s.groupedSets(data.FactThemes)
	case data.ByBeneficiary:
		return s.groupedSets(data.FactBeneficiaries)
	case data.ByState:
		return s.grouped(data.FactState, whole, d)
	case data.ByStanding:
		return s.grouped(data.FactStanding, whole, d)
	case data.ByMonth:
		return s.grouped(columnDay, month, d)
	case data.ByQuarter:
		return s.grouped(columnDay, quarter, d)
	case data.BySupplier:
		return s.grouped(data.FactSupplier, idText, d)
	case data.ByBuyer:
		return s.grouped(data.FactBuyer, idText, d)
	case data.ByProvider:
		return s.grouped(data.FactProvider, idText, d)
	case data.ByActivity:
		return s.grouped(data.FactActivity, idText, d)
	case data.ByContract:
		return s.grouped(data.FactContract, idText, d)
	case data.BySupplierTerritory:
		return s.grouped(data.FactSupplierTerritory, whole, d)
	case data.BySupplierArea:
		return s.grouped(data.FactSupplierArea, whole, d)
	case data.ByBuyerArea:
		return s.grouped(data.FactBuyerArea, whole, d)
	case data.BySupplierRegion:
		return s.grouped(data.FactSupplierTerritory, regionOf, d)
	case data.ByBuyerTerritory:
		return s.grouped(data.FactBuyerTerritory, whole, d)
	case data.ByBuyerRegion:
		return s.grouped(data.FactBuyerTerritory, regionOf, d)
	}
	return axis{labels: []string{""}, group: nil}
}

// grouped puts the codes of a column in groups by what their values say; "" is
// null.
func (s *Snapshot) grouped(col data.FactColumn, say func(string) string, d data.Dimension) axis {
	a := axis{col: col, labels: []string{""}, place: d.OfDelivery()}
	seen := map[string]uint32{"": 0}
	a.group = make([]uint32, len(s.values[col]))
	for code, v := range s.values[col] {
		if code > 0 {
			a.group[code] = a.groupOf(seen, say(v))
		}
	}
	return a
}

// groupedSets puts the codes of a column of sets in the groups of their
// members. The empty set is null.
func (s *Snapshot) groupedSets(col data.FactColumn) axis {
	a := axis{col: col, labels: []string{""}}
	seen := map[string]uint32{"": 0}
	a.groups = make([][]uint32, len(s.values[col]))
	for code, v := range s.values[col] {
		for member := range strings.SplitSeq(v, "\x00") {
			a.groups[code] = append(a.groups[code], a.groupOf(seen, member))
		}
	}
	return a
}

func (a *axis) groupOf(seen map[string]uint32, label string) uint32 {
	g, ok := seen[label]
	if !ok {
		g = uint32(len(a.labels))
		seen[label] = g
		a.labels = append(a.labels, label)
	}
	return g
}

func idText(v string) string {
	id, err := uuid.FromBytes([]byte(v))
	if err != nil {
		return v
	}
	return id.String()
}

// denseGroups is up to how many groups times units figures are kept in slices.
const denseGroups = 1 << 21

// sum is the count and the pence of a group.
type sum struct{ count, pence int64 }

// breakdownTally adds up rows by the groups of its axes.
type breakdownTally struct {
	remainder
	axes     []axis
	units    int
	dense    []sum
	quantity []int64 // by group and unit
	// If there would be too many groups, those that occur alone:
	sparse         map[int]*sum
	sparseQuantity map[int]int64
}

func newBreakdownTally(axes []axis, units int) *breakdownTally {
	t := &breakdownTally{remainder: newRemainder(units), axes: axes, units: units}
	size := 1
	for _, a := range axes {
		size *= len(a.labels)
	}
	if size*units <= denseGroups {
		t.dense, t.quantity = make([]sum, size), make([]int64, size*units)
	} else {
		t.sparse, t.sparseQuantity = map[int]*sum{}, map[int]int64{}
	}
	return t
}

func columnsOf(axes []axis) (out []data.FactColumn) {
	for _, a := range axes {
		out = append(out, a.col)
	}
	return out
}

func (t *breakdownTally) begin(_ int, p *part) { t.seg = p.seg }

func (t *breakdownTally) boxless(base int, offsets []uint16) { t.addAll(base, offsets) }

func (t *breakdownTally) rows(base int, offsets []uint16) {
	for _, o := range offsets {
		if row := base + int(o); t.placed(row) {
			t.row(0, 0, row)
		} else {
			t.remainder.add(row)
		}
	}
}

// placed reports whether a row has a value on every axis that is a place of
// delivery.
func (t *breakdownTally) placed(row int) bool {
	for i := range t.axes {
		if a := &t.axes[i]; a.place && t.seg.cols[a.col].at(row) == 0 {
			return false
		}
	}
	return true
}

// row adds a row to the group that its values on the axes from n make with
// those before, or to each of its groups.
func (t *breakdownTally) row(n, group, row int) {
	for ; n < len(t.axes); n++ {
		a := &t.axes[n]
		code := t.seg.cols[a.col].at(row)
		group *= len(a.labels)
		if a.groups != nil {
			for _, g := range a.groups[code] {
				t.row(n+1, group+int(g), row)
			}
			return
		}
		group += int(a.group[code])
	}
	at := t.at(group)
	at.count += t.seg.weight(row)
	at.pence += t.seg.pence.at(row)
	if q := t.seg.quantity.at(row); q != 0 {
		t.addQuantity(group*t.units+int(t.seg.cols[data.FactUnit].at(row)), q)
	}
}

func (t *breakdownTally) at(group int) *sum {
	if t.dense != nil {
		return &t.dense[group]
	}
	s := t.sparse[group]
	if s == nil {
		s = &sum{}
		t.sparse[group] = s
	}
	return s
}

// addQuantity adds to a group and unit.
func (t *breakdownTally) addQuantity(k int, q int64) {
	if t.dense != nil {
		t.quantity[k] += q
	} else {
		t.sparseQuantity[k] += q
	}
}

// eachQuantity calls f with every quantity that is not nothing.
func (t *breakdownTally) eachQuantity(f func(k int, q int64)) {
	for k, q := range t.quantity {
		if q != 0 {
			f(k, q)
		}
	}
	for k, q := range t.sparseQuantity {
		if q != 0 {
			f(k, q)
		}
	}
}

// each calls f with every group that rows have been found of.
func (t *breakdownTally) each(f func(group int, s sum)) {
	for group, s := range t.dense {
		if s.count > 0 {
			f(group, s)
		}
	}
	for group, s := range t.sparse {
		f(group, *s)
	}
}

// labels are the values of a group on each axis.
func (t *breakdownTally) labels(group int) []string {
	out := make([]string, len(t.axes))
	for n := len(t.axes) - 1; n >= 0; n-- {
		size := len(t.axes[n].labels)
		out[n] = t.axes[n].labels[group%size]
		group /= size
	}
	return out
}

// Breakdown answers figures by one or several dimensions.
func (s *Snapshot) Breakdown(f data.Filter, by ...data.Dimension) data.Breakdown {
	units := s.values[data.FactUnit]
	var axes []axis
	for _, d := range by {
		axes = append(axes, s.axisOf(d))
	}
	all := newBreakdownTally(axes, len(units))
	c := s.compile(f)
	c.sums = c.asksSums(columnsOf(axes)...)
	for _, t := range scan(s, c, func() *breakdownTally { return newBreakdownTally(axes, len(units)) }) {
		t.each(func(group int, s sum) {
			at := all.at(group)
			at.count += s.count
			at.pence += s.pence
		})
		t.eachQuantity(all.addQuantity)
		all.join(&t.remainder)
	}
	out := data.Breakdown{Version: s.version, By: by, Unallocated: all.unallocated.of(units), Withheld: all.withheld.of(units)}
	quantities := map[int]map[string]data.Quantity{}
	all.eachQuantity(func(k int, q int64) {
		group := k / len(units)
		if quantities[group] == nil {
			quantities[group] = map[string]data.Quantity{}
		}
		quantities[group][units[k%len(units)]] = data.Quantity(q)
	})
	all.each(func(group int, s sum) {
		row := data.BreakdownRow{Values: all.labels(group), Figure: data.Figure{Count: s.count, Pence: data.Pence(s.pence), Quantities: quantities[group]}}
		out.Rows = append(out.Rows, row)
	})
	slices.SortFunc(out.Rows, func(a, b data.BreakdownRow) int { return slices.Compare(a.Values, b.Values) })
	if slices.ContainsFunc(by, data.Dimension.Overlaps) {
		out.Total = s.Totals(f).Total.Figure
		return out
	}
	for _, r := range out.Rows {
		out.Total.Add(r.Figure)
	}
	out.Total.Add(out.Unallocated)
	out.Total.Add(out.Withheld)
	return out
}
