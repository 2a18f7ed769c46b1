package facts

import (
	"slices"

	"tributary/data"
)

// summed are the columns that filters name most, and those that tell what a
// figure is of.
var summed = [...]data.FactColumn{data.FactState, data.FactStanding, data.FactSector, data.FactType, data.FactUnit, data.FactTerritory, data.FactRegion}

// leastAlike is how many rows at least one row of sums stands for on average;
// with fewer, looking at the rows themselves costs little more.
const leastAlike = 4

// makeSums adds up the rows of a sorted segment that are alike in the summed
// columns, so that an answer that asks for no others looks at far fewer rows:
// those of s.sums, which have weights. It notes which rows share their
// contribution with other facts, as those must not be counted twice.
func (s *segment) makeSums() {
	for _, c := range summed {
		if s.cols[c].w8 == nil {
			return // more values than there are in one place
		}
	}
	groups := map[[len(summed)]uint8]int{}
	out := &segment{}
	var pence, quantity []int64
	var joint []uint16
	for row := range s.n {
		var alike [len(summed)]uint8
		for i, c := range summed {
			alike[i] = s.cols[c].w8[row]
		}
		g, met := groups[alike]
		if !met {
			if g = out.n; g*leastAlike >= s.n {
				return
			}
			groups[alike] = g
			for i, c := range summed {
				out.cols[c].append(uint32(alike[i]))
			}
			out.weights, out.alone = append(out.weights, 0), append(out.alone, 0)
			pence, quantity = append(pence, 0), append(quantity, 0)
			out.n++
		}
		out.weights[g]++
		if s.cols[columnJoint].at(row) == 0 {
			out.alone[g]++
		} else {
			joint = append(joint, uint16(row))
		}
		pence[g] += s.pence.at(row)
		quantity[g] += s.quantity.at(row)
	}
	for g := range out.n {
		out.pence.append(pence[g])
		out.quantity.append(quantity[g])
	}
	for _, c := range summed {
		out.cols[c].w8 = slices.Clip(out.cols[c].w8)
	}
	out.weights, out.alone = slices.Clip(out.weights), slices.Clip(out.alone)
	s.sums, s.joint = out, slices.Clip(joint)
}

// weight is how many facts a row stands for.
func (s *segment) weight(row int) int64 {
	if s.weights == nil {
		return 1
	}
	return int64(s.weights[row])
}

// asksSums reports whether a condition names summed columns alone, and so do
// those given.
func (c *condition) asksSums(columns ...data.FactColumn) bool {
	if c.box != nil {
		return false
	}
	for _, p := range c.preds {
		columns = append(columns, p.col)
	}
	return !slices.ContainsFunc(columns, func(col data.FactColumn) bool { return !slices.Contains(summed[:], col) })
}

// jointTally is a tally that counts contributions: it is given the rows that
// share theirs apart from the sums.
type jointTally interface {
	joints(base int, offsets []uint16)
}

// sum hands the rows of the sums of a part to a tally, which reads the summed
// columns alone.
func (b *block) sum(i int, p *part, c *condition, t tally) {
	if !c.meets(p.seg) {
		return
	}
	sums := part{seg: p.seg.sums}
	t.begin(i, &sums)
	b.scan(&sums, c, t)
	j, counts := t.(jointTally)
	if !counts {
		return
	}
	t.begin(i, p)
	for rest := p.seg.joint; len(rest) > 0; {
		lo := int(rest[0]) / blockRows * blockRows
		n := 0
		for n < len(rest) && int(rest[n]) < lo+blockRows {
			b.in[n] = rest[n] - uint16(lo)
			n++
		}
		if rows := b.filter(p, lo, min(p.seg.n, lo+blockRows), n, c.preds); len(rows) > 0 {
			j.joints(lo, rows)
		}
		rest = rest[n:]
	}
}

// meets reports whether every predicate keeps some row of a sorted segment, as
// far as its zones tell.
func (c *condition) meets(s *segment) bool {
	for _, p := range c.preds {
		if !slices.ContainsFunc(s.zones, func(z [columns]uint64) bool { return z[p.col]&p.some != 0 }) {
			return false
		}
	}
	return true
}
