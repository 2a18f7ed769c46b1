package load

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"tributary/data"
)

// written writes a file and returns its path.
func written(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// taken reads a file of contributions, as "line id pounds quantity places" and
// "line field: reason".
func taken(t testing.TB, path string) (out []string, refusals []data.Refusal) {
	t.Helper()
	table, err := OpenTable(path, TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	k, _ := data.KindNamed("contribution")
	r, err := NewLedgerReader(table, k, LedgerOptions{Source: "s"})
	if err != nil {
		t.Fatal(err)
	}
	for row := range r.All(context.Background()) {
		for _, f := range row.Refusals {
			out = append(out, fmt.Sprintf("%d %s: %s", f.Line, f.Field, f.Reason))
			refusals = append(refusals, f)
		}
		if c, ok := row.Record.(*data.Contribution); ok && len(row.Refusals) == 0 {
			out = append(out, fmt.Sprintf("%d %s %s %s %v %s", row.Line, c.ExternalID, c.Value.Pounds(), c.Quantity, c.Places, row.Names["supplier"]))
		}
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return out, refusals
}

const gift = `"supplier":"GB-COH-09506232","type":"donation_money","delivered_from":"2025-06-01"`

func TestJSONLines(t *testing.T) {
	path := written(t, "gifts.txt", "\xEF\xBB\xBF"+`{"id":"a","value":123450,`+gift+"}\r\n"+
		"\n"+
		`{"id":"b","value":1,"quantity":7.5,"unit":"hours","places":["norfolk=2","kent"],"supplier_name":"Acme  Ltd",`+gift+"}\n"+
		`{"id":"c","value":12.5,`+gift+"}\n"+
		`{"id":"d","value":"12.50","quantity":"7",`+gift+"}\n"+
		`{"id":"e","value":1`+"\n"+
		`{"id":"f","id":"g"}`+"\n"+
		`{"id":7,"value":1,`+gift+"}\n"+
		`{"value":null,`+gift+"}\n"+
		`{"id":"h","value":5,"colour":"red",`+gift+"}")
	got, refusals := taken(t, path)
	want := []string{
		"1 a 1234.50 0 [] ",
		"3 b 0.01 7.5 [norfolk=2 kent] Acme Ltd",
		"4 value: is not whole pence: give an integer without quotation marks; £1,234.50 is 123450",
		"5 quantity: is a text: give a number without quotation marks",
		"5 value: is not whole pence: give an integer without quotation marks; £1,234.50 is 123450",
		"6 : the line is no record: the JSON ends too early: check its brackets and quotation marks",
		`7 : the line is no record: it has "id" twice: give it once`,
		"8 id: is a number: give a text in quotation marks",
		"9 id: is missing: every contribution needs one",
		"10 h 0.05 0 [] ",
	}
	for i := range got {
		got[i] = strings.Replace(got[i], "Acme  Ltd", "Acme Ltd", 1)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The refused lines, mended, are read like any other.
	table, err := OpenTable(path, TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	var b bytes.Buffer
	rows, err := WriteRefused(context.Background(), &b, table, Listed(refusals))
	if err != nil || rows != 6 {
		t.Fatalf("%d rows, %v:\n%s", rows, err, &b)
	}
	if !strings.Contains(b.String(), `{"refused_line":4,"refused_column":"value","refused_reason":"is not whole pence`) || !strings.Contains(b.String(), `"refused_text":"{\"id\":\"e\",\"value\":1"`) {
		t.Errorf("refused rows:\n%s", &b)
	}
	mended := strings.NewReplacer(`"value":12.5`, `"value":1250`, `"value":"12.50"`, `"value":1250`, `"quantity":"7"`, `"quantity":7,"unit":"trees"`, `"id":7`, `"id":"7"`).Replace(b.String())
	got, _ = taken(t, written(t, "gifts.refused.jsonl", mended))
	if len(got) < 3 || got[0] != "1 c 12.50 0 [] " || got[1] != "2 d 12.50 7 [] " {
		t.Errorf("mended: %q", got)
	}
}

func TestJSONLinesAreToldFromOtherJSON(t *testing.T) {
	for _, c := range []struct{ name, text, fault string }{
		{"one object", `{"id":"a"}`, ""},
		{"GeoJSON on a line", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1.3,52.6]}}]}`, ""},
		{"a list", `[{"id":"a"}]`, "one object a line"},
		{"spread over lines", "{\n\"id\":\"a\"\n}", "one object a line"},
		{"no values", "{}\n{}\n", "no line of the file"},
	} {
		table, err := OpenTable(written(t, "file", c.text), TableOptions{})
		if err == nil {
			table.Close()
		}
		if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %v, want %q", c.name, err, c.fault)
		}
	}
}

// A workbook or folder that is no programme says which names are known.
func TestProgrammesSayWhichNamesAreKnown(t *testing.T) {
	book := func(sheets map[string]string) string {
		f := excelize.NewFile()
		defer f.Close()
		for name, head := range sheets {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
			if head != "" {
				if err := f.SetCellStr(name, "A1", head); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, there := sheets["Sheet1"]; !there {
			if err := f.DeleteSheet("Sheet1"); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(t.TempDir(), "book.xlsx")
		if err := f.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, path := range map[string]string{
		"no known sheet": book(map[string]string{"Sheet1": "id"}), "one unknown sheet": book(map[string]string{"Contracts": "id", "Notes": "x"}), "an empty folder": t.TempDir(),
	} {
		if _, err := Programme(path); err == nil || !strings.Contains(err.Error(), "contracts") || !strings.Contains(err.Error(), "purchase_orders") {
			t.Errorf("%s: %v, want the names that are known", name, err)
		}
	}
	found, err := Programme(book(map[string]string{"Contracts": "", "Purchase orders": "id"}))
	if err != nil || len(found) != 2 || found[1].Kind.Name != "purchase_order" {
		t.Fatalf("%v, %v", found, err)
	}
	if _, err := OpenTable(found[0].Path, TableOptions{Sheet: found[0].Sheet}); err == nil || !strings.Contains(err.Error(), `the sheet "Contracts" is empty`) {
		t.Errorf("an empty sheet: %v", err)
	}
}
