package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var sqlPopulations = query("populations")

// Populations are how many people live in areas, territories and regions, on
// the filter's day.
func (s *Store) Populations(ctx context.Context, f data.Filter) (data.Populations, error) {
	out := data.Populations{Of: map[string]float64{}}
	rows, err := s.pub.Query(ctx, sqlPopulations, pgx.StrictNamedArgs{"day": asAt(f)})
	if err != nil {
		return out, wrap("populations", err)
	}
	var code string
	var people float64
	_, err = pgx.ForEachRow(rows, []any{&out.Approximate, &out.Title, &code, &people}, func() error {
		out.Of[code] = people
		return nil
	})
	return out, wrap("populations", err)
}
