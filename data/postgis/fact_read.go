package postgis

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"tributary/data"
	geohex "tributary/geo/hex"
)

// factFields is how many columns sql/fact_columns.sql has: six of their own,
// then data's in its order.
const factFields = 6 + int(data.FactColumns)

// epochDays is from 1970-01-01 to 2000-01-01, from which PostgreSQL counts.
const epochDays = 10957

// factReader reads public facts in PostgreSQL's binary form.
type factReader struct {
	fact data.Fact
	sets map[string][]byte // of text arrays as they come
}

func newFactReader() *factReader { return &factReader{sets: map[string][]byte{}} }

// read reads the fields of one fact. Its values are those of the fields: they
// last as long.
func (r *factReader) read(fields [][]byte) (*data.Fact, error) {
	if len(fields) != factFields {
		return nil, fmt.Errorf("a fact of %d fields, want %d", len(fields), factFields)
	}
	f := &r.fact
	for i, size := range []int{8, 8, 4, 8, 8, 16} {
		if len(fields[i]) != size && (fields[i] != nil || i != 1 && i != 5) {
			return nil, fmt.Errorf("field %d of a fact has %d bytes, want %d", i+1, len(fields[i]), size)
		}
	}
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
		f.Values[c] = fields[6+c]
	}
	for _, c := range []data.FactColumn{data.FactThemes, data.FactBeneficiaries} {
		if raw := f.Values[c]; raw != nil {
			set, ok := r.sets[string(raw)]
			if !ok {
				members, err := textArray(raw)
				if err != nil {
					return nil, fmt.Errorf("fact %d: %w", f.ID, err)
				}
				slices.Sort(members)
				set = []byte{}
				for i, m := range slices.Compact(members) {
					if i > 0 {
						set = append(set, 0)
					}
					set = append(set, m...)
				}
				r.sets[string(raw)] = set
			}
			f.Values[c] = set
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

// copyReader takes the bytes of a binary COPY and hands over its rows.
type copyReader struct {
	row     func(fields [][]byte) error
	fields  [][]byte
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

// next hands over the row that b begins with and returns its length, or 0 if it
// is not whole.
func (c *copyReader) next(b []byte) (int, error) {
	if len(b) < 2 || c.ended {
		return 0, nil
	}
	count := int16(binary.BigEndian.Uint16(b))
	if count < 0 {
		c.ended = true
		return 2, nil
	}
	at := 2
	c.fields = c.fields[:0]
	for range count {
		if len(b) < at+4 {
			return 0, nil
		}
		size := int(int32(binary.BigEndian.Uint32(b[at:])))
		at += 4
		if size < 0 {
			c.fields = append(c.fields, nil)
			continue
		}
		if len(b) < at+size {
			return 0, nil
		}
		c.fields = append(c.fields, b[at:at+size:at+size])
		at += size
	}
	return at, c.row(c.fields)
}
