package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tributary/data"
)

func TestReport(t *testing.T) {
	r := Report{Read: 52}
	for i := range 50 {
		r.Refuse(data.Refusal{Line: i + 2, Field: "Postcode", Value: "X", Reason: fmt.Sprintf("%q is not a postcode: give one such as NR1 3JU", fmt.Sprint("X", i))})
	}
	r.Refuse(data.Refusal{Line: 90, Reason: "the row has 3 columns where the header has 10"}, data.Refusal{Line: 90, Field: "name", Reason: "empty"})
	r.Refuse()
	r.Take(data.ImportResult{Added: 1, Placed: 1, Kept: true, NotClosed: true, Refused: 9})
	r.Unused = []string{"colour"}
	if r.Refused != 51 || len(r.Refusals) != maxReported || len(r.Reasons) != 3 || r.Reasons[0].Count != 50 || r.DryRun {
		t.Errorf("%d refused, %d kept, reasons %+v", r.Refused, len(r.Refusals), r.Reasons)
	}
	var b bytes.Buffer
	if _, err := r.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"        52 read", "        51 refused", "        50 Postcode: … is not a postcode", `columns not used: "colour"`, "line 2, Postcode: \"X0\"", "nothing was closed"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, b.String())
		}
	}
	var back Report
	if out, err := json.Marshal(&r); err != nil || json.Unmarshal(out, &back) != nil || back.Refused != 51 {
		t.Errorf("as JSON: %s, %v", out, err)
	}
}

func TestReportIsBounded(t *testing.T) {
	var r Report
	for i := range 10 * maxReasons {
		r.Refuse(data.Refusal{Line: i, Field: strings.Repeat("x", i), Reason: "no"})
	}
	sum := 0
	for _, c := range r.Reasons {
		sum += c.Count
	}
	if len(r.Reasons) != maxReasons || sum != 10*maxReasons {
		t.Errorf("%d reasons that count %d", len(r.Reasons), sum)
	}
}

// refuse reads a file and writes its refused rows to another.
func refuse(t *testing.T, path string, opt ActivityOptions, more ...data.Refusal) (refusedPath string) {
	t.Helper()
	r, err := NewActivityReader(openTable(t, path, TableOptions{}), opt)
	if err != nil {
		t.Fatal(err)
	}
	refusals := slices.Clone(more)
	for _, bad := range r.All(context.Background()) {
		refusals = append(refusals, bad...)
	}
	slices.SortStableFunc(refusals, func(a, b data.Refusal) int { return a.Line - b.Line })
	var out bytes.Buffer
	if _, err := WriteRefused(context.Background(), &out, openTable(t, path, TableOptions{}), Listed(refusals)); err != nil {
		t.Fatal(err)
	}
	return write(t, out.String())
}

// The refused rows, mended, are read with the same settings; those left as
// they were are refused again for the same reasons.
func TestRefusedRowsComeBack(t *testing.T) {
	opt := ActivityOptions{Map: map[string]string{"name": "Library name"}, Key: []string{"Library name"}}
	path := write(t, "Library name;Postcode;Note\n"+
		"Good;NR1 3JU;x\n"+
		"\"Bad; code\";NR1;=1+1\n"+
		"Nowhere;;\"two\nlines, \"\"quoted\"\"\"\n"+
		"Caf\xe9;ZZ;\n"+
		"Ragged;NR1\n"+
		"Wide;NR1;x;y\n")
	refused := refuse(t, path, opt, data.Refusal{Line: 3, Field: "Postcode", Reason: "there is no postcode district NR1 here: check it"})
	got, err := os.ReadFile(refused)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(got), "\n")
	if lines[0] != "\ufeffrefused_line,refused_column,refused_reason,Library name,Postcode,Note" {
		t.Errorf("header %q", lines[0])
	}
	if want := "3,Postcode,there is no postcode district NR1 here: check it,Bad; code,NR1,=1+1"; lines[1] != want {
		t.Errorf("first row %q, want %q", lines[1], want)
	}
	again := refuse(t, refused, opt)
	table := openTable(t, again, TableOptions{})
	var names []string
	for _, row := range rowsOf(t, table) {
		names = append(names, row.Fields[3])
	}
	if diff := cmp.Diff([]string{"Nowhere", "Café", "Ragged", "Wide"}, names); diff != "" {
		t.Errorf("refused again (-want +got):\n%s", diff)
	}
	if got := strings.Count(strings.Join(table.Columns(), " "), "refused_line"); got != 1 {
		t.Errorf("columns %q", table.Columns())
	}
	mended := strings.NewReplacer("Nowhere,,", "Nowhere,NR1,", "ZZ", "NR2", "Ragged,NR1", "Ragged,NR1,", ",x,y", ",x").Replace(string(got))
	records, refusals := readActivities(t, mended, opt)
	if len(records) != 5 || len(refusals) > 0 {
		t.Errorf("mended: %d records, refused %v", len(records), refusals)
	}
}

func TestRefusedFeatures(t *testing.T) {
	path := write(t, `{"type":"FeatureCollection","features":[
{"type":"Feature","id":1,"properties":{"name":""},"geometry":{"type":"Point","coordinates":[1.29,52.63]}},
{"type":"Feature","id":2,"properties":{"name":"b","summary":"write to a@b.org"},"geometry":{"type":"Polygon","coordinates":[[[1,52],[1.1,52],[1.1,52.1],[1,52]]]}},
{"type":"Feature","id":3,"properties":{"name":"c"},"geometry":{"type":"Point","coordinates":[null,1]}}]}`)
	table := openTable(t, refuse(t, path, ActivityOptions{}), TableOptions{})
	if diff := cmp.Diff([]string{"refused_line", "refused_column", "refused_reason", "name", "summary", "id", "longitude", "latitude"}, table.Columns()); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	rows := rowsOf(t, table)
	if len(rows) != 3 || rows[0].Problem+rows[1].Problem+rows[2].Problem != "" {
		t.Fatalf("rows %+v", rows)
	}
	if got := strings.Join(rows[0].Fields[3:], "|"); got != "||1|1.29|52.63" {
		t.Errorf("first %q", got)
	}
	if !strings.Contains(rows[1].Fields[2], "cannot hold its Polygon") {
		t.Errorf("second %q", rows[1].Fields)
	}
}

func TestWriteRefusedChecksItsInput(t *testing.T) {
	path := write(t, "id,name\n1,a\n2,b\n")
	for _, refusals := range [][]data.Refusal{{{Line: 3}, {Line: 2}}, {{Line: 9}}, {{Line: 1}}} {
		if n, err := WriteRefused(context.Background(), &bytes.Buffer{}, openTable(t, path, TableOptions{}), Listed(refusals)); err == nil {
			t.Errorf("%v: %d rows and no error", refusals, n)
		}
	}
	failed := errors.New("gone")
	_, err := WriteRefused(context.Background(), &bytes.Buffer{}, openTable(t, path, TableOptions{}), func(yield func(data.Refusal, error) bool) { yield(data.Refusal{}, failed) })
	if !errors.Is(err, failed) {
		t.Errorf("error %v, want the source's", err)
	}
}
