package load

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"tributary/data"
)

// write makes a file for one test. Its name is no hint to what it is.
func write(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "places.dat")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openTable(t testing.TB, path string, opt TableOptions) *Table {
	t.Helper()
	table, err := OpenTable(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { table.Close() })
	return table
}

func rowsOf(t testing.TB, table *Table) []Row {
	t.Helper()
	var rows []Row
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func utf16Text(s string, high, low int) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		two := [2]byte{}
		two[high], two[low] = byte(u>>8), byte(u)
		b.Write(two[:])
	}
	return b.String()
}

func TestTableFormats(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Format
	}{
		{"comma", "id,name\n1,Café\n", Format{Kind: KindText, Encoding: "UTF-8", Delimiter: "comma"}},
		{"mark", "\xEF\xBB\xBFid,name\n1,Café\n", Format{Kind: KindText, Encoding: "UTF-8", Delimiter: "comma"}},
		{"tab", "id\tname\n1\tCafé\n", Format{Kind: KindText, Encoding: "UTF-8", Delimiter: "tab"}},
		{"semicolon", "id;name\r\n1;Café\r\n", Format{Kind: KindText, Encoding: "UTF-8", Delimiter: "semicolon"}},
		{"bar", "id|name\r1|Café\r", Format{Kind: KindText, Encoding: "UTF-8", Delimiter: "vertical bar"}},
		{"declared", "sep=;\nid;name\n1;Café\n", Format{Kind: KindText, Encoding: "UTF-8", Delimiter: "semicolon"}},
		{"Windows", "id,name\n1,Caf\xe9\n", Format{Kind: KindText, Encoding: "Windows-1252", Delimiter: "comma"}},
		{"UTF-16 LE", utf16Text("id,name\n1,Café\n", 1, 0), Format{Kind: KindText, Encoding: "UTF-16", Delimiter: "comma"}},
		{"UTF-16 BE", utf16Text("id\tname\n1\tCafé\n", 0, 1), Format{Kind: KindText, Encoding: "UTF-16", Delimiter: "tab"}},
		{"commas in the text", "id;name\n1;Café\n2;\"a, b\"\n3;c, d\n", Format{Kind: KindText, Encoding: "UTF-8", Delimiter: "semicolon"}},
	} {
		table := openTable(t, write(t, c.in), TableOptions{})
		rows := rowsOf(t, table)
		if diff := cmp.Diff([]string{"id", "name"}, table.Columns()); diff != "" {
			t.Errorf("%s: columns (-want +got):\n%s", c.name, diff)
		}
		if got := table.Value(rows[0], "name"); got != "Café" {
			t.Errorf("%s: name %q, want Café", c.name, got)
		}
		if diff := cmp.Diff(c.want, table.Format()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if done, total := table.Progress(); done != total || total != int64(len(c.in)) {
			t.Errorf("%s: %d of %d read, want all %d", c.name, done, total, len(c.in))
		}
	}
}

func TestWrongKindsAreRefused(t *testing.T) {
	for _, c := range []struct{ in, says string }{
		{"", "the file is empty"},
		{" \r\n \n", "the file is empty"},
		{"\xEF\xBB\xBF", "the file is empty"},
		{"%PDF-1.7 ...", "a PDF document"},
		{"<!DOCTYPE html><html>", "a web page (HTML)"},
		{"\n<?xml version='1.0'?><kml>", "KML"},
		{"<gml/>", "XML"},
		{"\xFF\xD8\xFF\xE0JFIF", "a JPEG picture"},
		{"PK\x03\x04 nothing", "damaged ZIP"},
		{"\xD0\xCF\x11\xE0\xA1\xB1", "an old or encrypted Excel workbook"},
		{"\x1F\x8B\x08", "unpack it first"},
		{`{"releases": []}`, "JSON that is neither"},
		{`[{"type": "Feature"}]`, "a JSON list"},
		{"i\x00d\x00,\x00n\x00", "UTF-16 text without a byte-order mark"},
		{"id,name\n1,a" + strings.Repeat("x", 60) + "\x00b", "binary data"},
	} {
		_, err := OpenTable(write(t, c.in), TableOptions{})
		invalid := (*data.Invalid)(nil)
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.20q: error %v, want one that says %q", c.in, err, c.says)
			continue
		}
		if !strings.Contains(err.Error(), "CSV, TSV, XLSX, JSON Lines or GeoJSON") {
			t.Errorf("%.20q: error %q does not say what is accepted", c.in, err)
		}
	}
}

func TestHeadersAreChecked(t *testing.T) {
	for _, c := range []struct{ in, says string }{
		{"id,name, id \n1,a,b\n", `columns 1 and 3 are both called "id"`},
		{"id,\"name\n", "cannot be read"},
		{strings.Repeat("x,", maxColumns+1) + "\n", "2002 columns"},
	} {
		if _, err := OpenTable(write(t, c.in), TableOptions{}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.20q: error %v, want one that says %q", c.in, err, c.says)
		}
	}
	table := openTable(t, write(t, "id,,\"two\nlines\"\n1,2,3\n"), TableOptions{})
	if diff := cmp.Diff([]string{"id", "column 2", "two lines"}, table.Columns()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOpenTableRefusesFoldersAndSheetsOfText(t *testing.T) {
	if _, err := OpenTable(t.TempDir(), TableOptions{}); err == nil {
		t.Error("a folder was opened as a table")
	}
	if _, err := OpenTable(write(t, "id,name\n"), TableOptions{Sheet: "x"}); err == nil || !strings.Contains(err.Error(), "--sheet") {
		t.Errorf("error %v, want one about --sheet", err)
	}
	if _, err := OpenTable(filepath.Join(t.TempDir(), "none"), TableOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want not exist", err)
	}
}

func FuzzOpenTable(f *testing.F) {
	for _, s := range []string{"id,name\n1,a\n", "\xEF\xBB\xBFa;b\n1;2", "sep=\t\na\tb", "\xFF\xFEa\x00,\x00", "{\"type\":\"FeatureCollection\",\"features\":[]}",
		`{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"properties":{"a":[1,{"b":null}]},"geometry":{"type":"Point","coordinates":[1,52]}}]}`} {
		f.Add([]byte(s))
	}
	path := filepath.Join(f.TempDir(), "fuzz.dat")
	f.Fuzz(func(t *testing.T, in []byte) {
		if err := os.WriteFile(path, in, 0o600); err != nil {
			t.Fatal(err)
		}
		table, err := OpenTable(path, TableOptions{})
		if err != nil {
			return
		}
		defer table.Close()
		for row, err := range table.Rows() {
			if err == nil && row.Problem == "" && len(row.Fields) != len(table.Columns()) {
				t.Fatalf("line %d has %d fields of %d and no problem", row.Line, len(row.Fields), len(table.Columns()))
			}
		}
	})
}
