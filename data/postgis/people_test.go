package postgis_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/postgis"
	"tributary/geo"
)

// peopleTold is what the one table of people says under a filter, as
// "area people", with x for what is withheld.
func peopleTold(t testing.TB, s *postgis.Store, f data.Filter) (out []string) {
	t.Helper()
	kind, _ := data.ReportNamed("people")
	r, err := s.Report(t.Context(), kind, f, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		people := "x"
		if n, ok := row[7].(int64); ok {
			people = fmt.Sprint(n)
		}
		if row[8] != (people == "x") {
			t.Errorf("%v does not say whether it is withheld", row)
		}
		area := "all"
		if row[3] != nil {
			area = fmt.Sprint(row[3])
		}
		out = append(out, area+" "+people)
	}
	return out
}

// trained is a contribution of so many people.
func trained(id, people, at string, more ...string) map[string]string {
	latitude, longitude, _ := strings.Cut(at, " ")
	row := map[string]string{"id": id, "supplier": "builder", "type": "training", "quantity": people, "unit": "people", "value": "100", "measure": "norfolk:RH8",
		"delivered_from": "2025-05-01", "latitude": latitude, "longitude": longitude}
	for i := 0; i < len(more); i += 2 {
		row[more[i]] = more[i+1]
	}
	return row
}

// People are counted in one table, few of them withheld and with them what
// would give them away, and nowhere else.
func TestPeople(t *testing.T) {
	s, url := opened(t)
	yorkshire := data.Filter{Territory: []geo.TerritoryID{"west-yorkshire"}}
	given := []map[string]string{
		trained("a", "7", "53.800 -1.549"), trained("b", "21", "53.795 -1.759"), trained("c", "42", "53.645 -1.785"),
		trained("rejected", "50", "53.800 -1.549", "state", "rejected"),
		trained("secret", "60", "53.800 -1.549", "class", "s3"),
	}
	if _, refused := taken(t, s, organisations, rows{"contribution", given}); len(refused) > 0 {
		t.Fatal(refused)
	}
	want := []string{"all 70", "Bradford x", "Kirklees 40", "Leeds x"}
	if diff := cmp.Diff(want, sortedAfter(peopleTold(t, s, yorkshire))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := peopleTold(t, s, data.Filter{}); !slices.Equal(got, []string{"all 70"}) {
		t.Errorf("of the kingdom it tells %v", got)
	}
	// Three more, and nothing needs hiding; taken elsewhere, Leeds has none.
	given[0]["quantity"] = "10"
	taken(t, s, rows{"contribution", given[:1]})
	want = []string{"all 75", "Bradford 20", "Kirklees 40", "Leeds 10"}
	if diff := cmp.Diff(want, sortedAfter(peopleTold(t, s, yorkshire))); diff != "" {
		t.Errorf("with ten (-want +got):\n%s", diff)
	}
	given[0]["latitude"], given[0]["longitude"] = "53.795", "-1.759"
	taken(t, s, rows{"contribution", given[:1]})
	want = []string{"all 75", "Bradford 30", "Kirklees 40"}
	if diff := cmp.Diff(want, sortedAfter(peopleTold(t, s, yorkshire))); diff != "" {
		t.Errorf("moved (-want +got):\n%s", diff)
	}
	if got := asked(t, url, "SELECT count(*) || ' ' || sum(quantity_milli) FROM pub.fact WHERE unit = 'people'"); !slices.Equal(got, []string{"5 0"}) {
		t.Errorf("facts of people and their sum: %v", got)
	}
	// Half a person's job is somebody.
	taken(t, s, rows{"contribution", []map[string]string{trained("half", "9.5", "53.795 -1.759", "unit", "FTE", "type", "employment", "measure", "", "delivered_from", "2025-08-01")}})
	if got := peopleTold(t, s, data.Filter{Territory: []geo.TerritoryID{"west-yorkshire"}, From: data.NewDate(2025, 7, 1), To: data.NewDate(2025, 9, 30)}); !slices.Equal(got, []string{"all 10", "Bradford 10"}) {
		t.Errorf("nine and a half: %v", got)
	}
	if got := faults(t, s); len(got) > 0 {
		t.Error(got)
	}
}

func sortedAfter(rows []string) []string {
	slices.Sort(rows[min(1, len(rows)):])
	return rows
}

// Units that count people, and some that do not.
func TestCountsPeople(t *testing.T) {
	_, url := opened(t)
	for unit, want := range map[string]bool{
		"people": true, "People": true, "fte": true, "FTEs": true, "jobs": true, "apprentices": true, "young people": true, "ex-offenders": true, "women": true,
		"places": true, "care leavers (persons)": true,
		"hours": false, "volunteer hours": false, "people days": false, "weeks": false, "trees": false, "kg": false, "items": false, "gbp": false, "initiatives": false, "": false,
	} {
		if got := asked(t, url, fmt.Sprintf("SELECT raw.counts_people('%s', 'training')::text", unit)); got[0] != strconv.FormatBool(want) {
			t.Errorf("%q: %s, want %t", unit, got[0], want)
		}
	}
	for unit, want := range map[string]string{"starts (new)": "true", "somebody": "true", "weeks": "false", "hours": "false"} {
		if got := asked(t, url, fmt.Sprintf("SELECT raw.counts_people('%s', 'work_experience_paid')::text", unit)); got[0] != want {
			t.Errorf("work experience in %q: %s, want %s", unit, got[0], want)
		}
	}
}

// Over the demonstration nothing in the table can be solved for, and answers
// about contributions tell nothing of people.
func TestPeopleOfTheDemonstration(t *testing.T) {
	s, url := opened(t)
	settled(t, s, demo.New(demo.Options{Contributions: 3000, Seed: 11}), 3000)
	groups := map[string]map[string]string{}
	for _, row := range asked(t, url, "SELECT concat_ws('|', territory_id, measure, quarter, part || area_code, COALESCE(people::text, 'x')) FROM pub.people") {
		f := strings.Split(row, "|")
		k := strings.Join(f[:3], "|")
		if groups[k] == nil {
			groups[k] = map[string]string{}
		}
		groups[k][f[3]] = f[4]
	}
	withheld := 0
	for k, group := range groups {
		total, parts := group["territory"], maps.Clone(group)
		delete(parts, "territory")
		for part, told := range parts {
			if told != "x" {
				continue
			}
			withheld++
			if least, most := solved(t, total, parts, part); least > 0 || most < 9 {
				t.Errorf("%s %v: %s is from %d to %d", k, group, part, least, most)
			}
		}
	}
	if len(groups) < 50 || withheld < 50 {
		t.Errorf("only %d groups with %d withheld", len(groups), withheld)
	}
	t.Logf("%d groups, %d withheld counts solved for", len(groups), withheld)
	b, err := s.Breakdown(t.Context(), data.Filter{}.OfFacts(), data.ByType, data.ByMeasure)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := json.Marshal(b); err != nil || strings.Contains(string(out), "people") || strings.Contains(string(out), "fte") {
		t.Errorf("a breakdown tells of people: %v", err)
	}
}

// solved bounds a withheld part by the total and the parts that are told.
func solved(t testing.TB, total string, parts map[string]string, part string) (least, most int) {
	if total == "x" {
		return 0, 9
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	least, most = max(10, number(total)-2), number(total)+2
	others := 0
	for name, told := range parts {
		switch {
		case told != "x":
			least, most = least-number(told)-2, most-max(10, number(told)-2)
		case name != part:
			others++
		}
	}
	if others > 0 {
		least = 0
	}
	return max(0, least), most
}
