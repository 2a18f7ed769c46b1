package postgis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// standings lists every part, as "contribution standing pence thousandths
// territory".
func standings(t testing.TB, url string) []string {
	t.Helper()
	return asked(t, url, `SELECT concat_ws(' ', c.external_id, a.standing, a.pence, a.quantity_milli, a.territory_id)
		FROM raw.allocation a JOIN raw.contribution c ON c.id = a.contribution_id ORDER BY c.external_id, a.n`)
}

// The policy's second example: two apprentices who live in Norfolk and were
// employed before give some social value, two more that are recruited give
// additional. How much is some, Norfolk leaves open; a plan that fixes it
// counts that part.
func TestNorfolkApprentices(t *testing.T) {
	s, url := opened(t)
	job := func(id, additionality, area, measure string) map[string]string {
		return map[string]string{"id": id, "supplier": "builder", "contract": "k1", "type": "employment", "quantity": "2", "unit": "people", "value": "30000",
			"delivered_from": "2025-10-01", "additionality": additionality, "residence_area": area, "measure": measure}
	}
	_, refused := taken(t, s, organisations, contract, rows{"contribution", []map[string]string{
		job("a-continued", "continued", "E07000148", "norfolk:CC1"), job("b-additional", "additional", "E07000148", "norfolk:CC1"),
		job("c-from-suffolk", "additional", "Ipswich", "norfolk:CC1"),
	}})
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	want := []string{
		"a-continued continued 3000000 2000 norfolk", "b-additional unvalidated 3000000 2000 norfolk",
		"c-from-suffolk elsewhere 3000000 2000 suffolk",
	}
	if diff := cmp.Diff(want, standings(t, url)); diff != "" {
		t.Errorf("where the policy leaves it open (-want +got):\n%s", diff)
	}
	// A policy that counts a third of it, from 2026 on, changes what was
	// delivered from then on.
	taken(t, s, one("policy", map[string]string{"id": "norfolk-2026", "plan": "norfolk", "title": "Second policy", "continued_fraction": "1/3", "valid_from": "2026-01-01"}))
	if diff := cmp.Diff(want, standings(t, url)); diff != "" {
		t.Errorf("before the second policy (-want +got):\n%s", diff)
	}
	taken(t, s, one("policy", map[string]string{"id": "norfolk-2026", "plan": "norfolk", "title": "Second policy", "continued_fraction": "1/3", "valid_from": "2025-09-01"}))
	want = slices.Replace(want, 0, 1, "a-continued unvalidated 1000000 666 norfolk", "a-continued continued 2000000 1334 norfolk")
	if diff := cmp.Diff(want, standings(t, url)); diff != "" {
		t.Errorf("with the second policy in force (-want +got):\n%s", diff)
	}
	if wrong := faults(t, s); len(wrong) > 0 {
		t.Error(wrong)
	}
}

// A suspected contribution stays claimed, whatever it says; one that is upheld
// falls, and the other one stands again. Nothing is deleted.
func TestSuspectedStaysClaimed(t *testing.T) {
	s, url := opened(t)
	second := one("contract", map[string]string{"id": "k2", "buyer": "norfolk-police", "supplier": "builder", "title": "Another", "starts_on": "2025-04-01"})
	given := func(id, contract string) map[string]string {
		return map[string]string{"id": id, "supplier": "builder", "contract": contract, "provider": "town-council", "type": "professional_advice_pro_bono", "measure": "norfolk:PC4",
			"quantity": "10", "unit": "hours", "delivered_from": "2025-10-01", "latitude": "52.63", "longitude": "1.295", "state": "audited"}
	}
	states := func() string {
		return strings.Join(asked(t, url, `SELECT c.external_id || ' ' || f.state FROM pub.fact f JOIN raw.contribution c ON c.id = f.contribution_id ORDER BY 1`), ", ")
	}
	taken(t, s, organisations, contract, second, one("contribution", given("first", "k1")))
	if got := states(); got != "first audited" {
		t.Errorf("alone: %s", got)
	}
	taken(t, s, one("contribution", given("second", "k2")))
	if got := states(); got != "first claimed, second claimed" {
		t.Errorf("suspected: %s", got)
	}
	review := func(id, decision, day string) {
		taken(t, s, one("review", map[string]string{"id": id, "contribution": "second", "other": "first", "finding": "same_place_and_time", "decision": decision, "date": day, "reason": "one event"}))
	}
	review("r1", "confirmed", "2026-01-01")
	review("r2", "upheld", "2026-03-01")
	if got := states(); got != "first audited, second rejected" {
		t.Errorf("upheld: %s", got)
	}
	review("r3", "dismissed", "2026-04-01")
	if got := states(); got != "first audited, second audited" {
		t.Errorf("dismissed after all: %s", got)
	}
	if wrong := faults(t, s); len(wrong) > 0 {
		t.Error(wrong)
	}
}

// Secret facts rise until three for two providers hide one another, and come
// down again when company arrives.
func TestSecretFactsRise(t *testing.T) {
	s, url := opened(t)
	providers := rows{"organisation", []map[string]string{{"id": "p1", "name": "One", "kind": "provider"}, {"id": "p2", "name": "Two", "kind": "provider"}, {"id": "builder", "name": "Example Builders", "kind": "supplier"}}}
	secret := func(id, territory, provider, day string) map[string]string {
		return map[string]string{"id": id, "supplier": "builder", "provider": provider, "type": "donation_goods", "value": "100", "delivered_from": day, "territory": territory, "class": "s3"}
	}
	shown := func() []string {
		return asked(t, url, `SELECT concat_ws(' ', c.external_id, f.level, COALESCE(f.territory_id, f.region_code), f.day)
			FROM pub.fact f JOIN raw.allocation a ON a.fact_id = f.id JOIN raw.contribution c ON c.id = a.contribution_id ORDER BY 1`)
	}
	taken(t, s, providers, rows{"contribution", []map[string]string{
		secret("a", "norfolk", "p1", "2025-05-20"), secret("b", "norfolk", "p1", "2025-05-21"), secret("c", "suffolk", "p2", "2025-06-01"), secret("d", "kent", "p2", "2025-06-01"),
	}})
	want := []string{"a region E12000006 2025-04-01", "b region E12000006 2025-04-01", "c region E12000006 2025-04-01", "d uk 2025-01-01"}
	if diff := cmp.Diff(want, shown()); diff != "" {
		t.Errorf("few (-want +got):\n%s", diff)
	}
	taken(t, s, one("contribution", secret("e", "norfolk", "p2", "2025-04-02")))
	want = []string{"a territory norfolk 2025-04-01", "b territory norfolk 2025-04-01", "c uk 2025-01-01", "d uk 2025-01-01", "e territory norfolk 2025-04-01"}
	if diff := cmp.Diff(want, shown()); diff != "" {
		t.Errorf("with company (-want +got):\n%s", diff)
	}
	// Company that leaves takes the others up again.
	taken(t, s, one("contribution", secret("e", "kent", "p2", "2025-04-02")))
	want = []string{"a region E12000006 2025-04-01", "b region E12000006 2025-04-01", "c region E12000006 2025-04-01", "d uk 2025-01-01", "e uk 2025-01-01"}
	if diff := cmp.Diff(want, shown()); diff != "" {
		t.Errorf("without it (-want +got):\n%s", diff)
	}
}

// A territory's plan comes by file, its measures with it, and contributions
// under them in the same programme. Codes are everybody's.
func TestPlanByFile(t *testing.T) {
	s, url := opened(t)
	plan := one("plan", map[string]string{"id": "essex", "title": "Essex plan", "territories": "Essex"})
	priority := one("priority", map[string]string{"id": "essex:prevention", "plan": "essex", "name": "Prevention"})
	measure := one("measure", map[string]string{"id": "essex:M1", "priority": "essex:prevention", "name": "Hours for youth clubs", "types": "volunteering_time", "units": "hours", "class": "s2", "frameworks": "SVD:youth"})
	given := one("contribution", map[string]string{"id": "c", "supplier": "builder", "type": "volunteering_time", "measure": "M1", "quantity": "5", "unit": "hours", "delivered_from": "2025-10-01", "territory": "essex"})
	_, refused := taken(t, s, given, measure, priority, plan, organisations)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	got := asked(t, url, `SELECT concat_ws(' ', c.measure, c.class, f.priority) FROM raw.contribution c JOIN pub.fact f ON f.contribution_id = c.id`)
	if diff := cmp.Diff([]string{"essex:M1 s2 essex:prevention"}, got); diff != "" {
		t.Errorf("under a plan of the same programme (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		sheet rows
		want  string
	}{
		{one("measure", map[string]string{"id": "norfolk:PC1", "priority": "norfolk:preventing-crime", "name": "Mine", "types": "in_kind", "units": "hours"}), "the code norfolk:PC1 is taken by a record of the source reference"},
		{one("priority", map[string]string{"id": "nowhere:p", "plan": "nowhere", "name": "P"}), "there is no plan nowhere"},
		{one("adoption", map[string]string{"id": "a", "organisation": "builder", "plan": "nowhere", "extent": "full", "adopted_on": "2025-01-01"}), "there is no plan nowhere"},
	} {
		if _, refused := taken(t, s, tt.sheet); len(refused) != 1 || !strings.Contains(refused[0], tt.want) {
			t.Errorf("%s: refused %v, want …%s…", tt.sheet.kind, refused, tt.want)
		}
	}
}

// The change of government in May 2028, and one mayor over two territories:
// rows alone, and what was said of earlier days stays as it was.
func TestGovernanceChangesByRows(t *testing.T) {
	s, url := opened(t)
	on := func(day string) []string {
		return asked(t, url, fmt.Sprintf(`SELECT g.territory_id || ' ' || b.name FROM pub.governance g JOIN pub.policing_body b ON b.id = g.body_id
			WHERE g.territory_id IN ('norfolk', 'suffolk', 'kent') AND g.valid_from <= '%[1]s' AND g.valid_to > '%[1]s' ORDER BY 1`, day))
	}
	before := on("2026-01-01")
	if len(before) != 3 {
		t.Fatalf("today %v", before)
	}
	_, refused := taken(t, s,
		rows{"policing_body", []map[string]string{{"id": "mayor-of-norfolk-and-suffolk", "kind": "mayor_ca", "name": "Mayor of Norfolk and Suffolk"}, {"id": "kent-board", "kind": "policing_and_crime_board", "name": "Kent Policing and Crime Board"}}},
		rows{"governance", []map[string]string{
			{"id": "n", "body": "mayor-of-norfolk-and-suffolk", "territory": "norfolk", "valid_from": "2028-05-08"},
			{"id": "s", "body": "mayor-of-norfolk-and-suffolk", "territory": "suffolk", "valid_from": "2028-05-08"},
			{"id": "k", "body": "kent-board", "territory": "kent", "valid_from": "2028-05-08"}}})
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	for _, day := range []string{"2026-01-01", "2028-05-07"} {
		if diff := cmp.Diff(before, on(day)); diff != "" {
			t.Errorf("on %s (-want +got):\n%s", day, diff)
		}
	}
	want := []string{"kent Kent Policing and Crime Board", "norfolk Mayor of Norfolk and Suffolk", "suffolk Mayor of Norfolk and Suffolk"}
	if diff := cmp.Diff(want, on("2028-05-08")); diff != "" {
		t.Errorf("from then on (-want +got):\n%s", diff)
	}
}

// Where value comes from: the site that the record names, else the only one.
func TestOrigins(t *testing.T) {
	s, url := opened(t)
	given := func(id, site string) map[string]string {
		return map[string]string{"id": id, "supplier": "builder", "contract": "k1", "site": site, "type": "donation_money", "value": "1", "delivered_from": "2025-10-01", "territory": "norfolk"}
	}
	origins := func() string {
		return strings.Join(asked(t, url, `SELECT concat_ws(' ', c.external_id, COALESCE(f.supplier_territory, '-'), COALESCE(f.buyer_territory, '-'))
			FROM pub.fact f JOIN raw.contribution c ON c.id = f.contribution_id ORDER BY 1`), ", ")
	}
	depot := map[string]string{"id": "depot", "organisation": "builder", "area_code": "Ipswich"}
	taken(t, s, organisations, contract, one("site", depot), one("footprint", map[string]string{"id": "f", "buyer": "norfolk-police", "territory": "norfolk"}), rows{"contribution", []map[string]string{given("any", ""), given("told", "depot")}})
	if got, want := origins(), "any suffolk norfolk, told suffolk norfolk"; got != want {
		t.Errorf("one site: %s, want %s", got, want)
	}
	taken(t, s, one("site", map[string]string{"id": "yard", "organisation": "builder", "territory": "kent"}))
	if got, want := origins(), "any - norfolk, told suffolk norfolk"; got != want {
		t.Errorf("two sites: %s, want %s", got, want)
	}
}

// Activities are records of a programme like any other, and what was given to
// one follows it when it moves, and is hidden with it when it becomes secret.
func TestContributionsFollowTheirActivity(t *testing.T) {
	s, url := opened(t)
	club := func(lat, lon, class string) rows {
		return one("activity", map[string]string{"id": "club", "name": "Boxing club", "provider": "Example Trust", "themes": "safer", "latitude": lat, "longitude": lon, "class": class})
	}
	given := rows{"contribution", []map[string]string{
		{"id": "follows", "supplier": "builder", "activity": "club", "type": "donation_money", "value": "10", "delivered_from": "2025-10-01"},
		{"id": "placed", "supplier": "builder", "activity": "club", "type": "donation_money", "value": "10", "delivered_from": "2025-10-01", "postcode": "NR1 3JU", "latitude": "52.6309", "longitude": "1.2974"},
	}}
	_, refused := taken(t, s, given, club("52.63", "1.29", "s0"), organisations)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	where := func() string {
		return strings.Join(asked(t, url, `SELECT concat_ws(' ', c.external_id, c.class, f.level, COALESCE(f.territory_id, '-'), COALESCE(c.postcode, '-'), a.geom IS NULL)
			FROM raw.contribution c JOIN raw.allocation a ON a.contribution_id = c.id JOIN pub.fact f ON f.id = a.fact_id ORDER BY 1`), ", ")
	}
	if got, want := where(), "follows s1 cell norfolk - f, placed s1 cell norfolk NR1 3JU f"; got != want {
		t.Errorf("in one programme: %s, want %s", got, want)
	}
	taken(t, s, club("52.05", "1.15", "s0"))
	if got, want := where(), "follows s1 cell suffolk - f, placed s1 cell norfolk NR1 3JU f"; got != want {
		t.Errorf("moved to Ipswich: %s, want %s", got, want)
	}
	taken(t, s, club("52.05", "1.15", "s3"))
	if got, want := where(), "follows s3 uk - - t, placed s3 uk - - t"; got != want {
		t.Errorf("secret: %s, want %s", got, want)
	}
	// The file of activities has a way in of its own, with the same end.
	if wrong := faults(t, s); len(wrong) > 0 {
		t.Error(wrong)
	}
	_, refused = taken(t, s, one("activity", map[string]string{"id": "lost", "name": "Nowhere known", "provider": "Example Trust", "territory": "atlantis"}))
	if len(refused) != 1 || !strings.HasPrefix(refused[0], "activity 2 territory:") {
		t.Errorf("refused %v", refused)
	}
}
