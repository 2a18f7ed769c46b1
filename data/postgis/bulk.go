package postgis

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

var (
	sqlBulkVerify       = query("bulk_verify")
	sqlBulkAside        = query("bulk_aside")
	sqlBulkUpto         = query("bulk_upto")
	sqlBulkNext         = query("bulk_next")
	sqlBulkParts        = query("bulk_parts")
	sqlBulkRestate      = query("bulk_restate")
	sqlLockImportShared = query("lock_import_shared")
)

// Bulk runs load, which imports millions of contributions in parts with
// [data.Import.Bulk] set, several at a time if it likes. Meanwhile the indexes
// that it does not need are put aside, and so is what is checked row by row;
// when it has ended they are built, that is checked once, double counting is
// looked for and secret facts rise as they must. Others read meanwhile, more
// slowly, and other imports take their turn. If load fails or the process is
// killed, [Store.FinishBulk] does the rest at the next start.
func (s *Store) Bulk(ctx context.Context, who Actor, log *slog.Logger, load func() error) error {
	free, release, err := s.holdBulk(ctx)
	if err != nil {
		return wrap("bulk", err)
	}
	defer release()
	if !free {
		return errors.New("another large load is at work: wait for its end")
	}
	err = s.write(ctx, who, func(tx pgx.Tx) error {
		if err := lockImport(ctx, tx); err != nil {
			return err
		}
		if err := audit(ctx, tx, who, "bulk load", "contributions", map[string]any{}); err != nil {
			return err
		}
		return asOwner(ctx, tx, "SELECT raw.put_aside()")
	})
	if err != nil {
		return wrap("bulk", err)
	}
	if err := load(); err != nil {
		return err
	}
	return wrap("bulk", s.putBack(ctx, who, log))
}

// FinishBulk does what a large load that was killed left undone. It does
// nothing if none was, or if one is at work.
func (s *Store) FinishBulk(ctx context.Context, who Actor, log *slog.Logger) error {
	left, err := s.aside(ctx, who)
	if err != nil || len(left) == 0 {
		return wrap("bulk", err)
	}
	free, release, err := s.holdBulk(ctx)
	if err != nil {
		return wrap("bulk", err)
	}
	defer release()
	if !free {
		return nil
	}
	log.Warn("a large load was interrupted: building what it left undone")
	return wrap("bulk", s.putBack(ctx, who, log))
}

// bulkLock is the number of the lock that a large load holds from its first
// part to its last.
const bulkLock = 7302

// holdBulk takes the lock of large loads, if it is free, on a connection of
// its own.
func (s *Store) holdBulk(ctx context.Context) (free bool, release func(), err error) {
	conn, err := s.app.Acquire(ctx)
	if err != nil {
		return false, func() {}, err
	}
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", bulkLock).Scan(&free); err != nil || !free {
		conn.Release()
		return false, func() {}, err
	}
	return true, func() {
		// Closed, not given back: that ends the lock whatever became of it.
		conn.Hijack().Close(context.WithoutCancel(ctx))
	}, nil
}

// aside lists what is aside.
func (s *Store) aside(ctx context.Context, who Actor) (names []string, err error) {
	err = s.write(ctx, who, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlBulkAside)
		if err != nil {
			return err
		}
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return names, err
}

// putBack builds the indexes again, some at a time and each in a transaction,
// checks once what was put aside, and then looks for double counting, which
// needs the indexes.
func (s *Store) putBack(ctx context.Context, who Actor, log *slog.Logger) error {
	names, err := s.aside(ctx, who)
	if err != nil {
		return err
	}
	one := func(ctx context.Context, name string) error {
		log.Info("putting back", "what", name)
		err := s.write(ctx, who, func(tx pgx.Tx) error { return putBackOne(ctx, tx, name) })
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	builds, building := errgroup.WithContext(ctx)
	builds.SetLimit(bulkAtOnce)
	var then []string
	for _, name := range names {
		switch name {
		case "checks", "findings", "secrets", "people":
			then = append(then, name)
		default:
			builds.Go(func() error { return one(building, name) })
		}
	}
	if err := builds.Wait(); err != nil {
		return err
	}
	for _, name := range then {
		if name == "findings" {
			log.Info("looking for double counting")
			if err := s.findLater(ctx, who); err != nil {
				return fmt.Errorf("double counting: %w", err)
			}
		}
		if err := one(ctx, name); err != nil {
			return err
		}
	}
	return s.write(ctx, who, func(tx pgx.Tx) error { return execute(ctx, tx, "SELECT raw.analyse()", sqlPublishVersion) })
}

// putBackOne builds an index, or checks what was put aside.
func putBackOne(ctx context.Context, tx pgx.Tx, name string) error {
	var steps []string
	switch name {
	case "findings":
		steps = []string{sqlDecideFindings, sqlBulkRestate}
	case "checks", "people":
	case "secrets":
		steps = []string{sqlSecretYears, sqlPublishSecret}
	default:
		// Several are built beside one another, each by a process of its own.
		steps = []string{"SET LOCAL maintenance_work_mem = '1GB'", "SET LOCAL max_parallel_maintenance_workers = 0"}
		if err := execute(ctx, tx, append(steps, sqlLockImportShared)...); err != nil {
			return err
		}
		return asOwner(ctx, tx, "SELECT raw.put_back($1)", name)
	}
	if err := lockImport(ctx, tx); err != nil {
		return err
	}
	if name == "checks" {
		if err := verifyParts(ctx, tx); err != nil {
			return err
		}
	}
	if err := execute(ctx, tx, steps...); err != nil {
		return err
	}
	if name == "people" {
		if err := countAllPeople(ctx, tx); err != nil {
			return err
		}
	}
	return asOwner(ctx, tx, "SELECT raw.put_back($1)", name)
}

// verifyParts checks once that every contribution is what its parts add up to.
func verifyParts(ctx context.Context, tx pgx.Tx) error {
	var wrong int
	var one string
	if err := tx.QueryRow(ctx, sqlBulkVerify).Scan(&wrong, &one); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d contributions, such as %s, are not what their parts add up to", wrong, one)
	}
	return nil
}

// execute runs statements without arguments, one after the other.
func execute(ctx context.Context, tx pgx.Tx, statements ...string) error {
	for _, sql := range statements {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

const (
	// bulkAtOnce is how many indexes are built, and parts searched, at a time.
	bulkAtOnce = 2
	// findAtOnce is among how many contributions double counting is looked for in
	// one transaction.
	findAtOnce = 250_000
)

// findLater looks for double counting among what was written since it was put
// aside, some parts at a time.
func (s *Store) findLater(ctx context.Context, who Actor) error {
	parts, ctx := errgroup.WithContext(ctx)
	parts.SetLimit(bulkAtOnce)
	var after uuid.UUID
	for ctx.Err() == nil {
		from := after
		err := s.write(ctx, who, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, sqlBulkUpto, pgx.StrictNamedArgs{"after": from, "most": findAtOnce}).Scan(&after)
		})
		if errors.Is(err, pgx.ErrNoRows) {
			break
		}
		if err != nil {
			return errors.Join(err, parts.Wait())
		}
		upto := after
		parts.Go(func() error {
			return s.write(ctx, who, func(tx pgx.Tx) error {
				if err := execute(ctx, tx, sqlLockImportShared, "SET LOCAL work_mem = '128MB'"); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, sqlBulkNext, pgx.StrictNamedArgs{"after": from, "upto": upto}); err != nil {
					return err
				}
				return execute(ctx, tx, "ANALYZE subject", sqlBulkParts, sqlFindDoubles)
			})
		})
	}
	return parts.Wait()
}

// asOwner runs a statement as the owner of the tables, whose connection this
// is.
func asOwner(ctx context.Context, tx pgx.Tx, sql string, args ...any) error {
	if _, err := tx.Exec(ctx, "SET LOCAL ROLE NONE"); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sql, args...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "SET LOCAL ROLE tributary_app")
	return err
}
