// Package postgis is the store: the only room that speaks SQL. One file holds
// the methods of one noun; each query is a file of its own in sql/, which
// opens with what it answers.
//
// A [Store] has two pools. Public questions go through one whose role can read
// the schema pub alone; writes go through the other, as the application's
// role, in transactions that say who acts. Start reading at Open.
//
// Errors wrap data.ErrNotFound, data.ErrUnavailable and the like; each is
// wrapped once, here, naming what was asked.
package postgis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/singleflight"

	"tributary/data"
)

// Store answers questions from, and writes records to, a migrated database.
// It is safe for concurrent use.
type Store struct {
	pub *pgxpool.Pool // role tributary_public
	app *pgxpool.Pool // role tributary_app
	// writers bounds the requests that write at a time.
	writers  chan struct{}
	queues   queues
	learnt   gazetteerCache
	near     atomic.Pointer[data.Candidates] // as of their version and day
	nearOnce singleflight.Group
	counted  keptCounts
	unsealed atomic.Int64 // rows of the audit log
	// life ends when the store is closed, and with it what goes on for several
	// who ask.
	life context.Context
	end  context.CancelFunc
}

// Open connects to a database that [Migrate] has brought up to date.
func Open(ctx context.Context, url string) (*Store, error) {
	pub, err := pool(ctx, url, "tributary_public", map[string]string{
		"statement_timeout": "10s",
	})
	if err != nil {
		return nil, err
	}
	app, err := pool(ctx, url, "tributary_app", map[string]string{
		"idle_in_transaction_session_timeout": "10min",
		"temp_buffers":                        "64MB", // parts of a large load are staged here
	})
	if err != nil {
		pub.Close()
		return nil, err
	}
	s := &Store{pub: pub, app: app, writers: make(chan struct{}, maxWriters)}
	s.life, s.end = context.WithCancel(context.Background())
	return s, nil
}

const (
	// closing is how long what is under way may take to notice that the store is
	// closed. A database that hangs never lets it.
	closing = 3 * time.Second
	// longestShared bounds what goes on for several who ask.
	longestShared = 2 * time.Minute
)

// Close ends what goes on for several who ask, and closes both pools. What is
// under way may finish, for a few seconds; then it is left alone, which is told
// in the log: its connections end with the process.
func (s *Store) Close() {
	s.end()
	var both sync.WaitGroup
	both.Go(s.pub.Close)
	both.Go(s.app.Close)
	closed := make(chan struct{})
	go func() { both.Wait(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(closing):
		slog.Warn("closing the connections to the database: it does not answer, and some are left as they are", "in_use", s.Connections())
	}
}

// shared is a context for what goes on for several who ask: it does not end with
// the one who asked first, but in time, and with the store.
func (s *Store) shared(ctx context.Context, longest time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
	stop := context.AfterFunc(s.life, cancel)
	return ctx, func() { stop(); cancel() }
}

func pool(ctx context.Context, url, role string, params map[string]string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	cfg.MaxConns = 8
	cfg.MinIdleConns = 1
	cfg.MaxConnLifetimeJitter = 6 * time.Minute
	cfg.ConnConfig.ConnectTimeout = 2 * time.Second
	cfg.ConnConfig.DialFunc = dial
	p := cfg.ConnConfig.RuntimeParams
	p["role"] = role
	p["application_name"] = role
	p["timezone"] = "UTC"
	p["lock_timeout"] = "60s"
	// Optional filters are static SQL; only a plan made for the values at hand
	// drops those not given.
	p["plan_cache_mode"] = "force_custom_plan"
	for k, v := range params {
		p[k] = v
	}
	// Cancel a query by asking the server, not by closing the connection.
	cfg.ConnConfig.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, CancelRequestDelay: 0, DeadlineDelay: 2 * time.Second}
	}
	cfg.AfterConnect = registerGeometry
	cfg.ConnConfig.Tracer = impatient{}
	pl, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := pl.Ping(ctx); err != nil {
		pl.Close()
		return nil, fmt.Errorf("connecting to the database as %s: %w", role, err)
	}
	return pl, nil
}

// Connections are how many there are of each pool: in use, and at most; by
// "POOL/STATE".
func (s *Store) Connections() map[string]float64 {
	out := map[string]float64{}
	for name, p := range map[string]*pgxpool.Pool{"public": s.pub, "app": s.app} {
		out[name+"/in use"], out[name+"/most"] = float64(p.Stat().AcquiredConns()), float64(p.Stat().MaxConns())
	}
	return out
}

// Health is what the store knows of its database.
type Health struct {
	PostgreSQL string `json:"postgresql"`
	PostGIS    string `json:"postgis"`
	Migration  int    `json:"migration"` // of the database
	Wanted     int    `json:"wanted"`    // by this binary
}

// Health asks the database for its versions, as the public role.
func (s *Store) Health(ctx context.Context) (Health, error) {
	h := Health{Wanted: wanted()}
	err := s.pub.QueryRow(ctx, sqlHealth).Scan(&h.PostgreSQL, &h.PostGIS, &h.Migration)
	return h, wrap("health", err)
}

// Actor is who acts in a transaction, and on which territories; "*" is all.
type Actor struct {
	Name        string
	Territories string
}

// Operator is the person at the command line of the machine itself.
var Operator = Actor{Name: "operator", Territories: "*"}

// write runs fn in one transaction as the application's role for the actor.
func (s *Store) write(ctx context.Context, who Actor, fn func(pgx.Tx) error) error {
	err := pgx.BeginFunc(ctx, s.app, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlAct, who.Name, who.Territories); err != nil {
			return err
		}
		return fn(tx)
	})
	if err != nil && ctx.Err() != nil {
		// The server says "canceled", which a time budget would make it too.
		return fmt.Errorf("%w: %v", context.Cause(ctx), err)
	}
	if err == nil {
		// Who follows looks for itself before long, so a failure costs no more
		// than that.
		if _, err := s.app.Exec(ctx, sqlWake); err != nil {
			slog.DebugContext(ctx, "those who follow the change log were not woken", "error", err)
		}
	}
	return err
}

// away are the codes, or their classes, by which the database says that it can
// do nothing now: lost connections, no room, shutting down or starting, a lock
// that was not to be had, two that waited for each other, a server that only
// reads.
var away = []string{"08", "53", "57P", "55P03", "40", "25006"}

// wrap names the operation and turns what the database says into the errors
// that callers tell apart. The database's own text stays in the chain for the
// log; it is never shown to a client.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var invalid *data.Invalid
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &invalid):
		return err
	case errors.Is(err, pgx.ErrNoRows):
		err = data.ErrNotFound
	case errors.As(err, &pg):
		switch {
		case pg.Code == "57014": // query_canceled: the statement's time budget ran out
			err = fmt.Errorf("%w: %w", data.ErrTooWide, err)
		case slices.ContainsFunc(away, func(class string) bool { return strings.HasPrefix(pg.Code, class) }):
			err = fmt.Errorf("%w: %w", data.ErrUnavailable, err)
		}
	case pgconn.SafeToRetry(err), errors.As(err, new(*pgconn.ConnectError)), errors.As(err, new(net.Error)), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		err = fmt.Errorf("%w: %w", data.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

var sqlNow = query("now")

// clock is what time it is by the database, whose clock all that is kept and all
// that runs out goes by, and the day in the United Kingdom.
func clock(ctx context.Context, from interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}) (now time.Time, day data.Date, err error) {
	var on time.Time
	err = from.QueryRow(ctx, sqlNow).Scan(&now, &on)
	return now, data.DateOf(on), err
}

// Today is the day in the United Kingdom by the database's clock.
func (s *Store) Today(ctx context.Context) (data.Date, error) {
	_, day, err := clock(ctx, s.pub)
	return day, wrap("today", err)
}

// Version is a number that grows with every change of what anyone may see.
func (s *Store) Version(ctx context.Context) (v int64, err error) {
	err = s.pub.QueryRow(ctx, sqlVersion).Scan(&v)
	return v, wrap("version", err)
}

// Exists reports whether a filter's value names something. A database that cannot answer counts as yes: the
// question then fails with the reason.
func (s *Store) Exists(param, value string) bool {
	kind := strings.TrimPrefix(param, "origin_")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var there bool
	err := s.pub.QueryRow(ctx, sqlExists, pgx.StrictNamedArgs{"kind": kind, "code": value}).Scan(&there)
	return err != nil || there
}

// Ready returns the database's versions, or why it cannot be used.
func (s *Store) Ready(ctx context.Context) (any, error) {
	h, err := s.Health(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", data.ErrUnavailable, err)
	}
	if h.Migration != h.Wanted {
		return nil, fmt.Errorf("the database is at migration %d, this binary wants %d: %w", h.Migration, h.Wanted, data.ErrUnavailable)
	}
	return h, nil
}
