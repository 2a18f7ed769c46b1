package data

import (
	"strings"
	"testing"
)

// read makes a record of a kind from "column: text" pairs.
func read(t *testing.T, name string, fields map[string]string) (Record, []*Invalid) {
	t.Helper()
	k, ok := KindNamed(name)
	if !ok {
		t.Fatalf("no kind %s", name)
	}
	return k.Read("test", func(c string) string { return fields[c] })
}

func with(base map[string]string, column, value string) map[string]string {
	out := map[string]string{}
	for k, v := range base {
		out[k] = v
	}
	out[column] = value
	return out
}

var contribution = map[string]string{
	"id": "c1", "supplier": "s1", "type": "donation_money", "value": "£1,000.00", "delivered_from": "2025-04-01",
	"places": "E07000148=2; NR1 3JU=1", "quantity": "7.5", "unit": "hours", "share": "1/3", "joint": "park",
}

func TestReadContribution(t *testing.T) {
	rec, bad := read(t, "contributions", contribution)
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	c := rec.(*Contribution)
	if *c.Value != 100000 || c.Quantity != 7500 || c.From != NewDate(2025, 4, 1) || len(c.Places) != 2 || c.ExternalID != "c1" || c.Source != "test" {
		t.Errorf("read %+v", c)
	}
}

func TestBadRecords(t *testing.T) {
	organisation := map[string]string{"id": "o", "name": "Example", "kind": "buyer", "sector": "police"}
	order := map[string]string{"id": "e", "order": "o", "state": "issued", "date": "2025-04-01"}
	saving := map[string]string{"id": "s", "activity": "a", "agency": "policing", "period_start": "2025-01-01", "period_end": "2025-12-31", "low": "1", "central": "2", "high": "3", "cost_source": "x"}
	for _, tt := range []struct {
		name   string
		kind   string
		fields map[string]string
		field  string
		reason string
	}{
		{"half a penny", "contribution", with(contribution, "value", "0.005"), "value", "fraction of a penny"},
		{"a weight of nothing", "contribution", with(contribution, "places", "E07000148=0"), "places", "not a weight"},
		{"a negative weight", "contribution", with(contribution, "places", "E07000148=-1"), "places", "not a weight"},
		{"a quantity without unit", "contribution", with(contribution, "unit", ""), "unit", "no unit"},
		{"another century", "contribution", with(contribution, "delivered_from", "0205-04-01"), "delivered_from", "wrong century"},
		{"ends before it starts", "contribution", with(contribution, "delivered_to", "2025-03-31"), "delivered_to", "before the start"},
		{"an unknown type", "contribution", with(contribution, "type", "money"), "type", "not known"},
		{"more than the whole", "contribution", with(contribution, "share", "4/3"), "share", "at most the whole"},
		{"no supplier", "contribution", with(contribution, "supplier", ""), "supplier", "missing"},
		{"a buyer without sector", "organisation", with(organisation, "sector", ""), "sector", "has a sector"},
		{"an identifier of no scheme", "organisation", with(organisation, "identifiers", "GB-XYZ-1"), "identifiers", "no scheme"},
		{"an identifier of another scheme", "organisation", with(organisation, "identifiers", "GB-COH-12"), "identifiers", "not an identifier of the scheme GB-COH"},
		{"cancelled without reason", "order_event", with(order, "state", "cancelled"), "reason", "for a reason"},
		{"no such state", "order_event", with(order, "state", "done"), "state", "not known"},
		{"no range", "saving_estimate", with(saving, "low", "5"), "central", "no range"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, bad := read(t, tt.kind, tt.fields)
			if len(bad) != 1 || bad[0].Field != tt.field || !strings.Contains(bad[0].Reason, tt.reason) {
				t.Errorf("%v, want one problem with %s: …%s…", bad, tt.field, tt.reason)
			}
		})
	}
}

// Each kind is a Record, and refers to kinds before it alone, so that loading
// in order finds what it needs.
func TestKindsAreInOrder(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds {
		if _, bad := k.Read("test", func(string) string { return "" }); len(bad) == 0 {
			t.Errorf("%s: an empty row is good", k.Name)
		}
		for _, f := range k.Fields {
			if f.Ref != "" && !seen[f.Ref] {
				t.Errorf("%s.%s refers to %s, which comes later or is no kind", k.Name, f.Name, f.Ref)
			}
			if f.In != "" && Vocabularies[f.In] == nil {
				t.Errorf("%s.%s names the vocabulary %s, which there is not", k.Name, f.Name, f.In)
			}
		}
		seen[k.Name] = true
	}
}
