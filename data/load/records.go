package load

import (
	"errors"
	"fmt"
	"io"
)

// A quoted field may span this much. What is longer is a stray quote that
// would swallow the file.
const (
	maxRecordLines = 200
	maxRecordBytes = maxLine
)

// record is one row of a text table.
type record struct {
	line    int // on which it starts
	fields  []string
	problem string // why it cannot be read; fields hold what could be
}

// recordReader reads the rows of a text table and survives its faults: a quote
// that opens and does not close costs at most its own line.
type recordReader struct {
	lines *lineReader
	ahead []line // read beyond an open quote and not used
	p     fieldParser

	want      int // columns of the header; 0 before it is known
	decoded   int // fields read as Windows-1252
	recovered int // rows read by taking a stray quote for a letter
}

func newRecordReader(r io.Reader, comma byte) *recordReader {
	return &recordReader{lines: newLineReader(r), p: fieldParser{comma: comma}}
}

// next returns the next row that is not blank; io.EOF after the last. A row
// that cannot be read comes with its problem and is no error.
func (r *recordReader) next() (record, error) {
	for {
		l, err := r.line()
		if err != nil {
			return record{}, err
		}
		rec := record{line: l.number}
		if l.tooLong {
			rec.problem = fmt.Sprintf("the line is longer than %d bytes: shorten it, or check that its quotes and line ends are right", maxLine)
			return rec, nil
		}
		if len(l.text) == 0 {
			continue
		}
		rec.problem, err = r.parse(l)
		if err != nil {
			return record{}, err
		}
		var decoded int
		rec.fields, decoded = r.p.fields()
		r.decoded += decoded
		if !blank(rec.fields) {
			return rec, nil
		}
	}
}

func blank(fields []string) bool {
	for _, f := range fields {
		for i := range len(f) {
			if f[i] != ' ' && f[i] != '\t' {
				return false
			}
		}
	}
	return true
}

func (r *recordReader) line() (line, error) {
	if len(r.ahead) > 0 {
		l := r.ahead[0]
		r.ahead = r.ahead[1:]
		return l, nil
	}
	return r.lines.next()
}

// parse fills r.p with the fields of the row that starts with first, and says
// what is wrong with it.
func (r *recordReader) parse(first line) (problem string, err error) {
	r.p.literal = r.p.literal[:0]
	r.p.reset()
	open := r.p.feed(first.text)
	if !open && (r.fits() || r.p.stray < 0) {
		return r.ragged(), nil
	}
	column := len(r.p.ends) + 1
	if open && r.p.stray < 0 {
		// The line's text is only valid until the next is read.
		first.text = append([]byte(nil), first.text...)
		ok, err := r.spanning(len(first.text))
		if ok || err != nil {
			return "", err
		}
	}
	if r.reread(first.text) {
		r.recovered++
		return "", nil
	}
	if open {
		return fmt.Sprintf("a quotation mark opens in column %d and does not close: close it, or double the marks inside the text", column), nil
	}
	return r.ragged(), nil
}

// spanning goes on with an open quoted field over the following lines. It
// keeps strictly to the rules, as a stray quote looks just like this, and
// gives the lines back if the row does not come out right.
func (r *recordReader) spanning(size int) (ok bool, err error) {
	for used := 0; used < maxRecordLines && size < maxRecordBytes; used++ {
		if used == len(r.ahead) {
			l, err := r.lines.next()
			if errors.Is(err, io.EOF) {
				return false, nil
			}
			if err != nil {
				return false, err
			}
			l.text = append([]byte(nil), l.text...)
			r.ahead = append(r.ahead, l)
		}
		l := r.ahead[used]
		size += len(l.text)
		if l.tooLong {
			return false, nil
		}
		open := r.p.feed(l.text)
		if r.p.stray >= 0 {
			return false, nil
		}
		if !open {
			if !r.fits() {
				return false, nil
			}
			r.ahead = r.ahead[used+1:]
			return true, nil
		}
	}
	return false, nil
}

// reread parses one line again, taking the quotes of its faulty fields for
// letters, and reports whether it then has the columns of the header.
func (r *recordReader) reread(text []byte) bool {
	const patience = 16
	for range patience {
		r.p.reset()
		open := r.p.feed(text)
		if !open && r.fits() {
			return r.want > 0
		}
		faulty := r.p.stray
		if faulty < 0 && open {
			faulty = len(r.p.ends)
		}
		if faulty < 0 {
			return false
		}
		r.p.literal = append(r.p.literal, faulty)
	}
	return false
}

// fits reports whether the row has as many fields as the header, empty ones at
// the end aside. Before the header is known every row fits.
func (r *recordReader) fits() bool {
	if r.want == 0 || len(r.p.ends) == r.want {
		return true
	}
	return len(r.p.ends) > r.want && r.p.ends[r.want-1] == len(r.p.buf)
}

func (r *recordReader) ragged() string {
	if r.fits() {
		return ""
	}
	return fmt.Sprintf("the row has %d columns where the header has %d: put quotation marks round a text that holds the delimiter, and check for missing columns", len(r.p.ends), r.want)
}
