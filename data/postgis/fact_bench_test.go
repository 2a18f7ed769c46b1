package postgis_test

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/facts"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	embedded "tributary/data/reference"
	"tributary/geo"
	"tributary/geo/hex"
)

// benchFacts is how many facts the benchmarks of the projection work on: N in
// the environment, else a million.
func benchFacts(b *testing.B) int {
	b.Helper()
	s := os.Getenv("N")
	if s == "" {
		return 1_000_000
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1000 {
		b.Fatalf("N=%q: give a number of facts from 1000", s)
	}
	return n
}

// benched is the database that benchmarks read, made once.
var benched struct {
	sync.Once
	url string
}

// benchDatabase is a database with as many facts as benchFacts says and 50,000
// activities, or the one that DATABASE in the environment is the address of. It
// is not written to.
func benchDatabase(b *testing.B) (url string, s *postgis.Store) {
	b.Helper()
	if url = os.Getenv("DATABASE"); url == "" {
		benched.Do(func() {
			url := pgtest.Shared(b)
			fillFacts(b, url, benchFacts(b))
			s, err := postgis.Open(b.Context(), url)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			w := demo.New(demo.Options{Contributions: 100, Activities: 50_000, Seed: 1})
			run := data.Import{Kind: "activities", Source: demo.Source, Demonstration: true}
			if _, err := s.ImportActivities(b.Context(), postgis.Operator, run, w.Activities(), func(data.Refusal) error { return nil }); err != nil {
				b.Fatal(err)
			}
			benched.url = url
		})
		url = benched.url
	}
	if url == "" {
		b.Fatal("there is no database: see the first benchmark that asked for it")
	}
	s, err := postgis.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	return url, s
}

// fillFacts makes up n public facts in the database: around towns as people
// live there, most around the largest; over three years; long-tailed in pounds.
func fillFacts(b *testing.B, url string, n int) {
	b.Helper()
	ctx := b.Context()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	exec := func(sql string, args ...any) {
		b.Helper()
		if _, err := conn.Exec(ctx, sql, args...); err != nil {
			b.Fatal(err)
		}
	}
	exec(`CREATE TEMP TABLE spot (i integer PRIMARY KEY, cell bigint, district integer)`)
	spots := benchSpots(b, min(n/4, 600_000))
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"spot"}, []string{"i", "cell", "district"}, pgx.CopyFromSlice(len(spots), func(i int) ([]any, error) {
		return []any{i, int64(spots[i].cell), spots[i].district}, nil
	}))
	if err != nil {
		b.Fatal(err)
	}
	exec(`CREATE TEMP TABLE place AS SELECT row_number() OVER (ORDER BY d.territory_id, d.code) - 1 AS i, d.code, d.territory_id, t.region_code FROM pub.district d JOIN pub.territory t ON t.id = d.territory_id`)
	exec(`CREATE TEMP TABLE sort AS SELECT row_number() OVER () - 1 AS i, m.code, m.priority_code FROM pub.measure m`)
	exec(`SET work_mem = '256MB'`)
	exec(`SET tributary.bulk = on`)
	exec(`SELECT setseed(0.5)`)
	for done := 0; done < n; done += 1_000_000 {
		exec(`INSERT INTO pub.fact (contribution_id, level, day, pence, quantity_milli, unit, type, measure, priority, themes, beneficiaries, sector, state, standing,
				territory_id, region_code, area_code, cell, supplier_id, buyer_id, provider_id, activity_id, contract_id, supplier_territory, supplier_area, buyer_territory, buyer_area)
			SELECT CASE WHEN g % 10 = 0 THEN md5((g / 20)::text)::uuid ELSE gen_random_uuid() END,
				CASE WHEN g % 8 = 0 THEN 'territory' WHEN (s.cell >> 52) & 15 = 8 THEN 'cell' ELSE 'exact' END,
				date '2023-04-01' + (r1 * 1095)::integer, (exp(6 + 6 * r2 * r2) * 100)::bigint, CASE WHEN g % 3 = 0 THEN 0 ELSE (r3 * 40000)::bigint END,
				CASE g % 3 WHEN 0 THEN NULL WHEN 1 THEN 'hours' ELSE 'people' END, ($3::text[])[1 + (r4 * r4 * 18)::integer % 18], m.code, m.priority_code,
				CASE g % 4 WHEN 0 THEN '{safer}'::text[] WHEN 1 THEN '{healthier}' WHEN 2 THEN '{resilient}' ELSE '{safer,resilient}' END, ARRAY[($4::text[])[1 + (g % 15)::integer]],
				CASE WHEN r5 < 0.45 THEN 'police' ELSE ($5::text[])[1 + (g % 6)::integer] END, ($6::text[])[1 + (r1 * r5 * 4.9)::integer % 5], ($7::text[])[1 + (r2 * r5 * 3.9)::integer % 4],
				p.territory_id, p.region_code, CASE WHEN g % 8 > 0 THEN p.code END, CASE WHEN g % 8 > 0 THEN s.cell END,
				md5('s' || (r3 * r3 * 20000)::integer)::uuid, md5('b' || s.district)::uuid, md5('p' || (r4 * 20000)::integer)::uuid, md5('a' || (r5 * 50000)::integer)::uuid, md5('k' || (r1 * 100000)::integer)::uuid,
				q.territory_id, q.code, p.territory_id, p.code
			FROM (SELECT g, random() AS r1, random() AS r2, random() AS r3, random() AS r4, random() AS r5, random() AS r6, random() AS r7 FROM generate_series($1::bigint, $2::bigint) g) g
			JOIN spot s ON s.i = (pow(r6, 2.5) * ((SELECT count(*) FROM spot) - 1))::integer
			JOIN place p ON p.i = s.district
			JOIN place q ON q.i = (r7 * ((SELECT count(*) FROM place) - 1))::integer
			LEFT JOIN sort m ON m.i = (g.g * 7) % (SELECT count(*) FROM sort)`,
			done+1, min(n, done+1_000_000), data.ContributionTypes, data.Beneficiaries, data.Sectors, []string{"claimed", "provider_confirmed", "evidenced", "audited", "rejected"}, data.Standings)
	}
	exec(`RESET tributary.bulk`)
	exec(`VACUUM ANALYZE pub.fact`)
}

type benchSpot struct {
	cell     hex.Cell
	district int
}

// benchSpots are cells around towns, those of the largest first, each in the
// district whose number goes by where it lies.
func benchSpots(b *testing.B, n int) []benchSpot {
	b.Helper()
	towns := embedded.Towns()
	r := rand.New(rand.NewPCG(7, 7))
	out := make([]benchSpot, 0, n)
	for i := range n {
		k := int(math.Pow(float64(i)/float64(n), 2) * float64(len(towns)))
		t := towns[k]
		spread := 0.02 + math.Sqrt(float64(t.Population))/20000
		p := orb.Point{t.Lon + r.NormFloat64()*spread, t.Lat + r.NormFloat64()*spread*0.6}
		if geo.CheckPoint(p.Lon(), p.Lat()) != nil {
			p = orb.Point{t.Lon, t.Lat}
		}
		c, err := hex.At(p, hex.Public+i%2)
		if err != nil {
			b.Fatal(err)
		}
		// Neighbours are in one district more often than not.
		out = append(out, benchSpot{c, (int(t.Lat*40)*19 + int(t.Lon*20)) % 361 & 0xffff})
	}
	for i := range out {
		out[i].district = (out[i].district + 361) % 361
	}
	return out
}

// fixedFilters are forty filters over territory, sector, priority, type, state
// and months.
func fixedFilters() []data.Filter {
	day := func(y, m int) data.Date { return data.NewDate(y, time.Month(m), 1) }
	territories := [][]geo.TerritoryID{{"norfolk"}, {"metropolitan"}, {"greater-manchester", "west-midlands", "merseyside"}, {"police-scotland"}, {"kent", "essex"}}
	var out []data.Filter
	for i, ts := range territories {
		out = append(out, data.Filter{Territory: ts}, data.Filter{Territory: ts, Sector: []string{"police"}}, data.Filter{Territory: ts, From: day(2024, 4), To: day(2024, 4+i).AddDays(27)},
			data.Filter{Territory: ts, State: []string{"audited"}, Type: data.ContributionTypes[i : i+3]})
	}
	for i, s := range data.Sectors[:5] {
		out = append(out, data.Filter{Sector: []string{s}}, data.Filter{Sector: []string{s}, Type: data.ContributionTypes[i : i+2]}, data.Filter{Sector: data.Sectors[:i+1], From: day(2024, 1+i), To: day(2025, 1+i)})
	}
	out = append(out, data.Filter{}, data.Filter{State: []string{"audited", "evidenced"}}, data.Filter{Priority: []string{"norfolk:preventing-crime"}}, data.Filter{Type: []string{"apprenticeship"}},
		data.Filter{From: day(2025, 3), To: day(2025, 3).AddDays(30)})
	return out
}

// BenchmarkProjectionLoad loads the facts from the database, and tells how much
// memory they take.
func BenchmarkProjectionLoad(b *testing.B) {
	url, s := benchDatabase(b)
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		fs := loadedFacts(b, url, s)
		loaded := time.Since(start)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(loaded.Seconds(), "load-s")
		n := fs.Snapshot().Len()
		b.ReportMetric(float64(n), "facts")
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "bytes/fact")
		b.ReportMetric(float64(n)/loaded.Seconds()/1000, "loaded-thousands/s")
		b.ReportMetric(0, "ns/op")
		runtime.KeepAlive(fs)
	}
}

// loadedFacts is the projection of a database's facts.
func loadedFacts(b *testing.B, url string, s *postgis.Store) *facts.Facts {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	fs := facts.New(nil)
	if err := postgis.NewFollower(s, fs).CatchUp(b.Context(), conn); err != nil {
		b.Fatal(err)
	}
	return fs
}

// BenchmarkProjectionHeat asks for the kingdom's hexagons at resolution 6 under
// forty filters, against GROUP BY over the facts: the median of the ratios, the
// least, and the greatest.
func BenchmarkProjectionHeat(b *testing.B) {
	url, s := benchDatabase(b)
	fs := loadedFacts(b, url, s)
	for b.Loop() {
		ratios, memory, sql := compareHeat(b, s, fs.Snapshot())
		b.ReportMetric(ratios[len(ratios)/2], "median-floor/heat")
		b.ReportMetric(ratios[0], "least-floor/heat")
		b.ReportMetric(ratios[len(ratios)-1], "greatest-floor/heat")
		b.ReportMetric(float64(memory[len(memory)/2].Microseconds())/1000, "heat-ms")
		b.ReportMetric(float64(memory[len(memory)-1].Microseconds())/1000, "slowest-heat-ms")
		b.ReportMetric(float64(sql[len(sql)/2].Microseconds())/1000, "floor-ms")
		b.ReportMetric(0, "ns/op")
	}
}

// compareHeat asks every filter of both, each three times, and returns sorted
// the ratios and the times of the second best.
func compareHeat(b *testing.B, s *postgis.Store, snap *facts.Snapshot) (ratios []float64, memory, sql []time.Duration) {
	b.Helper()
	for _, f := range fixedFilters() {
		q := data.HeatQuery{Filter: f, Res: 6, Metric: data.MetricPence}
		var fast, slow []time.Duration
		for range 3 {
			start := time.Now()
			h := snap.Heat(q)
			fast = append(fast, time.Since(start))
			start = time.Now()
			cells, count, err := postgis.PlainHeat(b.Context(), s, q)
			if err != nil {
				b.Fatal(err)
			}
			slow = append(slow, time.Since(start))
			if shown := h.Total.Count - h.Withheld.Count - h.Unallocated.Count; cells != len(h.Rows) || count != shown {
				b.Fatalf("%s: in memory %d facts in %d cells, SQL %d in %d", f.Canonical(), shown, len(h.Rows), count, cells)
			}
		}
		slices.Sort(fast)
		slices.Sort(slow)
		memory, sql = append(memory, fast[1]), append(sql, slow[1])
		ratios = append(ratios, slow[1].Seconds()/fast[1].Seconds())
	}
	slices.Sort(ratios)
	slices.Sort(memory)
	slices.Sort(sql)
	return ratios, memory, sql
}

// BenchmarkChangeLog inserts single facts with sixteen writers into one city,
// with the change log and without, in turn, and prints how fast that is with
// the log as a share of without. It is on a cluster that writes to the disk.
func BenchmarkChangeLog(b *testing.B) {
	url := pgtest.Durable(b)
	conn, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	logging := func(on string) {
		if _, err := conn.Exec(b.Context(), "ALTER TABLE pub.fact "+on+" TRIGGER USER"); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		var shares []float64
		for range 7 {
			logging("DISABLE")
			without := insertRate(b, url)
			logging("ENABLE")
			shares = append(shares, insertRate(b, url)/without)
			b.ReportMetric(without, "floor-inserts/s")
		}
		slices.Sort(shares)
		b.ReportMetric(shares[len(shares)/2], "with-log/floor")
		b.ReportMetric(0, "ns/op")
	}
}

// insertRate is how many facts a second sixteen writers insert, one a
// transaction.
func insertRate(b *testing.B, url string) float64 {
	b.Helper()
	const writers = 16
	ctx, cancel := context.WithTimeout(b.Context(), 2*time.Second)
	defer cancel()
	var wait sync.WaitGroup
	counts := make([]int, writers)
	start := time.Now()
	for w := range writers {
		conn, err := pgx.Connect(b.Context(), url)
		if err != nil {
			b.Fatal(err)
		}
		wait.Go(func() {
			defer conn.Close(context.WithoutCancel(ctx))
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for ctx.Err() == nil {
				c, err := hex.At(orb.Point{1.2974 + 0.01*r.Float64(), 52.6309 + 0.01*r.Float64()}, hex.Finest)
				if err == nil {
					_, err = conn.Exec(ctx, `INSERT INTO pub.fact (contribution_id, level, day, pence, quantity_milli, unit, type, measure, priority, themes, beneficiaries, sector, state, standing, territory_id, region_code, area_code, cell, supplier_id, activity_id)
						VALUES (gen_random_uuid(), 'exact', '2025-04-01', $1, 1000, 'hours', 'donation_money', 'norfolk:PC1', 'norfolk:preventing-crime', '{safer}', '{neet}', 'police', 'claimed', 'primary', 'norfolk', 'E12000006', 'E07000148', $2, gen_random_uuid(), gen_random_uuid())`,
						r.IntN(100000), int64(c))
				}
				if err != nil && ctx.Err() == nil {
					b.Error(err)
					return
				}
				counts[w]++
			}
		})
	}
	wait.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	return float64(total) / time.Since(start).Seconds()
}

// BenchmarkFreshness writes two hundred facts a second for five seconds, each
// by a transaction of its own, and prints how long after its commit each was in
// the answers of a projection.
func BenchmarkFreshness(b *testing.B) {
	url := pgtest.Durable(b)
	s, err := postgis.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	fs := following(b, s)
	for b.Loop() {
		conn, err := pgx.Connect(b.Context(), url)
		if err != nil {
			b.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 1))
		var lags []time.Duration
		var wait sync.WaitGroup
		var mu sync.Mutex
		current(b, s, fs)
		tick := time.NewTicker(5 * time.Millisecond)
		for range 1000 {
			<-tick.C
			if err := insertFacts(b.Context(), conn, r, 1); err != nil {
				b.Fatal(err)
			}
			committed := time.Now()
			v, err := s.Version(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if _, err := conn.Exec(b.Context(), "SELECT pg_notify('tributary', '')"); err != nil {
				b.Fatal(err)
			}
			wait.Go(func() {
				if fs.Await(b.Context(), v) == nil {
					mu.Lock()
					defer mu.Unlock()
					lags = append(lags, time.Since(committed))
				}
			})
		}
		wait.Wait()
		tick.Stop()
		conn.Close(b.Context())
		slices.Sort(lags)
		b.ReportMetric(float64(lags[len(lags)/2].Microseconds())/1000, "median-ms")
		b.ReportMetric(float64(lags[len(lags)*99/100].Microseconds())/1000, "p99-ms")
		b.ReportMetric(0, "ns/op")
	}
}
