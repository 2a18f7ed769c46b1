package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var (
	sqlMadeUp                    = query("made_up")
	sqlMadeUpRemoveContributions = query("made_up_remove_contributions")
	sqlMadeUpRemove              = query("made_up_remove")
	sqlSecretYears               = query("secret_years")
)

// MadeUp is what the database holds of made-up records.
type MadeUp struct {
	By     string // the command that made up the last of them; empty if there are none
	Beside bool   // there are records that are not made up
}

// MadeUp tells what there is of a source of made-up records.
func (s *Store) MadeUp(ctx context.Context, who Actor, source string) (m MadeUp, err error) {
	err = s.write(ctx, who, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, sqlMadeUp, pgx.StrictNamedArgs{"source": source}).Scan(&m.By, &m.Beside)
	})
	return m, wrap("made-up records", err)
}

// removeAtOnce is how many contributions go in one transaction.
const removeAtOnce = 50_000

// RemoveMadeUp takes every record of a source of made-up records away as if it
// had never been: contributions in parts, telling how many, then the rest. A
// removal that was stopped goes on where it was. The store lets no steps of
// orders go but those of the source "demonstration".
func (s *Store) RemoveMadeUp(ctx context.Context, who Actor, source string, removed func(contributions int)) error {
	for n := int64(1); n > 0; {
		err := s.write(ctx, who, func(tx pgx.Tx) error {
			if err := lockImport(ctx, tx); err != nil {
				return err
			}
			tag, err := tx.Exec(ctx, sqlMadeUpRemoveContributions, pgx.StrictNamedArgs{"source": source, "most": removeAtOnce})
			if n = tag.RowsAffected(); err != nil || n == 0 {
				return err
			}
			return audit(ctx, tx, who, "remove contributions", source, map[string]any{"count": n})
		})
		if err != nil {
			return wrap("remove contributions", err)
		}
		removed(int(n))
	}
	return wrap("remove records", s.write(ctx, who, func(tx pgx.Tx) error {
		if err := lockImport(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlMadeUpRemove, pgx.StrictNamedArgs{"source": source})
		var pg *pgconn.PgError
		if errors.As(err, &pg) && pg.Code == pgForeignKey {
			return fmt.Errorf("records that are not made up refer to made-up ones (%s): change those first", pg.TableName)
		}
		if err != nil {
			return err
		}
		// Secret ones that are left have lost company.
		for _, sql := range []string{sqlSecretYears, sqlPublishSecret, sqlPublishOrphans, sqlPublishEmptyCells, "DELETE FROM pub.withheld", sqlPublishWithheld, sqlPublishVersion} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		if err := countAllPeople(ctx, tx); err != nil {
			return err
		}
		return audit(ctx, tx, who, "remove", source, map[string]any{})
	}))
}

// pgForeignKey is PostgreSQL's code for a reference that would lead nowhere.
const pgForeignKey = "23503"
