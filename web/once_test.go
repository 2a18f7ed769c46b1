package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"tributary/data"
	"tributary/data/postgis"
)

// Of many that send one request at once, one writes; the others are told that
// it is at work, or its answer.
func TestOneRequestManyTimesAtOnce(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleSupplier, "", builder)
	for round := range 5 {
		const senders = 12
		answers := make(chan answer, senders)
		body := gift(fmt.Sprint("c", round), builder)
		for range senders {
			go func() {
				answers <- l.ask(key, http.MethodPost, "/api/v1/contributions", body, fmt.Sprint("Idempotency-Key: round-", round))
			}()
		}
		made, bodies := 0, map[string]bool{}
		for range senders {
			switch a := <-answers; {
			case a.StatusCode == http.StatusCreated:
				bodies[a.body] = true
				if a.Header.Get("Idempotency-Replayed") == "" {
					made++
				}
			case a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "at work"):
				t.Errorf("answered %d %s", a.StatusCode, a.body)
			}
		}
		if made != 1 || len(bodies) != 1 {
			t.Errorf("%d were first, with %d different answers; want one of each", made, len(bodies))
		}
		if a := l.ask(key, http.MethodPost, "/api/v1/contributions", body, fmt.Sprint("Idempotency-Key: round-", round)); a.StatusCode != http.StatusCreated || !bodies[a.body] {
			t.Errorf("repeated later: %d %s", a.StatusCode, a.body)
		}
	}
	if n := l.count("SELECT count(*) FROM raw.contribution"); n != 5 {
		t.Errorf("%d contributions, want 5", n)
	}
	// The same key belongs to whoever sent it first; another's is another.
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("x", builder), "Idempotency-Key: round-0"), http.StatusUnprocessableEntity, "belongs to a request")
	l.want(l.ask(key, http.MethodPost, "/api/v1/sites", "{}", "Idempotency-Key: round-0"), http.StatusUnprocessableEntity)
	l.want(l.ask(l.key(data.RoleSupplier, "else", other), http.MethodPost, "/api/v1/contributions", gift("x", other), "Idempotency-Key: round-0"), http.StatusCreated)
	// A request that was refused wrote nothing, so that its key is free.
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("y", other), "Idempotency-Key: again"), http.StatusForbidden)
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("y", builder), "Idempotency-Key: again"), http.StatusCreated)
}

// Kept answers are let go of after two days, never before one.
func TestAnswersAreKeptForADay(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleSupplier, "", builder)
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("a", builder), "Idempotency-Key: a"), http.StatusCreated)
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("b", builder), "Idempotency-Key: b"), http.StatusCreated)
	l.run("UPDATE raw.idempotency SET created_at = now() - CASE key WHEN 'a' THEN interval '25 hours' ELSE interval '49 hours' END")
	l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("c", builder), "Idempotency-Key: c"), http.StatusCreated)
	if n := l.count("SELECT count(*) FROM raw.idempotency WHERE key IN ('a', 'c')"); n != 2 || l.count("SELECT count(*) FROM raw.idempotency") != 2 {
		t.Error("want the answers of the last two days alone")
	}
}

// wire stands between a store and its database and can lose the answer to the
// next commit, after the database has made it.
type wire struct {
	listener net.Listener
	mu       sync.Mutex
	cut      bool
	cuts     int
}

func newWire(t *testing.T, database string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	host, port := u.Query().Get("host"), u.Query().Get("port")
	if host == "" {
		t.Fatalf("the test's database is not on a socket: %s", database)
	}
	if port == "" {
		port = "5432"
	}
	w := &wire{}
	if w.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.listener.Close() })
	go func() {
		for {
			c, err := w.listener.Accept()
			if err != nil {
				return
			}
			s, err := net.Dial("unix", filepath.Join(host, ".s.PGSQL."+port))
			if err != nil {
				c.Close()
				return
			}
			go func() {
				_, _ = io.Copy(s, c) // ends with the connection
				s.Close()
			}()
			go w.answers(c, s)
		}
	}()
	q := u.Query()
	q.Del("host")
	q.Del("port")
	q.Set("sslmode", "disable")
	u.RawQuery, u.Host = q.Encode(), w.listener.Addr().String()
	return w, u.String()
}

// answers passes the database's messages on, until one says that a commit is
// made and it is to be lost.
func (w *wire) answers(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	r := bufio.NewReader(server)
	for {
		head, err := r.Peek(5)
		if err != nil {
			return
		}
		size := 1 + int(head[1])<<24 + int(head[2])<<16 + int(head[3])<<8 + int(head[4])
		message := make([]byte, size)
		if _, err := io.ReadFull(r, message); err != nil {
			return
		}
		if message[0] == 'C' && bytes.Contains(message, []byte("COMMIT")) {
			w.mu.Lock()
			cut := w.cut
			if cut {
				w.cut = false
				w.cuts++
			}
			w.mu.Unlock()
			if cut {
				return
			}
		}
		if _, err := client.Write(message); err != nil {
			return
		}
	}
}

// The answer to a commit is lost on the way: the client is told to come again,
// and then learns what was done, once.
func TestLostCommitAnswer(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleSupplier, "", builder)
	w, through := newWire(t, l.url)
	store, err := postgis.Open(context.Background(), through)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	srv, err := NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, store)
	if err != nil {
		t.Fatal(err)
	}
	l.hs = httptest.NewServer(srv)
	defer l.hs.Close()
	send := func() answer {
		return l.ask(key, http.MethodPost, "/api/v1/contributions", gift("c", builder), "Idempotency-Key: once")
	}
	w.mu.Lock()
	w.cut = true
	w.mu.Unlock()
	l.want(send(), http.StatusServiceUnavailable)
	w.mu.Lock()
	cuts := w.cuts
	w.mu.Unlock()
	if cuts != 1 || l.count("SELECT count(*) FROM raw.contribution") != 1 {
		t.Fatalf("%d answers were lost, %d contributions were made; want one of each", cuts, l.count("SELECT count(*) FROM raw.contribution"))
	}
	a := l.want(send(), http.StatusCreated, `"id":"c"`)
	if a.Header.Get("Idempotency-Replayed") != "true" || l.count("SELECT count(*) FROM raw.contribution") != 1 || l.count("SELECT count(*) FROM audit.log WHERE action = 'create contributions'") != 1 {
		t.Errorf("repeated: %v %s", a.Header, a.body)
	}
}

// Backends are killed at random while many write: what was acknowledged is
// there, nothing is there twice, and whoever repeats a request gets it done.
func TestKilledBackends(t *testing.T) {
	l := newLedger(t)
	key := l.key(data.RoleSupplier, "", builder)
	was := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // each kill is a failure that the log has
	defer slog.SetDefault(was)
	const writers, each = 4, 8
	done := make(chan struct{})
	var acknowledged atomic.Int64
	var killer sync.WaitGroup
	killer.Go(func() {
		conn, err := pgx.Connect(context.Background(), l.url)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close(context.Background())
		// One is let through between two kills, so that a slow machine ends too.
		for killed := int64(-1); ; {
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
				if acknowledged.Load() == killed {
					continue
				}
				killed = acknowledged.Load()
				if _, err := conn.Exec(context.Background(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tributary_app' AND datname = current_database() AND state <> 'idle' ORDER BY random() LIMIT 1"); err != nil {
					t.Error(err)
				}
			}
		}
	})
	var all sync.WaitGroup
	var mu sync.Mutex
	again := 0
	for w := range writers {
		all.Go(func() {
			for i := range each {
				for try := 0; ; try++ {
					body := "[" + gift(fmt.Sprintf("%d-%d-a", w, i), builder) + "," + gift(fmt.Sprintf("%d-%d-b", w, i), builder) + "]"
					a := l.ask(key, http.MethodPost, "/api/v1/contributions", body, fmt.Sprintf("Idempotency-Key: %d-%d", w, i))
					if a.StatusCode == http.StatusCreated {
						acknowledged.Add(1)
						break
					}
					if a.StatusCode != http.StatusServiceUnavailable && a.StatusCode != http.StatusConflict || try > 1000 {
						t.Errorf("try %d: %d %s", try, a.StatusCode, a.body)
						return
					}
					time.Sleep(10 * time.Millisecond) // as a client would
					mu.Lock()
					again++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	close(done)
	killer.Wait()
	if again == 0 {
		t.Error("no request met a killed backend: the test shows nothing")
	}
	const want = writers * each * 2
	if n := l.count("SELECT count(*) FROM raw.contribution"); n != want {
		t.Errorf("%d contributions, want %d", n, want)
	}
	if n := l.count("SELECT count(*) FROM raw.idempotency"); n != writers*each {
		t.Errorf("%d answers are kept, want %d", n, writers*each)
	}
	if n := l.count("SELECT count(*) FROM audit.log WHERE action = 'create contributions'"); n != writers*each {
		t.Errorf("%d writes in the audit log, want %d", n, writers*each)
	}
	l.sound()
}

// sound fails unless the whole database adds up.
func (l *ledger) sound() {
	l.t.Helper()
	if err := l.store.Check(context.Background(), postgis.Operator, func(f postgis.Fault) error {
		l.t.Errorf("%s: %s %s", f.Rule, f.Subject, f.Detail)
		return nil
	}); err != nil {
		l.t.Fatal(err)
	}
}

// Whatever machines do to the ledger, in whatever order and at once: the parts
// of each contribution add up to it, what is public is what was split, and
// nothing of a request that was refused is there.
func TestLedgerStateMachine(t *testing.T) {
	l := newLedger(t)
	l.activities()
	supplier, rival, office := l.key(data.RoleSupplier, "", builder), l.key(data.RoleSupplier, "", other), l.key(data.RoleOffice, "opcc", "norfolk")
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		// A step is several requests and a check of the whole database.
		if err := flag.Set("rapid.checks", "4"); err != nil {
			t.Fatal(err)
		}
		defer flag.Set("rapid.checks", checks.DefValue)
	}
	rapid.Check(t, func(rt *rapid.T) {
		// What is there, by source and id: its pence.
		held := map[string]int64{}
		l.run("DELETE FROM pub.fact")
		l.run("TRUNCATE raw.contribution CASCADE")
		id := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint("c", rapid.IntRange(1, 6).Draw(t, "id")) })
		give := func(rt *rapid.T, id, who string, pence int64) string {
			return fmt.Sprintf(`{"id":%q,"supplier":%q,"supplier_name":"S","type":"donation_money","value":%d,"delivered_from":"2025-06-01","joint":"fair","share":"2/3","activity":%q,"places":%s}`, id, who, pence,
				"acts//"+rapid.SampledFrom([]string{"garden", "orchard"}).Draw(rt, "activity"), rapid.SampledFrom([]string{"[]", `["E07000148=2","kent"]`, `["norfolk"]`, `["NR1 3JU"]`}).Draw(rt, "places"))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"create": func(rt *rapid.T) {
				key, who := supplier, builder
				if rapid.Bool().Draw(rt, "rival") {
					key, who = rival, other
				}
				at, pence := id.Draw(rt, "at"), rapid.Int64Range(1, 1e9).Draw(rt, "pence")
				a := l.ask(key, http.MethodPost, "/api/v1/contributions", give(rt, at, who, pence))
				_, there := held[who+at]
				if there != (a.StatusCode == http.StatusConflict) && !(there && a.StatusCode == http.StatusOK) || a.StatusCode > 409 {
					rt.Fatalf("create %s, there %t: %d %s", at, there, a.StatusCode, a.body)
				}
				if a.StatusCode == http.StatusCreated {
					held[who+at] = pence
				}
			},
			"change": func(rt *rapid.T) {
				at, pence := id.Draw(rt, "at"), rapid.Int64Range(1, 1e9).Draw(rt, "pence")
				a := l.ask(supplier, http.MethodPatch, "/api/v1/contributions/"+at, fmt.Sprintf(`{"value":%d}`, pence), "If-Match: *")
				_, there := held[builder+at]
				if there != (a.StatusCode == http.StatusOK) {
					rt.Fatalf("change %s, there %t: %d %s", at, there, a.StatusCode, a.body)
				}
				if there {
					held[builder+at] = pence
				}
			},
			"take back": func(rt *rapid.T) {
				// Nothing is deleted: an office that has it in its own ledger says so.
				at := "office-" + id.Draw(rt, "at")
				a := l.ask(office, http.MethodPut, "/api/v1/contributions/"+at, fmt.Sprintf(`{"supplier":%q,"supplier_name":"S","type":"donation_money","value":100,"delivered_from":"2025-06-01","territory":"norfolk","state":"rejected"}`, builder), "If-Match: *")
				if a.StatusCode == http.StatusPreconditionFailed {
					a = l.ask(office, http.MethodPut, "/api/v1/contributions/"+at, fmt.Sprintf(`{"supplier":%q,"supplier_name":"S","type":"donation_money","value":100,"delivered_from":"2025-06-01","territory":"norfolk"}`, builder))
				}
				if a.StatusCode > 201 {
					rt.Fatalf("reject %s: %d %s", at, a.StatusCode, a.body)
				}
				held["opcc"+at] = 100
			},
			"refused whole": func(rt *rapid.T) {
				a := l.ask(supplier, http.MethodPost, "/api/v1/contributions", "["+give(rt, "new1", builder, 5)+","+give(rt, "new2", other, 5)+"]")
				if a.StatusCode != http.StatusForbidden {
					rt.Fatalf("a batch with another's: %d %s", a.StatusCode, a.body)
				}
			},
			"at once": func(rt *rapid.T) {
				at := id.Draw(rt, "at")
				var bodies []string
				for range 3 {
					bodies = append(bodies, give(rt, at, other, rapid.Int64Range(1, 1e9).Draw(rt, "pence")))
				}
				var wg sync.WaitGroup
				won := make([]bool, len(bodies))
				for i, b := range bodies {
					wg.Go(func() {
						won[i] = l.ask(rival, http.MethodPost, "/api/v1/contributions", b).StatusCode == http.StatusCreated
					})
				}
				wg.Wait()
				_, there := held[other+at]
				n := 0
				for i, w := range won {
					if w {
						n++
						held[other+at] = int64(l.count("SELECT value_pence FROM raw.contribution WHERE source = $1 AND external_id = $2", other, at))
						if !strings.Contains(bodies[i], fmt.Sprintf(`"value":%d,`, held[other+at])) {
							rt.Fatalf("%s won, and %d is stored", bodies[i], held[other+at])
						}
					}
				}
				if there && n > 0 || !there && n != 1 {
					rt.Fatalf("%d of three made %s, there before: %t", n, at, there)
				}
			},
			"": func(rt *rapid.T) {
				var want int64
				for _, p := range held {
					want += p
				}
				for _, sql := range []string{"SELECT COALESCE(sum(value_pence), 0)::bigint FROM raw.contribution", "SELECT COALESCE(sum(pence), 0)::bigint FROM raw.allocation", "SELECT COALESCE(sum(pence), 0)::bigint FROM pub.fact"} {
					if got := l.count(sql); int64(got) != want {
						rt.Fatalf("%s: %d, want %d", sql, got, want)
					}
				}
				err := l.store.Check(context.Background(), postgis.Operator, func(f postgis.Fault) error { return errors.New(f.Rule + ": " + f.Subject) })
				if err != nil {
					rt.Fatal(err)
				}
			},
		})
	})
}

// Suppliers who claim more than the whole between them, at the same moment, are
// seen together.
func TestConcurrentWritersAreSeenTogether(t *testing.T) {
	l := newLedger(t)
	keys := map[string]string{builder: l.key(data.RoleSupplier, "", builder), other: l.key(data.RoleSupplier, "", other)}
	for who, key := range keys {
		l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift("first", who)), http.StatusCreated)
	}
	const rounds = 8
	for round := range rounds {
		var both sync.WaitGroup
		for who, key := range keys {
			both.Go(func() {
				l.want(l.ask(key, http.MethodPost, "/api/v1/contributions", gift(fmt.Sprint("c", round), who, fmt.Sprintf(`"joint":"fair-%d","share":"2/3"`, round)), "Idempotency-Key: "+who+fmt.Sprint(round)), http.StatusCreated)
			})
		}
		both.Wait()
	}
	if n := l.count("SELECT count(DISTINCT c.joint) FROM raw.finding f JOIN raw.contribution c ON c.id = f.contribution_id WHERE f.kind = 'over_the_whole'"); n != rounds {
		t.Errorf("%d of %d pairs are suspected", n, rounds)
	}
}

// Two importers of one file at once: each row is there once.
func TestTwoImportersOfOneFile(t *testing.T) {
	l := newLedger(t)
	k, _ := data.KindNamed("contribution")
	var records []data.Incoming
	for i := range 40 {
		members, err := data.ReadMembers([]byte(gift(fmt.Sprint("c", i), builder)))
		if err != nil {
			t.Fatal(err)
		}
		rec, names, bad := k.ReadJSON("file", members)
		if len(bad) > 0 {
			t.Fatal(bad[0])
		}
		records = append(records, data.Incoming{Line: i + 2, Record: rec, Names: names})
	}
	const importers = 4
	results := make(chan data.ImportResult, importers)
	for range importers {
		go func() {
			res, err := l.store.ImportLedger(context.Background(), postgis.Operator, data.Import{Kind: "contributions", Source: "file"},
				[]postgis.LedgerSheet{{Kind: k, Records: slices.Values(records)}}, func(r postgis.LedgerRefusal) error { return errors.New(r.Reason) })
			if err != nil {
				t.Error(err)
			}
			results <- res
		}()
	}
	added, unchanged := 0, 0
	for range importers {
		res := <-results
		added, unchanged = added+res.Added, unchanged+res.Unchanged
	}
	if added != 40 || unchanged != 40*(importers-1) || l.count("SELECT count(*) FROM raw.contribution") != 40 {
		t.Errorf("%d added, %d unchanged, want 40 and %d", added, unchanged, 40*(importers-1))
	}
	l.sound()
}
