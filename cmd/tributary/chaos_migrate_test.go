package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data/postgis/cluster"
)

// A migration that is killed anywhere, again and again, ends at the same
// schema as one that is left alone.
func TestMigrationsKilledHalfWay(t *testing.T) {
	dir := dataDir(t)
	c, err := cluster.Start(t.Context(), cluster.Options{Dir: dir, Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Stop(context.Background())
	conn, err := pgx.Connect(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	schema := func(name string) string {
		out, err := exec.Command(filepath.Join(c.Bin(), "pg_dump"), "--schema-only", "--dbname="+strings.Replace(c.URL(), "///tributary", "///"+name, 1)).Output()
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`(?m)^\\(un)?restrict .*$`).ReplaceAllString(string(out), "")
	}
	migrate := func(name string) *exec.Cmd {
		return exec.Command(program, "migrate", "--database-url", strings.Replace(c.URL(), "///tributary", "///"+name, 1))
	}
	make := func(name string) {
		if _, err := conn.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
	}
	make("whole")
	began := time.Now()
	if out, err := migrate("whole").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	took := time.Since(began)
	want := schema("whole")
	killed := 0
	for n := 0; killed < chaosMigrations; n++ {
		name := fmt.Sprint("half", n)
		make(name)
		for range 3 {
			cmd := migrate(name)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(rand.Int64N(int64(took))))
			if cmd.Process.Kill() == nil && cmd.Wait() != nil {
				killed++
			}
		}
		if out, err := migrate(name).CombinedOutput(); err != nil {
			t.Fatalf("after it was killed: %v\n%s", err, out)
		}
		if got := schema(name); got != want {
			t.Error("a migration that was killed ends at another schema")
		}
		if _, err := conn.Exec(t.Context(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d migrations killed half way", killed)
}
