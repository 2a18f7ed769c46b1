package postgis_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/load"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

// BenchmarkImport imports a file of 100,000 activities, from its bytes to the
// commit, and prints how many times as long as the floor that takes: the bare
// merge of the same rows, already parsed, into the same tables, measured in
// the same run on a database of its own.
func BenchmarkImport(b *testing.B) {
	const rows = 100_000
	file := activityFile(b, rows)
	for b.Loop() {
		whole := importFile(b, pgtest.Store(b), file)
		s := pgtest.Store(b)
		bare, err := postgis.BareMerge(b.Context(), s, records(b, file))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(whole.Seconds(), "import-s")
		b.ReportMetric(bare.Seconds(), "floor-s")
		b.ReportMetric(whole.Seconds()/bare.Seconds(), "import/floor")
	}
}

// activityFile writes made-up activities as CSV.
func activityFile(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "activities.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := csv.NewWriter(f)
	w.Write([]string{"id", "name", "summary", "provider", "provider_id", "theme", "measure", "class", "latitude", "longitude"})
	for r := range demo.Activities(n, 7) {
		w.Write([]string{r.ExternalID, r.Name, r.Summary, r.Provider, r.ProviderID, string(r.Themes[0]), r.Measures[0], r.Class.String(), fmt.Sprint(*r.Lat), fmt.Sprint(*r.Lon)})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		b.Fatal(err)
	}
	return path
}

func records(b *testing.B, file string) func(func(data.ActivityRecord) bool) {
	return func(yield func(data.ActivityRecord) bool) {
		t, err := load.OpenTable(file, load.TableOptions{})
		if err != nil {
			b.Fatal(err)
		}
		defer t.Close()
		r, err := load.NewActivityReader(t, load.ActivityOptions{})
		if err != nil {
			b.Fatal(err)
		}
		for rec, refused := range r.All(b.Context()) {
			if len(refused) > 0 {
				b.Fatal(refused)
			}
			if !yield(rec) {
				return
			}
		}
		if err := r.Err(); err != nil {
			b.Fatal(err)
		}
	}
}

func importFile(b *testing.B, s *postgis.Store, file string) time.Duration {
	b.Helper()
	start := time.Now()
	_, err := s.ImportActivities(b.Context(), postgis.Operator, data.Import{Kind: "activities", Source: "bench"}, records(b, file), func(r data.Refusal) error {
		b.Fatal(r)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
