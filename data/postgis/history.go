package postgis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo"
)

var (
	sqlSetsAt         = query("sets_at")
	sqlSetsPast       = query("sets_past")
	sqlHistoryPlaces  = query("history_places")
	sqlHistoryFacts   = query("history_facts")
	sqlHistoryOrigins = query("history_origins")
	sqlMergersDue     = query("mergers_due")
	sqlMergerAreas    = query("merger_areas")
)

// past finds where what was touched lay before, under one set of boundaries that
// was in force after the other. Most databases have none. always is a statement
// for sets of territories and of areas, which it is told; territories, if not
// empty, is for the former alone.
func past(ctx context.Context, tx pgx.Tx, always, territories string) error {
	rows, err := tx.Query(ctx, sqlSetsPast)
	if err != nil {
		return err
	}
	type set struct {
		ID        int32
		Territory bool
	}
	sets, err := pgx.CollectRows(rows, pgx.RowToStructByPos[set])
	if err != nil {
		return err
	}
	for _, s := range sets {
		if _, err := tx.Exec(ctx, always, pgx.StrictNamedArgs{"set": s.ID, "territory": s.Territory, "near": nearMetres}); err != nil {
			return err
		}
		if !s.Territory || territories == "" {
			continue
		}
		if _, err := tx.Exec(ctx, territories, pgx.StrictNamedArgs{"set": s.ID}); err != nil {
			return err
		}
	}
	return nil
}

// pastPlaces finds where the places that were touched lay before.
func pastPlaces(ctx context.Context, tx pgx.Tx) error { return past(ctx, tx, sqlHistoryPlaces, "") }

// pastFacts finds where the subjects' facts lay, and where they came from,
// before.
func pastFacts(ctx context.Context, tx pgx.Tx) error {
	return past(ctx, tx, sqlHistoryFacts, sqlHistoryOrigins)
}

// Earlier reports whether other territories were in force on the filter's day
// than now.
func (s *Store) Earlier(ctx context.Context, f data.Filter) (bool, error) {
	territories, _, err := s.setsAt(ctx, f)
	return territories != nil, wrap("boundaries", err)
}

// setsAt are the sets of territories and areas in force on the filter's day;
// nil where they are those in force now.
func (s *Store) setsAt(ctx context.Context, f data.Filter) (territories, areas *int32, err error) {
	if f.AsAt.IsZero() {
		return nil, nil, nil
	}
	err = s.pub.QueryRow(ctx, sqlSetsAt, pgx.StrictNamedArgs{"day": f.AsAt.Time()}).Scan(&territories, &areas)
	return territories, areas, err
}

// DrawMergers draws the territories whose day has come: each is the union of
// those that it takes over from, and everything in them lies in it from that
// day on. What was said of earlier days stays. It returns the territories that
// it drew.
func (s *Store) DrawMergers(ctx context.Context, who Actor) ([]geo.TerritoryID, error) {
	var drawn []geo.TerritoryID
	for {
		var id geo.TerritoryID
		var name string
		var nameCy *string
		var from []string
		var day time.Time
		err := s.pub.QueryRow(ctx, sqlMergersDue).Scan(&id, &name, &nameCy, &from, &day)
		if errors.Is(err, pgx.ErrNoRows) {
			return drawn, nil
		}
		if err != nil {
			return drawn, wrap("mergers", err)
		}
		set, err := s.merged(ctx, data.Shape{Code: string(id), Name: name, NameCy: text(nameCy)}, from)
		if err != nil {
			return drawn, wrap("merger of "+string(id), err)
		}
		set.ValidFrom = data.DateOf(day)
		if _, err := s.LoadBoundaries(ctx, who, []data.BoundarySet{set}, false); err != nil {
			return drawn, err
		}
		drawn = append(drawn, id)
	}
}

// merged is the set of territories in force with some of them made one.
func (s *Store) merged(ctx context.Context, into data.Shape, from []string) (data.BoundarySet, error) {
	sets, err := s.CurrentBoundaries(ctx)
	if err != nil {
		return data.BoundarySet{}, err
	}
	i := slices.IndexFunc(sets, func(b data.BoundarySet) bool { return b.Kind == data.BoundaryTerritory })
	if i < 0 {
		return data.BoundarySet{}, errors.New("no territories are in force")
	}
	set := sets[i]
	var members []int
	var kept []data.Shape
	for n, sh := range set.Shapes {
		if slices.Contains(from, sh.Code) {
			members = append(members, n)
		} else {
			kept = append(kept, sh)
		}
	}
	if len(members) != len(from) {
		return set, fmt.Errorf("of its predecessors %v only %d are in force", from, len(members))
	}
	into.Geometry = geo.NewCoverage(geometries(set.Shapes)).Dissolve([][]int{members})[0]
	into.Territory = geo.TerritoryID(into.Code)
	set.Shapes = append(kept, into)
	set.Label = fmt.Sprintf("%s; %s made of its predecessors", set.Label, into.Name)
	return set, nil
}

// geometries are the shapes' geometries, in order.
func geometries(shapes []data.Shape) []orb.MultiPolygon {
	out := make([]orb.MultiPolygon, len(shapes))
	for i, s := range shapes {
		out[i] = s.Geometry
	}
	return out
}
