// Package pgtest gives each test a real PostGIS database of its own, copied
// from one that was migrated and loaded once.
//
// A package's TestMain calls Main, which starts a private cluster that ends
// with the test binary. A machine without PostgreSQL fails the tests: 'make
// setup' installs it.
package pgtest

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"tributary/data/postgis"
	"tributary/data/postgis/cluster"
)

// server is the test binary's one cluster. Tests of a package share it, as
// they share the process.
var server struct {
	sync.Mutex
	cluster *cluster.Cluster
	made    bool
	count   atomic.Int64
}

// Main runs a package's tests and ends the cluster that they used.
func Main(m *testing.M) {
	code := m.Run()
	if c := server.cluster; c != nil {
		if err := c.Stop(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

var dir string

// URL returns the address of a fresh database, migrated and with the reference
// loaded, for the cluster's owner. It is dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	c := start(t)
	name := fmt.Sprintf("test_%d", server.count.Add(1))
	admin(t, c, "CREATE DATABASE "+name+" TEMPLATE tributary_template")
	t.Cleanup(func() { admin(t, c, "DROP DATABASE "+name+" WITH (FORCE)") })
	return address(t, c, name)
}

// Shared returns the address of a database like URL's that lasts as long as
// the test binary: for a package whose tests only read.
func Shared(t testing.TB) string {
	t.Helper()
	c := start(t)
	name := fmt.Sprintf("shared_%d", server.count.Add(1))
	admin(t, c, "CREATE DATABASE "+name+" TEMPLATE tributary_template")
	return address(t, c, name)
}

// Log returns everything that the server has written to its log so far.
func Log(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "postgres.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Store returns a store on a fresh database.
func Store(t testing.TB) *postgis.Store {
	t.Helper()
	s, err := postgis.Open(context.Background(), URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Durable returns the address of a migrated database, without the reference, on
// a cluster of its own that is as careful as a real one: for measuring writes.
func Durable(t testing.TB) string {
	t.Helper()
	ctx := context.Background()
	d, err := os.MkdirTemp("/tmp", "tributary-bench-")
	if err == nil {
		err = os.Chmod(d, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(d) })
	c, err := cluster.Start(ctx, cluster.Options{Dir: d})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	if err := postgis.Migrate(ctx, c.URL(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return c.URL()
}

// start starts the cluster and makes the template, once.
func start(t testing.TB) *cluster.Cluster {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	if server.made {
		return server.cluster
	}
	ctx := context.Background()
	if server.cluster == nil {
		d, err := os.MkdirTemp("/tmp", "tributary-test-")
		if err != nil {
			t.Fatal(err)
		}
		dir = d
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
		c, err := cluster.Start(ctx, cluster.Options{Dir: d, Ephemeral: true})
		if err != nil {
			t.Fatal(err)
		}
		server.cluster = c
	}
	c := server.cluster
	admin(t, c, "CREATE DATABASE tributary_template")
	url := address(t, c, "tributary_template")
	quiet := slog.New(slog.DiscardHandler)
	if err := postgis.Migrate(ctx, url, quiet); err != nil {
		t.Fatal(err)
	}
	s, err := postgis.Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.LoadReference(ctx, quiet); err != nil {
		t.Fatal(err)
	}
	server.made = true
	return c
}

// address is the cluster's address with another database.
func address(t testing.TB, c *cluster.Cluster, database string) string {
	t.Helper()
	u, err := url.Parse(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + database
	return u.String()
}

// admin runs a statement that belongs to no database.
func admin(t testing.TB, c *cluster.Cluster, sql string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address(t, c, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatal(err)
	}
}
