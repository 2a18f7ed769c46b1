package web

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tributary/data"
	"tributary/data/load"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	"tributary/web/issuer"
)

// cast are the people of tests, by what the issuer calls them.
var cast = []string{"office", "kent-office", "provider", "supplier", "other-supplier", "buyer", "hub", "admin", "nobody"}

// house is a server with the built-in issuer over a database of its own.
type house struct {
	*ledger
	base string
}

func newHouse(t testing.TB) *house {
	t.Helper()
	l := &ledger{t: t, url: pgtest.URL(t)}
	var err error
	if l.store, err = postgis.Open(context.Background(), l.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.store.Close)
	l.hs = httptest.NewUnstartedServer(nil)
	h := &house{ledger: l, base: "http://" + l.hs.Listener.Addr().String()}
	people := []issuer.Person{}
	for _, name := range cast {
		people = append(people, issuer.Person{Subject: name, Name: strings.ToUpper(name)})
	}
	if l.srv, err = NewServer(Config{BaseURL: h.base, Params: postgis.ActivityParams, TileCacheBytes: 1 << 20, SignIn: SignIn{Development: people}, ReadFile: load.Uploaded, Mail: true}, l.store); err != nil {
		t.Fatal(err)
	}
	l.hs.Config = HTTPServer(l.srv)
	l.hs.Start()
	t.Cleanup(l.hs.Close)
	org := func(role data.AccessRole, id string) data.Key { return data.Key{Role: role, Organisation: id} }
	access := map[string]data.Key{
		"office": {Role: data.RoleOffice, Territories: []string{"norfolk"}, Source: "norfolk"}, "kent-office": {Role: data.RoleOffice, Territories: []string{"kent"}, Source: "kent"},
		"provider": org(data.RoleProvider, "GB-CHC-1090095"), "supplier": org(data.RoleSupplier, builder), "other-supplier": org(data.RoleSupplier, other), "buyer": org(data.RoleBuyer, "GB-COH-00000002"),
		"hub": {Role: data.RoleHub, Territories: []string{"norfolk"}, Source: "hub"}, "admin": {Role: data.RoleAdmin, Source: "admin"},
	}
	var given []data.DemonstrationPerson
	for name, k := range access {
		given = append(given, data.DemonstrationPerson{Subject: name, Name: "The " + name, Access: k})
	}
	if err := l.store.DemonstrationAccounts(context.Background(), postgis.Operator, DevelopmentIssuer, given); err != nil {
		t.Fatal(err)
	}
	return h
}

// browser keeps cookies and follows redirects as a browser does.
type browser struct {
	*http.Client
	h *house
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{&http.Client{Jar: jar}, h}
}

// page is what a browser shows.
type page struct {
	*http.Response
	body string
}

func (b *browser) read(res *http.Response, err error) page {
	b.h.t.Helper()
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return page{res, string(body)}
}

func (b *browser) get(path string) page { return b.read(b.Get(b.h.base + path)) }

func (b *browser) send(method, path, media string, body io.Reader) page {
	b.h.t.Helper()
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.base+path, body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", media)
	return b.read(b.Do(r))
}

func (b *browser) post(path string, fields url.Values) page {
	return b.read(b.PostForm(b.h.base+path, fields))
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// signIn goes through the issuer as a person would, and returns the page after.
func (b *browser) signIn(subject string) page {
	b.h.t.Helper()
	asks := b.get("/sign-in/start?to=/work")
	fields := url.Values{"subject": {subject}}
	for _, m := range hiddenField.FindAllStringSubmatch(asks.body, -1) {
		fields.Set(m[1], strings.ReplaceAll(strings.ReplaceAll(m[2], "&#43;", "+"), "&amp;", "&"))
	}
	return b.post(developmentPath+"/authorize", fields)
}

// token is the form token of the page that a browser is on.
func (p page) token(t testing.TB) string {
	t.Helper()
	for _, m := range hiddenField.FindAllStringSubmatch(p.body, -1) {
		if m[1] == tokenField {
			return m[2]
		}
	}
	t.Fatalf("%s has no form token: %.300s", p.Request.URL, p.body)
	return ""
}

// titleOf is the title of a page.
func titleOf(body string) string {
	_, rest, _ := strings.Cut(body, "<title>")
	title, _, _ := strings.Cut(rest, "</title>")
	return title
}
