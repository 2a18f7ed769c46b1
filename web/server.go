// Package web answers HTTP: one route table, the handlers behind it, the pages
// and the built web app, problem documents and the API's description.
//
// It parses a request into a typed question at the door, asks a [Source], and
// writes the answer; it knows nothing of SQL. Handlers return errors and one
// adapter answers them. Start reading at routes.go.
package web

import (
	"context"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/tiles"
)

// Source answers the questions that the API and the pages put, and takes what
// machines write. The store is one; whatever it returns may be seen by anyone,
// but for what a [Ledger] returns to a key.
type Source interface {
	PageSource
	tiles.Source
	Ledger
	People
	Workshop
	Subscriptions
	Messages
	FactSource
	FlowSource
	RecordSource
	Areas(ctx context.Context, f data.Filter) ([]data.AreaRow, error)
	// TargetAreas are the public ones in force in the places of a filter.
	TargetAreas(ctx context.Context, f data.Filter) ([]data.TargetAreaRow, error)
	// Report answers one report.
	Report(ctx context.Context, kind *data.ReportKind, f data.Filter, km float64) (data.Report, error)
	// Gap answers where a territory's priorities are served, and where not.
	Gap(ctx context.Context, f data.Filter, v data.View) (data.Gap, error)
	// Nearby answers what suits an offer near sites, Relevant what there is for a
	// contract.
	Nearby(ctx context.Context, f data.Filter, sites []string, o data.Offer, km float64, limit int) (data.Nearby, error)
	Relevant(ctx context.Context, f data.Filter, o data.Offer, contract string, drawn orb.Ring) (data.Relevant, error)
	// EachActivity and EachBoundary yield every row, for exports.
	EachActivity(ctx context.Context, f data.Filter, yield func(data.Activity) error) error
	EachBoundary(ctx context.Context, kind string, yield func(code string, geometry []byte) error) error
	// Version grows with every change of what anyone may see.
	Version(ctx context.Context) (int64, error)
	// Exists reports whether a filter's value names something.
	Exists(param, value string) bool
	// Ready returns what there is to say of the database, or why it cannot be
	// used.
	Ready(ctx context.Context) (any, error)
}

// Ledger takes records from those who have a key, and shows each key its own.
type Ledger interface {
	// KeyInForce is the key of a secret; data.ErrUnknownKey for anything else.
	KeyInForce(ctx context.Context, secret string) (*data.Key, error)
	Write(ctx context.Context, w data.Write) (data.Answer, error)
	ReadRecord(ctx context.Context, by *data.Key, k *data.Kind, id string) (*data.Stored, error)
	OrderHistory(ctx context.Context, by *data.Key, id string) (data.OrderHistory, error)
	// Today is the day in the United Kingdom by the clock that records go by.
	Today(ctx context.Context) (data.Date, error)
}

// Config is what a deployment decides.
type Config struct {
	// BaseURL is where the public reaches this server, such as
	// "https://map.example.org": scheme and host without a slash at the end.
	BaseURL string
	// Params are the filter parameters that activities are linked to.
	Params []string
	// TileCacheBytes bounds the finished tiles kept in memory.
	TileCacheBytes int
	// ClientRate is how much each client may ask for a second, by the cost of its
	// requests (see limit.go); 0 is as much as it likes.
	ClientRate int
	// Proxies are the networks whose word is taken for who asks.
	Proxies []netip.Prefix
	// SignIn says how people sign in.
	SignIn SignIn
	// Mail says that mail can be sent.
	Mail bool
	// ReadFile reads the files of records that come by a page.
	ReadFile FileReader
}

// Server answers requests. It is safe for concurrent use.
type Server struct {
	cfg     Config
	src     Source
	scope   data.Scope
	tiles   *tiles.Cache
	drawn   *tiles.Tiles
	known   *tiles.Known
	changes *changes
	pages   *Pages
	assets  *Assets
	signIn  *signIn
	origin  *http.CrossOriginProtection
	metrics *Metrics
	limit   *limiter
	// stopping: no new requests should be sent here.
	stopping atomic.Bool
	handler  http.Handler
}

// NewServer wires the routes to src.
func NewServer(cfg Config, src Source) (*Server, error) {
	assets, err := EmbeddedAssets()
	if err != nil {
		return nil, err
	}
	scope := data.Scope{Takes: cfg.Params, Exists: src.Exists}
	pages, err := NewPages(assets, src, scope)
	if err != nil {
		return nil, err
	}
	drawn := tiles.New(src)
	cache, err := tiles.NewCache(drawn, cfg.TileCacheBytes, src.Version)
	if err != nil {
		return nil, err
	}
	known, err := tiles.NewKnown()
	if err != nil {
		return nil, err
	}
	people, err := newSignIn(cfg.SignIn, cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	pages.signIn = people.on()
	s := &Server{limit: newLimiter(cfg.ClientRate, cfg.Proxies), signIn: people, origin: http.NewCrossOriginProtection(), cfg: cfg, src: src, scope: scope, tiles: cache, drawn: drawn, known: known, changes: newChanges(), pages: pages, assets: assets, metrics: NewMetrics()}
	s.handler = s.routes()
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Touch and Seen are how whoever follows the database tells what has changed and
// how far it has looked.
func (s *Server) Touch(t data.Touched) {
	s.tiles.Touch(t)
	s.changes.touch(&t)
}

// Seen says that everything was told up to a version, as at a time.
func (s *Server) Seen(version int64, at time.Time) {
	s.tiles.Seen(version, at)
	s.changes.seen(version)
}

// Drain ends what would go on for as long as somebody listens.
func (s *Server) Drain() { s.changes.close() }

// Stopping makes /readyz say that this server is about to stop, so that whoever
// sends requests sends them elsewhere first.
func (s *Server) Stopping() { s.stopping.Store(true) }

// Metrics are the server's figures, served on a listener of their own.
func (s *Server) Metrics() *Metrics { return s.metrics }

// HTTPServer is a server for h with limits that a slow or greedy client cannot
// stretch.
func HTTPServer(h http.Handler) *http.Server {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      5 * time.Minute, // a whole export over a slow line
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	if d, streams := h.(interface{ Drain() }); streams {
		s.RegisterOnShutdown(d.Drain)
	}
	return s
}

func (s *Server) healthz(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	return writeJSON(w, map[string]string{"status": "ok"})
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	if s.stopping.Load() {
		return refusal(http.StatusServiceUnavailable, "Stopping", "This server is about to stop: ask another.")
	}
	about, err := s.src.Ready(r.Context())
	if err != nil {
		return err
	}
	return writeJSON(w, map[string]any{"status": "ready", "database": about})
}
