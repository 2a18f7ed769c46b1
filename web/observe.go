package web

import (
	"context"
	"crypto/rand"
	_ "embed"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tributary/tiles"
)

// observed remembers what a handler answered.
type observed struct {
	http.ResponseWriter
	status int
	bytes  int
	err    error
}

func (o *observed) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

func (o *observed) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(b)
	o.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// observe logs and counts each answer of a route. The query is kept out of the
// log: it may name a place that somebody looks for.
func (s *Server) observe(route string, h http.Handler) http.Handler {
	timer := s.metrics.timer(route)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o, start := &observed{ResponseWriter: w}, time.Now()
		defer func() {
			took := time.Since(start)
			timer(o.status).Observe(took.Seconds())
			level := slog.LevelDebug
			if o.status >= http.StatusInternalServerError {
				level = slog.LevelError
			}
			if !slog.Default().Enabled(r.Context(), level) {
				return
			}
			attrs := []slog.Attr{slog.String("request", requestID(r.Context())), slog.String("method", r.Method), slog.String("route", route),
				slog.Int("status", o.status), slog.Int("bytes", o.bytes), slog.Duration("took", took)}
			if level == slog.LevelError && o.err != nil {
				attrs = append(attrs, slog.Any("error", o.err))
			}
			slog.LogAttrs(r.Context(), level, "request", attrs...)
		}()
		h.ServeHTTP(o, r)
	})
}

type requestKey struct{}

// request is what is known of a request before it is routed.
type request struct {
	id   string
	tile *tiles.Request // that its address asks for; nil: not known
	head bool           // only the headers are wanted
}

// identify gives a request an id, which the answer carries and the log has.
func identify(w http.ResponseWriter, r *http.Request, tile *tiles.Request) *http.Request {
	about := &request{id: rand.Text()[:16], tile: tile, head: r.Method == http.MethodHead}
	w.Header().Set("X-Request-Id", about.id)
	return r.WithContext(context.WithValue(r.Context(), requestKey{}, about))
}

func requestOf(ctx context.Context) *request {
	about, _ := ctx.Value(requestKey{}).(*request)
	return about
}

func requestID(ctx context.Context) string {
	if about := requestOf(ctx); about != nil {
		return about.id
	}
	return ""
}

// policy is what a page may load, and who may frame it.
func policy(ancestors string) []string {
	return []string{"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors " + ancestors}
}

// embedPolicy lets any page frame what is made to be framed.
var embedPolicy = policy("*")

// safety are the headers of every answer, which keep a browser from doing more
// with it than it is for.
var safety = []struct {
	name  string
	value []string
}{
	{"Content-Security-Policy", policy("'self'")},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
}

// transport tells browsers to come by TLS alone from then on.
var transport = []string{"max-age=31536000"}

// secure sets the headers of every answer. The values are shared, so nobody may
// write into them.
func (s *Server) secure(h http.Handler) http.Handler {
	tls := strings.HasPrefix(s.cfg.BaseURL, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		for i := range safety {
			head[safety[i].name] = safety[i].value
		}
		if tls {
			head["Strict-Transport-Security"] = transport
		}
		h.ServeHTTP(w, r)
	})
}

// Metrics are the figures of a running server, in Prometheus' form.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// NewMetrics makes figures that start at nothing.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "tributary_request_seconds", Help: "Time to answer a request, by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"route", "status"})}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// timer finds where the answers of a route with some status are counted. It
// remembers, because finding is dearer than counting.
func (m *Metrics) timer(route string) func(status int) prometheus.Observer {
	var found [600]atomic.Pointer[prometheus.Observer]
	return func(status int) prometheus.Observer {
		if status < 0 || status >= len(found) {
			return m.requests.WithLabelValues(route, strconv.Itoa(status))
		}
		if o := found[status].Load(); o != nil {
			return *o
		}
		o := m.requests.WithLabelValues(route, strconv.Itoa(status))
		found[status].Store(&o)
		return o
	}
}

// dashboard shows the figures in Grafana.
//
//go:embed dashboard.json
var dashboard []byte

// Dashboard answers with a dashboard of the figures, for Grafana to import.
func Dashboard(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", typeJSON)
	if _, err := w.Write(dashboard); err != nil {
		slog.DebugContext(r.Context(), "the client has gone", "error", err)
	}
}

// Gauge adds a figure that is asked for when the metrics are: get returns it by
// the values of the labels, joined by "/".
func (m *Metrics) Gauge(name, help string, labels []string, get func() map[string]float64) {
	m.registry.MustRegister(&gauge{prometheus.NewDesc(name, help, labels, nil), get})
}

type gauge struct {
	desc *prometheus.Desc
	get  func() map[string]float64
}

// Describe implements prometheus.Collector.
func (g *gauge) Describe(out chan<- *prometheus.Desc) { out <- g.desc }

// Collect implements prometheus.Collector.
func (g *gauge) Collect(out chan<- prometheus.Metric) {
	for values, v := range g.get() {
		var labels []string
		if values != "" {
			labels = strings.Split(values, "/")
		}
		out <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, v, labels...)
	}
}

// ServeHTTP answers with the figures.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}
