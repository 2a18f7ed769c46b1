package postgis

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/singleflight"

	"tributary/data"
	"tributary/geo"
)

var (
	sqlCountsBy    = query("counts")
	sqlTerritories = query("territories")
	sqlRegions     = query("regions")
	sqlAreas       = query("areas")
)

// counts holds the figures under one filter by level and code.
type counts map[[2]string]data.Counts

func (c counts) of(level string, code string) data.Counts { return c[[2]string{level, code}] }

func (s *Store) counts(ctx context.Context, f data.Filter) (counts, error) {
	args, err := s.filterArgsAt(ctx, f)
	if err != nil {
		return nil, err
	}
	rows, err := s.pub.Query(ctx, sqlCountsBy, args)
	if err != nil {
		return nil, err
	}
	out := counts{}
	var level, code string
	var n data.Counts
	_, err = pgx.ForEachRow(rows, []any{&level, &code, &n.Activities, &n.Places, &n.Validated, &n.Providers, &n.Withheld}, func() error {
		out[[2]string{level, code}] = n
		return nil
	})
	return out, err
}

// mostCounts is how many filters' counts are kept.
const mostCounts = 64

// keptCounts are counts by filter, as of one version and day: all boundary tiles
// of a view show the same.
type keptCounts struct {
	mu    sync.Mutex
	asOf  string
	since int64
	kept  map[string]counts
	once  singleflight.Group
}

// countsNow is counts, kept for as long as nothing changes. Nobody may write
// into what it returns.
func (s *Store) countsNow(ctx context.Context, f data.Filter) (counts, error) {
	version, err := s.Version(ctx)
	if err != nil {
		return nil, err
	}
	c, key := &s.counted, f.Canonical()
	asOf := fmt.Sprint(version, " ", time.Now().UTC().Format(time.DateOnly))
	c.mu.Lock()
	n, kept := c.kept[key]
	kept = kept && c.asOf == asOf
	c.mu.Unlock()
	if kept {
		return n, nil
	}
	// Whoever asked first may leave; the others go on waiting.
	made := c.once.DoChan(asOf+" "+key, func() (any, error) {
		ctx, cancel := s.shared(ctx, longestShared)
		defer cancel()
		n, err := s.counts(ctx, f)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.asOf != asOf && version >= c.since {
			c.asOf, c.since, c.kept = asOf, version, map[string]counts{}
		}
		if c.asOf == asOf && len(c.kept) < mostCounts {
			c.kept[key] = n
		}
		return n, nil
	})
	select {
	case r := <-made:
		n, _ = r.Val.(counts)
		return n, r.Err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// filterArgsAt are the filter's arguments with the boundaries of its day.
func (s *Store) filterArgsAt(ctx context.Context, f data.Filter) (pgx.StrictNamedArgs, error) {
	territories, areas, err := s.setsAt(ctx, f)
	if err != nil {
		return nil, err
	}
	return filterArgs(f, pgx.StrictNamedArgs{"territory_set": territories, "area_set": areas})
}

// asAt is the day that reference data is asked for: today unless the filter
// says another.
func asAt(f data.Filter) time.Time {
	if f.AsAt.IsZero() {
		return time.Now()
	}
	return f.AsAt.Time()
}

// Territories lists the territories that the filter's places lie in, all 45 if
// it names none, with their figures.
func (s *Store) Territories(ctx context.Context, f data.Filter) ([]data.TerritoryRow, error) {
	n, err := s.counts(ctx, f)
	if err != nil {
		return nil, wrap("territories", err)
	}
	rows, err := s.pub.Query(ctx, sqlTerritories, pgx.StrictNamedArgs{"as_at": asAt(f)})
	if err != nil {
		return nil, wrap("territories", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t data.TerritoryRow, err error) {
		err = row.Scan(&t.ID, &t.Code, &t.CodeKind, &t.Name, &t.NameCy, &t.Force, &t.PoliceUKID, &t.Region, &t.Nation, &t.PlanKind,
			&t.RegionName, &t.Body.ID, &t.Body.Kind, &t.Body.Name, &t.Body.PlannedEnd)
		t.Counts = n.of("territory", string(t.ID))
		return t, err
	})
	if err != nil {
		return nil, wrap("territories", err)
	}
	return slices.DeleteFunc(all, func(t data.TerritoryRow) bool {
		return !within(f.Territory, t.ID) || !within(f.Region, t.Region)
	}), nil
}

// within reports whether a list that restricts holds v; an empty one does not
// restrict.
func within[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// Regions lists the regions that the filter's places lie in, all 12 if it
// names none, with their figures.
func (s *Store) Regions(ctx context.Context, f data.Filter) ([]data.RegionRow, error) {
	n, err := s.counts(ctx, f)
	if err != nil {
		return nil, wrap("regions", err)
	}
	rows, err := s.pub.Query(ctx, sqlRegions, pgx.StrictNamedArgs{"as_at": asAt(f)})
	if err != nil {
		return nil, wrap("regions", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r data.RegionRow, err error) {
		err = row.Scan(&r.Code, &r.ITL1, &r.NUTS1, &r.Name, &r.NameCy, &r.Nation, &r.Territories)
		r.Counts = n.of("region", string(r.Code))
		return r, err
	})
	if err != nil {
		return nil, wrap("regions", err)
	}
	return slices.DeleteFunc(all, func(r data.RegionRow) bool {
		return !within(f.Region, r.Code) || len(f.Territory) > 0 && !slices.ContainsFunc(r.Territories, func(t geo.TerritoryID) bool { return slices.Contains(f.Territory, t) })
	}), nil
}

// Areas lists the areas whose boundaries are in force, with their figures.
func (s *Store) Areas(ctx context.Context, f data.Filter) ([]data.AreaRow, error) {
	n, err := s.counts(ctx, f)
	if err != nil {
		return nil, wrap("areas", err)
	}
	rows, err := s.pub.Query(ctx, sqlAreas, pgx.StrictNamedArgs{
		"regions": some(f.Region), "territories": some(f.Territory), "areas": some(f.Area)})
	if err != nil {
		return nil, wrap("areas", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a data.AreaRow, err error) {
		err = row.Scan(&a.Code, &a.Name, &a.NameCy, &a.Kind, &a.Territory, &a.Region, &a.Approximate)
		a.Counts = n.of("area", string(a.Code))
		return a, err
	})
	return all, wrap("areas", err)
}
