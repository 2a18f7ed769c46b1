package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A demonstration comes, makes room for another, keeps out of real records and
// goes.
func TestDemonstration(t *testing.T) {
	dir := dataDir(t)
	s := start(t, dir)
	defer func() {
		if err := s.stop(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	}()
	planted := filepath.Join(t.TempDir(), "planted.jsonl")
	run := func(want string, args ...string) {
		t.Helper()
		out, err := tributary(dir, args...)
		if err != nil || !strings.Contains(out, want) {
			t.Fatalf("%v: %v, want %q\n%s", args, err, want, out)
		}
	}
	run("200 contributions are on the map", "demo", "--contributions", "200", "--until", "2026-01-01", "--planted", planted)
	run("Everything adds up", "check")
	f, err := os.Open(planted)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cases := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var p struct{ Case, Must string }
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil || p.Must == "" {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		cases[p.Case] = true
	}
	for _, want := range []string{"same_evidence", "inside_demise", "s3", "no_activity", "rolling_reaches"} {
		if !cases[want] {
			t.Errorf("no case %s was written out", want)
		}
	}
	run("it makes room", "demo", "--contributions", "100", "--seed", "3", "--until", "2026-01-01")
	run("with 100 contributions", "demo", "--remove")

	file := filepath.Join(t.TempDir(), "organisations.csv")
	if err := os.WriteFile(file, []byte("id,name,kind\na,Real Supplier,supplier\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	run("1 added", "import", "organisations", file)
	if out, err := tributary(dir, "demo", "--contributions", "100"); err == nil || !strings.Contains(out, "not made up") {
		t.Errorf("a demonstration beside real records: %v\n%s", err, out)
	}
	run("100 contributions", "demo", "--contributions", "100", "--force")
}
