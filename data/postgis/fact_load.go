package postgis

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

// Public facts as the projection reads them: all of them, or those that changed.

var (
	sqlFactPages  = query("fact_pages")
	sqlFactRange  = query("fact_copy_range")
	sqlFactCopy   = query("fact_copy")
	sqlFactsById  = query("facts_changed")
	sqlFactsWhole = query("facts_whole")
)

// loadFacts loads the public facts into p as the transaction sees them, which
// must read one snapshot.
func (s *Store) loadFacts(ctx context.Context, tx pgx.Tx, version int64, p Projection) error {
	regions, err := territoryRegions(ctx, tx)
	if err != nil {
		return err
	}
	var pages int64
	var snapshot string
	if err := tx.QueryRow(ctx, sqlFactPages).Scan(&pages, &snapshot); err != nil {
		return err
	}
	parts := runtime.GOMAXPROCS(0)
	return p.Load(version, regions, data.FactLoad{
		Parts: parts,
		Fill: func(part int, add func(*data.Fact, data.FactAlike) error) error {
			first, end := pages*int64(part)/int64(parts), pages*int64(part+1)/int64(parts)
			if part == parts-1 {
				end = 1<<32 - 1 // and what was added since
			}
			return s.copyFacts(ctx, snapshot, fmt.Sprintf("(%d,0)", first), fmt.Sprintf("(%d,0)", end), add)
		},
		Whole: func(ids []int64, give func(*data.Fact) error) error {
			return eachFact(ctx, tx, sqlFactsWhole, ids, give)
		},
	})
}

// copyFacts copies the facts of some pages as a snapshot sees them.
func (s *Store) copyFacts(ctx context.Context, snapshot, first, end string, add func(*data.Fact, data.FactAlike) error) error {
	return pgx.BeginTxFunc(ctx, s.app, snapshots, func(tx pgx.Tx) error {
		if err := shareSnapshot(ctx, tx, snapshot); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlFactRange, first, end); err != nil {
			return err
		}
		var r factReader
		c := &copyReader{value: func(packed []byte) error {
			f, alike, err := r.readPacked(packed)
			if err != nil {
				return err
			}
			return add(f, alike)
		}}
		if _, err := tx.Conn().PgConn().CopyTo(ctx, c, sqlFactCopy); err != nil {
			return err
		}
		if !c.ended {
			return errors.New("the COPY of the facts broke off")
		}
		return nil
	})
}

// territoryRegions is the region of each territory.
func territoryRegions(ctx context.Context, tx pgx.Tx) (map[string]string, error) {
	rows, err := tx.Query(ctx, "SELECT id, region_code FROM pub.territory")
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	var id, region string
	_, err = pgx.ForEachRow(rows, []any{&id, &region}, func() error {
		out[id] = region
		return nil
	})
	return out, err
}

// factsByID reads facts with the other parts of their contributions.
func factsByID(ctx context.Context, tx pgx.Tx, ids []int64) ([]data.Fact, error) {
	var out []data.Fact
	err := eachFact(ctx, tx, sqlFactsById, ids, func(f *data.Fact) error {
		kept := *f
		for c, v := range kept.Values {
			kept.Values[c] = slices.Clone(v)
		}
		out = append(out, kept)
		return nil
	})
	return out, err
}

// eachFact gives whole facts that a statement finds by ids.
func eachFact(ctx context.Context, tx pgx.Tx, sql string, ids []int64, give func(*data.Fact) error) error {
	rows, err := tx.Query(ctx, sql, pgx.QueryResultFormats{pgx.BinaryFormatCode}, pgx.StrictNamedArgs{"ids": ids})
	if err != nil {
		return err
	}
	defer rows.Close()
	var r factReader
	for rows.Next() {
		f, err := r.readWhole(rows.RawValues())
		if err != nil {
			return err
		}
		if err := give(f); err != nil {
			return err
		}
	}
	return rows.Err()
}
