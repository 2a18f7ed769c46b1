package postgis

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/geo"
)

var (
	sqlTileShapes      = query("tile_shapes")
	sqlTileActivities  = query("tile_activities")
	sqlTileTowns       = query("tile_towns")
	sqlTileNeeds       = query("tile_needs")
	sqlTileStories     = query("tile_stories")
	sqlTileHubs        = query("tile_hubs")
	sqlTileTargetAreas = query("tile_target_areas")
	sqlTileUndrawn     = query("tile_undrawn")
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
	"towns":        (*Store).townTile,
	"activities":   (*Store).activityTile,
	"needs":        (*Store).needTile,
	"stories":      (*Store).storyTile,
	"hubs":         (*Store).hubTile,
	"target_areas": (*Store).targetAreaTile,
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
	n, err := s.countsNow(ctx, f)
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
	return s.filteredTile(ctx, sqlTileActivities, t, f, pgx.StrictNamedArgs{"deepest": int(t.Z) == geo.MaxZoom})
}

// Undrawn is how many things of a layer have no place on the map, whatever the
// filter: target areas of areas that are not in force, stories of nowhere.
func (s *Store) Undrawn(ctx context.Context, layer string) (n int, err error) {
	err = s.pub.QueryRow(ctx, sqlTileUndrawn, pgx.StrictNamedArgs{"layer": layer, "day": asAt(data.Filter{})}).Scan(&n)
	return n, wrap("what is not drawn of "+layer, err)
}

// filteredTile runs a query with the filter's arguments, those named or all,
// the tile's and more.
func (s *Store) filteredTile(ctx context.Context, sql string, t maptile.Tile, f data.Filter, more pgx.StrictNamedArgs, names ...string) (b []byte, err error) {
	all, err := filterArgs(f, nil)
	if err != nil {
		return nil, err
	}
	args := pgx.StrictNamedArgs{"z": t.Z, "x": t.X, "y": t.Y}
	for name, v := range all {
		if len(names) == 0 || slices.Contains(names, name) {
			args[name] = v
		}
	}
	maps.Copy(args, more)
	err = s.pub.QueryRow(ctx, sql, args).Scan(&b)
	return b, err
}

// needTile encodes what activities need and is open.
func (s *Store) needTile(ctx context.Context, t maptile.Tile, f data.Filter) ([]byte, error) {
	return s.filteredTile(ctx, sqlTileNeeds, t, f, pgx.StrictNamedArgs{"deepest": int(t.Z) == geo.MaxZoom, "types": some(f.Type), "day": asAt(f)})
}

// storyTile encodes stories, films and events.
func (s *Store) storyTile(ctx context.Context, t maptile.Tile, f data.Filter) ([]byte, error) {
	return s.filteredTile(ctx, sqlTileStories, t, f, pgx.StrictNamedArgs{"deepest": int(t.Z) == geo.MaxZoom})
}

// hubTile encodes the active hubs.
func (s *Store) hubTile(ctx context.Context, t maptile.Tile, f data.Filter) ([]byte, error) {
	return s.filteredTile(ctx, sqlTileHubs, t, f, pgx.StrictNamedArgs{"day": asAt(f)}, "regions", "territories", "box")
}

// targetAreaTile encodes the public target areas in force.
func (s *Store) targetAreaTile(ctx context.Context, t maptile.Tile, f data.Filter) ([]byte, error) {
	return s.filteredTile(ctx, sqlTileTargetAreas, t, f, pgx.StrictNamedArgs{"drawn": drawnZoom(int(t.Z)), "target_areas": some(f.TargetArea), "day": asAt(f)},
		"regions", "territories", "areas", "box")
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
