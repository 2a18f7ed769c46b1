package web

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tributary/data"
)

func TestStaticMap(t *testing.T) {
	src := newFakeSource()
	p := testPages(t, src)
	w, err := get(p.StaticMap, "/static-map.svg")
	if err != nil {
		t.Fatal(err)
	}
	body := w.Body.String()
	mustHold(t, body, "Essex: 1,200 activities", "Gwent: 0 activities", noneColour, "None", `viewBox="0.0 0.0 600.0`)
	if strings.Contains(body, "style=") {
		t.Error("a style attribute, which the CSP forbids")
	}
	if got := strings.Count(body, "<path"); got != 3 {
		t.Errorf("%d outlines, want 3", got)
	}
	wellFormed(t, body)
	if _, err := get(p.StaticMap, "/static-map.svg?status=validated"); err != nil {
		t.Fatal(err)
	}
	if src.outlines != 1 {
		t.Errorf("the outlines were drawn %d times for one version of the boundaries", src.outlines)
	}
}

func wellFormed(t *testing.T, body string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(body))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("not XML: %v", err)
		}
	}
}

func TestStaticMapFocus(t *testing.T) {
	p := testPages(t, newFakeSource())
	for focus, title := range map[string]string{"norfolk": "Where Norfolk is", "E12000006": "The territories of the region"} {
		w, err := get(p.StaticMap, "/static-map.svg?focus="+focus)
		if err != nil {
			t.Fatal(err)
		}
		mustHold(t, w.Body.String(), title, classColours[1])
		wellFormed(t, w.Body.String())
	}
	if _, err := get(p.StaticMap, "/static-map.svg?focus=atlantis"); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("error %v, want not found", err)
	}
}

func TestStaticMapRevalidates(t *testing.T) {
	p := testPages(t, newFakeSource())
	first, _ := get(p.StaticMap, "/static-map.svg")
	r := httptest.NewRequest(http.MethodGet, "/static-map.svg", nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	w := httptest.NewRecorder()
	if err := p.StaticMap(w, r); err != nil || w.Code != http.StatusNotModified {
		t.Errorf("status %d, error %v", w.Code, err)
	}
}

func TestStaticMapKey(t *testing.T) {
	p := testPages(t, newFakeSource())
	w, err := get(p.StaticMap, "/static-map.svg?key=none")
	if err != nil || strings.Contains(w.Body.String(), "font-size") {
		t.Errorf("a key that was not asked for, or error %v", err)
	}
	var invalid *data.Invalid
	if _, err := get(p.StaticMap, "/static-map.svg?key=big"); !errors.As(err, &invalid) || invalid.Field != "key" {
		t.Errorf("error %v, want one about key", err)
	}
}
