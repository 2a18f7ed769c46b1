package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

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
