package postgis_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/geo"
)

// toldOfSuppliers is what every question tells whose rows may name a supplier.
func toldOfSuppliers(t *testing.T, s *postgis.Store) map[string]string {
	t.Helper()
	ctx, day := t.Context(), data.NewDate(2026, 1, 15)
	norfolk := data.Filter{Territory: []geo.TerritoryID{"norfolk"}, AsAt: day}
	out := map[string]string{}
	keep := func(name string, answer any, err error) {
		t.Helper()
		text, broken := json.Marshal(answer)
		if err != nil || broken != nil {
			t.Fatal(name, err, broken)
		}
		out[name] = string(text)
	}
	for _, name := range []string{"threshold", "updates", "self-delivered"} {
		kind, _ := data.ReportNamed(name)
		r, err := s.Report(ctx, kind, norfolk, 0)
		keep("report "+name, r, err)
	}
	contracts, err := s.Contracts(ctx, norfolk, data.View{Limit: 10})
	keep("contracts", contracts, err)
	for _, c := range contracts.Items {
		profile, err := s.Contract(ctx, c.ID)
		keep("contract "+c.Title, profile, err)
	}
	b, err := s.Breakdown(ctx, data.Filter{}.OfFacts(), data.BySupplier, data.BySupplierTerritory)
	keep("breakdown", b, err)
	found, err := s.Search(ctx, "person")
	keep("search", found, err)
	return out
}

// A supplier who is a person trading alone is named by no answer, nor found by
// a filter; what they were paid and gave stays in every figure. When they no
// longer trade alone they are named.
func TestSoleTradersAreNotNamed(t *testing.T) {
	s, url := opened(t)
	person := map[string]string{"id": "person", "name": "Ada Person", "kind": "supplier", "sole_trader": "yes"}
	taken(t, s, organisations, one("footprint", map[string]string{"id": "f", "buyer": "norfolk-police", "territory": "norfolk"}), one("organisation", person),
		one("contract", map[string]string{"id": "k", "buyer": "norfolk-police", "supplier": "person", "title": "Gardens", "value": "7000", "starts_on": "2025-04-01"}),
		one("commitment", map[string]string{"id": "m", "contract": "k", "measure": "norfolk:PC5", "value": "10"}),
		one("progress_update", map[string]string{"id": "u", "contract": "k", "period_start": "2025-04-01", "period_end": "2025-06-30", "due_on": "2025-07-15"}),
		one("transaction", map[string]string{"id": "t", "buyer": "norfolk-police", "supplier": "person", "date": "2025-05-01", "amount": "6000"}),
		one("contribution", map[string]string{"id": "c", "supplier": "person", "contract": "k", "type": "donation_money", "value": "123", "delivered_from": "2025-05-01", "territory": "norfolk"}))
	id := asked(t, url, "SELECT id::text FROM raw.organisation WHERE external_id = 'person'")[0]
	for name, text := range toldOfSuppliers(t, s) {
		if strings.Contains(text, "Ada") || strings.Contains(text, id) {
			t.Errorf("%s names a person: %s", name, text)
		}
	}
	told := toldOfSuppliers(t, s)
	for name, want := range map[string]string{"report threshold": `"amount_pence":600000`, "report updates": "A sole trader", "contracts": "A sole trader", "breakdown": `"pence":12300`} {
		if !strings.Contains(told[name], want) {
			t.Errorf("%s leaves out %s: %s", name, want, told[name])
		}
	}
	if !strings.Contains(told["report threshold"], `"commitments":1`) {
		t.Errorf("the invitation does not tell of its commitment: %s", told["report threshold"])
	}
	for _, f := range []data.Filter{{Supplier: []string{id}}, {Supplier: []string{id}, State: []string{"claimed"}}} {
		if b, err := s.Breakdown(t.Context(), f.OfFacts(), data.ByTerritory); err != nil || b.Total.Count != 0 {
			t.Errorf("a filter finds %+v of a person: %v", b.Total, err)
		}
		if c, err := s.Contracts(t.Context(), f, data.View{Limit: 10}); err != nil || c.Matched != 0 {
			t.Errorf("a filter finds %d contracts of a person: %v", c.Matched, err)
		}
	}
	if n := asked(t, url, "SELECT count(*)::text FROM pub.organisation WHERE name LIKE 'Ada%'"); n[0] != "0" {
		t.Error("the name stands in pub")
	}
	if got := faults(t, s); len(got) > 0 {
		t.Error(got)
	}
	person["sole_trader"] = "no"
	taken(t, s, one("organisation", person))
	for name, text := range toldOfSuppliers(t, s) {
		if !strings.HasPrefix(name, "report self") && name != "breakdown" && name != "search" && !strings.Contains(text, "Ada Person") {
			t.Errorf("%s does not name a company: %s", name, text)
		}
	}
	person["sole_trader"] = "yes"
	taken(t, s, one("organisation", person))
	if n := asked(t, url, "SELECT (SELECT count(*) FROM pub.fact WHERE supplier_id IS NOT NULL) + (SELECT count(*) FROM pub.organisation WHERE name LIKE 'Ada%') || ''"); n[0] != "0" {
		t.Error("the name is not taken back")
	}
	// What is found by check.
	asked(t, url, "UPDATE pub.fact SET supplier_id = '"+id+"'", "SELECT '1'")
	if got := faults(t, s); len(got) != 1 {
		t.Errorf("the check finds %v", got)
	}
}
