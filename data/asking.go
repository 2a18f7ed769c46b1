package data

import (
	"context"
	"maps"
	"slices"
)

// Asked answers the questions about facts that others are made of. The store
// is one, and so is the store with the projection before it.
type Asked interface {
	Totals(ctx context.Context, f Filter) (Totals, error)
	Breakdown(ctx context.Context, f Filter, by ...Dimension) (Breakdown, error)
	Heat(ctx context.Context, q HeatQuery) (Heat, error)
	// ValueNames are what values of dimensions are called, Names the places of a
	// filter.
	ValueNames(ctx context.Context, values []string) (map[string]string, error)
	Names(ctx context.Context, f Filter) (map[string]string, error)
	// Populations are for figures per head.
	Populations(ctx context.Context, f Filter) (Populations, error)
}

// steadyTries is how often a question of several parts is asked again because
// data changed between its parts.
const steadyTries = 8

// steady asks until all parts of a question were answered at one version.
func steady(ask func() (same bool, err error)) error {
	for range steadyTries {
		same, err := ask()
		if same || err != nil {
			return err
		}
	}
	return ErrChanging
}

// valueNamer gives the names of the values in rows.
func valueNamer(ctx context.Context, src Asked, rows ...BreakdownRow) (func(Dimension, string) string, error) {
	var values []string
	for _, row := range rows {
		values = append(values, row.Values...)
	}
	slices.Sort(values)
	names, err := src.ValueNames(ctx, slices.Compact(values))
	return func(d Dimension, v string) string { return d.NameOf(v, names) }, err
}

// AskFlow asks where value goes, with the period before, figures per head where
// it goes by place, and the balance of the one place that is asked about; all
// of it at one version.
func AskFlow(ctx context.Context, src Asked, f Filter, by []Dimension, top int) (Flow, error) {
	var b Breakdown
	var before *Breakdown
	var balance *Balance
	err := steady(func() (same bool, err error) {
		if b, err = src.Breakdown(ctx, f, by...); err != nil {
			return false, err
		}
		same = true
		if earlier, ok := f.PeriodBefore(); ok {
			was, err := src.Breakdown(ctx, earlier, by...)
			if err != nil {
				return false, err
			}
			before, same = &was, was.Version == b.Version
		}
		var version int64
		if balance, version, err = askBalance(ctx, src, f); balance != nil {
			same = same && version == b.Version
		}
		return same, err
	})
	if err != nil {
		return Flow{}, err
	}
	name, err := valueNamer(ctx, src, b.Rows...)
	if err != nil {
		return Flow{}, err
	}
	out := NewFlow(b, before, top, name)
	out.Balance = balance
	if len(by) == 1 && by[0].OfPlaces() {
		people, err := src.Populations(ctx, f)
		if err != nil {
			return Flow{}, err
		}
		out.PerHead(people)
	}
	places, err := src.Names(ctx, f)
	if balance != nil {
		balance.Name = places[balance.Place]
	}
	out.Say(In(f, places))
	return out, err
}

// askBalance asks, of the one territory or region that a filter is about, what
// came from there, what came to it and what stayed. The version is 0 where the
// three are exact at different ones.
func askBalance(ctx context.Context, src Asked, f Filter) (*Balance, int64, error) {
	if len(f.Territory)+len(f.Region) != 1 || len(f.Area) > 0 || f.BBox != nil {
		return nil, 0, nil
	}
	out := f
	out.Territory, out.Region, out.OriginTerritory, out.OriginRegion, out.OriginArea = nil, nil, f.Territory, f.Region, nil
	both := out
	both.Territory, both.Region = f.Territory, f.Region
	in := f
	in.OriginTerritory, in.OriginRegion, in.OriginArea = nil, nil, nil
	b := &Balance{}
	var versions []int64
	for _, x := range []struct {
		filter Filter
		into   *Figure
	}{{in, &b.To}, {out, &b.From}, {both, &b.Retained}} {
		t, err := src.Totals(ctx, x.filter)
		if err != nil {
			return nil, 0, err
		}
		*x.into = t.Total.Figure
		versions = append(versions, t.Version)
	}
	for _, t := range f.Territory {
		b.Place = string(t)
	}
	for _, r := range f.Region {
		b.Place = string(r)
	}
	if versions[0] != versions[1] || versions[1] != versions[2] {
		return b, 0, nil
	}
	return b, versions[0], nil
}

// Compare asks the same question of two filters, at one version.
func Compare(ctx context.Context, src Asked, a, b Filter, by []Dimension, top int) (Comparison, error) {
	var one, other Breakdown
	err := steady(func() (same bool, err error) {
		if one, err = src.Breakdown(ctx, a, by...); err != nil {
			return false, err
		}
		other, err = src.Breakdown(ctx, b, by...)
		return one.Version == other.Version, err
	})
	if err != nil {
		return Comparison{}, err
	}
	name, err := valueNamer(ctx, src, slices.Concat(one.Rows, other.Rows)...)
	if err != nil {
		return Comparison{}, err
	}
	c := NewComparison(one, other, top, name)
	places := map[string]string{}
	for _, f := range []Filter{a, b} {
		here, err := src.Names(ctx, f)
		if err != nil {
			return c, err
		}
		maps.Copy(places, here)
	}
	c.Sides[0].Query, c.Sides[0].Name = a.Canonical(), SideName(a, b, places)
	c.Sides[1].Query, c.Sides[1].Name = b.Canonical(), SideName(b, a, places)
	c.Say()
	return c, nil
}

// reconciledAt is the resolution of the hexagons that a reconciliation adds up.
const reconciledAt = 6

// Reconcile adds up in every way, at one version, and says whether they agree.
func Reconcile(ctx context.Context, src Asked, f Filter) (Reconciliation, error) {
	var a Reconciliation
	err := steady(func() (same bool, err error) {
		a, err = reconciliation(ctx, src, f)
		return !slices.ContainsFunc(a.Ways, func(w ReconciliationWay) bool { return w.Version != a.Version }), err
	})
	a.say()
	return a, err
}

func reconciliation(ctx context.Context, src Asked, f Filter) (Reconciliation, error) {
	a := Reconciliation{Query: f.Canonical()}
	t, err := src.Totals(ctx, f)
	if err != nil {
		return a, err
	}
	a.Ledger, a.Version = t.Total.Figure, t.Version
	for _, d := range []Dimension{ByTerritory, ByRegion, ByArea} {
		b, err := src.Breakdown(ctx, f, d)
		if err != nil {
			return a, err
		}
		a.Add(string(d), b)
	}
	h, err := src.Heat(ctx, HeatQuery{Filter: f, Res: reconciledAt, Metric: MetricPence})
	a.AddCells(h)
	return a, err
}
