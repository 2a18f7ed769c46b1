package postgis

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tributary/data"
	geohex "tributary/geo/hex"
)

// ownFields are the fields of a whole fact before its values, which are data's
// columns in its order (sql/fact_columns.sql).
const ownFields = 6

// packedSize is how long the value is that a load reads of a fact: id, cell, day,
// pence, thousandths, contribution, and the numbers of the groups.
const packedSize = 8 + 8 + 4 + 8 + 8 + 16 + 8*int(data.FactGroups)

// epochDays is from 1970-01-01 to 2000-01-01, from which PostgreSQL counts.
const epochDays = 10957

// factReader reads public facts in PostgreSQL's binary form. What it returns lasts
// until it reads again.
type factReader struct {
	fact  data.Fact
	alike data.FactAlike
}

// readPacked reads a fact of a load, which has no values.
func (r *factReader) readPacked(b []byte) (*data.Fact, data.FactAlike, error) {
	if len(b) != packedSize {
		return nil, r.alike, fmt.Errorf("a packed fact of %d bytes, want %d", len(b), packedSize)
	}
	order := binary.BigEndian
	f := &r.fact
	f.ID, f.Cell, f.Day = int64(order.Uint64(b)), geohex.Cell(order.Uint64(b[8:])), int32(order.Uint32(b[16:]))+epochDays
	f.Pence, f.Quantity = int64(order.Uint64(b[20:])), int64(order.Uint64(b[28:]))
	f.Contribution = [16]byte(b[36:52])
	for i := range r.alike {
		r.alike[i] = int64(order.Uint64(b[52+8*i:]))
	}
	return f, r.alike, nil
}

// readWhole reads a fact with its values, which last as long as the fields.
func (r *factReader) readWhole(fields [][]byte) (*data.Fact, error) {
	if want := ownFields + int(data.FactColumns); len(fields) != want {
		return nil, fmt.Errorf("a fact of %d fields, want %d", len(fields), want)
	}
	for i, size := range [ownFields]int{8, 8, 4, 8, 8, 16} {
		if len(fields[i]) != size && (fields[i] != nil || i != 1 && i != 5) {
			return nil, fmt.Errorf("field %d of a fact has %d bytes, want %d", i+1, len(fields[i]), size)
		}
	}
	f := &r.fact
	f.ID = int64(binary.BigEndian.Uint64(fields[0]))
	f.Cell = 0
	if fields[1] != nil {
		f.Cell = geohex.Cell(binary.BigEndian.Uint64(fields[1]))
	}
	f.Day = int32(binary.BigEndian.Uint32(fields[2])) + epochDays
	f.Pence, f.Quantity = int64(binary.BigEndian.Uint64(fields[3])), int64(binary.BigEndian.Uint64(fields[4]))
	f.Contribution = [16]byte{}
	copy(f.Contribution[:], fields[5])
	for c := range data.FactColumns {
		f.Values[c] = fields[ownFields+c]
	}
	for _, c := range []data.FactColumn{data.FactThemes, data.FactBeneficiaries} {
		if raw := f.Values[c]; raw != nil {
			members, err := textArray(raw)
			if err != nil {
				return nil, fmt.Errorf("fact %d: %w", f.ID, err)
			}
			slices.Sort(members)
			f.Values[c] = []byte(strings.Join(slices.Compact(members), "\x00"))
		}
	}
	return f, nil
}

// textArray reads a one-dimensional text[]; null members are left out.
func textArray(b []byte) (members []string, err error) {
	next := func() (v int32) {
		if len(b) < 4 {
			err = errors.New("a text array breaks off")
			return 0
		}
		v = int32(binary.BigEndian.Uint32(b))
		b = b[4:]
		return v
	}
	dimensions := next()
	next() // whether it has nulls
	next() // the type of its members
	if dimensions == 0 || err != nil {
		return nil, err
	}
	n := next()
	next() // the lower bound
	for range n {
		size := next()
		if err != nil || int(size) > len(b) {
			return nil, errors.New("a text array breaks off")
		}
		if size >= 0 {
			members = append(members, string(b[:size]))
			b = b[size:]
		}
	}
	return members, err
}

// copyReader takes the bytes of a binary COPY of one column and hands over its
// values.
type copyReader struct {
	value   func([]byte) error
	rest    []byte // a row that is not whole yet
	started bool
	ended   bool
}

// copyHeader is what a binary COPY begins with: its signature, flags, and the
// length of an extension that there is none of.
const copyHeader = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// Write implements io.Writer. The server sends each row whole, so that hardly
// any is copied.
func (c *copyReader) Write(p []byte) (int, error) {
	b := p
	if len(c.rest) > 0 {
		c.rest = append(c.rest, p...)
		b = c.rest
	}
	if !c.started {
		if len(b) < len(copyHeader) {
			c.rest = append([]byte{}, b...)
			return len(p), nil
		}
		if string(b[:len(copyHeader)]) != copyHeader {
			return 0, errors.New("the server's COPY is not of the binary form that is known")
		}
		c.started, b = true, b[len(copyHeader):]
	}
	for {
		n, err := c.next(b)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			break
		}
		b = b[n:]
	}
	c.rest = append(c.rest[:0], b...)
	return len(p), nil
}

// next hands over the value of the row that b begins with and returns the row's
// length, or 0 if it is not whole.
func (c *copyReader) next(b []byte) (int, error) {
	if len(b) < 2 || c.ended {
		return 0, nil
	}
	switch n := int16(binary.BigEndian.Uint16(b)); {
	case n < 0:
		c.ended = true
		return 2, nil
	case n != 1:
		return 0, fmt.Errorf("a row of %d columns, want 1", n)
	case len(b) < 6:
		return 0, nil
	}
	size := int(int32(binary.BigEndian.Uint32(b[2:])))
	if size < 0 {
		return 0, errors.New("a value is null")
	}
	if len(b) < 6+size {
		return 0, nil
	}
	return 6 + size, c.value(b[6 : 6+size])
}
