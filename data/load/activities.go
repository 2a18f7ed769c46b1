package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"strings"

	"tributary/data"
)

// ActivityOptions says how the columns of a file are to be read.
type ActivityOptions struct {
	Map map[string]string // field → column, see [ActivityFields]
	Set map[string]string // field → the same value for every row
	Key []string          // columns that together identify a row, instead of an id
	// Class is the class of rows that give none; nil is S1, as a file that
	// says nothing about its places has not been looked at for safety.
	Class *data.Sensitivity
}

// ActivityReader turns the rows of a table into activities.
type ActivityReader struct {
	table  *Table
	layout *layout
	class  data.Sensitivity
	err    error
}

// NewActivityReader matches the table's columns with an activity's fields. The
// error is an *[data.Invalid] that names the setting or the column at fault.
func NewActivityReader(t *Table, opt ActivityOptions) (*ActivityReader, error) {
	l, err := newLayout(t.columns, opt)
	if err != nil {
		return nil, err
	}
	r := &ActivityReader{table: t, layout: l, class: data.S1Care}
	if opt.Class != nil {
		r.class = *opt.Class
	}
	return r, nil
}

// Unused are the columns of the file that no field takes, in its order.
func (r *ActivityReader) Unused() []string { return r.layout.unused }

// All reads the rest of the table, one pair for each row that is not blank: an
// activity and nil, or what is wrong with the row, all of it, and a record
// that is only good for its Line and, if it could be read, its ExternalID. If the file cannot be read to its end, or
// ctx is done, All stops early and [ActivityReader.Err] says why: ask it
// before believing that this was all.
func (r *ActivityReader) All(ctx context.Context) iter.Seq2[data.ActivityRecord, []data.Refusal] {
	return func(yield func(data.ActivityRecord, []data.Refusal) bool) {
		for row, err := range r.table.Rows() {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				r.err = err
				return
			}
			if !yield(r.record(row)) {
				return
			}
		}
	}
}

// Err is what stopped the reading before the end of the file, or nil.
func (r *ActivityReader) Err() error { return r.err }

func (r *ActivityReader) record(row Row) (data.ActivityRecord, []data.Refusal) {
	rec := data.ActivityRecord{Line: row.Line}
	if row.Problem != "" {
		return rec, []data.Refusal{{Line: row.Line, Reason: row.Problem}}
	}
	f := activityFields{row: row, layout: r.layout, rec: &rec}
	f.fill(r.class)
	// A value that could not be read leaves its field empty: that the field is
	// empty is not a second problem.
	spoilt := f.spoilt()
	for _, b := range rec.Validate() {
		if !spoilt[b.Field] {
			f.bad = append(f.bad, b)
		}
	}
	if len(f.bad) == 0 {
		return rec, nil
	}
	refusals := make([]data.Refusal, len(f.bad))
	for i, b := range f.bad {
		refusals[i] = data.Refusal{Line: row.Line, Field: r.Column(b.Field), Value: b.Value, Reason: b.Reason}
	}
	return rec, refusals
}

// Column is the heading, in the file, of a field; the field's own name if it
// has none.
func (r *ActivityReader) Column(field string) string {
	if field == "id" && len(r.layout.key) > 0 {
		var names []string
		for _, k := range r.layout.key {
			names = append(names, r.table.columns[k])
		}
		return strings.Join(names, ", ")
	}
	for i, c := range activityColumns {
		if c.name == field && r.layout.index[i] >= 0 {
			return r.table.columns[r.layout.index[i]]
		}
	}
	return field
}

// keyID is an id made of the values of the key columns, the same from file to
// file. It is their hash, as a key may hold a position that an id may not; the
// store keys it, as a hash alone can be found by trying.
func (l *layout) keyID(fields []string) string {
	values := make([]string, len(l.key))
	empty := true
	for i, k := range l.key {
		values[i] = clean(fields[k])
		empty = empty && values[i] == ""
	}
	if empty {
		return ""
	}
	return hashed(strings.Join(values, " | "))
}

func hashed(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "sha256:" + hex.EncodeToString(sum[:])
}
