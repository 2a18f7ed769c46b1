package postgis_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"tributary/data/demo"
	"tributary/data/postgis"
)

// BenchmarkDemonstration loads a made-up world as 'tributary demo' does for a
// million and more, indexes, keys and findings included, and prints how many
// times as long that takes as two floors in the same run: COPY of the same rows
// of contributions, evidence, parts and facts, in binary from a file, into bare
// tables without keys or indexes, the middle one of three; and that together
// with building the same primary keys, unique keys and indexes afterwards.
// CONTRIBUTIONS says how many; the default is 50,000.
func BenchmarkDemonstration(b *testing.B) {
	n := 50_000
	if s := os.Getenv("CONTRIBUTIONS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		s, url := opened(b)
		w := demo.New(demo.Options{Contributions: n, Seed: 1})
		settled(b, s, w, 0)
		start := time.Now()
		err := s.Bulk(b.Context(), postgis.Operator, slog.New(slog.DiscardHandler), func() error {
			var parts errgroup.Group
			parts.SetLimit(2)
			for from := 0; from < w.Size(); from += 100_000 {
				parts.Go(func() error { return importSheets(b.Context(), s, w.Part(from, min(from+100_000, w.Size())), true) })
			}
			return parts.Wait()
		})
		if err != nil {
			b.Fatal(err)
		}
		load := time.Since(start)
		var copies, indexes []time.Duration
		for range 3 {
			c, i := bareCopy(b, url)
			copies, indexes = append(copies, c), append(indexes, i)
		}
		slices.Sort(copies)
		slices.Sort(indexes)
		floor, indexed := copies[1], copies[1]+indexes[1]
		b.ReportMetric(load.Seconds(), "load-s")
		b.ReportMetric(floor.Seconds(), "floor-s")
		b.ReportMetric(indexed.Seconds(), "indexed-floor-s")
		b.ReportMetric(load.Seconds()/floor.Seconds(), "load/floor")
		b.ReportMetric(load.Seconds()/indexed.Seconds(), "load/indexed-floor")
		b.ReportMetric(float64(n)/load.Seconds(), "contributions/s")
	}
}

// bareCopy copies the rows of the millions out to files, and returns how long
// it takes to copy them into bare tables, and to build these the same keys and
// indexes.
func bareCopy(b *testing.B, url string) (copying, indexing time.Duration) {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	exec := func(sql string, args ...any) {
		b.Helper()
		if _, err := conn.Exec(b.Context(), fmt.Sprintf(sql, args...)); err != nil {
			b.Fatal(err)
		}
	}
	exec("SET maintenance_work_mem = '1GB'")
	pg := conn.PgConn()
	for _, table := range []string{"raw.contribution", "raw.evidence", "raw.allocation", "pub.fact"} {
		path := filepath.Join(b.TempDir(), table)
		f, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := pg.CopyTo(b.Context(), f, fmt.Sprintf("COPY %s TO STDOUT (FORMAT binary)", table)); err != nil {
			b.Fatal(err)
		}
		if _, err := f.Seek(0, 0); err != nil {
			b.Fatal(err)
		}
		bare := fmt.Sprintf("public.%s", filepath.Ext(table)[1:])
		exec("DROP TABLE IF EXISTS %[1]s; CREATE TABLE %[1]s AS SELECT * FROM %[2]s LIMIT 0", bare, table)
		start := time.Now()
		if _, err := pg.CopyFrom(b.Context(), f, fmt.Sprintf("COPY %s FROM STDIN (FORMAT binary)", bare)); err != nil {
			b.Fatal(err)
		}
		copying += time.Since(start)
		if err := errors.Join(f.Close(), os.Remove(path)); err != nil {
			b.Fatal(err)
		}
		rows, err := conn.Query(b.Context(), `SELECT regexp_replace(pg_get_indexdef(indexrelid), ' INDEX \S+ ON \S+ ', format(' INDEX ON %s ', $2::text)) FROM pg_index WHERE indrelid = $1::text::regclass`, table, bare)
		if err != nil {
			b.Fatal(err)
		}
		definitions, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			b.Fatal(err)
		}
		start = time.Now()
		for _, sql := range definitions {
			exec("%s", sql)
		}
		indexing += time.Since(start)
	}
	return copying, indexing
}
