package web

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"tributary/data"
)

// A table is an answer that a spreadsheet opens, written row by row. Cells are
// texts, whole numbers, or [verbatim].
type table interface {
	row(cells ...any) error
	close() error
}

// verbatim is a cell that is a number, a day or empty, already spelt.
type verbatim string

// tabular reports whether an answer is a table.
func tabular(format string) bool { return format == "csv" || format == "xlsx" }

// newTable begins a table in the form that was asked for. The file is called
// name, and the columns by their header.
func newTable(w http.ResponseWriter, format, name string, header ...string) (table, error) {
	if format == "xlsx" {
		return newWorkbook(w, name, header)
	}
	attach(w, name+".csv", typeCSV+"; charset=utf-8; header=present")
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, gone(err)
	}
	c := csvTable{csv.NewWriter(w)}
	c.UseCRLF = true
	return c, gone(c.Write(header))
}

// attach begins an answer that is kept as a file.
func attach(w http.ResponseWriter, name, media string) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept")
}

// csvTable is UTF-8 with a byte order mark, and no cell that a spreadsheet
// would run as a formula.
type csvTable struct{ *csv.Writer }

func (c csvTable) row(cells ...any) error {
	out := make([]string, len(cells))
	for i, v := range cells {
		switch v := v.(type) {
		case verbatim:
			out[i] = string(v)
		case string:
			out[i] = v
			if v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
				out[i] = "'" + v
			}
		default:
			out[i] = fmt.Sprint(v)
		}
	}
	return gone(c.Write(out))
}

func (c csvTable) close() error {
	c.Flush()
	return gone(c.Error())
}

// workbook is a sheet of numbers, days and texts; a text is never a formula.
// It is sent when it is whole.
type workbook struct {
	w          http.ResponseWriter
	name       string
	file       *excelize.File
	sheet      *excelize.StreamWriter
	rows       int
	bold, date int // styles
}

func newWorkbook(w http.ResponseWriter, name string, header []string) (_ *workbook, err error) {
	b := &workbook{w: w, name: name, file: excelize.NewFile()}
	sheet := name[:min(len(name), excelize.MaxSheetNameLength)]
	if err := b.file.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	if b.sheet, err = b.file.NewStreamWriter(sheet); err != nil {
		return nil, err
	}
	if b.bold, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, err
	}
	iso := "yyyy-mm-dd"
	if b.date, err = b.file.NewStyle(&excelize.Style{CustomNumFmt: &iso}); err != nil {
		return nil, err
	}
	if err := b.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	if err := b.sheet.SetColWidth(1, len(header), 18); err != nil {
		return nil, err
	}
	cells := make([]any, len(header))
	for i, v := range header {
		cells[i] = excelize.Cell{StyleID: b.bold, Value: v}
	}
	return b, b.write(cells)
}

func (b *workbook) write(cells []any) error {
	if b.rows++; b.rows > excelize.TotalRows {
		return data.Invalidf("format", "xlsx", "a sheet has room for %s rows, and there are more: ask for CSV, or narrow the filter", data.Thousands(excelize.TotalRows-1))
	}
	return b.sheet.SetRow("A"+strconv.Itoa(b.rows), cells)
}

func (b *workbook) row(cells ...any) error {
	out := make([]any, len(cells))
	for i, v := range cells {
		out[i] = v
		text, ok := v.(verbatim)
		if !ok {
			continue
		}
		if n, err := strconv.ParseFloat(string(text), 64); err == nil {
			out[i] = n
		} else if day, err := time.Parse(time.DateOnly, string(text)); err == nil {
			out[i] = excelize.Cell{StyleID: b.date, Value: day}
		} else {
			out[i] = string(text)
		}
	}
	return b.write(out)
}

func (b *workbook) close() (err error) {
	defer func() { err = errors.Join(err, b.file.Close()) }()
	if err := b.sheet.Flush(); err != nil {
		return err
	}
	attach(b.w, b.name+".xlsx", typeXLSX)
	_, err = b.file.WriteTo(b.w)
	return gone(err)
}
