package load

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
)

// refusedColumns stand before a file's own columns in the file of its refused
// rows, and are passed over when that file is imported. They come first so
// that a row with too few or too many fields keeps its fault until a person
// mends it.
var refusedColumns = []string{"refused_line", "refused_column", "refused_reason"}

// position columns stand for the geometry of GeoJSON points.
const (
	longitudeColumn = "longitude"
	latitudeColumn  = "latitude"
)

// WriteRefused writes the rows that were refused to w, as a CSV file with the
// file's own columns, or as JSON Lines if the file is such, in which a person can mend them and import them with the
// same settings. t is the file opened once more; refusals are in ascending
// order of line, several of one line together, and an error among them ends
// the writing. It returns how many rows it wrote. Memory does not grow with
// the file, nor with the refusals.
func WriteRefused(ctx context.Context, w io.Writer, t *Table, refusals iter.Seq2[data.Refusal, error]) (rows int, err error) {
	next, stop := iter.Pull2(refusals)
	defer stop()
	r := &refusedWriter{ctx: ctx, table: t, next: next, out: w, csv: csv.NewWriter(w)}
	if t.Format().Kind != KindJSONLines {
		// Excel reads UTF-8 only with a mark in front.
		if _, err := w.Write(utf8BOM); err != nil {
			return 0, fmt.Errorf("write the refused rows: %w", err)
		}
	}
	if err := r.run(); err != nil {
		return r.rows, fmt.Errorf("write the refused rows: %w", err)
	}
	return r.rows, nil
}

// Listed is refusals at hand as [WriteRefused] takes them; they must be in
// order.
func Listed(refusals []data.Refusal) iter.Seq2[data.Refusal, error] {
	return func(yield func(data.Refusal, error) bool) {
		for _, r := range refusals {
			if !yield(r, nil) {
				return
			}
		}
	}
}

type refusedWriter struct {
	ctx   context.Context
	table *Table
	next  func() (data.Refusal, error, bool)
	ahead *data.Refusal // read and of a later line
	out   io.Writer
	csv   *csv.Writer
	own   []int // the file's columns that are written
	place bool  // longitude and latitude are added
	rows  int
}

func (r *refusedWriter) run() error {
	if err := r.header(); err != nil {
		return err
	}
	group, err := r.group()
	if err != nil {
		return err
	}
	for row, err := range r.table.Rows() {
		if err = errors.Join(err, r.ctx.Err()); err != nil {
			return err
		}
		if len(group) == 0 || row.Line > group[0].Line {
			break
		}
		if row.Line < group[0].Line {
			continue
		}
		if err := r.write(row, group); err != nil {
			return err
		}
		if group, err = r.group(); err != nil {
			return err
		}
	}
	if len(group) > 0 {
		return fmt.Errorf("line %d was refused but no row of the file starts there: it may have changed meanwhile", group[0].Line)
	}
	r.csv.Flush()
	return r.csv.Error()
}

func (r *refusedWriter) header() error {
	out := append([]string(nil), refusedColumns...)
	for i, c := range r.table.columns {
		// The columns of an earlier round give way to this one's.
		if !slices.Contains(refusedColumns, c) {
			r.own = append(r.own, i)
			out = append(out, c)
		}
	}
	lon, _ := activityColumns[fieldLongitude].find(r.table.columns)
	lat, _ := activityColumns[fieldLatitude].find(r.table.columns)
	if r.table.Format().Kind == KindJSONLines {
		return nil // each line names its values
	}
	r.place = r.table.Format().Kind == KindGeoJSON && lon < 0 && lat < 0
	if r.place {
		out = append(out, longitudeColumn, latitudeColumn)
	}
	return r.csv.Write(out)
}

// group returns the refusals of the next line; none after the last.
func (r *refusedWriter) group() ([]data.Refusal, error) {
	var group []data.Refusal
	if r.ahead != nil {
		group, r.ahead = append(group, *r.ahead), nil
	}
	for {
		f, err, ok := r.next()
		if !ok {
			return group, nil
		}
		if err != nil {
			return nil, err
		}
		if len(group) > 0 && f.Line != group[0].Line {
			if f.Line < group[0].Line {
				return nil, fmt.Errorf("the refusals are out of order: line %d after %d", f.Line, group[0].Line)
			}
			r.ahead = &f
			return group, nil
		}
		group = append(group, f)
	}
}

func (r *refusedWriter) write(row Row, group []data.Refusal) error {
	columns, reasons := make([]string, len(group)), make([]string, len(group))
	for i, f := range group {
		columns[i], reasons[i] = f.Field, f.Reason
	}
	if row.Geometry != nil && !isPoint(row.Geometry) {
		reasons = append(reasons, "a CSV cannot hold its "+row.Geometry.GeoJSONType()+": mend this one in the GeoJSON file")
	}
	if r.table.Format().Kind == KindJSONLines {
		line, err := jsonRefused(row, strings.Join(columns, "; "), strings.Join(reasons, "; "))
		if err != nil {
			return err
		}
		r.rows++
		_, err = r.out.Write(line)
		return err
	}
	out := []string{strconv.Itoa(row.Line), strings.Join(columns, "; "), strings.Join(reasons, "; ")}
	if r.place && row.Fields == nil {
		row.Fields = make([]string, len(r.table.columns)) // a faulty feature; the positions come after
	}
	for _, i := range r.own {
		if i < len(row.Fields) {
			out = append(out, row.Fields[i])
		}
	}
	if n := len(r.table.columns); len(row.Fields) > n {
		out = append(out, row.Fields[n:]...)
	}
	if r.place {
		out = append(out, position(row.Geometry)...)
	}
	r.rows++
	return r.csv.Write(out)
}

func isPoint(g orb.Geometry) bool {
	_, ok := g.(orb.Point)
	return ok
}

func position(g orb.Geometry) []string {
	p, ok := g.(orb.Point)
	if !ok {
		return []string{"", ""}
	}
	return []string{strconv.FormatFloat(p[0], 'f', -1, 64), strconv.FormatFloat(p[1], 'f', -1, 64)}
}
