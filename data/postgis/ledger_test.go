package postgis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

// rows are records of one kind, each as "column: text".
type rows struct {
	kind string
	rows []map[string]string
}

func one(kind string, row map[string]string) rows { return rows{kind, []map[string]string{row}} }

// taken imports sheets and returns what was refused, as "kind line field: reason".
func taken(t testing.TB, s *postgis.Store, sheets ...rows) (data.ImportResult, []string) {
	t.Helper()
	var in []postgis.LedgerSheet
	for _, sheet := range sheets {
		k, ok := data.KindNamed(sheet.kind)
		if !ok {
			t.Fatalf("no kind %s", sheet.kind)
		}
		var records []postgis.LedgerRecord
		for i, row := range sheet.rows {
			rec, bad := k.Read("test", func(c string) string { return row[c] })
			if len(bad) > 0 {
				t.Fatalf("%s %v: %v", sheet.kind, row, bad)
			}
			records = append(records, postgis.LedgerRecord{Line: i + 2, Record: rec})
		}
		in = append(in, postgis.LedgerSheet{Kind: k, Records: slices.Values(records)})
	}
	var refused []string
	res, err := s.ImportLedger(t.Context(), postgis.Operator, data.Import{Kind: "test", Source: "test"}, in, func(r postgis.LedgerRefusal) error {
		refused = append(refused, fmt.Sprintf("%s %d %s: %s", r.Kind.Name, r.Line, r.Field, r.Reason))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return res, refused
}

// asked runs queries as the cluster's owner and returns the rows of the last as
// text.
func asked(t testing.TB, url string, sql ...string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	last := len(sql) - 1
	for _, first := range sql[:last] {
		if _, err := conn.Exec(t.Context(), first); err != nil {
			t.Fatal(err)
		}
	}
	r, err := conn.Query(t.Context(), sql[last])
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(r, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func opened(t testing.TB) (*postgis.Store, string) {
	t.Helper()
	url := pgtest.URL(t)
	s, err := postgis.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, url
}

var (
	organisations = rows{"organisation", []map[string]string{
		{"id": "norfolk-police", "name": "Norfolk Police Example", "kind": "buyer", "sector": "police"},
		{"id": "builder", "name": "Example Builders", "kind": "supplier"},
		{"id": "town-council", "name": "Example Town Council", "kind": "provider"},
	}}
	contract = one("contract", map[string]string{"id": "k1", "buyer": "norfolk-police", "supplier": "builder", "title": "Station repairs", "value": "50000", "starts_on": "2025-04-01"})
)

// The policy's first example: trees within the demise of the police station are
// in the contract's scope, twelve trees in the town council's park are social
// value.
func TestNorfolkTrees(t *testing.T) {
	s, url := opened(t)
	station := one("delivery_site", map[string]string{"id": "d1", "contract": "k1", "name": "Station",
		"demise": `{"type":"Polygon","coordinates":[[[1.29,52.62],[1.30,52.62],[1.30,52.63],[1.29,52.63],[1.29,52.62]]]}`})
	tree := func(id, lat string) map[string]string {
		return map[string]string{"id": id, "supplier": "builder", "contract": "k1", "type": "environmental", "quantity": "12", "unit": "trees",
			"value": "600", "delivered_from": "2025-10-01", "latitude": lat, "longitude": "1.295", "class": "s0"}
	}
	_, refused := taken(t, s, organisations, contract, station, rows{"contribution", []map[string]string{tree("station", "52.625"), tree("park", "52.64")}})
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	standing := `SELECT c.external_id || ' ' || a.standing FROM raw.allocation a JOIN raw.contribution c ON c.id = a.contribution_id ORDER BY 1`
	if diff := cmp.Diff([]string{"park unvalidated", "station in_scope"}, asked(t, url, standing)); diff != "" {
		t.Errorf("standing (-want +got):\n%s", diff)
	}
	// A reviewer may find otherwise, with a reason.
	taken(t, s, one("review", map[string]string{"id": "r1", "contribution": "station", "finding": "inside_demise", "decision": "dismissed", "date": "2025-11-01", "reason": "planted on the verge, which the town council keeps"}))
	if diff := cmp.Diff([]string{"park unvalidated", "station unvalidated"}, asked(t, url, standing)); diff != "" {
		t.Errorf("after the review (-want +got):\n%s", diff)
	}
}

func TestThirdsAddUpToThePenny(t *testing.T) {
	s, url := opened(t)
	taken(t, s, organisations, one("contribution", map[string]string{"id": "c", "supplier": "builder", "type": "donation_money", "value": "100.00", "delivered_from": "2025-04-01",
		"places": "norfolk; suffolk; kent"}))
	got := asked(t, url, `SELECT territory_id || ' ' || pence FROM raw.allocation ORDER BY n`)
	if diff := cmp.Diff([]string{"norfolk 3334", "suffolk 3333", "kent 3333"}, got); diff != "" {
		t.Errorf("a hundred pounds in thirds (-want +got):\n%s", diff)
	}
}

func TestOrderGoesItsWay(t *testing.T) {
	s, url := opened(t)
	imported(t, s, data.Import{}, record(2, "garden", norwich[0], norwich[1]))
	order := one("purchase_order", map[string]string{"id": "o1", "activity": "garden", "supplier": "builder", "type": "donation_money", "value": "500"})
	step := func(id, state, day, reason string) map[string]string {
		return map[string]string{"id": id, "order": "o1", "state": state, "date": day, "reason": reason}
	}
	_, refused := taken(t, s, organisations, order, rows{"order_event", []map[string]string{
		step("e1", "issued", "2025-04-01", ""), step("e2", "accepted", "2025-04-02", ""), step("e3", "audited", "2025-04-03", "")}})
	want := []string{"order_event 4 state: an order that is accepted cannot become audited: it can become cancelled, in_delivery, suspended"}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	if got := asked(t, url, `SELECT state FROM raw.purchase_order`); !slices.Equal(got, []string{"accepted"}) {
		t.Errorf("the order is %v, want accepted", got)
	}
	given := func(day string) rows {
		return one("contribution", map[string]string{"id": "c" + day, "supplier": "builder", "order": "o1", "type": "donation_money", "value": "500", "delivered_from": day})
	}
	if _, refused := taken(t, s, given("2025-03-01")); len(refused) != 1 || !strings.Contains(refused[0], "before its order was issued") {
		t.Errorf("a contribution before its order: %v", refused)
	}
	if _, refused := taken(t, s, given("2025-05-01")); len(refused) != 0 {
		t.Errorf("a contribution under an accepted order: %v", refused)
	}
	// A step on record cannot be told otherwise.
	if _, refused := taken(t, s, rows{"order_event", []map[string]string{step("e2", "declined", "2025-04-02", "no")}}); len(refused) != 1 || !strings.Contains(refused[0], "cannot be changed") {
		t.Errorf("a changed step: %v", refused)
	}
}

func TestContractClosesAfterItsAudit(t *testing.T) {
	s, _ := opened(t)
	closing := one("contract", map[string]string{"id": "k1", "buyer": "norfolk-police", "supplier": "builder", "title": "Station repairs", "value": "50000", "starts_on": "2025-04-01", "closed_on": "2026-03-31"})
	if _, refused := taken(t, s, organisations, closing); len(refused) != 1 || !strings.Contains(refused[0], "without its audit") {
		t.Errorf("closing without audit: %v", refused)
	}
	taken(t, s, contract, one("audit", map[string]string{"id": "a1", "contract": "k1", "decided_on": "2026-03-30", "result": "met"}))
	if _, refused := taken(t, s, closing); len(refused) != 0 {
		t.Errorf("closing after the audit: %v", refused)
	}
}

func TestOneActiveHubARegion(t *testing.T) {
	s, _ := opened(t)
	hub := func(id, ended string) map[string]string {
		return map[string]string{"id": id, "region": "E12000006", "host": "town-council", "commissioned_on": "2025-01-01", "ended_on": ended}
	}
	_, refused := taken(t, s, organisations, rows{"hub", []map[string]string{hub("h1", ""), hub("h2", "")}})
	if len(refused) != 1 || !strings.Contains(refused[0], "active hub already") {
		t.Errorf("two active hubs: %v", refused)
	}
	if _, refused := taken(t, s, rows{"hub", []map[string]string{hub("h1", "2026-01-01"), hub("h2", "")}}); len(refused) != 0 {
		t.Errorf("one after the other: %v", refused)
	}
}

func TestReferencesThatLeadNowhere(t *testing.T) {
	s, _ := opened(t)
	_, refused := taken(t, s, one("contribution", map[string]string{"id": "c", "supplier": "nobody", "type": "donation_money", "value": "1", "delivered_from": "2025-04-01"}))
	if len(refused) != 1 || !strings.Contains(refused[0], `contribution 2 supplier: there is no organisation "nobody"`) {
		t.Errorf("refused %v", refused)
	}
}

// A secret contribution keeps its territory, and nothing else of where.
func TestSecretContribution(t *testing.T) {
	s, url := opened(t)
	taken(t, s, organisations, one("contribution", map[string]string{"id": "c", "title": "Beds for the refuge", "supplier": "builder", "type": "donation_goods", "value": "900",
		"delivered_from": "2025-05-20", "territory": "norfolk", "postcode": "NR1 3JU", "latitude": "52.6309", "longitude": "1.2974"}))
	got := asked(t, url, `SELECT concat_ws(' ', c.latitude, c.postcode, c.title, a.geom::text, a.cell, a.area_code, a.territory_id) FROM raw.contribution c JOIN raw.allocation a ON a.contribution_id = c.id`)
	if diff := cmp.Diff([]string{"norfolk"}, got); diff != "" {
		t.Errorf("stored of where (-want +got):\n%s", diff)
	}
	// Alone in its quarter it would be singled out, so it rises.
	got = asked(t, url, `SELECT concat_ws(' ', level, day, pence, territory_id, region_code, contribution_id, buyer_id, supplier_id, provider_id, activity_id, contract_id, measure, area_code, cell) FROM pub.fact`)
	if diff := cmp.Diff([]string{"uk 2025-01-01 90000"}, got); diff != "" {
		t.Errorf("public fact (-want +got):\n%s", diff)
	}
}

// Whatever is imported in whatever order, changed and imported again: what is
// allocated is what was contributed, and what is public is what was allocated.
func TestLedgerAddsUp(t *testing.T) {
	s, url := opened(t)
	imported(t, s, data.Import{}, record(2, "garden", norwich[0], norwich[1]), record(3, "club", -0.1276, 51.5072))
	taken(t, s, organisations, contract)
	places := []string{"", "norfolk", "E07000148=2; kent=1", "norfolk=7;suffolk=11;police-scotland=13", "ZZ1 1ZZ"}
	rapid.Check(t, func(rt *rapid.T) {
		var batch []map[string]string
		for range rapid.IntRange(1, 8).Draw(rt, "rows") {
			row := map[string]string{
				"id": fmt.Sprint("c", rapid.IntRange(1, 12).Draw(rt, "id")), "supplier": "builder", "type": "donation_money",
				"value":          data.Pence(rapid.Int64Range(1, 1e9).Draw(rt, "pence")).Pounds(),
				"delivered_from": "2025-06-01", "places": rapid.SampledFrom(places).Draw(rt, "places"),
				"activity": rapid.SampledFrom([]string{"", "garden", "club"}).Draw(rt, "activity"),
			}
			if rapid.Bool().Draw(rt, "quantity") {
				row["quantity"], row["unit"] = data.Quantity(rapid.Int64Range(1, 1e6).Draw(rt, "milli")).String(), "hours"
			}
			batch = append(batch, row)
		}
		taken(t, s, rows{"contribution", batch})
		res, _ := taken(t, s, rows{"contribution", batch})
		if res.Added+res.Changed != 0 {
			rt.Fatalf("the same batch again: %+v", res)
		}
		sums := asked(t, url, `SELECT concat_ws(' ', sum(value_pence), sum(COALESCE(quantity_milli, 0))) FROM raw.contribution
			UNION ALL SELECT concat_ws(' ', sum(pence), sum(quantity_milli)) FROM raw.allocation
			UNION ALL SELECT concat_ws(' ', sum(pence), sum(quantity_milli)) FROM pub.fact`)
		if sums[0] != sums[1] || sums[1] != sums[2] {
			rt.Fatalf("contributed, allocated, public: %v", sums)
		}
	})
}

// findings lists what is suspected, as "kind first other state".
func findings(t testing.TB, url string) []string {
	return asked(t, url, `SELECT concat_ws(' ', f.kind, least(a.external_id, b.external_id), CASE WHEN b.id IS NOT NULL THEN greatest(a.external_id, b.external_id) END, f.state)
		FROM raw.finding f JOIN raw.contribution a ON a.id = f.contribution_id LEFT JOIN raw.contribution b ON b.id = f.other_id ORDER BY 1`)
}

func TestDoubleCounting(t *testing.T) {
	s, url := opened(t)
	second := one("contract", map[string]string{"id": "k2", "buyer": "norfolk-police", "supplier": "builder", "title": "Another", "starts_on": "2025-04-01"})
	given := func(id, contract, lat string, extra ...string) map[string]string {
		row := map[string]string{"id": id, "supplier": "builder", "contract": contract, "provider": "town-council", "type": "professional_advice_pro_bono", "measure": "norfolk:PC4",
			"quantity": "10", "unit": "hours", "delivered_from": "2025-10-01", "delivered_to": "2025-10-31", "latitude": lat, "longitude": "1.295"}
		for i := 0; i+1 < len(extra); i += 2 {
			row[extra[i]] = extra[i+1]
		}
		return row
	}
	hash := strings.Repeat("ab", 32)
	_, refused := taken(t, s, organisations, contract, second, rows{"contribution", []map[string]string{
		given("here", "k1", "52.6300"), given("near", "k2", "52.6310"), // 111 metres apart
		given("far", "k2", "52.6400"), given("later", "k2", "52.6300", "delivered_from", "2025-12-01", "delivered_to", "2025-12-31"),
		given("half", "k1", "52.70", "share", "2/3", "joint", "fair"), given("rest", "k2", "52.70", "share", "1/2", "joint", "fair"),
	}}, rows{"evidence", []map[string]string{
		{"id": "e1", "contribution": "far", "kind": "photo", "sha256": hash}, {"id": "e2", "contribution": "later", "kind": "photo", "sha256": hash}}})
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	want := []string{
		"over_the_whole half suspected", "over_the_whole rest suspected",
		"same_evidence far later suspected", "same_place_and_time here near suspected",
	}
	if diff := cmp.Diff(want, findings(t, url)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	// Norfolk's policy gives no grace period, so a confirmed one never lapses.
	taken(t, s, one("review", map[string]string{"id": "r", "contribution": "near", "other": "here", "finding": "same_place_and_time", "decision": "confirmed", "date": "2026-01-01", "reason": "one event, claimed twice"}))
	if got := findings(t, url); !slices.Contains(got, "same_place_and_time here near confirmed") {
		t.Errorf("after the review: %v", got)
	}
	if got := asked(t, url, `SELECT COALESCE(grace_until::text, 'none') FROM raw.finding WHERE state = 'confirmed'`); !slices.Equal(got, []string{"none"}) {
		t.Errorf("grace until %v, want none, as the policy leaves it open", got)
	}
}

// faults lists what the check finds, as "rule: subject".
func faults(t testing.TB, s *postgis.Store) []string {
	t.Helper()
	var out []string
	if err := s.Check(t.Context(), postgis.Operator, func(f postgis.Fault) error {
		out = append(out, f.Rule+": "+f.Subject)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// Under other boundaries a contribution lies where these say, and still adds
// up.
func TestBoundariesMoveContributions(t *testing.T) {
	s, url := opened(t)
	taken(t, s, organisations, one("contribution", map[string]string{"id": "c", "supplier": "builder", "type": "donation_money", "value": "12.34", "delivered_from": "2025-06-01",
		"latitude": "52.6309", "longitude": "1.2974"}))
	where := `SELECT a.territory_id || ' ' || f.territory_id || ' ' || f.pence FROM raw.allocation a JOIN pub.fact f ON f.id = a.fact_id`
	if got := asked(t, url, where); !slices.Equal(got, []string{"norfolk norfolk 1234"}) {
		t.Fatalf("before: %v", got)
	}
	// Norfolk and Suffolk change places.
	sets, err := s.CurrentBoundaries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var territories data.BoundarySet
	for _, b := range sets {
		if b.Kind == data.BoundaryTerritory {
			territories = b
		}
	}
	other := map[string]string{"norfolk": "suffolk", "suffolk": "norfolk"}
	for i, sh := range territories.Shapes {
		if code, swap := other[sh.Code]; swap {
			territories.Shapes[i].Code = code
		}
	}
	if _, err := s.LoadBoundaries(t.Context(), postgis.Operator, []data.BoundarySet{territories}, false); err != nil {
		t.Fatal(err)
	}
	if got := asked(t, url, where); !slices.Equal(got, []string{"suffolk suffolk 1234"}) {
		t.Errorf("after: %v", got)
	}
	if got := faults(t, s); len(got) > 0 {
		t.Errorf("faults: %v", got)
	}
}
