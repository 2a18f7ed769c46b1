package web

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"tributary/data"
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
	if l.srv, err = NewServer(Config{BaseURL: h.base, Params: postgis.ActivityParams, TileCacheBytes: 1 << 20, SignIn: SignIn{Development: people}}, l.store); err != nil {
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

func TestPeopleSignInAndOut(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	if p := b.get("/work"); p.StatusCode != http.StatusOK || p.Request.URL.Path != "/sign-in" || p.Request.URL.Query().Get("to") != "/work" {
		t.Errorf("who has not signed in is at %s, %d", p.Request.URL, p.StatusCode)
	}
	p := b.signIn("office")
	if p.StatusCode != http.StatusOK || p.Request.URL.Path != "/work" || !strings.Contains(p.body, "The office") || p.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("signed in: %s, %d, %v: %.500s", p.Request.URL, p.StatusCode, p.Header, p.body)
	}
	if n := h.count("SELECT count(*) FROM raw.session"); n != 1 {
		t.Errorf("%d sessions", n)
	}
	u, _ := url.Parse(h.base)
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == signInCookie {
			t.Error("the cookie of the attempt is still there")
		}
		if h.count("SELECT count(*) FROM raw.session s WHERE encode(s.hash, 'escape') LIKE '%' || $1 || '%'", c.Value) != 0 {
			t.Error("the session's secret is stored")
		}
	}
	newcomer := h.browser()
	if p := newcomer.signIn("nobody"); !strings.Contains(p.body, "nobody has given you access") {
		t.Errorf("a newcomer sees %.500s", p.body)
	}
	// The cookie of a session that has ended lets nobody in.
	before := slices.Clone(b.Jar.Cookies(u))
	if p := b.post("/sign-out", url.Values{tokenField: {p.token(t)}}); !strings.Contains(p.body, "You have signed out") {
		t.Errorf("after signing out: %.300s", p.body)
	}
	b.Jar.SetCookies(u, before)
	if p := b.get("/work"); p.Request.URL.Path != "/sign-in" {
		t.Errorf("an ended session is at %s", p.Request.URL)
	}
	if n := h.count("SELECT count(*) FROM audit.log WHERE action = 'sign in'"); n != 2 {
		t.Errorf("%d sign-ins in the audit log, want 2", n)
	}
}

func TestSessionsRunOut(t *testing.T) {
	h := newHouse(t)
	for name, sql := range map[string]string{
		"an hour without a request":  "UPDATE raw.session SET used_at = now() - interval '61 minutes'",
		"twelve hours":               "UPDATE raw.session SET created_at = now() - interval '721 minutes'",
		"access taken away":          "DELETE FROM raw.session",
		"another session's database": "UPDATE raw.session SET hash = sha256('x')",
	} {
		b := h.browser()
		p := b.signIn("supplier")
		h.run(sql)
		if p := b.get("/work"); p.Request.URL.Path != "/sign-in" {
			t.Errorf("%s: still in, at %s", name, p.Request.URL)
		}
		if p := b.post("/sign-out", url.Values{tokenField: {p.token(t)}}); p.StatusCode != http.StatusUnauthorized || !strings.Contains(p.body, "You have been signed out") {
			t.Errorf("%s: a form is answered %d", name, p.StatusCode)
		}
	}
}

// Tokens that must not let anyone in, each made from the claims of a good one.
func TestForgedTokensAreRefused(t *testing.T) {
	h := newHouse(t)
	dev := h.srv.signIn.development
	good := dev.Sign
	public, kid := dev.Public()
	strange, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	with := func(change map[string]any) func(map[string]any) (string, error) {
		return func(claims map[string]any) (string, error) {
			maps.Copy(claims, change)
			return good(claims)
		}
	}
	hmac := func(secret []byte) func(map[string]any) (string, error) {
		return func(claims map[string]any) (string, error) {
			signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: secret}, (&jose.SignerOptions{}).WithHeader("kid", kid))
			if err != nil {
				return "", err
			}
			return jwt.Signed(signer).Claims(claims).Serialize()
		}
	}
	now := time.Now()
	forgers := map[string]func(map[string]any) (string, error){
		"no signature": func(claims map[string]any) (string, error) {
			head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
			body, err := json.Marshal(claims)
			return head + "." + base64.RawURLEncoding.EncodeToString(body) + ".", err
		},
		"public key as shared secret": hmac(der),
		"another shared secret":       hmac([]byte(strings.Repeat("secret", 10))),
		"another key, same kid":       func(c map[string]any) (string, error) { return issuer.SignWith(strange, kid, c) },
		"another key, unknown kid":    func(c map[string]any) (string, error) { return issuer.SignWith(strange, "unknown", c) },
		"another audience":            with(map[string]any{"aud": "another"}),
		"several audiences":           with(map[string]any{"aud": []string{"tributary", "another"}, "azp": "another"}),
		"another issuer":              with(map[string]any{"iss": "https://evil.example"}),
		"expired":                     with(map[string]any{"exp": now.Add(-time.Hour).Unix()}),
		"not yet":                     with(map[string]any{"nbf": now.Add(time.Hour).Unix()}),
		"another attempt's nonce":     with(map[string]any{"nonce": "x"}),
		"no nonce":                    with(map[string]any{"nonce": ""}),
		"nobody":                      with(map[string]any{"sub": ""}),
		"somebody endless":            with(map[string]any{"sub": strings.Repeat("x", 256)}),
		"no token":                    func(map[string]any) (string, error) { return "", nil },
		"no JWT":                      func(map[string]any) (string, error) { return "a.b.c", nil },
		"changed after signing": func(claims map[string]any) (string, error) {
			token, err := good(claims)
			parts := strings.Split(token, ".")
			claims["sub"] = "admin"
			body, _ := json.Marshal(claims)
			parts[1] = base64.RawURLEncoding.EncodeToString(body)
			return strings.Join(parts, "."), err
		},
	}
	for _, name := range slices.Sorted(maps.Keys(forgers)) {
		dev.Sign = forgers[name]
		p := h.browser().signIn("office")
		if p.StatusCode != http.StatusForbidden || !strings.Contains(p.body, "You are not signed in") {
			t.Errorf("%s: %d at %s: %.300s", name, p.StatusCode, p.Request.URL, p.body)
		}
	}
	if n := h.count("SELECT count(*) FROM raw.session"); n != 0 {
		t.Errorf("%d sessions were begun", n)
	}
	dev.Sign = good
	if p := h.browser().signIn("office"); p.Request.URL.Path != "/work" {
		t.Errorf("a good token: %s", p.Request.URL)
	}
	dev.Sign = with(map[string]any{"aud": []string{"tributary", "another"}, "azp": "tributary"})
	if p := h.browser().signIn("office"); p.Request.URL.Path != "/work" {
		t.Errorf("a token for several, ours to use: %s", p.Request.URL)
	}
	t.Logf("%d forged tokens were refused", len(forgers))
}

// What another browser or another attempt was answered signs nobody in.
func TestSignInAnswersAreForOneAttempt(t *testing.T) {
	h := newHouse(t)
	stop := errStop{}
	hold := func(b *browser) string {
		var back string
		b.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
			if req.URL.Path == signInBack {
				back = req.URL.RequestURI()
				return stop
			}
			return nil
		}
		asks := b.get("/sign-in/start")
		fields := url.Values{"subject": {"office"}}
		for _, m := range hiddenField.FindAllStringSubmatch(asks.body, -1) {
			fields.Set(m[1], m[2])
		}
		res, err := b.PostForm(h.base+developmentPath+"/authorize", fields)
		if err == nil {
			res.Body.Close()
		}
		b.CheckRedirect = nil
		if back == "" {
			t.Fatal("the issuer sent nobody back")
		}
		return back
	}
	victim, attacker := h.browser(), h.browser()
	got := hold(attacker)
	if p := victim.get(got); p.StatusCode != http.StatusForbidden {
		t.Errorf("another browser's answer: %d", p.StatusCode)
	}
	hold(victim)
	if p := victim.get(got); p.StatusCode != http.StatusForbidden {
		t.Errorf("another attempt's answer: %d", p.StatusCode)
	}
	if p := attacker.get(got); p.Request.URL.Path != "/work" {
		t.Errorf("its own answer: %s, %d", p.Request.URL, p.StatusCode)
	}
	if p := attacker.get(got); p.StatusCode != http.StatusForbidden {
		t.Errorf("the same answer twice: %d", p.StatusCode)
	}
	for _, q := range []string{"", "?code=x", "?state=x&code=x", "?error=access_denied"} {
		if p := h.browser().get(signInBack + q); p.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", q, p.StatusCode)
		}
	}
}

type errStop struct{}

func (errStop) Error() string { return "stop" }

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	token := b.signIn("office").token(t)
	for name, change := range map[string]func(*http.Request){
		"no token": func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("")) },
		"wrong token": func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(tokenField + "=" + strings.Repeat("0", 32)))
		},
		"another origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"another site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"same site":      func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
	} {
		req, err := http.NewRequest(http.MethodPost, h.base+"/sign-out", strings.NewReader(tokenField+"="+token))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.ContentLength = -1
		change(req)
		if p := b.read(b.Do(req)); p.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", name, p.StatusCode)
		}
	}
	if p := b.get("/work"); p.Request.URL.Path != "/work" {
		t.Error("one of them signed the person out")
	}
}

func TestPeopleComeBackToTheirOwnPagesAlone(t *testing.T) {
	for to, want := range map[string]string{
		"/work": "/work", "/work/claim?order=1": "/work/claim?order=1", "": "/work", "/": "/work", "//evil.example": "/work", "https://evil.example/work": "/work",
		"/work/\\evil.example": "/work/\\evil.example"[:0] + "/work", "/workshop": "/work", "/work\r\nSet-Cookie: a=b": "/work", "/sign-out": "/work",
	} {
		if got := ownPath(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

// Over HTTPS cookies are for this host alone and never sent in the clear.
func TestCookiesAreKept(t *testing.T) {
	for base, name := range map[string]string{"https://map.example": "__Host-session", "http://127.0.0.1:8080": "session"} {
		s := &Server{cfg: Config{BaseURL: base}}
		w := httptest.NewRecorder()
		s.setCookie(w, sessionCookie, "x", sessionLife)
		c := w.Result().Cookies()[0]
		if c.Name != name || !c.HttpOnly || c.Secure != strings.HasPrefix(base, "https") || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != int(sessionLife.Seconds()) {
			t.Errorf("%s: %s", base, c.Raw)
		}
	}
}

// Every route says who may ask it; those for people answer nobody else, and
// those of other roles as if they were not there.
func TestEveryRouteHasARule(t *testing.T) {
	h := newHouse(t)
	browsers := map[string]*browser{}
	for _, name := range cast {
		browsers[name] = h.browser()
		browsers[name].signIn(name)
		browsers[name].CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	stranger := h.browser()
	stranger.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	roleOf := map[string]data.AccessRole{"office": data.RoleOffice, "kent-office": data.RoleOffice, "provider": data.RoleProvider, "supplier": data.RoleSupplier, "other-supplier": data.RoleSupplier, "buyer": data.RoleBuyer, "hub": data.RoleHub, "admin": data.RoleAdmin}
	asked := 0
	for _, rt := range h.srv.every() {
		if rt.rule == ruleNone {
			t.Errorf("nobody has said who may ask %s %s", rt.method, rt.path)
		}
		if rt.rule != ruleSignedIn || rt.path == "/sign-out" {
			continue
		}
		path := strings.NewReplacer("{kind}", "activities", "{id}", "none", "{journey}", "none", "{page}", "1").Replace(rt.path)
		for _, method := range rt.methods() {
			ask := func(b *browser) page {
				req, err := http.NewRequest(method, h.base+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				asked++
				return b.read(b.Do(req))
			}
			p := ask(stranger)
			if post := method == http.MethodPost; post && p.StatusCode != http.StatusUnauthorized || !post && (p.StatusCode != http.StatusSeeOther || !strings.HasPrefix(p.Header.Get("Location"), "/sign-in?")) {
				t.Errorf("%s %s to a stranger: %d", method, path, p.StatusCode)
			}
			absent := browsers["nobody"].get("/work/" + "not-there")
			for _, name := range cast {
				p := ask(browsers[name])
				may := len(rt.roles) == 0 || slices.Contains(rt.roles, roleOf[name])
				if !may && (p.StatusCode != http.StatusNotFound || method == http.MethodGet && titleOf(p.body) != titleOf(absent.body)) {
					t.Errorf("%s %s to %s, who may not: %d %s", method, path, name, p.StatusCode, titleOf(p.body))
				}
				if p.StatusCode >= 500 {
					t.Errorf("%s %s to %s: %d", method, path, name, p.StatusCode)
				}
			}
		}
	}
	t.Logf("%d routes, %d requests of people", len(h.srv.every()), asked)
}

func titleOf(body string) string {
	_, rest, _ := strings.Cut(body, "<title>")
	title, _, _ := strings.Cut(rest, "</title>")
	return title
}

// Who gives access gives no more than they have.
func TestOfficesGiveAccessWithinTheirTerritories(t *testing.T) {
	h := newHouse(t)
	office := &data.Key{ID: "o", Person: true, Role: data.RoleOffice, Territories: []string{"norfolk"}}
	who := postgis.Actor{Name: office.Name(), Territories: "*"}
	h.browser().signIn("nobody")
	accounts, err := h.store.Accounts(t.Context(), who, office.Territories)
	if err != nil {
		t.Fatal(err)
	}
	var code, kent string
	for _, a := range accounts {
		if a.Access == nil {
			code = a.ID
		} else if !slices.Contains(a.Access.Territories, "norfolk") {
			t.Errorf("an office sees %s of %v", a.Label, a.Access.Territories)
		}
	}
	all, err := h.store.Accounts(t.Context(), postgis.Operator, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.Label == "The kent-office" {
			kent = a.ID
		}
	}
	give := func(id string, k data.Key) error {
		return h.store.Grant(t.Context(), who, office, id, "Somebody", k)
	}
	for name, k := range map[string]data.Key{
		"admin": {Role: data.RoleAdmin}, "hub": {Role: data.RoleHub, Territories: []string{"norfolk"}}, "kent": {Role: data.RoleOffice, Territories: []string{"kent"}},
		"everywhere": {Role: data.RoleSupplier, Organisation: builder}, "both": {Role: data.RoleOffice, Territories: []string{"norfolk", "kent"}}, "no organisation": {Role: data.RoleSupplier, Territories: []string{"norfolk"}},
	} {
		if err := give(code, k); err == nil {
			t.Errorf("an office of Norfolk gave %s", name)
		}
	}
	if err := give(kent, data.Key{Role: data.RoleOffice, Territories: []string{"norfolk"}}); err == nil {
		t.Error("an office took another's account")
	}
	if err := h.store.EndAccess(t.Context(), who, kent, office.Territories); err == nil {
		t.Error("an office ended another's account")
	}
	if err := give(code, data.Key{Role: data.RoleSupplier, Organisation: builder, Territories: []string{"Norfolk"}}); err != nil {
		t.Fatal(err)
	}
	if err := h.store.EndAccess(t.Context(), who, code, office.Territories); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(h.count("SELECT count(*) FROM audit.log WHERE action IN ('give access', 'end access') AND actor = 'person:o'")); got != "2" {
		t.Errorf("%s changes of access in the audit log, want 2", got)
	}
}
