package web

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"tributary/data/postgis"
)

// scissors stand between a store and its database, and cut every connection at
// the message that they are told.
type scissors struct {
	mu   sync.Mutex
	left int // messages until the cut; 0: none is to come
	open map[net.Conn]bool
	made int // cuts
	// apart is closed when the two can reach each other again; nil: they can.
	apart chan struct{}
}

// newScissors cut nothing yet.
func newScissors() *scissors { return &scissors{open: map[net.Conn]bool{}} }

// part lets nothing through from now on, either way, without a word to anybody,
// until the returned function is called; what was connected then is cut.
func (s *scissors) part() (heal func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	apart := make(chan struct{})
	s.apart = apart
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.apart = nil
		for c := range s.open {
			c.Close()
			delete(s.open, c)
		}
		close(apart)
	}
}

// waits returns when the two can reach each other.
func (s *scissors) waits() {
	s.mu.Lock()
	apart := s.apart
	s.mu.Unlock()
	if apart != nil {
		<-apart
	}
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
		s.waits()
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// between listens in place of the database and returns its address there.
func (s *scissors) between(t testing.TB, database string) string {
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

// cutOff lets the server speak to its database through scissors. What they do
// to it is not logged.
func (l *ledger) cutOff() *scissors {
	l.t.Helper()
	s := newScissors()
	store, err := postgis.Open(context.Background(), s.between(l.t, l.url))
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(store.Close)
	srv, err := NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, store)
	if err != nil {
		l.t.Fatal(err)
	}
	l.srv, l.hs.Config.Handler = srv, srv
	was := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	l.t.Cleanup(func() { slog.SetDefault(was) })
	return s
}
