package web

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// demoServer is a server over a store with made-up activities, made once.
var demoServer struct {
	sync.Once
	server   *Server
	activity string // the id of one that is listed
	provider string // and of who provides it
}

// demonstration starts a server on a listener, as the program does.
func demonstration(t testing.TB) (*httptest.Server, *Server) {
	t.Helper()
	demoServer.Do(func() {
		ctx := context.Background()
		store, err := postgis.Open(ctx, pgtest.Shared(t))
		if err != nil {
			t.Fatal(err)
		}
		run := data.Import{Kind: "activities", Source: demo.Source, Demonstration: true}
		if _, err := store.ImportActivities(ctx, postgis.Operator, run, demo.Activities(500, 1), func(data.Refusal) error { return nil }); err != nil {
			t.Fatal(err)
		}
		list, err := store.Activities(ctx, data.Filter{}, data.View{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		demoServer.activity, demoServer.provider = list.Items[0].ID, list.Items[0].Provider.ID
		demoServer.server, err = NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 8 << 20}, store)
		if err != nil {
			t.Fatal(err)
		}
	})
	if demoServer.server == nil {
		t.Fatal("there is no server: see the first test that asked for it")
	}
	hs := httptest.NewUnstartedServer(nil)
	hs.Config = HTTPServer(demoServer.server)
	hs.Start()
	t.Cleanup(hs.Close)
	return hs, demoServer.server
}

// examples are addresses of a route, one a form that it answers in, with the
// media type that it must have.
func examples(rt route) map[string]string {
	tile := maptile.At(orb.Point{1.2974, 52.6309}, 9)
	path := strings.NewReplacer("{layers}", "activities,territories", "{z}", fmt.Sprint(tile.Z), "{x}", fmt.Sprint(tile.X), "{y}", fmt.Sprint(tile.Y)).Replace(rt.path)
	id := "norfolk"
	if strings.Contains(path, "activities/") {
		id = demoServer.activity
	}
	if strings.Contains(path, "organisations/") {
		id = demoServer.provider
	}
	path = strings.Replace(path, "{id}", id, 1)
	path = strings.Replace(path, "{name}", "rollout", 1)
	switch {
	case strings.HasSuffix(path, "/changes"):
		return nil // has no end: TestChanges
	case strings.Contains(path, "contracts/"):
		return nil // there is none here: TestContractsSayTheSame
	case strings.HasSuffix(path, "/search"):
		return map[string]string{path + "?q=norfolk": rt.media()}
	case strings.HasSuffix(path, "partners{table}"):
		return map[string]string{strings.TrimSuffix(path, "{table}") + ".csv?buyer=" + demoServer.provider: typeCSV}
	case strings.HasSuffix(path, "flow{format}"):
		base := strings.TrimSuffix(path, "{format}")
		return map[string]string{base: typeJSON, base + ".csv?territory=norfolk&period=2024-25": typeCSV, base + ".geojson?dims=supplier_territory,territory": typeGeoJSON}
	case strings.HasSuffix(path, "nearby{format}"):
		base, site := strings.TrimSuffix(path, "{format}"), "?within=100&site=52.6309%201.2974,51.5%20-0.12"
		return map[string]string{base + site: typeJSON, base + ".csv" + site: typeCSV, base + ".geojson" + site: typeGeoJSON}
	case strings.HasSuffix(path, "compare{table}"):
		base, q := strings.TrimSuffix(path, "{table}"), "?territory=norfolk&with_territory=suffolk"
		return map[string]string{base + q: typeJSON, base + ".csv" + q: typeCSV, base + ".xlsx" + q: typeXLSX, base + "?dims=territory&period=2024-25&with_period=2025-26": typeJSON}
	case strings.HasSuffix(path, "gap{table}"):
		base := strings.TrimSuffix(path, "{table}")
		return map[string]string{base + "?territory=norfolk": typeJSON, base + ".csv?territory=norfolk": typeCSV, base + ".xlsx?territory=norfolk": typeXLSX}
	case strings.HasSuffix(path, "{table}"):
		base := strings.TrimSuffix(path, "{table}")
		return map[string]string{base: typeJSON, base + ".json": typeJSON, base + ".csv": typeCSV, base + ".xlsx": typeXLSX, base + "?territory=norfolk": typeJSON}
	case strings.HasSuffix(path, "heat{format}"):
		base := strings.TrimSuffix(path, "{format}")
		return map[string]string{base: typeJSON, base + ".csv": typeCSV, base + ".geojson": typeGeoJSON, base + "?territory=norfolk&state=claimed&res=8&metric=count": typeJSON}
	case strings.HasSuffix(path, "{format}"):
		base := strings.TrimSuffix(path, "{format}")
		return map[string]string{base: typeJSON, base + ".json": typeJSON, base + ".csv": typeCSV, base + ".geojson": typeGeoJSON, base + "?territory=norfolk&status=submitted": typeJSON}
	}
	return map[string]string{path: rt.media()}
}

// media is the type of a route's only, or default, answer.
func (rt route) media() string {
	switch {
	case len(rt.forms) > 0:
		return rt.forms[0]
	case strings.HasSuffix(rt.path, ".svg"):
		return "image/svg+xml"
	}
	return "text/html"
}

// fetch asks once and returns the answer with its body read.
func fetch(t *testing.T, method, address string, header http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header.Clone()
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	return res, string(b)
}

// plain asks for an answer as it is; a transport would unpack it silently.
var plain = http.Header{"Accept-Encoding": {"identity"}}

func TestEveryRouteAnswers(t *testing.T) {
	hs, s := demonstration(t)
	doc, err := describe(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, rt := range s.table() {
		for path, want := range examples(rt) {
			res, body := fetch(t, http.MethodGet, hs.URL+path, plain)
			media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
			if res.StatusCode != http.StatusOK || err != nil || media != want {
				t.Errorf("GET %s: %d %s, want 200 %s: %.200s", path, res.StatusCode, res.Header.Get("Content-Type"), want, body)
				continue
			}
			if rt.kind != kindPage && !slices.Contains(rt.forms, media) {
				t.Errorf("GET %s: the type %s is not declared", path, media)
			}
			if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Content-Security-Policy") == "" || res.Header.Get("X-Request-Id") == "" {
				t.Errorf("GET %s: headers %v", path, res.Header)
			}
			if rt.kind != kindPage && media == typeJSON {
				described := strings.NewReplacer("{format}", "", "{table}", "").Replace(rt.path)
				op := doc.Paths.Value(described).Get
				answer := &openapi3filter.ResponseValidationInput{
					RequestValidationInput: &openapi3filter.RequestValidationInput{Request: res.Request, Route: &routers.Route{Spec: doc, Path: described, PathItem: doc.Paths.Value(described), Method: http.MethodGet, Operation: op}},
					Status:                 res.StatusCode, Header: res.Header,
				}
				if err := openapi3filter.ValidateResponse(t.Context(), answer.SetBodyBytes([]byte(body))); err != nil {
					t.Errorf("GET %s does not answer as described: %v", path, err)
				}
			}
		}
	}
}

func TestEveryRouteRefusesUnknownParameters(t *testing.T) {
	hs, s := demonstration(t)
	for _, rt := range s.table() {
		for path := range examples(rt) {
			separator := "?"
			if strings.Contains(path, "?") {
				separator = "&"
			}
			for query, field := range map[string]string{"colour=red": "colour", "%zz=1": "query", "Territory=norfolk": "Territory"} {
				res, body := fetch(t, http.MethodGet, hs.URL+path+separator+query, plain)
				if res.StatusCode != http.StatusBadRequest {
					t.Errorf("GET %s with %s: %d, want 400", path, query, res.StatusCode)
				}
				if rt.kind != kindPage && (res.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(body, `"field":"`+field+`"`)) {
					t.Errorf("GET %s with %s: %s: %.200s, want a problem that names %s", path, query, res.Header.Get("Content-Type"), body, field)
				}
			}
		}
	}
}

func TestEveryRouteRefusesSpoiltParameters(t *testing.T) {
	hs, s := demonstration(t)
	for _, rt := range s.table() {
		for path := range examples(rt) {
			if strings.Contains(path, "?") {
				continue
			}
			for _, name := range slices.Concat(rt.filter, rt.view) {
				for _, value := range []string{"%00", "%ff", "%27%20OR%201%3d1--", strings.Repeat("a", 3000), "%F0%9F%92%A9", "..%2f..%2fetc"} {
					res, body := fetch(t, http.MethodGet, hs.URL+path+"?"+name+"="+value, plain)
					// A text to search for may be anything that is text.
					if res.StatusCode != http.StatusBadRequest && (name != "q" || res.StatusCode != http.StatusOK) {
						t.Errorf("GET %s?%s=%.20s: %d: %.200s", path, name, value, res.StatusCode, body)
					}
				}
			}
		}
	}
}

func TestHeadHasTheHeadersOfGet(t *testing.T) {
	hs, s := demonstration(t)
	varying := func(h http.Header) http.Header {
		h = h.Clone()
		h.Del("X-Request-Id")
		h.Del("Date")
		return h
	}
	for _, rt := range s.table() {
		for path := range examples(rt) {
			for _, coding := range []string{"identity", "gzip"} {
				header := http.Header{"Accept-Encoding": {coding}}
				get, body := fetch(t, http.MethodGet, hs.URL+path, header)
				head, none := fetch(t, http.MethodHead, hs.URL+path, header)
				if none != "" || head.StatusCode != get.StatusCode {
					t.Errorf("HEAD %s: %d with %d bytes, GET %d", path, head.StatusCode, len(none), get.StatusCode)
				}
				want, got := varying(get.Header), varying(head.Header)
				// The length may be left out of HEAD (RFC 9110, 9.3.2), but not be
				// another one.
				if got.Get("Content-Length") == "" || get.ContentLength < 0 {
					want.Del("Content-Length")
					got.Del("Content-Length")
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("HEAD %s, %s (-GET +HEAD), %d bytes:\n%s", path, coding, len(body), diff)
				}
			}
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	hs, s := demonstration(t)
	for _, rt := range s.table() {
		if slices.ContainsFunc(s.writes(), func(w route) bool { return w.path == strings.Replace(rt.path, "{format}", "", 1) }) {
			continue // machines write here
		}
		for path := range examples(rt) {
			for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, "PROPFIND"} {
				if method == http.MethodPost && slices.ContainsFunc(s.posted(), func(p route) bool { return p.path == rt.path }) {
					continue // anyone may post a long question
				}
				res, _ := fetch(t, method, hs.URL+path, plain)
				if allow := res.Header.Get("Allow"); allow == "GET, HEAD, POST" || method == http.MethodPost && res.StatusCode == http.StatusUnauthorized {
					continue // a key may post there, and is asked for
				}
				if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD" {
					t.Errorf("%s %s: %d, Allow %q", method, path, res.StatusCode, res.Header.Get("Allow"))
				}
			}
		}
	}
}

// A stranger's idea of where the server is changes nothing in an answer.
func TestHostileHeadersChangeNothing(t *testing.T) {
	hs, s := demonstration(t)
	hostile := plain.Clone()
	for _, name := range []string{"Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL", "X-Host", "Origin", "Referer"} {
		hostile.Set(name, "evil.example")
	}
	hostile.Set("Forwarded", "host=evil.example;proto=gopher")
	for _, rt := range s.table() {
		for path := range examples(rt) {
			_, want := fetch(t, http.MethodGet, hs.URL+path, plain)
			res, got := fetch(t, http.MethodGet, hs.URL+path, hostile)
			if got != want {
				t.Errorf("GET %s: hostile headers change the answer", path)
			}
			for name, values := range res.Header {
				if strings.Contains(strings.Join(values, " "), "evil.example") {
					t.Errorf("GET %s: the header %s is %v", path, name, values)
				}
			}
		}
	}
	_, body := fetch(t, http.MethodGet, hs.URL+"/no/such/page", hostile)
	if strings.Contains(body, "evil.example") {
		t.Error("a page that is not found echoes the host")
	}
}

func TestOddPathsAreNotFound(t *testing.T) {
	hs, _ := demonstration(t)
	for _, path := range []string{
		"/..", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/places/..%2f..%2fetc", "/places/%00", "/places/" + strings.Repeat("a", 8000),
		"/assets/../routes.go", "/assets/%2e%2e%2froutes.go", "/assets/", "/assets/%00", "/places//norfolk", "/places/norfolk/", "/./help", "/help/../data",
		"/api/v1/territories.xml", "/api/v1/territories.csv.csv", "/api/v2/territories", "/api/v1/activities/..", "/api/v1/activities/1", "/api/v1/activities/urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
		"/api/v1/activities/%7B6ba7b810-9dad-11d1-80b4-00c04fd430c8%7D", "/api/v1/places/atlantis", "/api/v1/places/a%00b", "/activities/a%00b", "/contracts/%ff", "/organisations/a%00b", "/tiles/..%2fx/0/0/0.mvt", "/tiles/activities/0/0/0.png", "/tiles/activities/0/0/0.mvt/", "/metrics", "/debug/pprof/",
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, hs.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Opaque = path // as it stands
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusNotFound || strings.Contains(string(b), "root:") || strings.Contains(string(b), "package web") {
			t.Errorf("GET %.60s: %d: %.100s", path, res.StatusCode, b)
		}
	}
	for path, want := range map[string]string{"/tiles/bogus/0/0/0.mvt": "layer", "/tiles/activities/15/0/0.mvt": "tile", "/tiles/activities/3/8/0.mvt": "tile", "/tiles/activities/3/0/-1.mvt": "tile"} {
		res, body := fetch(t, http.MethodGet, hs.URL+path, plain)
		if res.StatusCode != http.StatusBadRequest || !strings.Contains(body, `"field":"`+want+`"`) {
			t.Errorf("GET %s: %d %s, want 400 that names %s", path, res.StatusCode, body, want)
		}
	}
	res, _ := fetch(t, http.MethodGet, hs.URL+"/?"+strings.Repeat("a", 40<<10), plain)
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("an address of 40 kB: %d, want 431", res.StatusCode)
	}
}

// Clients that send their request a byte at a time are cut off, and keep
// nobody else waiting. The program's limits are shortened tenfold.
func TestSlowClientsAreCutOff(t *testing.T) {
	_, s := demonstration(t)
	hs := httptest.NewUnstartedServer(nil)
	hs.Config = HTTPServer(s)
	hs.Config.ReadHeaderTimeout /= 10
	hs.Config.ReadTimeout /= 10
	hs.Start()
	t.Cleanup(hs.Close)
	const clients = 50
	conns := make([]net.Conn, clients)
	for i := range conns {
		c, err := net.Dial("tcp", hs.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		conns[i] = c
		start := "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
		if i%2 == 1 { // the headers at once, the body never
			start = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx"
		}
		if _, err := io.WriteString(c, start); err != nil {
			t.Fatal(err)
		}
	}
	if res, _ := fetch(t, http.MethodGet, hs.URL+"/healthz", plain); res.StatusCode != http.StatusOK {
		t.Errorf("somebody else is answered %d", res.StatusCode)
	}
	deadline := time.Now().Add(10 * time.Second)
	held := 0
	for _, c := range conns {
		if err := c.SetReadDeadline(deadline); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			if e, ok := err.(net.Error); ok && e.Timeout() {
				held++
			}
		}
	}
	if held > 0 {
		t.Errorf("%d of %d slow clients were still held after 10 s", held, clients)
	}
}
