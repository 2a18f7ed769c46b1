package postgis_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"tributary/data"
	"tributary/data/postgis"
)

// unsealed lists what the chain finds.
func unsealed(t testing.TB, s *postgis.Store, kept ...postgis.Seal) (out []string, head postgis.Seal) {
	t.Helper()
	head, err := s.VerifyAudit(t.Context(), kept, func(f postgis.Fault) error {
		out = append(out, f.Subject+": "+f.Detail)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, head
}

// Whatever is done to the audit log or to its seals, by whoever may do
// anything, is found, and named.
func TestAuditIsSealed(t *testing.T) {
	s, url := opened(t)
	taken(t, s, organisations)
	for i := range 5 {
		taken(t, s, one("organisation", map[string]string{"id": fmt.Sprint("o", i), "name": "An organisation"}))
	}
	sealed, err := s.SealAudit(t.Context())
	if err != nil || sealed < 6 {
		t.Fatalf("%d rows sealed: %v", sealed, err)
	}
	if again, err := s.SealAudit(t.Context()); err != nil || again != 0 {
		t.Fatalf("%d sealed twice: %v", again, err)
	}
	found, kept := unsealed(t, s)
	if len(found) > 0 || kept.Position != int64(sealed) {
		t.Fatalf("a sound log has %v, its head is %s", found, kept)
	}
	if p, err := postgis.ParseSeal(kept.String()); err != nil || p.String() != kept.String() {
		t.Errorf("%s reads as %s: %v", kept, p, err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	const third = "(SELECT log_id FROM audit.seal WHERE position = 3)"
	for _, c := range []struct{ sql, want string }{
		{"UPDATE audit.log SET actor = 'nobody' WHERE id = " + third, "is not what was sealed"},
		{"UPDATE audit.log SET at = at + interval '1 microsecond' WHERE id = " + third, "is not what was sealed"},
		{"UPDATE audit.log SET action = action || subject, subject = '' WHERE id = " + third, "is not what was sealed"},
		{"UPDATE audit.log SET detail = detail || '{\"a\": 1}' WHERE id = " + third, "is not what was sealed"},
		{"DELETE FROM audit.log WHERE id = " + third, "it is gone"},
		{"DELETE FROM audit.log WHERE id = " + third + "; DELETE FROM audit.seal WHERE position = 3", "the links 3 to 3 are gone"},
		{"UPDATE audit.seal SET hash = sha256('x') WHERE position = 3", "is not what was sealed"},
		// Two rows change places: ids and links stay where they are.
		{"UPDATE audit.log a SET actor = b.actor, action = b.action, subject = b.subject, detail = b.detail, at = b.at FROM audit.log b WHERE (a.id, b.id) IN ((" + third + ", " + third + " + 1), (" + third + " + 1, " + third + "))", "is not what was sealed"},
		{"UPDATE audit.seal SET log_id = -log_id WHERE position IN (3, 4); UPDATE audit.seal SET log_id = " + "CASE position WHEN 3 THEN -log_id + 1 ELSE -log_id - 1 END WHERE position IN (3, 4)", "is not what was sealed"},
		// The end is cut off, or the chain made anew: only a seal kept elsewhere tells.
		{"DELETE FROM audit.seal WHERE position > 2; DELETE FROM audit.log WHERE id NOT IN (SELECT log_id FROM audit.seal)", "no longer has the seal that was kept"},
		{"INSERT INTO audit.log (at, actor, action, subject, xid) VALUES (now() - interval '1 day', 'x', 'forged', 'y', '0')", "it is not sealed"},
	} {
		if _, err := conn.Exec(t.Context(), "SET session_replication_role = replica; CREATE TABLE audit.log_was AS TABLE audit.log; CREATE TABLE audit.seal_was AS TABLE audit.seal"); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), c.sql); err != nil {
			t.Fatalf("%s: %v", c.sql, err)
		}
		if got, _ := unsealed(t, s, kept); !slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, c.want) }) {
			t.Errorf("after %q it finds %q, want %q", c.sql, got, c.want)
		}
		if _, err := conn.Exec(t.Context(), "DELETE FROM audit.log; DELETE FROM audit.seal; INSERT INTO audit.log OVERRIDING SYSTEM VALUE TABLE audit.log_was; INSERT INTO audit.seal TABLE audit.seal_was; DROP TABLE audit.log_was, audit.seal_was"); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := unsealed(t, s, kept); len(got) > 0 {
		t.Errorf("put back: %v", got)
	}
}

// Whatever the order of commits, every row is sealed once, by however many
// sealers: a transaction that began early and commits late is not forgotten.
func TestLateCommitsAreSealed(t *testing.T) {
	s, url := opened(t)
	early, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer early.Close(t.Context())
	if _, err := early.Exec(t.Context(), "BEGIN; INSERT INTO audit.log (actor, action, subject) VALUES ('early', 'import', 'late')"); err != nil {
		t.Fatal(err)
	}
	seal := func() int {
		var all errgroup.Group
		done := make(chan int, 4)
		for range 4 {
			all.Go(func() error {
				n, err := s.SealAudit(t.Context())
				done <- n
				return err
			})
		}
		if err := all.Wait(); err != nil {
			t.Fatal(err)
		}
		sum := 0
		for range 4 {
			sum += <-done
		}
		return sum
	}
	seal()
	for i := range 3 {
		taken(t, s, one("organisation", map[string]string{"id": fmt.Sprint("o", i), "name": "An organisation"}))
		if n := seal(); n != 1 {
			t.Errorf("%d rows sealed of one write", n)
		}
	}
	if _, err := early.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if n := seal(); n != 1 {
		t.Errorf("%d rows sealed of the late commit", n)
	}
	if found, _ := unsealed(t, s); len(found) > 0 {
		t.Error(found)
	}
	left := asked(t, url, "SELECT count(*)::text FROM audit.log l WHERE NOT EXISTS (SELECT FROM audit.seal s WHERE s.log_id = l.id)")
	if left[0] != "0" {
		t.Errorf("%s rows are not sealed", left[0])
	}
	// Restored elsewhere, the numbers of transactions begin anew.
	asked(t, url, "UPDATE audit.sealed SET horizon = '99999999999'", "SELECT ''")
	taken(t, s, one("organisation", map[string]string{"id": "after", "name": "An organisation"}))
	if n := seal(); n != 1 {
		t.Errorf("%d rows sealed after a restore", n)
	}
}

// Everything that writes leaves a row in the audit log, and so does everything
// that reads an exact place.
func TestEverythingIsAudited(t *testing.T) {
	s, url := opened(t)
	last := func() string {
		return asked(t, url, "SELECT COALESCE((SELECT actor || ' ' || action FROM audit.log ORDER BY id DESC LIMIT 1), '')")[0]
	}
	count := func() string { return asked(t, url, "SELECT count(*)::text FROM audit.log")[0] }
	quiet := slog.New(slog.DiscardHandler)
	var key data.Key
	var secret string
	for _, c := range []struct {
		name, want string
		do         func() error
	}{
		{"import", "operator import test", func() error { taken(t, s, organisations, contract); return nil }},
		{"create a key", "operator create key", func() (err error) {
			key = data.Key{Role: data.RoleSupplier, Organisation: "test//builder", Source: "test"}
			secret, err = s.CreateKey(t.Context(), postgis.Operator, &key, 24*time.Hour)
			return err
		}},
		{"read a record", "key:", func() error {
			by, err := s.KeyInForce(t.Context(), secret)
			if err != nil {
				return err
			}
			k, _ := data.KindNamed("organisation")
			_, err = s.ReadRecord(t.Context(), by, k, "builder")
			return err
		}},
		{"boundaries", "operator load boundaries", func() error {
			sets, err := s.CurrentBoundaries(t.Context())
			if err != nil {
				return err
			}
			for i := range sets {
				sets[i].Label += " again"
			}
			_, err = s.LoadBoundaries(t.Context(), postgis.Operator, sets, false)
			return err
		}},
		{"take made-up records away", "operator remove", func() error {
			return s.RemoveMadeUp(t.Context(), postgis.Operator, "demonstration", func(int) {})
		}},
		{"a large load", "operator bulk load", func() error {
			return s.Bulk(t.Context(), postgis.Operator, quiet, func() error { return nil })
		}},
	} {
		before := count()
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := last(); count() == before || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: the last row is %q, want %q", c.name, got, c.want)
		}
	}
}

// A sealer that is stopped seals what was written last, so that an orderly stop
// leaves nothing unsealed.
func TestTheLastRowsAreSealed(t *testing.T) {
	s, _ := opened(t)
	taken(t, s, organisations)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.KeepSealing(ctx, slog.New(slog.DiscardHandler))
	if n, err := s.SealAudit(t.Context()); err != nil || n != 0 {
		t.Errorf("%d rows were left unsealed: %v", n, err)
	}
	if _, head := unsealed(t, s); head.Position == 0 {
		t.Error("nothing was sealed: the test shows nothing")
	}
}
