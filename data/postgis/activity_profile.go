package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data"
	"tributary/geo"
)

var (
	sqlActivityProfiles = query("activity_profiles")
	sqlValidity         = query("validity")
)

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

// Validity lists the validations of a territory's listed activities that were
// decided, or end, between two days.
func (s *Store) Validity(ctx context.Context, territory geo.TerritoryID, since, until data.Date) ([]data.Validity, error) {
	rows, err := s.pub.Query(ctx, sqlValidity, pgx.StrictNamedArgs{"territories": []string{string(territory)}, "since": day(since), "until": day(until), "day": asAt(data.Filter{})})
	if err != nil {
		return nil, wrap("validations", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v data.Validity, err error) {
		var on time.Time
		var until *time.Time
		err = row.Scan(&v.Activity.ID, &v.Activity.Name, &v.Provider, &on, &until)
		v.On, v.Until = data.DateOf(on), dateOf(until)
		return v, err
	})
	return out, wrap("validations", err)
}
