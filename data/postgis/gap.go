package postgis

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"

	"tributary/data"
	geohex "tributary/geo/hex"
)

var (
	sqlGapPlan        = query("gap_plan")
	sqlGapAreas       = query("gap_areas")
	sqlGapTargetAreas = query("gap_target_areas")
	sqlGapFlows       = query("gap_flows")
	sqlGapActivities  = query("gap_activities")
	sqlGapBaseline    = query("gap_baseline")
	sqlGapTowns       = query("gap_towns")
	sqlGapTownPoints  = query("gap_town_points")
)

// gapPlaces are the places of a gap.
type gapPlaces struct {
	named []data.Named
	of    map[string][]string // the places that an area is part of
	// res is the resolution of hexagons; nil if the places are areas. Hexagons
	// come as they are found: those with a town, an activity or a contribution.
	res *int
	// towns are those that hexagons are called by.
	towns []gapTown
}

// gapTown is a town by which hexagons are found.
type gapTown struct {
	name string
	at   orb.Point
}

// compass are the eight winds, from the north by the east.
var compass = [8]string{"north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"}

// nameOf says where a hexagon without a town lies, by the nearest town.
func (p *gapPlaces) nameOf(code string) string {
	cell, err := geohex.Parse(code)
	if err != nil || len(p.towns) == 0 {
		return "hexagon " + code
	}
	centre, err := cell.Centre()
	if err != nil {
		return "hexagon " + code
	}
	nearest, least := gapTown{}, math.Inf(1)
	for _, t := range p.towns {
		if d := orbgeo.Distance(t.at, centre); d < least {
			nearest, least = t, d
		}
	}
	wind := int(math.Round(orbgeo.Bearing(nearest.at, centre)/45)+8) % 8
	return fmt.Sprintf("%.0f km %s of %s", max(1, math.Round(least/1000)), compass[wind], nearest.name)
}

// has notes where something was found, and lists the places that it counts for.
func (p *gapPlaces) has(code string) []string {
	if p.res != nil && len(p.of[code]) == 0 {
		p.of[code] = []string{code}
		p.named = append(p.named, data.Named{Code: code, Name: p.nameOf(code)})
	}
	return p.of[code]
}

// GapSums sums what priorities received by area, or by cell of a resolution if
// res is not nil, under several filters as of one version: *Store by SQL, the
// projection from memory.
type GapSums interface {
	GapSums(ctx context.Context, res *int, filters ...data.Filter) (version int64, sums [][]data.GapSum, err error)
}

// Gap answers where the priorities of a territory's plan are served, and where
// they are not. The filter names one territory, and priorities of its plan
// alone. The view says by which places, area, target_area or cell of a
// resolution, and its baseline is an indicator's code, or empty for the default.
func (s *Store) Gap(ctx context.Context, f data.Filter, v data.View) (data.Gap, error) {
	return s.GapFrom(ctx, s, f, v)
}

// GapFrom is [Store.Gap] with what was received summed by another.
func (s *Store) GapFrom(ctx context.Context, from GapSums, f data.Filter, v data.View) (data.Gap, error) {
	if len(f.Territory) != 1 {
		return data.Gap{}, data.Invalidf("territory", strings.Join(list(f.Territory), ","), "gaps are told for one territory at a time: give its id, such as norfolk")
	}
	territory := string(f.Territory[0])
	res, err := v.GapRes()
	if err != nil {
		return data.Gap{}, err
	}
	q := data.GapQuestion{Query: f.Canonical() + "|" + v.By + "|" + v.Baseline + v.Res, AsAt: data.DateOf(asAt(f)), Needs: map[string]float64{}, Activities: map[[2]string]int{}}
	if err := s.gapPlan(ctx, f, territory, &q); err != nil {
		return data.Gap{}, err
	}
	places := &gapPlaces{of: map[string][]string{}, res: res}
	if res != nil {
		q.Baseline, err = s.gapTowns(ctx, territory, places, q.Needs)
	} else if err = s.gapPlaces(ctx, f, territory, v.By, places); err == nil {
		q.Baseline, err = s.gapNeeds(ctx, f, territory, v.Baseline, places, q.Needs)
	}
	if err != nil {
		return data.Gap{}, wrap("gap", err)
	}
	if err := s.gapActivities(ctx, territory, places, &q); err != nil {
		return data.Gap{}, wrap("gap", err)
	}
	var version int64
	if len(q.Priorities) > 0 {
		of := f
		of.Priority = codes(q.Priorities)
		var sums [][]data.GapSum
		if version, sums, err = from.GapSums(ctx, res, of, of.QuarterEarlier(q.AsAt)); err != nil {
			return data.Gap{}, wrap("gap", err)
		}
		q.Flows, q.Coarse = places.flows(sums[0])
		q.Before, _ = places.flows(sums[1])
	}
	q.Places = places.named
	slices.SortFunc(q.Places, func(a, b data.Named) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Code, b.Code))
	})
	g := data.NewGap(q)
	g.Query, g.Version = f.Canonical(), version
	names, err := s.names(ctx, f)
	g.Say(data.In(data.Filter{Territory: f.Territory}, names))
	return g, wrap("gap", err)
}

// gapPlan finds the plan in force and the priorities asked for.
func (s *Store) gapPlan(ctx context.Context, f data.Filter, territory string, q *data.GapQuestion) error {
	rows, err := s.pub.Query(ctx, sqlGapPlan, pgx.StrictNamedArgs{"territory": territory, "day": asAt(f)})
	if err != nil {
		return wrap("gap", err)
	}
	var all []string
	var p data.Named
	_, err = pgx.ForEachRow(rows, []any{&q.Plan, &p.Code, &p.Name}, func() error {
		all = append(all, p.Code)
		if len(f.Priority) == 0 || slices.Contains(f.Priority, p.Code) {
			q.Priorities = append(q.Priorities, p)
		}
		return nil
	})
	if err != nil {
		return wrap("gap", err)
	}
	for _, code := range f.Priority {
		if !slices.Contains(all, code) {
			return data.Invalidf("priority", code, "%q is no priority of the plan in force in %s: use %s", code, territory, strings.Join(all, ", "))
		}
	}
	return nil
}

// gapTowns finds the hexagons with towns, called by the largest in each, and how
// many people live there.
func (s *Store) gapTowns(ctx context.Context, territory string, places *gapPlaces, needs map[string]float64) (data.Baseline, error) {
	b := data.Baseline{Code: "population", Title: "population of towns", Approximate: true}
	rows, err := s.pub.Query(ctx, sqlGapTownPoints, pgx.StrictNamedArgs{"territory": territory})
	if err != nil {
		return b, err
	}
	var name string
	var people float64
	var at orb.Point
	_, err = pgx.ForEachRow(rows, []any{&name, &people, &at[0], &at[1]}, func() error {
		cell, err := geohex.At(at, *places.res)
		if err != nil {
			return err
		}
		places.towns = append(places.towns, gapTown{name, at})
		if code := cell.String(); len(places.of[code]) == 0 {
			places.of[code] = []string{code}
			places.named = append(places.named, data.Named{Code: code, Name: name + " and around"})
		}
		needs[cell.String()] += people
		return nil
	})
	return b, err
}

func (s *Store) gapPlaces(ctx context.Context, f data.Filter, territory, by string, out *gapPlaces) error {
	sql, args := sqlGapAreas, pgx.StrictNamedArgs{"territory": territory}
	if by == "target_area" {
		sql, args["day"] = sqlGapTargetAreas, asAt(f)
	}
	rows, err := s.pub.Query(ctx, sql, args)
	if err != nil {
		return err
	}
	var p data.Named
	var areas []string
	_, err = pgx.ForEachRow(rows, []any{&p.Code, &p.Name, &areas}, func() error {
		out.named = append(out.named, p)
		for _, a := range areas {
			out.of[a] = append(out.of[a], p.Code)
		}
		return nil
	})
	return err
}

// gapNeeds reads the baseline into needs, by place.
func (s *Store) gapNeeds(ctx context.Context, f data.Filter, territory, code string, places *gapPlaces, needs map[string]float64) (data.Baseline, error) {
	b := data.Baseline{Code: code}
	sql, args := sqlGapBaseline, pgx.StrictNamedArgs{"territory": territory, "day": asAt(f), "baseline": code}
	if code == "" {
		b.Code, args["baseline"] = "population", "population"
	}
	read := func() error {
		rows, err := s.pub.Query(ctx, sql, args)
		if err != nil {
			return err
		}
		var area string
		var v float64
		_, err = pgx.ForEachRow(rows, []any{&b.Title, &area, &v}, func() error {
			for _, place := range places.of[area] {
				needs[place] += v
			}
			return nil
		})
		return err
	}
	if err := read(); err != nil {
		return b, wrap("gap", err)
	}
	if b.Title == "" && code != "" {
		return b, data.Invalidf("baseline", code, "no published values of the indicator %q are on record for the areas of %s: import indicators and observations by area, or leave it out for the population of towns", code, territory)
	}
	if b.Title == "" {
		b.Approximate = true
		sql, args = sqlGapTowns, pgx.StrictNamedArgs{"territory": territory}
		if err := read(); err != nil {
			return b, wrap("gap", err)
		}
	}
	return b, nil
}

func (s *Store) gapActivities(ctx context.Context, territory string, places *gapPlaces, q *data.GapQuestion) error {
	rows, err := s.pub.Query(ctx, sqlGapActivities, pgx.StrictNamedArgs{"territory": territory, "priorities": codes(q.Priorities), "res": places.res})
	if err != nil {
		return err
	}
	var priority, area string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&priority, &area, &n}, func() error {
		for _, place := range places.has(area) {
			q.Activities[[2]string{priority, place}] += n
		}
		return nil
	})
	return err
}

func codes(named []data.Named) []string {
	out := make([]string, len(named))
	for i, n := range named {
		out[i] = n.Code
	}
	return out
}

// flows adds sums up by place, and apart what has none.
func (p *gapPlaces) flows(sums []data.GapSum) (flows []data.GapFlow, coarse data.Figure) {
	by := map[[2]string]data.GapFlow{}
	for _, x := range sums {
		if x.Place == "" || len(p.has(x.Place)) == 0 {
			coarse.Add(data.Figure{Count: x.Parts, Pence: x.Pence})
			continue
		}
		for _, place := range p.of[x.Place] {
			at := [2]string{x.Priority, place}
			sum := by[at]
			by[at] = data.GapFlow{Priority: x.Priority, Place: place, Count: sum.Count + x.Contributions, Pence: sum.Pence + x.Pence, Squares: sum.Squares + x.Squares}
		}
	}
	flows = slices.SortedFunc(maps.Values(by), func(a, b data.GapFlow) int {
		return cmp.Or(strings.Compare(a.Priority, b.Priority), strings.Compare(a.Place, b.Place))
	})
	return flows, coarse
}

// GapSums sums what priorities received, by priority and area, or cell of a
// resolution, under filters; all as of one version.
func (s *Store) GapSums(ctx context.Context, res *int, filters ...data.Filter) (version int64, sums [][]data.GapSum, err error) {
	if len(filters) == 0 {
		return 0, nil, nil
	}
	err = s.askFacts(ctx, filters[0], func(tx pgx.Tx, at int64, args pgx.StrictNamedArgs) error {
		version = at
		for _, f := range filters {
			of := factArgs(f)
			of["territory_set"], of["cells"], of["res"] = args["territory_set"], args["cells"], res
			rows, err := tx.Query(ctx, sqlGapFlows, of)
			if err != nil {
				return err
			}
			sum, err := pgx.CollectRows(rows, pgx.RowToStructByPos[data.GapSum])
			if err != nil {
				return err
			}
			sums = append(sums, sum)
		}
		return nil
	})
	return version, sums, wrap("gap", err)
}
