package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tributary/data"
	"tributary/data/demo"
)

// varying are what two answers to two requests differ in of themselves.
var varying = regexp.MustCompile(`"instance":"[^"]*"`)

// Another's record, and one that there is not, are answered alike: the same
// status, headers and body, whatever is asked of it, of every kind and by every
// role that the record is not for.
func TestAnothersIsAsIfNotThere(t *testing.T) {
	l := newLedger(t)
	populate(t, l.store, demo.New(demo.Options{Contributions: 200, Seed: 9}))
	conn, err := pgx.Connect(context.Background(), l.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	keys := map[data.AccessRole]string{
		data.RoleSupplier: l.key(data.RoleSupplier, "a", "stranger//1"), data.RoleProvider: l.key(data.RoleProvider, "b", "stranger//2"), data.RoleBuyer: l.key(data.RoleBuyer, "c", "stranger//3"),
		data.RoleOffice: l.key(data.RoleOffice, "d", "city-of-london"), data.RoleHub: l.key(data.RoleHub, "e", "city-of-london"),
	}
	owner := l.key(data.RoleAdmin, demo.Source)
	kinds, compared, own := 0, 0, 0
	for _, k := range data.Kinds {
		var id string
		if err := conn.QueryRow(context.Background(), "SELECT external_id FROM raw."+k.Name+" WHERE source = $1 ORDER BY id LIMIT 1", demo.Source).Scan(&id); err != nil {
			continue // nothing of the kind is made up
		}
		kinds++
		path := "/api/v1/" + slug(k) + "/"
		if a := l.ask(owner, http.MethodGet, path+url.PathEscape(id), ""); a.StatusCode == http.StatusOK {
			own++
		} else if a.StatusCode != http.StatusForbidden && a.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s%s by its own: %d %.200s", path, id, a.StatusCode, a.body)
		}
		there, none := url.PathEscape(demo.Source+"//"+id), url.PathEscape(demo.Source+"//no-such-"+id)
		for _, role := range slices.Sorted(maps.Keys(keys)) {
			for method, body := range map[string]string{http.MethodGet: "", http.MethodPut: "{}", http.MethodPatch: "{}"} {
				a, b := l.ask(keys[role], method, path+there, body, "If-Match: *"), l.ask(keys[role], method, path+none, body, "If-Match: *")
				if a.StatusCode == http.StatusOK && method == http.MethodGet {
					continue // open to anybody who has a key
				}
				said := func(x answer, id string) string {
					return strings.ReplaceAll(varying.ReplaceAllString(x.body, ""), id, "ID")
				}
				compared++
				if a.StatusCode != b.StatusCode || said(a, id) != said(b, "no-such-"+id) || !sameHeaders(a.Header, b.Header) {
					t.Errorf("%s %s as %s: another's is %d %.300s %v; none is %d %.300s %v", method, path, role, a.StatusCode, a.body, a.Header, b.StatusCode, b.body, b.Header)
				}
			}
		}
	}
	if kinds < 20 || own < 10 || compared < 200 {
		t.Errorf("%d kinds, %d read by their own, %d compared: the test shows nothing", kinds, own, compared)
	}
	t.Logf("%d kinds × %d roles × 3 methods: %d pairs of answers were the same", kinds, len(keys), compared)
}

// sameHeaders reports whether two answers have the same headers, those aside that
// differ between any two.
func sameHeaders(a, b http.Header) bool {
	strip := func(h http.Header) http.Header {
		h = h.Clone()
		for _, name := range []string{"Date", "X-Request-Id", "Content-Length", "Ratelimit"} {
			h.Del(name)
		}
		return h
	}
	return maps.EqualFunc(strip(a), strip(b), slices.Equal)
}
