package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"tributary/data"
	"tributary/geo"
)

var (
	sqlCandidates    = query("candidates")
	sqlSitesLie      = query("sites_at")
	sqlContractScope = query("contract_scope")
)

// candidates are the listed activities as they were at some version, kept
// until the next one or the next day, when needs and plans begin and end.
func (s *Store) candidates(ctx context.Context) (*data.Candidates, error) {
	version, err := s.Version(ctx)
	if err != nil {
		return nil, err
	}
	today := data.DateOf(time.Now())
	if c := s.near.Load(); c != nil && c.Version == version && c.Day == today {
		return c, nil
	}
	// Those who come while they are read wait for them.
	made := s.nearOnce.DoChan(fmt.Sprint(version, today), func() (any, error) {
		ctx, cancel := s.shared(ctx, longestShared)
		defer cancel()
		var c *data.Candidates
		err := pgx.BeginTxFunc(ctx, s.pub, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			var version int64
			if err := tx.QueryRow(ctx, sqlVersion).Scan(&version); err != nil {
				return err
			}
			// It is read for all who ask, and rarely: the bound on a question of one
			// person's is not for it.
			if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = '2min'"); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, sqlCandidates)
			if err != nil {
				return err
			}
			all, err := pgx.CollectRows(rows, candidate)
			if err != nil {
				return err
			}
			c = data.NewCandidates(version, today, all)
			c.Regions, err = regionsOf(ctx, tx)
			return err
		})
		if err == nil {
			s.near.Store(c)
		}
		return c, err
	})
	select {
	case r := <-made:
		c, _ := r.Val.(*data.Candidates)
		return c, r.Err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func candidate(row pgx.CollectableRow) (c data.Candidate, err error) {
	var needs []byte
	if err = row.Scan(&c.Activity, &c.Name, &c.Provider.ID, &c.Provider.Name, &c.Status, &c.Themes, &c.Measures, &c.Level, &c.Point[0], &c.Point[1], &c.Territory, &c.Area,
		&c.Priorities, &needs, &c.Welcomes, &c.TargetArea, &c.Supported); err != nil {
		return c, err
	}
	return c, json.Unmarshal(needs, &c.Needs)
}

// Nearby lists what suits an offer around sites: postcodes, outward codes or
// positions ("52.63 1.29"), within km kilometres, at most limit a site.
func (s *Store) Nearby(ctx context.Context, f data.Filter, sites []string, offer data.Offer, km float64, limit int) (data.Nearby, error) {
	var out data.Nearby
	// Most of what the answer takes are these two look-ups: side by side.
	var at []data.SiteAt
	var c *data.Candidates
	both, within := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		at, err = s.sitesAt(within, sites)
		return err
	})
	both.Go(func() (err error) {
		c, err = s.candidates(within)
		return wrap("nearby", err)
	})
	if err := both.Wait(); err != nil {
		return out, err
	}
	keep := data.Suits(f, c.Regions)
	out = data.Nearby{Version: c.Version, Sites: at, InAreas: c.InAreas(at, keep)}
	out.Rows = c.Near(at, offer, km, limit, keep)
	out.Say(km)
	return out, nil
}

// Relevant lists what there is in the filter's places and within a polygon, nil
// for anywhere; or for a contract, whose places and measures count where the
// filter names none.
func (s *Store) Relevant(ctx context.Context, f data.Filter, offer data.Offer, contract string, drawn orb.Ring) (data.Relevant, error) {
	var out data.Relevant
	query := f.Values()
	if contract != "" {
		var err error
		if out.Contract, err = s.contractScope(ctx, contract, &f); err != nil {
			return out, err
		}
		query.Set("contract", contract)
	}
	if len(offer.Measures) == 0 {
		offer.Measures = f.Measure
	}
	if drawn != nil {
		query.Set("polygon", data.FormatPolygon(drawn))
	}
	c, err := s.candidates(ctx)
	if err != nil {
		return out, wrap("relevant", err)
	}
	suits := data.Suits(f, c.Regions)
	out.Query, out.Version = query.Encode(), c.Version
	out.Rows = c.Relevant(offer, func(a *data.Candidate) bool { return suits(a) && a.Within(drawn) })
	names, err := s.names(ctx, f)
	out.Say(data.In(f, names))
	return out, wrap("relevant", err)
}

// contractScope narrows a filter to what a contract is about.
func (s *Store) contractScope(ctx context.Context, id string, f *data.Filter) (title string, err error) {
	nowhere := data.Invalidf("contract", id, "there is no contract %q that anyone may see: take its id from /api/v1/threshold", id)
	key, err := uuid.Parse(id)
	if err != nil || len(id) != 36 {
		return "", nowhere
	}
	var territories []geo.TerritoryID
	var areas []geo.AreaCode
	var measures []string
	err = s.pub.QueryRow(ctx, sqlContractScope, pgx.StrictNamedArgs{"id": key}).Scan(&title, &territories, &areas, &measures)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nowhere
	}
	if err != nil {
		return "", wrap("contract", err)
	}
	if len(f.Region)+len(f.Territory)+len(f.Area) == 0 && f.BBox == nil {
		if f.Area = areas; len(areas) == 0 {
			f.Territory = territories
		}
	}
	if len(f.Measure) == 0 {
		f.Measure = measures
	}
	return title, nil
}

// regionsOf gives the region of each territory.
func regionsOf(ctx context.Context, tx pgx.Tx) (map[string]geo.RegionCode, error) {
	rows, err := tx.Query(ctx, "SELECT id, region_code FROM pub.territory")
	if err != nil {
		return nil, err
	}
	out := map[string]geo.RegionCode{}
	var id string
	var region geo.RegionCode
	_, err = pgx.ForEachRow(rows, []any{&id, &region}, func() error {
		out[id] = region
		return nil
	})
	return out, err
}

// sitesAt finds where sites are.
func (s *Store) sitesAt(ctx context.Context, sites []string) ([]data.SiteAt, error) {
	postcodes, outcodes := make([]*string, len(sites)), make([]*string, len(sites))
	lons, lats := make([]*float64, len(sites)), make([]*float64, len(sites))
	for i, site := range sites {
		at, err := data.ParseSite(site)
		if err != nil {
			return nil, err
		}
		postcodes[i], outcodes[i] = null(string(at.Postcode)), null(string(at.Outcode))
		if at.Point != nil {
			lons[i], lats[i] = &at.Point[0], &at.Point[1]
		}
	}
	rows, err := s.pub.Query(ctx, sqlSitesLie, pgx.StrictNamedArgs{"sites": sites, "postcodes": postcodes, "outcodes": outcodes, "lons": lons, "lats": lats})
	if err != nil {
		return nil, wrap("sites", err)
	}
	var out []data.SiteAt
	var at data.SiteAt
	var lon, lat *float64
	_, err = pgx.ForEachRow(rows, []any{&at.Site, &lon, &lat, &at.Territory, &at.Area}, func() error {
		if lon == nil {
			return data.Invalidf("site", at.Site, "the postcode %s is not known here: give latitude and longitude, or have postcodes loaded with 'tributary import postcodes'", at.Site)
		}
		at.Point[0], at.Point[1] = *lon, *lat
		out = append(out, at)
		return nil
	})
	return out, err
}
