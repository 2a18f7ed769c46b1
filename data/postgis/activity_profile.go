package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var sqlActivityProfiles = query("activity_profiles")

// ActivityProfiles are those of the activities that anyone may see, in the order
// of ids and without what is not one of them: who asked says what is missing.
func (s *Store) ActivityProfiles(ctx context.Context, ids []string) ([]data.ActivityProfile, error) {
	wanted := uuids(ids)
	if len(wanted) == 0 {
		return []data.ActivityProfile{}, nil
	}
	rows, err := s.pub.Query(ctx, sqlActivityProfiles, pgx.StrictNamedArgs{"ids": wanted, "day": asAt(data.Filter{})})
	if err != nil {
		return nil, wrap("activities", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a data.ActivityProfile, err error) {
		err = row.Scan(append(activityFields(&a.Activity), &a.ActivityMore)...)
		return a, err
	})
	return out, wrap("activities", err)
}
