package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// AssetPrefix is the path under which the built web app is served. Vite's
// base in web/app/vite.config.ts is the same.
const AssetPrefix = "/assets/"

// dist is the built web app. It holds only .gitkeep until `npm run build` has
// run in web/app; Go builds either way.
//
//go:embed all:dist
var dist embed.FS

// mainEntry is the key of the app's entry in Vite's manifest.
const mainEntry = "src/main.ts"

// Assets is the built web app: scripts, styles and fonts, each with its
// content type, its hash and the compressed forms made at build time. It is
// immutable after construction.
type Assets struct {
	files  map[string]asset // by path below AssetPrefix
	script string           // URL of the entry module; empty when not built
	styles []string         // URLs of the entry's style sheets
	icon   string           // URL of the icon; empty when not built
}

// An asset is one file with its encodings: "" (identity), "gzip", "br".
type asset struct {
	contentType string
	hash        string // of the identity form
	immutable   bool   // the name carries a content hash
	bodies      map[string][]byte
}

// EmbeddedAssets returns the web app built into this binary.
func EmbeddedAssets() (*Assets, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("open the embedded web app: %w", err)
	}
	return NewAssets(sub)
}

// NewAssets reads a built web app. A tree without a manifest is one that has
// not been built: it serves nothing and [Assets.Built] is false.
func NewAssets(tree fs.FS) (*Assets, error) {
	a := &Assets{files: map[string]asset{}}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, ".") {
			return err
		}
		switch path.Ext(name) {
		case ".gz", ".br":
			return nil // read beside the file it belongs to
		}
		f, err := readAsset(tree, name)
		if err != nil {
			return err
		}
		a.files[name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the web app: %w", err)
	}
	if err := a.readManifest(tree); err != nil {
		return nil, fmt.Errorf("read the web app's manifest: %w", err)
	}
	return a, nil
}

// Built reports whether there is a web app. Pages work without one, without
// styles and without a live map.
func (a *Assets) Built() bool { return a.script != "" }

// readManifest finds the entry's script and styles.
func (a *Assets) readManifest(tree fs.FS) error {
	raw, err := fs.ReadFile(tree, ".vite/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var manifest map[string]struct {
		File string   `json:"file"`
		CSS  []string `json:"css"`
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return err
	}
	entry, ok := manifest[mainEntry]
	if !ok {
		return fmt.Errorf("it has no entry %q", mainEntry)
	}
	for _, name := range append([]string{entry.File}, entry.CSS...) {
		if _, ok := a.files[name]; !ok {
			return fmt.Errorf("it names %q, which is not there", name)
		}
	}
	a.script = AssetPrefix + entry.File
	for _, name := range entry.CSS {
		a.styles = append(a.styles, AssetPrefix+name)
	}
	if _, ok := a.files["icon.svg"]; ok {
		a.icon = AssetPrefix + "icon.svg"
	}
	return nil
}

// contentTypes are set here because mime.TypeByExtension depends on the host's
// tables. A file of any other kind is refused at start.
var contentTypes = map[string]string{
	".js":    "text/javascript; charset=utf-8",
	".mjs":   "text/javascript; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// hashedName matches the names that Vite gives to files with a content hash.
var hashedName = regexp.MustCompile(`-[A-Za-z0-9_-]{8}\.[a-z0-9]+$`)

func readAsset(tree fs.FS, name string) (asset, error) {
	contentType, ok := contentTypes[path.Ext(name)]
	if !ok {
		return asset{}, fmt.Errorf("%s: no content type is known for %q", name, path.Ext(name))
	}
	body, err := fs.ReadFile(tree, name)
	if err != nil {
		return asset{}, err
	}
	sum := sha256.Sum256(body)
	f := asset{
		contentType: contentType,
		hash:        hex.EncodeToString(sum[:12]),
		immutable:   hashedName.MatchString(name),
		bodies:      map[string][]byte{"": body},
	}
	for coding, ext := range map[string]string{"gzip": ".gz", "br": ".br"} {
		compressed, err := fs.ReadFile(tree, name+ext)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return asset{}, err
		default:
			f.bodies[coding] = compressed
		}
	}
	return f, nil
}

// ServeHTTP answers for paths below [AssetPrefix].
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[strings.TrimPrefix(r.URL.Path, AssetPrefix)]
	if !ok {
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	h := w.Header()
	coding := f.bestCoding(r.Header.Get("Accept-Encoding"))
	etag := `"` + f.hash + `"`
	if coding != "" {
		etag = `"` + f.hash + "-" + coding + `"`
		h.Set("Content-Encoding", coding)
	}
	h.Set("Content-Type", f.contentType)
	h.Set("ETag", etag)
	h.Set("X-Content-Type-Options", "nosniff")
	if len(f.bodies) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	if f.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "public, max-age=3600")
	}
	if etagMatches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.bodies[coding]
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body) // the client has gone if this fails
	}
}

// bestCoding is the smallest form that an Accept-Encoding header allows.
func (f asset) bestCoding(accept string) string {
	for _, coding := range []string{"br", "gzip"} {
		if _, ok := f.bodies[coding]; ok && acceptsCoding(accept, coding) {
			return coding
		}
	}
	return ""
}

// acceptsCoding reports whether an Accept-Encoding header takes a coding.
func acceptsCoding(accept, coding string) bool { return codingQuality(accept, coding) > 0 }

// codingQuality is how much an Accept-Encoding header likes a coding, from 0,
// not at all, to 1 (RFC 9110 section 12.5.3). What is not named goes by "*";
// identity is taken, but liked least, unless it is refused.
func codingQuality(accept, coding string) float64 {
	const least = 0.0001
	named, any := -1.0, -1.0
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		name = strings.TrimSpace(name)
		q := 1.0
		if value, given := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q="); given {
			parsed, err := strconv.ParseFloat(value, 64)
			if q = parsed; err != nil || !(q >= 0 && q <= 1) {
				q = 0
			}
		}
		switch {
		case strings.EqualFold(name, coding):
			named = q
		case name == "*":
			any = q
		}
	}
	switch {
	case named >= 0:
		return named
	case any >= 0:
		return any
	case coding == "identity":
		return least
	}
	return 0
}

// etagMatches reports whether an If-None-Match header names etag. Weak and
// strong forms compare equal, as RFC 9110 section 13.1.2 asks.
func etagMatches(header, etag string) bool {
	want := strings.TrimPrefix(etag, "W/")
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimSpace(part)
		if part == "*" || strings.TrimPrefix(part, "W/") == want {
			return true
		}
	}
	return false
}
