package load

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"tributary/data"
	"tributary/geo"
)

// The fields of a postcode, as indexes into [postcodeColumns].
const (
	pcPostcode = iota
	pcOutcode
	pcQuality
	pcEasting
	pcNorthing
	pcLatitude
	pcLongitude
	pcDistrict
	pcPFA
	pcTerminated
	pcCount
)

// postcodeColumns are the headings of Code-Point Open, ONSPD and plain lists.
// The spaced spellings of ONSPD come before its padded ones.
var postcodeColumns = [pcCount]column{
	pcPostcode:   {"postcode", []string{"pcds", "pcd", "pcd2", "pcd7", "pcd8", "pc"}},
	pcOutcode:    {"outcode", []string{"outwardcode", "postcodedistrict"}},
	pcQuality:    {"positional_quality", []string{"pq", "positionalqualityindicator", "osgrdind", "gridind"}},
	pcEasting:    {"easting", []string{"eastings", "ea", "oseast1m", "east1m"}},
	pcNorthing:   {"northing", []string{"northings", "no", "osnrth1m", "north1m"}},
	pcLatitude:   {"latitude", []string{"lat"}},
	pcLongitude:  {"longitude", []string{"long", "lon", "lng"}},
	pcDistrict:   {"district", []string{"oslaua", "laua", "lad#cd", "admindistrictcode", "districtcode", "dc"}},
	pcPFA:        {"pfa", []string{"pfa#cd", "pfacode"}},
	pcTerminated: {"doterm", []string{"dateoftermination", "terminated"}},
}

// codePointOpen are the columns of the official Code-Point Open files, which
// come without a header.
var codePointOpen = []string{"PC", "PQ", "EA", "NO", "CY", "RH", "LH", "CC", "DC", "WC"}

// OpenPostcodes opens a file of postcodes, with a header or, as Code-Point
// Open is published, without.
func OpenPostcodes(path string, opt TableOptions) (*Table, error) {
	opt.headless = func(first []string) []string {
		if len(first) != len(codePointOpen) {
			return nil
		}
		if _, err := geo.ParsePostcode(first[0]); err != nil {
			return nil
		}
		return codePointOpen
	}
	return OpenTable(path, opt)
}

// PostcodeReader turns the rows of a table into postcodes.
type PostcodeReader struct {
	table      *Table
	index      [pcCount]int // of the column; -1 for none
	noPosition int
	err        error
}

// NewPostcodeReader matches the table's columns with those of Code-Point Open,
// ONSPD or a list of outward codes. The error is an *[data.Invalid].
func NewPostcodeReader(t *Table) (*PostcodeReader, error) {
	r := &PostcodeReader{table: t}
	for f, c := range postcodeColumns {
		var err error
		if r.index[f], err = c.find(t.columns); err != nil {
			return nil, err
		}
	}
	switch {
	case r.index[pcPostcode] < 0 && r.index[pcOutcode] < 0:
		return nil, data.Invalidf("postcode", "", "the file has no column postcode (pcds, pcd, PC) or outcode: give Code-Point Open, ONSPD or a list of outward codes; its columns are %s", quotedList(t.columns))
	case (r.index[pcLatitude] < 0 || r.index[pcLongitude] < 0) && (r.index[pcEasting] < 0 || r.index[pcNorthing] < 0):
		return nil, data.Invalidf("latitude", "", "the file has neither latitude and longitude nor easting and northing: give Code-Point Open, ONSPD or a list of outward codes; its columns are %s", quotedList(t.columns))
	}
	return r, nil
}

// All reads the rest of the table, one pair for each row that has a position:
// a postcode and nil, or what is wrong with the row. It stops early as
// [ActivityReader.All] does.
func (r *PostcodeReader) All(ctx context.Context) iter.Seq2[data.PostcodeRecord, []data.Refusal] {
	return func(yield func(data.PostcodeRecord, []data.Refusal) bool) {
		for row, err := range r.table.Rows() {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				r.err = err
				return
			}
			rec, refusals, placed := r.record(row)
			if !placed {
				r.noPosition++
				continue
			}
			if !yield(rec, refusals) {
				return
			}
		}
	}
}

// Err is what stopped the reading before the end of the file, or nil.
func (r *PostcodeReader) Err() error { return r.err }

// NoPosition counts the rows that were passed over because their publisher has
// no position for them: quality 90 in Code-Point Open, 9 in ONSPD, or no
// coordinates.
func (r *PostcodeReader) NoPosition() int { return r.noPosition }

// Notes are sentences for the report.
func (r *PostcodeReader) Notes() []string {
	if r.noPosition == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d postcodes without a position in the file were passed over", r.noPosition)}
}

func (r *PostcodeReader) value(row Row, field int) string {
	if i := r.index[field]; i >= 0 {
		return strings.TrimSpace(row.Fields[i])
	}
	return ""
}

func (r *PostcodeReader) record(row Row) (rec data.PostcodeRecord, refusals []data.Refusal, placed bool) {
	rec.Line = row.Line
	if row.Problem != "" {
		return rec, []data.Refusal{{Line: row.Line, Reason: row.Problem}}, true
	}
	var bad []*data.Invalid
	refuse := func(field int, value string, err error) {
		bad = append(bad, data.Invalidf(postcodeColumns[field].name, value, "%v", err))
	}
	placed, err := r.position(row, &rec)
	if !placed && err == nil {
		return rec, nil, false
	}
	if err != nil {
		refuse(pcLatitude, "", err)
	}
	r.codes(row, &rec, refuse)
	if len(bad) == 0 {
		bad = rec.Validate()
	}
	for _, b := range bad {
		refusals = append(refusals, data.Refusal{Line: row.Line, Field: r.Column(b.Field), Value: b.Value, Reason: b.Reason})
	}
	return rec, refusals, true
}

// codes reads everything of a row but its position.
func (r *PostcodeReader) codes(row Row, rec *data.PostcodeRecord, refuse func(field int, value string, err error)) {
	var err error
	if s := r.value(row, pcPostcode); s != "" {
		if rec.Postcode, err = geo.ParsePostcode(s); err != nil {
			refuse(pcPostcode, s, err)
		}
		rec.Outcode = rec.Postcode.Outcode()
	} else if s := r.value(row, pcOutcode); s != "" {
		if rec.Outcode, err = geo.ParseOutcode(s); err != nil {
			refuse(pcOutcode, s, err)
		}
	}
	rec.District = geo.AreaCode(r.value(row, pcDistrict))
	rec.PFA = r.value(row, pcPFA)
	if s := r.value(row, pcTerminated); s != "" {
		month, err := time.Parse("200601", strings.ReplaceAll(s, "-", ""))
		if err != nil {
			refuse(pcTerminated, s, fmt.Errorf("%q is not a month: give year and month, such as 199606, or nothing for a live postcode", s))
		}
		rec.Terminated = data.DateOf(month)
	}
}

// Column is the heading, in the file, of a field.
func (r *PostcodeReader) Column(field string) string {
	for i, c := range postcodeColumns {
		if c.name == field && r.index[i] >= 0 {
			return r.table.columns[r.index[i]]
		}
	}
	return field
}

// position reads where a postcode is, from degrees where the file has them.
// ok is false if the publisher gives none.
func (r *PostcodeReader) position(row Row, rec *data.PostcodeRecord) (ok bool, err error) {
	switch q := r.value(row, pcQuality); q {
	case "90", "9":
		return false, nil
	}
	lat, lon := r.value(row, pcLatitude), r.value(row, pcLongitude)
	if lat != "" && lon != "" {
		if rec.Lat, err = degrees(lat); err == nil {
			rec.Lon, err = degrees(lon)
		}
		// ONSPD writes 99.999999, 0.000000 for none.
		return !(rec.Lat > 99 && rec.Lat < 100), err
	}
	east, north := r.value(row, pcEasting), r.value(row, pcNorthing)
	if east == "" || north == "" || east == "0" && north == "0" {
		return false, nil
	}
	e, errE := degrees(east)
	n, errN := degrees(north)
	if errE != nil || errN != nil {
		return true, fmt.Errorf("easting %q, northing %q is not a position: give metres, such as 623000 and 308500", east, north)
	}
	rec.Lon, rec.Lat, err = fromGrid(e, n)
	return true, err
}

func degrees(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number: give degrees such as 52.6284", s)
	}
	return v, nil
}
