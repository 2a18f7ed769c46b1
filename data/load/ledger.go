package load

import (
	"context"
	"iter"
	"slices"
	"strings"

	"tributary/data"
)

// LedgerOptions says how the columns of a file of records are to be read.
type LedgerOptions struct {
	Source string
	Map    map[string]string // field → column
	Set    map[string]string // field → the same value for every row
	Key    []string          // columns that together identify a row, instead of an id
}

// LedgerReader turns the rows of a table into records of one kind.
type LedgerReader struct {
	table  *Table
	kind   *data.Kind
	source string
	index  map[string]int    // of the column, by field
	set    map[string]string // by field
	key    []int
	unused []string
	err    error
}

// NewLedgerReader matches the table's columns with a kind's fields. The error
// is an *[data.Invalid] that names the setting or the column at fault.
func NewLedgerReader(t *Table, k *data.Kind, opt LedgerOptions) (*LedgerReader, error) {
	r := &LedgerReader{table: t, kind: k, source: opt.Source, index: map[string]int{}, set: opt.Set}
	known := k.Columns()
	for flag, given := range map[string]map[string]string{"map": opt.Map, "set": opt.Set} {
		for _, name := range sortedKeys(given) {
			if !slices.Contains(known, name) {
				return nil, data.Invalidf(flag, name, "there is no field %q%s: %s have %s", name, suggestion(name, known), k.Plural, strings.Join(known, ", "))
			}
		}
	}
	for _, name := range known {
		var i int
		var err error
		if mapped, ok := opt.Map[name]; ok {
			i, err = named(t.columns, mapped, "map")
		} else {
			i, err = column{name: name}.find(t.columns)
		}
		if err != nil {
			return nil, err
		}
		r.index[name] = i
	}
	for _, name := range opt.Key {
		i, err := named(t.columns, name, "key")
		if err != nil {
			return nil, err
		}
		r.key = append(r.key, i)
	}
	return r, r.check()
}

// check refuses a table that lacks what every record needs, and lists what is
// not used.
func (r *LedgerReader) check() error {
	for _, f := range r.kind.Fields {
		there := r.index[f.Name] >= 0 || r.set[f.Name] != ""
		if f.Name == "id" {
			there = there || len(r.key) > 0
		}
		if f.Ref == "organisation" {
			there = there || r.index[f.Name+data.NameSuffix] >= 0 || r.set[f.Name+data.NameSuffix] != ""
		}
		if f.Required && !there {
			return data.Invalidf(f.Name, "", "the file has no column %q, which every %s needs: name it with --map %s=\"Column name\"; its columns are %s",
				f.Name, strings.ReplaceAll(r.kind.Name, "_", " "), f.Name, quotedList(r.table.columns))
		}
	}
	for i, c := range r.table.columns {
		used := slices.Contains(r.key, i) || slices.Contains(refusedColumns, c) || c == refusedText
		for _, at := range r.index {
			used = used || at == i
		}
		if !used {
			r.unused = append(r.unused, c)
		}
	}
	return nil
}

// Unused are the columns of the file that no field takes, in its order.
func (r *LedgerReader) Unused() []string { return r.unused }

// Err is what stopped the reading before the end of the file, or nil.
func (r *LedgerReader) Err() error { return r.err }

// LedgerRow is a row that was read: a record, or what is wrong with it.
type LedgerRow struct {
	Line     int
	Record   data.Record
	Names    map[string]string // of organisations, by the field that refers to them
	Refusals []data.Refusal
}

// All reads the rest of the table. If it stops early, [LedgerReader.Err] says
// why.
func (r *LedgerReader) All(ctx context.Context) iter.Seq[LedgerRow] {
	return func(yield func(LedgerRow) bool) {
		for row, err := range r.table.Rows() {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				r.err = err
				return
			}
			if !yield(r.row(row)) {
				return
			}
		}
	}
}

func (r *LedgerReader) row(row Row) LedgerRow {
	out := LedgerRow{Line: row.Line, Names: map[string]string{}}
	if row.Problem != "" {
		out.Refusals = []data.Refusal{{Line: row.Line, Reason: row.Problem}}
		return out
	}
	wrong := map[string]bool{} // fields that were reported
	cell := func(field string) string {
		if row.JSON != nil {
			return r.member(row, field, wrong, &out)
		}
		if i := r.index[field]; i >= 0 {
			if v := strings.TrimSpace(row.Fields[i]); v != "" {
				return v
			}
		}
		return r.set[field]
	}
	for _, f := range r.kind.Fields {
		if f.Ref == "organisation" {
			if name := cell(f.Name + data.NameSuffix); name != "" {
				out.Names[f.Name] = name
			}
		}
	}
	rec, bad := r.kind.Read(r.source, func(field string) string {
		v := cell(field)
		switch {
		case v != "":
			return v
		case field == "id" && len(r.key) > 0:
			return r.keyOf(row)
		case out.Names[field] != "":
			return "name:" + strings.ToLower(oneLine(out.Names[field]))
		}
		return ""
	})
	out.Record = rec
	for _, b := range bad {
		if wrong[b.Field] {
			continue
		}
		out.Refusals = append(out.Refusals, data.Refusal{Line: row.Line, Field: r.Column(b.Field), Value: b.Value, Reason: b.Reason})
	}
	return out
}

// member is a field of a line of JSON as a column's text would be. JSON has
// types, and money in it is whole pence.
func (r *LedgerReader) member(row Row, field string, wrong map[string]bool, out *LedgerRow) string {
	i := r.index[field]
	if i < 0 {
		return r.set[field]
	}
	raw, given := row.JSON[r.table.columns[i]]
	if !given {
		return r.set[field]
	}
	f, ok := r.kind.Field(field)
	if !ok {
		f = data.Field{Type: data.FieldText} // an organisation's name
	}
	text, err := f.FromJSON(raw)
	if err != nil {
		if !wrong[field] {
			out.Refusals = append(out.Refusals, data.Refusal{Line: row.Line, Field: r.table.columns[i], Value: string(raw), Reason: err.Error()})
		}
		wrong[field] = true
		return "?" // it is there, only wrong
	}
	if text = strings.TrimSpace(text); text == "" {
		return r.set[field]
	}
	return text
}

func (r *LedgerReader) keyOf(row Row) string {
	parts := make([]string, len(r.key))
	for i, at := range r.key {
		parts[i] = oneLine(row.Fields[at])
	}
	return strings.Join(parts, "|")
}

// Column is the heading, in the file, of a field; the field's own name if it
// has none.
func (r *LedgerReader) Column(field string) string {
	if i, ok := r.index[field]; ok && i >= 0 {
		return r.table.columns[i]
	}
	return field
}
