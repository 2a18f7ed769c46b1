package tiles

import (
	"context"
	"time"

	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/geo/hex"
)

// singlesFrom is the zoom from which contributions are told one by one, in
// tiles that hold no more than mostSingles.
const (
	singlesFrom = 12
	mostSingles = 6_000
)

// heat encodes the figures of the cells that touch a tile, and beneath them the
// coarser cells in which something may not be told as finely.
func (t *Tiles) heat(ctx context.Context, at maptile.Tile, q Query) ([]byte, error) {
	w := windowOf(at)
	h, err := t.cellsNear(ctx, w, q)
	if err != nil {
		return nil, err
	}
	coarser, err := t.heatCells("heat_withheld", w, q, h.Coarser, nil)
	if err != nil {
		return nil, err
	}
	return t.heatCells("heat", w, q, h.Rows, coarser)
}

// cellsNear asks for the cells around a tile.
func (t *Tiles) cellsNear(ctx context.Context, w window, q Query) (data.Heat, error) {
	res, err := resAt(q.Res, int(w.at.Z))
	if err != nil {
		return data.Heat{}, err
	}
	near := w.bound()
	return t.src.Heat(ctx, data.HeatQuery{Filter: q.Filter, Res: res, Metric: q.metric(), Unit: q.Unit, Near: &near})
}

func (t *Tiles) heatCells(name string, w window, q Query, rows []data.HeatRow, tile []byte) ([]byte, error) {
	l := newWriter(name)
	id, count, pence := l.key("id"), l.key("count"), l.key("pence")
	quantity := uint32(0)
	if q.Unit != "" {
		quantity = l.key("quantity_milli")
	}
	var ring [][2]int32
	for _, row := range rows {
		o, err := t.outlines.of(row.Cell)
		if err != nil {
			return nil, err
		}
		if ring = w.clip(o.ring, ring); len(ring) < 3 {
			continue
		}
		l.begin(geomPolygon, 0)
		l.unique(id, row.Cell.String())
		l.whole(count, row.Count)
		l.whole(pence, int64(row.Pence))
		if q.Unit != "" {
			l.whole(quantity, int64(row.Quantity))
		}
		l.ring(ring)
		l.end()
	}
	return l.layer(tile), nil
}

// contributions encodes what was contributed, as points in the one tile that
// holds them: each part of a contribution by itself where the zoom is deep and
// the tile holds few enough, else the sums of cells; at their centres.
func (t *Tiles) contributions(ctx context.Context, at maptile.Tile, q Query) ([]byte, error) {
	w := windowOf(at)
	if at.Z >= singlesFrom && q.Res == 0 {
		// A little more than the tile, as the box is in other units.
		p, err := t.src.Points(ctx, data.PointQuery{Filter: q.Filter, In: hex.NewBox(at.Bound(0.001)), Most: t.mostSingles})
		if err != nil {
			return nil, err
		}
		if !p.TooMany {
			return t.singles(w, p.Points)
		}
	}
	h, err := t.cellsNear(ctx, w, q)
	if err != nil {
		return nil, err
	}
	l := newWriter("contributions")
	id, count, pence, level := l.key("id"), l.key("count"), l.key("pence"), l.key("level")
	for _, rows := range [][]data.HeatRow{h.Coarser, h.Rows} {
		for _, row := range rows {
			o, err := t.outlines.of(row.Cell)
			if err != nil {
				return nil, err
			}
			x, y, ok := w.holds(o.centre)
			if !ok {
				continue
			}
			l.begin(geomPoint, 0)
			l.unique(id, row.Cell.String())
			l.whole(count, row.Count)
			l.whole(pence, int64(row.Pence))
			l.text(level, "cell")
			l.point(x, y)
			l.end()
		}
	}
	return l.layer(nil), nil
}

// singles encodes single parts of contributions.
func (t *Tiles) singles(w window, points []data.FactPoint) ([]byte, error) {
	l := newWriter("contributions")
	count, pence, level := l.key("count"), l.key("pence"), l.key("level")
	kind, measure, sector, state, standing := l.key("type"), l.key("measure"), l.key("sector"), l.key("state"), l.key("standing")
	day, quantity, unit := l.key("day"), l.key("quantity_milli"), l.key("unit")
	days := map[int32]string{}
	var cell hex.Cell
	var x, y int32
	var here bool
	for i := range points {
		p := &points[i]
		if p.Cell != cell {
			o, err := t.outlines.of(p.Cell)
			if err != nil {
				return nil, err
			}
			cell = p.Cell
			x, y, here = w.holds(o.centre)
		}
		if !here {
			continue
		}
		when, ok := days[p.Day]
		if !ok {
			when = time.Unix(int64(p.Day)*24*60*60, 0).UTC().Format(time.DateOnly)
			days[p.Day] = when
		}
		l.begin(geomPoint, uint64(p.ID))
		l.whole(count, 1)
		l.whole(pence, int64(p.Pence))
		if p.Cell.Key().Res() == hex.Finest {
			l.text(level, "exact")
		} else {
			l.text(level, "cell")
		}
		l.text(kind, p.Type)
		l.text(measure, p.Measure)
		l.text(sector, p.Sector)
		l.text(state, p.State)
		l.text(standing, p.Standing)
		l.text(day, when)
		if p.Unit != "" && p.Unit != data.UnitPeople {
			l.whole(quantity, int64(p.Quantity))
			l.text(unit, p.Unit)
		}
		l.point(x, y)
		l.end()
	}
	return l.layer(nil), nil
}
