package web

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	orbgeo "github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/maptile/tilecover"
	"github.com/paulmach/orb/planar"

	"tributary/data"
	"tributary/data/postgis/pgtest"
	"tributary/geo"
	"tributary/tiles"
)

var uuids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// addresses are those of every route that anyone may ask, with every id that
// there is, in every format, and some questions of each.
func (a *attacker) addresses() (out []string) {
	ids := []string{"norfolk", "E12000006", "canary", "fs3"}
	conn, err := pgx.Connect(context.Background(), a.url)
	if err != nil {
		a.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, table := range []string{"activity", "organisation", "contract", "contribution", "document", "need", "site"} {
		rows, err := conn.Query(context.Background(), "SELECT id::text FROM raw."+table)
		if err != nil {
			a.t.Fatal(err)
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			a.t.Fatal(err)
		}
		ids = append(ids, found...)
	}
	for _, rt := range a.srv.every() {
		if rt.method != "" || strings.HasSuffix(rt.path, "/changes") || strings.Contains(rt.path, "{z}") {
			continue
		}
		paths := []string{rt.path}
		replace := func(what string, with ...string) {
			var all []string
			for _, p := range paths {
				if !strings.Contains(p, what) {
					all = append(all, p)
					continue
				}
				for _, w := range with {
					all = append(all, strings.Replace(p, what, w, 1))
				}
			}
			paths = all
		}
		replace("{format}", "", ".csv", ".xlsx", ".geojson")
		replace("{table}", "", ".csv", ".xlsx")
		replace("{layers}", tiles.Names()...)
		names := make([]string, len(data.Reports))
		for i, k := range data.Reports {
			names[i] = k.Name
		}
		replace("{name}", names...)
		replace("{id}", ids...)
		for _, p := range paths {
			out = append(out, p)
			if rt.path == p || strings.Contains(rt.path, "{format}") || strings.Contains(rt.path, "{table}") {
				for _, q := range []string{"territory=norfolk", "territory=norfolk&period=2025-26-Q1", "state=claimed,rejected&standing=primary,unvalidated,in_scope", "from=2025-05-17&to=2025-05-17", "type=training", "status=draft,submitted,validated,suspended,expired,closed",
					"bbox=1.3,52.6,1.6,53", "q=canary", "site=52.7%201.36&within=50", "dims=supplier,activity", "dims=supplier_area,area", "res=9", "buyer=" + ids[len(ids)-1], "limit=1000"} {
					out = append(out, p+"?"+q)
				}
			}
		}
	}
	return out
}

// answers asks every address, a few at a time, and yields their answers in order.
func (a *attacker) answers(addresses []string) iter.Seq2[string, *httptest.ResponseRecorder] {
	return func(yield func(string, *httptest.ResponseRecorder) bool) {
		const ahead = 4
		coming, stop := make(chan chan *httptest.ResponseRecorder, ahead), make(chan struct{})
		var asking sync.WaitGroup
		asking.Go(func() {
			for _, at := range addresses {
				answer := make(chan *httptest.ResponseRecorder, 1)
				select {
				case coming <- answer:
				case <-stop:
					return
				}
				asking.Go(func() {
					w := httptest.NewRecorder()
					a.srv.ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
					answer <- w
				})
			}
		})
		defer asking.Wait()
		defer close(stop)
		for _, at := range addresses {
			if !yield(at, <-<-coming) {
				return
			}
		}
	}
}

// hunt asks everything, or until it finds the first, and tells what it found of
// what was planted.
func (a *attacker) hunt(first bool) (found []string) {
	a.t.Helper()
	addresses := a.addresses()
	a.asked, a.tiles, a.drawn = len(addresses), 0, 0
	for at, w := range a.answers(addresses) {
		if first && len(found) > 0 {
			return found
		}
		if w.Code >= http.StatusInternalServerError {
			a.t.Errorf("GET %s: %d", at, w.Code)
		}
		// What was asked for may be said back.
		body := fmt.Sprint(w.Header()) + unpacked(a.t, w.Body.Bytes())
		if strings.Contains(at, "q=canary") {
			body = strings.ReplaceAll(body, "canary", "")
		}
		found = append(found, a.search("GET "+at, body)...)
	}
	box := orb.Bound{Min: a.places[0], Max: a.places[0]}
	for _, p := range a.places {
		box = box.Extend(p)
	}
	for z := maptile.Zoom(0); z <= geo.MaxZoom; z += 2 {
		for tile := range tilecover.Bound(box, min(z, 12)) {
			found = append(found, a.searchTile(tile)...)
		}
	}
	for _, p := range a.places {
		found = append(found, a.searchTile(maptile.At(p, geo.MaxZoom))...)
	}
	found = append(found, a.stills()...)
	w := httptest.NewRecorder()
	a.srv.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	found = append(found, a.search("the metrics", w.Body.String())...)
	found = append(found, a.search("the program's log", a.log.String())...)
	return append(found, a.search("the database's log", pgtest.Log(a.t))...)
}

// unpacked is a body as text, a workbook's sheets one after the other.
func unpacked(t testing.TB, body []byte) string {
	t.Helper()
	if !bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		return string(body)
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&out, r); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

var pairs = regexp.MustCompile(`(-?\d{1,2}\.\d{3,})[,\s\]\["]+(-?\d{1,2}\.\d{3,})`)

// search finds planted texts, and numbers that are near a planted place.
func (a *attacker) search(where, text string) (found []string) {
	for _, secret := range a.texts {
		if i := strings.Index(text, secret); i >= 0 {
			found = append(found, fmt.Sprintf("%s: %s: …%s…", where, secret, text[max(0, i-60):min(len(text), i+60)]))
		}
	}
	for _, m := range pairs.FindAllStringSubmatch(text, -1) {
		x, _ := strconv.ParseFloat(m[1], 64) // of the pattern
		y, _ := strconv.ParseFloat(m[2], 64)
		for _, p := range a.places {
			if math.Abs(x-p[0]) < 0.003 && math.Abs(y-p[1]) < 0.003 || math.Abs(y-p[0]) < 0.003 && math.Abs(x-p[1]) < 0.003 {
				found = append(found, fmt.Sprintf("%s: %s is near a planted place", where, m[0]))
			}
		}
	}
	return found
}

// searchTile decodes every layer of a tile.
func (a *attacker) searchTile(tile maptile.Tile) (found []string) {
	a.t.Helper()
	for _, layer := range tiles.Names() {
		at := fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layer, tile.Z, tile.X, tile.Y)
		w := httptest.NewRecorder()
		a.srv.ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
		a.tiles++
		if w.Code != http.StatusOK {
			if w.Code >= http.StatusInternalServerError {
				a.t.Errorf("GET %s: %d", at, w.Code)
			}
			continue
		}
		found = append(found, a.search("GET "+at, w.Body.String())...)
		layers, err := mvt.Unmarshal(w.Body.Bytes())
		if err != nil {
			a.t.Fatal(err)
		}
		layers.ProjectToWGS84(tile)
		for _, l := range layers {
			for _, f := range l.Features {
				found = append(found, a.search("GET "+at, fmt.Sprint(f.Properties))...)
				p, ok := f.Geometry.(orb.Point)
				for _, secret := range a.places {
					if ok && orbgeo.Distance(p, secret) < 300 {
						found = append(found, fmt.Sprintf("GET %s: a point %.0f m from a planted place: %v", at, orbgeo.Distance(p, secret), f.Properties))
					}
				}
			}
		}
	}
	return found
}

var (
	circles  = regexp.MustCompile(`<circle cx="([-0-9.]+)" cy="([-0-9.]+)"`)
	hexagons = regexp.MustCompile(`d="M([-0-9.]+ [-0-9.]+(?:L[-0-9.]+ [-0-9.]+){4,6})z"`)
)

// nearStill is how near to a planted place a mark of a still map may not come, in
// the map's units: some 400 m.
const nearStill = 0.3

// stills draws every still map, of the kingdom and of the places' territory, and
// finds marks at planted places: a point, or a hexagon that holds one and was not
// there before anything was planted.
func (a *attacker) stills() (found []string) {
	a.t.Helper()
	paths, err := a.srv.pages.outlinePaths(context.Background())
	if err != nil {
		a.t.Fatal(err)
	}
	place := placer(paths)
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			a.t.Fatal(err)
		}
		return v
	}
	for _, layer := range layerKinds {
		for _, q := range []string{"", "&territory=norfolk", "&territory=norfolk&state=claimed,rejected&standing=primary,unvalidated,in_scope"} {
			at := "/static-map.svg?layer=" + layer.name + q
			w := httptest.NewRecorder()
			a.srv.ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
			if w.Code >= http.StatusInternalServerError {
				a.t.Errorf("GET %s: %d", at, w.Code)
			}
			if w.Code != http.StatusOK {
				continue
			}
			a.drawn++
			found = append(found, a.search("GET "+at, w.Body.String())...)
			var rings []orb.Ring
			for _, m := range hexagons.FindAllStringSubmatch(w.Body.String(), -1) {
				if a.planted == 0 {
					a.before[at+m[1]] = true
				}
				if a.before[at+m[1]] {
					continue
				}
				var ring orb.Ring
				for pair := range strings.SplitSeq(m[1], "L") {
					x, y, _ := strings.Cut(pair, " ")
					ring = append(ring, orb.Point{number(x), number(y)})
				}
				rings = append(rings, append(ring, ring[0]))
			}
			for _, secret := range a.places {
				on := place(secret)
				for _, m := range circles.FindAllStringSubmatch(w.Body.String(), -1) {
					if planar.Distance(on, orb.Point{number(m[1]), number(m[2])}) < nearStill {
						found = append(found, fmt.Sprintf("GET %s: a point at a planted place", at))
					}
				}
				for _, ring := range rings {
					if planar.RingContains(ring, on) {
						found = append(found, fmt.Sprintf("GET %s: a hexagon of planted places alone", at))
					}
				}
			}
		}
	}
	return found
}
