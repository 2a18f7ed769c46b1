package load

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"tributary/data"
)

// maxWorkbook is the size of a workbook's file, in bytes, and
// maxWorkbookUnpacked of all its parts, which [checkWorkbook] bounds one by
// one. Parts over maxSheetInMemory are unpacked to the temporary directory.
const (
	maxWorkbook         = 64 << 20
	maxWorkbookUnpacked = 2 << 30
	maxSheetInMemory    = 8 << 20
)

// sheet is one sheet of a workbook. It is walked twice side by side: once for
// the values as Excel shows them, once for the numbers behind, as a position
// shown with two decimals is a kilometre off.
type sheet struct {
	book       *excelize.File
	name       string
	shown, raw *excelize.Rows
	line       int
	want       int
}

func openSheet(path string, size int64, name string) (*sheet, error) {
	file := filepath.Base(path)
	if size > maxWorkbook {
		return nil, data.Invalidf("file", file, "the workbook has %d MB, and at most %d can be read: save the sheet as CSV, which may be of any size", size>>20, maxWorkbook>>20)
	}
	if err := checkWorkbook(path); err != nil {
		return nil, data.Invalidf("file", file, "the workbook cannot be read (%v): save it again, or save the sheet as CSV", err)
	}
	book, err := excelize.OpenFile(path, excelize.Options{UnzipSizeLimit: maxWorkbookUnpacked, UnzipXMLSizeLimit: maxSheetInMemory})
	if err != nil {
		return nil, data.Invalidf("file", file, "the workbook cannot be read (%v): save it again, or save the sheet as CSV", err)
	}
	s := &sheet{book: book, name: name}
	if err := s.open(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *sheet) open() error {
	sheets := s.book.GetSheetList()
	if len(sheets) == 0 {
		return data.Invalidf("sheet", "", "the workbook has no sheets: save the table as CSV")
	}
	if s.name == "" {
		s.name = sheets[0]
	}
	found := false
	for _, have := range sheets {
		if strings.EqualFold(have, s.name) {
			s.name, found = have, true
		}
	}
	if !found {
		return data.Invalidf("sheet", s.name, "the workbook has no sheet %q: it has %s", s.name, quotedList(sheets))
	}
	var err error
	if s.shown, err = s.book.Rows(s.name); err == nil {
		s.raw, err = s.book.Rows(s.name)
	}
	if err != nil {
		return data.Invalidf("sheet", s.name, "the sheet cannot be read (%v): save it as CSV", err)
	}
	return nil
}

func (s *sheet) header() (Row, error) {
	row, err := s.next()
	s.want = len(row.Fields)
	return row, err
}

func (s *sheet) next() (Row, error) {
	for s.shown.Next() && s.raw.Next() {
		s.line++
		shown, err := s.shown.Columns()
		if err != nil {
			return Row{}, fmt.Errorf("read row %d of sheet %q: %w", s.line, s.name, err)
		}
		raw, err := s.raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return Row{}, fmt.Errorf("read row %d of sheet %q: %w", s.line, s.name, err)
		}
		if blank(shown) {
			continue
		}
		for i := range shown {
			if i < len(raw) {
				shown[i] = exactNumber(shown[i], raw[i])
			}
		}
		return s.shape(shown), nil
	}
	for _, rows := range []*excelize.Rows{s.shown, s.raw} {
		if err := rows.Error(); err != nil {
			return Row{}, fmt.Errorf("read on after row %d of sheet %q: %w", s.line, s.name, err)
		}
	}
	return Row{}, io.EOF
}

// shape gives the row as many fields as the header: a sheet does not store the
// empty cells at its right edge.
func (s *sheet) shape(fields []string) Row {
	for s.want > 0 && len(fields) < s.want {
		fields = append(fields, "")
	}
	for len(fields) > max(s.want, 1) && strings.TrimSpace(fields[len(fields)-1]) == "" {
		fields = fields[:len(fields)-1]
	}
	return Row{Line: s.line, Fields: fields}
}

// exactNumber is the number behind a cell where the cell shows a rounded one.
// Anything else is as shown: dates, codes with leading zeros, currencies.
func exactNumber(shown, raw string) string {
	if shown == raw {
		return shown
	}
	a, errA := strconv.ParseFloat(shown, 64)
	b, errB := strconv.ParseFloat(raw, 64)
	if errA != nil || errB != nil || a == b || math.IsNaN(a) || math.IsInf(b, 0) {
		return shown
	}
	return strconv.FormatFloat(b, 'f', -1, 64)
}

func (s *sheet) format() Format {
	return Format{Kind: KindXLSX, Encoding: "UTF-8", Sheet: s.name}
}

func (s *sheet) close() error {
	for _, rows := range []*excelize.Rows{s.shown, s.raw} {
		if rows != nil {
			_ = rows.Close() // only removes what it unpacked; Close of the book reports the same
		}
	}
	return s.book.Close()
}
