package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tributary/data"
	"tributary/web/issuer"
)

// SignIn says how people sign in. Without an issuer nobody can.
type SignIn struct {
	// Issuer is the OpenID Connect issuer's URL, and the client is what it knows
	// this server by.
	Issuer, ClientID, ClientSecret string
	// Development, if not nil, is the issuer that is built in: anyone who can
	// reach this server may then be any of these people.
	Development []issuer.Person
}

const (
	// DevelopmentIssuer is what accounts of the built-in issuer are kept under.
	DevelopmentIssuer = "development"
	developmentPath   = "/development"
	signInBack        = "/sign-in/return"
	signInCookie      = "signing_in"
	signInLife        = 10 * time.Minute
)

// signIn is the client of the issuer.
type signIn struct {
	cfg         SignIn
	back        string
	http        *http.Client
	keys        *sparing
	development *issuer.Issuer
	known       string // what accounts are kept under

	mu       sync.Mutex
	provider *oidc.Provider
}

func newSignIn(cfg SignIn, base string) (*signIn, error) {
	s := &signIn{cfg: cfg, back: base + signInBack, keys: newSparing(), known: cfg.Issuer}
	s.http = &http.Client{Timeout: 10 * time.Second, Transport: s.keys}
	if cfg.Development == nil {
		return s, nil
	}
	s.cfg.Issuer, s.cfg.ClientID, s.cfg.ClientSecret, s.known = base+developmentPath, "tributary", "", DevelopmentIssuer
	var err error
	s.development, err = issuer.New(s.cfg.Issuer, s.cfg.ClientID, s.back, cfg.Development)
	return s, err
}

func (s *signIn) on() bool { return s.cfg.Issuer != "" }

// discover asks the issuer once for where its parts are. What fails is tried
// again by the next who signs in.
func (s *signIn) discover(ctx context.Context) (*oidc.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider != nil {
		return s.provider, nil
	}
	// The provider keeps its context for fetching keys later.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), s.http), s.cfg.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: the sign-in service: %w", errIssuer, err)
	}
	var parts struct {
		Keys string `json:"jwks_uri"`
	}
	if err := p.Claims(&parts); err != nil {
		return nil, fmt.Errorf("%w: the sign-in service: %w", errIssuer, err)
	}
	s.keys.of(parts.Keys)
	s.provider = p
	return p, nil
}

// errIssuer: the issuer does not answer as it should.
var errIssuer = errors.New("the issuer failed")

func (s *signIn) client(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: s.cfg.ClientID, ClientSecret: s.cfg.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: s.back, Scopes: []string{oidc.ScopeOpenID}}
}

// attempt is one attempt to sign in. It lives in a cookie of the browser that
// makes it, so that nothing is kept of those who never come back, and nobody
// can be signed in by an answer that another browser got.
type attempt struct{ state, nonce, verifier, to string }

func (a attempt) String() string {
	return strings.Join([]string{a.state, a.nonce, a.verifier, base64.RawURLEncoding.EncodeToString([]byte(a.to))}, ".")
}

func readAttempt(s string) (attempt, bool) {
	p := strings.Split(s, ".")
	if len(p) != 4 || p[0] == "" || p[1] == "" || p[2] == "" {
		return attempt{}, false
	}
	to, err := base64.RawURLEncoding.DecodeString(p[3])
	return attempt{p[0], p[1], p[2], string(to)}, err == nil
}

// ownPath is where somebody goes after they have signed in: a page of theirs,
// never another site.
func ownPath(to string) string {
	if (to == "/work" || strings.HasPrefix(to, "/work/") || strings.HasPrefix(to, "/work?")) && !strings.ContainsAny(to, "\\\r\n") && len(to) < 2000 {
		return to
	}
	return "/work"
}

// begin sends a browser to the issuer: GET /sign-in/start.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) error {
	q, err := params(r, "to")
	if err != nil {
		return err
	}
	if !s.signIn.on() {
		return data.ErrNotFound
	}
	p, err := s.signIn.discover(r.Context())
	if err != nil {
		return err
	}
	a := attempt{rand.Text(), rand.Text(), oauth2.GenerateVerifier(), ownPath(q.Get("to"))}
	s.setCookie(w, signInCookie, a.String(), signInLife)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, s.signIn.client(p).AuthCodeURL(a.state, oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(a.verifier)), http.StatusSeeOther)
	return nil
}

// returned takes a browser back from the issuer: GET /sign-in/return.
func (s *Server) returned(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	a, ok := readAttempt(s.readCookie(r, signInCookie))
	s.setCookie(w, signInCookie, "", 0)
	q := r.URL.Query()
	if !s.signIn.on() || !ok || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(a.state)) != 1 {
		return notSignedIn("The sign-in was begun in another window, or too long ago. Sign in again.")
	}
	if q.Get("code") == "" {
		return notSignedIn("The sign-in service did not let you in. Sign in again, or ask whoever looks after your account there.")
	}
	subject, err := s.signIn.redeem(r.Context(), q.Get("code"), a)
	if errors.Is(err, errIssuer) {
		return err
	}
	if err != nil {
		slog.WarnContext(r.Context(), "a sign-in was refused", "request", requestID(r.Context()), "error", err)
		return notSignedIn("The sign-in service's answer cannot be trusted. Sign in again; if it happens again, tell whoever runs this service.")
	}
	secret, err := s.src.SignIn(r.Context(), s.signIn.known, subject)
	if err != nil {
		return err
	}
	s.setCookie(w, sessionCookie, secret, sessionLife)
	http.Redirect(w, r, ownPath(a.to), http.StatusSeeOther)
	return nil
}

func notSignedIn(detail string) error {
	return refusal(http.StatusForbidden, "You are not signed in", detail)
}

// algorithms are those that a token may be signed with: public keys alone, so
// that nobody can pass the public key off as a shared secret (RFC 8725, 2.1).
var algorithms = []string{oidc.ES256, oidc.RS256, oidc.PS256, oidc.EdDSA}

// redeem exchanges a code for a token and returns whom it is about (OpenID
// Connect Core 1.0, 3.1.3.7).
func (s *signIn) redeem(ctx context.Context, code string, a attempt) (subject string, err error) {
	p, err := s.discover(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, s.http)
	tokens, err := s.client(p).Exchange(ctx, code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError {
			return "", err
		}
		return "", fmt.Errorf("%w: %w", errIssuer, err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := p.Verifier(&oidc.Config{ClientID: s.cfg.ClientID, SupportedSigningAlgs: algorithms}).Verify(ctx, raw)
	if err != nil {
		return "", err
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(a.nonce)) != 1 {
		return "", errors.New("the token is for another attempt: its nonce differs")
	}
	if len(token.Audience) > 1 {
		var more struct {
			Party string `json:"azp"`
		}
		if err := token.Claims(&more); err != nil || more.Party != s.cfg.ClientID {
			return "", errors.New("the token is for several parties and not ours to use")
		}
	}
	if token.Subject == "" || len(token.Subject) > 255 {
		return "", errors.New("the token is about nobody")
	}
	return token.Subject, nil
}

// params are the query's values, of the names that a page of people's takes.
func params(r *http.Request, names ...string) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, data.Invalidf("query", r.URL.RawQuery, "this address is not written correctly: start again from your page")
	}
	for name, values := range q {
		if !slices.Contains(names, name) {
			return nil, unknown(name, q.Get(name), names)
		}
		if len(values) > 1 {
			return nil, data.Invalidf(name, q.Get(name), "is given %d times: give it once", len(values))
		}
	}
	return q, nil
}
