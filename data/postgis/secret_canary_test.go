package postgis_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/project"
	"github.com/xuri/excelize/v2"

	"tributary/data"
	"tributary/data/load"
	"tributary/data/postgis"
	"tributary/geo/hex"
)

// A canary is a row of a file whose position and texts occur nowhere else, so
// that finding one of them anywhere is a leak. Its name holds CANARY, and the
// texts that say where it is hold HIDDEN.
type canary struct {
	name     string
	class    data.Sensitivity // that it must come to
	row      map[string]string
	at       orb.Point // longitude, latitude
	postcode string
	refused  bool
}

// canaries are the ways in which a file may say, or fail to say, that a place
// is sensitive.
func canaries() []canary {
	list := []canary{
		{name: "by class", class: data.S3Secret, row: map[string]string{"class": "S3", "summary": "HIDDEN behind the mill"}},
		{name: "refuge by name", class: data.S3Secret, row: map[string]string{"class": "S0"}},
		{name: "by summary", class: data.S3Secret, row: map[string]string{"class": "S0", "summary": "A safe house at HIDDEN Lane"}},
		{name: "by measure", class: data.S3Secret, row: map[string]string{"class": "S0", "measure": "norfolk:RH3"}},
		{name: "by the measure's short code", class: data.S3Secret, row: map[string]string{"class": "S0", "measure": "rh3"}},
		{name: "by postcode alone", class: data.S3Secret, row: map[string]string{"class": "S3"}, postcode: "NR30 1ZZ"},
		{name: "postcode in its name NR30 1ZY", class: data.S3Secret, row: map[string]string{"class": "S3"}, postcode: "NR30 1ZY"},
		{name: "refused later", class: data.S3Secret, row: map[string]string{"class": "S3", "measure": "norfolk:NOPE"}, refused: true},
		{name: "refused early", class: data.S3Secret, row: map[string]string{"class": "S3", "status": "bogus"}, refused: true},
		{name: "of unknown class", class: data.S3Secret, row: map[string]string{"class": "S7"}, refused: true},
		{name: "restricted by class", class: data.S2Restricted, row: map[string]string{"class": "S2"}},
		{name: "probation work", class: data.S2Restricted, row: map[string]string{"class": "S0"}},
		{name: "restricted by postcode", class: data.S2Restricted, row: map[string]string{"class": "S2", "summary": "Come to nr30-1zx"}, postcode: "NR30 1ZX"},
		{name: "restricted and refused", class: data.S2Restricted, row: map[string]string{"class": "S2", "measure": "norfolk:NOPE"}, refused: true},
	}
	for i := range list {
		c := &list[i]
		// Round Great Yarmouth, far from the labels of Norfolk's areas.
		if c.postcode == "" {
			c.at = orb.Point{1.701117 + float64(i)*0.001, 52.601213 + float64(i)*0.001}
			c.row["longitude"], c.row["latitude"] = degrees(c.at[0]), degrees(c.at[1])
		}
		c.row["id"] = fmt.Sprint("c", i)
		c.row["name"] = "CANARY " + c.name
		c.row["provider"] = "Provider of " + fmt.Sprint(i%3)
		c.row["postcode"] = c.postcode
		c.row["locality"] = "HIDDEN house of " + c.name
	}
	return list
}

// traces are what must not be found of a canary: where it is in any spelling,
// and for a secret one its name too.
func (c canary) traces(t *testing.T) []string {
	t.Helper()
	out := []string{"HIDDEN house of " + c.name, "HIDDEN Lane", "HIDDEN behind"}
	if c.class == data.S3Secret {
		out = append(out, "CANARY "+c.name)
	}
	return append(out, c.positions(t)...)
}

func (c canary) positions(t *testing.T) (out []string) {
	t.Helper()
	if c.postcode != "" {
		return []string{c.postcode, strings.ReplaceAll(c.postcode, " ", ""), strings.ReplaceAll(c.postcode, " ", "-")}
	}
	for _, v := range c.at {
		out = append(out, fmt.Sprintf("%X", binary.LittleEndian.AppendUint64(nil, math.Float64bits(v))), degrees(v))
	}
	for _, v := range project.WGS84.ToMercator(c.at) {
		out = append(out, fmt.Sprintf("%X", binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))[2:])
	}
	for _, res := range []int{hex.Finest, hex.Finest - 1} {
		cell, err := hex.At(c.at, res)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, cell.String(), strconv.FormatInt(int64(cell), 10))
	}
	return out
}

// degrees has one decimal more than boundaries do.
func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

var columns = []string{"id", "name", "summary", "provider", "measure", "status", "class", "latitude", "longitude", "postcode", "locality"}

// writers write the canaries as a file of each kind.
var writers = map[string]func(t *testing.T, path string, list []canary){
	"csv": func(t *testing.T, path string, list []canary) {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Write(columns)
		for _, c := range list {
			w.Write(cells(c))
		}
		w.Flush()
		write(t, path, b.Bytes())
	},
	"xlsx": func(t *testing.T, path string, list []canary) {
		book := excelize.NewFile()
		defer book.Close()
		for i, row := range append([][]string{columns}, lines(list)...) {
			if err := book.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
		if err := book.SaveAs(path); err != nil {
			t.Fatal(err)
		}
	},
	"jsonl": func(t *testing.T, path string, list []canary) {
		var b bytes.Buffer
		for _, c := range list {
			line, err := json.Marshal(c.row)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(line, '\n'))
		}
		write(t, path, b.Bytes())
	},
	"geojson": func(t *testing.T, path string, list []canary) {
		fc := geojson.NewFeatureCollection()
		for _, c := range list {
			f := geojson.NewFeature(c.at)
			for k, v := range c.row {
				if k != "latitude" && k != "longitude" {
					f.Properties[k] = v
				}
			}
			if c.postcode != "" {
				f.Geometry = nil
			}
			fc.Append(f)
		}
		b, err := fc.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, b)
	},
}

func cells(c canary) (out []string) {
	for _, name := range columns {
		out = append(out, c.row[name])
	}
	return out
}

func lines(list []canary) (out [][]string) {
	for _, c := range list {
		out = append(out, cells(c))
	}
	return out
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// loaded reads a file as the command line does, and imports it.
func loaded(t *testing.T, s *postgis.Store, path string, opt load.ActivityOptions) data.ImportResult {
	t.Helper()
	table, err := load.OpenTable(path, load.TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	reader, err := load.NewActivityReader(table, opt)
	if err != nil {
		t.Fatal(err)
	}
	var refused []data.RefusedRow
	records := func(yield func(data.ActivityRecord) bool) {
		for rec, bad := range reader.All(t.Context()) {
			if len(bad) > 0 {
				refused = append(refused, data.RefusedRow{ExternalID: rec.ExternalID, Class: rec.Class})
			} else if !yield(rec) {
				return
			}
		}
	}
	run := data.Import{Kind: "activities", Source: "canaries", Refused: func() (iter.Seq2[data.RefusedRow, error], int) {
		return func(yield func(data.RefusedRow, error) bool) {
			for _, r := range refused {
				if !yield(r, nil) {
					return
				}
			}
		}, 0
	}}
	res, err := s.ImportActivities(t.Context(), postgis.Operator, run, records, func(data.Refusal) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	res.Refused += len(refused)
	return res
}
