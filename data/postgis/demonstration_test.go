package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/postgis"
)

// importSheets imports sheets of a made-up world, none of which may be refused.
func importSheets(ctx context.Context, s *postgis.Store, sheets []demo.Sheet, bulk bool) error {
	var in []postgis.LedgerSheet
	for _, sheet := range sheets {
		k, _ := data.KindNamed(sheet.Kind)
		in = append(in, postgis.LedgerSheet{Kind: k, Records: func(yield func(postgis.LedgerRecord) bool) {
			for rec := range sheet.Records {
				if !yield(postgis.LedgerRecord{Line: 1, Record: rec}) {
					return
				}
			}
		}})
	}
	run := data.Import{Kind: "demonstration", Source: demo.Source, Bulk: bulk}
	_, err := s.ImportLedger(ctx, postgis.Operator, run, in, func(r postgis.LedgerRefusal) error {
		return fmt.Errorf("%s %s %q: %s", r.Kind.Name, r.Field, r.Value, r.Reason)
	})
	return err
}

// settled puts a made-up world into a store, with the contributions so many at
// a time; 0 is without them.
func settled(t testing.TB, s *postgis.Store, w *demo.World, chunk int) {
	t.Helper()
	take := func(sheets []demo.Sheet) {
		t.Helper()
		if err := importSheets(t.Context(), s, sheets, false); err != nil {
			t.Fatal(err)
		}
	}
	take(w.Plans())
	run := data.Import{Kind: "activities", Source: demo.Source, Demonstration: true}
	if _, err := s.ImportActivities(t.Context(), postgis.Operator, run, w.Activities(), func(r data.Refusal) error { return fmt.Errorf("%+v", r) }); err != nil {
		t.Fatal(err)
	}
	take(w.Sheets())
	for from := 0; chunk > 0 && from < w.Size(); from += chunk {
		take(w.Part(from, min(from+chunk, w.Size())))
	}
}

// The parts and facts of every contribution, ids apart.
const (
	everyPart = `SELECT concat_ws('|', c.external_id, a.n, a.weight, a.pence, a.quantity_milli, ST_AsText(a.geom), a.cell, a.method, a.territory_id, a.region_code, a.area_code, a.standing)
		FROM raw.allocation a JOIN raw.contribution c ON c.id = a.contribution_id ORDER BY 1`
	everyFact = `SELECT concat_ws('|', c.external_id, a.n, f.contribution_id IS NULL, f.level, f.day, f.pence, f.quantity_milli, f.unit, f.type, f.measure, f.priority, f.themes, f.beneficiaries, f.sector, f.state, f.standing,
			f.territory_id, f.region_code, f.area_code, f.cell, s.name, b.name, p.name, act.name, k.title, f.supplier_territory, f.supplier_area, f.buyer_territory, f.buyer_area)
		FROM pub.fact f JOIN raw.allocation a ON a.fact_id = f.id JOIN raw.contribution c ON c.id = a.contribution_id
		LEFT JOIN pub.organisation s ON s.id = f.supplier_id LEFT JOIN pub.organisation b ON b.id = f.buyer_id LEFT JOIN pub.organisation p ON p.id = f.provider_id
		LEFT JOIN pub.activity act ON act.id = f.activity_id LEFT JOIN raw.contract k ON k.id = f.contract_id ORDER BY 1`
)

const everyPeople = `SELECT concat_ws('|', territory_id, part, area_code, measure, quarter, COALESCE(people::text, 'x')) FROM pub.people ORDER BY 1`

var errStopped = errors.New("stopped")

// A large load, in parts and with what it may put aside put aside, makes the
// same parts, facts and findings as one import of everything.
func TestLargeLoadIsTheSame(t *testing.T) {
	w := demo.New(demo.Options{Contributions: 2000, Seed: 4})
	whole, wholeURL := opened(t)
	settled(t, whole, w, 2000)
	parts, partsURL := opened(t)
	settled(t, parts, w, 0)
	indexes := `SELECT indexdef FROM pg_indexes WHERE schemaname IN ('raw', 'pub') ORDER BY 1`
	triggers := `SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE tgname !~ '[0-9]' ORDER BY 1`
	before := append(asked(t, partsURL, indexes), asked(t, partsURL, triggers)...)
	large := func(from, to int) error {
		return parts.Bulk(t.Context(), postgis.Operator, slog.New(slog.DiscardHandler), func() error {
			var two errgroup.Group
			two.SetLimit(2)
			for ; from < to; from += 170 {
				from := from
				two.Go(func() error { return importSheets(t.Context(), parts, w.Part(from, min(from+170, to)), true) })
			}
			if err := two.Wait(); err != nil || to == w.Size() {
				return err
			}
			return errStopped
		})
	}
	// Stopped on its way, it is finished at the next start.
	if err := large(0, 1000); err != errStopped || len(asked(t, partsURL, `SELECT name FROM raw.aside`)) < 10 {
		t.Errorf("stopped: %v", err)
	}
	for range 100 { // the lock of who stopped may outlast it for a moment
		if err := parts.FinishBulk(t.Context(), postgis.Operator, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		if len(asked(t, partsURL, `SELECT name FROM raw.aside`)) == 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if got := faults(t, parts); len(got) > 0 {
		t.Errorf("faults of half the load: %v", got)
	}
	if err := large(0, w.Size()); err != nil {
		t.Fatal(err)
	}
	if n := len(asked(t, wholeURL, everyPeople)); n < 100 {
		t.Errorf("%d counts of people", n)
	}
	for _, sql := range []string{everyPart, everyFact, everyPeople} {
		a, b := asked(t, wholeURL, sql), asked(t, partsURL, sql)
		if len(a) < 2000 && sql != everyPeople {
			t.Fatalf("%d rows of 2,000 contributions", len(a))
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("in parts (-whole +parts):\n%s", diff)
		}
	}
	if diff := cmp.Diff(findings(t, wholeURL), findings(t, partsURL)); diff != "" {
		t.Errorf("findings in parts (-whole +parts):\n%s", diff)
	}
	if diff := cmp.Diff(before, append(asked(t, partsURL, indexes), asked(t, partsURL, triggers)...)); diff != "" {
		t.Errorf("indexes and triggers (-before +after):\n%s", diff)
	}
	if got := faults(t, parts); len(got) > 0 {
		t.Errorf("faults: %v", got)
	}
	// The same world again changes nothing.
	facts := asked(t, partsURL, `SELECT count(*) || ' ' || max(id) FROM pub.fact`)
	settled(t, parts, w, 900)
	if diff := cmp.Diff(facts, asked(t, partsURL, `SELECT count(*) || ' ' || max(id) FROM pub.fact`)); diff != "" {
		t.Errorf("the same world again (-before +after):\n%s", diff)
	}
}

// A large load after which a contribution is not what its parts add up to says
// so, and goes on being checked.
func TestLargeLoadVerifies(t *testing.T) {
	s, url := opened(t)
	w := demo.New(demo.Options{Contributions: 200, Seed: 4})
	settled(t, s, w, 0)
	run := func(sql string) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	quiet := slog.New(slog.DiscardHandler)
	err := s.Bulk(t.Context(), postgis.Operator, quiet, func() error {
		if err := importSheets(t.Context(), s, w.Part(0, 50), true); err != nil {
			return err
		}
		run(`UPDATE raw.allocation SET pence = pence + 1 WHERE n = 1 AND contribution_id = (SELECT id FROM raw.contribution WHERE external_id = 'contribution-7')`)
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "1 contributions, such as demonstration//contribution-7, are not what their parts add up to") {
		t.Errorf("a part that does not add up: %v", err)
	}
	run(`UPDATE raw.allocation SET pence = pence - 1 WHERE n = 1 AND contribution_id = (SELECT id FROM raw.contribution WHERE external_id = 'contribution-7')`)
	if err := s.FinishBulk(t.Context(), postgis.Operator, quiet); err != nil {
		t.Errorf("mended: %v", err)
	}
	if got := faults(t, s); len(got) > 0 {
		t.Errorf("faults: %v", got)
	}
}

// Every planted case is found, and nothing else is suspected.
func TestPlantedCases(t *testing.T) {
	s, url := opened(t)
	w := demo.New(demo.Options{Contributions: 3000, Seed: 11})
	settled(t, s, w, 3000)
	ask := func(sql string, args ...any) string {
		return strings.Join(asked(t, url, fmt.Sprintf(sql, args...)), " ")
	}
	suspected := 0
	for _, c := range w.Planted() {
		var ids []string
		for _, r := range c.Records {
			_, id, _ := strings.Cut(r, " ")
			ids = append(ids, id)
		}
		found := `SELECT count(*)::text FROM raw.finding f JOIN raw.contribution a ON a.id = f.contribution_id LEFT JOIN raw.contribution b ON b.id = f.other_id WHERE '%s' IN (a.external_id, b.external_id) AND f.kind = '%s' AND f.state = 'suspected'`
		standing := `SELECT a.standing FROM raw.allocation a JOIN raw.contribution c ON c.id = a.contribution_id WHERE c.external_id = '%s'`
		state := `SELECT DISTINCT f.state FROM pub.fact f JOIN raw.contribution c ON c.id = f.contribution_id WHERE c.external_id = '%s'`
		var got, want string
		switch c.Case {
		case "same_evidence", "same_place_and_time":
			suspected++
			got, want = ask(found+` AND '%s' IN (a.external_id, b.external_id)`, ids[0], c.Case, ids[1])+ask(state, ids[0])+ask(state, ids[1]), "1claimedclaimed"
		case "over_the_whole":
			suspected += 2
			got, want = ask(found, ids[0], c.Case)+ask(found, ids[1], c.Case), "11"
		case "inside_demise":
			suspected++
			got, want = ask(found, ids[0], c.Case)+ask(standing, ids[0]), "1in_scope"
		case "apart", "outside_demise":
			got, want = ask(`SELECT count(*)::text FROM raw.finding f JOIN raw.contribution c ON c.id IN (f.contribution_id, f.other_id) WHERE c.external_id = ANY ('{%s}')`, strings.Join(ids, ",")), "0"
		case "validated_on_the_day":
			got, want = ask(standing, ids[0]), "primary"
		case "expired_on_the_day":
			got, want = ask(standing, ids[0]), "unvalidated"
		case "closed":
			got, want = ask(`SELECT status FROM raw.activity WHERE external_id = '%s'`, ids[0]), "closed"
		case "s2":
			got, want = ask(`SELECT p.level FROM pub.place p JOIN raw.activity a ON a.id = p.activity_id WHERE a.external_id = '%s'`, ids[0])+
				ask(`SELECT f.level FROM pub.fact f JOIN raw.contribution c ON c.id = f.contribution_id WHERE c.external_id = '%s'`, ids[1]), "areaarea"
		case "s3":
			got, want = ask(`SELECT count(p.geom) || ' ' || min(p.territory_id) FROM raw.place p JOIN raw.activity a ON a.id = p.activity_id WHERE a.external_id = '%[1]s' AND NOT EXISTS (SELECT FROM pub.activity x WHERE x.id = a.id)`, ids[0])+
				ask(`SELECT ' ' || count(f.contribution_id) || count(f.cell) FROM pub.fact f JOIN raw.allocation a ON a.fact_id = f.id JOIN raw.contribution c ON c.id = a.contribution_id WHERE c.external_id = '%s'`, ids[1]), "0 norfolk 00"
		case "over_without_commitment":
			got, want = ask(`SELECT (k.value_pence > y.contract_over_pence AND NOT EXISTS (SELECT FROM raw.commitment m WHERE m.contract_id = k.id))::text FROM raw.contract k CROSS JOIN pub.policy y WHERE k.external_id = '%s' AND y.id = 'norfolk-social-value-policy'`, ids[0]), "true"
		case "exactly_the_threshold":
			got, want = ask(`SELECT (k.value_pence = y.contract_over_pence)::text FROM raw.contract k CROSS JOIN pub.policy y WHERE k.external_id = '%s' AND y.id = 'norfolk-social-value-policy'`, ids[0]), "true"
		case "rolling_reaches", "rolling_falls_short":
			got = ask(`SELECT max(s)::text FROM (SELECT sum(amount_pence) OVER (ORDER BY date RANGE BETWEEN '12 months' PRECEDING AND CURRENT ROW) AS s FROM raw.transaction WHERE external_id = ANY ('{%s}')) w`, strings.Join(ids, ","))
			if want = "500000"; c.Case == "rolling_falls_short" {
				want = "250000"
			}
		case "stale_register_entry":
			got, want = ask(`SELECT (review_due_on < '2026-01-01')::text FROM raw.register_entry WHERE external_id = '%s'`, ids[0]), "true"
		case "overdue_update":
			got, want = ask(`SELECT (due_on < '2026-01-01' AND submitted_on IS NULL)::text FROM raw.progress_update WHERE external_id = '%s'`, ids[0]), "true"
		case "no_activity":
			got, want = ask(`SELECT count(*)::text FROM raw.activity WHERE '%s' = ANY (measures)`, ids[0]), "0"
		case "activity_without_support":
			got, want = ask(`SELECT (count(*) > 0)::text FROM raw.activity WHERE '%s' = ANY (measures)`, ids[0])+ask(`SELECT count(*)::text FROM raw.contribution WHERE measure = '%s'`, ids[0]), "true0"
		default:
			t.Errorf("no test looks for %s", c.Case)
		}
		if got != want {
			t.Errorf("%s %v: %q, want %q: %s", c.Case, c.Records, got, want, c.Must)
		}
	}
	if got := ask(`SELECT count(*)::text FROM raw.finding`); got != fmt.Sprint(suspected) {
		t.Errorf("%s findings, want the %d planted ones", got, suspected)
	}
}

// Taken away, the demonstration leaves nothing, and what is real stays.
func TestDemonstrationGoes(t *testing.T) {
	s, url := opened(t)
	rows := func() []string {
		out := asked(t, url, `SELECT c.oid::regclass::text || ' ' || (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', c.oid::regclass), false, true, '')))[1]
			FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace IN ('raw'::regnamespace, 'pub'::regnamespace) AND c.oid <> 'raw.change'::regclass ORDER BY 1`) // the log tells that something went
		return out
	}
	imported(t, s, data.Import{}, record(2, "garden", norwich[0], norwich[1]))
	taken(t, s, organisations, contract, one("contribution", map[string]string{"id": "c", "supplier": "builder", "activity": "garden", "type": "donation_money", "value": "12.34", "delivered_from": "2025-06-01"}))
	before := rows()
	settled(t, s, demo.New(demo.Options{Contributions: 300, Seed: 2}), 300)
	m, err := s.MadeUp(t.Context(), postgis.Operator, demo.Source)
	if err != nil || !m.Beside {
		t.Errorf("made-up records beside real ones: %+v, %v", m, err)
	}
	removed := 0
	if err := s.RemoveMadeUp(t.Context(), postgis.Operator, demo.Source, func(n int) { removed += n }); err != nil {
		t.Fatal(err)
	}
	if removed != 300 {
		t.Errorf("%d contributions removed, want 300", removed)
	}
	if diff := cmp.Diff(before, rows()); diff != "" {
		t.Errorf("rows (-before +after):\n%s", diff)
	}
	if got := faults(t, s); len(got) > 0 {
		t.Errorf("faults: %v", got)
	}
	// A real record that hangs on a made-up one keeps it, and says so.
	settled(t, s, demo.New(demo.Options{Contributions: 300, Seed: 2}), 300)
	taken(t, s, one("contribution", map[string]string{"id": "c2", "supplier": "demonstration//supplier-1", "type": "donation_money", "value": "1", "delivered_from": "2025-06-01"}))
	if err := s.RemoveMadeUp(t.Context(), postgis.Operator, demo.Source, func(int) {}); err == nil || !strings.Contains(err.Error(), "refer to made-up ones") {
		t.Errorf("a real contribution of a made-up supplier: %v", err)
	}
}
