package facts

import (
	"tributary/data"
)

// figure is a data.Figure in the making: quantities by the code of their unit.
type figure struct {
	count, pence int64
	quantity     []int64 // by unit; nil: not asked for
}

func (f *figure) add(seg *segment, row int) {
	f.count += seg.weight(row)
	f.pence += seg.pence.at(row)
	if f.quantity != nil {
		f.quantity[seg.cols[data.FactUnit].at(row)] += seg.quantity.at(row)
	}
}

func (f *figure) join(g *figure) {
	f.count += g.count
	f.pence += g.pence
	for unit, q := range g.quantity {
		f.quantity[unit] += q
	}
}

// of spells a figure with the names of its units.
func (f *figure) of(units []string) data.Figure {
	out := data.Figure{Count: f.count, Pence: data.Pence(f.pence)}
	for unit, q := range f.quantity {
		if q != 0 {
			if out.Quantities == nil {
				out.Quantities = map[string]data.Quantity{}
			}
			out.Quantities[units[unit]] = data.Quantity(q)
		}
	}
	return out
}

// remainder is what the filter keeps but the rows of an answer cannot show.
type remainder struct {
	seg                   *segment
	unallocated, withheld figure
}

func newRemainder(units int) remainder {
	return remainder{unallocated: figure{quantity: make([]int64, units)}, withheld: figure{quantity: make([]int64, units)}}
}

// add counts a row that lies somewhere as withheld, one that lies nowhere as
// unallocated.
func (r *remainder) add(row int) {
	if r.nowhere(row) {
		r.unallocated.add(r.seg, row)
	} else {
		r.withheld.add(r.seg, row)
	}
}

// nowhere reports whether not even the region of a row was told.
func (r *remainder) nowhere(row int) bool {
	return r.seg.cols[data.FactTerritory].at(row) == 0 && r.seg.cols[data.FactRegion].at(row) == 0
}

func (r *remainder) addAll(base int, offsets []uint16) {
	for _, o := range offsets {
		r.add(base + int(o))
	}
}

func (r *remainder) join(o *remainder) {
	r.unallocated.join(&o.unallocated)
	r.withheld.join(&o.withheld)
}
