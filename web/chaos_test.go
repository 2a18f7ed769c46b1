package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tributary/data"
	"tributary/data/postgis"
)

// scissors stand between a store and its database, and cut every connection at
// the message that they are told.
type scissors struct {
	mu   sync.Mutex
	left int // messages until the cut; 0: none is to come
	open map[net.Conn]bool
	made int // cuts
}

// set makes the n-th message from now on the last.
func (s *scissors) set(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = n
}

// cuts is how often they have cut.
func (s *scissors) cuts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made
}

// cut counts a message, and closes everything at the last.
func (s *scissors) cut() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left == 0 {
		return false
	}
	if s.left--; s.left > 0 {
		return false
	}
	s.made++
	for c := range s.open {
		c.Close()
		delete(s.open, c)
	}
	return true
}

// pass hands messages on, either way.
func (s *scissors) pass(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if err != nil || s.cut() {
			return
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// between listens in place of the database and returns its address there.
func (s *scissors) between(t *testing.T, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	socket := filepath.Join(q.Get("host"), ".s.PGSQL.5432")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			d, err := net.Dial("unix", socket)
			if err != nil {
				c.Close()
				continue
			}
			s.mu.Lock()
			s.open[c], s.open[d] = true, true
			s.mu.Unlock()
			go s.pass(d, c)
			go s.pass(c, d)
		}
	}()
	q.Del("host")
	q.Del("port")
	q.Set("sslmode", "disable")
	u.RawQuery, u.Host = q.Encode(), l.Addr().String()
	return u.String()
}

// Whichever message between the server and its database is the last, a write
// that is repeated with its key until it is acknowledged is there once.
func TestEveryMessageMayBeTheLast(t *testing.T) {
	l := newLedger(t)
	s := &scissors{open: map[net.Conn]bool{}}
	store, err := postgis.Open(context.Background(), s.between(t, l.url))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	srv, err := NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, store)
	if err != nil {
		t.Fatal(err)
	}
	l.srv, l.hs.Config.Handler = srv, srv
	was := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // each cut is a failure that the log has
	defer slog.SetDefault(was)
	key := l.key(data.RoleSupplier, "", builder)
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("first", builder)), http.StatusCreated)
	written, uncut := 1, 0
	for n := 1; uncut < 3 && n < 2000; n += chaosStep {
		s.set(n)
		before := s.cuts()
		for try := 0; ; try++ {
			a := l.ask(key, http.MethodPost, "/api/v1/contributions", gift(fmt.Sprint("c", n), builder), fmt.Sprint("Idempotency-Key: c", n))
			if a.StatusCode == http.StatusCreated {
				break
			}
			if a.StatusCode != http.StatusServiceUnavailable && a.StatusCode != http.StatusConflict || try > 200 {
				t.Fatalf("message %d, try %d: %d %s", n, try, a.StatusCode, a.body)
			}
			time.Sleep(10 * time.Millisecond) // as a client would
		}
		written++
		if s.cuts() == before {
			uncut++
		}
	}
	s.set(0)
	if n := l.count("SELECT count(*) FROM raw.contribution"); n != written {
		t.Errorf("%d contributions of %d that were acknowledged", n, written)
	}
	if n := l.count("SELECT count(*) FROM audit.log WHERE action = 'create contributions'"); n != written {
		t.Errorf("%d in the audit log of %d that were acknowledged", n, written)
	}
	if s.cuts() < 5 {
		t.Errorf("%d cuts: the test shows nothing", s.cuts())
	}
	t.Logf("cut at %d messages, %d writes acknowledged and there once", s.cuts(), written)
	l.sound()
}

// While every connection is taken, who comes is told so, and served when one is
// free again.
func TestNobodyQueuesForEver(t *testing.T) {
	l := newLedger(t)
	conns, release := holdAll(t, l.store)
	a := l.ask("", http.MethodGet, "/api/v1/territories", "")
	l.want(a, http.StatusServiceUnavailable, "Try again")
	if a.Header.Get("Retry-After") == "" {
		t.Error("it does not say when")
	}
	release()
	l.want(l.ask("", http.MethodGet, "/api/v1/territories", ""), http.StatusOK)
	if conns == 0 {
		t.Error("no connection was held")
	}
}

// holdAll takes every connection that public questions may use.
func holdAll(t *testing.T, store *postgis.Store) (int, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	started := make(chan struct{}, 64)
	n := 8
	for range n {
		all.Go(func() {
			once := sync.Once{}
			err := store.EachBoundary(ctx, "territory", func(string, []byte) error {
				once.Do(func() { started <- struct{}{} })
				<-ctx.Done()
				return ctx.Err()
			})
			if err == nil {
				t.Error("a boundary was not held")
			}
		})
	}
	for range n {
		<-started
	}
	return n, func() { cancel(); all.Wait() }
}
