package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var sqlTargetAreas = query("target_areas")

// TargetAreas are the public target areas in force in the places of a filter, by
// name, a thousand at most.
func (s *Store) TargetAreas(ctx context.Context, f data.Filter) ([]data.TargetAreaRow, error) {
	rows, err := s.pub.Query(ctx, sqlTargetAreas, pgx.StrictNamedArgs{"day": asAt(f), "regions": some(f.Region), "territories": some(f.Territory), "areas": some(f.Area), "target_areas": some(f.TargetArea)})
	if err != nil {
		return nil, wrap("target areas", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[data.TargetAreaRow])
	return out, wrap("target areas", err)
}
