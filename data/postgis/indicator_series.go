package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var sqlIndicatorSeries = query("indicator_series")

// IndicatorSeries are the published indicators of the activities, territories
// and areas that a filter names, over time.
func (s *Store) IndicatorSeries(ctx context.Context, f data.Filter) ([]data.IndicatorSeries, error) {
	args := pgx.StrictNamedArgs{"activities": uuids(f.Activity), "territories": list(f.Territory), "areas": list(f.Area)}
	rows, err := s.pub.Query(ctx, sqlIndicatorSeries, args)
	if err != nil {
		return nil, wrap("indicators", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i data.IndicatorSeries, err error) {
		err = row.Scan(&i.Code, &i.Title, &i.Unit, &i.Direction, &i.Domain, &i.SourceOf, &i.Subject.ID, &i.Subject.Name, &i.Points)
		return i, err
	})
	return out, wrap("indicators", err)
}
