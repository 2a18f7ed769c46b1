package facts

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"

	"tributary/data"
	"tributary/geo/hex"
)

// batchRows is how many facts a load takes in before it looks up their ids, one
// column after another: look-ups that do not wait for each other keep a
// processor busy while memory answers.
const batchRows = 256

// gathered is what one part of a load has brought so far, with codes of its
// own. Facts are put in the order of their keys a run at a time, so that the
// runs can be merged by reading each from its beginning to its end.
type gathered struct {
	texts [columns]textCoder
	ids   [columns]idCoder
	open  *openRun
	runs  []gatheredRun
}

// gatheredRun is up to maxRows facts in the order of their keys, and the
// contributions that they are parts of.
type gatheredRun struct {
	segment
	contributions [][16]byte
}

// openRun is a run that is not full yet, as its facts come.
type openRun struct {
	n, coded        int // facts, and those of them whose ids are coded
	ident           [maxRows]int64
	key             [maxRows]hex.Key
	pence, quantity [maxRows]int64
	contributions   [maxRows][16]byte
	codes           [columns][maxRows]uint32
	batch           [columns]idBatch
}

// idBatch is the ids of a column that are not coded yet, and whose they are.
type idBatch struct {
	n   int
	row [batchRows]uint32
	id  [batchRows][16]byte
}

func newGathered() *gathered {
	g := &gathered{open: &openRun{}}
	seed := maphash.MakeSeed()
	for c := range columns {
		if isID(data.FactColumn(c)) {
			g.ids[c] = newIDCoder()
		} else {
			g.texts[c] = newTextCoder(seed)
		}
	}
	return g
}

// isID reports whether a column holds UUIDs.
func isID(c data.FactColumn) bool { return c >= data.FactSupplier && c <= data.FactContract }

// add takes one fact.
func (g *gathered) add(f *data.Fact) error {
	if err := checkFact(f); err != nil {
		return err
	}
	r := g.open
	at := r.n
	for c, v := range f.Values {
		switch {
		case v == nil:
			r.codes[c][at] = 0
		case !isID(data.FactColumn(c)):
			r.codes[c][at] = g.texts[c].code(v)
		case len(v) != 16:
			return fmt.Errorf("fact %d: an id of %d bytes", f.ID, len(v))
		default:
			b := &r.batch[c]
			b.row[b.n], b.id[b.n] = uint32(at), [16]byte(v)
			b.n++
		}
	}
	day := dayValue(f.Day)
	r.codes[columnDay][at] = g.texts[columnDay].code(day[:])
	r.ident[at], r.key[at] = f.ID, f.Cell.Key()
	r.pence[at], r.quantity[at] = f.Pence, f.Quantity
	r.contributions[at] = f.Contribution
	r.n++
	if r.n-r.coded == batchRows || r.n == maxRows {
		g.codeIDs()
	}
	if r.n == maxRows {
		g.endRun()
	}
	return nil
}

// codeIDs gives the ids of the batch their codes.
func (g *gathered) codeIDs() {
	r := g.open
	for c := range r.batch {
		if b := &r.batch[c]; b.n > 0 {
			g.ids[c].codeAll(b, &r.codes[c])
			b.n = 0
		}
	}
	r.coded = r.n
}

// endRun puts what has come in order and begins anew.
func (g *gathered) endRun() {
	r := g.open
	g.codeIDs()
	if r.n == 0 {
		return
	}
	order := make([]uint64, r.n)
	for row, key := range r.key[:r.n] {
		order[row] = uint64(key)<<rowBits | uint64(row)
	}
	order = radixSort(order)
	rows := make([]uint32, r.n)
	for i, v := range order {
		rows[i] = uint32(v & (1<<rowBits - 1))
	}
	run := gatheredRun{segment{n: r.n, runKey: make([]hex.Key, r.n)}, make([][16]byte, r.n)}
	run.ids = idents{make([]uint32, 0, r.n), make([]uint8, 0, r.n)}
	run.pence.v, run.quantity.v = make([]int32, 0, r.n), make([]int32, 0, r.n)
	for i, row := range rows {
		run.ids.append(r.ident[row])
		run.runKey[i] = r.key[row]
		run.pence.append(r.pence[row])
		run.quantity.append(r.quantity[row])
		run.contributions[i] = r.contributions[row]
	}
	values := make([]uint32, r.n)
	for c := range columns {
		if data.FactColumn(c) == columnJoint {
			continue // told when all has come
		}
		for i, row := range rows {
			values[i] = r.codes[c][row]
		}
		run.cols[c] = newCodes(values)
	}
	g.runs = append(g.runs, run)
	r.n, r.coded = 0, 0
}

// values are those of a column by their codes.
func (g *gathered) values(c int) []string {
	if !isID(data.FactColumn(c)) {
		return g.texts[c].values
	}
	out := make([]string, len(g.ids[c].values))
	for code, id := range g.ids[c].values {
		out[code] = string(id[:])
	}
	return out
}

// textCoder gives texts codes while one goroutine gathers, in the order in which
// they are first met; 0 is null.
type textCoder struct {
	seed   maphash.Seed
	slots  []uint64 // the upper half of a hash and a code, at its place by open addressing
	values []string // by code
	last   uint32   // the code given last: neighbours are often alike
}

func newTextCoder(seed maphash.Seed) textCoder {
	return textCoder{seed: seed, slots: make([]uint64, 64), values: []string{""}}
}

func (c *textCoder) code(v []byte) uint32 {
	if c.last != 0 && c.values[c.last] == string(v) {
		return c.last
	}
	if len(c.values)*2 > len(c.slots) {
		c.grow()
	}
	h := maphash.Bytes(c.seed, v)
	mask := uint64(len(c.slots) - 1)
	at := h & mask
	for {
		slot := c.slots[at]
		code := uint32(slot)
		if code == 0 {
			code = uint32(len(c.values))
			c.values = append(c.values, string(v))
			c.slots[at] = h&^(1<<32-1) | uint64(code)
		} else if slot>>32 != h>>32 || c.values[code] != string(v) {
			at = (at + 1) & mask
			continue
		}
		c.last = code
		return code
	}
}

func (c *textCoder) grow() {
	c.slots = make([]uint64, 2*len(c.slots))
	mask := uint64(len(c.slots) - 1)
	for code, v := range c.values[1:] {
		h := maphash.String(c.seed, v)
		at := h & mask
		for c.slots[at] != 0 {
			at = (at + 1) & mask
		}
		c.slots[at] = h&^(1<<32-1) | uint64(code+1)
	}
}

// idCoder gives UUIDs codes likewise, many at a time.
type idCoder struct {
	slots  []idSlot
	values [][16]byte
}

// idSlot is an id as two numbers and its code; code 0: none.
type idSlot struct {
	a, b uint64
	code uint32
}

func newIDCoder() idCoder {
	return idCoder{slots: make([]idSlot, 2*batchRows), values: make([][16]byte, 1)}
}

// codeAll writes the codes of a batch to their rows.
func (c *idCoder) codeAll(b *idBatch, codes *[maxRows]uint32) {
	for (len(c.values)+b.n)*2 > len(c.slots) {
		c.grow()
	}
	var home [batchRows]uint32
	mask := uint64(len(c.slots) - 1)
	for i := range b.n {
		home[i] = uint32(hash(b.id[i]) & mask)
	}
	for i := range b.n {
		x, y := halves(&b.id[i])
		slot := &c.slots[home[i]]
		if slot.code == 0 || slot.a != x || slot.b != y {
			slot = c.seek(uint64(home[i]), x, y)
		}
		if slot.code == 0 {
			*slot = idSlot{x, y, uint32(len(c.values))}
			c.values = append(c.values, b.id[i])
		}
		codes[b.row[i]] = slot.code
	}
}

// seek finds the slot of an id, or the one that it would take.
func (c *idCoder) seek(at, x, y uint64) *idSlot {
	mask := uint64(len(c.slots) - 1)
	for {
		slot := &c.slots[at]
		if slot.code == 0 || slot.a == x && slot.b == y {
			return slot
		}
		at = (at + 1) & mask
	}
}

func (c *idCoder) grow() {
	c.slots = make([]idSlot, 2*len(c.slots))
	mask := uint64(len(c.slots) - 1)
	for code, id := range c.values[1:] {
		x, y := halves(&id)
		*c.seek(hash(id)&mask, x, y) = idSlot{x, y, uint32(code + 1)}
	}
}

func halves(id *[16]byte) (a, b uint64) {
	return binary.LittleEndian.Uint64(id[:8]), binary.LittleEndian.Uint64(id[8:])
}

// hash mixes a UUID, whose bits may be anything but random.
func hash(id [16]byte) uint64 {
	h := uint64(0x9E3779B97F4A7C15)
	a, b := halves(&id)
	for _, v := range [2]uint64{a, b} {
		h ^= v
		h *= 0xFF51AFD7ED558CCD
		h ^= h >> 32
		h *= 0xC4CEB9FE1A85EC53
		h ^= h >> 29
	}
	return h
}
