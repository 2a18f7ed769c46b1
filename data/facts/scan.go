package facts

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// A tally adds up the rows that a scan finds. Each goroutine of the scan has
// one of its own; they are joined when it is done.
type tally interface {
	// begin comes before the rows of a part.
	begin(part int, p *part)
	// rows are kept by the filter: offsets from base, ascending, at most
	// blockRows of them.
	rows(base int, offsets []uint16)
	// boxless are kept by the filter but for its box: they have no cell.
	boxless(base int, offsets []uint16)
}

// scan goes over the rows that a condition keeps with several tallies, at the
// same time, each part as a whole by one of them.
func scan[T tally](s *Snapshot, c condition, make func() T) []T {
	if c.none {
		return nil
	}
	workers := max(1, min(len(s.parts), runtime.GOMAXPROCS(0)))
	tallies := []T{}
	for range workers {
		tallies = append(tallies, make())
	}
	var next atomic.Int64
	work := func(t T) {
		var b block
		for {
			i := int(next.Add(1)) - 1
			if i >= len(s.parts) {
				return
			}
			if p := &s.parts[i]; p.seg.n > p.lost && !c.passes(p.seg) {
				if c.sums && p.lost == 0 && p.seg.sums != nil {
					b.sum(i, p, &c, t)
					continue
				}
				t.begin(i, p)
				b.scan(p, &c, t)
			}
		}
	}
	var wait sync.WaitGroup
	for _, t := range tallies[1:] {
		wait.Go(func() { work(t) })
	}
	work(tallies[0])
	wait.Wait()
	return tallies
}

// block is the rows under consideration.
type block struct {
	in, out [blockRows]uint16
}

// scan hands the rows of a part that the condition keeps to a tally, block
// after block. The rows of a block that a predicate keeps, or passes over, as
// a whole are not looked at by it.
func (b *block) scan(p *part, c *condition, t tally) {
	var open []predicate
	for i := range p.seg.blocks() {
		open = open[:0]
		skip := false
		for _, pred := range c.preds {
			if p.seg.zones == nil {
				open = append(open, pred)
				continue
			}
			zone := p.seg.zones[i][pred.col]
			skip = skip || zone&pred.some == 0
			if zone&^pred.every != 0 {
				open = append(open, pred)
			}
		}
		if skip {
			continue
		}
		lo, hi := i*blockRows, min(p.seg.n, (i+1)*blockRows)
		if c.box == nil {
			if rows := b.filter(p, lo, hi, -1, open); len(rows) > 0 {
				t.rows(lo, rows)
			}
			continue
		}
		inside, without := b.split(p.seg, i, lo, hi, c)
		if rows := b.filter(p, lo, hi, inside, open); len(rows) > 0 {
			t.rows(lo, rows)
		}
		copy(b.in[:], b.out[:without])
		if rows := b.filter(p, lo, hi, without, open); len(rows) > 0 {
			t.boxless(lo, rows)
		}
	}
}

// split puts the rows of a block that lie in the box into b.in, and those
// without a cell into b.out.
func (b *block) split(s *segment, i, lo, hi int, c *condition) (inside, without int) {
	run := lo
	if s.sorted {
		run = int(s.blockRun[i])
	}
	for row := lo; row < hi; run++ {
		end := min(hi, s.runEnd(run))
		switch {
		case s.runKey[run] == 0:
			for ; row < end; row++ {
				b.out[without] = uint16(row - lo)
				without++
			}
		case c.box.Holds(s.runLon[run], s.runLat[run]):
			for ; row < end; row++ {
				b.in[inside] = uint16(row - lo)
				inside++
			}
		}
		row = end
	}
	return inside, without
}

// filter returns the offsets of the rows from lo to hi that every predicate
// keeps: of the first n of b.in, or of all if n is negative.
func (b *block) filter(p *part, lo, hi, n int, preds []predicate) []uint16 {
	if n < 0 && p.lost > 0 {
		n = b.present(p, lo, hi)
	} else if n > 0 && p.lost > 0 {
		n = len(slices.DeleteFunc(b.in[:n], func(o uint16) bool { return p.isGone(lo + int(o)) }))
	}
	for i := range preds {
		col := &p.seg.cols[preds[i].col]
		keeps := preds[i].keeps
		switch {
		case col.w8 != nil:
			n = narrow8(&b.in, n, col.w8[lo:hi], (*[256]uint8)(keeps))
		case col.w16 != nil:
			n = narrow16(&b.in, n, col.w16[lo:hi], (*[1 << 16]uint8)(keeps))
		default:
			n = narrow32(&b.in, n, col.w32[lo:hi], keeps)
		}
		if n == 0 {
			return nil
		}
	}
	if n < 0 {
		n = hi - lo
		for i := range n {
			b.in[i] = uint16(i)
		}
	}
	return b.in[:n]
}

// present puts the rows that are not gone into b.in.
func (b *block) present(p *part, lo, hi int) (n int) {
	for row := lo; row < hi; row++ {
		b.in[n&(blockRows-1)] = uint16(row - lo)
		if !p.isGone(row) {
			n++
		}
	}
	return n
}

// narrow8 keeps those of the first n offsets in at whose code is kept; a
// negative n stands for all rows of the column. It does not branch on what it
// finds, as nobody could foretell that. narrow16 and narrow32 do the same for
// wider codes.
func narrow8(at *[blockRows]uint16, n int, col []uint8, keeps *[256]uint8) (kept int) {
	if n < 0 {
		for i, code := range col {
			at[kept&(blockRows-1)] = uint16(i)
			kept += int(keeps[code])
		}
		return kept
	}
	for _, o := range at[:n] {
		at[kept&(blockRows-1)] = o
		kept += int(keeps[col[o]])
	}
	return kept
}

func narrow16(at *[blockRows]uint16, n int, col []uint16, keeps *[1 << 16]uint8) (kept int) {
	if n < 0 {
		for i, code := range col {
			at[kept&(blockRows-1)] = uint16(i)
			kept += int(keeps[code])
		}
		return kept
	}
	for _, o := range at[:n] {
		at[kept&(blockRows-1)] = o
		kept += int(keeps[col[o]])
	}
	return kept
}

func narrow32(at *[blockRows]uint16, n int, col []uint32, keeps []uint8) (kept int) {
	if n < 0 {
		for i, code := range col {
			at[kept&(blockRows-1)] = uint16(i)
			kept += int(keeps[code])
		}
		return kept
	}
	for _, o := range at[:n] {
		at[kept&(blockRows-1)] = o
		kept += int(keeps[col[o]])
	}
	return kept
}
