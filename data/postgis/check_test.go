package postgis_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tributary/data/demo"
	"tributary/data/postgis"
)

// Each damage is done by a superuser to a sound database, in a transaction of
// which the check sees nothing but its own connection's; it is undone after.
// With each stands the fault that the check must find, as "rule: subject".
var damages = []struct{ sql, fault string }{
	{"UPDATE raw.allocation SET pence = pence + 1 WHERE n = 1 AND contribution_id = contribution('contribution-3')", "a contribution is what its parts add up to: demonstration//contribution-3"},
	{"DELETE FROM raw.allocation WHERE contribution_id = contribution('contribution-4')", "a contribution is what its parts add up to: demonstration//contribution-4"},
	{"UPDATE pub.fact SET pence = pence + 1 WHERE contribution_id = contribution('contribution-5')", "every part is one public fact, no finer and no other than it may be: demonstration//contribution-5"},
	{"DELETE FROM pub.fact WHERE contribution_id = contribution('contribution-5')", "every part is one public fact, no finer and no other than it may be: demonstration//contribution-5"},
	{"UPDATE pub.fact SET state = 'audited' WHERE contribution_id = contribution('planted-near-1-a')", "every part is one public fact, no finer and no other than it may be: demonstration//planted-near-1-a"},
	{"UPDATE pub.fact SET territory_id = 'kent', region_code = 'E12000008' WHERE contribution_id = contribution('planted-near-1-a')", "every part is one public fact, no finer and no other than it may be: demonstration//planted-near-1-a"},
	{"UPDATE pub.fact f SET contribution_id = a.contribution_id FROM raw.allocation a WHERE a.fact_id = f.id AND a.contribution_id = contribution('planted-to-s3')", "every part is one public fact, no finer and no other than it may be: demonstration//planted-to-s3"},
	{"INSERT INTO pub.fact (level, day, pence, quantity_milli, type, themes, beneficiaries, state, standing) VALUES ('uk', '2025-01-01', 1, 0, 'donation_money', '{}', '{}', 'claimed', 'unvalidated')", "every public fact is of a part"},
	{"INSERT INTO pub.fact (level, day, pence, quantity_milli, type, themes, beneficiaries, state, standing) VALUES ('uk', '2025-01-01', 1, 0, 'donation_money', '{}', '{}', 'claimed', 'unvalidated')", "the totals agree: the kingdom"},
	{"ALTER TABLE pub.fact DROP CONSTRAINT people_are_not_counted; UPDATE pub.fact SET quantity_milli = 3000 WHERE unit = 'people'", "no public fact tells how many people: demonstration//"},
	{"UPDATE pub.people SET people = 15 WHERE people IS NULL", "what is told of people is what may be told: "},
	{"DELETE FROM pub.people", "what is told of people is what may be told: "},
	{"UPDATE pub.fact SET region_code = 'E12000001' WHERE contribution_id = contribution('planted-near-1-a')", "what lies in a territory lies in its region: a fact"},
	{"UPDATE pub.fact SET region_code = 'E12000001' WHERE contribution_id = contribution('planted-near-1-a')", "the totals agree: E12000001"},
	{"UPDATE raw.place SET region_code = 'E12000001' WHERE territory_id = 'norfolk'", "what lies in a territory lies in its region: a place"},
	{"UPDATE raw.allocation SET area_code = (SELECT s.code FROM pub.shape s JOIN pub.boundary_set b ON b.id = s.set_id AND b.nests WHERE s.territory_id = 'kent' LIMIT 1) WHERE contribution_id = contribution('planted-near-1-a')", "what lies in an area lies in its territory: a part"},
	{"UPDATE raw.place SET territory_id = 'kent', region_code = 'E12000008', area_code = NULL WHERE activity_id = (SELECT id FROM raw.activity WHERE external_id = 'planted-course')", "what has a position lies in its territory, or near it: activity demonstration//planted-course"},
	{"UPDATE raw.allocation SET territory_id = 'kent', region_code = 'E12000008', area_code = NULL WHERE contribution_id = contribution('planted-near-1-a')", "what has a position lies in its territory, or near it: contribution "},
	{"UPDATE raw.contribution SET contract_id = gen_random_uuid() WHERE external_id = 'planted-near-1-a'", "every reference leads somewhere: demonstration//planted-near-1-a"},
	{"UPDATE raw.evidence SET contribution_id = gen_random_uuid() WHERE external_id = 'planted-evidence-of-1-a'", "every reference leads somewhere: evidence demonstration//planted-evidence-of-1-a"},
	{"DELETE FROM raw.finding; INSERT INTO raw.finding (kind, contribution_id) VALUES ('inside_demise', gen_random_uuid())", "every reference leads somewhere: finding inside_demise"},
	{"UPDATE raw.contribution SET state = 'audited' WHERE external_id = 'planted-apart-a'", "what is evidenced or audited has evidence: demonstration//planted-apart-a"},
	{"UPDATE raw.purchase_order SET state = 'suspended' WHERE external_id = (SELECT min(external_id) FROM raw.purchase_order WHERE state = 'closed')", "an order stands where its last step put it: demonstration//order-"},
	{"DELETE FROM raw.order_event WHERE state = 'accepted' AND order_id = (SELECT id FROM raw.purchase_order WHERE state = 'closed' ORDER BY external_id LIMIT 1)", "every step of an order follows one that allows it: demonstration//order-"},
	{"UPDATE raw.contribution SET delivered_from = '2001-01-01' WHERE order_id = (SELECT min(order_id::text)::uuid FROM raw.contribution)", "nothing was delivered under an order before it was accepted: demonstration//contribution-"},
	{"UPDATE raw.contract SET closed_on = '2026-01-01' WHERE external_id = 'planted-over'", "a closed contract was audited: demonstration//planted-over"},
	{"DELETE FROM pub.governance WHERE territory_id = 'kent'", "one body governs a territory on any day: kent"},
	{"INSERT INTO pub.governance SELECT gen_random_uuid(), body_id, 'kent', NULL, valid_from, valid_to FROM pub.governance WHERE territory_id = 'essex'", "one body governs a territory on any day: kent"},
	{"UPDATE pub.governance SET valid_to = '2020-01-01' WHERE territory_id = 'kent'; INSERT INTO pub.governance SELECT gen_random_uuid(), body_id, 'kent', NULL, '2020-01-02', 'infinity' FROM pub.governance WHERE territory_id = 'essex'", "one body governs a territory on any day: kent"},
	{"DELETE FROM pub.shape_piece WHERE code = 'kent'; DELETE FROM pub.shape WHERE code = 'kent'", "a merger whose day has come is drawn: kent"},
	{"DELETE FROM pub.place WHERE activity_id = (SELECT id FROM raw.activity WHERE external_id = 'planted-course')", "a listed activity shows each of its places, and no other is listed: demonstration//planted-course"},
	{"UPDATE raw.activity SET status = 'draft' WHERE external_id = 'planted-course'", "a listed activity shows each of its places, and no other is listed: demonstration//planted-course"},
	{"ALTER TABLE raw.place DROP CONSTRAINT secret_has_no_position; UPDATE raw.place SET postcode = 'NR1 3JU' WHERE class = 3 AND activity_id = (SELECT id FROM raw.activity WHERE external_id = 'planted-s3')", "nothing secret has a position: demonstration//planted-s3"},
	{"UPDATE pub.place SET level = 'exact', cell = 1 WHERE activity_id = (SELECT id FROM raw.activity WHERE external_id = 'planted-s2')", "nothing secret has a position: demonstration//planted-s2"},
	{"DELETE FROM pub.withheld", "every secret activity is withheld once: the kingdom"},
	{"INSERT INTO raw.aside (name, definition) VALUES ('findings', '')", "nothing is left aside by a large load: findings"},
	{"UPDATE pub.fact f SET level = 'territory', territory_id = a.territory_id, region_code = a.region_code FROM raw.allocation a JOIN raw.contribution c ON c.id = a.contribution_id AND c.class = 's3' WHERE a.fact_id = f.id", "a secret fact hides among others: the kingdom"},
}

// Every rule of the check finds the row that breaks it, and every rule has such
// a row here.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	s, url := opened(t)
	settled(t, s, demo.New(demo.Options{Contributions: 400, Seed: 6}), 400)
	if got := faults(t, s); len(got) > 0 {
		t.Fatalf("a sound database has faults: %v", got)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	// Nothing that guards the tables may stop the damage.
	if _, err := conn.Exec(t.Context(), `SET session_replication_role = replica;`); err != nil {
		t.Fatal(err)
	}
	contribution := func(sql string) string {
		return strings.ReplaceAll(sql, "contribution('", "(SELECT id FROM raw.contribution WHERE external_id = '")
	}
	for _, d := range damages {
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), contribution(d.sql)); err != nil {
			t.Fatalf("%s: %v", d.sql, err)
		}
		got, err := postgis.CheckIn(t.Context(), tx)
		if err != nil {
			t.Fatalf("%s: %v", d.sql, err)
		}
		if !slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, d.fault) }) {
			t.Errorf("after %q the check finds %v, want %q", d.sql, got, d.fault)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, rule := range postgis.Rules() {
		if !slices.ContainsFunc(damages, func(d struct{ sql, fault string }) bool { return strings.HasPrefix(d.fault, rule) }) {
			t.Errorf("nothing breaks the rule %q", rule)
		}
	}
}
