package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

// ledger is a server over a database of its own, and keys to it.
type ledger struct {
	t      testing.TB
	url    string // of the database
	store  *postgis.Store
	srv    *Server
	hs     *httptest.Server
	doc    *openapi3.T
	routes []describedRoute
	n      atomic.Int64
}

func newLedger(t testing.TB) *ledger {
	t.Helper()
	l := &ledger{t: t, url: pgtest.URL(t)}
	var err error
	if l.store, err = postgis.Open(context.Background(), l.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.store.Close)
	if l.srv, err = NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, l.store); err != nil {
		t.Fatal(err)
	}
	if l.doc, err = describe(l.srv); err != nil {
		t.Fatal(err)
	}
	for _, rt := range l.srv.writes() {
		l.routes = append(l.routes, describedRoute{rt, regexp.MustCompile("^" + strings.Replace(rt.path, "{id}", "[^/]+", 1) + "$")})
	}
	l.hs = httptest.NewUnstartedServer(nil)
	l.hs.Config = HTTPServer(l.srv)
	l.hs.Start()
	t.Cleanup(l.hs.Close)
	return l
}

// key makes a key; for says its territories, or its organisation.
func (l *ledger) key(role data.AccessRole, source string, whom ...string) string {
	l.t.Helper()
	k := &data.Key{Role: role, Source: source}
	switch role {
	case data.RoleOffice, data.RoleHub:
		k.Territories = whom
	case data.RoleSupplier, data.RoleProvider, data.RoleBuyer:
		k.Organisation = whom[0]
		k.Territories = whom[1:]
	}
	secret, err := l.store.CreateKey(context.Background(), postgis.Operator, k, 24*time.Hour)
	if err != nil {
		l.t.Fatal(err)
	}
	return secret
}

// activities imports activities in Norwich and Maidstone, of the source "acts".
func (l *ledger) activities() {
	l.t.Helper()
	var records []data.ActivityRecord
	for id, at := range map[string]orb.Point{"garden": {1.2974, 52.6309}, "orchard": {0.5290, 51.2720}} {
		records = append(records, data.ActivityRecord{Line: 2, ExternalID: id, Name: "The " + id, Provider: "Provider of " + id, ProviderID: id + "-trust",
			Themes: []data.Theme{data.ThemeSafer}, Status: data.StatusValidated, Role: data.RoleDelivery, Lon: &at[0], Lat: &at[1]})
	}
	if _, err := l.store.ImportActivities(context.Background(), postgis.Operator, data.Import{Kind: "activities", Source: "acts"}, slices.Values(records), func(r data.Refusal) error {
		return fmt.Errorf("refused: %+v", r)
	}); err != nil {
		l.t.Fatal(err)
	}
}

// answer is what a request was answered.
type answer struct {
	*http.Response
	body string
}

// ask sends a request with a key, "" for none. Headers are "Name: value"; a new
// Idempotency-Key is added to a POST that has none.
func (l *ledger) ask(key, method, path, body string, headers ...string) answer {
	l.t.Helper()
	req, err := http.NewRequest(method, l.hs.URL+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	req.Header.Set("Content-Type", typeJSON)
	if method == http.MethodPatch {
		req.Header.Set("Content-Type", typeMergePatch)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	if method == http.MethodPost {

		req.Header.Set("Idempotency-Key", fmt.Sprint("request-", l.n.Add(1)))
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
		if value == "" {
			req.Header.Del(name)
		}
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		l.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		l.t.Fatalf("%s %s: %v", method, path, err)
	}
	l.described(res, b)
	return answer{res, string(b)}
}

// described fails unless a write is answered as the API's description says.
func (l *ledger) described(res *http.Response, body []byte) {
	l.t.Helper()
	for _, rt := range l.routes {
		if !slices.Contains(rt.methods(), res.Request.Method) || !rt.pattern.MatchString(res.Request.URL.EscapedPath()) {
			continue
		}
		item := l.doc.Paths.Value(rt.path)
		route := &routers.Route{Spec: l.doc, Path: rt.path, PathItem: item, Method: res.Request.Method, Operation: item.GetOperation(rt.methods()[0])}
		input := &openapi3filter.ResponseValidationInput{RequestValidationInput: &openapi3filter.RequestValidationInput{Request: res.Request, Route: route}, Status: res.StatusCode, Header: res.Header,
			Options: &openapi3filter.Options{IncludeResponseStatus: true}}
		if rt.method == "" && isPublic(l.srv, rt.path) {
			return // its address has a public answer too, which is described
		}
		if err := openapi3filter.ValidateResponse(context.Background(), input.SetBodyBytes(body)); err != nil {
			l.t.Errorf("%s %s does not answer as described: %v", res.Request.Method, res.Request.URL.Path, err)
		}
		return
	}
}

// isPublic reports whether an address has a public answer.
func isPublic(s *Server, path string) bool {
	return slices.ContainsFunc(s.table(), func(p route) bool { return strings.NewReplacer("{table}", "", "{format}", "").Replace(p.path) == path })
}

// describedRoute is a write route and the addresses that it takes.
type describedRoute struct {
	route
	pattern *regexp.Regexp
}

// want fails unless the answer has the status and all of the texts.
func (l *ledger) want(a answer, status int, texts ...string) answer {
	l.t.Helper()
	if a.StatusCode != status {
		l.t.Errorf("%s %s: %d, want %d: %.500s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			l.t.Errorf("%s %s: %.700s, want %q in it", a.Request.Method, a.Request.URL.Path, a.body, text)
		}
	}
	return a
}

// count asks the database for a number, as its owner.
func (l *ledger) count(sql string, args ...any) (n int) {
	l.t.Helper()
	conn, err := pgx.Connect(context.Background(), l.url)
	if err != nil {
		l.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// run does something to the database, as its owner.
func (l *ledger) run(sql string, args ...any) {
	l.t.Helper()
	conn, err := pgx.Connect(context.Background(), l.url)
	if err != nil {
		l.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
		l.t.Fatal(err)
	}
}

// tried is an address of a write route and a body that it can read.
func tried(rt route) (path, body string) {
	return strings.Replace(rt.path, "{id}", "x", 1), "{}"
}

// gift is a contribution's JSON.
func gift(id, supplier string, more ...string) string {
	return fmt.Sprintf(`{"id":%q,"supplier":%q,"supplier_name":"Example Builders","type":"donation_money","value":123450,"delivered_from":"2025-06-01","territory":"norfolk"%s}`,
		id, supplier, strings.Join(append([]string{""}, more...), ","))
}

const (
	builder = "GB-COH-09506232"
	other   = "GB-COH-00000001"
)

func TestEveryKindHasAnAccessRule(t *testing.T) {
	for _, k := range data.Kinds {
		if !data.RuledKind(k.Name) {
			t.Errorf("nobody has said who may write %s: add the kind to the table in data/access.go", k.Plural)
		}
	}
}

// Without a key in force every write is refused, always in the same words.
func TestEveryWriteNeedsAKey(t *testing.T) {
	l := newLedger(t)
	good := l.key(data.RoleAdmin, "")
	expired, revoked := l.key(data.RoleAdmin, ""), l.key(data.RoleAdmin, "")
	end := func(secret, sql string) {
		hash, err := data.KeyHash(secret)
		if err != nil {
			t.Fatal(err)
		}
		l.run(sql, hash)
	}
	end(expired, "UPDATE raw.api_key SET created_at = now() - interval '10 days', expires_at = now() - interval '1 second' WHERE hash = $1")
	end(revoked, "UPDATE raw.api_key SET revoked_at = now() WHERE hash = $1")
	headers := map[string]string{
		"none": "Authorization: ", "another scheme": "Authorization: Basic " + good, "nothing": "Authorization: Bearer ", "garbage": "Authorization: Bearer x",
		"bad checksum": "Authorization: Bearer " + good[:len(good)-1] + "!", "unknown": "Authorization: Bearer " + data.NewKeySecret(),
		"expired": "Authorization: Bearer " + expired, "revoked": "Authorization: Bearer " + revoked,
	}
	for _, rt := range l.srv.writes() {
		path, body := tried(rt)
		var first string
		for _, name := range slices.Sorted(maps.Keys(headers)) {
			if rt.method == "" && name == "none" && slices.ContainsFunc(l.srv.table(), func(p route) bool { return p.path == rt.path }) {
				continue // shown what is public
			}
			a := l.want(l.ask("", rt.methods()[0], path, body, headers[name]), http.StatusUnauthorized)
			if a.Header.Get("WWW-Authenticate") == "" || a.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s, %s: headers %v", rt.method, path, name, a.Header)
			}
			said, _, _ := strings.Cut(a.body, `"instance"`)
			if first == "" {
				first = said
			}
			if said != first {
				t.Errorf("%s %s, %s: %s, and otherwise %s", rt.method, path, name, said, first)
			}
		}
	}
	l.want(l.ask(good, http.MethodPost, "/api/v1/indicators", "{}"), http.StatusUnprocessableEntity)
}

// Every role and every route: who has no rule is refused, and who has one gets
// as far as the request itself.
func TestRolesAndRoutes(t *testing.T) {
	l := newLedger(t)
	keys := map[data.AccessRole]string{
		data.RoleSupplier: l.key(data.RoleSupplier, "a", builder), data.RoleProvider: l.key(data.RoleProvider, "b", builder), data.RoleBuyer: l.key(data.RoleBuyer, "c", builder),
		data.RoleOffice: l.key(data.RoleOffice, "d", "norfolk"), data.RoleHub: l.key(data.RoleHub, "e", "norfolk"), data.RoleAdmin: l.key(data.RoleAdmin, "f"),
	}
	refused := 0
	for _, rt := range l.srv.writes() {
		for _, role := range data.KeyRoles {
			path, body := tried(rt)
			a := l.ask(keys[role], rt.methods()[0], path, body)
			may := role.May(rt.deed, rt.of)
			if forbidden := a.StatusCode == http.StatusForbidden; forbidden == may || a.StatusCode == http.StatusUnauthorized || a.StatusCode >= 500 {
				t.Errorf("%s %s as %s: %d, may %t: %.300s", rt.methods()[0], path, role, a.StatusCode, may, a.body)
			}
			if !may {
				refused++
			}
			if !slices.Contains(describedStatuses(l.doc, rt), strconv.Itoa(a.StatusCode)) {
				t.Errorf("%s %s as %s: the status %d is not described", rt.methods()[0], path, role, a.StatusCode)
			}
		}
	}
	if refused == 0 {
		t.Error("no role is refused anything")
	}
	if n := l.count("SELECT count(*) FROM raw.import_run"); n != 0 {
		t.Errorf("%d writes were made", n)
	}
}

// A page of another origin cannot write: it is told nothing that lets it, and
// there are no cookies that its browser could send by itself.
func TestWritesAreNotForOtherOrigins(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleAdmin, "")
	for _, rt := range l.srv.writes() {
		path, body := tried(rt)
		for _, a := range []answer{
			l.ask(key, rt.methods()[0], path, body, "Origin: https://evil.example"),
			l.ask("", http.MethodOptions, path, "", "Origin: https://evil.example", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization"),
		} {
			for name := range a.Header {
				if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" {
					t.Errorf("%s %s: %s: %s", a.Request.Method, path, name, a.Header.Get(name))
				}
			}
			if a.Request.Method == http.MethodOptions && a.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("OPTIONS %s: %d, want 405", path, a.StatusCode)
			}
		}
	}
}

func TestPostOneRecord(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleSupplier, "", builder)
	a := l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("c/1", builder, `"quantity":1.25,"unit":"hours","places":["E07000148=2","police-scotland"]`)), http.StatusCreated,
		`"value":123450`, `"quantity":1.25`, `"supplier":"GB-COH-09506232"`, `"places":["E07000148=2","police-scotland=1"]`)
	if got := a.Header.Get("Location"); got != "https://map.example/api/v1/contributions/c%2F1" {
		t.Errorf("Location %q", got)
	}
	back := l.want(l.ask(key, http.MethodGet, "/api/v1/contributions/c%2F1", ""), http.StatusOK)
	if back.body != a.body || back.Header.Get("ETag") != a.Header.Get("ETag") || a.Header.Get("ETag") == "" {
		t.Errorf("read back %s with %s, want %s with %s", back.body, back.Header.Get("ETag"), a.body, a.Header.Get("ETag"))
	}
	// What is read back and sent again, as a new request, changes nothing.
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", back.body), http.StatusOK)
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("c/1", builder, `"title":"Another"`)), http.StatusConflict, "there is a contribution", "PUT or PATCH")
	if n := l.count("SELECT count(*) FROM audit.log WHERE actor LIKE 'key:k%' AND action = 'create contributions'"); n != 2 {
		t.Errorf("%d writes in the audit log, want 2", n)
	}
	if n := l.count("SELECT count(*) FROM audit.log WHERE actor LIKE 'key:k%' AND action = 'read contribution' AND subject = 'GB-COH-09506232//c/1'"); n != 1 {
		t.Errorf("%d readings in the audit log, want 1", n)
	}
	if n := l.count("SELECT sum(pence)::int FROM pub.fact"); n != 123450 {
		t.Errorf("%d pence are public, want 123450", n)
	}
}

// What is wrong with a request is said by name, all of it, and nothing is
// written.
func TestBadRequests(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleSupplier, "", builder)
	deep := strings.Repeat("[", 2000) + strings.Repeat("]", 2000)
	for _, c := range []struct {
		name, body string
		headers    []string
		status     int
		texts      []string
	}{
		{"no idempotency key", gift("c", builder), []string{"Idempotency-Key: "}, 400, []string{"Idempotency-Key", "UUID"}},
		{"spoilt idempotency key", gift("c", builder), []string{"Idempotency-Key: a b"}, 400, []string{"visible characters"}},
		{"not JSON", "id=c", nil, 400, []string{"not JSON"}},
		{"cut short", `{"id":"c"`, nil, 400, []string{"ends too early"}},
		{"nothing", "", nil, 400, []string{"no record"}},
		{"an empty array", "[]", nil, 400, []string{"no record"}},
		{"two objects", `{"id":"c"}{"id":"d"}`, nil, 400, []string{"something follows"}},
		{"something after the array", `[{"id":"c"}] x`, nil, 400, []string{"cannot be read"}},
		{"no UTF-8", "{\"id\":\"c\xff\"}", nil, 400, []string{"UTF-8"}},
		{"nested", `{"id":"c","title":` + deep + `}`, nil, 400, []string{"title", "deep"}},
		{"a name twice", `{"id":"c","id":"d"}`, nil, 400, []string{`\"id\" twice`}},
		{"form", "id=c", []string{"Content-Type: application/x-www-form-urlencoded"}, 415, []string{"application/json"}},
		{"another charset", "{}", []string{"Content-Type: application/json; charset=latin1"}, 415, nil},
		{"packed", "{}", []string{"Content-Encoding: gzip"}, 415, []string{"Content-Encoding"}},
		{"too large", `{"id":"` + strings.Repeat("x", maxBody) + `"}`, nil, 413, []string{"8 MiB"}},
		{"pounds", gift("c", builder, `"value":12.5`), nil, 400, []string{`\"value\" twice`}},
		{"a fraction of a penny", `{"id":"c","value":12.5}`, nil, 422, []string{`"field":"value","value":"12.5"`, "whole pence"}},
		{"money as a text", `{"id":"c","value":"12.50"}`, nil, 422, []string{"whole pence"}},
		{"too much money", `{"id":"c","value":99999999999999999999}`, nil, 422, []string{"too much money"}},
		{"a number for a text", `{"id":12}`, nil, 422, []string{`"field":"id"`, "quotation marks"}},
		{"a text for a number", `{"id":"c","latitude":"52"}`, nil, 422, []string{"without quotation marks"}},
		{"too fine", `{"id":"c","quantity":1.2345}`, nil, 422, []string{"at most three decimals"}},
		{"a list as a text", `{"id":"c","places":"norfolk"}`, nil, 422, []string{"array of texts"}},
		{"a list of numbers", `{"id":"c","places":[1]}`, nil, 422, []string{"array of texts"}},
		{"unknown field", `{"id":"c","colour":"red"}`, nil, 422, []string{`"field":"colour"`, "they have id"}},
		{"all that is wrong", `{"id":"c","type":"cheese","delivered_from":"tomorrow"}`, nil, 422, []string{`"field":"supplier"`, `"field":"type"`, `"field":"delivered_from"`}},
		{"nobody", `{"id":"c","supplier":"nobody","type":"donation_money","value":1,"delivered_from":"2025-06-01"}`, nil, 422, []string{`"value":"nobody"`, "supplier_name"}},
		{"another's", gift("c", other), nil, 403, []string{"another organisation"}},
		{"audited by itself", gift("c", builder, `"state":"audited"`), nil, 403, []string{"others confirm"}},
		{"reader and store", `[{"id":"a"},` + gift("b", other) + `]`, nil, 422, []string{`"index":0,"field":"supplier"`, `"index":1,"field":"supplier"`}},
		{"twice in one", `[` + gift("a", builder) + `,` + gift("a", builder) + `]`, nil, 422, []string{`"index":1,"field":"id"`, "item 0"}},
		{"lines", "{\"id\":\n" + gift("a", builder) + "\n\n[]\n", []string{"Content-Type: application/jsonl"}, 422, []string{`"line":1`, `"line":4`}},
	} {
		a := l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", c.body, c.headers...), c.status, c.texts...)
		var p Problem
		if err := json.Unmarshal([]byte(a.body), &p); err != nil || p.Status != c.status || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %v: %.200s is no problem document", c.name, err, a.body)
		}
	}
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions?colour=red", gift("c", builder)), 400, "colour")
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions?partial=perhaps", gift("c", builder)), 400, "partial")
	l.want(l.ask(key, http.MethodPut, "/api/v1/contributions", gift("c", builder)), 405)
	l.want(l.ask(key, http.MethodPut, "/api/v1/contributions/a/b", gift("c", builder)), 404)
	if n := l.count("SELECT (SELECT count(*) FROM raw.contribution) + (SELECT count(*) FROM raw.idempotency) + (SELECT count(*) FROM raw.organisation)"); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}

func TestPostMany(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleSupplier, "", builder)
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("a", builder)+"\n\n"+gift("b", builder)+"\n", "Content-Type: application/x-ndjson"), http.StatusCreated, `"added":2`, `"refused":0`)
	some := "[" + gift("a", builder) + "," + gift("b", builder, `"title":"New"`) + "," + gift("c", builder) + "," + gift("d", other) + `,{"id":"e"}]`
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", some), http.StatusUnprocessableEntity, `"index":1`, `"index":3`, `"index":4`)
	if n := l.count("SELECT count(*) FROM raw.contribution"); n != 2 {
		t.Fatalf("%d contributions after a refusal, want 2", n)
	}
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions?partial=true", some), http.StatusCreated, `"added":1`, `"changed":0`, `"unchanged":1`, `"refused":3`, `"index":1`, `"index":3`, `"index":4`)
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions?partial=true", "["+gift("d", other)+"]"), http.StatusForbidden)
	if n := l.count("SELECT sum(pence)::int FROM pub.fact"); n != 3*123450 {
		t.Errorf("%d pence are public, want three gifts", n)
	}
}

func TestPutAndPatch(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleBuyer, "police", "police//hq")
	l.want(l.ask(key, http.MethodPut, "/api/v1/organisations/hq", `{"name":"Example Police","kind":"buyer","sector":"police"}`), http.StatusCreated)
	const path = "/api/v1/contracts/k1"
	contract := `{"buyer":"hq","supplier":"` + builder + `","supplier_name":"Example Builders","title":"Repairs","value":5000000,"starts_on":"2025-04-01"}`
	l.want(l.ask(key, http.MethodPatch, path, `{}`, `If-Match: *`), http.StatusNotFound)
	l.want(l.ask(key, http.MethodPut, path, contract, `If-Match: "old"`), http.StatusPreconditionFailed)
	made := l.want(l.ask(key, http.MethodPut, path, contract, `If-None-Match: *`), http.StatusCreated, `"id":"k1"`)
	if made.Header.Get("Location") == "" {
		t.Error("a new record has no Location")
	}
	l.want(l.ask(key, http.MethodPut, path, contract, `If-None-Match: *`), http.StatusPreconditionFailed)
	l.want(l.ask(key, http.MethodPut, path, contract), http.StatusPreconditionRequired, "If-Match")
	l.want(l.ask(key, http.MethodPatch, path, `{"title":"x"}`), http.StatusPreconditionRequired)
	tag := made.Header.Get("ETag")
	l.want(l.ask(key, http.MethodPut, path, contract, `If-Match: W/`+tag), http.StatusPreconditionFailed)
	same := l.want(l.ask(key, http.MethodPut, path, contract, `If-Match: "x", `+tag), http.StatusOK)
	if same.Header.Get("ETag") != tag {
		t.Error("the same record has another tag")
	}
	changed := l.want(l.ask(key, http.MethodPatch, path, `{"title":"Station repairs","value":null,"ends_on":"2026-03-31"}`, `If-Match: `+tag), http.StatusOK, `"title":"Station repairs"`, `"ends_on":"2026-03-31"`)
	if strings.Contains(changed.body, `"value"`) || changed.Header.Get("ETag") == tag {
		t.Errorf("patched to %s with %s", changed.body, changed.Header.Get("ETag"))
	}
	l.want(l.ask(key, http.MethodPatch, path, `{"title":"x"}`, `If-Match: `+tag), http.StatusPreconditionFailed)
	tag = changed.Header.Get("ETag")
	l.want(l.ask(key, http.MethodPatch, path, `{"title":null,"ends_on":"2020-01-01","id":"k2"}`, `If-Match: `+tag), http.StatusUnprocessableEntity, `"field":"title"`, `"field":"id"`)
	l.want(l.ask(key, http.MethodPatch, path, `{"title":"x"}`, `If-Match: `+tag, "Content-Type: application/json"), http.StatusUnsupportedMediaType)
	// A contract cannot be given away to a buyer that the key does not act for.
	l.want(l.ask(key, http.MethodPatch, path, `{"buyer":"`+builder+`"}`, `If-Match: `+tag), http.StatusForbidden, "another organisation")
	// The same rules as in files: no closing before the audit.
	l.want(l.ask(key, http.MethodPatch, path, `{"closed_on":"2026-03-31"}`, `If-Match: `+tag), http.StatusUnprocessableEntity, "without its audit")
	back := l.ask(key, http.MethodGet, path, "")
	if back.Header.Get("ETag") != tag || back.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("after refusals: %v", back.Header)
	}
}

// Only one of two writers who have read the same state can change it.
func TestLostUpdates(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleAdmin, "desk")
	const path = "/api/v1/indicators/i"
	tag := l.want(l.ask(key, http.MethodPut, path, `{"title":"0","unit":"people","direction":"higher","domain":"health"}`), http.StatusCreated).Header.Get("ETag")
	const writers = 6
	statuses := make(chan int, writers)
	for i := range writers {
		go func() {
			statuses <- l.ask(key, http.MethodPatch, path, fmt.Sprintf(`{"title":"%d"}`, i+1), "If-Match: "+tag).StatusCode
		}()
	}
	won := 0
	for range writers {
		switch s := <-statuses; s {
		case http.StatusOK:
			won++
		case http.StatusPreconditionFailed:
		default:
			t.Errorf("status %d", s)
		}
	}
	if won != 1 {
		t.Errorf("%d writers changed the same state, want 1", won)
	}
}

func TestOrdersAreTakenFurther(t *testing.T) {
	l := newLedger(t)
	l.activities()
	supplier, provider := l.key(data.RoleSupplier, "", builder), l.key(data.RoleProvider, "garden", "acts//garden-trust")
	stranger, orchard := l.key(data.RoleSupplier, "", other), l.key(data.RoleProvider, "orchard", "acts//orchard-trust")
	l.want(l.ask(supplier, http.MethodPost, "/api/v1/purchase-orders", `{"id":"o1","activity":"acts//garden","supplier":"`+builder+`","supplier_name":"Example Builders","type":"donation_money","value":50000}`), http.StatusCreated)
	steps := "/api/v1/purchase-orders/o1/steps"
	theirs := "/api/v1/purchase-orders/GB-COH-09506232%2F%2Fo1/steps"
	l.want(l.ask(supplier, http.MethodGet, steps, ""), http.StatusOK, `"state":"draft"`, `"next":["cancelled","issued"]`, `"steps":[]`)
	l.want(l.ask(supplier, http.MethodPost, steps, `{"state":"issued","date":"2025-04-01"}`), http.StatusCreated, `"state":"issued"`, `"order":"o1"`)
	l.want(l.ask(supplier, http.MethodPost, steps, `{"state":"accepted"}`), http.StatusForbidden, "this is for the role provider")
	l.want(l.ask(orchard, http.MethodPost, theirs, `{"state":"accepted"}`), http.StatusNotFound)
	l.want(l.ask(stranger, http.MethodPost, theirs, `{"state":"cancelled","reason":"mine"}`), http.StatusNotFound)
	l.want(l.ask(stranger, http.MethodGet, theirs, ""), http.StatusNotFound)
	l.want(l.ask(provider, http.MethodPost, "/api/v1/purchase-orders/nothing/steps", `{"state":"accepted"}`), http.StatusNotFound)
	l.want(l.ask(provider, http.MethodPost, theirs, `{"state":"confirmed"}`), http.StatusConflict, "an order that is issued cannot become confirmed", "accepted, cancelled, declined")
	l.want(l.ask(provider, http.MethodPost, theirs, `{"state":"declined"}`), http.StatusUnprocessableEntity, `"field":"reason"`)
	l.want(l.ask(provider, http.MethodPost, theirs, `{"state":"gone"}`), http.StatusUnprocessableEntity, `"field":"state"`)
	l.want(l.ask(provider, http.MethodPost, theirs, `{"state":"accepted","order":"x"}`), http.StatusUnprocessableEntity, `"field":"order"`)
	accept := `{"state":"accepted","date":"2025-04-02","reason":"gladly"}`
	first := l.want(l.ask(provider, http.MethodPost, theirs, accept, "Idempotency-Key: accept"), http.StatusCreated)
	again := l.want(l.ask(provider, http.MethodPost, theirs, accept, "Idempotency-Key: accept"), http.StatusCreated)
	if again.body != first.body || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("repeated: %v %s, first %s", again.Header, again.body, first.body)
	}
	l.want(l.ask(provider, http.MethodGet, theirs, ""), http.StatusOK, `"state":"accepted"`, `"reason":"gladly"`, `"in_delivery"`)
	// A step is told once: neither PUT nor PATCH changes it.
	l.want(l.ask(provider, http.MethodPatch, "/api/v1/order-events/x", `{}`), http.StatusForbidden)
}

func TestReviewsDecideFindings(t *testing.T) {
	l := newLedger(t)
	supplier, norfolk, kent := l.key(data.RoleSupplier, "", builder), l.key(data.RoleOffice, "opcc-norfolk", "norfolk"), l.key(data.RoleOffice, "opcc-kent", "kent")
	l.want(l.ask(supplier, http.MethodPost, "/api/v1/contributions", "["+gift("a", builder, `"share":"2/3","joint":"fair"`)+","+gift("b", builder, `"share":"2/3","joint":"fair"`)+"]"), http.StatusCreated)
	path := "/api/v1/contributions/GB-COH-09506232%2F%2Fa/reviews"
	review := `{"finding":"over_the_whole","decision":"confirmed","reason":"the two agree on more than there was"}`
	l.want(l.ask(supplier, http.MethodPost, path, review), http.StatusForbidden)
	l.want(l.ask(kent, http.MethodPost, path, review), http.StatusNotFound)
	l.want(l.ask(norfolk, http.MethodPost, path, `{"finding":"over_the_whole","decision":"confirmed"}`), http.StatusUnprocessableEntity, `"field":"reason"`)
	l.want(l.ask(norfolk, http.MethodPost, path, review), http.StatusCreated, `"contribution":"GB-COH-09506232//a"`)
	if n := l.count("SELECT count(*) FROM raw.finding WHERE state = 'confirmed'"); n != 1 {
		t.Errorf("%d findings are confirmed, want 1", n)
	}
}

// What one tenant has, another cannot tell from what is not there.
func TestTenantsDoNotSeeEachOther(t *testing.T) {
	l := newLedger(t)
	l.activities()
	buyer, stranger := l.key(data.RoleBuyer, "police", "police//hq"), l.key(data.RoleSupplier, "", other)
	supplier, kent := l.key(data.RoleSupplier, "", builder), l.key(data.RoleOffice, "opcc-kent", "kent")
	l.want(l.ask(buyer, http.MethodPut, "/api/v1/organisations/hq", `{"name":"Example Police","kind":"buyer","sector":"police"}`), http.StatusCreated)
	l.want(l.ask(buyer, http.MethodPost, "/api/v1/contracts", `{"id":"k1","buyer":"hq","supplier":"`+builder+`","supplier_name":"B","title":"Repairs","starts_on":"2025-04-01","areas":["norfolk"]}`), http.StatusCreated)
	under := func(contract, supplier string) string {
		return gift("c", supplier, `"contract":"`+contract+`"`)
	}
	strip := func(a answer, id string) string {
		said, _, _ := strings.Cut(a.body, `"instance"`)
		return strings.ReplaceAll(said, id, "ID")
	}
	for _, key := range []string{stranger, kent} {
		there := l.ask(key, http.MethodPost, "/api/v1/contributions", under("police//k1", other))
		nothing := l.ask(key, http.MethodPost, "/api/v1/contributions", under("police//k9", other))
		if there.StatusCode != http.StatusUnprocessableEntity || strip(there, "k1") != strip(nothing, "k9") {
			t.Errorf("a contract that is another's: %d %s; none at all: %d %s", there.StatusCode, there.body, nothing.StatusCode, nothing.body)
		}
		for _, id := range []string{"police%2F%2Fk1", "k1", "k9"} {
			if a := l.ask(key, http.MethodGet, "/api/v1/contracts/"+id, ""); a.StatusCode != http.StatusNotFound && a.StatusCode != http.StatusForbidden {
				t.Errorf("GET contracts/%s: %d %s", id, a.StatusCode, a.body)
			}
		}
	}
	l.want(l.ask(supplier, http.MethodPost, "/api/v1/contributions", under("police//k1", builder)), http.StatusCreated)
	// Under one's own source the same id is another record.
	l.want(l.ask(kent, http.MethodPost, "/api/v1/contracts", `{"id":"k1","buyer":"police//hq","supplier":"`+builder+`","title":"Another","starts_on":"2025-04-01","areas":["kent"]}`), http.StatusCreated)
	if n := l.count("SELECT count(*) FROM raw.contract WHERE external_id = 'k1'"); n != 2 {
		t.Errorf("%d contracts, want 2", n)
	}
	// An organisation that everyone knows by its org-id is its own to change.
	l.want(l.ask(kent, http.MethodPut, "/api/v1/organisations/"+builder, `{"name":"Taken over"}`, "If-Match: *"), http.StatusNotFound)
	l.want(l.ask(kent, http.MethodPost, "/api/v1/organisations", `{"id":"`+builder+`","name":"Taken over"}`), http.StatusForbidden, "org-id")
	tag := l.want(l.ask(supplier, http.MethodGet, "/api/v1/organisations/"+builder, ""), http.StatusOK).Header.Get("ETag")
	l.want(l.ask(supplier, http.MethodPatch, "/api/v1/organisations/"+builder, `{"name":"Example Builders"}`, "If-Match: "+tag), http.StatusOK)
}

// An office writes for its territories alone, judged by where records lie once
// they are stored.
func TestOfficesKeepToTheirTerritories(t *testing.T) {
	l := newLedger(t)
	l.activities()
	key := l.key(data.RoleOffice, "opcc", "norfolk", "suffolk")
	for _, c := range []struct {
		kind, body string
		status     int
	}{
		{"contributions", gift("a", builder), 201},
		{"contributions", gift("b", builder, `"places":["norfolk","suffolk"]`), 201},
		{"contributions", gift("c", builder, `"places":["norfolk","kent"]`), 403},
		{"contributions", strings.Replace(gift("d", builder), `"territory":"norfolk"`, `"latitude":51.2720,"longitude":0.5290`, 1), 403},
		{"contributions", strings.Replace(gift("e", builder), `"territory":"norfolk"`, `"postcode":"ZZ1 1ZZ"`, 1), 403}, // unallocated
		{"contributions", strings.Replace(gift("f", builder), `"territory":"norfolk"`, `"activity":"acts//orchard"`, 1), 403},
		{"contributions", strings.Replace(gift("g", builder), `"territory":"norfolk"`, `"activity":"acts//garden"`, 1), 201},
		{"validations", `{"id":"v","activity":"acts//garden","decision":"validated","decided_on":"2025-01-01","expires_on":"2026-01-01"}`, 201},
		{"validations", `{"id":"w","activity":"acts//orchard","decision":"validated","decided_on":"2025-01-01","expires_on":"2026-01-01"}`, 403},
		{"needs", `{"id":"n","activity":"acts//garden","type":"volunteering_time"}`, 201},
		{"target-area-sets", `{"id":"s","plan":"norfolk","name":"Choice","basis":"custom","valid_from":"2025-01-01"}`, 201},
		{"plans", `{"id":"kent-2025","kind":"local_plan","title":"Kent","territories":["norfolk","kent"],"valid_from":"2025-01-01"}`, 403},
		{"plans", `{"id":"norwich-2025","kind":"local_plan","title":"Norwich","territories":["norfolk"],"valid_from":"2025-01-01"}`, 201},
		{"territories", `{"id":"x"}`, 403},
		{"sites", `{"id":"x","organisation":"` + builder + `","role":"depot","postcode":"NR1 3JU","area_code":"E07000148"}`, 201},
		{"sites", `{"id":"y","organisation":"` + builder + `","role":"depot","latitude":51.2720,"longitude":0.5290}`, 403},
		{"register-entries", `{"id":"r","organisation":"` + builder + `","territory":"kent","welcomes":false,"confirmed_on":"2025-01-01"}`, 403},
		{"hubs", `{"id":"h"}`, 403},
		{"indicators", `{"id":"h"}`, 403},
	} {
		l.want(l.ask(key, http.MethodPost, "/api/v1/"+c.kind, c.body), c.status)
	}
	// A record cannot be moved out, nor one that lies elsewhere be pulled in.
	admin := l.key(data.RoleAdmin, "opcc")
	l.want(l.ask(admin, http.MethodPost, "/api/v1/contributions", strings.Replace(gift("kent", builder), "norfolk", "kent", 1)), 201)
	l.want(l.ask(key, http.MethodPatch, "/api/v1/contributions/a", `{"territory":"kent"}`, "If-Match: *"), 403)
	l.want(l.ask(key, http.MethodPatch, "/api/v1/contributions/kent", `{"territory":"norfolk"}`, "If-Match: *"), 404)
	l.want(l.ask(key, http.MethodGet, "/api/v1/contributions/kent", ""), 404)
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("kent", builder)), 403)
	if n := l.count("SELECT count(*) FROM raw.allocation WHERE territory_id = 'kent'"); n != 1 {
		t.Errorf("%d parts lie in Kent, want the admin's one", n)
	}
}

// An activity has a row a place; all of them are written and read together.
func TestActivitiesHaveARowAPlace(t *testing.T) {
	l := newLedger(t)
	l.activities()
	norfolk, kent := l.key(data.RoleOffice, "opcc", "norfolk"), l.key(data.RoleOffice, "opcc-kent", "kent")
	provider := l.key(data.RoleProvider, "trust", "org-id//GB-CHC-1090095")
	row := func(lat, lon float64, more string) string {
		return fmt.Sprintf(`{"id":"a","name":"Garden club","provider":"Example Trust","provider_id":"GB-CHC-1090095","themes":["safer"],"class":"s0","latitude":%v,"longitude":%v%s}`, lat, lon, more)
	}
	two := "[" + row(52.6309, 1.2974, "") + "," + row(52.75, 1.1, "") + "]"
	l.want(l.ask(kent, http.MethodPost, "/api/v1/activities", two), http.StatusForbidden, "norfolk")
	l.want(l.ask(norfolk, http.MethodPost, "/api/v1/activities?partial=true", two), http.StatusBadRequest, "all or none")
	l.want(l.ask(provider, http.MethodPost, "/api/v1/activities", row(52.6309, 1.2974, `,"status":"validated"`)), http.StatusForbidden, "does not validate")
	l.want(l.ask(provider, http.MethodPost, "/api/v1/activities", strings.Replace(row(52.6309, 1.2974, ""), "GB-CHC-1090095", "GB-CHC-1090096", 1)), http.StatusForbidden)
	l.want(l.ask(norfolk, http.MethodPost, "/api/v1/activities", two), http.StatusCreated, `"added":1`)
	l.want(l.ask(norfolk, http.MethodPost, "/api/v1/activities", two), http.StatusOK, `"unchanged":1`)
	l.want(l.ask(norfolk, http.MethodPost, "/api/v1/activities", row(52.6309, 1.2974, "")), http.StatusConflict)
	// Without a key the address shows what is public, which has ids of its own.
	l.want(l.ask("", http.MethodGet, "/api/v1/activities/a", ""), http.StatusNotFound)
	back := l.want(l.ask(norfolk, http.MethodGet, "/api/v1/activities/a", ""), http.StatusOK, `[{"id":"a"`, `"latitude":52.75`)
	tag := back.Header.Get("ETag")
	same := l.want(l.ask(norfolk, http.MethodPut, "/api/v1/activities/a", back.body, "If-Match: "+tag), http.StatusOK)
	if same.body != back.body {
		t.Errorf("put back as %s, read as %s", same.body, back.body)
	}
	l.want(l.ask(norfolk, http.MethodPatch, "/api/v1/activities/a", `{"name":"x"}`, "If-Match: "+tag), http.StatusConflict, "one a place")
	one := l.want(l.ask(norfolk, http.MethodPut, "/api/v1/activities/a", row(52.6309, 1.2974, `,"status":"validated"`), "If-Match: "+tag), http.StatusOK, `"status":"validated"`)
	l.want(l.ask(norfolk, http.MethodPatch, "/api/v1/activities/a", `{"name":"Gardening club"}`, "If-Match: "+one.Header.Get("ETag")), http.StatusOK, "Gardening")
	if n := l.count("SELECT count(*) FROM pub.place p JOIN pub.activity a ON a.id = p.activity_id WHERE a.name = 'Gardening club'"); n != 1 {
		t.Errorf("%d places are shown, want 1", n)
	}
	// A secret one loses its place on the way in.
	l.want(l.ask(norfolk, http.MethodPut, "/api/v1/activities/s", strings.Replace(row(52.6309, 1.2974, ""), "Garden club", "The refuge", 1), "If-Match: *"), http.StatusPreconditionFailed)
	secret := l.want(l.ask(norfolk, http.MethodPut, "/api/v1/activities/s", strings.ReplaceAll(strings.Replace(row(52.6309, 1.2974, ""), "Garden club", "The refuge", 1), `"id":"a"`, `"id":"s"`)), http.StatusCreated, `"class":"s3"`)
	if strings.Contains(secret.body, "52.6") {
		t.Errorf("read back: %s", secret.body)
	}
	l.sound()
}

// A secret contribution is read back as it is stored: without where it was.
func TestSecretsAreNotReadBack(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleSupplier, "", builder)
	a := l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("s", builder, `"title":"Beds for the refuge","postcode":"NR1 3JU","latitude":52.6309,"longitude":1.2974`)), http.StatusCreated, `"class":"s3"`)
	for _, text := range []string{"NR1", "52.6", "refuge"} {
		if strings.Contains(a.body, text) || l.count("SELECT count(*) FROM raw.idempotency WHERE convert_from(body, 'UTF8') LIKE '%' || $1 || '%'", text) > 0 {
			t.Errorf("%q is kept: %s", text, a.body)
		}
	}
}
