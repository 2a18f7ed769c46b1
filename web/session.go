package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tributary/data"
)

// People are those who sign in. The store implements it.
type People interface {
	// SignIn begins a session of whom an issuer calls subject.
	SignIn(ctx context.Context, issuer, subject string) (secret string, err error)
	// SessionInForce is whose a session is; data.ErrSignedOut for anything else.
	SessionInForce(ctx context.Context, secret string) (*data.Account, error)
	SignOut(ctx context.Context, secret string) error
}

// visit is a request of somebody who has signed in.
type visit struct {
	account *data.Account
	secret  string
}

// by is what the visitor may do; nil if nobody has given them access.
func (v *visit) by() *data.Key { return v.account.Access }

// token goes with every form of the visitor's pages, so that no other site can
// send one in their name. It follows from the session's secret, which pages of
// other sites cannot read.
func (v *visit) token() string {
	sum := sha256.Sum256([]byte("form " + v.secret))
	return hex.EncodeToString(sum[:16])
}

// tokenField is the name of the form's field that holds the token.
const tokenField = "form_token"

// maxForm bounds what a form may hold, an upload apart.
const maxForm = 1 << 20

// cookies are named so that a browser takes them from this host alone, over
// HTTPS (RFC 6265bis, 4.1.3.2). A server on loopback has no HTTPS.
func (s *Server) cookie(name string) string {
	if s.https() {
		return "__Host-" + name
	}
	return name
}

func (s *Server) https() bool { return strings.HasPrefix(s.cfg.BaseURL, "https://") }

// setCookie sets a cookie that scripts cannot read; life 0 takes it away.
func (s *Server) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	c := &http.Cookie{Name: s.cookie(name), Value: value, Path: "/", MaxAge: int(life.Seconds()), HttpOnly: true, Secure: s.https(), SameSite: http.SameSiteLaxMode}
	if life == 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (s *Server) readCookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookie(name))
	if err != nil {
		return ""
	}
	return c.Value
}

const (
	sessionCookie = "session"
	sessionLife   = 12 * time.Hour // as in the database
)

// visitor finds who has signed in. data.ErrSignedOut if nobody has.
func (s *Server) visitor(r *http.Request) (*visit, error) {
	secret := s.readCookie(r, sessionCookie)
	if secret == "" || len(secret) > 200 {
		return nil, data.ErrSignedOut
	}
	a, err := s.src.SessionInForce(r.Context(), secret)
	if err != nil {
		return nil, err
	}
	return &visit{a, secret}, nil
}

// signedIn answers those who have signed in and have one of the roles; no roles
// is anyone who has signed in. To others there is nothing at the address: which
// pages there are for other roles is not told. Who has not signed in is sent to
// do so, and comes back.
func (s *Server) signedIn(roles []data.AccessRole, handle func(http.ResponseWriter, *http.Request, *visit) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Vary", "Cookie")
		v, err := s.visitor(r)
		if errors.Is(err, data.ErrSignedOut) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			http.Redirect(w, r, "/sign-in?"+url.Values{"to": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
			return nil
		}
		if err != nil {
			return err
		}
		if len(roles) > 0 && (v.by() == nil || !slices.Contains(roles, v.by().Role)) {
			return data.ErrNotFound
		}
		if r.Method == http.MethodPost {
			if err := s.ownForm(w, r, v); err != nil {
				return err
			}
		}
		return handle(w, r, v)
	}
}

// ownForm refuses a form that is not from a page of the visitor's own: by what
// the browser says of where it comes from, and by the token in it.
func (s *Server) ownForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	foreign := refusal(http.StatusForbidden, "This form was not sent from a page of yours", "Go back, load the page again, and send it once more.")
	if err := s.origin.Check(r); err != nil {
		return foreign
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	parse := r.ParseForm
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		parse = func() error { return r.ParseMultipartForm(maxForm) }
	}
	if err := parse(); err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return refusal(http.StatusRequestEntityTooLarge, "Too large", "A form may hold one megabyte: send less at a time.")
		}
		return refusal(http.StatusBadRequest, "This form cannot be read", "Go back, load the page again, and send it once more.")
	}
	if subtle.ConstantTimeCompare([]byte(r.PostForm.Get(tokenField)), []byte(v.token())) != 1 {
		return foreign
	}
	return nil
}

// signOut ends the session: POST /sign-out.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.src.SignOut(r.Context(), v.secret); err != nil {
		return err
	}
	s.setCookie(w, sessionCookie, "", 0)
	http.Redirect(w, r, "/sign-in?signed-out=yes", http.StatusSeeOther)
	return nil
}
