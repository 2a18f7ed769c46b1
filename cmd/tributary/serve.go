package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"tributary/data"
	"tributary/data/facts"
	"tributary/data/load"
	"tributary/data/postgis"
	"tributary/web"
	"tributary/web/mail"
)

type serveCmd struct {
	Listen    string `help:"Address to listen on." env:"TRIBUTARY_LISTEN" default:"127.0.0.1:8080"`
	PublicURL string `help:"Where the public reaches this server, such as https://map.example.org; addresses in answers begin with it. Empty: the address listened on." env:"TRIBUTARY_PUBLIC_URL" placeholder:"URL"`
	Metrics   string `help:"Address to serve Prometheus metrics on, such as 127.0.0.1:9090. Empty: none." env:"TRIBUTARY_METRICS" placeholder:"ADDRESS"`
	SignIn    SignIn `embed:""`
	Door      Door   `embed:""`
	Mail      Mail   `embed:""`
	TileCache int    `help:"Megabytes of finished tiles to keep in memory." env:"TRIBUTARY_TILE_CACHE" default:"128"`
}

// Run serves until ctx is done, then lets answers under way finish.
func (cmd *serveCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	if err := cmd.check(); err != nil {
		return err
	}
	proxies, err := cmd.Door.proxies()
	if err != nil {
		return err
	}
	// Listen first: an address in use is known at once, not after a start.
	listener, err := cmd.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	o, err := c.open(ctx, con, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()

	base := strings.TrimRight(cmd.PublicURL, "/")
	if base == "" {
		base = "http://" + listener.Addr().String()
	}
	src := answers{o.Store, facts.New(o.Store)}
	people, err := cmd.SignIn.settings(base)
	if err != nil {
		return err
	}
	to, err := cmd.Mail.server(base)
	if err != nil {
		return err
	}
	srv, err := web.NewServer(web.Config{Mail: to != nil, BaseURL: base, Params: postgis.ActivityParams, TileCacheBytes: cmd.TileCache << 20, SignIn: people, ClientRate: cmd.Door.Limit, Proxies: proxies, ReadFile: load.Uploaded}, src)
	if err != nil {
		return err
	}
	o.hurry = max(cmd.Door.Drain, time.Second)
	endWork := cmd.work(ctx, con, o, src, srv, to)
	defer endWork()
	failed := make(chan error, 2)
	srv.Metrics().Gauge("tributary_pool_connections", "Connections to the database, in use and at most.", []string{"pool", "state"}, o.Connections)
	srv.Metrics().Gauge("tributary_audit_unsealed", "Rows of the audit log that the last look found unsealed.", nil, o.Unsealed)
	stopMetrics, err := cmd.serveMetrics(con, srv, failed)
	if err != nil {
		return err
	}
	defer stopMetrics()
	public := web.HTTPServer(srv)
	go func() { failed <- public.Serve(listener) }()
	greet(ctx, con, base, o.Store)

	err = cmd.await(ctx, con, o, srv, failed)
	shut(con, public, cmd.Door.Drain)
	return err
}

// workEnds bounds the end of what goes on beside the answers. A stop is bounded in
// each of its parts, whatever hangs: --drain-delay, then --drain for answers under
// way, this, a few seconds for the connections (see [postgis.Store.Close]), and for
// a private database --drain once more and a few seconds.
const workEnds = 5 * time.Second

// work begins what goes on beside the answers, and returns how to end it: after
// them, so that what they have changed is still followed and sealed.
func (cmd *serveCmd) work(ctx context.Context, con *console, o *opened, src answers, srv *web.Server, to *mail.Server) (end func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var wait sync.WaitGroup
	wait.Go(func() { follow(ctx, con, src, srv) })
	wait.Go(func() { drawMergers(ctx, con, o.Store) })
	wait.Go(func() { o.KeepSealing(ctx, con.log) })
	if to != nil {
		wait.Go(func() { sendMail(ctx, con, o.Store, to, srv) })
	}
	return func() {
		cancel()
		ended := make(chan struct{})
		go func() { wait.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(workEnds):
			con.log.Warn("stopping without waiting for the database any longer: it does not answer")
		}
	}
}

// await returns when it is time to stop: nil if somebody wants that.
func (cmd *serveCmd) await(ctx context.Context, con *console, o *opened, srv *web.Server, failed <-chan error) error {
	var ended <-chan struct{}
	if o.cluster != nil {
		ended = o.cluster.Done()
	}
	select {
	case <-ctx.Done():
		con.log.Info("stopping; answers under way may finish")
		srv.Stopping()
		time.Sleep(cmd.Door.DrainDelay)
		return nil
	case err := <-failed:
		return err
	case <-ended:
		return errors.New("the private PostgreSQL has ended; see postgres.log in the data directory")
	}
}

// shut lets answers under way finish, for as long as a stop waits. Who is not done
// by then is cut off: nothing was acknowledged to them.
func shut(con *console, public *http.Server, drain time.Duration) {
	late, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := public.Shutdown(late); err != nil {
		con.log.Warn("answers under way were cut off: they were not finished in the time that --drain gives", "error", errors.Join(err, public.Close()))
	}
}

// listen listens at the address.
func (cmd *serveCmd) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", cmd.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%w: another server is running there; choose another address with --listen or TRIBUTARY_LISTEN", err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: give --listen or TRIBUTARY_LISTEN an address such as 127.0.0.1:8080", err)
	}
	return l, nil
}

// check refuses settings that would only show later.
func (cmd *serveCmd) check() error {
	if cmd.TileCache < 0 || cmd.TileCache > 1<<20 {
		return data.Invalidf("tile-cache", fmt.Sprint(cmd.TileCache), "give megabytes, 0 for no cache, up to %d", 1<<20)
	}
	if cmd.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(cmd.PublicURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return data.Invalidf("public-url", cmd.PublicURL, "%q is not where a server can be reached: give scheme and host alone, such as https://map.example.org", cmd.PublicURL)
	}
	return nil
}

// serveMetrics serves the metrics on a listener of their own, if asked to.
func (cmd *serveCmd) serveMetrics(con *console, srv *web.Server, failed chan<- error) (stop func() error, err error) {
	if cmd.Metrics == "" {
		return func() error { return nil }, nil
	}
	l, err := net.Listen("tcp", cmd.Metrics)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", srv.Metrics())
	mux.HandleFunc("GET /dashboard.json", web.Dashboard)
	con.log.Info(fmt.Sprintf("metrics are at http://%s/metrics, a dashboard at /dashboard.json", l.Addr()))
	s := web.HTTPServer(mux)
	go func() { failed <- s.Serve(l) }()
	return s.Close, nil
}

// drawMergers draws, once a day, the territories whose day has come.
func drawMergers(ctx context.Context, con *console, s *postgis.Store) {
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for {
		drawn, err := s.DrawMergers(ctx, postgis.Operator)
		if err != nil && ctx.Err() == nil {
			con.log.Error("territories that merge could not be drawn; trying again tomorrow", "error", err)
		}
		for _, id := range drawn {
			con.log.Info("a territory took over from others", "territory", id)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// greet says where the map is and, while it is empty, how to fill it.
func greet(ctx context.Context, con *console, base string, s *postgis.Store) {
	fmt.Fprintf(con.out, "\nTributary is at %s\n", base)
	sum, err := s.Summary(ctx, data.Filter{})
	if err == nil && sum.Activities == 0 && sum.Withheld == 0 {
		fmt.Fprint(con.out, `
There are no activities yet. In another terminal:
  bin/tributary demo                          loads made-up ones, plainly marked
  bin/tributary import activities FILE        loads your own (CSV, TSV, XLSX, GeoJSON)
  bin/tributary import boundaries FILE        replaces the approximate boundaries
`)
	}
	fmt.Fprintln(con.out, "\nStop it with Ctrl-C.")
}

type versionCmd struct{}

// Run prints the version that the build was made from.
func (*versionCmd) Run(con *console) error {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				version += " " + s.Value
			}
		}
	}
	_, err := fmt.Fprintln(con.out, "tributary", version)
	return err
}
