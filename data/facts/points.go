package facts

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"

	"tributary/data"
	"tributary/geo/hex"
)

// pointTally collects single rows whose cells have their centre in a box.
type pointTally struct {
	snapshot *Snapshot
	seg      *segment
	in       hex.Box
	left     *atomic.Int64 // how many more may be found, by all tallies
	found    []data.FactPoint
}

func (t *pointTally) begin(_ int, p *part) { t.seg = p.seg }

func (t *pointTally) boxless(int, []uint16) {}

func (t *pointTally) rows(base int, offsets []uint16) {
	s := t.seg
	run := base + int(offsets[0])
	if s.sorted {
		run = int(s.blockRun[base/blockRows])
	}
	for len(offsets) > 0 && t.left.Load() >= 0 {
		for s.runEnd(run) <= base+int(offsets[0]) {
			run++
		}
		end := s.runEnd(run) - base
		n := 1
		for n < len(offsets) && int(offsets[n]) < end {
			n++
		}
		if s.runKey[run] != 0 && t.in.Holds(s.runLon[run], s.runLat[run]) && t.left.Add(-int64(n)) >= 0 {
			cell := s.runKey[run].Cell()
			for _, o := range offsets[:n] {
				t.found = append(t.found, t.point(cell, base+int(o)))
			}
		}
		offsets = offsets[n:]
	}
}

func (t *pointTally) point(cell hex.Cell, row int) data.FactPoint {
	s := t.seg
	text := func(c data.FactColumn) string { return t.snapshot.values[c][s.cols[c].at(row)] }
	return data.FactPoint{ID: s.ids.at(row), Cell: cell, Day: dayOf(text(columnDay)), Pence: data.Pence(s.pence.at(row)), Quantity: data.Quantity(s.quantity.at(row)),
		Unit: text(data.FactUnit), Type: text(data.FactType), Measure: text(data.FactMeasure), Sector: text(data.FactSector), State: text(data.FactState), Standing: text(data.FactStanding)}
}

// Points answers single facts in a box.
func (s *Snapshot) Points(q data.PointQuery) data.FactPoints {
	c := s.compile(q.Filter)
	c.near = &q.In
	var left atomic.Int64
	left.Store(int64(q.Most))
	out := data.FactPoints{Version: s.version}
	for _, t := range scan(s, c, func() *pointTally { return &pointTally{snapshot: s, in: q.In, left: &left} }) {
		out.Points = append(out.Points, t.found...)
	}
	if left.Load() < 0 {
		return data.FactPoints{Version: s.version, TooMany: true}
	}
	slices.SortFunc(out.Points, func(a, b data.FactPoint) int {
		return cmp.Or(cmp.Compare(a.Cell.Key(), b.Cell.Key()), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Points answers single facts in a box.
func (fs *Facts) Points(ctx context.Context, q data.PointQuery) (data.FactPoints, error) {
	if s := fs.current.Load(); s != nil {
		return s.Points(q), nil
	}
	if fs.answers == nil {
		return data.FactPoints{}, errNotLoaded
	}
	return fs.answers.Points(ctx, q)
}
