package web

import (
	"bytes"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// A workbook has numbers and days as such, and texts that begin like a formula
// as texts.
func TestWorkbook(t *testing.T) {
	w := httptest.NewRecorder()
	out, err := newTable(w, "xlsx", "flow", "name", "value_pounds", "day", "count", "note")
	if err != nil {
		t.Fatal(err)
	}
	if err := out.row("=1+1", verbatim("-12.50"), verbatim("2025-04-01"), int64(3), verbatim("")); err != nil {
		t.Fatal(err)
	}
	if w.Body.Len() > 0 || w.Header().Get("Content-Type") != "" {
		t.Error("something was sent before the table was whole")
	}
	if err := out.close(); err != nil {
		t.Fatal(err)
	}
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="flow.xlsx"` {
		t.Error(got)
	}
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("flow")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"name", "value_pounds", "day", "count", "note"}, {"=1+1", "-12.5", "2025-04-01", "3"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for at, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "C2": excelize.CellTypeUnset, "D2": excelize.CellTypeUnset} {
		if got, err := book.GetCellType("flow", at); err != nil || got != want {
			t.Errorf("%s is of type %v, want %v (%v)", at, got, want, err)
		}
		if f, _ := book.GetCellFormula("flow", at); f != "" {
			t.Errorf("%s is the formula %s", at, f)
		}
	}
}

// A sheet has only so many rows; more are refused, not left out.
func TestWorkbookIsWhole(t *testing.T) {
	w := httptest.NewRecorder()
	out, err := newWorkbook(w, "flow", []string{"n"})
	if err != nil {
		t.Fatal(err)
	}
	out.rows = excelize.TotalRows - 1
	if err := out.row(1); err != nil {
		t.Fatal(err)
	}
	if err := out.row(2); err == nil {
		t.Error("a row beyond the last was taken")
	}
}
