package facts

import (
	"tributary/data"
	"tributary/geo/hex"
)

// groups is how many numbers say what a fact's columns hold while a load is
// gathered: those of data, and the day.
const groups = int(data.FactGroups) + 1

// groupDay is the day's.
const groupDay = int(data.FactGroups)

// groupOf is the group that a column's values are told by; not for columnJoint.
func groupOf(c int) int {
	if data.FactColumn(c) == columnDay {
		return groupDay
	}
	return int(data.FactColumn(c).Group())
}

// gathered is what one part of a load has brought so far, with codes of its
// own. Facts are put in the order of their keys a run at a time, so that the
// runs can be merged by reading each from its beginning to its end.
type gathered struct {
	alike [groups]alikeCoder
	open  *openRun
	runs  []gatheredRun
}

// gatheredRun is up to maxRows facts in the order of their keys, and the
// contributions that they are parts of. Its columns hold the codes of their
// groups, and those of one group are one array.
type gatheredRun struct {
	segment
	contributions [][16]byte
}

// openRun is a run that is not full yet, as its facts come.
type openRun struct {
	n               int
	ident           [maxRows]int64
	key             [maxRows]hex.Key
	pence, quantity [maxRows]int64
	contributions   [maxRows][16]byte
	codes           [groups][maxRows]uint32
}

func newGathered() *gathered {
	g := &gathered{open: &openRun{}}
	for i := range g.alike {
		g.alike[i] = newAlikeCoder()
	}
	return g
}

// add takes one fact.
func (g *gathered) add(f *data.Fact, alike data.FactAlike) error {
	if err := checkFact(f); err != nil {
		return err
	}
	r := g.open
	at := r.n
	for i, v := range alike {
		r.codes[i][at] = g.alike[i].code(v, f.ID)
	}
	r.codes[groupDay][at] = g.alike[groupDay].code(int64(f.Day), f.ID)
	r.ident[at], r.key[at] = f.ID, f.Cell.Key()
	r.pence[at], r.quantity[at] = f.Pence, f.Quantity
	r.contributions[at] = f.Contribution
	r.n++
	if r.n == maxRows {
		g.endRun()
	}
	return nil
}

// endRun puts what has come in order and begins anew.
func (g *gathered) endRun() {
	r := g.open
	if r.n == 0 {
		return
	}
	order := make([]uint64, r.n)
	for row, key := range r.key[:r.n] {
		order[row] = uint64(key)<<rowBits | uint64(row)
	}
	order = radixSort(order)
	run := gatheredRun{segment{n: r.n, runKey: make([]hex.Key, r.n)}, make([][16]byte, r.n)}
	run.ids = idents{make([]uint32, 0, r.n), make([]uint8, 0, r.n)}
	run.pence.v, run.quantity.v = make([]int32, 0, r.n), make([]int32, 0, r.n)
	for i, v := range order {
		row := v & (1<<rowBits - 1)
		run.ids.append(r.ident[row])
		run.runKey[i] = r.key[row]
		run.pence.append(r.pence[row])
		run.quantity.append(r.quantity[row])
		run.contributions[i] = r.contributions[row]
	}
	var grouped [groups]codes
	values := make([]uint32, r.n)
	for i := range grouped {
		for at, v := range order {
			values[at] = r.codes[i][v&(1<<rowBits-1)]
		}
		grouped[i] = newCodes(values)
	}
	for c := range columns {
		if data.FactColumn(c) != columnJoint { // told when all has come
			run.cols[c] = grouped[groupOf(c)]
		}
	}
	g.runs = append(g.runs, run)
	r.n = 0
}

// alikeCoder gives the numbers of a group codes while one goroutine gathers, in
// the order in which they are first met. It keeps the id of the fact that each
// was met in.
type alikeCoder struct {
	slots []alikeSlot // by open addressing
	met   []alikeMet  // by code
}

// alikeSlot is a number and its code and one; 0: none.
type alikeSlot struct {
	number int64
	code   uint32
}

type alikeMet struct{ number, fact int64 }

func newAlikeCoder() alikeCoder { return alikeCoder{slots: make([]alikeSlot, 64)} }

func (c *alikeCoder) code(number, fact int64) uint32 {
	if len(c.met)*2 >= len(c.slots) {
		c.grow()
	}
	slot := c.seek(number)
	if slot.code == 0 {
		c.met = append(c.met, alikeMet{number, fact})
		*slot = alikeSlot{number, uint32(len(c.met))}
	}
	return slot.code - 1
}

// seek finds the slot of a number, or the one that it would take.
func (c *alikeCoder) seek(number int64) *alikeSlot {
	mask := uint64(len(c.slots) - 1)
	for at := uint64(number) * 0x9E3779B97F4A7C15 >> 20 & mask; ; at = (at + 1) & mask {
		if slot := &c.slots[at]; slot.code == 0 || slot.number == number {
			return slot
		}
	}
}

func (c *alikeCoder) grow() {
	c.slots = make([]alikeSlot, 2*len(c.slots))
	for code, m := range c.met {
		*c.seek(m.number) = alikeSlot{m.number, uint32(code + 1)}
	}
}
