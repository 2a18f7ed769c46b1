package postgis

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

// brokenDown is a projection that can be asked what it holds.
type brokenDown interface {
	Projection
	Breakdown(ctx context.Context, f data.Filter, by ...data.Dimension) (data.Breakdown, error)
}

// checkedBy is what a projection is compared by: every fact is in one row.
var checkedBy = []data.Dimension{data.ByTerritory, data.ByType, data.ByState, data.ByMonth}

var sqlCheckFacts = query("check_facts")

// CheckProjection loads the public facts into p and compares what it answers
// with sums over the table, in the same snapshot: by territory, type, state and
// month, of every standing. It yields what differs.
func (s *Store) CheckProjection(ctx context.Context, p brokenDown, yield func(Fault) error) error {
	return wrap("check", pgx.BeginTxFunc(ctx, s.app, snapshots, func(tx pgx.Tx) error {
		if err := s.loadFacts(ctx, tx, 0, p); err != nil {
			return err
		}
		want, err := factSums(ctx, tx)
		if err != nil {
			return err
		}
		b, err := p.Breakdown(ctx, data.Filter{State: data.EvidenceStates, Standing: data.Standings}, checkedBy...)
		if err != nil {
			return err
		}
		got := map[string]data.Figure{"unallocated": b.Unallocated, "withheld": b.Withheld}
		for _, r := range b.Rows {
			got[strings.Join(r.Values, " ")] = r.Figure
		}
		keys := slices.Sorted(maps.Keys(want))
		for k := range got {
			if _, ok := want[k]; !ok {
				keys = append(keys, k)
			}
		}
		for _, k := range keys {
			if w, g := want[k], got[k]; !w.Equal(g) {
				detail := fmt.Sprintf("the facts: %d, %s, %v; in memory: %d, %s, %v", w.Count, w.Pence, w.Quantities, g.Count, g.Pence, g.Quantities)
				if err := yield(Fault{RuleProjection, k, detail}); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// factSums are sums over the table of facts by territory, type, state and
// month.
func factSums(ctx context.Context, tx pgx.Tx) (map[string]data.Figure, error) {
	rows, err := tx.Query(ctx, sqlCheckFacts)
	if err != nil {
		return nil, err
	}
	sums := map[string]data.Figure{}
	var place, unit string
	var count, pence, quantity int64
	_, err = pgx.ForEachRow(rows, []any{&place, &unit, &count, &pence, &quantity}, func() error {
		f := sums[place]
		f.Add(unitFigure(unit, count, pence, quantity))
		sums[place] = f
		return nil
	})
	return sums, err
}
