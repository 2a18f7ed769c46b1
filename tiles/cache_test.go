package tiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
)

// source makes tiles of what it is told; each says how many were made before.
type source struct {
	Source
	made  atomic.Int64
	enter func(context.Context) error // called when a tile is asked for
}

func (s *source) Layer(ctx context.Context, layer string, t maptile.Tile, f data.Filter) ([]byte, error) {
	n := s.made.Add(1)
	if s.enter != nil {
		if err := s.enter(ctx); err != nil {
			return nil, err
		}
	}
	return fmt.Appendf(nil, "\x7a\x00 %s %v %s, the %d. to be made", layer, t, f.Canonical(), n)[2:], nil
}

// versions is a database's version, or that it is away.
type versions struct {
	now   atomic.Int64
	away  atomic.Bool
	asked atomic.Int64
}

func (v *versions) version(context.Context) (int64, error) {
	v.asked.Add(1)
	if v.away.Load() {
		return 0, errors.New("connection refused")
	}
	return v.now.Load(), nil
}

func newTestCache(t *testing.T) (*Cache, *source, *versions) {
	t.Helper()
	s, v := &source{}, &versions{}
	c, err := NewCache(New(s), 64<<20, v.version)
	if err != nil {
		t.Fatal(err)
	}
	return c, s, v
}

func activitiesAt(z, x, y uint32, f data.Filter) *Request {
	l, _ := find("activities")
	return NewRequest([]Layer{l}, maptile.New(x, y, maptile.Zoom(z)), Query{Filter: f})
}

func get(t *testing.T, c *Cache, r *Request) string {
	t.Helper()
	f, stale, err := c.Tile(t.Context(), r)
	if err != nil || stale != 0 {
		t.Fatalf("tile %s: stale for %v, %v", r.key, stale, err)
	}
	return string(f.In(Identity).Body)
}

// soon waits for something that another goroutine is about to do.
func soon(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 2000 {
		if done() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("not within 2 seconds: %s", what)
}

func (c *Cache) waiting(key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.flights[key]; f != nil {
		return f.waiting
	}
	return 0
}

func TestManyWaitersMakeOneQuery(t *testing.T) {
	c, s, _ := newTestCache(t)
	c.Seen(1, time.Now().Add(time.Hour))
	r := activitiesAt(6, 31, 21, data.Filter{})
	hold := make(chan struct{})
	s.enter = func(context.Context) error { <-hold; return nil }
	var wait sync.WaitGroup
	var same sync.Map
	for range 500 {
		wait.Go(func() {
			f, _, err := c.Tile(t.Context(), r)
			if err != nil {
				t.Error(err)
				return
			}
			same.Store(f, true)
		})
	}
	soon(t, "500 wait", func() bool { return c.waiting(r.key) == 500 })
	close(hold)
	wait.Wait()
	if n := s.made.Load(); n != 1 {
		t.Errorf("%d queries for 500 who wait, want 1", n)
	}
	n := 0
	same.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d tiles, want one that all share", n)
	}
}

// The first who asked may leave; the last who leaves ends the query.
func TestTheLastWaiterCancels(t *testing.T) {
	c, s, _ := newTestCache(t)
	c.Seen(1, time.Now().Add(time.Hour))
	r := activitiesAt(6, 31, 21, data.Filter{})
	cancelled := make(chan error, 1)
	s.enter = func(ctx context.Context) error {
		<-ctx.Done()
		cancelled <- ctx.Err()
		return ctx.Err()
	}
	left := make(chan error)
	var leave []context.CancelFunc
	for i := range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		leave = append(leave, cancel)
		go func() {
			_, _, err := c.Tile(ctx, r)
			left <- err
		}()
		soon(t, "another waits", func() bool { return c.waiting(r.key) == i+1 })
	}
	for i, cancel := range leave {
		select {
		case <-cancelled:
			t.Fatalf("cancelled when %d of 3 had left", i)
		default:
		}
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who leaves is told %v", err)
		}
	}
	select {
	case <-cancelled:
	case <-time.After(2 * time.Second):
		t.Fatal("the query goes on although nobody waits")
	}
	// Who comes after that does not join what was cancelled.
	s.enter = nil
	if get(t, c, r) == "" {
		t.Error("no tile after a cancelled one")
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	c, s, _ := newTestCache(t)
	c.Seen(1, time.Now().Add(time.Hour))
	r := activitiesAt(6, 31, 21, data.Filter{})
	s.enter = func(context.Context) error { return errors.New("a fault") }
	if _, _, err := c.Tile(t.Context(), r); err == nil || !strings.Contains(err.Error(), "a fault") {
		t.Fatalf("got %v", err)
	}
	s.enter = func(context.Context) error { panic("a panic") }
	if _, _, err := c.Tile(t.Context(), r); err == nil || !strings.Contains(err.Error(), "a panic") {
		t.Fatalf("got %v", err)
	}
	s.enter = nil
	get(t, c, r)
}

// A tile that was begun before a commit is not kept when the commit was told
// of meanwhile, and nobody who asks after that gets it.
func TestACommitOvertakesATileInTheMaking(t *testing.T) {
	c, s, _ := newTestCache(t)
	c.Seen(1, time.Now().Add(time.Hour))
	at := maptile.New(31, 21, 6)
	r := activitiesAt(6, 31, 21, data.Filter{})
	touched := data.Touched{Version: 2, Places: []data.TouchedPlace{{Of: data.OfActivities, Box: boxOf(at), MaxZoom: 14}}}
	later := ""
	c.made = func(*Request) {
		c.made = nil
		c.Touch(touched)
		c.Seen(2, time.Now().Add(time.Hour))
		later = get(t, c, r) // does not join the one that was begun before
	}
	first := get(t, c, r)
	if first == later || s.made.Load() != 2 {
		t.Errorf("who asked after the commit was told of got the tile from before it: %q, %q", first, later)
	}
	if kept := get(t, c, r); kept != later {
		t.Errorf("kept is %q, want the later one %q", kept, later)
	}
}

func boxOf(t maptile.Tile) orb.Bound {
	side := 2 * halfWorld / float64(uint64(1)<<t.Z)
	x, y := -halfWorld+(float64(t.X)+0.5)*side, halfWorld-(float64(t.Y)+0.5)*side
	return orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x, y}}
}

// Warm tiles ask nobody while the cache is told what happens.
func TestWarmTilesAskNobody(t *testing.T) {
	c, s, v := newTestCache(t)
	c.Seen(1, time.Now().Add(time.Hour))
	r := activitiesAt(6, 31, 21, data.Filter{})
	for range 10 {
		get(t, c, r)
	}
	if s.made.Load() != 1 || v.asked.Load() != 0 {
		t.Errorf("%d tiles made and %d questions asked for one tile ten times", s.made.Load(), v.asked.Load())
	}
}

// A cache that is told nothing asks, and makes a tile again when the version is
// another.
func TestNobodyFollows(t *testing.T) {
	c, _, v := newTestCache(t)
	v.now.Store(7)
	r := activitiesAt(6, 31, 21, data.Filter{})
	first := get(t, c, r)
	if again := get(t, c, r); again != first {
		t.Error("made again although nothing has changed")
	}
	v.now.Store(8)
	if again := get(t, c, r); again == first {
		t.Error("the tile of version 7 at version 8")
	}
}

func TestStaleWhileTheDatabaseIsAway(t *testing.T) {
	c, s, v := newTestCache(t)
	c.Seen(7, time.Now())
	v.now.Store(7)
	r, touched := activitiesAt(6, 31, 21, data.Filter{}), activitiesAt(6, 32, 21, data.Filter{})
	first := get(t, c, r)
	get(t, c, touched)
	c.Touch(data.Touched{Version: 8, Places: []data.TouchedPlace{{Of: data.OfActivities, Box: boxOf(touched.At), MaxZoom: 14}}})
	v.away.Store(true)
	s.enter = func(context.Context) error { return data.ErrUnavailable }

	c.Seen(8, time.Now().Add(-time.Minute))
	known, _ := c.kept.GetIfPresent(r.key)
	known.known.Store(time.Now().Add(-2 * time.Minute).UnixNano())
	f, stale, err := c.Tile(t.Context(), r)
	if err != nil || string(f.In(Identity).Body) != first || stale.Round(time.Second) != time.Minute {
		t.Errorf("got a tile stale for %v, %v", stale, err)
	}
	if _, _, err := c.Tile(t.Context(), touched); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("a tile that was touched is answered by %v: it may show what was withdrawn", err)
	}
	if _, _, err := c.Tile(t.Context(), activitiesAt(6, 31, 20, data.Filter{})); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("a tile that nobody asked for before is answered by %v", err)
	}
	c.Seen(8, time.Now().Add(-StaleFor))
	known.known.Store(0)
	if _, _, err := c.Tile(t.Context(), r); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("after %v a tile is still sent: %v", StaleFor, err)
	}
	// It is back, and nothing has changed.
	v.away.Store(false)
	v.now.Store(8)
	s.enter = nil
	c.away.Store(0)
	if get(t, c, r) != first {
		t.Error("made again although the version is the one that was told")
	}
}

func TestTheBytesThatAreKeptAreBounded(t *testing.T) {
	s, v := &source{}, &versions{}
	c, err := NewCache(New(s), 64<<10, v.version)
	if err != nil {
		t.Fatal(err)
	}
	c.Seen(1, time.Now().Add(time.Hour))
	for x := range uint32(2000) {
		f, _, err := c.Tile(t.Context(), activitiesAt(12, x, 21, data.Filter{}))
		if err != nil {
			t.Fatal(err)
		}
		f.In(Gzip)
		f.In(Brotli)
	}
	soon(t, "the index forgets what is not kept", func() bool {
		n, bytes := c.Kept()
		c.mu.Lock()
		defer c.mu.Unlock()
		return bytes <= 64<<10 && n == len(c.index.at[12])
	})
	none, err := NewCache(New(s), 0, v.version)
	if err != nil {
		t.Fatal(err)
	}
	none.Seen(1, time.Now().Add(time.Hour))
	r := activitiesAt(6, 31, 21, data.Filter{})
	first := get(t, none, r)
	if get(t, none, r) == first {
		t.Error("a cache of 0 bytes keeps a tile")
	}
}

func TestEachCodingHasItsTag(t *testing.T) {
	b := bytes.Repeat([]byte("whole tiles, "), 300)
	one, two := finish(b, newPress()), finish(bytes.Clone(b), newPress())
	tags := map[string]bool{}
	for c := range codings {
		f := one.In(c)
		tags[f.Tag[0]] = true
		if f.Tag[0] != two.Tag(c)[0] || !bytes.Equal(f.Body, two.In(c).Body) {
			t.Errorf("%v: other bytes or another tag for the same tile", c)
		}
		var r io.Reader = bytes.NewReader(f.Body)
		switch c {
		case Gzip:
			z, err := gzip.NewReader(r)
			if err != nil {
				t.Fatal(err)
			}
			r = z
		case Brotli:
			r = brotli.NewReader(r)
		}
		if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, b) {
			t.Errorf("%q does not decode: %v", c, err)
		}
	}
	if len(tags) != int(codings) {
		t.Errorf("%d tags for %d codings", len(tags), codings)
	}
}
