package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"tributary/data"
	"tributary/geo/hex"
)

// FactSource answers questions about what was contributed.
type FactSource interface {
	Heat(ctx context.Context, q data.HeatQuery) (data.Heat, error)
	Totals(ctx context.Context, f data.Filter) (data.Totals, error)
	// Names gives the names of the places that a filter mentions, by code.
	Names(ctx context.Context, f data.Filter) (map[string]string, error)
}

// heatAnswer is a heat map as JSON.
type heatAnswer struct {
	Query   string      `json:"query"`   // the canonical question
	Version int64       `json:"version"` // of the facts that this is exact at
	Res     int         `json:"res"`     // H3 resolution
	Metric  data.Metric `json:"metric"`
	Unit    string      `json:"unit,omitempty"` // of the quantities
	Total   data.Figure `json:"total"`          // rows, unallocated and withheld
	// Breaks are where the metric's classes begin, for colours.
	Breaks []int64 `json:"breaks"`
	// Rows are cell, count, pence and, for a quantity, its thousandths.
	Rows []heatRow `json:"rows"`
	// WithheldCells are like rows, of a coarser resolution: what may not be shown
	// more finely. They are parts of Withheld.
	WithheldCells []heatRow         `json:"withheld_cells"`
	Unallocated   data.Figure       `json:"unallocated"`
	Withheld      data.Figure       `json:"withheld"`
	Sentence      string            `json:"sentence"`
	Links         map[string]string `json:"links"`
}

type heatRow []any

// heat answers where value is delivered, by hexagon.
func (s *Server) heat(w http.ResponseWriter, r *http.Request) error {
	asked, err := s.ask(r, data.FactParams, "res", "metric", "unit")
	if err != nil {
		return err
	}
	q := data.HeatQuery{Filter: asked.filter, Unit: asked.view.Unit}
	if q.Res, err = data.ParseRes(asked.view.Res, q.Filter); err != nil {
		return err
	}
	if q.Metric, err = data.ParseMetric(asked.view.Metric); err != nil {
		return err
	}
	if err := s.heatUnit(r.Context(), &q); err != nil {
		return err
	}
	h, err := s.src.Heat(r.Context(), q)
	if err != nil {
		return err
	}
	if err := h.Check(q); err != nil {
		return err
	}
	switch asked.format {
	case "csv", "xlsx":
		return s.heatTable(w, asked.format, q, &h)
	case "geojson":
		return s.heatGeoJSON(w, q, &h)
	}
	return s.heatJSON(w, r, q, &h)
}

// heatUnit finds the unit that quantities are asked in: the one that there is
// under the filter, unless it is named.
func (s *Server) heatUnit(ctx context.Context, q *data.HeatQuery) error {
	if q.Metric != data.MetricQuantity {
		if q.Unit != "" {
			return data.Invalidf("unit", q.Unit, "a unit is for metric=quantity alone: leave it out")
		}
		return nil
	}
	t, err := s.src.Totals(ctx, q.Filter)
	if err != nil {
		return err
	}
	return q.ChooseUnit(t.Total.Figure)
}

// values are the canonical parameters of a heat map.
func heatValues(q data.HeatQuery) url.Values {
	v := q.Filter.Values()
	v.Set("res", strconv.Itoa(q.Res))
	v.Set("metric", string(q.Metric))
	if q.Unit != "" {
		v.Set("unit", q.Unit)
	}
	return v
}

func (s *Server) heatJSON(w http.ResponseWriter, r *http.Request, q data.HeatQuery, h *data.Heat) error {
	names, err := s.src.Names(r.Context(), q.Filter)
	if err != nil {
		return err
	}
	query := heatValues(q).Encode()
	rows := func(list []data.HeatRow) []heatRow {
		out := make([]heatRow, len(list))
		for i, c := range list {
			out[i] = heatRow{c.Cell.String(), c.Count, c.Pence}
			if q.Metric == data.MetricQuantity {
				out[i] = append(out[i], c.Quantity)
			}
		}
		return out
	}
	return writeJSON(w, heatAnswer{
		Query: query, Version: h.Version, Res: q.Res, Metric: q.Metric, Unit: q.Unit, Total: h.Total, Breaks: h.Breaks(q.Metric),
		Rows: rows(h.Rows), WithheldCells: rows(h.Coarser), Unallocated: h.Unallocated, Withheld: h.Withheld,
		Sentence: h.Sentence(q, data.In(q.Filter, names)),
		Links: map[string]string{
			"self": "/api/v1/heat?" + query, "csv": "/api/v1/heat.csv?" + query, "geojson": "/api/v1/heat.geojson?" + query,
			"totals": address("/api/v1/totals", q.Filter.Canonical()),
		},
	})
}

// heatCSV writes one row a cell, then what no cell shows, so that the rows add
// up to the total; part tells them apart.
func (s *Server) heatTable(w http.ResponseWriter, format string, q data.HeatQuery, h *data.Heat) error {
	out, err := newTable(w, format, "heat", "cell", "resolution", "part", "count", "value_pounds", "quantity", "unit", "version", "query", "source", "licence")
	if err != nil {
		return err
	}
	query := heatValues(q).Encode()
	row := func(cell, part string, count int64, pence data.Pence, quantity data.Quantity) error {
		amount, res := "", ""
		if q.Metric == data.MetricQuantity {
			amount = quantity.String()
		}
		if cell != "" {
			res = strconv.Itoa(q.Res)
		}
		if part == "withheld_cell" {
			res = strconv.Itoa(hex.Public)
		}
		return out.row(cell, res, part, count, verbatim(pence.Pounds()), verbatim(amount), q.Unit, h.Version, query, "Tributary; hexagons: H3", s.cfg.BaseURL+"/data#licences")
	}
	for _, c := range h.Rows {
		if err := row(c.Cell.String(), "cell", c.Count, c.Pence, c.Quantity); err != nil {
			return err
		}
	}
	rest := h.Withheld
	left := rest.Quantities[q.Unit]
	for _, c := range h.Coarser {
		rest.Count, rest.Pence, left = rest.Count-c.Count, rest.Pence-c.Pence, left-c.Quantity
		if err := row(c.Cell.String(), "withheld_cell", c.Count, c.Pence, c.Quantity); err != nil {
			return err
		}
	}
	if err := row("", "withheld", rest.Count, rest.Pence, left); err != nil {
		return err
	}
	if err := row("", "unallocated", h.Unallocated.Count, h.Unallocated.Pence, h.Unallocated.Quantities[q.Unit]); err != nil {
		return err
	}
	return out.close()
}

// heatFeature is a cell as a GeoJSON feature's properties.
type heatFeature struct {
	Res      int            `json:"res"`
	Count    int64          `json:"count"`
	Pence    data.Pence     `json:"pence"`
	Quantity *data.Quantity `json:"quantity_milli,omitempty"`
	Unit     string         `json:"unit,omitempty"`
	// Class is the number of the metric's class, from 0; null for a cell that is
	// coarser than asked.
	Class    *int `json:"class"`
	Withheld bool `json:"withheld"`
}

// heatGeoJSON writes the outline of each cell. Cells that are marked withheld
// are coarser and lie beneath the others.
func (s *Server) heatGeoJSON(w http.ResponseWriter, q data.HeatQuery, h *data.Heat) error {
	g, err := newGeoJSON(w, fmt.Sprintf("Tributary, version %d; hexagons: H3; %s/data#licences", h.Version, s.cfg.BaseURL))
	if err != nil {
		return err
	}
	breaks := h.Breaks(q.Metric)
	write := func(c data.HeatRow, withheld bool) error {
		outline, err := c.Cell.Outline()
		if err != nil {
			return err
		}
		geometry, err := json.Marshal(map[string]any{"type": "Polygon", "coordinates": outline})
		if err != nil {
			return err
		}
		f := heatFeature{Res: c.Cell.Resolution(), Count: c.Count, Pence: c.Pence, Withheld: withheld}
		if q.Metric == data.MetricQuantity {
			f.Quantity, f.Unit = &c.Quantity, q.Unit
		}
		if !withheld {
			class := data.ClassOf(breaks, c.Value(q.Metric))
			f.Class = &class
		}
		return g.feature(c.Cell.String(), geometry, f)
	}
	for _, c := range h.Coarser {
		if err := write(c, true); err != nil {
			return err
		}
	}
	for _, c := range h.Rows {
		if err := write(c, false); err != nil {
			return err
		}
	}
	return g.close()
}

// totalsAnswer is everything under a filter as JSON.
type totalsAnswer struct {
	Query string `json:"query"`
	data.Totals
	People   data.NotCounted   `json:"people"`
	Sentence string            `json:"sentence"`
	Links    map[string]string `json:"links"`
}

// totals answers what the contributions under a filter add up to.
func (s *Server) totals(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, data.FactParams)
	if err != nil {
		return err
	}
	t, err := s.src.Totals(r.Context(), q.filter)
	if err != nil {
		return err
	}
	names, err := s.src.Names(r.Context(), q.filter)
	if err != nil {
		return err
	}
	query := q.filter.Canonical()
	return writeJSON(w, totalsAnswer{Query: query, Totals: t, People: data.PeopleNotCounted(), Sentence: t.Sentence(data.In(q.filter, names)),
		Links: map[string]string{"self": address("/api/v1/totals", query), "heat": address("/api/v1/heat", query)}})
}

// address is a path with its query, if there is one.
func address(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}
