package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"tributary/web/issuer"
)

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

// However many tokens name keys that there are not, the issuer is asked for its
// keys a few times and then at a steady rate; meanwhile people sign in.
func TestUnknownKeysAreNotFetchedEachTime(t *testing.T) {
	h := newHouse(t)
	var fetched atomic.Int64
	h.hs.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == developmentPath+"/keys" {
			fetched.Add(1)
		}
		h.srv.ServeHTTP(w, r)
	})
	dev := h.srv.signIn.development
	good := dev.Sign
	strange, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	began, tokens := time.Now(), 0
	if p := h.browser().signIn("office"); p.Request.URL.Path != "/work" {
		t.Fatalf("a good token: %s", p.Request.URL)
	}
	for ; tokens < 40; tokens++ {
		dev.Sign = func(c map[string]any) (string, error) {
			return issuer.SignWith(strange, fmt.Sprint("unknown-", tokens), c)
		}
		if p := h.browser().signIn("office"); p.StatusCode != http.StatusForbidden {
			t.Errorf("an unknown key: %d", p.StatusCode)
		}
		if tokens%10 == 0 {
			dev.Sign = good
			if p := h.browser().signIn("office"); p.Request.URL.Path != "/work" {
				t.Errorf("a good token among them: %s", p.Request.URL)
			}
		}
	}
	most := int64(keysAtOnce) + int64(time.Since(began)/keysEvery) + 1
	if n := fetched.Load(); n == 0 || n > most || most >= int64(tokens) {
		t.Errorf("the keys were fetched %d times for %d tokens, at most %d were due", n, tokens, most)
	}
	t.Logf("%d tokens of unknown keys: the issuer was asked for its keys %d times", tokens, fetched.Load())
}
