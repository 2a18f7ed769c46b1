package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"tributary/data"
	"tributary/data/postgis"
)

// Whichever message between the server and its database is the last, a write
// that is repeated with its key until it is acknowledged is there once.
func TestEveryMessageMayBeTheLast(t *testing.T) {
	l := newLedger(t)
	s := l.cutOff()
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

// Whichever message is the last of a read, what is answered is right or says
// that it cannot be answered now.
func TestEveryMessageOfAReadMayBeTheLast(t *testing.T) {
	l := newLedger(t)
	l.activities()
	s := l.cutOff()
	asked, refused, broken := 0, 0, 0
	for _, at := range []string{"/api/v1/territories.csv", "/api/v1/activities.geojson", "/places/norfolk", "/api/v1/totals?territory=norfolk"} {
		want := l.want(l.ask("", http.MethodGet, at, ""), http.StatusOK)
		for n, uncut := 1, 0; uncut < 3 && n < 1000; n += chaosStep {
			s.set(n)
			before := s.cuts()
			res, err := http.Get(l.hs.URL + at)
			var body []byte
			if err == nil {
				body, err = io.ReadAll(res.Body)
				res.Body.Close()
			}
			switch {
			case err != nil: // broken off: no reader takes it for the whole
				broken++
			case res.StatusCode == http.StatusOK && string(body) == want.body:
			case res.StatusCode == http.StatusServiceUnavailable && res.Header.Get("Retry-After") != "":
				refused++
			default:
				t.Errorf("%s, message %d: %d %.300s", at, n, res.StatusCode, body)
			}
			if asked++; s.cuts() == before {
				uncut++
			}
		}
		s.set(0)
		for try := 0; l.ask("", http.MethodGet, at, "").StatusCode != http.StatusOK; try++ {
			if try > 50 {
				t.Fatalf("%s is not answered any more", at)
			}
		}
	}
	if refused == 0 {
		t.Error("no read met a cut: the test shows nothing")
	}
	t.Logf("%d reads cut anywhere: %d said that they cannot be answered now, %d broke off, none was wrong", asked, refused, broken)
}

// Server and database cannot reach each other, again and again, and nobody tells
// them so: what is written meanwhile, repeated with its key, is there once, and
// both go on by themselves.
func TestPartition(t *testing.T) {
	l := newLedger(t)
	s := l.cutOff()
	key := l.key(data.RoleSupplier, "", builder)
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("first", builder)), http.StatusCreated)
	written, repeated := 1, 0
	for round := range chaosPartitions {
		heal := s.part()
		time.AfterFunc(time.Duration(50+100*(round%8))*time.Millisecond, heal)
		for i := range 3 {
			id := fmt.Sprint("p", round, "-", i)
			for try := 0; ; try++ {
				a := l.ask(key, http.MethodPost, "/api/v1/contributions", gift(id, builder), "Idempotency-Key: "+id)
				if a.StatusCode == http.StatusCreated {
					break
				}
				if a.StatusCode != http.StatusServiceUnavailable && a.StatusCode != http.StatusConflict || try > 200 {
					t.Fatalf("%s, try %d: %d %s", id, try, a.StatusCode, a.body)
				}
				repeated++
				time.Sleep(10 * time.Millisecond) // as a client would
			}
			written++
		}
	}
	if n := l.count("SELECT count(*) FROM raw.contribution"); n != written {
		t.Errorf("%d contributions of %d that were acknowledged", n, written)
	}
	if n := l.count("SELECT count(*) FROM audit.log WHERE action = 'create contributions'"); n != written {
		t.Errorf("%d in the audit log of %d that were acknowledged", n, written)
	}
	if repeated == 0 {
		t.Error("no write met a partition: the test shows nothing")
	}
	t.Logf("%d partitions, %d writes acknowledged and there once, %d requests repeated", chaosPartitions, written, repeated)
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
