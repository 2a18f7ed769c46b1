package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func builtTree() fstest.MapFS {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		".gitkeep":            file(""),
		".vite/manifest.json": file(`{"src/main.ts":{"file":"main-AAAAAAAA.js","css":["main-BBBBBBBB.css"]}}`),
		"main-AAAAAAAA.js":    file("import x"),
		"main-AAAAAAAA.js.gz": file("gz"),
		"main-AAAAAAAA.js.br": file("br"),
		"main-BBBBBBBB.css":   file("body{}"),
		"sans-CCCCCCCC.woff2": file("font"),
		"icon.svg":            file("<svg/>"),
	}
}

func TestAssetsNotBuilt(t *testing.T) {
	a, err := NewAssets(fstest.MapFS{".gitkeep": &fstest.MapFile{}})
	if err != nil || a.Built() {
		t.Fatalf("built %v, error %v", a.Built(), err)
	}
	if _, err := EmbeddedAssets(); err != nil {
		t.Errorf("the embedded web app: %v", err)
	}
}

func TestAssetsServe(t *testing.T) {
	a, err := NewAssets(builtTree())
	if err != nil {
		t.Fatal(err)
	}
	if !a.Built() || a.script != "/assets/main-AAAAAAAA.js" || len(a.styles) != 1 || a.icon != "/assets/icon.svg" {
		t.Fatalf("entry %q, styles %v, icon %q", a.script, a.styles, a.icon)
	}
	tests := []struct {
		path, accept           string
		status                 int
		body, coding, mimeType string
		immutable              bool
	}{
		{"main-AAAAAAAA.js", "", 200, "import x", "", "text/javascript; charset=utf-8", true},
		{"main-AAAAAAAA.js", "gzip, deflate, br", 200, "br", "br", "text/javascript; charset=utf-8", true},
		{"main-AAAAAAAA.js", "gzip;q=0.5, br;q=0", 200, "gz", "gzip", "text/javascript; charset=utf-8", true},
		{"main-AAAAAAAA.js", "*", 200, "br", "br", "text/javascript; charset=utf-8", true},
		{"main-AAAAAAAA.js", "*;q=0, gzip", 200, "gz", "gzip", "text/javascript; charset=utf-8", true},
		{"main-BBBBBBBB.css", "br", 200, "body{}", "", "text/css; charset=utf-8", true},
		{"sans-CCCCCCCC.woff2", "br", 200, "font", "", "font/woff2", true},
		{"icon.svg", "", 200, "<svg/>", "", "image/svg+xml", false},
		{"main-AAAAAAAA.js.gz", "", 404, "", "", "", false},
		{".vite/manifest.json", "", 404, "", "", "", false},
		{"../assets.go", "", 404, "", "", "", false},
	}
	for _, test := range tests {
		r := httptest.NewRequest(http.MethodGet, "/assets/x", nil)
		r.URL.Path = "/assets/" + test.path
		if test.accept != "" {
			r.Header.Set("Accept-Encoding", test.accept)
		}
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		h := w.Header()
		if w.Code != test.status {
			t.Errorf("%s: status %d, want %d", test.path, w.Code, test.status)
			continue
		}
		if test.status != 200 {
			continue
		}
		if w.Body.String() != test.body || h.Get("Content-Encoding") != test.coding || h.Get("Content-Type") != test.mimeType {
			t.Errorf("%s (%s): %q as %q, %q", test.path, test.accept, w.Body, h.Get("Content-Encoding"), h.Get("Content-Type"))
		}
		if strings.Contains(h.Get("Cache-Control"), "immutable") != test.immutable {
			t.Errorf("%s: Cache-Control %q", test.path, h.Get("Cache-Control"))
		}
	}
}

func TestAssetsRevalidate(t *testing.T) {
	a, err := NewAssets(builtTree())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(accept, match string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/assets/main-AAAAAAAA.js", nil)
		r.Header.Set("Accept-Encoding", accept)
		r.Header.Set("If-None-Match", match)
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		return w
	}
	plain, packed := ask("", "").Header().Get("ETag"), ask("br", "").Header().Get("ETag")
	if plain == packed {
		t.Errorf("two forms share the entity tag %s", plain)
	}
	if w := ask("br", `"other", `+packed); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("status %d, %d bytes", w.Code, w.Body.Len())
	}
	if w := ask("br", plain); w.Code != http.StatusOK {
		t.Errorf("status %d for the tag of another form", w.Code)
	}
}

func TestAssetsRefuse(t *testing.T) {
	for name, tree := range map[string]fstest.MapFS{
		"unknown kind":   {"x.exe": &fstest.MapFile{}},
		"missing entry":  {".vite/manifest.json": &fstest.MapFile{Data: []byte(`{}`)}},
		"missing file":   {".vite/manifest.json": &fstest.MapFile{Data: []byte(`{"src/main.ts":{"file":"gone.js"}}`)}},
		"broken listing": {".vite/manifest.json": &fstest.MapFile{Data: []byte(`{`)}},
	} {
		if _, err := NewAssets(tree); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
