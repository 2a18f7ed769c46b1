package postgis_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	orbgeo "github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/maptile/tilecover"
	"github.com/paulmach/orb/project"
	"github.com/xuri/excelize/v2"

	"tributary/data"
	"tributary/data/load"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	"tributary/geo"
	"tributary/geo/hex"
	"tributary/web"
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

func TestSecretPlacesLeaveNoTrace(t *testing.T) {
	for kind, writeFile := range writers {
		t.Run(kind, func(t *testing.T) {
			list := canaries()
			s, url := storeWithPostcodes(t)
			logged := captureLog(t)
			path := filepath.Join(t.TempDir(), "canaries."+kind)
			writeFile(t, path, list)
			res := loaded(t, s, path, load.ActivityOptions{})
			wantRefused := 0
			for _, c := range list {
				if c.refused {
					wantRefused++
				}
			}
			if res.Refused != wantRefused || res.Added != len(list)-wantRefused {
				t.Errorf("%+v, want %d refused and the others added", res, wantRefused)
			}
			public := crawl(t, s, url)
			public["the program's log"] = logged.String()
			stored := dump(t, url)
			stored["the server's log"] = pgtest.Log(t)
			for _, c := range list {
				absent(t, public, c.name, c.traces(t))
				farFrom(t, s, c)
				if c.class == data.S3Secret {
					absent(t, stored, c.name, append(c.positions(t), "HIDDEN house of "+c.name, "HIDDEN Lane", "HIDDEN behind"))
				}
			}
			if !strings.Contains(public["GET /api/v1/activities.csv"], "CANARY restricted by class") {
				t.Error("a restricted activity is not listed: the crawl sees nothing")
			}
			if !strings.Contains(stored["raw.activity"], "CANARY by class") {
				t.Error("a secret activity is not stored: the dump sees nothing")
			}
		})
	}
}

// Columns that identify a row may hold its position.
func TestSecretKeysAreNotStored(t *testing.T) {
	list := canaries()[:7]
	s, url := storeWithPostcodes(t)
	path := filepath.Join(t.TempDir(), "canaries.csv")
	writers["csv"](t, path, list)
	loaded(t, s, path, load.ActivityOptions{Key: []string{"name", "latitude", "longitude", "postcode"}})
	stored := dump(t, url)
	for _, c := range list {
		absent(t, stored, c.name, c.positions(t))
	}
}

// A place that becomes secret takes back what was shown and stored of it, also
// when other rows of its activity were refused, and may be shown again when two
// people agree.
func TestSecretClassRaisedAndLowered(t *testing.T) {
	open := record(2, "a", 1.701117, 52.601213)
	open.Locality = "HIDDEN house of raised"
	second := record(3, "a", 1.72, 52.62)
	spoilt := second
	spoilt.Measures = []string{"norfolk:NOPE"}
	c := canary{name: "raised", class: data.S3Secret, at: orb.Point{1.701117, 52.601213}}
	as := func(r data.ActivityRecord, class data.Sensitivity) data.ActivityRecord {
		r.Class = class
		return r
	}
	for name, raised := range map[string][]data.ActivityRecord{
		"the row itself":                     {as(open, data.S3Secret)},
		"the row itself beside another":      {as(open, data.S3Secret), second},
		"another row of its activity":        {open, as(second, data.S3Secret)},
		"another that is refused":            {open, as(spoilt, data.S3Secret)},
		"its only row, refused":              {as(spoilt, data.S3Secret)},
		"the row beside one that is refused": {as(open, data.S3Secret), spoilt},
	} {
		for _, before := range []data.Sensitivity{data.S0Open, data.S1Care} {
			t.Run(fmt.Sprintf("%s from %v", name, before), func(t *testing.T) {
				s, url := storeWithPostcodes(t)
				imported(t, s, data.Import{}, as(open, before), as(second, before))
				if got := summary(t, s); got.Places != 2 {
					t.Fatalf("%d places are shown to begin with, want 2", got.Places)
				}
				imported(t, s, data.Import{}, raised...)
				everything := crawl(t, s, url)
				maps.Copy(everything, dump(t, url))
				absent(t, everything, c.name, c.traces(t))
				farFrom(t, s, c)
				if n := summary(t, s).Withheld; n != 1 {
					t.Errorf("%d activities withheld, want 1", n)
				}
				// A refused row keeps it secret; good ones open it again.
				imported(t, s, data.Import{}, open, spoilt)
				if n := summary(t, s).Withheld; n != 1 {
					t.Errorf("%d activities withheld after a refused row, want 1", n)
				}
				// Whoever gives it alone cannot lower it.
				imported(t, s, data.Import{}, open, second)
				everything = crawl(t, s, url)
				maps.Copy(everything, dump(t, url))
				absent(t, everything, c.name, c.traces(t))
				if n := summary(t, s).Withheld; n != 1 {
					t.Errorf("%d activities withheld after one person lowered it, want 1", n)
				}
				agreed(t, s, "test//a", data.S0Open)
				imported(t, s, data.Import{}, open, second)
				if got := summary(t, s); got.Withheld != 0 || got.Places != 2 {
					t.Errorf("lowered again: %+v, want two places shown", got.Counts)
				}
			})
		}
	}
}

// A secret row does not name a provider that others see.
func TestSecretRowsDoNotRenameProviders(t *testing.T) {
	s := pgtest.Store(t)
	open := record(2, "a", norwich[0], norwich[1])
	secret := record(3, "b", norwich[0], norwich[1])
	secret.Provider = "Norwich Refuge"
	imported(t, s, data.Import{}, open, secret)
	imported(t, s, data.Import{}, secret)
	list, err := s.Activities(t.Context(), data.Filter{}, data.View{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 1 || list.Items[0].Provider.Name != "Example Trust" {
		t.Errorf("listed %+v, want the open one by Example Trust", list.Items)
	}
}

// New boundaries find places again; secret ones stay without a position, and
// spots stay in their own territory and area.
func TestSecretPlacesUnderNewBoundaries(t *testing.T) {
	s, url := storeWithPostcodes(t)
	path := filepath.Join(t.TempDir(), "canaries.csv")
	list := canaries()
	writers["csv"](t, path, list)
	loaded(t, s, path, load.ActivityOptions{})
	imported(t, s, data.Import{}, care(200)...)
	sets, err := s.CurrentBoundaries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range sets {
		sets[i].Label += " again"
	}
	if _, err := s.LoadBoundaries(t.Context(), postgis.Operator, sets, true); err != nil {
		t.Fatal(err)
	}
	stored := dump(t, url)
	for _, c := range list {
		if c.class == data.S3Secret {
			absent(t, stored, c.name, c.positions(t))
		}
		farFrom(t, s, c)
	}
	spotsAtHome(t, url)
}

// care is n places of class S1, many of them at borders.
func care(n int) (out []data.ActivityRecord) {
	for i := range n {
		r := record(i, fmt.Sprint("care ", i), 0.70+0.003*float64(i%20), 52.35+0.002*float64(i/20))
		r.Class = data.S1Care
		out = append(out, r)
	}
	return out
}

func TestSpotsTellNothingOfThePosition(t *testing.T) {
	s, url := storeWithPostcodes(t)
	imported(t, s, data.Import{}, care(200)...)
	spotsAtHome(t, url)
	conn := connect(t, url)
	var split, cells int
	// One spot a cell, territory and area, however many positions there are.
	err := conn.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE spots > 1), count(*) FILTER (WHERE positions > 1)
		FROM (SELECT count(DISTINCT p.geom) AS spots, count(DISTINCT r.geom) AS positions
		      FROM pub.place p JOIN raw.place r USING (id) WHERE p.level = 'cell'
		      GROUP BY p.cell, p.territory_id, p.area_code) g`).Scan(&split, &cells)
	if err != nil {
		t.Fatal(err)
	}
	if split != 0 || cells == 0 {
		t.Errorf("%d cells of %d with several positions have several spots", split, cells)
	}
	var precise int
	if err := conn.QueryRow(t.Context(), `SELECT count(DISTINCT precision_m) FROM pub.place WHERE level = 'cell'`).Scan(&precise); err != nil {
		t.Fatal(err)
	}
	if precise != 1 {
		t.Errorf("%d different precisions of cells, want 1", precise)
	}
}

// spotsAtHome checks that every spot lies in the territory and area that it
// stands for.
func spotsAtHome(t *testing.T, url string) {
	t.Helper()
	var away, all int
	err := connect(t, url).QueryRow(t.Context(), `
		SELECT count(*) FILTER (WHERE NOT EXISTS (
		         SELECT FROM pub.shape s JOIN pub.boundary_set b ON b.id = s.set_id AND b.current
		         WHERE b.kind NOT IN ('region', CASE WHEN p.area_code IS NULL THEN '' ELSE 'territory' END)
		           AND s.code = COALESCE(p.area_code, p.territory_id) AND ST_DWithin(s.geom, ST_Transform(p.geom, 4326), 1e-9))),
		       count(*)
		FROM pub.place p WHERE p.level = 'cell'`).Scan(&away, &all)
	if err != nil {
		t.Fatal(err)
	}
	if away != 0 || all == 0 {
		t.Errorf("%d of %d spots lie outside their territory or area", away, all)
	}
}

func summary(t *testing.T, s *postgis.Store) data.Summary {
	t.Helper()
	sum, err := s.Summary(t.Context(), data.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// storeWithPostcodes is a store that knows the canaries' postcodes, and its
// database's address for the owner.
func storeWithPostcodes(t *testing.T) (*postgis.Store, string) {
	t.Helper()
	url := pgtest.URL(t)
	s, err := postgis.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	var codes []data.PostcodeRecord
	for i, c := range canaries() {
		if c.postcode != "" {
			codes = append(codes, data.PostcodeRecord{Line: i, Postcode: geo.Postcode(c.postcode), Outcode: "NR30", Lon: 1.73 + float64(i)*0.001, Lat: 52.61})
		}
	}
	if _, err := s.ImportPostcodes(t.Context(), postgis.Operator, data.Import{Kind: "postcodes"}, slices.Values(codes)); err != nil {
		t.Fatal(err)
	}
	return s, url
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func captureLog(t *testing.T) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &b
}

// crawl asks everything that anyone may ask, and returns the answers.
func crawl(t *testing.T, s *postgis.Store, url string) map[string]string {
	t.Helper()
	srv, err := web.NewServer(web.Config{BaseURL: "http://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, s)
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/", "/data", "/static-map.svg", "/places/norfolk", "/places/E12000006", "/api/v1/summary", "/api/v1/summary?territory=norfolk",
		"/api/v1/places/norfolk", "/api/v1/places/E12000006", "/api/v1/search?q=canary", "/api/v1/search?q=hidden", "/api/v1/search?q=refuge",
		"/search?q=canary", "/api/v1/activities?limit=1000", "/api/v1/activities?status=draft,submitted,validated,suspended,expired,closed&limit=1000",
		"/api/v1/activities?measure=norfolk:RH3", "/api/v1/activities?sort=canary", "/api/v1/activities?territory=canary", "/readyz"}
	for _, list := range []string{"territories", "regions", "areas", "activities"} {
		for _, form := range []string{"", ".csv", ".geojson"} {
			paths = append(paths, "/api/v1/"+list+form)
		}
	}
	for _, id := range []string{"raw.activity", "raw.place", "raw.organisation"} {
		for _, v := range strings.Fields(query(t, url, "SELECT string_agg(id::text, ' ') FROM "+id)) {
			paths = append(paths, "/api/v1/activities/"+v, "/activities/"+v, "/api/v1/activities?provider="+v)
		}
	}
	box := orb.Bound{Min: orb.Point{1.69, 52.59}, Max: orb.Point{1.75, 52.64}}
	for z := maptile.Zoom(0); z <= geo.MaxZoom; z++ {
		for tile := range tilecover.Bound(box, z) {
			paths = append(paths, fmt.Sprintf("/tiles/activities,territories,regions,areas/%d/%d/%d.mvt", z, tile.X, tile.Y))
		}
	}
	out := map[string]string{}
	for _, path := range paths {
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("GET %s: %d", path, w.Code)
		}
		out["GET "+path] = fmt.Sprint(w.Header()) + w.Body.String()
	}
	w := httptest.NewRecorder()
	srv.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	out["metrics"] = w.Body.String()
	return out
}

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var out *string
	if err := conn.QueryRow(t.Context(), sql).Scan(&out); err != nil {
		t.Fatal(err)
	}
	if out == nil {
		return ""
	}
	return *out
}

// reference tables hold everybody's positions, not a record's.
var reference = []string{"pub.postcode", "pub.outcode", "pub.shape", "pub.shape_piece", "pub.shape_drawn", "pub.town"}

// dump is every row of every table as text, by table.
func dump(t *testing.T, url string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for table := range strings.FieldsSeq(query(t, url, `SELECT string_agg(schemaname || '.' || tablename, ' ') FROM pg_tables WHERE schemaname IN ('raw', 'pub', 'audit')`)) {
		if !slices.Contains(reference, table) {
			out[table] = query(t, url, "SELECT string_agg(t::text, chr(10)) FROM "+table+" t")
		}
	}
	return out
}

// absent fails for every text of which one of the traces is found, in any
// case.
func absent(t *testing.T, texts map[string]string, name string, traces []string) {
	t.Helper()
	for where, text := range texts {
		upper := strings.ToUpper(text)
		for _, trace := range traces {
			if i := strings.Index(upper, strings.ToUpper(trace)); i >= 0 {
				t.Errorf("%s: %q stands in %s: …%s…", name, trace, where, text[max(0, i-60):min(len(text), i+100)])
			}
		}
	}
}

// farFrom fails if a list or a tile has something within a kilometre of a
// canary.
func farFrom(t *testing.T, s *postgis.Store, c canary) {
	t.Helper()
	if c.at == (orb.Point{}) {
		return
	}
	err := s.EachActivity(t.Context(), data.Filter{Status: data.Statuses}, func(a data.Activity) error {
		for _, p := range a.Places {
			if p.Position != nil && orbgeo.Distance(*p.Position, c.at) < 1000 {
				t.Errorf("%s: %s is listed %.0f m away", c.name, a.Name, orbgeo.Distance(*p.Position, c.at))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for z := maptile.Zoom(0); z <= geo.MaxZoom; z++ {
		tile := maptile.At(c.at, z)
		b, err := s.Layer(t.Context(), "activities", tile, data.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		layers, err := mvt.Unmarshal(b)
		if err != nil {
			t.Fatal(err)
		}
		layers.ProjectToWGS84(tile)
		for _, l := range layers {
			for _, f := range l.Features {
				if p, ok := f.Geometry.(orb.Point); ok && orbgeo.Distance(p, c.at) < 1000 {
					t.Errorf("%s: tile %v shows %v, %.0f m away", c.name, tile, f.Properties, orbgeo.Distance(p, c.at))
				}
			}
		}
	}
}
