package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The drill: what is restored from a backup answers every question as the
// server did that was backed up, at the same version of the records; and a
// backup with one byte flipped, wherever it is, is refused before anything is
// made.
func TestRestoreDrill(t *testing.T) {
	dir := dataDir(t)
	s := start(t, dir)
	if out, err := tributary(dir, "demo", "--contributions", "300", "--seed", "5"); err != nil {
		t.Fatal(out)
	}
	questions := []string{"/api/v1/territories", "/api/v1/areas.csv?territory=norfolk", "/api/v1/activities.csv", "/api/v1/contributions.csv", "/api/v1/heat.csv?res=6", "/api/v1/flow.csv?dims=supplier_territory,territory", "/api/v1/gap.csv?territory=kent",
		"/api/v1/people.csv", "/api/v1/delivery.csv", "/api/v1/threshold.csv", "/api/v1/plan.csv", "/api/v1/register.csv", "/tiles/territories,activities/6/31/21.mvt", "/tiles/heat/5/15/10.mvt"}
	answers := func(s *server) (out []string) {
		for _, q := range questions {
			// The version of the data goes on where it was restored.
			out = append(out, regexp.MustCompile(`,\d+,metric=`).ReplaceAllString(strings.ReplaceAll(s.get(q, http.StatusOK), s.URL, ""), ""))
		}
		return out
	}
	want := answers(s)
	backup := filepath.Join(t.TempDir(), "backup")
	if out, err := tributary(dir, "backup", backup); err != nil || !strings.Contains(out, "read it back") {
		t.Fatalf("backup: %v\n%s", err, out)
	}
	if out, err := tributary(dir, "backup", backup); err == nil || !strings.Contains(out, "not there yet") {
		t.Errorf("a backup was written over: %v\n%s", err, out)
	}
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"database.dump", "manifest.json", "manifest.sha256"} {
		path := filepath.Join(backup, name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int{0, len(whole) / 2, len(whole) - 1} {
			flipped := slices.Clone(whole)
			flipped[at] ^= 1
			if err := os.WriteFile(path, flipped, 0o600); err != nil {
				t.Fatal(err)
			}
			empty := filepath.Join(t.TempDir(), "data")
			if out, err := tributary(empty, "restore", backup); err == nil || !strings.Contains(out, "damaged") {
				t.Errorf("%s with byte %d flipped: %v\n%s", name, at, err, out)
			}
			if _, err := os.Stat(empty); err == nil {
				t.Errorf("%s with byte %d flipped: something was made", name, at)
			}
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := tributary(dir, "restore", backup); err == nil || !strings.Contains(out, "records in this database already") {
		t.Errorf("restored over records: %v\n%s", err, out)
	}
	other := dataDir(t)
	if out, err := tributary(other, "restore", backup); err != nil || !strings.Contains(out, "the digest of each is that of the backup") {
		t.Fatalf("restore: %v\n%s", err, out)
	}
	restored := start(t, other)
	for i, got := range answers(restored) {
		if diff := cmp.Diff(strings.Split(want[i], "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s answers otherwise (-before +restored):\n%s", questions[i], diff)
		}
	}
	if out, err := tributary(other, "check"); err != nil || !strings.Contains(out, "Everything adds up") {
		t.Errorf("check: %v\n%s", err, out)
	}
	if out, err := tributary(other, "audit", "verify"); err != nil {
		t.Errorf("audit verify: %v\n%s", err, out)
	}
	// It takes writes as before.
	if out, err := tributary(other, "demo", "--remove"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
