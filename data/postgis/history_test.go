package postgis_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/geo"
)

// figures are the territories' figures on a day, and the facts' sums.
func figures(t testing.TB, s *postgis.Store, url, day string) []string {
	t.Helper()
	d, err := data.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Territories(t.Context(), data.Filter{AsAt: d})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{fmt.Sprintf("%d territories", len(rows))}
	for _, r := range rows {
		if r.Activities > 0 {
			out = append(out, fmt.Sprintf("%s %d activities, %s", r.ID, r.Activities, r.Body.Name))
		}
	}
	sums := asked(t, url, fmt.Sprintf(`SELECT concat_ws(' ', CASE WHEN w.fact_id IS NULL THEN f.territory_id ELSE w.territory_id END, sum(f.pence))
		FROM pub.fact f LEFT JOIN pub.fact_territory((SELECT id FROM pub.boundary_set WHERE kind = 'territory' AND NOT current AND valid_from <= '%[1]s' AND valid_to > '%[1]s')) w ON w.fact_id = f.id
		GROUP BY CASE WHEN w.fact_id IS NULL THEN f.territory_id ELSE w.territory_id END ORDER BY 1`, day))
	return append(out, sums...)
}

// told31March is what flow, totals, heat and the rows behind them say as at the
// day before the merger: everything but the version.
func told31March(t testing.TB, s *postgis.Store) []string {
	t.Helper()
	day, _ := data.ParseDate("2026-03-31")
	var out []string
	say := func(v any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	for _, f := range []data.Filter{{AsAt: day}, {AsAt: day, Territory: []geo.TerritoryID{"norfolk"}}, {AsAt: day, Region: []geo.RegionCode{"E12000006"}}} {
		for _, by := range [][]data.Dimension{{data.ByTerritory}, {data.ByRegion}, {data.BySupplier, data.ByTerritory}, {data.BySupplierTerritory, data.ByTerritory}, {data.BySupplierRegion}, {data.ByBuyer, data.ByBuyerTerritory}, {data.ByBuyerRegion}} {
			b, err := s.Breakdown(t.Context(), f, by...)
			flow := data.NewFlow(b, nil, 0, func(_ data.Dimension, v string) string { return v })
			flow.Say("")
			flow.Version = 0
			say(flow, err)
		}
		totals, err := s.Totals(t.Context(), f)
		totals.Version = 0
		say(totals, err)
		h, err := s.Heat(t.Context(), data.HeatQuery{Filter: f, Res: 6, Metric: data.MetricPence})
		h.Version = 0
		say(h, err)
		rows, err := s.Contributions(t.Context(), f, data.View{Limit: 100})
		for i := range rows.Items {
			rows.Items[i].Fact = 0
		}
		slices.SortFunc(rows.Items, func(a, b data.PublicContribution) int { return strings.Compare(a.Contribution, b.Contribution) })
		say(rows, err)
		k, _ := data.ReportNamed("delivery")
		r, err := s.Report(t.Context(), k, f, 0)
		say(r, err)
	}
	return out
}

// Two forces merge: one row that names its predecessors. From that day on
// everything in them lies in the new territory, whatever code it was given by;
// answers for the days before stay as they were, also for what is imported
// later.
func TestForcesMerge(t *testing.T) {
	s, url := opened(t)
	given := func(id, field, value string) map[string]string {
		return map[string]string{"id": id, "supplier": "builder", "type": "donation_money", "value": "10", "delivered_from": "2025-10-01", field: value}
	}
	activities := rows{"activity", []map[string]string{
		{"id": "a", "name": "Chess club", "provider": "Example Trust", "latitude": "52.63", "longitude": "1.29", "class": "s0"},
		{"id": "b", "name": "Go club", "provider": "Example Trust", "latitude": "52.05", "longitude": "1.15", "class": "s0"},
		{"id": "c", "name": "Draughts club", "provider": "Example Trust", "latitude": "51.5", "longitude": "-0.12", "class": "s0"}}}
	contributions := rows{"contribution", []map[string]string{
		given("by-code", "territory", "norfolk"), given("by-district", "area_code", "Ipswich"), given("by-activity", "activity", "a"), given("elsewhere", "territory", "kent"),
	}}
	// One supplier's district is known, of the other site the territory alone.
	sites := rows{"site", []map[string]string{
		{"id": "yard", "organisation": "builder", "name": "Yard", "area_code": "E07000148"}, {"id": "office", "organisation": "builder", "name": "Office", "territory": "kent"}}}
	for i, site := range []string{"yard", "office", "yard", "yard"} {
		contributions.rows[i]["site"] = site
	}
	// One buyer's area is told by its district, the other's by the territory.
	buyers := []rows{
		one("organisation", map[string]string{"id": "ipswich", "name": "Ipswich Council Example", "kind": "buyer", "sector": "council"}),
		{"footprint", []map[string]string{{"id": "f1", "buyer": "norfolk-police", "territory": "norfolk"}, {"id": "f2", "buyer": "ipswich", "area_code": "Ipswich"}}},
		{"contract", []map[string]string{contract.rows[0], {"id": "k2", "buyer": "ipswich", "supplier": "builder", "title": "Roads", "starts_on": "2025-04-01"}}},
	}
	for i, k := range []string{"k1", "k2", "k2"} {
		contributions.rows[i]["contract"] = k
	}
	if _, refused := taken(t, s, slices.Concat([]rows{organisations}, buyers, []rows{sites, activities, contributions})...); len(refused) > 0 {
		t.Fatal(refused)
	}
	before := figures(t, s, url, "2026-03-31")
	flowBefore := told31March(t, s)
	if told := strings.Join(flowBefore, ""); !strings.Contains(told, `"norfolk"`) || !strings.Contains(told, `"suffolk"`) {
		t.Fatalf("nothing came from Norfolk or Suffolk before: %s", told)
	}
	want := []string{"45 territories", "metropolitan 1 activities, Mayor's Office for Policing and Crime", "norfolk 1 activities, Police and Crime Commissioner for Norfolk",
		"suffolk 1 activities, Police and Crime Commissioner for Suffolk", "kent 1000", "norfolk 2000", "suffolk 1000"}
	if diff := cmp.Diff(want, before); diff != "" {
		t.Fatalf("before (-want +got):\n%s", diff)
	}
	_, refused := taken(t, s,
		one("territory", map[string]string{"id": "norfolk-and-suffolk", "code": "E23000099", "name": "Norfolk and Suffolk", "force": "Norfolk and Suffolk Police", "region": "E12000006",
			"predecessors": "norfolk; suffolk", "valid_from": "2026-04-01"}),
		one("policing_body", map[string]string{"id": "mayor", "kind": "mayor_ca", "name": "Mayor of Norfolk and Suffolk"}),
		one("governance", map[string]string{"id": "g", "body": "mayor", "territory": "norfolk-and-suffolk", "valid_from": "2026-04-01"}))
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	want = []string{"44 territories", "metropolitan 1 activities, Mayor's Office for Policing and Crime", "norfolk-and-suffolk 2 activities, Mayor of Norfolk and Suffolk",
		"kent 1000", "norfolk-and-suffolk 3000"}
	if diff := cmp.Diff(want, figures(t, s, url, "2026-04-01")); diff != "" {
		t.Errorf("from the day on (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, figures(t, s, url, "2026-03-31")); diff != "" {
		t.Errorf("the day before (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(flowBefore, told31March(t, s)); diff != "" {
		t.Errorf("rows, totals and sentences of the day before (-before +after):\n%s", diff)
	}
	// What comes later has its place in both.
	taken(t, s, rows{"contribution", []map[string]string{given("later-by-code", "territory", "suffolk"), given("later-by-position", "places", "E07000148")}})
	late := strings.Join(figures(t, s, url, "2026-03-31"), "; ")
	if !strings.Contains(late, "norfolk 3000; suffolk 2000") {
		t.Errorf("what came later lay nowhere before: %s", late)
	}
	if now := strings.Join(figures(t, s, url, "2026-04-02"), "; "); !strings.Contains(now, "norfolk-and-suffolk 5000") {
		t.Errorf("now: %s", now)
	}
	if wrong := faults(t, s); len(wrong) > 0 {
		t.Error(wrong)
	}
	place, err := s.Place(t.Context(), "norfolk-and-suffolk")
	if err != nil || place.Territory.ID != geo.TerritoryID("norfolk-and-suffolk") {
		t.Errorf("its page: %+v, %v", place.Territory, err)
	}
}

// A merger whose day is to come changes nothing yet.
func TestMergerToCome(t *testing.T) {
	s, url := opened(t)
	taken(t, s, one("territory", map[string]string{"id": "norfolk-and-suffolk", "code": "E23000099", "name": "Norfolk and Suffolk", "force": "Norfolk and Suffolk Police", "region": "E12000006",
		"predecessors": "norfolk; suffolk", "valid_from": "2060-04-01"}))
	if got := figures(t, s, url, "2026-11-01"); got[0] != "45 territories" {
		t.Errorf("today: %v", got)
	}
	if drawn, err := s.DrawMergers(t.Context(), postgis.Operator); err != nil || len(drawn) > 0 {
		t.Errorf("drew %v, %v", drawn, err)
	}
}
