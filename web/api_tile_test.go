package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"tributary/tiles"
)

func TestChooseCoding(t *testing.T) {
	for accept, want := range map[string]tiles.Coding{
		"":                                 tiles.Identity,
		"gzip":                             tiles.Gzip,
		"GZIP":                             tiles.Gzip,
		"gzip, deflate, br, zstd":          tiles.Brotli,
		"br;q=0.5, gzip;q=0.8":             tiles.Gzip,
		"br;q=0.8 , gzip ; q=0.8":          tiles.Brotli,
		"br;q=0, *":                        tiles.Gzip,
		"*":                                tiles.Brotli,
		"*;q=0":                            tiles.Identity,
		"identity, gzip;q=0.5":             tiles.Identity,
		"identity;q=0.5, gzip;q=0.5":       tiles.Gzip,
		"gzip;q=0.001":                     tiles.Gzip,
		"gzip;q=0":                         tiles.Identity,
		"gzip;q=nonsense, br;q=2, deflate": tiles.Identity,
		"deflate, zstd":                    tiles.Identity,
	} {
		if got := chooseCoding(accept); got != want {
			t.Errorf("Accept-Encoding %q: %q, want %q", accept, got, want)
		}
	}
}

// Each coding is the same tile under a tag of its own; with its tag there is
// nothing to send, with another's there is; HEAD says what GET does. The second
// time round the address is known, and nothing else may differ.
func TestTileCodings(t *testing.T) {
	hs, _ := demonstration(t)
	for round := range 2 {
		var whole []byte
		tags := map[string]bool{}
		for _, coding := range []string{"", "gzip", "br"} {
			ask := func(method, tag string) (*http.Response, []byte) {
				r, err := http.NewRequest(method, hs.URL+"/tiles/territories,activities/5/15/10.mvt?status=validated", nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Accept-Encoding", coding)
				if tag != "" {
					r.Header.Set("If-None-Match", tag)
				}
				res, err := hs.Client().Do(r)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				b, err := io.ReadAll(res.Body)
				if err != nil {
					t.Fatal(err)
				}
				return res, b
			}
			res, b := ask(http.MethodGet, "")
			tag := res.Header.Get("ETag")
			tags[tag] = true
			if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != coding || res.Header.Get("Vary") != "Accept-Encoding" || res.Header.Get("Content-Length") != fmt.Sprint(len(b)) {
				t.Errorf("round %d, %q: %d %v", round, coding, res.StatusCode, res.Header)
			}
			if res.Header.Get("X-Request-Id") == "" || res.Header.Get("Content-Security-Policy") == "" || res.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("round %d, %q: headers are missing: %v", round, coding, res.Header)
			}
			plain := decoded(t, coding, b)
			if whole == nil {
				whole = plain
			}
			if len(plain) == 0 || !bytes.Equal(plain, whole) {
				t.Errorf("round %d, %q: another tile than as it is", round, coding)
			}
			if res, b := ask(http.MethodGet, tag); res.StatusCode != http.StatusNotModified || len(b) > 0 || res.Header.Get("ETag") != tag || res.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("round %d, %q: with its own tag %d %v", round, coding, res.StatusCode, res.Header)
			}
			if res, _ := ask(http.MethodGet, `W/"other", "another"`); res.StatusCode != http.StatusOK {
				t.Errorf("round %d, %q: with other tags %d", round, coding, res.StatusCode)
			}
			head, b2 := ask(http.MethodHead, "")
			if head.StatusCode != http.StatusOK || len(b2) > 0 || head.Header.Get("Content-Length") != fmt.Sprint(len(b)) || head.Header.Get("ETag") != tag || head.Header.Get("Content-Encoding") != coding {
				t.Errorf("round %d, %q: HEAD %d %v", round, coding, head.StatusCode, head.Header)
			}
		}
		if len(tags) != 3 {
			t.Errorf("round %d: %d tags for three codings", round, len(tags))
		}
	}
}

func decoded(t *testing.T, coding string, b []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(b)
	switch coding {
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	case "br":
		r = brotli.NewReader(r)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A known address is refused and answered as any other.
func TestKnownAddressesTakeNoOtherMethods(t *testing.T) {
	_, s := demonstration(t)
	path := "/tiles/territories/4/7/5.mvt"
	fetchTile := func(method string) int {
		r := httptest.NewRequest(method, path, nil)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	if got := fetchTile(http.MethodGet); got != http.StatusOK {
		t.Fatalf("GET %d", got)
	}
	if got := fetchTile(http.MethodPost); got != http.StatusMethodNotAllowed {
		t.Errorf("POST to a known address: %d", got)
	}
}
