// Package issuer is a small OpenID Connect issuer for trying and testing
// sign-in: whoever asks is let in as one of a list of made-up people, without a
// password. It must never be reached by anyone but this machine's own people;
// whoever starts it sees to that.
//
// It speaks what a client of the authorisation code flow with PKCE needs:
// discovery, keys, authorize and token (OpenID Connect Core 1.0; RFC 7636).
// Codes and keys live in memory. Start reading at New.
package issuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Person is somebody who can be signed in as.
type Person struct {
	Subject string
	Name    string
	About   string // one line: what they may do
}

// Issuer is safe for concurrent use. Its handlers are for the paths below its
// URL that [Issuer.ServeHTTP] knows.
type Issuer struct {
	// Sign makes the token of claims; tests put a forger in its place.
	Sign func(claims map[string]any) (string, error)

	url, client, back string
	people            []Person
	key               *ecdsa.PrivateKey
	kid               string

	mu    sync.Mutex
	codes map[string]granted
}

// granted is what a code stands for until it is redeemed.
type granted struct {
	subject, nonce, challenge string
	until                     time.Time
}

const (
	codeLife  = time.Minute
	tokenLife = 5 * time.Minute
	mostCodes = 1000
)

// New makes an issuer that is reached at issuerURL, for one client that people
// return to at back, and a key of its own.
func New(issuerURL, client, back string, people []Person) (*Issuer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("a key for the development issuer: %w", err)
	}
	i := &Issuer{url: issuerURL, client: client, back: back, people: people, key: key, kid: rand.Text()[:8], codes: map[string]granted{}}
	i.Sign = i.sign
	return i, nil
}

// People are those who can be signed in as.
func (i *Issuer) People() []Person { return slices.Clone(i.people) }

// sign makes a token with the issuer's own key.
func (i *Issuer) sign(claims map[string]any) (string, error) { return SignWith(i.key, i.kid, claims) }

// SignWith makes an ES256 token of claims with a key that goes by kid.
func SignWith(key *ecdsa.PrivateKey, kid string, claims map[string]any) (string, error) {
	opts := (&jose.SignerOptions{}).WithType("JWT").WithHeader(jose.HeaderKey("kid"), kid)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, opts)
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// Public is the issuer's public key and the name it goes by.
func (i *Issuer) Public() (*ecdsa.PublicKey, string) { return &i.key.PublicKey, i.kid }

// Discovery is the issuer's metadata (OpenID Connect Discovery 1.0).
func (i *Issuer) Discovery(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer": i.url, "authorization_endpoint": i.url + "/authorize", "token_endpoint": i.url + "/token", "jwks_uri": i.url + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
		"code_challenge_methods_supported": []string{"S256"}, "token_endpoint_auth_methods_supported": []string{"none"},
	})
}

// Keys is the issuer's key set (RFC 7517).
func (i *Issuer) Keys(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &i.key.PublicKey, KeyID: i.kid, Algorithm: "ES256", Use: "sig"}}})
}

// Authorize is a request to sign somebody in, once it has been found to be one
// of our client's.
type Authorize struct{ state, nonce, challenge string }

// Asked reads a request to sign somebody in. The error is for a person to read.
func (i *Issuer) Asked(q url.Values) (Authorize, error) {
	switch {
	case q.Get("client_id") != i.client || q.Get("redirect_uri") != i.back:
		return Authorize{}, fmt.Errorf("this issuer signs people in for its own server alone")
	case q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("state") == "":
		return Authorize{}, fmt.Errorf("the request to sign in is not whole: begin again")
	}
	return Authorize{q.Get("state"), q.Get("nonce"), q.Get("code_challenge")}, nil
}

// Choose signs in as a person and returns where their browser goes next.
func (i *Issuer) Choose(a Authorize, subject string) (string, error) {
	if !slices.ContainsFunc(i.people, func(p Person) bool { return p.Subject == subject }) {
		return "", fmt.Errorf("there is nobody called %q here", subject)
	}
	code := rand.Text()
	i.mu.Lock()
	defer i.mu.Unlock()
	now := time.Now()
	for c, g := range i.codes {
		if now.After(g.until) || len(i.codes) >= mostCodes {
			delete(i.codes, c)
		}
	}
	i.codes[code] = granted{subject, a.nonce, a.challenge, now.Add(codeLife)}
	return i.back + "?" + url.Values{"code": {code}, "state": {a.state}}.Encode(), nil
}

// Token redeems a code, once.
func (i *Issuer) Token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if err := r.ParseForm(); err != nil {
		refuse(w, "invalid_request")
		return
	}
	g, known := i.redeem(r.PostForm.Get("code"))
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	proof := base64.RawURLEncoding.EncodeToString(sum[:])
	if !known || subtle.ConstantTimeCompare([]byte(proof), []byte(g.challenge)) != 1 || r.PostForm.Get("redirect_uri") != i.back || i.clientOf(r) != i.client {
		refuse(w, "invalid_grant")
		return
	}
	now := time.Now()
	claims := map[string]any{"iss": i.url, "sub": g.subject, "aud": i.client, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix()}
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	token, err := i.Sign(claims)
	if err != nil {
		refuse(w, "server_error")
		return
	}
	answer(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "id_token": token})
}

// clientOf is the client that a request says it comes from.
func (i *Issuer) clientOf(r *http.Request) string {
	if id, _, ok := r.BasicAuth(); ok {
		return id
	}
	return r.PostForm.Get("client_id")
}

func (i *Issuer) redeem(code string) (granted, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	g, known := i.codes[code]
	delete(i.codes, code)
	return g, known && time.Now().Before(g.until)
}

func refuse(w http.ResponseWriter, why string) {
	answer(w, http.StatusBadRequest, map[string]string{"error": why})
}

func answer(w http.ResponseWriter, status int, body any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // the client has gone if this fails
}
