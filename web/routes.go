package web

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"
	"github.com/klauspost/compress/gzhttp"

	"tributary/data"
	"tributary/tiles"
)

// A route is one address of the service. The table of routes is the whole of
// what can be asked; the API's description and the tests are made from it.
type route struct {
	method  string // empty: GET
	path    string
	kind    kind
	summary string
	handle  func(http.ResponseWriter, *http.Request) error
	// filter and view name the query parameters that the route takes.
	filter []string
	view   []string
	// forms are the answer's media types, the default first.
	forms []string
	// answer is a zero value of the JSON answer, for the description.
	answer any
	// of and deed say what a key must be allowed to do; without a kind anyone
	// may ask.
	of   *data.Kind
	deed data.Deeds
	// takes are the media types of the request's body, the default first.
	takes []string
	does  *verb
	// rule says who may ask; roles, of those who have signed in, which (none:
	// all).
	rule  rule
	roles []data.AccessRole
}

// rule says who may ask a route.
type rule int

const (
	ruleNone     rule = iota // nobody has said: a test fails
	ruleAnyone               // what is public
	ruleKey                  // machines whose key may do the deed
	ruleSignedIn             // people who have signed in
)

// ruled gives routes a rule.
func ruled(r rule, routes []route) []route {
	for i := range routes {
		routes[i].rule = r
	}
	return routes
}

// every lists every route, by who may ask.
func (s *Server) every() []route {
	return slices.Concat(ruled(ruleKey, s.writes()), ruled(ruleAnyone, s.table()), ruled(ruleAnyone, s.posted()), s.entrance(), s.mailLinks(), s.people())
}

// kind says how a route's errors and headers look.
type kind int

const (
	kindPage kind = iota // HTML for people
	kindAPI              // data for programs
	kindTile             // vector tiles
	kindOps              // probes
	kindKey              // data for the machine that has the key
)

const (
	typeJSON    = "application/json"
	typeCSV     = "text/csv"
	typeXLSX    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeGeoJSON = "application/geo+json"
	typeAtom    = "application/atom+xml"
)

// table lists every route that anyone may ask; [Server.writes] those that take
// a key.
func (s *Server) table() []route {
	p, f := s.pages, s.scope.Takes
	tables := []string{typeJSON, typeCSV, typeXLSX}
	lists := append(tables, typeGeoJSON)
	return append([]route{
		{path: "/", kind: kindPage, handle: s.explore},
		{path: "/embed", kind: kindPage, handle: s.embed},
		{path: "/places/{id}", kind: kindPage, handle: s.placePage},
		{path: "/places/{id}/feed.atom", kind: kindAPI, handle: s.feed, forms: []string{typeAtom}, summary: "What is new in a territory, as an Atom feed: gaps that changed over the last quarter, activities that were validated, validations that end"},
		{path: "/compare", kind: kindPage, handle: s.comparePage},
		{path: "/activities", kind: kindPage, handle: s.activitiesPage},
		{path: "/activities/compare", kind: kindPage, handle: s.activitiesCompare},
		{path: "/activities/{id}", kind: kindPage, handle: s.activityPage},
		{path: "/activities/{id}/contact", kind: kindPage, handle: s.contactPage},
		{path: "/schedule", kind: kindPage, handle: s.schedulePage},
		{path: "/organisations", kind: kindPage, handle: s.organisationsPage},
		{path: "/organisations/{id}", kind: kindPage, handle: s.organisationPage},
		{path: "/contracts", kind: kindPage, handle: s.contractsPage},
		{path: "/contracts/{id}", kind: kindPage, handle: s.contractPage},
		{path: "/search", kind: kindPage, handle: p.Search},
		{path: "/data", kind: kindPage, handle: p.Data},
		{path: "/help", kind: kindPage, handle: p.Help},
		{path: "/flows", kind: kindPage, handle: s.flowsPage},
		{path: "/contributions", kind: kindPage, handle: s.contributionsPage},
		{path: "/coverage", kind: kindPage, handle: s.coverage},
		{path: "/nearby", kind: kindPage, handle: s.nearbyPage},
		{path: "/reports", kind: kindPage, handle: s.reportsPage},
		{path: "/reports/{name}", kind: kindPage, handle: s.reportPage},
		{path: "/static-map.svg", kind: kindPage, handle: s.stillMap},

		{path: "/api/v1/territories{format}", kind: kindAPI, handle: s.territories, filter: f, view: []string{"sort"}, forms: lists, answer: list[data.TerritoryRow]{}, summary: "The 45 police territories with their figures under a filter"},
		{path: "/api/v1/regions{format}", kind: kindAPI, handle: s.regions, filter: f, view: []string{"sort"}, forms: lists, answer: list[data.RegionRow]{}, summary: "The 12 regions and nations with their figures under a filter"},
		{path: "/api/v1/areas{format}", kind: kindAPI, handle: s.areas, filter: f, view: []string{"sort"}, forms: lists, answer: list[data.AreaRow]{}, summary: "Districts, or counties and unitary authorities, with their figures under a filter"},
		{path: "/api/v1/activities{format}", kind: kindAPI, handle: s.activities, filter: f, view: []string{"limit", "sort", "after"}, forms: lists, answer: list[data.Activity]{}, summary: "Activities under a filter: JSON in pages, CSV and GeoJSON whole"},
		{path: "/api/v1/activities/{id}", kind: kindAPI, handle: s.activity, forms: []string{typeJSON}, answer: data.ActivityProfile{}, summary: "One activity: how it was validated, what it needs, the measures that it serves, its stories, how to reach who runs it"},
		{path: "/api/v1/organisations{table}", kind: kindAPI, handle: s.organisations, filter: data.OrganisationParams, view: []string{"q", "role", "limit", "after"}, forms: tables, answer: list[data.OrganisationRow]{}, summary: "Suppliers, public buyers and providers by name, with what each gave, brought and received under a filter"},
		{path: "/api/v1/organisations/{id}", kind: kindAPI, handle: s.organisation, forms: []string{typeJSON}, answer: data.OrganisationProfile{}, summary: "One organisation's statement: what it committed, gave, brought and received, where and in which state"},
		{path: "/api/v1/contracts{table}", kind: kindAPI, handle: s.contracts, filter: data.ContractParams, view: []string{"limit", "after"}, forms: tables, answer: list[data.ContractRow]{}, summary: "Contracts with their commitments, overdue updates and audits, the last to begin first"},
		{path: "/api/v1/contracts/{id}", kind: kindAPI, handle: s.contract, forms: []string{typeJSON}, answer: data.ContractProfile{}, summary: "One contract: its quantum, progress updates, orders, audit, and what was given by state"},
		{path: "/api/v1/summary", kind: kindAPI, handle: s.summary, filter: f, forms: []string{typeJSON}, answer: data.Summary{}, summary: "Totals under a filter"},
		{path: "/api/v1/places/{id}", kind: kindAPI, handle: s.place, forms: []string{typeJSON}, answer: data.PlaceProfile{}, summary: "Everything about one territory (by slug) or region (by GSS code)"},
		{path: "/api/v1/search", kind: kindAPI, handle: s.search, view: []string{"q"}, forms: []string{typeJSON}, answer: data.SearchResult{}, summary: "Places and activities by postcode or part of a name"},
		{path: "/api/v1/gap{table}", kind: kindAPI, handle: s.gap, filter: data.GapParams, view: []string{"by", "baseline", "res"}, forms: tables, answer: data.Gap{}, summary: "Where the priorities of a territory's plan are served, and where not: priority by area, with the disparity score and its interval"},
		{path: "/api/v1/heat{format}", kind: kindAPI, handle: s.heat, filter: data.FactParams, view: []string{"res", "metric", "unit"}, forms: lists, answer: heatAnswer{}, summary: "Where contributions are delivered, by H3 cell: count, pence or a quantity, with class breaks and what is withheld"},
		{path: "/api/v1/totals", kind: kindAPI, handle: s.totals, filter: data.FactParams, forms: []string{typeJSON}, answer: totalsAnswer{}, summary: "What contributions add up to"},

		{path: "/api/v1/flow{format}", kind: kindAPI, handle: s.flow, filter: data.FactParams, view: []string{"dims", "top"}, forms: lists, answer: data.Flow{}, summary: "Where value goes, by one or two dimensions: the largest rows, other, unallocated and withheld, with shares, the period before, and the contributions behind each row; lines as GeoJSON"},
		{path: "/api/v1/contributions{table}", kind: kindAPI, handle: s.contributions, filter: data.FactParams, view: []string{"limit", "after"}, forms: tables, answer: list[data.PublicContribution]{}, summary: "The public parts of contributions behind any figure: JSON in pages, CSV whole"},
		{path: "/api/v1/reconcile", kind: kindAPI, handle: s.reconcile, filter: data.FactParams, forms: []string{typeJSON}, answer: data.Reconciliation{}, summary: "That territories, regions, areas and hexagons add up to the ledger, under any filter"},
		{path: "/api/v1/compare{table}", kind: kindAPI, handle: s.compare, filter: data.CompareParams, view: []string{"dims", "top"}, forms: tables, answer: data.Comparison{}, summary: "Two places or two periods side by side: the same question twice, the second with what stands under with_ in its stead"},
		{path: "/api/v1/nearby{format}", kind: kindAPI, handle: s.nearby, filter: data.NearbyParams, view: []string{"site", "within", "limit", "quantity"}, forms: lists, answer: data.Nearby{}, summary: "Validated activities near one or many sites that suit what is offered, ranked, with reasons"},
		{path: "/api/v1/relevant{table}", kind: kindAPI, handle: s.relevant, filter: data.RelevantParams, view: []string{"quantity", "contract", "polygon"}, forms: tables, answer: data.Relevant{}, summary: "Validated activities for a contract in some places and under some measures, ranked, with reasons"},
		{path: "/api/v1/changes", kind: kindAPI, handle: s.changesStream, forms: []string{typeEvents}, summary: "What has changed of the tiles, as server-sent events: ready, change with the tiles of each layer at zoom 8 (null: all), reload for who has missed too much; ids for Last-Event-ID"},
		{path: "/api/v1/openapi.json", kind: kindAPI, handle: s.openAPI, forms: []string{typeJSON}, summary: "This description"},

		{path: "/tiles/{layers}.json", kind: kindTile, handle: s.tileJSON, filter: tiles.Params(), view: tiles.Views, forms: []string{typeJSON}, summary: "TileJSON 3.0 of one layer, or of several joined by commas"},
		{path: tilePath, kind: kindTile, handle: s.tile, filter: tiles.Params(), view: tiles.Views, forms: []string{tileType}, summary: "A Mapbox Vector Tile 2.1 of one layer, or of several joined by commas"},
		{path: "/style.json", kind: kindTile, handle: s.style, filter: f, view: []string{"metric"}, forms: []string{typeJSON}, summary: "A MapLibre style over the tiles"},

		{path: "/healthz", kind: kindOps, handle: s.healthz, forms: []string{typeJSON}, summary: "Whether the process answers"},
		{path: "/readyz", kind: kindOps, handle: s.readyz, forms: []string{typeJSON}, summary: "Whether the database can be used, with its versions"},
	}, s.reports()...)
}

// posted lists the questions that are too long for an address. Anyone may ask.
func (s *Server) posted() []route {
	return []route{
		{method: http.MethodPost, path: "/nearby", kind: kindPage, handle: s.nearbyUpload, takes: []string{"multipart/form-data"}},
		{method: http.MethodPost, path: "/api/v1/nearby{format}", kind: kindAPI, handle: s.nearbyPosted, filter: data.NearbyParams, view: []string{"within", "limit", "quantity"}, takes: []string{typeCSV},
			forms: []string{typeJSON, typeCSV, typeXLSX, typeGeoJSON}, answer: data.Nearby{}, summary: "The same for up to 500 sites in a CSV file with a column postcode, or latitude and longitude"},
	}
}

// routes builds the handler of everything. gorilla/mux stays in this file.
func (s *Server) routes() http.Handler {
	m := mux.NewRouter()
	m.SkipClean(true) // a path is what it is; odd ones are not found
	public := map[string]bool{}
	for _, rt := range s.table() {
		public[rt.path] = true
	}
	for _, rt := range s.every() {
		if rt.rule == ruleKey {
			s.mountKeyed(m, rt, public[rt.path])
		} else {
			s.mount(m, rt)
		}
	}
	m.PathPrefix("/assets/").Handler(s.observe("/assets/", s.assets)).Methods(http.MethodGet, http.MethodHead)
	m.NotFoundHandler = s.refuse(http.StatusNotFound, nil)
	m.MethodNotAllowedHandler = s.refuse(http.StatusMethodNotAllowed, func(r *http.Request) []string { return allowed(m, r) })

	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.SuffixETag("-gzip"), gzhttp.ContentTypes([]string{
		"text/html", "text/csv", "application/json", "application/geo+json", "application/problem+json", "image/svg+xml", typeAtom}))
	if err != nil {
		panic(err) // the options above are constants
	}
	return s.atDoor(s.secure(headAsGet(compress(m))))
}

// mountKeyed mounts a route that takes a key. Where there is a public answer
// too, those without a key get that.
func (s *Server) mountKeyed(m *mux.Router, rt route, public bool) {
	// An id with a slash in it is encoded in the address, and one segment.
	on := m.Handle(strings.Replace(rt.path, "{id}", "{id:.+}", 1), s.adapt(rt)).Methods(rt.methods()...).Name(rt.methods()[0] + " " + rt.path)
	if rt.method == "" && public {
		on.HeadersRegexp("Authorization", ".")
	}
}

func (s *Server) mount(m *mux.Router, rt route) {
	path := strings.NewReplacer("{format}", `{format:(?:\.json|\.csv|\.xlsx|\.geojson)?}`, "{table}", `{format:(?:\.json|\.csv|\.xlsx)?}`, "{layers}", "{layers:[^/.]+}", "/records/{kind}/{id}", "/records/{kind}/{id:.+}").Replace(rt.path)
	m.Handle(path, s.adapt(rt)).Methods(rt.methods()...).Name(strings.TrimSpace(rt.method + " " + rt.path))
}

// methods are those that a route answers.
func (rt route) methods() []string {
	if rt.method == "" {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{rt.method}
}

// allowed are the methods that an address takes.
func allowed(m *mux.Router, r *http.Request) (methods []string) {
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch} {
		other := r.Clone(r.Context())
		other.Method = method
		var match mux.RouteMatch
		if m.Match(other, &match) && match.MatchErr == nil {
			methods = append(methods, method)
		}
	}
	return methods
}

// headAsGet answers HEAD as GET is answered, so that their headers agree; the
// server itself keeps the body back. Left alone, the compressor would not say
// that it compresses.
func headAsGet(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.Clone(r.Context())
			r.Method = http.MethodGet
		}
		h.ServeHTTP(w, r)
	})
}

// pathVar is a variable of the route's path.
func pathVar(r *http.Request, name string) string { return mux.Vars(r)[name] }

// Headers that answers share.
var anyOrigin, crossOrigin = []string{"*"}, []string{"cross-origin"}

// adapt turns a route into a handler: it answers errors in the route's way,
// logs once and counts.
func (s *Server) adapt(rt route) http.Handler {
	return s.observe(rt.path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := w.(*observed)
		if rt.kind == kindAPI || rt.kind == kindTile {
			h := w.Header()
			h["Access-Control-Allow-Origin"], h["Cross-Origin-Resource-Policy"] = anyOrigin, crossOrigin
		}
		err := s.limit.take(w.Header(), s.limit.client(r), rt.cost(r))
		switch {
		case err != nil:
		case !validText(r.URL.Path): // nothing has a name that is no text
			err = data.ErrNotFound
		default:
			err = rt.handle(w, r)
		}
		if err == nil || errors.As(err, new(errGone)) {
			return
		}
		if r.Context().Err() != nil {
			if seen.status == 0 { // gone, or too slow to send all: never "200 OK" and nothing
				w.Header().Set("Connection", "close")
				w.WriteHeader(http.StatusRequestTimeout)
			}
			return
		}
		seen.err = err
		if seen.status != 0 {
			// Half an answer is worse than none: break the connection.
			slog.ErrorContext(r.Context(), "an answer broke off", "path", r.URL.Path, "error", err)
			panic(http.ErrAbortHandler)
		}
		s.answerError(w, r, rt.kind, problemOf(err))
	}))
}

// refuse answers requests that no route takes.
func (s *Server) refuse(status int, allowed func(*http.Request) []string) http.Handler {
	return s.observe("none", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k := kindPage
		if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/tiles/") {
			k = kindAPI
		}
		p := problemOf(data.ErrNotFound)
		if status == http.StatusMethodNotAllowed {
			methods := strings.Join(allowed(r), ", ")
			w.Header().Set("Allow", methods)
			p = Problem{Type: "about:blank", Title: "Method not allowed", Status: status, Detail: "This address takes " + methods + "."}
		}
		s.answerError(w, r, k, p)
	}))
}

// answerError tells a person by a page and a program by a problem document.
func (s *Server) answerError(w http.ResponseWriter, r *http.Request, k kind, p Problem) {
	if k == kindPage {
		title := ""
		if p.spoken {
			title = p.Title
		}
		s.pages.Error(w, r, p.Status, title, pageDetail(p))
		return
	}
	writeProblem(w, r, p)
}

// pageDetail leaves the page to say what it says best, except where the
// problem names what is wrong.
func pageDetail(p Problem) string {
	if p.Field == "" && !p.spoken {
		return ""
	}
	return p.Detail
}
