package main

import (
	"context"
	"errors"

	"tributary/data"
	"tributary/data/facts"
	"tributary/data/postgis"
)

// answers is what the server asks: the store, and for questions about facts the
// projection, which asks the store itself until it is loaded.
type answers struct {
	*postgis.Store
	facts *facts.Facts
}

// from answers questions of a day on which other territories were in force from
// the database, all others from memory, and looks up what the filter has of
// other records.
func (s answers) from(ctx context.Context, f *data.Filter) (facts.Answers, error) {
	earlier, err := s.Store.Earlier(ctx, *f)
	if earlier || err != nil {
		return s.Store, err
	}
	*f, err = s.Store.Linked(ctx, *f)
	return s.facts, err
}

// Heat, Totals and Breakdown answer from memory where it can.
func (s answers) Heat(ctx context.Context, q data.HeatQuery) (data.Heat, error) {
	from, err := s.from(ctx, &q.Filter)
	if err != nil {
		return data.Heat{}, err
	}
	return from.Heat(ctx, q)
}

// Points answers single facts.
func (s answers) Points(ctx context.Context, q data.PointQuery) (data.FactPoints, error) {
	from, err := s.from(ctx, &q.Filter)
	if err != nil {
		return data.FactPoints{}, err
	}
	return from.Points(ctx, q)
}

func (s answers) Totals(ctx context.Context, f data.Filter) (data.Totals, error) {
	from, err := s.from(ctx, &f)
	if err != nil {
		return data.Totals{}, err
	}
	return from.Totals(ctx, f)
}

func (s answers) Breakdown(ctx context.Context, f data.Filter, by ...data.Dimension) (data.Breakdown, error) {
	from, err := s.from(ctx, &f)
	if err != nil {
		return data.Breakdown{}, err
	}
	return from.Breakdown(ctx, f, by...)
}

// Gap has what was received summed in memory where it can.
func (s answers) Gap(ctx context.Context, f data.Filter, v data.View) (data.Gap, error) {
	from, err := s.from(ctx, &f)
	if err != nil {
		return data.Gap{}, err
	}
	return s.Store.GapFrom(ctx, from, f, v)
}

// Ready adds how far the projection is.
func (s answers) Ready(ctx context.Context) (any, error) {
	about, err := s.Store.Ready(ctx)
	if err != nil {
		return nil, err
	}
	health, _ := about.(postgis.Health)
	return struct {
		postgis.Health
		Projection facts.State `json:"projection"`
	}{health, s.facts.State()}, nil
}

// follow keeps the projection of src up to date, and tells w what changes, until
// ctx is done.
func follow(ctx context.Context, con *console, src answers, w postgis.Watcher) {
	if err := src.Follow(ctx, src.facts, w); err != nil && !errors.Is(err, context.Canceled) {
		con.log.Error("questions are answered from the database, more slowly: following the facts ended", "error", err)
	}
}
