package tiles

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
)

const (
	// trust is how long after it was last told the cache takes what it has as
	// unchanged without asking.
	trust = 500 * time.Millisecond
	// StaleFor is how long a tile is sent, marked, that nobody can tell to be
	// unchanged because the database is away.
	StaleFor = 5 * time.Minute
	// patience is how long the cache asks for the version, and apart how long it
	// does not ask again where there was no answer.
	patience, restful = 2 * time.Second, 250 * time.Millisecond
	// longest is how long a tile may be in the making.
	longest = 30 * time.Second
)

// Request asks for a tile of some layers.
type Request struct {
	Layers []Layer
	At     maptile.Tile
	Query  Query

	key  string
	of   data.Subject
	wide bool // what it shows may lie elsewhere than is told
}

// NewRequest makes a request. Equal questions make equal requests.
func NewRequest(layers []Layer, at maptile.Tile, q Query) *Request {
	r := &Request{Layers: layers, At: at, Query: q}
	var key strings.Builder
	for _, l := range layers {
		key.WriteString(l.Name + ",")
		if int(at.Z) >= l.MinZoom {
			r.of |= l.Of
			r.wide = r.wide || l.Wide
		}
	}
	f := q.Filter
	if f.Has("target_area") {
		r.of |= data.OfTargetAreas
	}
	if f.Has("priority") {
		r.of |= data.OfPlans
	}
	if f.Has("status") && r.of&data.OfFacts != 0 {
		r.of |= data.OfActivities
		r.wide = true
	}
	fmt.Fprintf(&key, "/%d/%d/%d?%s", at.Z, at.X, at.Y, q.Canonical())
	r.key = key.String()
	// Under the boundaries of another day things count elsewhere, and cells of
	// another resolution than the zoom's reach further than is told.
	r.wide = r.wide || !f.AsAt.IsZero() || q.Res != 0 || f.Has("target_area")
	return r
}

// Cache keeps finished tiles, bounded by their bytes, and makes each once
// however many ask at the same time.
//
// Whoever follows the database tells it what each commit has touched
// ([Cache.Touch]) and how far it has looked ([Cache.Seen]). While it is told, a
// tile that it keeps is sent without asking anybody. When it has not been told
// for half a second it asks for the version, as it does when nobody follows;
// and when there is no answer to that it sends what it has for [StaleFor],
// marked. A tile that a commit is known to have touched is never sent again: it
// may show what has been withdrawn.
type Cache struct {
	tiles   *Tiles
	version func(context.Context) (int64, error)
	press   *press
	kept    *otter.Cache[string, *entry]
	none    bool // nothing is kept

	seen atomic.Pointer[moment] // what was told last
	away atomic.Int64           // when there was no answer, in Unix nanoseconds

	mu      sync.Mutex
	flights map[string]*flight
	index   index
	// made is called, in tests, when a tile is made and not yet kept.
	made func(*Request)
}

// moment is a version and when it was looked up.
type moment struct {
	version int64
	at      time.Time
}

// entry is a tile that is kept.
type entry struct {
	*Finished
	req     *Request
	codes   []string // of the places whose figures it shows
	version int64    // that it is not older than
	until   time.Time
	known   atomic.Int64 // when it was known to be unchanged by asking, in Unix nanoseconds
}

// NewCache keeps up to capacity bytes of tiles; 0 keeps none. Version asks for
// the version of the data.
func NewCache(t *Tiles, capacity int, version func(context.Context) (int64, error)) (*Cache, error) {
	c := &Cache{tiles: t, version: version, press: newPress(), none: capacity == 0, flights: map[string]*flight{}, index: newIndex()}
	c.seen.Store(&moment{})
	kept, err := otter.New(&otter.Options[string, *entry]{
		MaximumWeight: uint64(max(capacity, 1)),
		Weigher: func(key string, e *entry) uint32 {
			return uint32(int64(2*len(key)+512+24*len(e.codes)) + e.size.Load())
		},
		OnDeletion: func(d otter.DeletionEvent[string, *entry]) {
			if d.Cause != otter.CauseReplacement {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.index.remove(d.Value)
			}
		},
	})
	if err != nil {
		return nil, fmt.Errorf("tile cache: %w", err)
	}
	c.kept = kept
	return c, nil
}

// Tile returns a tile, and for how long it has not been known to be unchanged:
// 0 unless the database is away.
func (c *Cache) Tile(ctx context.Context, r *Request) (t *Finished, stale time.Duration, err error) {
	now := time.Now()
	e, kept := c.kept.GetIfPresent(r.key)
	kept = kept && now.Before(e.until)
	seen := c.seen.Load()
	if now.Sub(seen.at) < trust {
		if kept {
			return e.Finished, 0, nil
		}
		t, err = c.join(ctx, r, 0)
		return t, 0, err
	}
	version, err := c.ask(ctx)
	if err == nil {
		if kept && (version == seen.version || version == e.version) {
			e.known.Store(now.UnixNano())
			return e.Finished, 0, nil
		}
		t, err = c.join(ctx, r, version)
	}
	if err != nil && kept && errors.Is(err, data.ErrUnavailable) {
		known := seen.at
		if asked := time.Unix(0, e.known.Load()); asked.After(known) {
			known = asked
		}
		if age := now.Sub(known); age < StaleFor {
			return e.Finished, max(age, 1), nil
		}
	}
	return t, 0, err
}

// ask asks for the version, unless there was no answer just now.
func (c *Cache) ask(ctx context.Context) (int64, error) {
	if away := time.Unix(0, c.away.Load()); time.Since(away) < restful {
		return 0, fmt.Errorf("the database did not answer just now: %w", data.ErrUnavailable)
	}
	asking, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	version, err := c.version(asking)
	if err != nil && ctx.Err() == nil {
		c.away.Store(time.Now().UnixNano())
		err = fmt.Errorf("%w: %w", data.ErrUnavailable, err)
	}
	return version, err
}

// flight is a tile in the making, and how many wait for it.
type flight struct {
	req     *Request
	done    chan struct{} // closed when tile or err is there
	tile    *Finished
	err     error
	cancel  context.CancelFunc
	waiting int
	version int64               // that it is not older than
	touched bool                // by a commit since it began
	codes   map[string]struct{} // whose figures have changed since it began
}

// join waits for a tile in the making that is not older than a version and
// that nothing has touched since it began, or makes it.
func (c *Cache) join(ctx context.Context, r *Request, version int64) (*Finished, error) {
	c.mu.Lock()
	f := c.flights[r.key]
	if f == nil || f.touched || f.version < version {
		f = c.depart(ctx, r, max(version, c.seen.Load().version))
	}
	f.waiting++
	c.mu.Unlock()
	select {
	case <-f.done:
		return f.tile, f.err
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		f.cancel()
		c.land(f)
	}
	return nil, context.Cause(ctx)
}

// depart begins to make a tile. It goes on when the first who asked has left;
// the last one who leaves ends it.
func (c *Cache) depart(ctx context.Context, r *Request, version int64) *flight {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
	f := &flight{req: r, done: make(chan struct{}), cancel: cancel, version: version, codes: map[string]struct{}{}}
	c.flights[r.key] = f
	go func() {
		defer cancel()
		c.fly(ctx, f)
	}()
	return f
}

// fly makes the tile of a flight and keeps it, unless something has touched it
// meanwhile. Errors are not kept.
func (c *Cache) fly(ctx context.Context, f *flight) {
	defer close(f.done)
	defer func() {
		// Nobody above would stop it from ending the process.
		if r := recover(); r != nil {
			f.tile, f.err = nil, fmt.Errorf("making a tile: %v", r)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.land(f)
	}()
	until := endOfDay(time.Now())
	b, err := c.tiles.Tile(ctx, f.req.Layers, f.req.At, f.req.Query)
	if err != nil {
		f.err = err
		return
	}
	e := &entry{Finished: finish(b, c.press), req: f.req, version: f.version, until: until}
	if f.req.of&data.OfCounts != 0 {
		if e.codes, f.err = codesIn(b); f.err != nil {
			return
		}
	}
	e.known.Store(time.Now().UnixNano())
	e.grown = func() { c.weigh(f.req.key, e.Finished) }
	f.tile = e.Finished
	if c.made != nil {
		c.made(f.req)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, code := range e.codes {
		if _, changed := f.codes[code]; changed {
			f.touched = true
		}
	}
	if !f.touched && !c.none {
		c.keep(e)
	}
}

// keep puts a tile in the place of what there is of it.
func (c *Cache) keep(e *entry) {
	if old, kept := c.kept.GetIfPresent(e.req.key); kept {
		c.index.remove(old)
	}
	c.index.add(e)
	c.kept.Set(e.req.key, e)
}

// land takes a flight out of those that can be joined.
func (c *Cache) land(f *flight) {
	if c.flights[f.req.key] == f {
		delete(c.flights, f.req.key)
	}
}

// weigh weighs a tile again that takes up more memory. It is kept as another
// entry: the one before may just be on its way out, and out of the index.
func (c *Cache) weigh(key string, t *Finished) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now, kept := c.kept.GetIfPresent(key); kept && now.Finished == t {
		e := &entry{Finished: t, req: now.req, codes: now.codes, version: now.version, until: now.until}
		e.known.Store(now.known.Load())
		c.keep(e)
	}
}

// Touch drops the tiles that a commit has touched, and those only; what is in
// the making is told to be too old to keep.
func (c *Cache) Touch(t data.Touched) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.flights {
		f.touched = f.touched || f.req.touchedBy(&t)
		for _, code := range t.Codes {
			if f.req.of&code.Of != 0 {
				f.codes[code.Code] = struct{}{}
			}
		}
	}
	c.index.touched(&t, func(e *entry) {
		c.index.remove(e)
		if now, kept := c.kept.GetIfPresent(e.req.key); kept && now == e {
			c.kept.Invalidate(e.req.key)
		}
	})
}

// Seen says that everything was told that happened up to a version, which was
// looked up at a time.
func (c *Cache) Seen(version int64, at time.Time) { c.seen.Store(&moment{version, at}) }

// endOfDay is the midnight, as the database has it, up to which what is in
// force today is.
func endOfDay(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour) }

// Keeps reports whether a tile is kept.
func (c *Cache) Keeps(r *Request) bool {
	_, kept := c.kept.GetIfPresent(r.key)
	return kept
}

// Kept is how many tiles are kept, and their bytes with everything around them.
func (c *Cache) Kept() (tiles int, bytes uint64) {
	c.kept.CleanUp()
	return c.kept.EstimatedSize(), c.kept.WeightedSize()
}
