package facts

import (
	"math/bits"

	"tributary/data"
)

// totalsTally adds up everything.
type totalsTally struct {
	remainder
	inside figure
	alone  int64    // facts that share their contribution with no other
	joint  []uint64 // contributions that have been seen, a bit each
}

func (s *Snapshot) newTotalsTally() *totalsTally {
	units := len(s.values[data.FactUnit])
	return &totalsTally{
		remainder: newRemainder(units),
		inside:    figure{quantity: make([]int64, units)},
		joint:     make([]uint64, len(s.values[columnJoint])/64+1),
	}
}

func (t *totalsTally) begin(_ int, p *part) { t.seg = p.seg }

func (t *totalsTally) rows(base int, offsets []uint16) {
	for _, o := range offsets {
		if row := base + int(o); t.nowhere(row) {
			t.unallocated.add(t.seg, row)
		} else {
			t.inside.add(t.seg, row)
		}
	}
	t.contributions(base, offsets)
}

func (t *totalsTally) boxless(base int, offsets []uint16) {
	t.addAll(base, offsets)
	t.contributions(base, offsets)
}

func (t *totalsTally) contributions(base int, offsets []uint16) {
	if alone := t.seg.alone; alone != nil {
		for _, o := range offsets {
			t.alone += int64(alone[base+int(o)])
		}
		return
	}
	t.joints(base, offsets)
}

func (t *totalsTally) joints(base int, offsets []uint16) {
	col := &t.seg.cols[columnJoint]
	for _, o := range offsets {
		if code := col.at(base + int(o)); code == 0 {
			t.alone++
		} else {
			t.joint[code>>6] |= 1 << (code & 63)
		}
	}
}

// Totals answers what everything under a filter adds up to.
func (s *Snapshot) Totals(f data.Filter) data.Totals {
	all := s.newTotalsTally()
	c := s.compile(f)
	c.sums = c.asksSums()
	for _, t := range scan(s, c, s.newTotalsTally) {
		all.inside.join(&t.inside)
		all.join(&t.remainder)
		all.alone += t.alone
		for i, b := range t.joint {
			all.joint[i] |= b
		}
	}
	units := s.values[data.FactUnit]
	out := data.Totals{Version: s.version, Unallocated: all.unallocated.of(units), Withheld: all.withheld.of(units)}
	out.Total.Figure = all.inside.of(units)
	out.Total.Add(out.Unallocated)
	out.Total.Add(out.Withheld)
	out.Total.Contributions = all.alone
	for _, b := range all.joint {
		out.Total.Contributions += int64(bits.OnesCount64(b))
	}
	return out
}
