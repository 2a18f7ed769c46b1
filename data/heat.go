package data

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tributary/geo/hex"
)

// Metric is what a map's colours stand for.
type Metric string

// The metrics. A quantity is of one unit.
const (
	MetricCount    Metric = "count"
	MetricPence    Metric = "pence"
	MetricQuantity Metric = "quantity"
)

// ParseMetric reads a metric; "" is pence. Figures per head of population are
// refused: nobody counts the people of a hexagon.
func ParseMetric(s string) (Metric, error) {
	switch m := Metric(s); m {
	case "":
		return MetricPence, nil
	case MetricCount, MetricPence, MetricQuantity:
		return m, nil
	case "per_head":
		return "", Invalidf("metric", s, "no population is known of a hexagon, so there is no figure per head of it: use count, pence or quantity")
	}
	return "", Invalidf("metric", s, "%q is not a metric: use count, pence or quantity", s)
}

// HeatQuery asks where value is delivered, by H3 cell.
type HeatQuery struct {
	Filter Filter
	Res    int // H3 resolution, hex.Coarsest to hex.Finest
	Metric Metric
	Unit   string // of MetricQuantity
	// Near asks for the cells that may touch a box, whole, and may leave out all
	// others, and what is withheld or unallocated with them: for pictures, not
	// for sums. EPSG:4326.
	Near *orb.Bound
}

// Reach is the box around everything that cells touching Near hold.
func (q HeatQuery) Reach() hex.Box { return hex.Around(*q.Near, min(q.Res, hex.Public)) }

// PointQuery asks for single facts whose cells have their centre in a box.
type PointQuery struct {
	Filter Filter
	In     hex.Box
	// Most is how many are told; of more, none are.
	Most int
}

// FactPoints are single facts in the order of their cells' keys, then ids.
type FactPoints struct {
	Version int64
	TooMany bool
	Points  []FactPoint
}

// FactPoint is a single public fact as it is drawn, at the centre of its cell.
type FactPoint struct {
	ID       int64
	Cell     hex.Cell
	Day      int32 // since 1970-01-01
	Pence    Pence
	Quantity Quantity
	// Unit, Type, Measure, Sector, State and Standing are "" where there is none.
	Unit, Type, Measure, Sector, State, Standing string
}

// Heat is figures by H3 cell. Rows, Unallocated and Withheld add up to Total;
// rows overlap nowhere. Quantities are of the unit asked for alone.
type Heat struct {
	Version int64
	Total   Figure
	Rows    []HeatRow // in the order of their keys
	// Coarser are cells of a coarser resolution in which something may not be
	// shown as finely as was asked. Their figures are parts of Withheld.
	Coarser     []HeatRow
	Unallocated Figure
	Withheld    Figure
}

// HeatRow is the figure of a cell.
type HeatRow struct {
	Cell     hex.Cell
	Count    int64
	Pence    Pence
	Quantity Quantity
}

// Value is what the row amounts to in a metric.
func (r HeatRow) Value(m Metric) int64 {
	switch m {
	case MetricCount:
		return r.Count
	case MetricQuantity:
		return int64(r.Quantity)
	}
	return int64(r.Pence)
}

// ParseRes reads an H3 resolution in use; "" is the one that suits the filter.
func ParseRes(s string, f Filter) (int, error) {
	if s == "" {
		switch {
		case f.BBox != nil:
			return hex.Suits(*f.BBox), nil
		case len(f.Territory)+len(f.Area) > 0:
			return 7, nil
		case len(f.Region) > 0:
			return 6, nil
		}
		return 5, nil
	}
	res, err := strconv.Atoi(s)
	if err != nil || res < hex.Coarsest || res > hex.Finest {
		return 0, Invalidf("res", s, "%q is not a resolution of hexagons in use: give a whole number from %d (%.0f square kilometres) to %d (%.1f)",
			s, hex.Coarsest, hex.AreaKm2(hex.Coarsest), hex.Finest, hex.AreaKm2(hex.Finest))
	}
	return res, nil
}

// MostCells is how many cells an answer holds at most.
const MostCells = 100_000

// Check refuses a heat map that is too large to hand over.
func (h *Heat) Check(q HeatQuery) error {
	if n := len(h.Rows) + len(h.Coarser); n > MostCells {
		return Invalidf("res", strconv.Itoa(q.Res), "%s hexagons are too many for one answer, which holds %s at most: use a coarser resolution, a smaller box or fewer places", Thousands(n), Thousands(MostCells))
	}
	return nil
}

// Sentence says a heat map in plain English. Where is [In] of its filter.
func (h *Heat) Sentence(q HeatQuery, where string) string {
	if h.Total.Count == 0 {
		return "No contributions are on record" + where + " under these filters."
	}
	var b strings.Builder
	shown := h.Total
	shown.Count -= h.Unallocated.Count + h.Withheld.Count
	shown.Pence -= h.Unallocated.Pence + h.Withheld.Pence
	area := strconv.FormatFloat(hex.AreaKm2(q.Res), 'f', -1, 64)
	if a := hex.AreaKm2(q.Res); a >= 10 {
		area = Thousands(int(a + 0.5))
	}
	fmt.Fprintf(&b, "%s of social value in %s%s is shown in %s of about %s square kilometres.",
		shown.Pence, counted(int(shown.Count), "contribution or part of one", "contributions or parts of them"), where, counted(len(h.Rows), "hexagon", "hexagons"), area)
	switch {
	case h.Withheld.Count > 0 && q.Filter.BBox != nil:
		fmt.Fprintf(&b, " Whether another %s lies there may not be told.", h.Withheld.Pence)
	case h.Withheld.Count > 0:
		fmt.Fprintf(&b, " Another %s may not be shown so finely.", h.Withheld.Pence)
	}
	if h.Unallocated.Count > 0 {
		fmt.Fprintf(&b, " Of %s nobody said where it was given.", h.Unallocated.Pence)
	}
	return b.String()
}

// Breaks are where the classes of a metric begin, over the rows.
func (h *Heat) Breaks(m Metric) []int64 {
	values := make([]int64, len(h.Rows))
	for i, r := range h.Rows {
		values[i] = r.Value(m)
	}
	return Breaks(values)
}

// ChooseUnit sets the unit of the quantity, if it is not named: the only one
// among the totals.
func (q *HeatQuery) ChooseUnit(total Figure) error {
	units := slices.Sorted(maps.Keys(total.Quantities))
	if q.Unit == UnitPeople {
		return Invalidf("unit", q.Unit, "people are counted in one fixed table alone, as few of them might be singled out: ask /api/v1/people, or use count, pence or another unit")
	}
	if q.Unit == "" && len(units) == 1 {
		q.Unit = units[0]
	}
	switch {
	case len(units) == 0:
		return Invalidf("metric", string(q.Metric), "nothing under these filters has a quantity: use count or pence")
	case q.Unit == "":
		return Invalidf("unit", "", "quantities are of different units, which are not added: name one, of %s", strings.Join(units, ", "))
	case !slices.Contains(units, q.Unit):
		return Invalidf("unit", q.Unit, "nothing under these filters is counted in %q: there are %s", q.Unit, strings.Join(units, ", "))
	}
	return nil
}
