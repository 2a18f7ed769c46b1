package postgis

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
)

var (
	sqlValueNames    = query("value_names")
	sqlLabelPoints   = query("label_points")
	sqlContributions = query("contributions")
)

// ValueNames are what values of filters and breakdowns are called: places,
// priorities, measures, organisations, activities, contracts.
func (s *Store) ValueNames(ctx context.Context, values []string) (map[string]string, error) {
	out := map[string]string{}
	if len(values) == 0 {
		return out, nil
	}
	rows, err := s.pub.Query(ctx, sqlValueNames, pgx.StrictNamedArgs{"codes": values, "ids": uuids(values)})
	if err != nil {
		return nil, wrap("names", err)
	}
	var code, name string
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error {
		out[code] = name
		return nil
	})
	return out, wrap("names", err)
}

// LabelPoints are where the names of territories and regions stand, EPSG:4326.
func (s *Store) LabelPoints(ctx context.Context) (map[string]orb.Point, error) {
	rows, err := s.pub.Query(ctx, sqlLabelPoints)
	if err != nil {
		return nil, wrap("labels", err)
	}
	out := map[string]orb.Point{}
	var code string
	var p orb.Point
	_, err = pgx.ForEachRow(rows, []any{&code, &p[0], &p[1]}, func() error {
		out[code] = p
		return nil
	})
	return out, wrap("labels", err)
}

// Contributions lists one page of the public parts of contributions under a
// filter, in a fixed order. The list's After is empty on the last page.
func (s *Store) Contributions(ctx context.Context, f data.Filter, v data.View) (data.ContributionList, error) {
	list := data.ContributionList{Items: []data.PublicContribution{}}
	var after int64
	if v.After != "" {
		var err error
		if after, err = strconv.ParseInt(v.After, 36, 64); err != nil || after < 0 {
			return list, data.Invalidf("after", v.After, "%q is no place to go on from: take it from next of the page before", v.After)
		}
	}
	totals, err := s.Totals(ctx, f)
	if err != nil {
		return list, err
	}
	list.Matched = int(totals.Total.Count)
	err = s.askFacts(ctx, f, func(tx pgx.Tx, _ int64, args pgx.StrictNamedArgs) error {
		args["after"], args["limit"] = after, v.Limit+1
		rows, err := tx.Query(ctx, sqlContributions, args)
		if err != nil {
			return err
		}
		list.Items, err = pgx.CollectRows(rows, publicContribution)
		return err
	})
	if err == nil && len(list.Items) > v.Limit {
		list.Items = list.Items[:v.Limit]
		list.After = strconv.FormatInt(list.Items[v.Limit-1].Fact, 36)
	}
	return list, wrap("contributions", err)
}

// EachContribution calls yield with every public part under a filter.
func (s *Store) EachContribution(ctx context.Context, f data.Filter, yield func(data.PublicContribution) error) error {
	return wrap("contributions", s.askFacts(ctx, f, func(tx pgx.Tx, _ int64, args pgx.StrictNamedArgs) error {
		args["after"], args["limit"] = 0, nil
		rows, err := tx.Query(ctx, sqlContributions, args)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			c, err := publicContribution(rows)
			if err != nil {
				return err
			}
			if err := yield(c); err != nil {
				return err
			}
		}
		return rows.Err()
	}))
}

func publicContribution(row pgx.CollectableRow) (c data.PublicContribution, err error) {
	var day time.Time
	err = row.Scan(&c.Fact, &day, &c.Type, &c.Measure, &c.Priority, &c.State, &c.Standing, &c.Pence, &c.Quantity, &c.Unit, &c.Level,
		&c.Territory, &c.Region, &c.Area, &c.Cell, &c.Sector, &c.Supplier.ID, &c.Supplier.Name, &c.Buyer.ID, &c.Buyer.Name, &c.Provider.ID, &c.Provider.Name,
		&c.Activity.ID, &c.Activity.Name, &c.Contribution)
	c.Day = data.DateOf(day)
	if c.Unit == data.UnitPeople {
		p := data.PeopleNotCounted()
		c.People = &p
	}
	return c, err
}
