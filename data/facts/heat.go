package facts

import (
	"slices"

	"tributary/data"
	"tributary/geo/hex"
)

// cellSum is the figure of a cell.
type cellSum struct {
	key                    hex.Key
	count, pence, quantity int64
}

func (c *cellSum) join(d cellSum) {
	c.count += d.count
	c.pence += d.pence
	c.quantity += d.quantity
}

// heatTally adds up rows by the cell of a resolution that they lie in.
type heatTally struct {
	remainder
	res   int
	unit  uint32 // of the quantity; 0: none asked for
	parts []heatPart
	*heatPart
}

// heatPart is what one part gave: its cells in the order of its rows.
type heatPart struct {
	part   int
	cells  []cellSum
	coarse []cellSum // cells coarser than the resolution
}

func (t *heatTally) begin(part int, p *part) {
	t.seg = p.seg
	t.parts = append(t.parts, heatPart{part: part})
	t.heatPart = &t.parts[len(t.parts)-1]
}

func (t *heatTally) boxless(base int, offsets []uint16) { t.addAll(base, offsets) }

func (t *heatTally) rows(base int, offsets []uint16) {
	s := t.seg
	run := base + int(offsets[0])
	if s.sorted {
		run = int(s.blockRun[base/blockRows])
	}
	digit := 3 * (hex.Finest - t.res) // of the resolution
	for len(offsets) > 0 {
		for s.runEnd(run) <= base+int(offsets[0]) {
			run++
		}
		end := s.runEnd(run) - base
		n := 1
		for n < len(offsets) && int(offsets[n]) < end {
			n++
		}
		key := s.runKey[run]
		if key == 0 {
			t.addAll(base, offsets[:n])
			offsets = offsets[n:]
			continue
		}
		list, parent := &t.cells, key.Parent(t.res)
		if key>>digit&7 == 7 {
			list, parent = &t.coarse, key
		}
		if len(*list) == 0 || (*list)[len(*list)-1].key != parent {
			*list = append(*list, cellSum{key: parent})
		}
		t.sum(&(*list)[len(*list)-1], base, offsets[:n])
		offsets = offsets[n:]
	}
}

// sum adds rows to a cell's figure.
func (t *heatTally) sum(c *cellSum, base int, offsets []uint16) {
	c.count += int64(len(offsets))
	pence := t.seg.pence.v[base:]
	for _, o := range offsets {
		v := int64(pence[o])
		if v == apart {
			v = t.seg.pence.far(base + int(o))
		}
		c.pence += v
	}
	if t.unit != 0 {
		for _, o := range offsets {
			if row := base + int(o); t.seg.cols[data.FactUnit].at(row) == t.unit {
				c.quantity += t.seg.quantity.at(row)
			}
		}
	}
}

// Heat answers where value is delivered, by cell. Quantities are of the unit
// asked for alone.
func (s *Snapshot) Heat(q data.HeatQuery) data.Heat {
	units := s.values[data.FactUnit]
	unit := uint32(0)
	if q.Metric == data.MetricQuantity {
		unit, _ = s.dicts[data.FactUnit].find(q.Unit)
		if int(unit) >= len(units) {
			unit = 0 // met after this snapshot
		}
	}
	c := s.compile(q.Filter)
	if q.Near != nil {
		near := q.Reach()
		c.near = &near
	}
	tallies := scan(s, c, func() *heatTally {
		return &heatTally{remainder: newRemainder(len(units)), res: q.Res, unit: unit}
	})
	rest := newRemainder(len(units))
	var parts []heatPart
	for _, t := range tallies {
		rest.join(&t.remainder)
		parts = append(parts, t.parts...)
	}
	slices.SortFunc(parts, func(a, b heatPart) int { return a.part - b.part })
	cells := s.join(parts, func(p heatPart) []cellSum { return p.cells })
	coarse := s.join(parts, func(p heatPart) []cellSum { return p.coarse })

	kept := func(f *figure) data.Figure {
		for u := range f.quantity {
			if uint32(u) != unit {
				f.quantity[u] = 0
			}
		}
		f.quantity[0] = 0
		return f.of(units)
	}
	h := data.Heat{Version: s.version, Unallocated: kept(&rest.unallocated), Withheld: kept(&rest.withheld)}
	h.Rows, h.Total = rowsOf(cells, q.Unit, unit != 0)
	var more data.Figure
	h.Coarser, more = rowsOf(coarse, q.Unit, unit != 0)
	h.Withheld.Add(more)
	h.Total.Add(h.Unallocated)
	h.Total.Add(h.Withheld)
	return h
}

// join puts the cells of all parts together. Those of sorted parts follow one
// another; the rest are few.
func (s *Snapshot) join(parts []heatPart, of func(heatPart) []cellSum) []cellSum {
	n := 0
	for _, p := range parts {
		n += len(of(p))
	}
	all := make([]cellSum, 0, n)
	loose := n
	for _, p := range parts {
		if p.part >= s.sorted && loose == n {
			loose = len(all)
		}
		all = append(all, of(p)...)
	}
	if loose < n {
		// Sorting what is nearly sorted costs little more than reading it.
		slices.SortFunc(all, func(a, b cellSum) int {
			if a.key < b.key {
				return -1
			}
			if a.key > b.key {
				return 1
			}
			return 0
		})
	}
	out := all[:0]
	for _, c := range all {
		if len(out) > 0 && out[len(out)-1].key == c.key {
			out[len(out)-1].join(c)
		} else {
			out = append(out, c)
		}
	}
	return out
}

// rowsOf spells cells as the rows of an answer, and what they add up to.
func rowsOf(cells []cellSum, unit string, quantities bool) ([]data.HeatRow, data.Figure) {
	rows := make([]data.HeatRow, len(cells))
	var sum cellSum
	for i, c := range cells {
		rows[i] = data.HeatRow{Cell: c.key.Cell(), Count: c.count, Pence: data.Pence(c.pence), Quantity: data.Quantity(c.quantity)}
		sum.join(c)
	}
	f := data.Figure{Count: sum.count, Pence: data.Pence(sum.pence)}
	if quantities && sum.quantity != 0 {
		f.Quantities = map[string]data.Quantity{unit: data.Quantity(sum.quantity)}
	}
	return rows, f
}
