package web

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	"tributary/geo/hex"
)

// given is a server over a store with four contributions: one shown exactly,
// one by its cell, one by its territory, one nowhere.
func given(t *testing.T) *Server {
	t.Helper()
	store := pgtest.Store(t)
	sheet := func(kind string, rows ...map[string]string) postgis.LedgerSheet {
		k, _ := data.KindNamed(kind)
		var records []postgis.LedgerRecord
		for i, row := range rows {
			rec, bad := k.Read("test", func(c string) string { return row[c] })
			if len(bad) > 0 {
				t.Fatal(bad)
			}
			records = append(records, postgis.LedgerRecord{Line: i + 2, Record: rec})
		}
		return postgis.LedgerSheet{Kind: k, Records: slices.Values(records)}
	}
	gift := func(id, value string, more ...string) map[string]string {
		row := map[string]string{"id": id, "supplier": "builder", "type": "donation_money", "value": value, "delivered_from": "2025-06-01"}
		for i := 0; i+1 < len(more); i += 2 {
			row[more[i]] = more[i+1]
		}
		return row
	}
	_, err := store.ImportLedger(t.Context(), postgis.Operator, data.Import{Kind: "test", Source: "test"}, []postgis.LedgerSheet{
		sheet("organisation", map[string]string{"id": "builder", "name": "Example Builders", "kind": "supplier"}),
		sheet("contribution",
			gift("exact", "100.01", "latitude", "52.6309", "longitude", "1.2974", "class", "s0", "quantity", "5", "unit", "hours"),
			gift("cell", "200.02", "latitude", "52.70", "longitude", "1.40", "quantity", "7.5", "unit", "hours"),
			gift("territory", "300.03", "territory", "norfolk", "quantity", "12", "unit", "trees"),
			gift("nowhere", "400.04")),
	}, func(r postgis.LedgerRefusal) error { t.Error(r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, store)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func got(s *Server, path string) (int, string) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestHeat(t *testing.T) {
	s := given(t)
	cell := func(res int, lon, lat float64) string {
		c, err := hex.At(orb.Point{lon, lat}, res)
		if err != nil {
			t.Fatal(err)
		}
		return c.String()
	}
	figure := func(count, pence int64) data.Figure { return data.Figure{Count: count, Pence: data.Pence(pence)} }
	for query, want := range map[string]heatAnswer{
		"res=8": {Total: figure(4, 100010), Breaks: []int64{10000, 20000}, Unallocated: figure(1, 40004), Withheld: figure(1, 30003), WithheldCells: []heatRow{},
			Rows:     []heatRow{{cell(8, 1.2974, 52.6309), 1., 10001.}, {cell(8, 1.40, 52.70), 1., 20002.}},
			Sentence: "£300.03 of social value in 2 contributions or parts of them is shown in 2 hexagons of about 0.73733 square kilometres. Another £300.03 may not be shown so finely. Of £400.04 nobody said where it was given."},
		"res=9&territory=norfolk": {Total: figure(3, 60006), Breaks: []int64{10000}, Withheld: figure(2, 50005), WithheldCells: []heatRow{{cell(8, 1.40, 52.70), 1., 20002.}},
			Rows:     []heatRow{{cell(9, 1.2974, 52.6309), 1., 10001.}},
			Sentence: "£100.01 of social value in 1 contribution or part of one in Norfolk is shown in 1 hexagon of about 0.10533 square kilometres. Another £500.05 may not be shown so finely."},
		"res=9&bbox=1.2,52.6,1.3,52.65&territory=norfolk": {Total: figure(2, 40004), Breaks: []int64{10000}, Withheld: figure(1, 30003), WithheldCells: []heatRow{},
			Rows:     []heatRow{{cell(9, 1.2974, 52.6309), 1., 10001.}},
			Sentence: "£100.01 of social value in 1 contribution or part of one in Norfolk is shown in 1 hexagon of about 0.10533 square kilometres. Whether another £300.03 lies there may not be told."},
		"res=4&from=2026": {Breaks: []int64{}, Rows: []heatRow{}, WithheldCells: []heatRow{}, Sentence: "No contributions are on record under these filters."},
	} {
		code, body := got(s, "/api/v1/heat?"+query)
		var have heatAnswer
		if err := json.Unmarshal([]byte(body), &have); code != http.StatusOK || err != nil {
			t.Fatalf("%s: %d, %v: %s", query, code, err, body)
		}
		if have.Version == 0 || !strings.Contains(have.Links["csv"], "/api/v1/heat.csv?") {
			t.Errorf("%s: version %d, links %v", query, have.Version, have.Links)
		}
		have.Version, have.Links, have.Query, have.Res, have.Metric = 0, nil, "", 0, ""
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	// A quantity of one unit.
	code, body := got(s, "/api/v1/heat?res=3&metric=quantity&unit=hours")
	if code != http.StatusOK || !strings.Contains(body, `,2,30003,12500]`) {
		t.Errorf("hours: %d %s", code, body)
	}
}

func TestHeatAddsUpInEveryForm(t *testing.T) {
	s := given(t)
	for _, res := range []string{"", "&res=3", "&res=8", "&res=9"} {
		_, body := got(s, "/api/v1/heat.csv?state=claimed"+res)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var sum data.Pence
		for _, row := range rows[1:] {
			p, err := data.ParsePounds(row[4])
			if err != nil {
				t.Fatal(err)
			}
			sum += p
		}
		if sum != 100010 {
			t.Errorf("%s: the rows of the CSV add up to %s, want £1,000.10", res, sum)
		}
		_, body = got(s, "/api/v1/heat.geojson?state=claimed"+res)
		var shapes struct {
			Features []struct {
				Geometry   struct{ Coordinates [][][2]float64 }
				Properties heatFeature
			}
		}
		if err := json.Unmarshal([]byte(body), &shapes); err != nil {
			t.Fatal(err)
		}
		sum = 0
		for _, f := range shapes.Features {
			sum += f.Properties.Pence
			if ring := f.Geometry.Coordinates[0]; len(ring) < 6 || ring[0] != ring[len(ring)-1] {
				t.Errorf("%s: an outline of %v", res, ring)
			}
			if f.Properties.Withheld == (f.Properties.Class != nil) {
				t.Errorf("%s: a cell that is withheld, %t, has class %v", res, f.Properties.Withheld, f.Properties.Class)
			}
		}
		if sum != 30003 {
			t.Errorf("%s: the hexagons add up to %s, want £300.03", res, sum)
		}
	}
	if _, body := got(s, "/api/v1/totals"); !strings.Contains(body, `"count":4,"pence":100010,"quantities_milli":{"hours":12500,"trees":12000},"contributions":4`) {
		t.Errorf("totals: %s", body)
	}
}

func TestHeatRefuses(t *testing.T) {
	s := given(t)
	for query, want := range map[string]string{
		"res=2":                         `"field":"res"`,
		"res=10":                        `"field":"res"`,
		"res=six":                       `"field":"res"`,
		"metric=per_head":               "no population is known of a hexagon",
		"metric=pounds":                 `"field":"metric"`,
		"unit=hours":                    `"field":"unit"`,
		"metric=quantity":               "name one, of hours, trees",
		"metric=quantity&unit=bricks":   "there are hours, trees",
		"metric=quantity&from=2026":     "nothing under these filters has a quantity",
		"status=asleep":                 "is not known",
		"target_area=norfolk:2026:a":    "there is no target area",
		"bbox=1,2":                      `"field":"bbox"`,
		"territory=atlantis":            `"field":"territory"`,
		"state=doubtful":                `"field":"state"`,
		"metric=quantity&unit=people":   "people are counted in one fixed table",
		"limit=3":                       `"field":"limit"`,
		"from=2026-01-01&to=2025-01-01": `"field":"to"`,
	} {
		code, body := got(s, "/api/v1/heat?"+query)
		if code != http.StatusBadRequest || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s, want 400 with %s", query, code, body, want)
		}
	}
}
