package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
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
	"tributary/geo"
	"tributary/tiles"
)

// instance is a server over a database with a store of its own, and the
// projection that it draws facts from, following it.
type instance struct {
	*Server
	store *postgis.Store
	facts *facts.Facts
	stop  func()
	mu    sync.Mutex
	cond  *sync.Cond
	seen  int64
	told  []data.Touched
}

// drawn is what an instance draws from.
type drawn struct {
	*postgis.Store
	facts *facts.Facts
}

func (d drawn) from(f data.Filter) facts.Answers {
	if !f.AsAt.IsZero() {
		return d.Store
	}
	return d.facts
}

func (d drawn) Heat(ctx context.Context, q data.HeatQuery) (data.Heat, error) {
	return d.from(q.Filter).Heat(ctx, q)
}

func (d drawn) Points(ctx context.Context, q data.PointQuery) (data.FactPoints, error) {
	return d.from(q.Filter).Points(ctx, q)
}

func (d drawn) Breakdown(ctx context.Context, f data.Filter, by ...data.Dimension) (data.Breakdown, error) {
	return d.from(f).Breakdown(ctx, f, by...)
}

func newInstance(t testing.TB, url string) *instance {
	t.Helper()
	store, err := postgis.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	i := &instance{store: store, facts: facts.New(store)}
	i.cond = sync.NewCond(&i.mu)
	i.Server, err = NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 64 << 20}, drawn{store, i.facts})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := store.Follow(ctx, i.facts, i); !errors.Is(err, context.Canceled) {
			t.Errorf("following ended: %v", err)
		}
	})
	i.stop = sync.OnceFunc(func() { cancel(); wait.Wait() })
	t.Cleanup(func() { i.stop(); store.Close() })
	return i
}

// Touch and Seen pass on what the instance is told, and note it.
func (i *instance) Touch(t data.Touched) {
	i.Server.Touch(t)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.told = append(i.told, t)
}

func (i *instance) Seen(version int64, at time.Time) {
	i.Server.Seen(version, at)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.seen = version
	i.cond.Broadcast()
}

// current waits until the instance was told of everything that is committed,
// and returns what of.
func (i *instance) current(t testing.TB) []data.Touched {
	t.Helper()
	v, err := i.store.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stop := context.AfterFunc(t.Context(), i.cond.Broadcast)
	defer stop()
	i.mu.Lock()
	defer i.mu.Unlock()
	for i.seen < v && t.Context().Err() == nil {
		i.cond.Wait()
	}
	told := i.told
	i.told = nil
	return told
}

// fresh makes a tile without any cache.
func (i *instance) fresh(t testing.TB, r *tiles.Request) []byte {
	t.Helper()
	b, err := tiles.New(drawn{i.store, i.facts}).Tile(t.Context(), r.Layers, r.At, r.Query)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ask asks the instance for a tile.
func (i *instance) ask(t testing.TB, r *tiles.Request) []byte {
	t.Helper()
	f, stale, err := i.tiles.Tile(t.Context(), r)
	if err != nil || stale != 0 {
		t.Fatalf("a tile is stale for %v, %v", stale, err)
	}
	return f.In(tiles.Identity).Body
}

// world is a small world that writes change, by the way that imports go.
type world struct {
	t     testing.TB
	store *postgis.Store
}

func (w world) take(kind string, row map[string]string) {
	w.t.Helper()
	k, ok := data.KindNamed(kind)
	if !ok {
		w.t.Fatalf("no kind %s", kind)
	}
	rec, bad := k.Read("test", func(c string) string { return row[c] })
	if len(bad) > 0 {
		w.t.Fatalf("%s %v: %v", kind, row, bad)
	}
	in := []postgis.LedgerSheet{{Kind: k, Records: slices.Values([]postgis.LedgerRecord{{Line: 1, Record: rec}})}}
	_, err := w.store.ImportLedger(w.t.Context(), postgis.Operator, data.Import{Kind: "test", Source: "test"}, in, func(r postgis.LedgerRefusal) error {
		w.t.Fatalf("%s %v is refused: %s: %s", kind, row, r.Field, r.Reason)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// begin takes what the rest refers to.
func (w world) begin() {
	w.take("organisation", map[string]string{"id": "builder", "name": "Builder Ltd", "kind": "supplier"})
	w.take("organisation", map[string]string{"id": "uni", "name": "Example University", "kind": "university", "sector": "university"})
	w.take("target_area_set", map[string]string{"id": "set", "plan": "norfolk", "name": "Set", "public": "yes"})
}

// spots are where things happen: in Norwich, some kilometres away, at the
// border to Suffolk, in Kent.
var spots = []orb.Point{{1.2974, 52.6309}, {1.3001, 52.6312}, {1.36, 52.66}, {1.14, 52.375}, {0.52, 51.27}}

func (w world) activity(n int, at orb.Point, class, status, themes string) {
	w.t.Helper()
	w.take("activity", map[string]string{"id": fmt.Sprint("a", n), "name": fmt.Sprint("Activity ", n), "provider": "Example Charity", "class": class, "status": status, "themes": themes,
		"latitude": fmt.Sprint(at.Lat()), "longitude": fmt.Sprint(at.Lon())})
}

// anything writes something at random.
func (w world) anything(r *rand.Rand) string {
	w.t.Helper()
	at := spots[r.IntN(len(spots))]
	activity := r.IntN(12)
	name := fmt.Sprint("a", activity)
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	switch n := r.IntN(14); n {
	case 0, 1, 2, 3, 4, 5:
		class, status := pick("s0", "s0", "s1", "s2", "s3"), pick("validated", "validated", "submitted", "closed", "suspended", "draft")
		w.activity(activity, at, class, status, pick("safer", "healthier", "resilient"))
		return fmt.Sprintf("activity %s %s %s at %v", name, class, status, at)
	case 6, 7:
		w.activity(activity, at, "s0", "validated", "safer")
		w.take("need", map[string]string{"id": fmt.Sprint("n", r.IntN(4)), "activity": name, "type": pick("donation_money", "volunteering_time"), "status": pick("open", "met")})
		return "need of " + name
	case 8, 9:
		w.activity(activity, at, "s0", "validated", "safer")
		row := map[string]string{"id": fmt.Sprint("d", r.IntN(4)), "kind": "story", "title": pick("Checkmate", "Planted"), "consent": "file 1"}
		row[pick("activity", "territory")] = pick(name)
		if row["territory"] != "" {
			row["territory"] = pick("kent", "norfolk")
		}
		w.take("document", row)
		return fmt.Sprint("story ", row)
	case 10:
		w.take("hub", map[string]string{"id": "h1", "region": "E12000006", "host": "uni", "commissioned_on": "2024-01-01", "ended_on": pick("", "2025-01-01")})
		if r.IntN(2) == 0 {
			w.take("site", map[string]string{"id": "s1", "organisation": "uni", "role": "campus", "name": "Campus", "latitude": fmt.Sprint(at.Lat()), "longitude": fmt.Sprint(at.Lon())})
		}
		return "hub"
	case 11:
		w.take("target_area", map[string]string{"id": "t", "set": "set", "label": pick("Target", "Aim"), "areas": pick("E07000148", "E07000145")})
		return "target area"
	default:
		w.take("contribution", map[string]string{"id": fmt.Sprint("c", r.IntN(10)), "supplier": "builder", "type": "donation_money", "value": fmt.Sprint(1 + r.IntN(500)), "delivered_from": "2025-06-01",
			"latitude": fmt.Sprint(at.Lat()), "longitude": fmt.Sprint(at.Lon()), "class": pick("s0", "s1", "s2")})
		return "contribution"
	}
}

// requests are tiles of every layer around the spots, under several filters.
func requests(t testing.TB) []*tiles.Request {
	t.Helper()
	var out []*tiles.Request
	add := func(layers string, at maptile.Tile, f data.Filter) {
		l, err := tiles.ParseLayers(layers)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := tiles.NewQuery(l, f, data.View{}); err == nil {
			out = append(out, tiles.NewRequest(l, at, q))
		}
	}
	filters := []data.Filter{{}, {Theme: []data.Theme{"safer"}}, {Territory: []geo.TerritoryID{"norfolk"}}, {AsAt: data.NewDate(2020, 1, 1)}}
	seen := map[maptile.Tile]bool{}
	for n, at := range spots {
		for z := maptile.Zoom(0); z <= geo.MaxZoom; z++ {
			tile := maptile.At(at, z)
			next := maptile.New(min(tile.X+1, 1<<z-1), tile.Y, z)
			for _, tile := range []maptile.Tile{tile, next} {
				if seen[tile] {
					continue
				}
				seen[tile] = true
				add("regions,territories,areas,towns,activities", tile, data.Filter{})
				for _, f := range filters[n%2*2 : n%2*2+2] {
					if (int(z)+n)%6 == 0 {
						for _, layer := range tiles.Names() {
							add(layer, tile, f)
						}
					}
				}
			}
		}
	}
	return out
}

// Whatever is written, each tile that an instance keeps is what would be made
// now, byte for byte, as soon as it was told of the commit; and what a commit
// did not touch is kept.
func TestKeptTilesAreFresh(t *testing.T) {
	url := pgtest.URL(t)
	one, two := newInstance(t, url), newInstance(t, url)
	w := world{t, one.store}
	w.begin()
	r := rand.New(rand.NewPCG(3, 5))
	for n := range 12 {
		w.activity(n, spots[n%len(spots)], "s0", "validated", "safer")
	}
	asked := requests(t)
	last := make([][]byte, len(asked))
	compared, kept, changed := 0, 0, 0
	for round := 0; compared < 10_000; round++ {
		what := "nothing"
		if round > 0 {
			what = w.anything(r)
		}
		one.current(t)
		two.current(t)
		left := 0
		for _, i := range []*instance{one, two} {
			n, _ := i.tiles.Kept()
			left += n
		}
		var wait sync.WaitGroup
		var mu sync.Mutex
		for half := range 2 {
			wait.Go(func() {
				for n := half; n < len(asked); n += 2 {
					now := one.fresh(t, asked[n])
					for k, i := range []*instance{one, two} {
						if got := i.ask(t, asked[n]); !bytes.Equal(got, now) {
							t.Errorf("round %d, %s: instance %d has a stale tile of %v %v %s", round, what, k, tileNames(asked[n]), asked[n].At, asked[n].Query.Canonical())
						}
					}
					mu.Lock()
					compared += 2
					if round > 0 && !bytes.Equal(now, last[n]) {
						changed++
					}
					last[n] = now
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		if t.Failed() {
			return
		}
		if round > 0 {
			kept += left
		}
		if round > 0 && left == 0 {
			t.Errorf("round %d, %s: nothing was kept", round, what)
		}
	}
	dropped := compared - 2*len(asked) - kept
	t.Logf("%d comparisons of %d tiles: %d dropped, %d were another", compared, len(asked), dropped, 2*changed)
	if dropped < 2*changed || dropped > 4*changed {
		t.Errorf("%d tiles were dropped, %d were another: want those and few more", dropped, 2*changed)
	}
}

func tileNames(r *tiles.Request) (names []string) {
	for _, l := range r.Layers {
		names = append(names, l.Name)
	}
	return names
}

// A write drops the tiles that it touches and no others.
func TestOnlyTouchedTilesAreDropped(t *testing.T) {
	url := pgtest.URL(t)
	i := newInstance(t, url)
	w := world{t, i.store}
	w.begin()
	norwich, kent := spots[0], spots[4]
	w.activity(1, norwich, "s0", "validated", "safer")
	w.activity(2, kent, "s0", "validated", "safer")
	tile := func(layers string, at orb.Point, z maptile.Zoom, east uint32) *tiles.Request {
		l, err := tiles.ParseLayers(layers)
		if err != nil {
			t.Fatal(err)
		}
		a := maptile.At(at, z)
		return tiles.NewRequest(l, maptile.New(a.X+east, a.Y, z), tiles.Query{})
	}
	all := map[string]*tiles.Request{
		"activities there":          tile("activities", norwich, 14, 0),
		"activities there, far out": tile("activities", norwich, 3, 0),
		"activities two tiles east": tile("activities", norwich, 14, 2),
		"activities in Kent":        tile("activities", kent, 10, 0),
		"territories there":         tile("territories", norwich, 12, 0),
		"territories in Kent":       tile("territories", kent, 9, 0),
		"regions of the east":       tile("regions", orb.Point{0.12, 52.2}, 12, 0),
		"regions of the south east": tile("regions", kent, 12, 0),
		"needs there":               tile("needs", norwich, 14, 0),
		"needs in Kent":             tile("needs", kent, 14, 0),
		"hubs there":                tile("hubs", norwich, 14, 0),
		"heat there":                tile("heat", norwich, 12, 0),
		"heat there, far out":       tile("heat", norwich, 5, 0),
		"heat in Kent":              tile("heat", kent, 9, 0),
		"contributions there":       tile("contributions", norwich, 14, 0),
		"towns there":               tile("towns", norwich, 9, 0),
	}
	for _, step := range []struct {
		name  string
		write func()
		drops []string
	}{
		{"a new activity", func() { w.activity(3, norwich, "s0", "validated", "safer") },
			[]string{"activities there", "activities there, far out", "territories there", "regions of the east", "needs there"}},
		{"a need", func() {
			w.take("need", map[string]string{"id": "n", "activity": "a1", "type": "donation_money"})
		}, []string{"needs there"}},
		{"a contribution", func() {
			w.take("contribution", map[string]string{"id": "c", "supplier": "builder", "type": "donation_money", "value": "5", "delivered_from": "2025-06-01", "latitude": "52.6309", "longitude": "1.2974", "class": "s0"})
		}, []string{"heat there", "heat there, far out", "contributions there"}},
		{"an activity that goes to Kent", func() { w.activity(3, kent, "s0", "validated", "safer") },
			[]string{"activities there", "activities there, far out", "activities in Kent", "territories there", "territories in Kent", "regions of the east", "regions of the south east", "needs there", "needs in Kent"}},
		{"a secret activity, which is nowhere", func() { w.activity(4, norwich, "s3", "validated", "safer") }, nil},
		{"one that becomes secret", func() { w.activity(1, norwich, "s3", "validated", "safer") },
			[]string{"activities there", "activities there, far out", "territories there", "regions of the east", "needs there"}},
	} {
		i.current(t)
		for _, r := range all {
			i.ask(t, r)
		}
		step.write()
		i.current(t)
		var dropped []string
		for name, r := range all {
			if !i.tiles.Keeps(r) {
				dropped = append(dropped, name)
			}
		}
		slices.Sort(dropped)
		slices.Sort(step.drops)
		if !slices.Equal(dropped, step.drops) {
			t.Errorf("%s drops %q, want %q", step.name, dropped, step.drops)
		}
	}
}

// A follower that loses its connection catches up with what it missed, and
// drops that alone.
func TestALostConnectionIsCaughtUpWith(t *testing.T) {
	url := pgtest.URL(t)
	i := newInstance(t, url)
	w := world{t, i.store}
	w.begin()
	w.activity(1, spots[0], "s0", "validated", "safer")
	i.current(t)
	l, err := tiles.ParseLayers("activities")
	if err != nil {
		t.Fatal(err)
	}
	touched := tiles.NewRequest(l, maptile.At(spots[0], 14), tiles.Query{})
	other := tiles.NewRequest(l, maptile.At(spots[4], 14), tiles.Query{})
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for n := range 5 {
		i.current(t)
		i.ask(t, touched)
		i.ask(t, other)
		if _, err := conn.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%LISTEN%' OR query LIKE '%raw.change%' AND pid <> pg_backend_pid()"); err != nil {
			t.Fatal(err)
		}
		w.activity(2+n, spots[0], "s0", "validated", "safer")
		i.current(t)
		if i.tiles.Keeps(touched) || !i.tiles.Keeps(other) {
			t.Errorf("round %d: the tile that was touched is kept: %v, the other: %v", n, i.tiles.Keeps(touched), i.tiles.Keeps(other))
		}
		if got, want := i.ask(t, touched), i.fresh(t, touched); !bytes.Equal(got, want) {
			t.Errorf("round %d: a stale tile", n)
		}
	}
}
