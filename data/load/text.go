package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sniffed is how many bytes of a file decide what it is.
const sniffed = 64 << 10

var utf8BOM = []byte("\xEF\xBB\xBF")

// delimiters are the characters that may part columns, the likeliest first.
var delimiters = []struct {
	mark byte
	name string
}{{',', "comma"}, {'\t', "tab"}, {';', "semicolon"}, {'|', "vertical bar"}}

// textRows is a CSV file or one of its relatives.
type textRows struct {
	records *recordReader
	utf16   bool
}

func openText(r *bufio.Reader, name string) (*textRows, error) {
	t := &textRows{}
	start, err := r.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	switch {
	case bytes.HasPrefix(start, utf8BOM):
		_, _ = r.Discard(len(utf8BOM))
	case bytes.HasPrefix(start, []byte("\xFF\xFE")), bytes.HasPrefix(start, []byte("\xFE\xFF")):
		t.utf16 = true
		// The mark says which of the two orders; LittleEndian is not used.
		decoder := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
		r = bufio.NewReaderSize(transform.NewReader(r, decoder), sniffed)
	}
	head, err := r.Peek(sniffed)
	whole := errors.Is(err, io.EOF)
	if err != nil && !whole && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	comma, declared := declaredDelimiter(head)
	if !declared {
		comma = sniffDelimiter(head, whole)
	}
	t.records = newRecordReader(r, comma)
	if declared {
		if _, err := t.records.line(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// declaredDelimiter reads the line "sep=;" that Excel writes and obeys.
func declaredDelimiter(head []byte) (comma byte, ok bool) {
	end, _ := lineEnd(head)
	l := head[:end]
	if len(l) == len("sep=;") && bytes.EqualFold(l[:4], []byte("sep=")) {
		for _, d := range delimiters {
			if d.mark == l[4] {
				return d.mark, true
			}
		}
	}
	return 0, false
}

// sniffDelimiter chooses the delimiter by which the most of the first rows
// have the same number of columns as the header, and among equals the one that
// makes more columns.
func sniffDelimiter(head []byte, whole bool) byte {
	const rows = 50
	best, bestAgree, bestColumns := delimiters[0].mark, -1.0, 0
	for _, d := range delimiters {
		r := newRecordReader(bytes.NewReader(head), d.mark)
		first, err := r.next()
		if err != nil || len(first.fields) < 2 {
			continue
		}
		r.want = len(first.fields)
		seen, agree := 1, 1
		for range rows {
			rec, err := r.next()
			if err != nil {
				break
			}
			seen++
			if rec.problem == "" {
				agree++
			}
		}
		if !whole && seen > agree && seen < rows {
			agree++ // the last row is cut off by the end of head
		}
		share := float64(agree) / float64(seen)
		if share > bestAgree || share == bestAgree && len(first.fields) > bestColumns {
			best, bestAgree, bestColumns = d.mark, share, len(first.fields)
		}
	}
	return best
}

func (t *textRows) header() (Row, error) {
	row, err := t.next()
	t.records.want = len(row.Fields)
	return row, err
}

func (t *textRows) next() (Row, error) {
	rec, err := t.records.next()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			err = fmt.Errorf("read on after line %d: %w", t.records.lines.number, err)
		}
		return Row{}, err
	}
	row := Row{Line: rec.line, Fields: rec.fields, Problem: rec.problem}
	if want := t.records.want; rec.problem == "" && want > 0 && len(row.Fields) > want {
		row.Fields = row.Fields[:want] // what follows is empty
	}
	return row, nil
}

func (t *textRows) format() Format {
	f := Format{Kind: KindText, Encoding: "UTF-8", Recovered: t.records.recovered}
	switch {
	case t.utf16:
		f.Encoding = "UTF-16"
	case t.records.decoded > 0:
		f.Encoding = "Windows-1252"
	}
	for _, d := range delimiters {
		if d.mark == t.records.p.comma {
			f.Delimiter = d.name
		}
	}
	return f
}

func (t *textRows) close() error { return nil }
