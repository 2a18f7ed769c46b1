package postgis_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/data/facts"
	"tributary/data/facts/factstest"
	"tributary/data/postgis"
	"tributary/geo/hex"
	"tributary/tiles"
)

// tileSource is what a server draws tiles from.
type tileSource struct {
	*postgis.Store
	*facts.Facts
}

func layersOf(b *testing.B, names string) []tiles.Layer {
	b.Helper()
	layers, err := tiles.ParseLayers(names)
	if err != nil {
		b.Fatal(err)
	}
	return layers
}

func (s tileSource) Heat(ctx context.Context, q data.HeatQuery) (data.Heat, error) {
	return s.Facts.Heat(ctx, q)
}
func (s tileSource) Points(ctx context.Context, q data.PointQuery) (data.FactPoints, error) {
	return s.Facts.Points(ctx, q)
}
func (s tileSource) Totals(ctx context.Context, f data.Filter) (data.Totals, error) {
	return s.Facts.Totals(ctx, f)
}
func (s tileSource) Breakdown(ctx context.Context, f data.Filter, by ...data.Dimension) (data.Breakdown, error) {
	return s.Facts.Breakdown(ctx, f, by...)
}
func (s tileSource) GapSums(ctx context.Context, res *int, f ...data.Filter) (int64, [][]data.GapSum, error) {
	return s.Facts.GapSums(ctx, res, f...)
}

// fastest is the median of several runs.
func fastest(b *testing.B, runs int, fn func() error) time.Duration {
	b.Helper()
	var took []time.Duration
	for range runs {
		start := time.Now()
		if err := fn(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// BenchmarkFactTiles measures cold tiles of facts against what PostgreSQL does
// for the same: heat tiles under forty filters against GROUP BY over the facts,
// and the densest tile of single contributions against ST_AsMVT over a table
// of points with the same properties and a spatial index.
func BenchmarkFactTiles(b *testing.B) {
	url, s := benchDatabase(b)
	fs := following(b, s)
	current(b, s, fs)
	made := tiles.New(tileSource{s, fs})
	conn, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	heat, single := layersOf(b, "heat"), layersOf(b, "contributions")
	for b.Loop() {
		var ratios []float64
		var worst time.Duration
		for i, f := range fixedFilters() {
			at := maptile.At(orb.Point{-0.12, 51.5}, maptile.Zoom([]int{4, 6, 8, 10}[i%4]))
			floor := fastest(b, 1, func() error {
				_, err := s.Heat(b.Context(), data.HeatQuery{Filter: f, Res: 6, Metric: data.MetricPence})
				return err
			})
			tile := fastest(b, 5, func() error { _, err := made.Tile(b.Context(), heat, at, tiles.Query{Filter: f}); return err })
			ratios, worst = append(ratios, floor.Seconds()/tile.Seconds()), max(worst, tile)
		}
		slices.Sort(ratios)
		b.ReportMetric(ratios[len(ratios)/2], "median-floor/heat")
		b.ReportMetric(ratios[0], "least-floor/heat")
		b.ReportMetric(float64(worst.Microseconds())/1000, "slowest-heat-ms")

		at, points := densest(b, fs.Snapshot(), 6_000)
		floor := pointsBySQL(b, conn, at)
		tile := fastest(b, 9, func() error { _, err := made.Tile(b.Context(), single, at, tiles.Query{}); return err })
		b.ReportMetric(float64(points), "points")
		b.ReportMetric(floor.Seconds()/tile.Seconds(), "ST_AsMVT/points")
		b.ReportMetric(float64(tile.Microseconds())/1000, "points-ms")
		b.ReportMetric(0, "ns/op")
	}
}

// densest is the tile with the most facts, up to a number.
func densest(b *testing.B, s *facts.Snapshot, most int) (maptile.Tile, int) {
	b.Helper()
	best, points := maptile.Tile{}, 0
	for z := maptile.Zoom(12); z <= 14; z++ {
		for _, p := range []orb.Point{{-0.12, 51.5}, {-0.1, 51.52}, {-1.9, 52.48}, {-2.24, 53.48}, {-3.19, 55.95}, {-4.25, 55.86}, {-1.55, 53.8}, {-1.26, 51.75}} {
			at := maptile.At(p, z)
			h := s.Points(data.PointQuery{In: hex.NewBox(at.Bound()), Most: most})
			if n := len(h.Points); n > points {
				best, points = at, n
			}
		}
	}
	return best, points
}

// pointsBySQL encodes the same points by PostGIS alone: from a table of points
// in the tile's projection, indexed, with the properties beside them.
func pointsBySQL(b *testing.B, conn *pgx.Conn, at maptile.Tile) time.Duration {
	b.Helper()
	exec := func(sql string) {
		b.Helper()
		if _, err := conn.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	exec(`DROP TABLE IF EXISTS bench_point, bench_centre, bench_raw`)
	exec(`CREATE TEMP TABLE bench_centre (cell bigint PRIMARY KEY, geom geometry(Point, 3857))`)
	rows, err := conn.Query(b.Context(), `SELECT DISTINCT cell FROM pub.fact WHERE cell IS NOT NULL`)
	if err != nil {
		b.Fatal(err)
	}
	cells, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		b.Fatal(err)
	}
	exec(`CREATE TEMP TABLE bench_raw (cell bigint, lon float8, lat float8)`)
	_, err = conn.CopyFrom(b.Context(), pgx.Identifier{"bench_raw"}, []string{"cell", "lon", "lat"}, pgx.CopyFromSlice(len(cells), func(i int) ([]any, error) {
		p, err := hex.Cell(cells[i]).Centre()
		return []any{cells[i], p.Lon(), p.Lat()}, err
	}))
	if err != nil {
		b.Fatal(err)
	}
	exec(`INSERT INTO bench_centre SELECT cell, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857) FROM bench_raw`)
	exec(`CREATE TEMP TABLE bench_point AS SELECT f.id, f.type, f.measure, f.sector, f.state, f.standing, f.day::text AS day, f.pence, f.quantity_milli, f.unit, f.level, 1 AS count, c.geom
		FROM pub.fact f JOIN bench_centre c USING (cell) WHERE f.state NOT IN ('rejected', 'committed') AND f.standing IN ('primary', 'unvalidated')`)
	exec(`CREATE INDEX ON bench_point USING gist (geom)`)
	exec(`VACUUM ANALYZE bench_point`)
	return fastest(b, 5, func() error {
		var tile []byte
		return conn.QueryRow(b.Context(), `WITH box AS (SELECT ST_TileEnvelope($1, $2, $3) AS tile)
			SELECT ST_AsMVT(q, 'contributions', 4096, 'geom', 'id') FROM (
			  SELECT p.id, p.type, p.measure, p.sector, p.state, p.standing, p.day, p.pence, p.quantity_milli, p.unit, p.level, p.count, ST_AsMVTGeom(p.geom, box.tile, 4096, 0, false) AS geom
			  FROM box JOIN bench_point p ON p.geom && box.tile) q`, at.Z, at.X, at.Y).Scan(&tile)
	})
}

// BenchmarkFactTileSizes tells how large cold tiles are, gzipped, and how long they
// take before that: over the tiles of
// all zooms that hold the facts, the fuller the more often looked at.
func BenchmarkFactTileSizes(b *testing.B) {
	n := benchFacts(b)
	spots := benchSpots(b, min(n/4, 600_000))
	fs := facts.New(nil)
	kinds := []string{"employment", "donation_money", "volunteering_time", "training", "environmental"}
	err := fs.Load(1, map[string]string{"norfolk": "E12000006"}, factstest.Load(runtime.GOMAXPROCS(0), func(part int, add func(*data.Fact) error) error {
		r := rand.New(rand.NewPCG(uint64(part), 1))
		for id := part; id < n; id += runtime.GOMAXPROCS(0) {
			f := data.Fact{ID: int64(id + 1), Cell: spots[int(math.Pow(r.Float64(), 2.5)*float64(len(spots)-1))].cell, Day: int32(19500 + r.IntN(1095)), Pence: int64(math.Exp(6+6*math.Pow(r.Float64(), 2)) * 100), Quantity: int64(r.IntN(40000))}
			f.Contribution[0], f.Contribution[1], f.Contribution[2], f.Contribution[3] = byte(id), byte(id>>8), byte(id>>16), byte(id>>24)
			set := func(c data.FactColumn, v string) { f.Values[c] = []byte(v) }
			set(data.FactType, kinds[r.IntN(5)])
			set(data.FactState, []string{"claimed", "provider_confirmed", "evidenced", "audited"}[r.IntN(4)])
			set(data.FactStanding, []string{"primary", "unvalidated"}[r.IntN(2)])
			set(data.FactSector, data.Sectors[r.IntN(5)])
			set(data.FactMeasure, []string{"norfolk:PC1", "norfolk:PC2", "norfolk:CC1", "norfolk:CC2"}[r.IntN(4)])
			set(data.FactUnit, []string{"hours", "people"}[r.IntN(2)])
			set(data.FactTerritory, "norfolk")
			set(data.FactRegion, "E12000006")
			if err := add(&f); err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil {
		b.Fatal(err)
	}
	made := tiles.New(tileSource{nil, fs})
	for b.Loop() {
		r := rand.New(rand.NewPCG(5, 5))
		for _, layer := range []string{"heat", "contributions"} {
			var sizes []int
			var took []time.Duration
			for z := maptile.Zoom(0); z <= 14; z++ {
				seen := map[maptile.Tile]bool{}
				for range 60 {
					p, err := spots[int(math.Pow(r.Float64(), 2.5)*float64(len(spots)-1))].cell.Centre()
					if err != nil {
						b.Fatal(err)
					}
					at := maptile.At(p, z)
					if seen[at] {
						continue
					}
					seen[at] = true
					start := time.Now()
					tile, err := made.Tile(b.Context(), layersOf(b, layer), at, tiles.Query{})
					if err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(start))
					var packed bytes.Buffer
					w := gzip.NewWriter(&packed)
					if _, err := w.Write(tile); err != nil {
						b.Fatal(err)
					}
					if err := w.Close(); err != nil {
						b.Fatal(err)
					}
					sizes = append(sizes, packed.Len())
				}
			}
			slices.Sort(sizes)
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, layer+"-ms")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, layer+"-slowest-ms")
			b.ReportMetric(float64(sizes[len(sizes)*99/100])/1000, layer+"-p99-kB")
			b.ReportMetric(float64(sizes[len(sizes)-1])/1000, layer+"-largest-kB")
		}
		b.ReportMetric(0, "ns/op")
	}
}
