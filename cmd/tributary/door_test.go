package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// payload is a request that means harm, or could do it.
type payload struct {
	name    string
	method  string // empty: GET
	path    string
	headers []string // "Name: value"
	body    []byte
}

// forged is EWKB whose element count asks for gigabytes.
func forged(kind uint32, count uint32) string {
	b := []byte{1}
	b = binary.LittleEndian.AppendUint32(b, kind|0x20000000)
	b = binary.LittleEndian.AppendUint32(b, 4326)
	b = binary.LittleEndian.AppendUint32(b, count)
	return hex.EncodeToString(append(b, make([]byte, 64)...))
}

// nested is a GeoJSON collection of collections.
func nested(depth int) string {
	return strings.Repeat(`{"type":"GeometryCollection","geometries":[`, depth) + `{"type":"Point","coordinates":[1,52]}` + strings.Repeat("]}", depth)
}

// bomb is so many zeros, packed.
func bomb(size int) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range size >> 20 {
		w.Write(zeros)
	}
	w.Close()
	return b.Bytes()
}

// reads are the payloads that a stranger may send.
func reads() (out []payload) {
	get := func(name, path string, headers ...string) {
		out = append(out, payload{name: name, path: path, headers: headers})
	}
	for _, bad := range []string{"NaN,NaN,NaN,NaN", "nan,1,2,3", "Inf,-Inf,1,2", "1e308,1e308,1e309,1e309", "1,2,3", "1,2,3,4,5", "a,b,c,d", ",,,", "52,1,53,2", "9999999999999999999,1,2,3", "\x00,1,2,3"} {
		get("box "+bad, "/api/v1/activities?bbox="+url.QueryEscape(bad))
		get("box of heat "+bad, "/api/v1/heat?bbox="+url.QueryEscape(bad))
	}
	for _, name := range []string{"exec(java.lang.Runtime.getRuntime(),'id')", "$1", `"`, "';DROP TABLE raw.activity;--", "territоry" /* a Cyrillic o */, "theme[]", "__proto__", "constructor", "a\x00b", "limit.limit", "{{7*7}}", "${jndi:ldap://127.0.0.1/a}", "%s%n", "../../etc/passwd"} {
		get("parameter "+name, "/api/v1/activities?"+url.QueryEscape(name)+"=1")
		get("sort by "+name, "/api/v1/activities?sort="+url.QueryEscape(name))
		get("dimension "+name, "/api/v1/flow?dims="+url.QueryEscape(name))
		get("measure "+name, "/api/v1/totals?measure="+url.QueryEscape(name))
		get("territory "+name, "/api/v1/totals?territory="+url.QueryEscape(name))
		get("layer "+name, "/tiles/"+url.PathEscape(name)+"/0/0/0.mvt")
		get("place "+name, "/api/v1/places/"+url.PathEscape(name))
		get("activity "+name, "/api/v1/activities/"+url.PathEscape(name))
	}
	for _, v := range []string{"-1", "0", "1001", "1e9", "9223372036854775808", "1;2", "NaN", strings.Repeat("9", 1000)} {
		get("limit "+v, "/api/v1/activities?limit="+url.QueryEscape(v))
		get("top "+v, "/api/v1/flow?top="+url.QueryEscape(v+"x"))
	}
	for _, at := range []string{"-1/0/0", "0/1/0", "23/0/0", "31/0/0", "99999999999999999999/0/0", "5/32/0", "5/0/32", "1e1/0/0", "0x1/0/0", "5/00/0/", "5/0/0.mvt/../../x"} {
		get("tile "+at, "/tiles/activities/"+at+".mvt")
	}
	get("many layers", "/tiles/"+strings.Repeat("activities,", 3000)+"heat/0/0/0.mvt")
	get("one layer twice", "/tiles/heat,heat/0/0/0.mvt")
	for _, path := range []string{"/..%2f..%2fetc/passwd", "/assets/..%2f..%2fetc%2fpasswd", "/assets/%2e%2e/server.go", "/assets/..%5c..%5cserver.go", "/%00", "/assets/%00.js", "//evil.example/", "/api/v1/%2e%2e/%2e%2e/", "/places/..%2f..", "/tiles/..%2f/0/0/0.mvt", "/" + strings.Repeat("a", 8<<10)} {
		get("path "+clipped(path), path)
	}
	for _, v := range []string{"2025-13", "2025-02-30", "0000-00-00", "9999999-01-01", "yesterday", "2025-24", "-0001"} {
		get("day "+v, "/api/v1/totals?from="+v)
		get("period "+v, "/api/v1/totals?period="+v)
	}
	for _, v := range []string{"91,0", "NaN,NaN", "1e308,1e308", "52.6", "1.29 52.63", "POINT EMPTY", "NR1"} {
		get("site "+clipped(v), "/api/v1/nearby?site="+url.QueryEscape(v))
	}
	get("no polygon", "/api/v1/relevant?polygon="+url.QueryEscape(forged(3, 1<<30)))
	get("a deep polygon", "/api/v1/relevant?polygon="+url.QueryEscape(nested(300)))
	get("a query of 30 kB", "/api/v1/activities?measure="+strings.Repeat("a", 30<<10))
	get("headers of 64 kB", "/", "X-Large: "+strings.Repeat("a", 64<<10))
	for _, media := range []string{"application/xml", "text/xml", "application/vnd.google-earth.kml+xml", "application/geo+json", "application/octet-stream", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""} {
		out = append(out, payload{name: "posted as " + media, method: "POST", path: "/api/v1/nearby", headers: []string{"Content-Type: " + media},
			body: []byte(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`)})
	}
	for _, body := range [][]byte{nil, []byte("latitude,longitude\nNaN,NaN\n"), []byte("latitude,longitude\n1e308,1e308\n"), []byte("latitude,longitude\n1.29,52.63\n"), []byte("\x89PNG\r\n\x1a\n"), []byte("PK\x03\x04zip"), bytes.Repeat([]byte("\""), 1<<20), bytes.Repeat([]byte("a,"), 1<<20), bytes.Repeat([]byte("x"), 4<<20)} {
		out = append(out, payload{name: fmt.Sprintf("posted %d bytes", len(body)), method: "POST", path: "/api/v1/nearby", headers: []string{"Content-Type: text/csv"}, body: body})
	}
	out = append(out, payload{name: "gzip bomb", method: "POST", path: "/api/v1/nearby", headers: []string{"Content-Type: text/csv", "Content-Encoding: gzip"}, body: bomb(512 << 20)})
	for _, method := range []string{"DELETE", "PUT", "PATCH", "TRACE", "CONNECT", "PROPFIND", "GET\t", "X"} {
		if !strings.ContainsAny(method, "\t") {
			out = append(out, payload{name: "method " + method, method: method, path: "/api/v1/totals"})
		}
	}
	return out
}

// writes are the payloads that somebody with a key may send.
func writes() (out []payload) {
	post := func(name, kind, body string, headers ...string) {
		out = append(out, payload{name: name, method: "POST", path: "/api/v1/" + kind, headers: append([]string{"Content-Type: application/json", "Idempotency-Key: " + uuid.NewString()}, headers...), body: []byte(body)})
	}
	site := func(name, demise string) {
		post("demise "+name, "delivery-sites", fmt.Sprintf(`{"id":"d","contract":"k","name":"x","demise":%q}`, demise))
	}
	for _, kind := range []uint32{1, 2, 3, 4, 5, 6, 7, 10, 15, 16, 17} {
		for _, count := range []uint32{1 << 27, 1 << 30, 1<<32 - 1} {
			site(fmt.Sprintf("EWKB %d of %d", kind, count), forged(kind, count))
		}
	}
	for _, depth := range []int{5, 100, 4900, 20000} {
		site(fmt.Sprintf("nested %d deep", depth), nested(depth))
	}
	site("WKT deep", strings.Repeat("GEOMETRYCOLLECTION(", 20000)+"POINT EMPTY"+strings.Repeat(")", 20000))
	for _, g := range []string{
		`{"type":"Point","coordinates":[null,1]}`, `{"type":"Point","coordinates":["abc",1]}`, `{"type":"Point","coordinates":[]}`, `{"type":"Point","coordinates":null}`, `{"type":"Point"}`, `null`, `[]`, `{}`, `{"type":"Polygon","coordinates":[]}`,
		`{"type":"Polygon","coordinates":[[[1,52],[1.1,52],[1.1,52.1]]]}`, `{"type":"Polygon","coordinates":[[[1,52],[1.1,52]]]}`, `{"type":"Polygon","coordinates":[[[1,52],[1.1,52],[1.1,52.1],[1,52.1]]]}`,
		`{"type":"Polygon","coordinates":[[[52,1],[52.1,1],[52.1,1.1],[52,1]]]}`, `{"type":"Polygon","coordinates":[[[NaN,52],[1.1,52],[1.1,52.1],[NaN,52]]]}`, `{"type":"Polygon","coordinates":[[[1e999,52],[1.1,52],[1.1,52.1],[1e999,52]]]}`,
		`{"type":"Polygon","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"coordinates":[[[1,52],[1.1,52],[1.1,52.1],[1,52]]]}`, `{"type":"Polygon","crs":{"type":"link","properties":{"href":"http://127.0.0.1:1/"}},"coordinates":[[[1,52],[1.1,52],[1.1,52.1],[1,52]]]}`,
		`{"type":"Polygon","coordinates":[[[1,52],[1.1,52.1],[1.1,52],[1,52.1],[1,52]]]}`, `{"type":"Polygon","coordinates":[[[179,52],[-179,52],[-179,53],[179,52]]]}`, `{"type":"Polygon","coordinates":[[[1,91],[1.1,91],[1.1,92],[1,91]]]}`, "EMPTY", "\x00",
	} {
		site(clipped(g), g)
	}
	site("of 200,000 vertices", `{"type":"Polygon","coordinates":[[`+strings.Repeat("[1,52],", 200_000)+`[1,52]]]}`)
	for _, v := range []string{"NaN", "Infinity", "-Infinity", "1e999", "-1e999", "999999999999999999999999", "1e-400", `"52"`, "null", "[52]", "0x1", "91", "-91"} {
		post("latitude "+v, "contributions", `{"id":"c","supplier":"s","supplier_name":"S","type":"donation_money","value":1,"delivered_from":"2025-06-01","longitude":1.2,"latitude":`+v+`}`)
		post("value "+v, "contributions", `{"id":"c","supplier":"s","supplier_name":"S","type":"donation_money","delivered_from":"nothing","value":`+v+`}`)
	}
	post("swapped axes", "contributions", `{"id":"c","supplier":"s","supplier_name":"S","type":"donation_money","value":1,"delivered_from":"never","latitude":1.29,"longitude":52.63}`)
	for _, depth := range []int{33, 2000, 100_000, 2_000_000} {
		post(fmt.Sprintf("arrays %d deep", depth), "contributions", strings.Repeat("[", depth)+strings.Repeat("]", depth))
		post(fmt.Sprintf("objects %d deep", depth), "contributions", strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth))
	}
	post("gzip bomb", "contributions", string(bomb(512<<20)), "Content-Encoding: gzip")
	post("deflated", "contributions", "x", "Content-Encoding: deflate, gzip")
	post("9 MiB", "contributions", `{"id":"`+strings.Repeat("x", 9<<20)+`"}`)
	post("many records", "contributions", "["+strings.Repeat("{},", 20_000)+"{}]")
	post("an id that is SQL", "contributions", `{"id":"'; DROP TABLE raw.contribution; --","supplier":"x"}`)
	post("an id of 1 MB", "contributions", `{"id":"`+strings.Repeat("x", 1<<20)+`"}`)
	post("a NUL", "contributions", `{"id":"a\u0000b","supplier":"x"}`)
	post("lone surrogate", "contributions", `{"id":"\ud800","supplier":"x"}`)
	post("a key of 1 kB", "contributions", `{"id":"a"}`, "Idempotency-Key: "+strings.Repeat("k", 1024))
	post("XML", "contributions", `<a/>`, "Content-Type: application/xml")
	return out
}

func clipped(s string) string { return s[:min(len(s), 60)] }

// send sends a payload and returns the status, 0 if the connection was closed
// on it.
func (p payload) send(client *http.Client, base string, headers ...string) (int, http.Header, []byte, error) {
	method := p.method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequest(method, base, bytes.NewReader(p.body))
	if err != nil {
		return 0, nil, nil, err
	}
	path, query, _ := strings.Cut(p.path, "?")
	req.URL.Opaque, req.URL.RawQuery = "//"+req.URL.Host+path, query
	for _, h := range append(slices.Clone(p.headers), headers...) {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, res.Header, body, err
}

// resident is the most memory that the server has had, in megabytes.
func (s *server) resident() int {
	s.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	kb, err := strconv.Atoi(regexp.MustCompile(`VmHWM:\s+(\d+)`).FindStringSubmatch(string(b))[1])
	if err != nil {
		s.t.Fatal(err)
	}
	return kb >> 10
}

// dialled opens a connection and sends the beginning of a request.
func (s *server) dialled(begin string) net.Conn {
	s.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, begin); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// The real server, asked for everything that is known to have broken map
// servers: each payload is refused, none ends the process, takes its memory or
// is held for ever, and none shows what it must not.
func TestStrictDoor(t *testing.T) {
	dir := dataDir(t)
	s := start(t, dir, "--proxies", "127.0.0.1/32", "--limit", "100000", "--verbose")
	key, err := tributary(dir, "key", "create", "--role", "admin")
	if err != nil {
		t.Fatal(key)
	}
	secret := regexp.MustCompile(`trib_[A-Z2-7_]+`).FindString(key)
	var slow []net.Conn
	for range 40 {
		slow = append(slow, s.dialled("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: a"),
			s.dialled("POST /api/v1/nearby HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 100000\r\n\r\nlati"))
	}
	s.get("/api/v1/territories", http.StatusOK)
	before := s.resident()
	client := &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var longest time.Duration
	var slowest string
	try := func(p payload, headers ...string) {
		t.Helper()
		began := time.Now()
		status, head, body, err := p.send(client, s.URL, headers...)
		if took := time.Since(began); took > longest {
			longest, slowest = took, p.name
		}
		// A body that is too large may be cut off while it is still being sent.
		if err != nil && len(p.body) > 1<<20 {
			return
		}
		if status < 300 || status >= 500 {
			t.Errorf("%s: %d %v %.300s", p.name, status, err, body)
		}
		if status >= 300 && status < 400 && !strings.HasPrefix(head.Get("Location"), "/") {
			t.Errorf("%s: leads to %s", p.name, head.Get("Location"))
		}
		for _, leak := range []string{"SQLSTATE", "pgx", "goroutine", "root:x:", "/usr/", "tributary_app", secret} {
			if bytes.Contains(body, []byte(leak)) {
				t.Errorf("%s: the answer holds %q: %.300s", p.name, leak, body)
			}
		}
	}
	anyone, keyed := reads(), writes()
	for _, p := range anyone {
		try(p)
	}
	for _, p := range keyed {
		try(p, "Authorization: Bearer "+secret)
		try(p) // without a key
	}
	names := 0
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		name := make([]byte, 1+random.IntN(12))
		for i := range name {
			name[i] = byte(33 + random.IntN(94))
		}
		try(payload{name: "parameter " + string(name), path: "/api/v1/totals?x" + url.QueryEscape(string(name)) + "=1"})
		names++
	}
	grown := s.resident() - before
	t.Logf("%d payloads, %d random names; the slowest, %s, took %v; memory grew by %d MB", len(anyone)+2*len(keyed), names, slowest, longest.Round(time.Millisecond), grown)
	if grown > 300 {
		t.Errorf("the server's memory grew by %d MB", grown)
	}
	s.get("/healthz", http.StatusOK)
	s.get("/api/v1/territories", http.StatusOK)
	for i, c := range slow {
		if err := c.SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(c)
		if os.IsTimeout(err) {
			t.Fatalf("slow connection %d is held open", i)
		}
		if len(answer) > 0 && !regexp.MustCompile(`^HTTP/1.1 4\d\d `).Match(answer) {
			t.Errorf("slow connection %d was answered %.100q", i, answer)
		}
	}
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	if log := s.log.String(); strings.Contains(log, secret) || !strings.Contains(log, "route=") {
		t.Error("the log holds a key's secret, or nothing at all")
	}
}

// Headers that claim another host, and others that proxies and caches trip
// over, change no byte of an answer.
func TestHostileHeaders(t *testing.T) {
	s := start(t, dataDir(t))
	hostile := []string{"Host: evil.example", "Host: evil.example:80", "Host: [::1]", "Host: localhost", "Host: a.b.c", "Host: 127.0.0.1.nip.io"}
	for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Server", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Scheme", "X-Host", "Forwarded", "X-HTTP-Method-Override", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Ssl", "Front-End-Https", "X-Wap-Profile", "X-ProxyUser-Ip", "Client-IP", "True-Client-IP", "CF-Connecting-IP", "Via", "Referer", "Origin", "Accept-Language", "Cookie", "User-Agent"} {
		hostile = append(hostile, name+": evil.example", name+": https://evil.example/<script>alert(1)</script>")
	}
	paths := []string{"/", "/style.json", "/tiles/activities.json", "/tiles/territories/5/15/10.mvt", "/api/v1/territories", "/api/v1/openapi.json", "/places/norfolk", "/data"}
	ask := func(path, header string) (int, string) {
		req, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if name, value, ok := strings.Cut(header, ": "); name == "Host" && ok {
			req.Host = value
		} else if ok {
			req.Header.Set(name, value)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		res.Header.Del("Date")
		res.Header.Del("X-Request-Id")
		return res.StatusCode, fmt.Sprint(res.Header) + string(body)
	}
	same := 0
	for _, path := range paths {
		status, plain := ask(path, "")
		for _, h := range hostile {
			if got, text := ask(path, h); got != status || text != plain {
				t.Errorf("%s with %s: %d, other bytes", path, h, got)
			}
			same++
		}
	}
	t.Logf("%d answers under %d hostile headers were the same to the byte", same, len(hostile))
}

// A client that asks too much is told so and when to come again; others are
// not, whoever the proxy says they are.
func TestClientsHaveTheirShare(t *testing.T) {
	s := start(t, dataDir(t), "--proxies", "127.0.0.1/32", "--limit", "2")
	ask := func(from string) (int, http.Header) {
		status, head, _, err := payload{path: "/api/v1/regions"}.send(http.DefaultClient, s.URL, "X-Forwarded-For: "+from)
		if err != nil {
			t.Fatal(err)
		}
		return status, head
	}
	refused := 0
	for range 40 {
		if status, head := ask("203.0.113.7"); status == http.StatusTooManyRequests {
			refused++
			if n, err := strconv.Atoi(head.Get("Retry-After")); err != nil || n < 1 || n > 20 || head.Get("RateLimit") == "" || head.Get("RateLimit-Policy") != `"client";q=40;w=20` {
				t.Fatalf("refused with %v", head)
			}
		}
	}
	if refused < 20 {
		t.Errorf("%d of 40 were refused", refused)
	}
	for from, want := range map[string]int{
		"203.0.113.250": 429, "1.2.3.4, 203.0.113.9": 429, // the same network, whatever it says before
		"203.0.114.1": 200, "2001:db8:0:100::1": 200, "198.51.100.1": 200,
	} {
		if status, _ := ask(from); status != want {
			t.Errorf("from %s: %d, want %d", from, status, want)
		}
	}
	if status, _, _, err := (payload{path: "/healthz"}).send(http.DefaultClient, s.URL, "X-Forwarded-For: 203.0.113.7"); err != nil || status != 200 {
		t.Errorf("a probe is limited: %d %v", status, err)
	}
	for i := range 6 {
		status, _, _, err := payload{method: "POST", path: "/api/v1/contributions"}.send(http.DefaultClient, s.URL, "X-Forwarded-For: 198.51.100.9", "Authorization: Bearer wrong", "Idempotency-Key: x")
		if want := map[bool]int{true: 401, false: 429}[i == 0]; err != nil || status != want && i != 0 || i == 0 && status != 401 && status != 429 {
			t.Errorf("guess %d: %d %v, want %d", i, status, err, want)
		}
	}
}
