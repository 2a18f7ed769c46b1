package postgis_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/data/facts"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	"tributary/geo/hex"
	"tributary/web"
)

// serving is a server over a store, on a listener.
func serving(b *testing.B, s *postgis.Store, fs *facts.Facts) (*web.Server, *httptest.Server) {
	b.Helper()
	srv, err := web.NewServer(web.Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 64 << 20}, tileSource{s, fs})
	if err != nil {
		b.Fatal(err)
	}
	hs := httptest.NewServer(srv)
	b.Cleanup(hs.Close)
	return srv, hs
}

// fetchTile fetches a tile as it is, without compression.
func fetchTile(b *testing.B, hs *httptest.Server, layer string, at maptile.Tile) (bytes int) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, fmt.Sprintf("%s/tiles/%s/%d/%d/%d.mvt", hs.URL, layer, at.Z, at.X, at.Y), nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	res, err := hs.Client().Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		b.Fatalf("%s %v: %d %v %.200s", layer, at, res.StatusCode, err, body)
	}
	return len(body)
}

// BenchmarkTiles makes cold tiles over HTTP, uncompressed, and in turn asks the
// database for what they are made of: the bare statement of a layer that is
// SQL, GROUP BY for heat. It prints how long both take, how many times as fast
// the tile is, and for layers in SQL how much more than 1.1 times the
// statement. N and DATABASE are as of
// BenchmarkQuestions.
func BenchmarkTiles(b *testing.B) {
	url, s := benchDatabase(b)
	fs := loadedFacts(b, url, s)
	srv, hs := serving(b, s, fs)
	london, norwich := orb.Point{-0.1276, 51.5072}, orb.Point{1.2974, 52.6309}
	layer := func(name string) func(maptile.Tile) error {
		return func(at maptile.Tile) error {
			_, err := s.Layer(b.Context(), name, at, data.Filter{})
			return err
		}
	}
	for _, run := range []struct {
		layer string
		at    maptile.Tile
		floor func(maptile.Tile) error
		sql   bool
	}{
		{"territories", maptile.At(norwich, 6), layer("territories"), true},
		{"areas", maptile.At(norwich, 9), layer("areas"), true},
		{"activities", maptile.At(london, 8), layer("activities"), true},
		{"activities", maptile.At(norwich, 12), layer("activities"), true},
		{"heat", maptile.At(norwich, 5), func(maptile.Tile) error {
			_, _, err := postgis.PlainHeat(b.Context(), s, data.HeatQuery{Res: hex.ForZoom(5), Metric: data.MetricPence})
			return err
		}, false},
	} {
		b.Run(fmt.Sprintf("%s-z%d", run.layer, run.at.Z), func(b *testing.B) {
			var c compared
			size := 0
			for b.Loop() {
				for range 9 {
					c.again(b, func() error { return run.floor(run.at) }, func() error {
						srv.Touch(data.Touched{Whole: data.OfEverything})
						size = fetchTile(b, hs, run.layer, run.at)
						return nil
					})
				}
			}
			c.report(b, "cold")
			if run.sql {
				n := len(c.fast) / 2
				b.ReportMetric((c.fast[n].Seconds()-1.1*c.slow[n].Seconds())*1000, "cold-over-1.1-floor-ms")
			}
			b.ReportMetric(float64(size), "bytes")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// watcher passes on what it is told, and lets wait for a version.
type watcher struct {
	*web.Server
	mu   sync.Mutex
	cond *sync.Cond
	seen int64
}

func (w *watcher) Seen(version int64, at time.Time) {
	w.Server.Seen(version, at)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = version
	w.cond.Broadcast()
}

func (w *watcher) await(version int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.seen < version {
		w.cond.Wait()
	}
}

// BenchmarkFreshTile writes two hundred facts a second for five seconds into one
// city, each by a transaction of its own, and prints how long after its commit
// a tile of heat with it was fetched over HTTP.
func BenchmarkFreshTile(b *testing.B) {
	url := pgtest.Durable(b)
	s, err := postgis.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	fs := facts.New(s)
	srv, hs := serving(b, s, fs)
	w := &watcher{Server: srv}
	w.cond = sync.NewCond(&w.mu)
	ctx, stop := context.WithCancel(context.Background())
	var follows sync.WaitGroup
	follows.Go(func() {
		if err := s.Follow(ctx, fs, w); ctx.Err() == nil {
			b.Error(err)
		}
	})
	defer follows.Wait()
	defer stop()
	conn, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(b.Context()))
	var lags []time.Duration
	for b.Loop() {
		var wait sync.WaitGroup
		var mu sync.Mutex
		tick := time.NewTicker(5 * time.Millisecond)
		for n := range 1000 {
			<-tick.C
			p := orb.Point{1.25 + 0.0001*float64(n), 52.63}
			cell, err := hex.At(p, hex.Finest)
			if err != nil {
				b.Fatal(err)
			}
			_, err = conn.Exec(b.Context(), `INSERT INTO pub.fact (contribution_id, level, day, pence, quantity_milli, unit, type, measure, priority, themes, beneficiaries, sector, state, standing, territory_id, region_code, area_code, cell, supplier_id, activity_id)
				VALUES (gen_random_uuid(), 'exact', '2025-04-01', 100, 1000, 'hours', 'donation_money', 'norfolk:PC1', 'norfolk:preventing-crime', '{safer}', '{neet}', 'police', 'claimed', 'primary', 'norfolk', 'E12000006', 'E07000148', $1, gen_random_uuid(), gen_random_uuid())`, int64(cell))
			if err != nil {
				b.Fatal(err)
			}
			committed := time.Now()
			v, err := s.Version(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if _, err := conn.Exec(b.Context(), "SELECT pg_notify('tributary', '')"); err != nil {
				b.Fatal(err)
			}
			wait.Go(func() {
				w.await(v)
				fetchTile(b, hs, "heat", maptile.At(p, 13))
				mu.Lock()
				defer mu.Unlock()
				lags = append(lags, time.Since(committed))
			})
		}
		wait.Wait()
		tick.Stop()
	}
	slices.Sort(lags)
	b.ReportMetric(float64(lags[len(lags)/2].Microseconds())/1000, "median-ms")
	b.ReportMetric(float64(lags[len(lags)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
}
