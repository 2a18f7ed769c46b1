package main

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"

	"tributary/data"
)

// The flags are the filter's parameters, in its order, which query goes by.
func TestAskTakesTheWholeFilter(t *testing.T) {
	typ := reflect.TypeFor[askFilter]()
	names := data.ParamNames()
	if typ.NumField() != len(names) {
		t.Fatalf("%d flags for %d parameters", typ.NumField(), len(names))
	}
	for i, name := range names {
		if got := strings.ToLower(typ.Field(i).Name); got != strings.ReplaceAll(name, "_", "") {
			t.Errorf("flag %d is %s, the parameter %s", i, got, name)
		}
	}
	q := askFilter{Territory: "norfolk", AsAt: "2026-01-01"}.query()
	if q.Encode() != "as_at=2026-01-01&territory=norfolk" {
		t.Errorf("query %s", q.Encode())
	}
}

// A report as a table, as CSV and as JSON says the same.
func TestAskPrints(t *testing.T) {
	kind, _ := data.ReportNamed("self-delivered")
	r := data.Report{Kind: kind, Sentence: "Said.", Rows: [][]any{{"norfolk", "id", "Example, Builders", int64(12345), int64(0), int64(2), int64(0)}}}
	var table, sheet, object bytes.Buffer
	for cmd, out := range map[*askCmd]*bytes.Buffer{{}: &table, {CSV: true}: &sheet, {JSON: true}: &object} {
		if err := cmd.print(out, r); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(table.String(), "Said.") || !strings.Contains(table.String(), "norfolk    id  Example, Builders  123.45") {
		t.Errorf("table:\n%s", table.String())
	}
	rows, err := csv.NewReader(&sheet).ReadAll()
	if err != nil || rows[0][3] != "total_pounds" || rows[1][3] != "123.45" || rows[1][2] != "Example, Builders" {
		t.Errorf("CSV: %v %v", rows, err)
	}
	if !strings.Contains(object.String(), `"total_pence": 12345`) {
		t.Errorf("JSON:\n%s", object.String())
	}
}
