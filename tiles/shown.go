package tiles

import (
	"context"
	"slices"

	"tributary/data"
	"tributary/geo"
	"tributary/geo/hex"
)

// Shown says of layers that are drawn from contributions what the tiles of all
// zooms add up to, what they cannot show, and where classes of colour begin.
// The classes of a cell depend on every other cell, so they stand here and not
// in tiles, where each commit would change them everywhere.
type Shown struct {
	Version     int64       `json:"version"` // of the facts that this is exact at
	Metric      data.Metric `json:"metric,omitempty"`
	Unit        string      `json:"unit,omitempty"`
	Total       data.Figure `json:"total"`
	Unallocated data.Figure `json:"unallocated"`
	// Withheld may not be shown as finely as tiles do: it has no cell, or for
	// flows no territory. Tiles of any zoom add up to the total less this and
	// what is unallocated.
	Withheld data.Figure `json:"withheld"`
	// Cells say it by resolution; of heat and contributions alone.
	Cells []ShownCells `json:"cells,omitempty"`
}

// ShownCells is the cells of a resolution that some zooms are drawn at.
type ShownCells struct {
	Res     int `json:"res"`
	MinZoom int `json:"minzoom"`
	MaxZoom int `json:"maxzoom"`
	Cells   int `json:"cells"`
	// Withheld stands in no cell of the layer heat, but in part in heat_withheld.
	Withheld data.Figure `json:"withheld"`
	Min      int64       `json:"min"` // of the metric
	Max      int64       `json:"max"`
	Breaks   []int64     `json:"breaks"` // where its classes begin
}

// Shown answers what layers show; nil for a layer that is drawn from something
// else.
func (t *Tiles) Shown(ctx context.Context, l Layer, q Query) (*Shown, error) {
	switch l.Name {
	case "flows":
		b, err := t.src.Breakdown(ctx, q.Filter, q.flowFrom(), data.ByTerritory)
		return &Shown{Version: b.Version, Total: b.Total, Unallocated: b.Unallocated, Withheld: b.Withheld}, err
	case "heat", "contributions":
		h, err := t.src.Heat(ctx, data.HeatQuery{Filter: q.Filter, Res: hex.Finest, Metric: q.metric(), Unit: q.Unit})
		if err != nil {
			return nil, err
		}
		return q.shown(h), nil
	}
	return nil, nil
}

// shown tells of every resolution from the finest.
func (q Query) shown(h data.Heat) *Shown {
	s := &Shown{Version: h.Version, Metric: q.Metric, Unit: q.Unit, Total: h.Total, Unallocated: h.Unallocated, Withheld: h.Withheld}
	if s.Metric == "" {
		s.Metric = data.MetricPence
	}
	// What has a cell at all is shown, however coarse.
	for _, c := range h.Coarser {
		s.Withheld.Add(data.Figure{Count: -c.Count, Pence: -c.Pence})
		if q.Unit != "" {
			s.Withheld.Add(data.Figure{Quantities: map[string]data.Quantity{q.Unit: -c.Quantity}})
		}
	}
	all := slices.Concat(h.Rows, h.Coarser)
	slices.SortFunc(all, func(a, b data.HeatRow) int { return int(int64(a.Cell.Key()) - int64(b.Cell.Key())) })
	for z := 0; z <= geo.MaxZoom; z++ {
		res := q.resOf(z)
		if n := len(s.Cells); n > 0 && s.Cells[n-1].Res == res {
			s.Cells[n-1].MaxZoom = z
			continue
		}
		at := h
		if res < hex.Finest {
			at.Rows, at.Withheld = joined(all, res), s.Withheld
		}
		s.Cells = append(s.Cells, shownCells(at, s.Metric, res, z))
	}
	return s
}

func shownCells(h data.Heat, m data.Metric, res, zoom int) ShownCells {
	c := ShownCells{Res: res, MinZoom: zoom, MaxZoom: zoom, Cells: len(h.Rows), Withheld: h.Withheld, Breaks: h.Breaks(m)}
	for i, r := range h.Rows {
		v := r.Value(m)
		if i == 0 {
			c.Min, c.Max = v, v
		}
		c.Min, c.Max = min(c.Min, v), max(c.Max, v)
	}
	return c
}

// joined adds up cells, in the order of their keys, by those of a coarser
// resolution.
func joined(cells []data.HeatRow, res int) []data.HeatRow {
	var out []data.HeatRow
	for _, c := range cells {
		cell := c.Cell.Key().Parent(res).Cell()
		if n := len(out); n > 0 && out[n-1].Cell == cell {
			out[n-1].Count += c.Count
			out[n-1].Pence += c.Pence
			out[n-1].Quantity += c.Quantity
			continue
		}
		c.Cell = cell
		out = append(out, c)
	}
	return out
}
