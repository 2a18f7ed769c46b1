package postgis

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tributary/data"
)

// BareMerge is the floor that an import is measured against: rows that are
// parsed and staged already are placed, merged and published by SQL. It
// returns how long that took, the staging apart.
func BareMerge(ctx context.Context, s *Store, records iter.Seq[data.ActivityRecord]) (took time.Duration, err error) {
	var start time.Time
	err = s.write(ctx, Operator, func(tx pgx.Tx) error {
		m := &merge{tx: tx, pub: s.pub, run: data.Import{Source: "bench"}, id: uuid.New()}
		if err := m.learn(ctx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlStage); err != nil {
			return err
		}
		if err := m.stage(ctx, records); err != nil {
			return err
		}
		start = time.Now()
		if err := m.place(ctx); err != nil {
			return err
		}
		var res data.ImportResult
		if err := m.write(ctx, &res); err != nil {
			return err
		}
		return publish(ctx, tx, m.sets)
	})
	return time.Since(start), err
}

// Roles are the roles that the store's two pools act as.
func Roles(ctx context.Context, s *Store) (public, app string, err error) {
	err = errors.Join(
		s.pub.QueryRow(ctx, "SELECT current_user").Scan(&public),
		s.app.QueryRow(ctx, "SELECT current_user").Scan(&app))
	return public, app, err
}

// ReadCursor is readCursor.
func ReadCursor(sort, s string) (key, id *string, err error) { return readCursor(sort, s) }

// TidyChanges counts and sweeps the change log.
func TidyChanges(ctx context.Context, s *Store) error { return s.tidyChanges(ctx) }

// Follower follows when it is told to.
type Follower struct{ f follower }

// NewFollower makes a follower that has seen nothing.
func NewFollower(s *Store, p Projection) *Follower { return &Follower{*newFollower(s, p, nil)} }

// CatchUp brings the projection to what can be seen now.
func (f *Follower) CatchUp(ctx context.Context, conn *pgx.Conn) error { return f.f.catchUp(ctx, conn) }

// Took says how long the last load took, as if.
func (f *Follower) Took(d time.Duration) { f.f.loadTook = d }

// sqlPlainHeat is the floor that heat is measured against: the bare statement.
var sqlPlainHeat = `SELECT (f.cell & ~(15::bigint << 52)) | (@res::bigint << 52) | ((1::bigint << (3 * (15 - @res::integer))) - 1), count(*), sum(f.pence)::bigint
	FROM pub.fact f WHERE f.cell IS NOT NULL AND ` + query("fact_where") + ` GROUP BY 1`

// PlainHeat runs the bare GROUP BY of a heat map, of as many rows as there are
// cells, and returns how many facts lie in them.
func PlainHeat(ctx context.Context, s *Store, q data.HeatQuery) (cells int, facts int64, err error) {
	args := factArgs(q.Filter)
	args["res"] = q.Res
	rows, err := s.app.Query(ctx, sqlPlainHeat, args)
	if err != nil {
		return 0, 0, err
	}
	var cell, count, pence int64
	_, err = pgx.ForEachRow(rows, []any{&cell, &count, &pence}, func() error {
		cells++
		facts += count
		return nil
	})
	return cells, facts, err
}

// The floors of other questions: the bare statements.
var (
	sqlPlainMatrix = `SELECT f.supplier_territory, f.territory_id, count(*), sum(f.pence)::bigint
	FROM pub.fact f WHERE f.territory_id IS NOT NULL AND ` + query("fact_where") + ` GROUP BY 1, 2`
	sqlPlainTotals  = `SELECT count(*), COALESCE(sum(f.pence), 0)::bigint FROM pub.fact f WHERE ` + query("fact_where")
	sqlPlainNearest = `SELECT a.id::text, a.name, ST_Distance(p.geom, ST_Transform(ST_SetSRID(ST_MakePoint(@lon, @lat), 4326), 3857)) AS metres
	FROM pub.place p JOIN pub.activity a ON a.id = p.activity_id WHERE a.status = 'validated' AND p.level IN ('exact', 'cell') ORDER BY 3 LIMIT 20`
)

// PlainMatrix runs the bare GROUP BY of origin and destination, and returns
// what its rows add up to.
func PlainMatrix(ctx context.Context, s *Store, f data.Filter) (pence int64, err error) {
	rows, err := s.app.Query(ctx, sqlPlainMatrix, factArgs(f))
	if err != nil {
		return 0, err
	}
	var from, to *string
	var count, sum int64
	_, err = pgx.ForEachRow(rows, []any{&from, &to, &count, &sum}, func() error {
		pence += sum
		return nil
	})
	return pence, err
}

// PlainTotals runs the bare sum.
func PlainTotals(ctx context.Context, s *Store, f data.Filter) (pence int64, err error) {
	var count int64
	err = s.app.QueryRow(ctx, sqlPlainTotals, factArgs(f)).Scan(&count, &pence)
	return pence, err
}

// PlainNearest orders all places by distance.
func PlainNearest(ctx context.Context, s *Store, lon, lat float64) error {
	rows, err := s.app.Query(ctx, sqlPlainNearest, pgx.NamedArgs{"lon": lon, "lat": lat})
	if err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

// CheckIn checks as Check does, within a transaction of which only it sees what
// was done, and returns the faults as "rule: subject".
func CheckIn(ctx context.Context, tx pgx.Tx) (faults []string, err error) {
	found := func(f Fault) error {
		faults = append(faults, f.Rule+": "+f.Subject)
		return nil
	}
	args, err := checkArgs(ctx, tx)
	if err != nil {
		return nil, err
	}
	c := &checking{args: args, tx: tx, began: func(string) {}, yield: found}
	if err := c.work(ctx, tx); err != nil {
		return faults, err
	}
	return faults, verifyDone(ctx, tx, func(string) {}, found)
}
