package data

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Report is the answer to a question about the state of things: a table whose
// rows anyone may see, and a sentence that says it.
type Report struct {
	Kind     *ReportKind
	Query    string  // the canonical filter
	AsAt     Date    // the day that it tells of
	Sentence string  // plain English
	Rows     [][]any // by Kind.Columns; nil where nothing is known
}

// ReportKind describes one report: what it is called and asked by, and its
// columns. JSON, CSV, pages, the command line and the API's description all go
// by it.
type ReportKind struct {
	Name    string // "joined-up"; the last part of its path
	Title   string
	About   string
	Takes   []string // filter parameters
	Needs   string   // the one of them that must be given, if any
	Within  float64  // kilometres that it looks within unless told; 0 if it asks no distance
	Columns []Column
	say     func(r *Report, where string) string
}

// Column is one column of a report.
type Column struct {
	Name string // snake_case; money in JSON ends in _pence, in CSV in _pounds
	Type ColumnType
	// Title heads it for people.
	Title string
}

// ColumnType says what a column holds.
type ColumnType string

// The types of columns.
const (
	ColumnText     ColumnType = "text"
	ColumnList     ColumnType = "list"
	ColumnMoney    ColumnType = "money"    // int64 pence
	ColumnCount    ColumnType = "count"    // int64
	ColumnQuantity ColumnType = "quantity" // int64 thousandths of the unit beside
	ColumnNumber   ColumnType = "number"   // float64
	ColumnShare    ColumnType = "share"    // float64 from 0 to 1
	ColumnDay      ColumnType = "day"
	ColumnYesNo    ColumnType = "yes or no"
)

// JSONName is the column's name in JSON.
func (c Column) JSONName() string {
	if c.Type == ColumnMoney {
		return c.Name + "_pence"
	}
	return c.Name
}

// CSVName is the column's name in CSV.
func (c Column) CSVName() string {
	if c.Type == ColumnMoney {
		return c.Name + "_pounds"
	}
	return c.Name
}

// JSON is a value of the column as JSON has it.
func (c Column) JSON(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case int64:
		if c.Type == ColumnQuantity {
			return json.Number(Quantity(v).String())
		}
	}
	return v
}

// Text is a value of the column as CSV has it: money in pounds with two
// decimals, days as ISO dates, lists joined by semicolons; nothing is empty.
func (c Column) Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case time.Time:
		return v.Format(time.DateOnly)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case int64:
		switch c.Type {
		case ColumnMoney:
			return Pence(v).Pounds()
		case ColumnQuantity:
			return Quantity(v).String()
		}
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', 6, 64)
	case []string:
		return strings.Join(v, ";")
	}
	return fmt.Sprint(v)
}

// MarshalJSON gives the rows as objects by column.
func (r Report) MarshalJSON() ([]byte, error) {
	rows := make([]map[string]any, len(r.Rows))
	for i, row := range r.Rows {
		rows[i] = make(map[string]any, len(row))
		for j, c := range r.Kind.Columns {
			rows[i][c.JSONName()] = c.JSON(row[j])
		}
	}
	return json.Marshal(struct {
		Query    string           `json:"query"`
		AsAt     Date             `json:"as_at"`
		Sentence string           `json:"sentence"`
		Rows     []map[string]any `json:"rows"`
	}{r.Query, r.AsAt, r.Sentence, rows})
}

// Say makes the report's sentence; where is " in Norfolk", or empty.
func (r *Report) Say(where string) { r.Sentence = r.Kind.say(r, where) }

// column finds a column's place.
func (k *ReportKind) column(name string) int {
	return slices.IndexFunc(k.Columns, func(c Column) bool { return c.Name == name })
}

// sum adds up a column of whole numbers.
func (r *Report) sum(name string) (n int64) {
	at := r.Kind.column(name)
	for _, row := range r.Rows {
		v, _ := row[at].(int64) // nil is nothing
		n += v
	}
	return n
}

// having counts the rows whose column has a value.
func (r *Report) having(name string, value any) (n int) {
	at := r.Kind.column(name)
	for _, row := range r.Rows {
		if row[at] == value {
			n++
		}
	}
	return n
}

// distinct counts the values of a column.
func (r *Report) distinct(name string) int {
	at := r.Kind.column(name)
	seen := map[any]bool{}
	for _, row := range r.Rows {
		if row[at] != nil {
			seen[row[at]] = true
		}
	}
	return len(seen)
}

// ReportNamed finds a report by its name.
func ReportNamed(name string) (*ReportKind, bool) {
	for _, k := range Reports {
		if k.Name == name {
			return k, true
		}
	}
	return nil, false
}

// ReportRow is one row of a report, read by the names of its columns.
type ReportRow struct {
	kind  *ReportKind
	cells []any
}

// Each calls yield with every row.
func (r *Report) Each(yield func(ReportRow)) {
	for _, row := range r.Rows {
		yield(ReportRow{r.Kind, row})
	}
}

// Value is what a column holds; nil where nothing is known, or there is no such
// column.
func (r ReportRow) Value(column string) any {
	if i := r.kind.column(column); i >= 0 {
		return r.cells[i]
	}
	return nil
}

// Text, Pence, Count and Day are a column's value, or its zero.
func (r ReportRow) Text(column string) string { v, _ := r.Value(column).(string); return v }
func (r ReportRow) Count(column string) int64 { v, _ := r.Value(column).(int64); return v }
func (r ReportRow) Pence(column string) Pence { return Pence(r.Count(column)) }
func (r ReportRow) Day(column string) Date {
	if t, ok := r.Value(column).(time.Time); ok {
		return DateOf(t)
	}
	return Date{}
}

// List is a column's values.
func (r ReportRow) List(column string) []string { v, _ := r.Value(column).([]string); return v }
