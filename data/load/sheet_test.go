package load

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// workbook makes one with a first sheet of notes and a second of places.
func workbook(t testing.TB) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	two, err := book.NewStyle(&excelize.Style{NumFmt: 2}) // 0.00
	if err != nil {
		t.Fatal(err)
	}
	code := "0000"
	zeros, err := book.NewStyle(&excelize.Style{CustomNumFmt: &code})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := book.NewSheet("Places"); err != nil {
		t.Fatal(err)
	}
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(book.SetSheetRow("Sheet1", "A1", &[]any{"id", "name", "postcode"}))
	check(book.SetSheetRow("Sheet1", "A2", &[]any{1, "Café", "NR1 3JU"}))
	check(book.SetSheetRow("Sheet1", "A4", &[]any{2, "no postcode"}))
	check(book.SetSheetRow("Sheet1", "A5", &[]any{3, "too", "NR1 3JU", "wide"}))
	check(book.SetSheetRow("Places", "A1", &[]any{"id", "name", "latitude", "longitude"}))
	check(book.SetSheetRow("Places", "A2", &[]any{42, 10005220181.0, 52.6284031, 1.2923054}))
	check(book.SetCellStyle("Places", "A2", "A2", zeros))
	check(book.SetCellStyle("Places", "C2", "D2", two))
	path := filepath.Join(t.TempDir(), "book.csv") // the wrong name on purpose
	check(func() error {
		out, err := os.Create(path)
		if err != nil {
			return err
		}
		defer out.Close()
		return book.Write(out)
	}())
	return path
}

func TestSheet(t *testing.T) {
	table := openTable(t, workbook(t), TableOptions{})
	got := rowsOf(t, table)
	want := []Row{
		{Line: 2, Fields: []string{"1", "Café", "NR1 3JU"}},
		{Line: 4, Fields: []string{"2", "no postcode", ""}},
		{Line: 5, Fields: []string{"3", "too", "NR1 3JU", "wide"}, Problem: "the row has 4 columns where the header has 3"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if f := table.Format(); f.Kind != KindXLSX || f.Sheet != "Sheet1" {
		t.Errorf("format %+v", f)
	}
}

// What a cell shows counts, but a rounded number is taken exactly.
func TestSheetNumbers(t *testing.T) {
	table := openTable(t, workbook(t), TableOptions{Sheet: "places"})
	want := []string{"0042", "10005220181", "52.6284031", "1.2923054"}
	if diff := cmp.Diff(want, rowsOf(t, table)[0].Fields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSheetErrors(t *testing.T) {
	if _, err := OpenTable(workbook(t), TableOptions{Sheet: "Nowhere"}); err == nil || !strings.Contains(err.Error(), `"Sheet1", "Places"`) {
		t.Errorf("error %v, want one that lists the sheets", err)
	}
	path := filepath.Join(t.TempDir(), "x.xlsx")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(out)
	if _, err := z.Create("readme.txt"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	if _, err := OpenTable(path, TableOptions{}); err == nil || !strings.Contains(err.Error(), "a ZIP archive") {
		t.Errorf("error %v, want one that calls it a ZIP archive", err)
	}
}

func TestExactNumber(t *testing.T) {
	for _, c := range []struct{ shown, raw, want string }{
		{"52.63", "52.6284031", "52.6284031"},
		{"52.63", "52.628403099999997", "52.6284031"},
		{"0042", "42", "0042"},
		{"1.00", "1", "1.00"},
		{"05/06/2014", "41795", "05/06/2014"},
		{"£1,200.00", "1200", "£1,200.00"},
		{"1E+10", "10005220181", "10005220181"},
		{"NaN", "1", "NaN"},
	} {
		if got := exactNumber(c.shown, c.raw); got != c.want {
			t.Errorf("exactNumber(%q, %q) = %q, want %q", c.shown, c.raw, got, c.want)
		}
	}
}
