package load

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/paulmach/orb"

	"tributary/data"
)

// maxColumns is how many columns a table may have.
const maxColumns = 2000

// TableOptions says how to read a file that does not speak for itself.
type TableOptions struct {
	Sheet string // of a workbook; empty is the first

	// headless gives the names of the columns if the first row is already
	// data, or nil if it is a header.
	headless func(first []string) []string
}

// Row is one row of a table.
type Row struct {
	// Line is where the row starts, from 1: the line of a text file, the row of
	// a sheet, the feature of a GeoJSON collection.
	Line int
	// Fields are the values in the order of the table's columns. A row with a
	// Problem may have more or fewer.
	Fields []string
	// Geometry is a GeoJSON feature's, EPSG:4326; nil for other files.
	Geometry orb.Geometry
	// JSON are the values of a line of JSON, by column, as they stand; nil for
	// other files.
	JSON data.Members
	// Problem says why the row cannot be used as it stands, and the remedy;
	// empty for a good row.
	Problem string
}

// Format is what was found out about a file while it was read.
type Format struct {
	Kind      Kind   `json:"kind"`
	Encoding  string `json:"encoding"`
	Delimiter string `json:"delimiter,omitempty"` // "comma", "tab", …
	Sheet     string `json:"sheet,omitempty"`
	// Recovered counts rows in which a stray quotation mark was taken for a
	// letter.
	Recovered int `json:"recovered,omitempty"`
}

// Table is a file open for one pass over its rows. It holds no more than a few
// rows in memory.
type Table struct {
	path    string
	file    *os.File
	size    int64
	done    atomic.Int64
	columns []string
	source  rowSource
	pending *Row // a first row that turned out to be data
}

// rowSource is one kind of file. The first row of a text file or sheet is its
// header; a GeoJSON source makes one.
type rowSource interface {
	header() (Row, error)
	next() (Row, error) // io.EOF after the last row
	format() Format
	close() error
}

// OpenTable opens the file at path and reads its header. What kind of file it
// is, how its text is encoded and what parts its columns is found out from the
// content. The error is an *[data.Invalid] if the file is of the wrong kind,
// is empty, or has an unusable header.
func OpenTable(path string, opt TableOptions) (*Table, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the table: %w", err)
	}
	t := &Table{path: path, file: file}
	if err := t.open(opt); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

func (t *Table) open(opt TableOptions) error {
	info, err := t.file.Stat()
	if err != nil {
		return fmt.Errorf("open the table: %w", err)
	}
	if !info.Mode().IsRegular() {
		return data.Invalidf("file", t.Source(), "it is not an ordinary file: %s", accepted)
	}
	t.size = info.Size()
	buffered := bufio.NewReaderSize(countingReader{t.file, &t.done}, sniffed)
	head, err := buffered.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read %s: %w", t.Source(), err)
	}
	kind, err := sniffKind(t.Source(), head, func() (*zip.ReadCloser, error) { return zip.OpenReader(t.path) })
	if err != nil {
		return err
	}
	switch kind {
	case KindXLSX:
		t.source, err = openSheet(t.path, t.size, opt.Sheet)
	case KindGeoJSON:
		t.source, err = openFeatures(t.path, &t.done)
	case KindJSONLines:
		t.source, err = openJSONLines(t.path, &t.done)
	default:
		t.source, err = openText(buffered, t.Source())
	}
	if err != nil {
		t.source = nil // not an interface around a nil pointer
		return err
	}
	if opt.Sheet != "" && kind != KindXLSX {
		return data.Invalidf("sheet", opt.Sheet, "only a workbook has sheets, and this is not one: leave --sheet out")
	}
	return t.readHeader(opt)
}

func (t *Table) readHeader(opt TableOptions) error {
	first, err := t.source.header()
	if errors.Is(err, io.EOF) {
		if sheet := t.source.format().Sheet; sheet != "" {
			return data.Invalidf("sheet", sheet, "the sheet %q is empty: give it a header and rows, or delete it", sheet)
		}
		return data.Invalidf("file", t.Source(), "the file has no rows: %s", accepted)
	}
	if err != nil {
		return err
	}
	if first.Problem != "" {
		return data.Invalidf("columns", "", "line %d, the header, cannot be read: %s", first.Line, first.Problem)
	}
	if opt.headless != nil {
		if names := opt.headless(first.Fields); names != nil {
			t.columns, t.pending = names, &first
			return nil
		}
	}
	t.columns = make([]string, len(first.Fields))
	for i, f := range first.Fields {
		t.columns[i] = oneLine(f)
	}
	return checkHeader(t.columns)
}

// checkHeader refuses headers that do not tell the columns apart, and names
// the columns without a name by their number.
func checkHeader(columns []string) error {
	if len(columns) > maxColumns {
		return data.Invalidf("columns", "", "the header has %d columns: a table may have %d", len(columns), maxColumns)
	}
	seen := map[string]int{}
	for i, c := range columns {
		if c == "" {
			columns[i] = fmt.Sprintf("column %d", i+1)
			continue
		}
		if j, ok := seen[c]; ok {
			return data.Invalidf("columns", c, "columns %d and %d are both called %q: rename one of them", j+1, i+1, c)
		}
		seen[c] = i
	}
	return nil
}

// Source is the name of the file, without its folder.
func (t *Table) Source() string { return filepath.Base(t.path) }

// Columns are the names of the columns in the order of the file, trimmed.
func (t *Table) Columns() []string { return slices.Clone(t.columns) }

// Format is what is known about the file by now: the encoding is certain only
// after the last row.
func (t *Table) Format() Format { return t.source.format() }

// Progress is how many bytes of how many were read. It may be called while
// another goroutine reads. Both are 0 for a workbook, whose parts are packed.
func (t *Table) Progress() (done, total int64) {
	if _, ok := t.source.(*sheet); ok {
		return 0, 0
	}
	return t.done.Load(), t.size
}

// Next returns the next row; io.EOF after the last. A faulty row is returned
// with its Problem and is no error: any other error means that the rest of the
// file cannot be read.
func (t *Table) Next() (Row, error) {
	if t.pending != nil {
		row := *t.pending
		t.pending = nil
		return row, nil
	}
	row, err := t.source.next()
	if err != nil {
		return row, err
	}
	if row.Problem == "" && len(row.Fields) != len(t.columns) {
		row.Problem = fmt.Sprintf("the row has %d columns where the header has %d", len(row.Fields), len(t.columns))
	}
	return row, nil
}

// Rows is the rest of the table as [Table.Next] gives it. A last pair with an
// error says that the rest could not be read.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			row, err := t.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// Value is a row's value in the column of that name; "" if the row is too
// short or there is no such column.
func (t *Table) Value(row Row, column string) string {
	if i := slices.Index(t.columns, column); i >= 0 && i < len(row.Fields) {
		return row.Fields[i]
	}
	return ""
}

// Close closes the file.
func (t *Table) Close() error {
	var err error
	if t.source != nil {
		err = t.source.close()
	}
	return errors.Join(err, t.file.Close())
}

// countingReader counts what was read, for progress.
type countingReader struct {
	r    io.Reader
	done *atomic.Int64
}

func (c countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.done.Add(int64(n))
	return n, err
}

// oneLine trims a text and turns each run of blanks and line ends into one
// space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
