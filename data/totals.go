package data

import (
	"fmt"
	"maps"
)

// Figure is what facts add up to.
type Figure struct {
	Count int64 `json:"count"` // facts: the parts of contributions, so that counts add up
	Pence Pence `json:"pence"`
	// Quantities by unit, in thousandths; different units are never added.
	Quantities map[string]Quantity `json:"quantities_milli,omitempty"`
}

// Add adds g to f.
func (f *Figure) Add(g Figure) {
	f.Count += g.Count
	f.Pence += g.Pence
	for unit, q := range g.Quantities {
		if f.Quantities == nil {
			f.Quantities = map[string]Quantity{}
		}
		f.Quantities[unit] += q
	}
}

// Equal reports whether two figures are the same; a quantity of nothing is as
// good as none.
func (f Figure) Equal(g Figure) bool {
	zero := func(_ string, q Quantity) bool { return q == 0 }
	a, b := maps.Clone(f.Quantities), maps.Clone(g.Quantities)
	maps.DeleteFunc(a, zero)
	maps.DeleteFunc(b, zero)
	return f.Count == g.Count && f.Pence == g.Pence && maps.Equal(a, b)
}

// Totals are the figures of everything under a filter. Unallocated and
// Withheld are parts of Total.
type Totals struct {
	Version int64 `json:"version"` // of the facts that this is exact at
	Total   Total `json:"total"`
	// Unallocated lies nowhere that was told.
	Unallocated Figure `json:"unallocated"`
	// Withheld may not be shown as finely as was asked: what has no cell, when a
	// box is asked for.
	Withheld Figure `json:"withheld"`
}

// Sentence says totals in plain English. Where is [In] of their filter.
func (t *Totals) Sentence(where string) string {
	if t.Total.Count == 0 {
		return "No contributions are on record" + where + " under these filters."
	}
	s := fmt.Sprintf("%s of social value was given in %s%s.", t.Total.Pence, counted(int(t.Total.Contributions), "contribution", "contributions"), where)
	if t.Withheld.Count > 0 {
		s += fmt.Sprintf(" Of that, %s may lie there or not: its place may not be shown so finely.", t.Withheld.Pence)
	}
	if t.Unallocated.Count > 0 {
		s += fmt.Sprintf(" Of %s nobody said where it was given.", t.Unallocated.Pence)
	}
	return s
}

// Total is a figure with the number of distinct contributions behind it, which
// does not add up over places. Each part of a secret one counts by itself.
type Total struct {
	Figure
	Contributions int64 `json:"contributions"`
}

// Dimension is what figures are broken down by.
type Dimension string

// The dimensions. Theme and beneficiary are sets: a fact stands in the row of
// each of its members, so rows overlap.
const (
	ByTerritory         Dimension = "territory" // the place of delivery
	ByRegion            Dimension = "region"
	ByArea              Dimension = "area"
	BySector            Dimension = "sector"
	ByType              Dimension = "type"
	ByMeasure           Dimension = "measure"
	ByPriority          Dimension = "priority"
	ByTheme             Dimension = "theme"
	ByBeneficiary       Dimension = "beneficiary"
	ByState             Dimension = "state"
	ByStanding          Dimension = "standing"
	ByMonth             Dimension = "month"   // "2025-04"
	ByQuarter           Dimension = "quarter" // of the financial year: "2025-26-Q1"
	BySupplier          Dimension = "supplier"
	ByBuyer             Dimension = "buyer"
	ByProvider          Dimension = "provider"
	ByActivity          Dimension = "activity"
	ByContract          Dimension = "contract"
	BySupplierTerritory Dimension = "supplier_territory"
	BySupplierRegion    Dimension = "supplier_region"
	ByBuyerTerritory    Dimension = "buyer_territory"
	ByBuyerRegion       Dimension = "buyer_region"
	BySupplierArea      Dimension = "supplier_area"
	ByBuyerArea         Dimension = "buyer_area"
)

// Dimensions lists them in the order of the documentation.
var Dimensions = []Dimension{ByTerritory, ByRegion, ByArea, BySector, ByType, ByMeasure, ByPriority, ByTheme, ByBeneficiary,
	ByState, ByStanding, ByMonth, ByQuarter, BySupplier, ByBuyer, ByProvider, ByActivity, ByContract,
	BySupplierTerritory, BySupplierRegion, BySupplierArea, ByBuyerTerritory, ByBuyerRegion, ByBuyerArea}

// Overlaps reports whether a fact may stand in several rows of the dimension.
func (d Dimension) Overlaps() bool { return d == ByTheme || d == ByBeneficiary }

// OfDelivery reports whether the dimension is the place of delivery, which may
// be unknown or withheld.
func (d Dimension) OfDelivery() bool { return d == ByTerritory || d == ByRegion || d == ByArea }

// Breakdown is figures by one or several dimensions. Unless a dimension
// overlaps, its rows, Unallocated and Withheld add up to Total.
type Breakdown struct {
	Version     int64          `json:"version"`
	By          []Dimension    `json:"by"`
	Total       Figure         `json:"total"`
	Rows        []BreakdownRow `json:"rows"` // by Values; those without facts are left out
	Unallocated Figure         `json:"unallocated"`
	Withheld    Figure         `json:"withheld"`
}

// BreakdownRow is the figure of one value of each dimension; "" is not told.
type BreakdownRow struct {
	Values []string `json:"values"`
	Figure
}

// FinancialQuarter spells the quarter of the financial year that a day lies
// in, as [ParsePeriod] reads it.
func FinancialQuarter(d Date) string {
	year, month := d.Time().Year(), int(d.Time().Month())
	if month < 4 {
		year--
	}
	return fmt.Sprintf("%04d-%02d-Q%d", year, (year+1)%100, (month+8)%12/3+1)
}
