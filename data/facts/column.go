package facts

import (
	"math"
	"slices"
)

// codes is a column of dictionary codes in the narrowest width that holds
// them. It only grows at its end, so that a copy of the header is a snapshot:
// whoever has it never sees what is appended later.
type codes struct {
	w8  []uint8
	w16 []uint16
	w32 []uint32
}

// newCodes makes a column of given codes.
func newCodes(values []uint32) codes {
	most := uint32(0)
	if len(values) > 0 {
		most = slices.Max(values)
	}
	switch {
	case most <= math.MaxUint8:
		return codes{w8: narrowed[uint8](values)}
	case most <= math.MaxUint16:
		return codes{w16: narrowed[uint16](values)}
	}
	return codes{w32: slices.Clone(values)}
}

func narrowed[W, V uint8 | uint16 | uint32](values []V) []W {
	out := make([]W, len(values))
	for i, v := range values {
		out[i] = W(v)
	}
	return out
}

func (c *codes) at(i int) uint32 {
	switch {
	case c.w8 != nil:
		return uint32(c.w8[i])
	case c.w16 != nil:
		return uint32(c.w16[i])
	}
	return c.w32[i]
}

// append adds a code, widening the column where it must.
func (c *codes) append(v uint32) {
	switch {
	case c.w32 != nil:
		c.w32 = append(c.w32, v)
	case c.w16 != nil:
		if v <= math.MaxUint16 {
			c.w16 = append(c.w16, uint16(v))
			return
		}
		c.w32, c.w16 = append(narrowed[uint32](c.w16), v), nil
	case v <= math.MaxUint8:
		c.w8 = append(c.w8, uint8(v))
	case v <= math.MaxUint16:
		c.w16, c.w8 = append(narrowed[uint16](c.w8), uint16(v)), nil
	default:
		c.w32, c.w8 = append(narrowed[uint32](c.w8), v), nil
	}
}

// amounts is a column of pence or thousandths. Nearly all fit 32 bits; those
// that do not are kept apart and marked. It only grows at its end.
type amounts struct {
	v    []int32
	rows []uint32 // of the marked, ascending
	wide []int64
}

// apart marks an amount that is kept apart.
const apart = math.MinInt32

func (a *amounts) append(v int64) {
	if v > apart && v <= math.MaxInt32 {
		a.v = append(a.v, int32(v))
		return
	}
	a.rows, a.wide = append(a.rows, uint32(len(a.v))), append(a.wide, v)
	a.v = append(a.v, apart)
}

func (a *amounts) at(i int) int64 {
	if v := a.v[i]; v != apart {
		return int64(v)
	}
	return a.far(i)
}

// far is an amount that is kept apart.
func (a *amounts) far(i int) int64 {
	n, _ := slices.BinarySearch(a.rows, uint32(i))
	return a.wide[n]
}

// idents is a column of ids in five bytes each, which is enough for two hundred
// writes a second over 174 years. It only grows at its end.
type idents struct {
	low  []uint32
	high []uint8
}

const maxIdent = 1<<40 - 1

func (c *idents) append(id int64) {
	c.low, c.high = append(c.low, uint32(id)), append(c.high, uint8(id>>32))
}

func (c *idents) at(i int) int64 { return int64(c.high[i])<<32 | int64(c.low[i]) }
