package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzhttp"

	"tributary/data"
)

//go:embed templates
var templateFiles embed.FS

// PageSource answers what the pages show. The store implements it; anything it
// returns may be seen by anyone.
type PageSource interface {
	Territories(ctx context.Context, f data.Filter) ([]data.TerritoryRow, error)
	Regions(ctx context.Context, f data.Filter) ([]data.RegionRow, error)
	Areas(ctx context.Context, f data.Filter) ([]data.AreaRow, error)
	Activities(ctx context.Context, f data.Filter, v data.View) (data.ActivityList, error)
	// Place: data.ErrNotFound when there is none that may be shown.
	Place(ctx context.Context, id string) (data.PlaceProfile, error)
	Search(ctx context.Context, q string) (data.SearchResult, error)
	Summary(ctx context.Context, f data.Filter) (data.Summary, error)
	BoundarySets(ctx context.Context) ([]data.BoundarySet, error)
	// Outlines are the boundaries in force of some kinds, simplified.
	Outlines(ctx context.Context, kinds ...data.BoundaryKind) ([]data.Outline, error)
}

// Pages renders every HTML page and the still map. All state is in the URL;
// the pages hold nothing but their templates and the drawn outlines.
type Pages struct {
	assets    *Assets
	src       PageSource
	scope     data.Scope
	signIn    bool // people can sign in
	templates map[string]*template.Template

	outlines struct {
		sync.Mutex
		version string
		paths   []outlinePath // territories
		areas   []outlinePath // districts or counties
	}
}

// pageNames are the templates that stand for a page; each is parsed together
// with the layout and the shared parts.
var pageNames = []string{
	"explore", "embed", "place", "search", "data", "help", "reports", "report", "coverage", "nearby", "flows", "contributions", "error",
	"activities", "activity", "compare", "schedule", "contact",
	"organisations", "organisation", "contracts", "contract", "placeview", "compareplaces",
	"signin", "development", "work", "workstart", "workquestions", "workcheck", "workdone", "worklist", "workrecord", "workaccess", "workclasses", "workmail", "worktell", "workmessage", "maillink", "workocds", "workupload", "workuploaded",
}

// NewPages parses the templates. scope is the filter's scope for activities,
// the same as the API's.
func NewPages(assets *Assets, src PageSource, scope data.Scope) (*Pages, error) {
	p := &Pages{assets: assets, src: src, scope: scope, templates: map[string]*template.Template{}}
	shared, err := template.New("layout").Funcs(templateFuncs).Funcs(template.FuncMap{"canSignIn": func() bool { return p.signIn }}).ParseFS(templateFiles, "templates/layout.html", "templates/part_*.html")
	if err != nil {
		return nil, fmt.Errorf("parse the page templates: %w", err)
	}
	for _, name := range pageNames {
		t, err := shared.Clone()
		if err == nil {
			t, err = t.ParseFS(templateFiles, "templates/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("parse the template of page %s: %w", name, err)
		}
		p.templates[name] = t
	}
	if !assets.Built() {
		slog.Warn("the web app is not built, so pages have no styles and no live map: run `npm ci --ignore-scripts && npm run build` in web/app, then build again")
	}
	return p, nil
}

// A frame is what the layout needs around a page's own content.
type frame struct {
	Title   string // without the service's name
	Nav     string // path of the current navigation item
	Script  string
	Styles  []string
	Icon    string
	Wide    bool // the page uses the whole width
	Visitor *visitor
	SignIn  bool // people can sign in
	Bare    bool // without header and footer, for a frame of another page
	Content any
}

// navItem is one entry of the service navigation: the page's path, and where it
// leads if that is more.
type navItem struct{ Path, Label, URL string }

// NavItems lists the service navigation.
func (frame) NavItems() []navItem {
	return []navItem{
		{"/", "Map", ""}, {"/activities", "Activities", "/activities?status=validated"}, {"/coverage", "Coverage", ""}, {"/nearby", "Near your sites", ""}, {"/flows", "Flows", ""}, {"/organisations", "Organisations", ""},
		{"/reports", "Reports", ""}, {"/search", "Search", ""}, {"/data", "Data", ""}, {"/help", "Help", ""},
	}
}

// show renders a page with an entity tag, so that a reload costs no bytes when
// nothing has changed.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, name string, f frame) error {
	body, err := p.render(name, f)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	if status == http.StatusOK {
		sum := sha256.Sum256(body)
		etag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", etag)
		if isUnchanged(r, etag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body) // the client has gone if this fails
	}
	return nil
}

// isUnchanged reports whether the client holds the page with this tag. The
// compressing wrapper adds "-gzip" to the tags of what it compresses.
func isUnchanged(r *http.Request, etag string) bool {
	return etagMatches(strings.ReplaceAll(r.Header.Get("If-None-Match"), `-gzip"`, `"`), etag)
}

// showPrivate renders a page for one person, which nobody may keep and which is
// not compressed.
func (p *Pages) showPrivate(w http.ResponseWriter, status int, name string, f frame) error {
	body, err := p.render(name, f)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set(gzhttp.HeaderNoCompression, "1")
	w.WriteHeader(status)
	w.Write(body) // the client has gone if this fails
	return nil
}

func (p *Pages) render(name string, f frame) ([]byte, error) {
	f.SignIn = p.signIn
	f.Script, f.Styles, f.Icon = p.assets.script, p.assets.styles, p.assets.icon
	var b bytes.Buffer
	if err := p.templates[name].ExecuteTemplate(&b, "layout", f); err != nil {
		return nil, fmt.Errorf("render page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// readQuery parses the filter of a page's query. Of the other parameters it
// accepts only the page's own view parameters; it returns their values.
func (p *Pages) readQuery(r *http.Request, views ...string) (data.Filter, url.Values, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return data.Filter{}, nil, data.Invalidf("query", r.URL.RawQuery, "this address is not written correctly: start again from the home page")
	}
	f, rest, err := data.ParseFilter(query, p.scope)
	if err != nil {
		return data.Filter{}, nil, err
	}
	view := url.Values{}
	for _, name := range rest {
		if !slices.Contains(views, name) {
			return data.Filter{}, nil, data.Invalidf(name, query.Get(name), "is not a parameter of this page: leave it out")
		}
		if v := query.Get(name); v != "" {
			view.Set(name, v)
		}
	}
	return f, view, nil
}

// An errorPage says what happened and what to do.
type errorPage struct {
	Status int
	Title  string
	Detail string
	Remedy []remedy
}

type remedy struct{ URL, Label string }

// Error answers an HTML client with a page for status. title and detail are
// plain words for the reader; empty ones are filled in by the status.
func (p *Pages) Error(w http.ResponseWriter, r *http.Request, status int, title, detail string) {
	defaultTitle, defaultDetail := errorWords(status)
	if title == "" {
		title = defaultTitle
	}
	if detail == "" {
		detail = defaultDetail
	}
	content := errorPage{Status: status, Title: title, Detail: sentenceCase(detail), Remedy: []remedy{
		{"/", "See the map of all 45 territories"}, {"/search", "Search for a place or an activity"}, {"/help", "Read how to use Tributary"},
	}}
	w.Header().Del("ETag")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	if err := p.show(w, r, status, "error", frame{Title: title, Content: content}); err != nil {
		slog.Error("render an error page", "error", err)
		http.Error(w, title, status)
	}
}

// errorWords are the title and the detail for a status when the caller has
// nothing better to say.
func errorWords(status int) (title, detail string) {
	switch {
	case status == http.StatusNotFound:
		return "Page not found", "If you typed the address, check that it is correct. If you followed a link, what it named may have been closed or moved."
	case status == http.StatusBadRequest:
		return "There is a problem with this address", "Part of the address is not understood. Start again from the map, or mend the address."
	case status == http.StatusTooManyRequests:
		return "Too many requests", "Wait a minute, then try again."
	case status == http.StatusServiceUnavailable:
		return "Sorry, the figures are not available just now", "The database is not answering. Try again in a minute; nothing has been lost."
	case status >= 500:
		return "Sorry, there is a problem with the service", "Try again later. If it keeps happening, tell whoever runs this service and give the time."
	}
	return "This page cannot be shown", "Start again from the map."
}

// sentenceCase starts s with a capital and ends it with a full stop.
func sentenceCase(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
