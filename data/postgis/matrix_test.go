package postgis_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"tributary/data/demo"
)

var updateGrants = flag.Bool("update-grants", false, "write down who may do what as it is")

// catalogued says of every table, view, sequence and function what each role may
// do to it, and of every table of raw which rows: s reads, i inserts, u updates,
// d deletes, t empties, x runs.
const catalogued = `
WITH role (name) AS (VALUES ('public'), ('tributary_public'), ('tributary_app')),
thing AS (
  SELECT n.nspname || '.' || c.relname AS name, c.oid, CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' ELSE 'sequence' END AS kind, c.relrowsecurity, c.relforcerowsecurity
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('raw', 'pub', 'audit', 'vault') AND c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S') OR c.relname = 'tributary_schema_version'
)
SELECT rpad(t.kind, 9) || rpad(t.name, 36) || string_agg(r.name || '=' || COALESCE(NULLIF(concat(
         CASE WHEN has_table_privilege(r.name, t.oid, 'SELECT') AND has_schema_privilege(r.name, split_part(t.name, '.', 1), 'USAGE') THEN 's' END,
         CASE WHEN t.kind <> 'sequence' AND has_table_privilege(r.name, t.oid, 'INSERT') THEN 'i' END, CASE WHEN has_table_privilege(r.name, t.oid, 'UPDATE') THEN 'u' END,
         CASE WHEN t.kind <> 'sequence' AND has_table_privilege(r.name, t.oid, 'DELETE') THEN 'd' END, CASE WHEN t.kind <> 'sequence' AND has_table_privilege(r.name, t.oid, 'TRUNCATE') THEN 't' END), ''), '-'), ' ' ORDER BY r.name)
       || CASE WHEN t.kind = 'table' AND t.name LIKE 'raw.%' THEN CASE WHEN t.relrowsecurity AND t.relforcerowsecurity THEN ' rows: ' ELSE ' all rows! ' END
       || COALESCE((SELECT string_agg(p.polname || CASE p.polcmd WHEN 'r' THEN '(s)' WHEN '*' THEN '' ELSE '(' || p.polcmd::text || ')' END
            || CASE WHEN p.polroles = '{0}' THEN '' ELSE ' for its owner' END || ' if ' || regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g') || COALESCE(' and ' || pg_get_expr(p.polwithcheck, p.polrelid), ''), '; ' ORDER BY p.polname)
          FROM pg_policy p WHERE p.polrelid = t.oid), 'none') ELSE '' END
FROM thing t CROSS JOIN role r GROUP BY t.name, t.oid, t.kind, t.relrowsecurity, t.relforcerowsecurity
UNION ALL
SELECT rpad('function', 9) || rpad(f.oid::regprocedure::text, 36) || string_agg(r.name || '=' || CASE WHEN has_function_privilege(r.name, f.oid, 'EXECUTE') AND has_schema_privilege(r.name, f.pronamespace, 'USAGE') THEN 'x' ELSE '-' END, ' ' ORDER BY r.name)
       || CASE WHEN f.prosecdef THEN ' as its owner' ELSE '' END
FROM pg_proc f CROSS JOIN role r WHERE f.pronamespace IN ('raw'::regnamespace, 'pub'::regnamespace, 'audit'::regnamespace, 'vault'::regnamespace)
GROUP BY f.oid, f.prosecdef
ORDER BY 1`

// Who may do what to which table is written down: a table, a view, a function or
// a policy that is new or another fails until somebody has said so there.
func TestGrantsAreAsWritten(t *testing.T) {
	_, url := opened(t)
	got := asked(t, url, catalogued)
	path := filepath.Join("testdata", "grants.txt")
	if *updateGrants {
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimRight(string(text), "\n"), "\n"), got); diff != "" {
		t.Errorf("%s says otherwise: read what differs, and write it with -update-grants if it is meant (-written +is):\n%s", path, diff)
	}
	// What must hold whatever is written there.
	for _, line := range got {
		switch {
		case strings.Contains(line, " public=") && !strings.Contains(line, " public=-") && !strings.HasPrefix(line, "function"):
			t.Errorf("anybody at all: %s", line)
		case !strings.Contains(line, " pub.") && !strings.Contains(line, "tributary_schema_version") && !strings.Contains(line, "tributary_public=-"):
			t.Errorf("the public role reaches beyond pub: %s", line)
		case strings.Contains(line, "tributary_public=") && !strings.Contains(line, "tributary_public=-") && !strings.Contains(line, "tributary_public=s") && !strings.HasPrefix(line, "function"):
			t.Errorf("the public role writes: %s", line)
		case strings.Contains(line, "all rows!"), strings.Contains(line, "rows: none"):
			t.Errorf("no policy: %s", line)
		}
	}
	t.Logf("%d tables, views, sequences and functions × 3 roles are as written", len(got))
}

// Each actor of the application sees, changes and takes away rows of its
// territories where a table has a place, and none anywhere if it is nobody: over
// every table of raw, with a demonstration in it.
func TestActorsKeepToTheirRows(t *testing.T) {
	s, url := opened(t)
	settled(t, s, demo.New(demo.Options{Contributions: 300, Seed: 5}), 300)
	all := map[string]string{}
	list := tables(t, url, "raw")
	for _, table := range list {
		all[table] = query(t, url, "SELECT count(*)::text FROM "+table)
	}
	own := query(t, url, "SELECT territory_id FROM raw.place GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
	there := query(t, url, "SELECT count(*)::text FROM raw.place WHERE territory_id = '"+own+"'")
	active := query(t, url, "SELECT count(DISTINCT activity_id)::text FROM raw.place WHERE territory_id = '"+own+"'")
	conn := as(t, url, "tributary_app")
	asked, filled := 0, 0
	for _, actor := range []struct{ name, actor, territories string }{
		{"nobody", "", ""}, {"nobody of everywhere", "", "*"}, {"somebody of nowhere", "key:1", ""}, {"somebody of another territory", "key:1", "no-such-place"}, {"somebody of " + own, "key:1", own}, {"everybody", "key:1", "*"},
	} {
		for _, table := range list {
			// What each sees, by the table's own rule: by place, by everything, or by acting at all.
			want := all[table]
			switch table {
			case "raw.place", "raw.activity", "raw.assignment":
				switch {
				case actor.territories == "*":
				case actor.territories == own && table == "raw.place":
					want = there
				case actor.territories == own && table == "raw.activity":
					want = active
				default:
					want = "0"
				}
			case "raw.change", "raw.aside", "raw.learnt":
			default:
				if actor.actor == "" {
					want = "0"
				}
			}
			column := query(t, url, "SELECT attname::text FROM pg_attribute WHERE attrelid = '"+table+"'::regclass AND attnum > 0 AND attidentity = '' AND attgenerated = '' AND NOT attisdropped LIMIT 1")
			for verb, sql := range map[string]string{"reads": "SELECT count(*)::text FROM " + table, "changes": fmt.Sprintf("WITH w AS (UPDATE %s SET %s = %[2]s RETURNING 1) SELECT count(*)::text FROM w", table, column), "takes away": "WITH w AS (DELETE FROM " + table + " RETURNING 1) SELECT count(*)::text FROM w"} {
				var got string
				tx, err := conn.Begin(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if _, err = tx.Exec(t.Context(), "SELECT set_config('tributary.actor', $1, true), set_config('tributary.territories', $2, true)", actor.actor, actor.territories); err == nil {
					err = tx.QueryRow(t.Context(), sql).Scan(&got)
				}
				asked++
				// What else forbids it, such as a reference or a step that cannot be
				// changed, is no row seen that should not be.
				if err == nil && got != want {
					t.Errorf("%s %s %s rows of %s, want %s", actor.name, verb, got, table, want)
				}
				if err != nil && want == "0" && !slices.Contains([]string{denied}, code(err)) {
					t.Errorf("%s %s rows of %s that it should not see: %v", actor.name, verb, table, err)
				}
				if want != "0" && err == nil {
					filled++
				}
				if err := tx.Rollback(t.Context()); err != nil && err != pgx.ErrTxClosed {
					t.Fatal(err)
				}
			}
		}
	}
	if there == "0" || filled < 100 {
		t.Errorf("only %d of %d questions met a row: the test shows nothing", filled, asked)
	}
	t.Logf("%d tables × 6 actors × 3 verbs: %d questions", len(list), asked)
}
