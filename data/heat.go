package data

import (
	"encoding/json"
	"fmt"

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
}

// Heat is figures by H3 cell. Rows, Unallocated and Withheld add up to Total;
// rows overlap nowhere. Quantities are of the unit asked for alone.
type Heat struct {
	Version int64     `json:"version"`
	Total   Figure    `json:"total"`
	Rows    []HeatRow `json:"rows"` // in the order of their keys
	// Coarser are cells of a coarser resolution in which something may not be
	// shown as finely as was asked. Their figures are parts of Withheld.
	Coarser     []HeatRow `json:"withheld_cells"`
	Unallocated Figure    `json:"unallocated"`
	Withheld    Figure    `json:"withheld"`
}

// HeatRow is the figure of a cell; as JSON an array of the cell's id, count and
// pence, and the quantity in thousandths if one was asked for.
type HeatRow struct {
	Cell     hex.Cell
	Count    int64
	Pence    Pence
	Quantity Quantity
}

// MarshalJSON implements json.Marshaler.
func (r HeatRow) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 48)
	b = fmt.Appendf(b, `["%s",%d,%d`, r.Cell, r.Count, r.Pence)
	if r.Quantity != 0 {
		b = fmt.Appendf(b, ",%d", r.Quantity)
	}
	return append(b, ']'), nil
}

var _ json.Marshaler = HeatRow{}

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
