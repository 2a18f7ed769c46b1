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
