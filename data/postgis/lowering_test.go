package postgis_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/geo"
)

// agreed lets two people lower the class of an activity.
func agreed(t testing.TB, s *postgis.Store, activity string, to data.Sensitivity) {
	t.Helper()
	agreedOf(t, s, "activity", activity, to)
}

// agreedOf lets two people lower the class of a record of a kind.
func agreedOf(t testing.TB, s *postgis.Store, kind, activity string, to data.Sensitivity) {
	t.Helper()
	one, other := postgis.Actor{Name: "operator:one", Territories: "*"}, postgis.Actor{Name: "operator:other", Territories: "*"}
	if err := s.AskToLower(t.Context(), one, kind, activity, to, "it has moved"); err != nil {
		t.Fatal(err)
	}
	if err := s.AgreeToLower(t.Context(), one, kind, activity); err == nil || !strings.Contains(err.Error(), "somebody else") {
		t.Errorf("one person agreed with themselves: %v", err)
	}
	if err := s.AgreeToLower(t.Context(), other, kind, activity); err != nil {
		t.Fatal(err)
	}
}

// The class of a restricted activity is lowered as far as two people have
// agreed, by the next import, and not again after it was raised.
func TestTwoPeopleLowerAClass(t *testing.T) {
	s, url := opened(t)
	as := func(class data.Sensitivity) data.ActivityRecord {
		r := record(2, "a", norwich[0], norwich[1])
		r.Class = class
		return r
	}
	class := func(want string, why string) {
		t.Helper()
		if got := asked(t, url, "SELECT 'S' || class FROM raw.activity WHERE external_id = 'a'"); got[0] != want {
			t.Errorf("%s: %s, want %s", why, got[0], want)
		}
	}
	imported(t, s, data.Import{}, as(data.S1Care))
	imported(t, s, data.Import{}, as(data.S0Open))
	class("S0", "care is anyone's to lower who may write it")
	imported(t, s, data.Import{}, as(data.S2Restricted))
	imported(t, s, data.Import{}, as(data.S0Open))
	class("S2", "restricted, given as open by one person")
	if res, _ := imported(t, s, data.Import{}, as(data.S0Open)); res.Unchanged != 1 {
		t.Errorf("the same again: %+v", res)
	}
	agreed(t, s, "test//a", data.S1Care)
	class("S2", "agreed and not given again")
	imported(t, s, data.Import{}, as(data.S0Open))
	class("S1", "as far as was agreed")
	imported(t, s, data.Import{}, as(data.S3Secret))
	class("S3", "raised by one person")
	imported(t, s, data.Import{}, as(data.S1Care))
	class("S3", "what was agreed ended when it was raised")
	if list, err := s.Lowerings(t.Context(), postgis.Operator); err != nil || len(list) != 0 {
		t.Errorf("still asked: %v %v", list, err)
	}
	for _, c := range []struct {
		activity string
		to       data.Sensitivity
		reason   string
		want     string
	}{
		{"test//nobody", data.S1Care, "x", "there is no activity"},
		{"test//a", data.S3Secret, "x", "the highest class"},
		{"test//a", data.S1Care, " ", "say why"},
	} {
		if err := s.AskToLower(t.Context(), postgis.Operator, "activity", c.activity, c.to, c.reason); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if err := s.AgreeToLower(t.Context(), postgis.Operator, "activity", "test//a"); err == nil || !strings.Contains(err.Error(), "nobody has asked") {
		t.Errorf("agreed to nothing: %v", err)
	}
	if got := faults(t, s); len(got) > 0 {
		t.Error(got)
	}
}

// So is the class of a contribution, by whoever gives it next; not by its giver
// alone. What two people agreed of its activity holds for it too.
func TestTwoPeopleLowerAContributionsClass(t *testing.T) {
	s, url := opened(t)
	give := func(class string, more ...string) {
		t.Helper()
		row := map[string]string{"id": "c", "supplier": "builder", "type": "donation_money", "value": "100", "delivered_from": "2025-05-01", "class": class, "latitude": "52.6309", "longitude": "1.2974"}
		for i := 0; i < len(more); i += 2 {
			row[more[i]] = more[i+1]
		}
		if _, refused := taken(t, s, organisations, one("contribution", row)); len(refused) > 0 {
			t.Fatal(refused)
		}
	}
	class := func(want, why string) {
		t.Helper()
		if got := asked(t, url, "SELECT class || CASE WHEN latitude IS NULL THEN '' ELSE ' placed' END FROM raw.contribution"); got[0] != want {
			t.Errorf("%s: %s, want %s", why, got[0], want)
		}
	}
	give("s1")
	give("s0")
	class("s0 placed", "care is its giver's to lower")
	give("s2")
	give("s0")
	class("s2 placed", "restricted, given as open by one person")
	give("s3")
	give("s0")
	class("s3", "secret, given as open by one person")
	agreedOf(t, s, "contribution", "test//c", data.S1Care)
	class("s3", "agreed and not given again")
	give("s0")
	class("s1 placed", "as far as was agreed")
	give("s3")
	give("s1")
	class("s3", "what was agreed ended when it was raised")
	if list, err := s.Lowerings(t.Context(), postgis.Operator); err != nil || len(list) != 0 {
		t.Errorf("still asked: %v %v", list, err)
	}
	if err := s.AskToLower(t.Context(), postgis.Operator, "contribution", "test//nobody", data.S1Care, "x"); err == nil || !strings.Contains(err.Error(), "there is no contribution") {
		t.Errorf("a contribution that is not there: %v", err)
	}
	// By its activity.
	secret := record(2, "a", norwich[0], norwich[1])
	secret.Class = data.S3Secret
	imported(t, s, data.Import{}, secret)
	give("s0", "activity", "a")
	class("s3", "to a secret activity")
	agreed(t, s, "test//a", data.S0Open)
	secret.Class = data.S0Open
	imported(t, s, data.Import{}, secret)
	class("s3", "not given again")
	give("s0", "activity", "a")
	class("s0 placed", "as its activity")
	if got := faults(t, s); len(got) > 0 {
		t.Error(got)
	}
}

// So is the class of a contract: a secret one is shown again once two people have
// agreed and it is given again.
func TestTwoPeopleLowerAContractsClass(t *testing.T) {
	s, url := opened(t)
	give := func(class string) {
		t.Helper()
		row := map[string]string{"id": "k", "buyer": "norfolk-police", "supplier": "builder", "title": "Works", "starts_on": "2025-01-01", "class": class}
		if _, refused := taken(t, s, organisations, one("contract", row)); len(refused) > 0 {
			t.Fatal(refused)
		}
	}
	class := func(want, why string) {
		t.Helper()
		if got := asked(t, url, "SELECT k.class || CASE WHEN p.id IS NULL THEN '' ELSE ' shown' END FROM raw.contract k LEFT JOIN pub.contract p ON p.id = k.id"); got[0] != want {
			t.Errorf("%s: %s, want %s", why, got[0], want)
		}
	}
	give("s1")
	give("s0")
	class("s0 shown", "care is its buyer's to lower")
	give("s2")
	give("s0")
	class("s2 shown", "restricted, given as open by one person")
	give("s3")
	give("s1")
	give("")
	class("s3", "secret, given as less by one person")
	agreedOf(t, s, "contract", "test//k", data.S1Care)
	class("s3", "agreed and not given again")
	if list, err := s.Lowerings(t.Context(), postgis.Operator); err != nil || len(list) != 1 || list[0].Kind != "contract" || list[0].Name != "Works" || list[0].From != data.S3Secret {
		t.Errorf("asked: %+v %v", list, err)
	}
	give("s0")
	class("s1 shown", "as far as was agreed")
	give("s3")
	give("s1")
	class("s3", "what was agreed ended when it was raised")
	if err := s.AskToLower(t.Context(), postgis.Operator, "contract", "test//nothing", data.S1Care, "x"); err == nil || !strings.Contains(err.Error(), "there is no contract") {
		t.Errorf("a contract that is not there: %v", err)
	}
	if got := faults(t, s); len(got) > 0 {
		t.Error(got)
	}
}

// What an office's policy or a supplier's being a person makes coarser is told
// coarser, stays in every total, and is told finer again when that ends.
func TestPoundsNoFinerThanAllowed(t *testing.T) {
	s, url := opened(t)
	gift := func(id, supplier, day string) map[string]string {
		return map[string]string{"id": id, "supplier": supplier, "type": "donation_money", "value": "100", "delivered_from": day, "class": "s0", "latitude": "52.6309", "longitude": "1.2974"}
	}
	person := map[string]string{"id": "person", "name": "A. Person, gardener", "kind": "supplier", "sole_trader": "yes"}
	if _, refused := taken(t, s, organisations, one("organisation", person), rows{"contribution", []map[string]string{
		gift("a", "builder", "2025-05-01"), gift("b", "builder", "2026-05-01"), gift("c", "person", "2025-05-01")}}); len(refused) > 0 {
		t.Fatal(refused)
	}
	levels := "SELECT c.external_id || ' ' || f.level FROM raw.contribution c JOIN pub.fact f ON f.contribution_id = c.id ORDER BY 1"
	check := func(want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, asked(t, url, levels)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		res, err := s.Heat(t.Context(), data.HeatQuery{Filter: data.Filter{Territory: []geo.TerritoryID{"norfolk"}}.OfFacts(), Res: 8})
		if err != nil {
			t.Fatal(err)
		}
		sum := res.Withheld
		sum.Add(res.Unallocated)
		for _, r := range res.Rows {
			sum.Add(data.Figure{Count: r.Count, Pence: r.Pence})
		}
		if res.Total.Pence != 30000 || !sum.Equal(res.Total) {
			t.Errorf("cells, unallocated and withheld are %+v, the total %+v", sum, res.Total)
		}
		if got := faults(t, s); len(got) > 0 {
			t.Error(got)
		}
	}
	check("a exact", "b exact", "c territory")
	policy := func(finest string) {
		t.Helper()
		if _, refused := taken(t, s, one("policy", map[string]string{"id": "coarse", "plan": "norfolk", "title": "Coarse", "valid_from": "2026-01-01", "finest": finest})); len(refused) > 0 {
			t.Fatal(refused)
		}
	}
	policy("territory")
	check("a exact", "b territory", "c territory")
	policy("cell")
	check("a exact", "b cell", "c territory")
	policy("")
	check("a exact", "b exact", "c territory")
	person["sole_trader"] = "no"
	taken(t, s, one("organisation", person))
	check("a exact", "b exact", "c exact")
}
