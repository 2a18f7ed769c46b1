package load

import (
	"context"
	"slices"

	"tributary/data"
)

// MaxUploaded is how many rows a file may have that comes by a page; larger ones
// go through 'tributary import'.
const MaxUploaded = 10_000

// areaCodes are what a file calls the codes of areas if it is only a list of them.
var areaCodes = column{name: "areas", headings: []string{"areacode", "code", "lsoacode", "lsoa21cd", "lsoa11cd", "gsscode", "area"}}

// Uploaded reads a file of records of a kind: CSV, TSV, XLSX, JSON Lines or
// GeoJSON, told by its content. set gives fields that are the same for all rows.
// A row without an id is known by all that it says; a list of codes makes a
// target area of each. The error is an *[data.Invalid] if the file as a whole
// cannot be read.
func Uploaded(ctx context.Context, path string, k *data.Kind, source string, set map[string]string) (u data.Uploaded, err error) {
	t, err := OpenTable(path, TableOptions{})
	if err != nil {
		return u, err
	}
	defer t.Close()
	u.Columns, u.Cells = t.Columns(), map[int][]string{}
	opt := LedgerOptions{Source: source, Set: set, Map: map[string]string{}}
	if k.Name == "target_area" {
		i, err := areaCodes.find(u.Columns)
		if err != nil {
			return u, err
		}
		if i >= 0 {
			opt.Map["areas"] = u.Columns[i]
			if !slices.Contains(u.Columns, "label") {
				opt.Map["label"] = u.Columns[i]
			}
		}
	}
	if !slices.Contains(u.Columns, "id") {
		opt.Key = u.Columns
	}
	r, err := NewLedgerReader(t, k, opt)
	if err != nil {
		return u, err
	}
	u.Unused = r.Unused()
	if len(opt.Key) > 0 {
		u.Unused = nil // all of them tell rows apart
	}
	for row, err := range t.Rows() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return u, err
		}
		if len(u.Cells) == MaxUploaded {
			return u, data.Invalidf("file", "", "has more than %d rows: send it in parts", MaxUploaded)
		}
		u.Cells[row.Line] = row.Fields
		read := r.row(row)
		if len(read.Refusals) > 0 {
			u.Refused = append(u.Refused, read.Refusals...)
			continue
		}
		u.Records = append(u.Records, data.Incoming{Line: row.Line, Record: read.Record, Names: read.Names})
	}
	return u, nil
}
