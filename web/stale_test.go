package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/paulmach/orb/maptile"

	"tributary/data/postgis"
	"tributary/data/postgis/cluster"
	"tributary/tiles"
)

// While the database restarts, tiles that are kept are sent with a mark, others
// are refused for the moment, and nobody has to do anything for it to be over.
func TestTilesWhileTheDatabaseRestarts(t *testing.T) {
	ctx := context.Background()
	quiet := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // a lost connection is logged
	defer slog.SetDefault(quiet)
	dir, err := os.MkdirTemp("/tmp", "tributary-stale-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	begin := func() *cluster.Cluster {
		c, err := cluster.Start(ctx, cluster.Options{Dir: dir, Ephemeral: true})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := begin()
	if err := postgis.Migrate(ctx, c.URL(), slog.Default()); err != nil {
		t.Fatal(err)
	}
	store, err := postgis.Open(ctx, c.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.LoadReference(ctx, slog.Default()); err != nil {
		t.Fatal(err)
	}
	i := newInstance(t, c.URL())
	w := world{t, store}
	w.begin()
	w.activity(1, spots[0], "s0", "validated", "safer")
	i.current(t)
	base, _ := started(t, i)
	at := maptile.At(spots[0], 9)
	address := base + "/tiles/territories,activities/9/" + strconv.Itoa(int(at.X)) + "/" + strconv.Itoa(int(at.Y)) + ".mvt"
	before, body := fetch(t, http.MethodGet, address, plain)
	if before.StatusCode != http.StatusOK || before.Header.Get(staleHeader) != "" {
		t.Fatalf("before: %d %v", before.StatusCode, before.Header)
	}

	if err := c.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	marked := 0
	for deadline := time.Now().Add(20 * time.Second); marked < 3 && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		res, again := fetch(t, http.MethodGet, address, plain)
		if res.StatusCode != http.StatusOK || again != body || res.Header.Get("ETag") != before.Header.Get("ETag") {
			t.Fatalf("while the database is away: %d, %d bytes, want the %d from before", res.StatusCode, len(again), len(body))
		}
		if age, err := strconv.Atoi(res.Header.Get(staleHeader)); err == nil && age > 0 {
			marked++
		}
	}
	if marked == 0 {
		t.Error("tiles are sent without a mark while the database is away")
	}
	res, _ := fetch(t, http.MethodGet, base+"/tiles/activities/10/511/336.mvt", plain)
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a tile that is not kept: %d %v", res.StatusCode, res.Header)
	}

	was := sockets(t, c)
	c = begin()
	// A private cluster has another socket each time; a server of one's own has
	// not.
	if err := os.Symlink(sockets(t, c), was); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(was)
	defer func() { i.stop(); c.Stop(ctx) }()
	again, err := postgis.Open(ctx, c.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	w.store = again
	w.activity(2, spots[0], "s0", "validated", "safer")
	layers, err := tiles.ParseLayers("territories,activities")
	if err != nil {
		t.Fatal(err)
	}
	want := string(i.fresh(t, tiles.NewRequest(layers, at, tiles.Query{})))
	// Until the server has noticed that the database is back, what it sends is
	// marked; what has no mark is fresh.
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		res, after := fetch(t, http.MethodGet, address, plain)
		marked := res.Header.Get(staleHeader) != ""
		if res.StatusCode != http.StatusOK || !marked && after != want {
			t.Fatalf("when it is back: %d, marked: %v, fresh: %v", res.StatusCode, marked, after == want)
		}
		if !marked {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("tiles are still marked long after the database is back")
		}
	}
	i.current(t)
	if res, again := fetch(t, http.MethodGet, address, plain); again != want || res.Header.Get(staleHeader) != "" {
		t.Errorf("when it has caught up: stale %q, fresh: %v", res.Header.Get(staleHeader), again == want)
	}
}

// sockets is the folder that a cluster listens in.
func sockets(t *testing.T, c *cluster.Cluster) string {
	t.Helper()
	u, err := url.Parse(c.URL())
	if err != nil || u.Query().Get("host") == "" {
		t.Fatalf("the cluster is at %s, %v", c.URL(), err)
	}
	return u.Query().Get("host")
}
