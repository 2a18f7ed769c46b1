package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tributary/data/postgis/cluster"
)

// canaryFile is a file of secret rows, every other one refused, in a form; and
// for each row what says where it is.
func canaryFile(form string) (text string, where [][]string) {
	var b strings.Builder
	if form == "csv" {
		b.WriteString("id,name,provider,class,status,latitude,longitude,locality\n")
	}
	for i := range 6 {
		row := []string{fmt.Sprint("c", i), fmt.Sprintf("CANARY%d of %s", i, form), "Trust", "S3", []string{"validated", "cheese"}[i%2], fmt.Sprintf("52.6%d1237", i), fmt.Sprintf("1.7%d1319", i), fmt.Sprintf("HIDDEN%d house", i)}
		where = append(where, []string{row[5], row[6], fmt.Sprintf("HIDDEN%d", i), fmt.Sprintf("CANARY%d", i)})
		if form == "csv" {
			fmt.Fprintln(&b, strings.Join(row, ","))
		} else {
			fmt.Fprintf(&b, `{"id":%q,"name":%q,"provider":%q,"class":%q,"status":%q,"latitude":%s,"longitude":%s,"locality":%q}`+"\n", row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7])
		}
	}
	return b.String(), where
}

// The rows that an import refuses go into a file that nobody but its owner may
// read, and holds no other row; what the command and the server say, and what
// the database keeps, tells nothing of where either is, nor does it when the
// file is mended and imported.
func TestRefusedRowsAreForTheirOwner(t *testing.T) {
	s := start(t, dataDir(t))
	planted, looked := 0, 0
	for _, form := range []string{"csv", "jsonl"} {
		text, where := canaryFile(form)
		file := filepath.Join(t.TempDir(), "refuges."+form)
		refused := strings.TrimSuffix(file, form) + "refused." + form
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(refused, []byte("from before"), 0o644); err != nil {
			t.Fatal(err)
		}
		said, err := tributary(s.dir, "import", "activities", file, "--source", form)
		if err != nil || !strings.Contains(said, "3 added") {
			t.Fatalf("%v\n%s", err, said)
		}
		kept, err := os.ReadFile(refused)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(refused)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v, %v", refused, info.Mode(), err)
		}
		for i, row := range where {
			planted++
			for _, trace := range row {
				if strings.Contains(string(kept), trace) != (i%2 == 1) {
					t.Errorf("%s: row %d: %q among the refused: %t", form, i, trace, i%2 == 0)
				}
			}
		}
		if err := os.WriteFile(refused, []byte(strings.ReplaceAll(string(kept), "cheese", "validated")), 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := tributary(s.dir, "import", "activities", refused, "--source", form)
		if err != nil || !strings.Contains(again, "3 added") {
			t.Fatalf("mended: %v\n%s", err, again)
		}
		texts := map[string]string{"the command": said + again, "the server's log": s.log.String(), "the database": stored(t, s.dir)}
		for _, at := range []string{"/api/v1/activities.csv?limit=1000", "/api/v1/activities.geojson", "/?layer=activities&territory=norfolk", "/static-map.svg?territory=norfolk", "/search?q=CANARY", "/api/v1/activities?class=canary", "/api/v1/gap?territory=norfolk"} {
			res, err := http.Get(s.URL + at)
			if err != nil {
				t.Fatal(err)
			}
			body := new(strings.Builder)
			if err := res.Write(body); err != nil {
				t.Fatal(err)
			}
			texts[at] = strings.ReplaceAll(body.String(), "q=CANARY", "")
		}
		for at, text := range texts {
			looked++
			for _, row := range where {
				for i, trace := range row {
					if at == "the database" && i == 3 { // a name, which the office may read
						continue
					}
					if strings.Contains(text, trace) {
						t.Errorf("%s: %s tells of %s", form, at, trace)
					}
				}
			}
		}
	}
	t.Logf("%d canaries in files, half of them refused and mended; %d texts and answers hold none", planted, looked)
}

// stored is every row of the database as text, reference aside.
func stored(t *testing.T, dir string) string {
	t.Helper()
	url, running := cluster.Attach(dir)
	if !running {
		t.Fatal("the database does not run")
	}
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(context.Background(), "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('raw', 'audit') OR schemaname = 'pub' AND tablename IN ('activity', 'place', 'withheld', 'organisation', 'fact', 'people')")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, table := range tables {
		var text *string
		if err := conn.QueryRow(context.Background(), "SELECT string_agg(t::text, E'\\n') FROM "+table+" t").Scan(&text); err != nil {
			t.Fatal(err)
		}
		if text != nil {
			all.WriteString(*text)
		}
	}
	return all.String()
}
