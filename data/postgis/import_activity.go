package postgis

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"tributary/data"
	geohex "tributary/geo/hex"
)

// nearMetres is how far a position may lie from the territory that holds or
// names it: coasts and borders are drawn with less than perfect accuracy, the
// default ones by some kilometres.
const nearMetres = 10_000

var (
	sqlStage              = query("import_stage")
	sqlStageKeyed         = query("stage_keyed")
	sqlRefusedKeyed       = query("refused_keyed")
	sqlFollowActivities   = query("follow_activities")
	sqlChanged            = query("changed")
	sqlLocate             = query("import_locate")
	sqlImportCells        = query("import_cells")
	sqlImportSetCells     = query("import_set_cells")
	sqlAssign             = query("assign")
	sqlPlace              = query("import_place")
	sqlRefused            = query("import_refused")
	sqlMergeOrganisations = query("import_organisations")
	sqlIncoming           = query("import_activities")
	sqlMergeActivities    = query("import_merge_activities")
	sqlIncomingPlaces     = query("import_places")
	sqlMergePlaces        = query("import_merge_places")
	sqlRefusedRows        = query("import_refused_rows")
	sqlRaise              = query("import_raise")
	sqlClose              = query("import_close")
	sqlCounts             = query("import_counts")
	sqlImportRun          = query("import_run")
	sqlCurrentSets        = query("current_sets")
	sqlLockImport         = query("lock_import")
	sqlTryLockImport      = query("lock_import_try")
)

// ImportActivities takes the records of one file in one transaction: placed,
// merged with what is stored, published, audited. The same file again changes
// nothing. Rows that cannot be placed are handed to refused, in the order of
// the file, and the rest goes on; whether it is kept is run.Keep's to say.
//
// Records are read as they are copied in, so the file's size does not matter.
func (s *Store) ImportActivities(ctx context.Context, who Actor, run data.Import, records iter.Seq[data.ActivityRecord], refused func(data.Refusal) error) (data.ImportResult, error) {
	var res data.ImportResult
	started := time.Now()
	err := s.write(ctx, who, func(tx pgx.Tx) error {
		m := &merge{tx: tx, pub: s.pub, run: run, id: uuid.New()}
		// One import at a time: two of the same file take turns, and the second
		// finds nothing to do.
		if err := lockImport(ctx, m.tx); err != nil {
			return err
		}
		if err := m.learn(ctx); err != nil {
			return err
		}
		if err := m.activities(ctx, records, &res, refused); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlChanged); err != nil {
			return err
		}
		if err := m.followActivities(ctx); err != nil {
			return err
		}
		if err := m.allocate(ctx, &data.ImportResult{}); err != nil {
			return err
		}
		res.Kept = true
		if run.Keep != nil && !run.Keep(res) {
			res.Kept = false
			return errNotKept
		}
		return m.record(ctx, who, started, res)
	})
	if errors.Is(err, errNotKept) {
		err = nil
	}
	return res, wrap("import activities", err)
}

// errNotKept rolls a finished import back.
var errNotKept = errors.New("not kept")

// merge is one import's way through its transaction.
type merge struct {
	tx       pgx.Tx
	pub      *pgxpool.Pool // for questions while tx copies
	run      data.Import
	id       uuid.UUID
	sets     sets
	names    gazetteer
	measures measures

	store *Store
	by    *data.Key // who writes, if it is not the operator
	// stored are the request's records that were there before, wrote what it
	// wrote, and whether that is new.
	stored map[identity]data.Belonging
	wrote  map[identity]bool
	tally
}

// sets are the boundary sets that places are assigned by.
type sets struct {
	Territory, Area int32
	Nests           bool
}

// activities takes the records of activities: placed, merged with what is
// stored and published.
func (m *merge) activities(ctx context.Context, records iter.Seq[data.ActivityRecord], res *data.ImportResult, refused func(data.Refusal) error) error {
	if _, err := m.tx.Exec(ctx, sqlStage); err != nil {
		return err
	}
	if err := m.stage(ctx, records); err != nil {
		return err
	}
	if err := m.place(ctx); err != nil {
		return err
	}
	if err := m.refusals(ctx, refused); err != nil {
		return err
	}
	if err := m.write(ctx, res); err != nil {
		return err
	}
	if err := publish(ctx, m.tx, m.sets); err != nil {
		return err
	}
	return pastPlaces(ctx, m.tx)
}

// followActivities raises the contributions to the activities that were
// touched to those' class, and has those split again that follow an activity's
// places.
func (m *merge) followActivities(ctx context.Context) error {
	for _, sql := range []string{sqlFollowActivities, "DROP TABLE stage, located, assigned, placed"} {
		if _, err := m.tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// lockImport takes the lock of everything that imports, and waits for the one
// at work, however long it takes: an import of many rows outlasts any limit.
func lockImport(ctx context.Context, tx pgx.Tx) error {
	var free bool
	if err := tx.QueryRow(ctx, sqlTryLockImport).Scan(&free); err != nil || free {
		return err
	}
	slog.InfoContext(ctx, "another import is at work; waiting for its end")
	if _, err := tx.Exec(ctx, sqlLockImport); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "SET LOCAL lock_timeout = '60s'")
	return err
}

func currentSets(ctx context.Context, tx pgx.Tx) (s sets, err error) {
	err = tx.QueryRow(ctx, sqlCurrentSets).Scan(&s.Territory, &s.Area, &s.Nests)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errors.New("no boundaries are loaded: start 'tributary serve' once, or run 'tributary migrate'")
	}
	return s, err
}

// place finds where every staged row lies.
func (m *merge) place(ctx context.Context) error {
	if _, err := m.tx.Exec(ctx, sqlLocate); err != nil {
		return err
	}
	if err := m.cells(ctx); err != nil {
		return err
	}
	if err := assign(ctx, m.tx, m.sets); err != nil {
		return err
	}
	_, err := m.tx.Exec(ctx, sqlPlace, pgx.StrictNamedArgs{
		"near": nearMetres, "territory_set": m.sets.Territory, "area_set": m.sets.Area})
	if err != nil {
		return err
	}
	_, err = m.tx.Exec(ctx, "ANALYZE placed (n, external_id, provider_key, place_key, territory_id, reason)")
	return err
}

func assign(ctx context.Context, tx pgx.Tx, s sets) error {
	// Never of positions: they are not looked up here, and PostGIS takes
	// minutes over the statistics of many points in one place.
	if _, err := tx.Exec(ctx, "ANALYZE located (n)"); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlAssign, pgx.StrictNamedArgs{"territory_set": s.Territory, "area_set": s.Area, "nests": s.Nests})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "ANALYZE assigned")
	return err
}

// cells makes the H3 cells of positions that only SQL could find.
func (m *merge) cells(ctx context.Context) error {
	rows, err := m.tx.Query(ctx, sqlImportCells)
	if err != nil {
		return err
	}
	var ns []int32
	var cells []int64
	var n int32
	var lon, lat float64
	_, err = pgx.ForEachRow(rows, []any{&n, &lon, &lat}, func() error {
		c, err := geohex.At(orb.Point{lon, lat}, geohex.Finest)
		ns, cells = append(ns, n), append(cells, int64(c))
		return err
	})
	if err != nil || len(ns) == 0 {
		return err
	}
	_, err = m.tx.Exec(ctx, sqlImportSetCells, pgx.StrictNamedArgs{"rows": ns, "cells": cells})
	return err
}

// refusals hands over the rows that could not be placed.
func (m *merge) refusals(ctx context.Context, refused func(data.Refusal) error) error {
	rows, err := m.tx.Query(ctx, sqlRefused)
	if err != nil {
		return err
	}
	var r data.Refusal
	_, err = pgx.ForEachRow(rows, []any{&r.Line, &r.Field, &r.Value, &r.Reason}, func() error { return refused(r) })
	return err
}

// step is a statement of a transaction that takes several.
type step struct {
	sql  string
	args []any
}

// refusedRows copies what the reader refused beside the stage, and returns how
// many rows had no identity.
func (m *merge) refusedRows(ctx context.Context) (anonymous int, err error) {
	if _, err := m.tx.Exec(ctx, "CREATE TEMP TABLE refused_early (external_id text NOT NULL, class smallint NOT NULL) ON COMMIT DROP"); err != nil || m.run.Refused == nil {
		return 0, err
	}
	rows, anonymous := m.run.Refused()
	next, stop := iter.Pull2(rows)
	defer stop()
	_, err = m.tx.CopyFrom(ctx, pgx.Identifier{"refused_early"}, []string{"external_id", "class"}, pgx.CopyFromFunc(func() ([]any, error) {
		r, err, ok := next()
		if !ok || err != nil {
			return nil, err
		}
		return []any{r.ExternalID, int16(r.Class)}, nil
	}))
	if err != nil {
		return anonymous, err
	}
	_, err = m.tx.Exec(ctx, sqlRefusedKeyed)
	return anonymous, err
}

// write merges what was placed into raw and counts it.
func (m *merge) write(ctx context.Context, res *data.ImportResult) error {
	anonymous, err := m.refusedRows(ctx)
	if err != nil {
		return err
	}
	run := pgx.StrictNamedArgs{"source": m.run.Source, "run": m.id}
	steps := []step{
		{"CREATE TEMP TABLE touched (activity_id uuid NOT NULL) ON COMMIT DROP", nil},
		{sqlRefusedRows, nil},
		{"ANALYZE refused_id", nil},
		{sqlMergeOrganisations, nil},
		{sqlIncoming, []any{pgx.StrictNamedArgs{"source": m.run.Source}}},
		{sqlMergeActivities, []any{pgx.StrictNamedArgs{"source": m.run.Source, "run": m.id, "demonstration": m.run.Demonstration}}},
		{"ANALYZE incoming", nil},
		{sqlIncomingPlaces, []any{pgx.StrictNamedArgs{"territory_set": m.sets.Territory}}},
		{sqlMergePlaces, nil},
		{"ANALYZE touched", nil},
		{sqlRaise, []any{pgx.StrictNamedArgs{"source": m.run.Source, "run": m.id, "territory_set": m.sets.Territory}}},
		{sqlLoweringRaised, []any{pgx.StrictNamedArgs{"source": m.run.Source}}},
	}
	for _, step := range steps {
		if _, err := m.tx.Exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	err = m.tx.QueryRow(ctx, sqlCounts).Scan(&res.Added, &res.Changed, &res.Unchanged, &res.Placed, &res.Unplaced, &res.Refused, &res.Repeated)
	if err != nil || !m.run.Replace {
		return err
	}
	if anonymous > 0 {
		res.NotClosed = true
		return nil
	}
	tag, err := m.tx.Exec(ctx, sqlClose, run)
	res.Closed = int(tag.RowsAffected())
	return err
}

// record keeps what the import was and did.
func (m *merge) record(ctx context.Context, who Actor, started time.Time, res data.ImportResult) error {
	if res.Added+res.Changed > 1000 {
		analyse := "SELECT raw.analyse()"
		if m.run.Bulk {
			analyse = "SELECT raw.analyse_grown(2)"
		}
		if _, err := m.tx.Exec(ctx, analyse); err != nil {
			return err
		}
	}
	_, err := m.tx.Exec(ctx, sqlImportRun, pgx.StrictNamedArgs{
		"id": m.id, "kind": m.run.Kind, "source": m.run.Source, "file": m.run.File, "sha256": m.run.SHA256,
		"actor": who.Name, "took": time.Since(started), "report": res,
	})
	return err
}

// null turns "not given" into SQL's null.
func null[T ~string](s T) *string {
	if s == "" {
		return nil
	}
	t := string(s)
	return &t
}

// list is a text array that is empty, not null, when there is nothing in it.
func list[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
