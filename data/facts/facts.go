// Package facts is the projection: the public facts as columns in memory, so
// that any filter is answered while a person drags the map, exact at a version.
//
// Values are dictionary codes in the narrowest integers that hold them; rows
// are sorted by the depth-first order of their H3 cells, in segments of some
// ten thousand, so that the cells of any resolution are ranges of rows and
// need no hash map. What changes goes to a small segment that is not sorted,
// what is gone to bitmaps; both are worked into the sorted segments a few at a
// time. Rows of a segment that are alike in what filters name most are added up
// beforehand. A [Snapshot] never changes: readers take the current one and look at
// it for as long as they like, without a lock.
//
// It speaks no SQL and no HTTP: whoever has the facts gives them to
// [Facts.Load] and [Facts.Apply]. Start reading here, then at scan.go.
package facts

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"tributary/data"
)

// Facts is the projection. It is safe for concurrent use.
type Facts struct {
	current  atomic.Pointer[Snapshot]
	answers  Answers
	writing  sync.Mutex       // held by who changes it
	fresh    map[int64]uint32 // rows of the last part by id
	draining map[int64]uint32 // rows of the part before, when it is being worked in

	watchers []func(data.FactsTouched)

	chunkRows, freshRows int // see New

	waiting sync.Mutex
	changed chan struct{} // closed at the next change
}

// Answers answers questions about facts: *postgis.Store by SQL, *Facts from
// memory.
type Answers interface {
	Heat(ctx context.Context, q data.HeatQuery) (data.Heat, error)
	Totals(ctx context.Context, f data.Filter) (data.Totals, error)
	Breakdown(ctx context.Context, f data.Filter, by ...data.Dimension) (data.Breakdown, error)
	Points(ctx context.Context, q data.PointQuery) (data.FactPoints, error)
	GapSums(ctx context.Context, res *int, filters ...data.Filter) (version int64, sums [][]data.GapSum, err error)
}

// New makes an empty projection, which asks other until it is loaded; nil
// answers that it is unavailable.
func New(other Answers) *Facts {
	return &Facts{
		answers: other,
		// A change rewrites the sorted segments that it touches alone, so they
		// are small beside the whole, and large beside what a step costs.
		chunkRows: maxRows / 2,
		// What is not sorted makes every answer slower, by a millisecond at this.
		freshRows: 1 << 14,
		changed:   make(chan struct{}),
	}
}

// Snapshot is the facts as they are at one version. The zero number of facts
// is a snapshot too. It never changes.
type Snapshot struct {
	version int64
	regions map[string]string // of territories
	dicts   *[columns]*dictionary
	values  [columns][]string // of the dictionaries, as long as they are here
	parts   []part            // sorted ones in order, then those that are not
	sorted  int               // how many of parts are sorted
	facts   int
}

// part is a segment and which of its rows are gone.
type part struct {
	seg  *segment
	gone []uint64 // a bit a row; nil: none
	lost int      // how many bits are set
}

func (p *part) isGone(row int) bool {
	return row>>6 < len(p.gone) && p.gone[row>>6]&(1<<(row&63)) != 0
}

// Snapshot returns the facts as they are now, or nil before the first load.
func (fs *Facts) Snapshot() *Snapshot { return fs.current.Load() }

// Version is the version that the snapshot is exact at.
func (s *Snapshot) Version() int64 { return s.version }

// Len is how many facts there are.
func (s *Snapshot) Len() int { return s.facts }

// publish makes a snapshot the current one and wakes who waits for it.
func (fs *Facts) publish(s *Snapshot) {
	s.facts, s.sorted = 0, 0
	for i := range s.parts {
		s.facts += s.parts[i].seg.n - s.parts[i].lost
		if s.parts[i].seg.sorted {
			s.sorted++
		}
	}
	for c := range columns {
		s.values[c] = s.dicts[c].snapshot()
	}
	fs.current.Store(s)
	fs.waiting.Lock()
	defer fs.waiting.Unlock()
	close(fs.changed)
	fs.changed = make(chan struct{})
}

// Await returns when the facts are at a version or a later one: who has
// written reads what was written.
func (fs *Facts) Await(ctx context.Context, version int64) error {
	for {
		fs.waiting.Lock()
		changed := fs.changed
		fs.waiting.Unlock()
		if s := fs.current.Load(); s != nil && s.version >= version {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for version %d of the facts: %w", version, context.Cause(ctx))
		}
	}
}

// State is what there is to say of the projection.
type State struct {
	Loaded  bool  `json:"loaded"`
	Version int64 `json:"version,omitempty"`
	Facts   int   `json:"facts"`
}

// State says whether the facts are loaded and at which version.
func (fs *Facts) State() State {
	s := fs.current.Load()
	if s == nil {
		return State{}
	}
	return State{true, s.version, s.facts}
}

// Heat answers where value is delivered, by cell.
func (fs *Facts) Heat(ctx context.Context, q data.HeatQuery) (data.Heat, error) {
	if s := fs.current.Load(); s != nil {
		return s.Heat(q), nil
	}
	if fs.answers == nil {
		return data.Heat{}, errNotLoaded
	}
	return fs.answers.Heat(ctx, q)
}

// Totals answers what everything under a filter adds up to.
func (fs *Facts) Totals(ctx context.Context, f data.Filter) (data.Totals, error) {
	if s := fs.current.Load(); s != nil {
		return s.Totals(f), nil
	}
	if fs.answers == nil {
		return data.Totals{}, errNotLoaded
	}
	return fs.answers.Totals(ctx, f)
}

// Breakdown answers figures by one or several dimensions.
func (fs *Facts) Breakdown(ctx context.Context, f data.Filter, by ...data.Dimension) (data.Breakdown, error) {
	if s := fs.current.Load(); s != nil {
		return s.Breakdown(f, by...), nil
	}
	if fs.answers == nil {
		return data.Breakdown{}, errNotLoaded
	}
	return fs.answers.Breakdown(ctx, f, by...)
}

var errNotLoaded = fmt.Errorf("the facts are not loaded yet: %w", data.ErrUnavailable)
