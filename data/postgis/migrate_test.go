package postgis_test

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

// A database of one's own need not be a superuser's: what its administrator
// has to give is said in the words that give it, and is enough.
func TestMigrateAsAnOrdinaryOwner(t *testing.T) {
	address, err := url.Parse(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	super := connect(t, address.String())
	do := func(conn *pgx.Conn, sql string) {
		t.Helper()
		if _, err := conn.Exec(context.WithoutCancel(t.Context()), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	do(super, `CREATE ROLE "map-maker" LOGIN`)
	do(super, `CREATE DATABASE "our maps"`)
	t.Cleanup(func() {
		do(super, `DROP DATABASE "our maps" WITH (FORCE)`)
		do(super, `DROP ROLE "map-maker"`)
	})
	address.Path = "/our maps"
	there := connect(t, address.String())
	q := address.Query()
	q.Set("user", "map-maker")
	address.RawQuery = q.Encode()

	err = postgis.Migrate(t.Context(), address.String(), slog.New(slog.DiscardHandler))
	if err == nil {
		t.Fatal("a stranger migrated the database")
	}
	_, statements, found := strings.Cut(err.Error(), "run there once: ")
	statements, _, _ = strings.Cut(statements, "; then start again")
	if !found || strings.Count(statements, ";") != 2 {
		t.Fatalf("%v, want three statements to run", err)
	}
	do(there, statements)
	if err := postgis.Migrate(t.Context(), address.String(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	s, err := postgis.Open(t.Context(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.LoadReference(t.Context(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if res, _ := imported(t, s, data.Import{}, record(1, "a", norwich[0], norwich[1])); res.Added != 1 {
		t.Errorf("%+v, want one added", res)
	}
	// The owner of the tables is behind the policies like anyone.
	owner := connect(t, address.String())
	var n int
	if err := owner.QueryRow(t.Context(), "SELECT count(*) FROM raw.place").Scan(&n); err != nil || n != 0 {
		t.Errorf("the owner sees %d places, %v", n, err)
	}
	if err := postgis.Migrate(t.Context(), address.String(), slog.New(slog.DiscardHandler)); err != nil {
		t.Errorf("again: %v", err)
	}
}
