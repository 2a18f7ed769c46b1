package postgis

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"tributary/data"
)

// Projection is a copy of the public facts that [Store.Follow] keeps up to
// date.
type Projection interface {
	// Load replaces all facts by those that there are at a version.
	Load(version int64, regions map[string]string, from data.FactLoad) error
	// Apply takes what has changed since.
	Apply(data.FactChanges) error
	// Settle is called when there is nothing to do.
	Settle() error
	// Watch calls f whenever facts have changed, in the same call.
	Watch(f func(data.FactsTouched))
}

// Watcher is told by [Store.Follow] what each commit has touched of what the
// map shows, after the projection is up to date, and how far it has looked.
type Watcher interface {
	Touch(data.Touched)
	// Seen says that everything was told up to a version, as at a time.
	Seen(version int64, at time.Time)
}

var (
	sqlWake           = query("wake")
	sqlChangeHead     = query("change_head")
	sqlChangeSince    = query("change_since")
	sqlChangeCount    = query("change_count")
	sqlChangeRestored = query("change_restored")
	sqlChangeSweep    = query("change_sweep")
	sqlChangeLock     = query("change_lock")
)

const (
	// pollEvery is how long a change waits at most if nobody wakes those who
	// follow: writers that are not ours do not.
	pollEvery = 100 * time.Millisecond
	// tidyEvery is how often the change log is counted and swept.
	tidyEvery = 30 * time.Second
	// keepHours is how long the log is kept for those who lost their connection.
	keepHours = 6
	// mostKeys is how many changed facts are read one by one; with more, all are
	// loaded again.
	mostKeys = 200_000
)

// snapshots read what is committed at one moment, all of it.
var snapshots = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// Follow loads the public facts into p and keeps it up to date until ctx is
// done: woken by LISTEN/NOTIFY, looking for itself ten times a second. A lost
// connection is made again, and the log read on from where it was. W, which may
// be nil, is told what has changed.
func (s *Store) Follow(ctx context.Context, p Projection, w Watcher) error {
	f := newFollower(s, p, w)
	const soonest, latest = 50 * time.Millisecond, 5 * time.Second
	wait := soonest
	for {
		caughtUp, err := f.listen(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if caughtUp {
			wait = soonest
		}
		slog.WarnContext(ctx, "following the public facts was interrupted", "error", err, "again_in", wait)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		wait = min(2*wait, latest)
	}
}

// follower is where a following has got to.
type follower struct {
	store   *Store
	into    Projection
	watcher Watcher // nil: nobody
	shown   *shown
	touched []data.FactsTouched // by what is being taken
	seen    string              // the snapshot that into is at, as text; empty: none
	version int64
	tidied  time.Time
	// When everything was loaded last, and how long that took.
	loaded   time.Time
	loadTook time.Duration
}

func newFollower(s *Store, p Projection, w Watcher) *follower {
	f := &follower{store: s, into: p, watcher: w, shown: &shown{}}
	if w != nil {
		p.Watch(func(t data.FactsTouched) { f.touched = append(f.touched, t) })
	}
	return f
}

// listen follows on a connection of its own for as long as that lasts. It
// reports whether that was long enough to catch up.
func (f *follower) listen(ctx context.Context) (caughtUp bool, err error) {
	cfg := f.store.app.Config().ConnConfig
	// A wait that is over must not ask the server to cancel what there is none
	// of, and give it time.
	cfg.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: c.Conn()}
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN tributary"); err != nil {
		return false, err
	}
	for {
		if err := f.catchUp(ctx, conn); err != nil {
			return caughtUp, err
		}
		caughtUp = true
		if time.Since(f.tidied) > tidyEvery {
			if err := f.store.tidyChanges(ctx); err != nil {
				return true, err
			}
			f.tidied = time.Now()
		}
		if err := f.sleep(ctx, conn); err != nil {
			return true, err
		}
	}
}

// sleep returns when it is woken, or when it is time to look.
func (f *follower) sleep(ctx context.Context, conn *pgx.Conn) error {
	until, cancel := context.WithTimeout(ctx, pollEvery)
	defer cancel()
	_, err := conn.WaitForNotification(until)
	if err != nil && ctx.Err() == nil && until.Err() != nil {
		return f.into.Settle()
	}
	return err
}

// changeRow is one row of the log.
type changeRow struct {
	kind       string
	whole      bool
	ids, gone  []int64
	activities []uuid.UUID
}

// catchUp brings the projection to what can be seen now. It either takes all of
// it or nothing, and can be called again after any error.
func (f *follower) catchUp(ctx context.Context, conn *pgx.Conn) error {
	began := time.Now()
	// After an error nothing is rolled back, as the connection is closed then: a
	// database that hangs would keep whoever asks it for that.
	tx, err := conn.BeginTx(ctx, snapshots)
	if err != nil {
		return err
	}
	var now string
	var all bool
	if err := tx.QueryRow(ctx, sqlChangeHead, pgx.StrictNamedArgs{"since": f.seen}).Scan(&now, &all); err != nil {
		return err
	}
	if now != f.seen {
		taken, err := f.take(ctx, tx, all)
		if err != nil {
			return err
		}
		if !taken {
			return tx.Commit(ctx)
		}
		f.seen = now
	}
	if f.watcher != nil {
		f.watcher.Seen(f.version, began)
	}
	return tx.Commit(ctx)
}

// take applies what is new, or loads everything if it must. It reports whether
// it did: loads rest twice as long as they take, so that an import in many
// parts does not keep the machine loading.
func (f *follower) take(ctx context.Context, tx pgx.Tx, all bool) (taken bool, err error) {
	changes := data.FactChanges{Version: f.version}
	other := changed{everything: all, of: map[uuid.UUID]data.Subject{}}
	var ids []int64
	if !all {
		if ids, all, err = f.changed(ctx, tx, &changes, &other); err != nil {
			return false, err
		}
	}
	if all && time.Since(f.loaded) < 2*f.loadTook {
		return false, nil
	}
	apply, err := f.look(ctx, tx, &other)
	if err != nil {
		return false, err
	}
	f.touched = nil
	if all {
		err = f.load(ctx, tx, &changes)
	} else {
		err = f.apply(ctx, tx, &changes, ids)
	}
	if err != nil {
		return false, err
	}
	f.version = changes.Version
	apply()
	return true, nil
}

// look reads what else has changed of what is shown. What it returns tells the
// watcher, with what has changed of the facts.
func (f *follower) look(ctx context.Context, tx pgx.Tx, other *changed) (tell func(), err error) {
	if f.watcher == nil {
		return func() {}, nil
	}
	apply := func(*data.Touched) {}
	if !other.nothing() {
		if apply, err = f.shown.read(ctx, tx, other); err != nil {
			return nil, err
		}
	}
	return func() {
		t := data.Touched{Version: f.version}
		apply(&t)
		for i := range f.touched {
			f.shown.touchFacts(&t, &f.touched[i])
		}
		if !t.Nothing() {
			f.watcher.Touch(t)
		}
	}, nil
}

// load loads everything.
func (f *follower) load(ctx context.Context, tx pgx.Tx, changes *data.FactChanges) error {
	if err := tx.QueryRow(ctx, sqlVersion).Scan(&changes.Version); err != nil {
		return err
	}
	f.seen = "" // if it fails, nothing is known of what is loaded
	began := time.Now()
	if err := f.store.loadFacts(ctx, tx, changes.Version, f.into); err != nil {
		return err
	}
	f.loaded, f.loadTook = time.Now(), time.Since(began)
	return nil
}

// apply applies what is new, facts with the ids among it.
func (f *follower) apply(ctx context.Context, tx pgx.Tx, changes *data.FactChanges, ids []int64) error {
	if changes.Version == f.version {
		return nil
	}
	if len(ids) > 0 {
		read, err := factsByID(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, fact := range read {
			if _, changed := slices.BinarySearch(ids, fact.ID); changed {
				changes.Facts = append(changes.Facts, fact)
			} else {
				changes.Others = append(changes.Others, fact)
			}
		}
	}
	if err := f.into.Apply(*changes); err != nil {
		f.seen = "" // load them all again
		return err
	}
	return nil
}

// changed reads the log into changes, and what is not of facts into other. It returns the ids of the facts that are
// to be read, or that everything is.
func (f *follower) changed(ctx context.Context, tx pgx.Tx, changes *data.FactChanges, other *changed) (ids []int64, all bool, err error) {
	rows, err := tx.Query(ctx, sqlChangeSince, pgx.StrictNamedArgs{"since": f.seen})
	if err != nil {
		return nil, false, err
	}
	var c changeRow
	reference := false
	_, err = pgx.ForEachRow(rows, []any{&c.kind, &c.whole, &c.ids, &c.gone, &c.activities}, func() error {
		changes.Version++
		other.note(&c)
		switch c.kind {
		case "reference":
			reference = true
		case "facts":
			all = all || c.whole
			ids = append(ids, c.ids...)
			changes.Gone = append(changes.Gone, c.gone...)
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if reference {
		changes.Regions, err = territoryRegions(ctx, tx)
	}
	return ids, all || len(ids)+len(changes.Gone) > mostKeys, err
}

// tidyChanges counts the rows of the log and sweeps old ones, unless somebody
// else is about it.
func (s *Store) tidyChanges(ctx context.Context) error {
	return wrap("change log", pgx.BeginFunc(ctx, s.app, func(tx pgx.Tx) error {
		var mine bool
		if err := tx.QueryRow(ctx, sqlChangeLock).Scan(&mine); err != nil || !mine {
			return err
		}
		for _, sql := range []string{sqlChangeRestored, sqlChangeCount} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, sqlChangeSweep, pgx.StrictNamedArgs{"hours": keepHours})
		return err
	}))
}
