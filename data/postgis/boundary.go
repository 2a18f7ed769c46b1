package postgis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"tributary/data"
	"tributary/geo"
)

var (
	sqlBoundaryStage         = query("boundary_stage")
	sqlBoundaryInvalid       = query("boundary_invalid")
	sqlBoundaryCurrent       = query("boundary_current")
	sqlBoundaryRetire        = query("boundary_retire")
	sqlReassignSecret        = query("reassign_secret")
	sqlBoundaryFrom          = query("boundary_from")
	sqlBoundaryInsert        = query("boundary_insert")
	sqlBoundaryShapes        = query("boundary_shapes")
	sqlBoundaryPieces        = query("boundary_pieces")
	sqlBoundaryLabels        = query("boundary_labels")
	sqlBoundarySets          = query("boundary_sets")
	sqlBoundaryCurrentShapes = query("boundary_current_shapes")
	sqlBoundaryGeoJSON       = query("boundary_geojson")
	sqlTerritoryRegions      = query("territory_regions")
	sqlReassignLocate        = query("reassign_locate")
	sqlReassign              = query("reassign")
)

// drawnZooms are the zooms that boundaries are simplified for; a tile draws
// the nearest at or above its own. The last is the boundary itself.
var drawnZooms = []int{4, 6, 8, 10, 12, geo.MaxZoom}

// drawnZoom is the entry of drawnZooms that serves tiles of a zoom.
func drawnZoom(z int) int {
	i, _ := slices.BinarySearch(drawnZooms, z)
	return drawnZooms[min(i, len(drawnZooms)-1)]
}

// BoundaryResult says what loading boundaries did.
type BoundaryResult struct {
	Unchanged  bool `json:"unchanged"`  // the same boundaries were already in force
	Shapes     int  `json:"shapes"`     //
	Places     int  `json:"places"`     // whose territory or area was found again
	Reassigned int  `json:"reassigned"` // of them, those that changed
}

// LoadBoundaries puts sets of boundaries in force, from their own day or today, each in place of
// the one of its kind, and finds every place again, in one transaction. With
// territories come their regions, as exact unions, unless sets brings its own.
// Nests says that the areas among sets nest exactly in the territories.
func (s *Store) LoadBoundaries(ctx context.Context, who Actor, sets []data.BoundarySet, nests bool) (BoundaryResult, error) {
	var res BoundaryResult
	err := s.write(ctx, who, func(tx pgx.Tx) error {
		if err := lockImport(ctx, tx); err != nil {
			return err
		}
		sets, err := withRegions(ctx, tx, sets)
		if err != nil {
			return err
		}
		changed := false
		for _, set := range sets {
			did, err := loadBoundarySet(ctx, tx, set, nests)
			if err != nil {
				return err
			}
			changed = changed || did
			res.Shapes += len(set.Shapes)
		}
		if res.Unchanged = !changed; res.Unchanged {
			return nil
		}
		return reassign(ctx, tx, who, &res)
	})
	return res, wrap("load boundaries", err)
}

// withRegions adds the unions of the territories, which have their borders to
// the vertex.
func withRegions(ctx context.Context, tx pgx.Tx, sets []data.BoundarySet) ([]data.BoundarySet, error) {
	is := func(k data.BoundaryKind) func(data.BoundarySet) bool {
		return func(s data.BoundarySet) bool { return s.Kind == k }
	}
	t := slices.IndexFunc(sets, is(data.BoundaryTerritory))
	if t < 0 || slices.ContainsFunc(sets, is(data.BoundaryRegion)) {
		return sets, nil
	}
	rows, err := tx.Query(ctx, sqlTerritoryRegions)
	if err != nil {
		return nil, err
	}
	regions, groups := []data.Shape{}, [][]int{}
	var code, name, territory string
	var nameCy *string
	_, err = pgx.ForEachRow(rows, []any{&code, &name, &nameCy, &territory}, func() error {
		if n := len(regions); n == 0 || regions[n-1].Code != code {
			regions = append(regions, data.Shape{Code: code, Name: name, NameCy: text(nameCy)})
			groups = append(groups, nil)
		}
		i := slices.IndexFunc(sets[t].Shapes, func(s data.Shape) bool { return s.Code == territory })
		if i < 0 {
			return fmt.Errorf("the boundaries lack the territory %s", territory)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], i)
		return nil
	})
	if err != nil {
		return nil, err
	}
	union := geo.NewCoverage(geometries(sets[t].Shapes)).Dissolve(groups)
	for i := range regions {
		regions[i].Geometry = union[i]
	}
	derived := sets[t]
	derived.Kind, derived.Label, derived.Shapes = data.BoundaryRegion, "Unions of: "+sets[t].Label, regions
	return append(slices.Clone(sets), derived), nil
}

// loadBoundarySet writes one set and puts it in force. It reports whether
// there was anything to do.
func loadBoundarySet(ctx context.Context, tx pgx.Tx, set data.BoundarySet, nests bool) (bool, error) {
	digest, err := stageShapes(ctx, tx, set)
	if err != nil {
		return false, err
	}
	var same bool
	if err := tx.QueryRow(ctx, sqlBoundaryCurrent, string(set.Kind), digest).Scan(&same); err != nil || same {
		return false, err
	}
	var code, reason string
	switch err := tx.QueryRow(ctx, sqlBoundaryInvalid).Scan(&code, &reason); {
	case err == nil:
		return false, data.Invalidf("geometry", code, "the boundary of %s is not valid: %s; mend it and load it again", code, reason)
	case err != pgx.ErrNoRows:
		return false, err
	}
	var from string
	err = tx.QueryRow(ctx, sqlBoundaryFrom, pgx.StrictNamedArgs{"kind": string(set.Kind), "from": day(set.ValidFrom), "approximate": set.Approximate}).Scan(&from)
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, sqlBoundaryRetire, pgx.StrictNamedArgs{"kind": string(set.Kind), "from": from}); err != nil {
		return false, err
	}
	var id int32
	err = tx.QueryRow(ctx, sqlBoundaryInsert, pgx.StrictNamedArgs{
		"kind": string(set.Kind), "label": set.Label, "source": set.Source, "licence": set.Licence,
		"approximate": set.Approximate, "sha256": digest, "nests": nests && isArea(set.Kind), "from": from,
	}).Scan(&id)
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, sqlBoundaryShapes, id); err != nil {
		return false, err
	}
	if set.Kind != data.BoundaryRegion { // a place's region is its territory's
		if _, err := tx.Exec(ctx, sqlBoundaryPieces, id); err != nil {
			return false, err
		}
	}
	return true, drawShapes(ctx, tx, id, set.Shapes)
}

// day is a day for SQL; nil is not given.
func day(d data.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	t := d.Time()
	return &t
}

func isArea(k data.BoundaryKind) bool {
	return k == data.BoundaryCountyOrUnitary || k == data.BoundaryDistrict
}

// stageShapes copies the shapes in and returns the digest of all of them.
func stageShapes(ctx context.Context, tx pgx.Tx, set data.BoundarySet) (string, error) {
	if _, err := tx.Exec(ctx, sqlBoundaryStage); err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s|%s|%s|%t\n", set.Label, set.Source, set.Licence, set.Approximate)
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"incoming_shape"}, []string{"code", "name", "name_cy", "territory_id", "geom"},
		pgx.CopyFromSlice(len(set.Shapes), func(i int) ([]any, error) {
			s := set.Shapes[i]
			g, err := encode(s.Geometry, sridWGS84)
			fmt.Fprintf(h, "%s|%s|%s|%s|%d|", s.Code, s.Name, s.NameCy, s.Territory, len(g))
			h.Write(g)
			territory := string(s.Territory)
			if set.Kind == data.BoundaryTerritory {
				territory = s.Code
			}
			return []any{s.Code, s.Name, null(s.NameCy), null(territory), g}, err
		}))
	return hex.EncodeToString(h.Sum(nil)), err
}

// pixel is the width of a screen pixel at zoom 0, EPSG:3857 metres, with tiles
// of 512 pixels.
const pixel = 2 * math.Pi * 6378137 / 512

// drawShapes makes the simplified boundaries for drawing. One coverage is
// simplified for each zoom, so neighbours keep sharing their border.
func drawShapes(ctx context.Context, tx pgx.Tx, set int32, shapes []data.Shape) error {
	projected := make([]orb.MultiPolygon, len(shapes))
	for i, s := range shapes {
		projected[i] = project.MultiPolygon(s.Geometry.Clone(), project.WGS84.ToMercator)
	}
	coverage := geo.NewCoverage(projected)
	for _, z := range drawnZooms {
		drawn := projected
		if z < geo.MaxZoom {
			drawn = coverage.Simplify(0.8 * pixel / float64(int(1)<<z)).Polygons()
		}
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"pub", "shape_drawn"}, []string{"set_id", "code", "zoom", "geom"},
			pgx.CopyFromSlice(len(shapes), func(i int) ([]any, error) {
				g, err := encode(drawn[i], sridMercator)
				return []any{set, shapes[i].Code, int16(z), g}, err
			}))
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, sqlBoundaryLabels, set)
	return err
}

// reassign finds every place again under the boundaries now in force, keeps
// where it lay before, and publishes all activities, as cells are cut at
// borders.
func reassign(ctx context.Context, tx pgx.Tx, who Actor, res *BoundaryResult) error {
	if _, err := tx.Exec(ctx, "SELECT raw.analyse()"); err != nil {
		return err
	}
	sets, err := currentSets(ctx, tx)
	if err != nil {
		return err
	}
	for _, sql := range []string{sqlReferenceTowns, sqlMergerAreas, sqlReassignSecret} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	tag, err := tx.Exec(ctx, sqlReassignLocate)
	if err != nil {
		return err
	}
	res.Places = int(tag.RowsAffected())
	if err := assign(ctx, tx, sets); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "CREATE TEMP TABLE touched ON COMMIT DROP AS SELECT id AS activity_id FROM raw.activity"); err != nil {
		return err
	}
	tag, err = tx.Exec(ctx, sqlReassign)
	if err != nil {
		return err
	}
	res.Reassigned = int(tag.RowsAffected())
	if err := publish(ctx, tx, sets); err != nil {
		return err
	}
	if err := pastPlaces(ctx, tx); err != nil {
		return err
	}
	if err := reallocate(ctx, tx, sets); err != nil {
		return err
	}
	return audit(ctx, tx, who, "load boundaries", fmt.Sprintf("set %d", sets.Territory), res)
}

// reallocate splits every contribution again, now that its places may lie in
// other territories.
func reallocate(ctx context.Context, tx pgx.Tx, s sets) error {
	for _, sql := range []string{
		"DROP TABLE located, assigned",
		"CREATE TEMP TABLE changed ON COMMIT DROP AS SELECT 'contribution' AS kind, id, false AS added FROM raw.contribution UNION ALL SELECT 'site', id, false FROM raw.site UNION ALL SELECT 'delivery_site', id, false FROM raw.delivery_site",
	} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	m := &merge{tx: tx, sets: s}
	return m.allocate(ctx, &data.ImportResult{})
}

// BoundarySets lists the boundaries in force, without their shapes.
func (s *Store) BoundarySets(ctx context.Context) ([]data.BoundarySet, error) {
	rows, err := s.pub.Query(ctx, sqlBoundarySets)
	if err != nil {
		return nil, wrap("boundary sets", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b data.BoundarySet, err error) {
		err = row.Scan(&b.ID, &b.Kind, &b.Label, &b.Source, &b.Licence, &b.Approximate, &b.LoadedAt)
		return b, err
	})
	return out, wrap("boundary sets", err)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// EachBoundary calls yield with every boundary in force of a kind (region,
// territory or area) as a GeoJSON geometry.
func (s *Store) EachBoundary(ctx context.Context, kind string, yield func(code string, geometry []byte) error) error {
	rows, err := s.pub.Query(ctx, sqlBoundaryGeoJSON, kind)
	if err != nil {
		return wrap("boundaries", err)
	}
	var code string
	var geometry []byte
	_, err = pgx.ForEachRow(rows, []any{&code, &geometry}, func() error { return yield(code, geometry) })
	return wrap("boundaries", err)
}

// CurrentBoundaries lists the boundaries in force with their shapes.
func (s *Store) CurrentBoundaries(ctx context.Context) ([]data.BoundarySet, error) {
	sets, err := s.BoundarySets(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.pub.Query(ctx, sqlBoundaryCurrentShapes)
	if err != nil {
		return nil, wrap("boundaries in force", err)
	}
	var set int64
	var sh data.Shape
	var geometry []byte
	_, err = pgx.ForEachRow(rows, []any{&set, &sh.Code, &sh.Name, &sh.NameCy, &sh.Territory, &geometry}, func() error {
		g, err := decode(geometry)
		if err != nil {
			return err
		}
		shape := sh
		shape.Geometry, _ = g.(orb.MultiPolygon) // the column's type
		for i := range sets {
			if sets[i].ID == set {
				sets[i].Shapes = append(sets[i].Shapes, shape)
			}
		}
		return nil
	})
	return sets, wrap("boundaries in force", err)
}
