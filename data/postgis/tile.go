package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/geo"
)

var (
	sqlTileShapes     = query("tile_shapes")
	sqlTileActivities = query("tile_activities")
	sqlTileTowns      = query("tile_towns")
)

// tileLayers are the queries that encode a layer.
var tileLayers = map[string]func(*Store, context.Context, maptile.Tile, data.Filter) ([]byte, error){
	"regions": func(s *Store, ctx context.Context, t maptile.Tile, f data.Filter) ([]byte, error) {
		return s.shapeTile(ctx, "regions", "region", t, f)
	},
	"territories": func(s *Store, ctx context.Context, t maptile.Tile, f data.Filter) ([]byte, error) {
		return s.shapeTile(ctx, "territories", "territory", t, f)
	},
	"areas": func(s *Store, ctx context.Context, t maptile.Tile, f data.Filter) ([]byte, error) {
		return s.shapeTile(ctx, "areas", "area", t, f)
	},
	"towns":      (*Store).townTile,
	"activities": (*Store).activityTile,
}

// Layer encodes one layer of one tile under a filter.
func (s *Store) Layer(ctx context.Context, layer string, t maptile.Tile, f data.Filter) ([]byte, error) {
	encode, ok := tileLayers[layer]
	if !ok {
		return nil, fmt.Errorf("layer %q: %w", layer, data.ErrNotFound)
	}
	b, err := encode(s, ctx, t, f)
	return b, wrap("tile layer "+layer, err)
}

// shapeTile encodes the boundaries of a kind with their figures, and where
// their names stand.
func (s *Store) shapeTile(ctx context.Context, layer, kind string, t maptile.Tile, f data.Filter) ([]byte, error) {
	n, err := s.counts(ctx, f)
	if err != nil {
		return nil, err
	}
	var codes []string
	var activities, validated []int
	for key, c := range n {
		if key[0] == kind {
			codes, activities, validated = append(codes, key[1]), append(activities, c.Activities), append(validated, c.Validated)
		}
	}
	var b []byte
	err = s.pub.QueryRow(ctx, sqlTileShapes, pgx.StrictNamedArgs{
		"layer": layer, "kind": kind, "z": t.Z, "x": t.X, "y": t.Y, "drawn": drawnZoom(int(t.Z)),
		"codes": list(codes), "activities": activities, "validated": validated,
	}).Scan(&b)
	return b, err
}

// activityTile encodes the activities in a tile: at the deepest zoom those at
// one spot together, above it those in one of 16 by 16 squares. Each place is
// in exactly one tile of a zoom, so their counts add up to the whole.
func (s *Store) activityTile(ctx context.Context, t maptile.Tile, f data.Filter) ([]byte, error) {
	args, err := filterArgs(f, pgx.StrictNamedArgs{"z": t.Z, "x": t.X, "y": t.Y, "deepest": int(t.Z) == geo.MaxZoom})
	if err != nil {
		return nil, err
	}
	var b []byte
	err = s.pub.QueryRow(ctx, sqlTileActivities, args).Scan(&b)
	return b, err
}

// townPopulation is the smallest town shown at a zoom: at 5 cities of half a
// million, from 11 every village.
func townPopulation(z int) int {
	if z >= 11 {
		return 0
	}
	return 500_000 >> (2 * max(0, z-5))
}

// townTile encodes the towns in a tile; no filter applies to them.
func (s *Store) townTile(ctx context.Context, t maptile.Tile, _ data.Filter) ([]byte, error) {
	var b []byte
	err := s.pub.QueryRow(ctx, sqlTileTowns, pgx.StrictNamedArgs{
		"z": t.Z, "x": t.X, "y": t.Y, "population": townPopulation(int(t.Z))}).Scan(&b)
	return b, err
}
