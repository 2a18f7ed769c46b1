package tiles

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"tributary/data"
	"tributary/geo/hex"
)

// Query is what tiles are asked to show: the filter, and how it is looked at.
type Query struct {
	Filter data.Filter
	// Res is the resolution of hexagons; 0 goes by the zoom.
	Res int
	// Metric is what colours go by, Unit the unit of quantities, "" for none.
	Metric data.Metric
	Unit   string
	// By and Baseline say over which places gaps are told, and what need is
	// measured by.
	By, Baseline string
}

// Views names the parameters beside the filter that some layer takes.
var Views = []string{"res", "metric", "unit", "by", "baseline"}

// NewQuery checks that a filter and a view apply to every one of some layers.
// Errors are *data.Invalid and name the parameter.
func NewQuery(layers []Layer, f data.Filter, v data.View) (Query, error) {
	q := Query{Filter: f, Unit: v.Unit, By: v.By, Baseline: v.Baseline}
	for name, values := range f.Values() {
		for _, l := range layers {
			if !l.takes(name) {
				return q, data.Invalidf(name, values[0], "does not apply to the layer %s: leave it out (this takes %v)", l.Name, l.Takes)
			}
		}
	}
	for name, value := range map[string]string{"res": v.Res, "metric": v.Metric, "unit": v.Unit, "by": v.By, "baseline": v.Baseline} {
		for _, l := range layers {
			if value != "" && !l.views(name) {
				return q, data.Invalidf(name, value, "does not apply to the layer %s: leave it out", l.Name)
			}
		}
	}
	if slices.ContainsFunc(layers, func(l Layer) bool { return l.Name == "gaps" }) {
		if len(f.Territory) != 1 {
			return q, data.Invalidf("territory", "", "gaps are told for one territory at a time: give its id, such as norfolk")
		}
		if _, err := v.GapRes(); err != nil {
			return q, err
		}
	}
	var err error
	if v.Res != "" {
		if q.Res, err = data.ParseRes(v.Res, f); err != nil {
			return q, err
		}
	}
	if v.Metric != "" {
		if q.Metric, err = data.ParseMetric(v.Metric); err != nil {
			return q, err
		}
	}
	switch {
	case q.Metric == data.MetricQuantity && q.Unit == "":
		return q, data.Invalidf("unit", "", "quantities are of different units, which are not added: name one")
	case q.Metric != data.MetricQuantity && q.Unit != "":
		return q, data.Invalidf("unit", q.Unit, "a unit is for metric=quantity alone: leave it out")
	}
	return q, nil
}

// Values are the query's parameters in canonical spelling.
func (q Query) Values() url.Values {
	v := q.Filter.Values()
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Res > 0 {
		v.Set("res", strconv.Itoa(q.Res))
	}
	set("metric", string(q.Metric))
	set("unit", q.Unit)
	set("by", q.By)
	set("baseline", q.Baseline)
	return v
}

// Canonical is Values, encoded: equal questions are equal texts. Tiles are the
// same whatever the colours go by, but for the unit of a quantity.
func (q Query) Canonical() string {
	if q.Metric != data.MetricQuantity {
		q.Metric = ""
	}
	return q.Values().Encode()
}

// metric is what cells are asked for.
func (q Query) metric() data.Metric {
	if q.Unit != "" {
		return data.MetricQuantity
	}
	return data.MetricPence
}

// resOf is the resolution of each zoom.
func (q Query) resOf(zoom int) int {
	if q.Res > 0 {
		return q.Res
	}
	return hex.ForZoom(zoom)
}

func invalid(field, value, reason string, args ...any) error {
	return &data.Invalid{Field: field, Value: value, Reason: fmt.Sprintf(reason, args...)}
}
