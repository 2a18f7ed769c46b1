package postgis_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

// as returns a connection to a database that has put on a role's hat, as the
// store's pools do.
func as(t *testing.T, url, role string) *pgx.Conn {
	t.Helper()
	conn := connect(t, url)
	if _, err := conn.Exec(t.Context(), "SET ROLE "+role); err != nil {
		t.Fatal(err)
	}
	return conn
}

// filled is the address of a database with an open, a restricted and a secret
// activity.
func filled(t *testing.T) string {
	t.Helper()
	url := pgtest.URL(t)
	s, err := postgis.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var records []data.ActivityRecord
	for i, class := range []data.Sensitivity{data.S0Open, data.S2Restricted, data.S3Secret} {
		r := record(i, class.String(), norwich[0], norwich[1])
		r.Class = class
		records = append(records, r)
	}
	imported(t, s, data.Import{}, records...)
	return url
}

// code is PostgreSQL's code of an error, "" for none.
func code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

const denied = "42501" // insufficient_privilege, also of a policy

func tables(t *testing.T, url, schema string) []string {
	t.Helper()
	list := strings.Fields(query(t, url, "SELECT string_agg(schemaname || '.' || tablename, ' ') FROM pg_tables WHERE schemaname = '"+schema+"'"))
	if len(list) == 0 {
		t.Fatalf("the schema %s has no tables", schema)
	}
	return list
}

func TestPublicRoleReadsThePublicFormAlone(t *testing.T) {
	url := filled(t)
	conn := as(t, url, "tributary_public")
	try := func(sql string) string {
		_, err := conn.Exec(t.Context(), sql)
		return code(err)
	}
	for _, schema := range []string{"pub", "raw", "audit"} {
		for _, table := range tables(t, url, schema) {
			want := denied
			if schema == "pub" {
				want = ""
			}
			if got := try("SELECT count(*) FROM " + table); got != want {
				t.Errorf("reading %s: %q, want %q", table, got, want)
			}
			column := query(t, url, "SELECT attname::text FROM pg_attribute WHERE attrelid = '"+table+"'::regclass AND attnum > 0 AND attidentity = '' AND attgenerated = '' LIMIT 1")
			for _, sql := range []string{"INSERT INTO " + table + " DEFAULT VALUES", "UPDATE " + table + " SET " + column + " = " + column, "DELETE FROM " + table, "TRUNCATE " + table + " CASCADE"} {
				if got := try(sql); got != denied {
					t.Errorf("%s: %q, want %q", sql, got, denied)
				}
			}
		}
	}
	for _, sql := range []string{"CREATE TABLE pub.mine (a int)", "CREATE TABLE public.mine (a int)", "SELECT raw.analyse()", "SELECT raw.sees('norfolk')", "DROP TABLE pub.place", "CREATE ROLE mine", "SELECT pg_read_file('/etc/passwd')"} {
		if got := try(sql); got != denied {
			t.Errorf("%s: %q, want %q", sql, got, denied)
		}
	}
}

// The application's role sees of raw what its actor may see, and nothing
// without one; an unset setting is nobody, also after a transaction set it.
func TestApplicationSeesWhatItsActorMay(t *testing.T) {
	url := filled(t)
	conn := as(t, url, "tributary_app")
	count := func(tx pgx.Tx, table string) (n int) {
		t.Helper()
		if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range []struct {
		name, actor, territories string
		activities, places       int
		runs                     bool
	}{
		{"nobody", "", "", 0, 0, false},
		{"everything", "a", "*", 3, 3, true},
		{"one territory", "a", "norfolk", 3, 3, true},
		{"another territory", "a", "kent,suffolk", 0, 0, true},
		{"a part of a name", "a", "norf", 0, 0, true},
		{"no territory", "a", "", 0, 0, true},
		{"nobody again", "", "", 0, 0, false},
	} {
		err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
			if c.name == "nobody" || c.name == "nobody again" {
				// Nothing is set: after a transaction the setting is '' and not null.
			} else if _, err := tx.Exec(t.Context(), "SELECT set_config('tributary.actor', $1, true), set_config('tributary.territories', $2, true)", c.actor, c.territories); err != nil {
				return err
			}
			if a, p := count(tx, "raw.activity"), count(tx, "raw.place"); a != c.activities || p != c.places {
				t.Errorf("%s: %d activities and %d places, want %d and %d", c.name, a, p, c.activities, c.places)
			}
			if n := count(tx, "raw.import_run"); n > 0 != c.runs {
				t.Errorf("%s: %d import runs, want some: %t", c.name, n, c.runs)
			}
			if n := count(tx, "raw.organisation"); n > 0 != c.runs {
				t.Errorf("%s: %d organisations, want some: %t", c.name, n, c.runs)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Every table of raw is behind forced row-level security.
func TestRawIsBehindPolicies(t *testing.T) {
	url := pgtest.URL(t)
	bare := query(t, url, `SELECT string_agg(c.relname, ', ') FROM pg_class c
		WHERE c.relnamespace = 'raw'::regnamespace AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`)
	if bare != "" {
		t.Errorf("without forced row-level security: %s", bare)
	}
	open := query(t, url, `SELECT string_agg(c.relname, ', ') FROM pg_class c
		WHERE c.relnamespace = 'pub'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity`)
	if open != "" {
		t.Errorf("pub has row-level security, which switches spatial indexes off: %s", open)
	}
}

func TestApplicationWritesOnlyWhatItsActorMay(t *testing.T) {
	url := filled(t)
	for _, c := range []struct {
		name, territories, sql, want string
	}{
		{"another's place", "kent", "INSERT INTO raw.place SELECT gen_random_uuid(), activity_id, 'x', role, class, class_reasons, NULL, NULL, NULL, NULL, NULL, NULL, NULL, method, 0, 'norfolk', region_code, NULL FROM raw.place LIMIT 0; INSERT INTO raw.activity SELECT gen_random_uuid(), source, 'x', provider_id, name, summary, url, themes, measures, status, class, demonstration, updated_at, run_id FROM raw.activity", ""},
		{"moving a place away", "norfolk", "UPDATE raw.place SET territory_id = 'kent'", denied},
		{"dropping a table", "*", "DROP TABLE raw.place", denied},
		{"turning the policies off", "*", "ALTER TABLE raw.place DISABLE ROW LEVEL SECURITY", denied},
		{"rewriting the audit log", "*", "UPDATE audit.log SET actor = 'x'", denied},
		{"emptying the audit log", "*", "DELETE FROM audit.log", denied},
	} {
		conn := as(t, url, "tributary_app")
		err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), "SELECT set_config('tributary.actor', 'a', true), set_config('tributary.territories', $1, true)", c.territories); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), c.sql)
			return err
		})
		if got := code(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if n := query(t, url, "SELECT count(*)::text FROM raw.activity"); n != "3" {
		t.Errorf("%s activities, want 3", n)
	}
}

// The audit log is append-only even for its owner.
func TestAuditLogIsAppendOnly(t *testing.T) {
	url := filled(t)
	conn := connect(t, url)
	for _, sql := range []string{"UPDATE audit.log SET actor = 'x'", "DELETE FROM audit.log", "TRUNCATE audit.log", "DELETE FROM audit.log WHERE false"} {
		if _, err := conn.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v, want a refusal", sql, err)
		}
	}
	if n := query(t, url, "SELECT count(*)::text FROM audit.log WHERE action = 'import activities'"); n != "1" {
		t.Errorf("%s imports in the audit log, want 1", n)
	}
}

// A secret place cannot be given a position, in any column, by anyone.
func TestSecretPlaceRefusesAPosition(t *testing.T) {
	url := filled(t)
	conn := connect(t, url)
	const check = "23514"
	for column, value := range map[string]string{
		"geom": "ST_SetSRID(ST_MakePoint(1.3, 52.6), 4326)", "cell": "1", "postcode": "'NR1 3JU'", "outcode": "'NR1'", "locality": "'x'",
		"given_area": "'E07000148'", "area_code": "'E07000148'", "place_key": "'52.6,1.3'",
	} {
		if _, err := conn.Exec(t.Context(), "UPDATE raw.place SET "+column+" = "+value+" WHERE class = 3"); code(err) != check {
			t.Errorf("%s: %v, want a refusal", column, err)
		}
	}
	if _, err := conn.Exec(t.Context(), "UPDATE raw.place SET class = 3 WHERE class = 0"); code(err) != check {
		t.Errorf("a secret place with a position: %v, want a refusal", err)
	}
	for name, geom := range map[string]string{
		"NaN": "ST_SetSRID(ST_MakePoint('NaN', 'NaN'), 4326)", "infinite": "ST_SetSRID(ST_MakePoint('Infinity', 52), 4326)", "empty": "ST_GeomFromText('POINT EMPTY', 4326)",
		"swapped": "ST_SetSRID(ST_MakePoint(52.6, 1.3), 4326)", "a NaN in a ring": "ST_GeomFromText('POLYGON((1 52,NaN 52,1.1 52.1,1 52))', 4326)",
		"a bow tie": "ST_GeomFromText('POLYGON((1 52,1.1 52.1,1.1 52,1 52.1,1 52))', 4326)",
	} {
		if _, err := conn.Exec(t.Context(), "UPDATE raw.place SET geom = "+geom+" WHERE class = 0"); err == nil {
			t.Errorf("a position that is %s was taken", name)
		}
	}
}

// The store's own pools wear the two hats.
func TestStoreWearsTheRoles(t *testing.T) {
	url := filled(t)
	s, err := postgis.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	public, app, err := postgis.Roles(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if public != "tributary_public" || app != "tributary_app" {
		t.Errorf("the pools act as %s and %s", public, app)
	}
}
