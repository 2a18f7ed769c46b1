package postgis_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	orbgeo "github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/maptile/tilecover"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	"tributary/geo"
	"tributary/web"
)

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
