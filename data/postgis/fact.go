package postgis

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tributary/data"
	"tributary/geo"
	geohex "tributary/geo/hex"
)

// The questions about facts as the database answers them: what the projection
// is held against, and who answers while it loads.

var (
	sqlFactCells     = query("fact_cells")
	sqlFactHeat      = query("fact_heat")
	sqlFactTotals    = query("fact_totals")
	sqlFactBreakdown = query("fact_breakdown")
	sqlFactPoints    = query("fact_points")
	sqlFactLinks     = query("fact_links")
)

// mostDimensions is how many dimensions a breakdown in SQL has at most.
const mostDimensions = 4

// factArgs are the arguments of sql/fact_where.sql.
func factArgs(f data.Filter) pgx.StrictNamedArgs {
	f = f.OfFacts()
	return pgx.StrictNamedArgs{
		"states": list(f.State), "standings": list(f.Standing), "from": day(f.From), "to": day(f.To),
		"regions": some(f.Region), "territories": some(f.Territory), "areas": some(f.Area), "target_areas": some(f.TargetArea), "statuses": some(f.Status), "cells": []int64(nil),
		"sectors": some(f.Sector), "themes": some(f.Theme), "priorities": some(f.Priority), "measures": some(f.Measure), "types": some(f.Type), "beneficiaries": some(f.Beneficiary),
		"buyers": uuids(f.Buyer), "suppliers": uuids(f.Supplier), "providers": uuids(f.Provider), "activities": uuids(f.Activity),
		"origin": f.Origin, "origin_regions": some(f.OriginRegion), "origin_territories": some(f.OriginTerritory), "origin_areas": some(f.OriginArea),
	}
}

// uuids are the ids among texts; nil, which does not restrict, for no texts.
func uuids(texts []string) []uuid.UUID {
	if len(texts) == 0 {
		return nil
	}
	out := []uuid.UUID{}
	for _, s := range texts {
		if id, err := uuid.Parse(s); err == nil && len(s) == 36 {
			out = append(out, id)
		}
	}
	return out
}

// Linked looks up what target areas and statuses in a filter come to for facts,
// as they are now. A target area that facts cannot be told to lie in is refused:
// one with areas that are not in force.
func (s *Store) Linked(ctx context.Context, f data.Filter) (data.Filter, error) {
	if len(f.TargetArea)+len(f.Status) == 0 {
		return f, nil
	}
	var areas []string
	var foreign *string
	var activities []uuid.UUID
	err := s.pub.QueryRow(ctx, sqlFactLinks, pgx.StrictNamedArgs{"target_areas": some(f.TargetArea), "statuses": some(f.Status)}).Scan(&areas, &foreign, &activities)
	if err != nil {
		return f, wrap("links of facts", err)
	}
	if foreign != nil {
		return f, data.Invalidf("target_area", *foreign, "%q is made of areas that are not those in force, so what lies in it cannot be told: import its areas as districts, or ask by area or bbox", *foreign)
	}
	f.InAreas, f.OfActivities = nil, make([]string, len(activities))
	for _, a := range areas {
		f.InAreas = append(f.InAreas, geo.AreaCode(a))
	}
	for i, id := range activities {
		f.OfActivities[i] = string(id[:])
	}
	return f, nil
}

// askFacts runs fn in a transaction that sees one snapshot, with the version
// that it is and the arguments of a filter.
func (s *Store) askFacts(ctx context.Context, f data.Filter, fn func(tx pgx.Tx, version int64, args pgx.StrictNamedArgs) error) error {
	return pgx.BeginTxFunc(ctx, s.pub, snapshots, func(tx pgx.Tx) error {
		var version int64
		if err := tx.QueryRow(ctx, sqlVersion).Scan(&version); err != nil {
			return err
		}
		args := factArgs(f)
		if _, err := s.Linked(ctx, f); err != nil {
			return err
		}
		territories, _, err := s.setsAt(ctx, f)
		if err != nil {
			return err
		}
		args["territory_set"] = territories
		if f.BBox != nil {
			cells, err := cellsIn(ctx, tx, args, geohex.NewBox(*f.BBox))
			if err != nil {
				return err
			}
			args["cells"] = cells
		}
		return fn(tx, version, args)
	})
}

// cellsIn are the cells of facts whose centres lie in a box.
func cellsIn(ctx context.Context, tx pgx.Tx, args pgx.StrictNamedArgs, box geohex.Box) ([]int64, error) {
	rows, err := tx.Query(ctx, sqlFactCells, args)
	if err != nil {
		return nil, err
	}
	in := []int64{}
	var cell int64
	_, err = pgx.ForEachRow(rows, []any{&cell}, func() error {
		lon, lat, err := geohex.Cell(cell).CentreE7()
		if box.Holds(lon, lat) {
			in = append(in, cell)
		}
		return err
	})
	return in, err
}

// Heat answers where value is delivered, by cell.
func (s *Store) Heat(ctx context.Context, q data.HeatQuery) (data.Heat, error) {
	h := data.Heat{Rows: []data.HeatRow{}, Coarser: []data.HeatRow{}}
	err := s.askFacts(ctx, q.Filter, func(tx pgx.Tx, version int64, args pgx.StrictNamedArgs) error {
		h.Version = version
		args["res"], args["unit"] = q.Res, q.Unit
		if q.Metric != data.MetricQuantity {
			args["unit"] = nil
		}
		rows, err := tx.Query(ctx, sqlFactHeat, args)
		if err != nil {
			return err
		}
		var part string
		var cell *int64
		var r data.HeatRow
		_, err = pgx.ForEachRow(rows, []any{&part, &cell, &r.Count, &r.Pence, &r.Quantity}, func() error {
			f := data.Figure{Count: r.Count, Pence: r.Pence}
			if r.Quantity != 0 {
				f.Quantities = map[string]data.Quantity{q.Unit: r.Quantity}
			}
			h.Total.Add(f)
			if cell != nil {
				r.Cell = geohex.Cell(*cell)
			}
			switch part {
			case "cell":
				h.Rows = append(h.Rows, r)
			case "coarser":
				h.Coarser = append(h.Coarser, r)
				h.Withheld.Add(f)
			case "withheld":
				h.Withheld.Add(f)
			case "unallocated":
				h.Unallocated.Add(f)
			}
			return nil
		})
		return err
	})
	for _, rows := range [][]data.HeatRow{h.Rows, h.Coarser} {
		slices.SortFunc(rows, func(a, b data.HeatRow) int { return int(int64(a.Cell.Key()) - int64(b.Cell.Key())) })
	}
	return h, wrap("heat", err)
}

// Points answers single facts whose cells have their centre in a box.
func (s *Store) Points(ctx context.Context, q data.PointQuery) (data.FactPoints, error) {
	out := data.FactPoints{}
	err := s.askFacts(ctx, q.Filter, func(tx pgx.Tx, version int64, args pgx.StrictNamedArgs) error {
		out.Version = version
		cells, err := cellsIn(ctx, tx, args, q.In)
		if err != nil {
			return err
		}
		if was := args["cells"].([]int64); was != nil {
			cells = slices.DeleteFunc(cells, func(c int64) bool { return !slices.Contains(was, c) })
		}
		args["cells"], args["most"] = cells, q.Most+1
		rows, err := tx.Query(ctx, sqlFactPoints, args)
		if err != nil {
			return err
		}
		var p data.FactPoint
		_, err = pgx.ForEachRow(rows, []any{&p.ID, &p.Cell, &p.Day, &p.Pence, &p.Quantity, &p.Unit, &p.Type, &p.Measure, &p.Sector, &p.State, &p.Standing}, func() error {
			out.Points = append(out.Points, p)
			return nil
		})
		return err
	})
	if out.TooMany = len(out.Points) > q.Most; out.TooMany {
		out.Points = nil
	}
	slices.SortFunc(out.Points, func(a, b data.FactPoint) int {
		return cmp.Or(cmp.Compare(a.Cell.Key(), b.Cell.Key()), cmp.Compare(a.ID, b.ID))
	})
	return out, wrap("points", err)
}

// unitFigure is a figure whose quantity is of one unit.
func unitFigure(unit string, count, pence, quantity int64) data.Figure {
	f := data.Figure{Count: count, Pence: data.Pence(pence)}
	if quantity != 0 {
		f.Quantities = map[string]data.Quantity{unit: data.Quantity(quantity)}
	}
	return f
}

// Totals answers what everything under a filter adds up to.
func (s *Store) Totals(ctx context.Context, f data.Filter) (data.Totals, error) {
	var out data.Totals
	err := s.askFacts(ctx, f, func(tx pgx.Tx, version int64, args pgx.StrictNamedArgs) error {
		out.Version = version
		args["boxed"] = f.BBox != nil
		rows, err := tx.Query(ctx, sqlFactTotals, args)
		if err != nil {
			return err
		}
		var part, unit string
		var count, pence, quantity int64
		_, err = pgx.ForEachRow(rows, []any{&part, &unit, &count, &pence, &quantity}, func() error {
			fig := unitFigure(unit, count, pence, quantity)
			switch part {
			case "contributions":
				out.Total.Contributions = count
				return nil
			case "unallocated":
				out.Unallocated.Add(fig)
			case "withheld":
				out.Withheld.Add(fig)
			}
			out.Total.Add(fig)
			return nil
		})
		return err
	})
	return out, wrap("totals", err)
}

// Breakdown answers figures by one to four dimensions.
func (s *Store) Breakdown(ctx context.Context, f data.Filter, by ...data.Dimension) (data.Breakdown, error) {
	out := data.Breakdown{By: by}
	if len(by) == 0 || len(by) > mostDimensions {
		return out, data.Invalidf("by", "", "%d dimensions are asked for: give one to %d", len(by), mostDimensions)
	}
	err := s.askFacts(ctx, f, func(tx pgx.Tx, version int64, args pgx.StrictNamedArgs) error {
		out.Version = version
		args["boxed"] = f.BBox != nil
		args["themes_apart"], args["beneficiaries_apart"] = slices.Contains(by, data.ByTheme), slices.Contains(by, data.ByBeneficiary)
		for i, name := range []string{"by1", "by2", "by3", "by4"} {
			args[name] = nil
			if i < len(by) {
				args[name] = string(by[i])
			}
		}
		rows, err := tx.Query(ctx, sqlFactBreakdown, args)
		if err != nil {
			return err
		}
		var part, values, unit string
		var count, pence, quantity int64
		at := map[string]int{}
		_, err = pgx.ForEachRow(rows, []any{&part, &values, &unit, &count, &pence, &quantity}, func() error {
			fig := unitFigure(unit, count, pence, quantity)
			switch part {
			case "unallocated":
				out.Unallocated.Add(fig)
				return nil
			case "withheld":
				out.Withheld.Add(fig)
				return nil
			}
			i, ok := at[values]
			if !ok {
				i = len(out.Rows)
				at[values] = i
				out.Rows = append(out.Rows, data.BreakdownRow{Values: strings.Split(values, "\x1f")[:len(by)]})
			}
			out.Rows[i].Add(fig)
			return nil
		})
		return err
	})
	if err != nil {
		return out, wrap("breakdown", err)
	}
	slices.SortFunc(out.Rows, func(a, b data.BreakdownRow) int { return slices.Compare(a.Values, b.Values) })
	if slices.ContainsFunc(by, data.Dimension.Overlaps) {
		t, err := s.Totals(ctx, f)
		out.Total = t.Total.Figure
		return out, err
	}
	for _, r := range out.Rows {
		out.Total.Add(r.Figure)
	}
	out.Total.Add(out.Unallocated)
	out.Total.Add(out.Withheld)
	return out, nil
}
