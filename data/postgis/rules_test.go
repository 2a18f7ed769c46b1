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

// Where no policy is in force, nothing says which part of continued employment
// counts: all of it is shown apart, and the contribution still adds up.
func TestContinuedWithoutPolicy(t *testing.T) {
	s, url := opened(t)
	taken(t, s, organisations, one("contribution", map[string]string{"id": "c", "supplier": "builder", "type": "employment", "quantity": "2", "unit": "people", "value": "30000",
		"delivered_from": "2025-10-01", "additionality": "continued", "territory": "kent"}))
	if diff := cmp.Diff([]string{"c continued 3000000 2000 kent"}, standings(t, url)); diff != "" {
		t.Errorf("standing (-want +got):\n%s", diff)
	}
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
	taken(t, s, rows{"evidence", []map[string]string{
		{"id": "e1", "contribution": "first", "kind": "timesheet", "uri": "https://example.org/1"}, {"id": "e2", "contribution": "second", "kind": "timesheet", "uri": "https://example.org/2"}}})
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

// shown runs a query as anyone may, and returns its rows as text.
func shown(t testing.TB, url, sql string) []string {
	t.Helper()
	return asked(t, url, "SET ROLE tributary_public", sql)
}

// A supplier is invited on the day that its payments reach the threshold
// within the rolling twelve months: the day counts, the same day a year before
// does not, a leap day does, several payments of a day count together, and
// payments under a contract that is over the threshold itself do not.
func TestInvitations(t *testing.T) {
	base := rows{"organisation", []map[string]string{
		{"id": "norfolk-police", "name": "Norfolk Police Example", "kind": "buyer", "sector": "police"},
		{"id": "builder", "name": "Example Builders", "kind": "supplier"},
	}}
	home := one("footprint", map[string]string{"id": "f", "buyer": "norfolk-police", "territory": "norfolk"})
	contracts := rows{"contract", []map[string]string{
		{"id": "over", "buyer": "norfolk-police", "supplier": "builder", "title": "Over", "value": "5000.01", "starts_on": "2023-01-01"},
		{"id": "at", "buyer": "norfolk-police", "supplier": "builder", "title": "At", "value": "5000.00", "starts_on": "2023-01-01"},
	}}
	for _, tt := range []struct {
		name string
		paid []string // day=pounds[=contract]
		want string
	}{
		{"reached exactly", []string{"2024-03-01=2000", "2024-09-01=3000"}, "2024-09-01 500000"},
		{"a penny short", []string{"2024-03-01=2000", "2024-09-01=2999.99"}, ""},
		{"on one day", []string{"2024-03-01=2500", "2024-03-01=2500"}, "2024-03-01 500000"},
		{"a year apart to the day", []string{"2024-03-01=2500", "2025-03-01=2500"}, ""},
		{"a year apart less a day", []string{"2024-03-02=2500", "2025-03-01=2500"}, "2025-03-01 500000"},
		{"from the leap day on", []string{"2024-02-29=2500", "2025-02-28=2500"}, "2025-02-28 500000"},
		{"to the leap day", []string{"2023-02-28=2500", "2024-02-29=2500"}, ""},
		{"to the leap day less a day", []string{"2023-03-01=2500", "2024-02-29=2500"}, "2024-02-29 500000"},
		{"under a contract that is over", []string{"2024-03-01=4000=over", "2024-04-01=1000"}, ""},
		{"under a contract at the threshold", []string{"2024-03-01=4000=at", "2024-04-01=1000"}, "2024-04-01 500000"},
		{"a refund", []string{"2024-03-01=6000", "2024-03-01=-2000"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, url := opened(t)
			paid := rows{kind: "transaction"}
			for i, p := range tt.paid {
				f := append(strings.Split(p, "="), "")
				paid.rows = append(paid.rows, map[string]string{"id": fmt.Sprint(i), "buyer": "norfolk-police", "supplier": "builder", "date": f[0], "amount": f[1], "contract": f[2]})
			}
			if _, refused := taken(t, s, base, home, contracts, paid); len(refused) > 0 {
				t.Fatal(refused)
			}
			got := strings.Join(shown(t, url, "SELECT invited_on || ' ' || pence FROM pub.invitation"), ", ")
			if got != tt.want {
				t.Errorf("invited %q, want %q", got, tt.want)
			}
		})
	}
}

// Progress is due when the update says, else by the policy's interval, which
// Norfolk's leaves open.
func TestUpdatesAreDue(t *testing.T) {
	s, url := opened(t)
	home := one("footprint", map[string]string{"id": "f", "buyer": "norfolk-police", "territory": "norfolk"})
	updates := rows{"progress_update", []map[string]string{
		{"id": "told", "contract": "k1", "period_start": "2025-04-01", "period_end": "2025-06-30", "due_on": "2025-07-15"},
		{"id": "untold", "contract": "k1", "period_start": "2025-07-01", "period_end": "2025-09-30"},
	}}
	taken(t, s, organisations, home, contract, updates)
	due := func() string {
		return strings.Join(shown(t, url, "SELECT COALESCE(due_on::text, 'open') FROM pub.progress_update ORDER BY period_start"), ", ")
	}
	if got := due(); got != "2025-07-15, open" {
		t.Errorf("due %s", got)
	}
	taken(t, s, one("policy", map[string]string{"id": "p2", "plan": "norfolk", "title": "Second policy", "update_days": "30", "valid_from": "2025-01-01"}))
	if got := due(); got != "2025-07-15, 2025-10-30" {
		t.Errorf("with an interval due %s", got)
	}
}

// What anyone may see: nothing of what hangs on a secret activity or a secret
// contract, no story without consent, no estimate before two observations, no
// register entry of a person.
func TestWhatIsShown(t *testing.T) {
	s, url := opened(t)
	taken(t, s, organisations, contract,
		one("organisation", map[string]string{"id": "anna", "name": "Anna Example", "kind": "provider", "sole_trader": "yes"}),
		rows{"activity", []map[string]string{
			{"id": "open", "name": "Chess club", "provider": "Example Trust", "latitude": "52.63", "longitude": "1.29", "class": "s0"},
			{"id": "secret", "name": "House", "provider": "Example Refuge", "territory": "norfolk", "class": "s3"}}},
		rows{"need", []map[string]string{{"id": "n1", "activity": "open", "type": "volunteering_time"}, {"id": "n2", "activity": "secret", "type": "donation_goods"}}},
		rows{"contract", []map[string]string{{"id": "k3", "buyer": "norfolk-police", "supplier": "builder", "title": "Works at the women's refuge", "starts_on": "2025-04-01"}}},
		rows{"document", []map[string]string{
			{"id": "d1", "kind": "story", "title": "Told", "activity": "open", "consent": "form 7"},
			{"id": "d2", "kind": "story", "title": "Of the secret one", "activity": "secret", "consent": "form 8"},
			{"id": "d3", "kind": "pledge", "title": "Civic agreement", "organisation": "town-council"}}},
		one("indicator", map[string]string{"id": "i", "title": "Calls", "unit": "calls", "direction": "lower", "domain": "policing"}),
		rows{"observation", []map[string]string{
			{"id": "o1", "indicator": "i", "activity": "open", "period_start": "2024-01-01", "period_end": "2024-12-31", "value": "5", "published": "yes"},
			{"id": "o2", "indicator": "i", "activity": "secret", "period_start": "2024-01-01", "period_end": "2024-12-31", "value": "6", "published": "yes"},
			{"id": "o3", "indicator": "i", "territory": "kent", "period_start": "2024-01-01", "period_end": "2024-12-31", "value": "7"}}},
		one("saving_estimate", map[string]string{"id": "s", "activity": "open", "agency": "policing", "period_start": "2024-01-01", "period_end": "2024-12-31", "low": "1", "central": "2", "high": "3", "cost_source": "x"}),
		rows{"register_entry", []map[string]string{
			{"id": "r1", "organisation": "town-council", "territory": "norfolk", "welcomes": "yes", "types": "donation_goods", "confirmed_on": "2024-02-29"},
			{"id": "r2", "organisation": "anna", "territory": "norfolk", "welcomes": "yes", "types": "donation_goods", "confirmed_on": "2025-01-01"}}},
	)
	for sql, want := range map[string]string{
		"SELECT type FROM pub.need":                                      "volunteering_time",
		"SELECT title FROM pub.contract":                                 "Station repairs",
		"SELECT title FROM pub.document ORDER BY 1":                      "Civic agreement, Told",
		"SELECT value::text FROM pub.observation":                        "5",
		"SELECT grade FROM pub.saving_estimate":                          "",
		"SELECT organisation || ' ' || stale_on FROM pub.register_entry": "Example Town Council 2025-02-28",
	} {
		if got := strings.Join(shown(t, url, sql), ", "); got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
	taken(t, s, one("observation", map[string]string{"id": "o4", "indicator": "i", "activity": "open", "period_start": "2025-01-01", "period_end": "2025-12-31", "value": "4", "published": "yes"}))
	if got := shown(t, url, "SELECT central_pence::text FROM pub.saving_estimate"); !slices.Equal(got, []string{"200"}) {
		t.Errorf("after a second observation: %v", got)
	}
}
