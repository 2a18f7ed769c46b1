package postgis_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/geo"
)

// told is a small world that every report has something to say of.
func told(t testing.TB) *postgis.Store {
	t.Helper()
	s, _ := opened(t)
	give := func(id string, more ...string) map[string]string {
		row := map[string]string{"id": id, "supplier": "builder", "delivered_from": "2025-10-01", "type": "volunteering_time", "territory": "norfolk"}
		for i := 0; i+1 < len(more); i += 2 {
			row[more[i]] = more[i+1]
		}
		return row
	}
	_, refused := taken(t, s,
		rows{"organisation", []map[string]string{
			{"id": "police", "name": "Example Police", "kind": "buyer", "sector": "police"}, {"id": "council", "name": "Example Council", "kind": "buyer", "sector": "council"},
			{"id": "nhs", "name": "Example Trust", "kind": "buyer", "sector": "nhs"}, {"id": "builder", "name": "Example Builders", "kind": "supplier"}, {"id": "uni", "name": "Example University", "kind": "university", "sector": "university"}}},
		rows{"footprint", []map[string]string{{"id": "f1", "buyer": "police", "territory": "norfolk"}, {"id": "f2", "buyer": "council", "territory": "norfolk"}, {"id": "f3", "buyer": "nhs", "territory": "norfolk"}}},
		rows{"contract", []map[string]string{
			{"id": "k1", "buyer": "police", "supplier": "builder", "title": "Repairs", "value": "50000", "starts_on": "2025-04-01", "sv_clause": "yes"},
			{"id": "k2", "buyer": "council", "supplier": "builder", "title": "Roofs", "value": "5000.01", "starts_on": "2025-04-01"},
			{"id": "k3", "buyer": "council", "supplier": "builder", "title": "Small", "value": "5000", "starts_on": "2025-04-01"}}},
		one("commitment", map[string]string{"id": "c1", "contract": "k1", "measure": "norfolk:PC5", "value": "400"}),
		rows{"transaction", []map[string]string{{"id": "t1", "buyer": "nhs", "supplier": "builder", "date": "2025-05-01", "amount": "5000"}}},
		rows{"activity", []map[string]string{
			{"id": "club", "name": "Chess club", "provider": "Example Charity", "latitude": "52.63", "longitude": "1.29", "class": "s0", "status": "validated", "measures": "norfolk:PC5;norfolk:CC2"},
			{"id": "choir", "name": "Choir", "provider": "Example Charity", "latitude": "52.64", "longitude": "1.30", "class": "s0"}}},
		one("site", map[string]string{"id": "main", "organisation": "uni", "role": "campus", "name": "Main campus", "latitude": "52.62", "longitude": "1.24"}),
		one("academic_link", map[string]string{"id": "l1", "university": "uni", "faculty": "Law", "activity": "club", "kind": "volunteering"}),
		one("need", map[string]string{"id": "n1", "activity": "club", "type": "volunteering_time", "quantity": "20.5", "unit": "hours"}),
		one("target_area_set", map[string]string{"id": "ts", "name": "Need 2025", "plan": "norfolk", "basis": "deprivation", "public": "yes"}),
		rows{"target_area", []map[string]string{
			{"id": "near", "set": "ts", "label": "Near", "areas": areaIn(t, s, "norfolk")},
			{"id": "far", "set": "ts", "label": "Far", "areas": areaIn(t, s, "dyfed-powys")}}},
		one("funding", map[string]string{"id": "f", "activity": "club", "funded_until": "2026-03-31"}),
		rows{"contribution", []map[string]string{
			give("g1", "contract", "k1", "measure", "norfolk:PC5", "value", "100", "activity", "club", "state", "audited"),
			give("g2", "contract", "k2", "measure", "norfolk:PC5", "value", "50", "activity", "club"),
			give("g3", "contract", "k1", "measure", "norfolk:CC2", "value", "7", "quantity", "3", "unit", "hours"),
			give("g4", "value", "1", "territory", "kent"),
			give("g5", "value", "9", "state", "rejected")}},
		one("document", map[string]string{"id": "i", "kind": "insight", "title": "Clubs lower calls", "region": "E12000006", "measures": "norfolk:PC5", "published_on": "2026-01-02"}),
		one("document", map[string]string{"id": "d", "kind": "annual_report", "title": "Report", "organisation": "council", "year": "2024"}),
		rows{"adoption", []map[string]string{
			{"id": "a1", "organisation": "council", "plan": "norfolk", "extent": "full", "mutual": "yes", "adopted_on": "2024-01-01", "report_due_on": "2026-03-31"},
			{"id": "a2", "organisation": "nhs", "plan": "norfolk", "extent": "part", "measures": "norfolk:PC5", "adopted_on": "2024-01-01"}}},
		one("hub", map[string]string{"id": "h", "region": "E12000006", "host": "uni", "commissioned_on": "2024-01-01"}),
		one("indicator", map[string]string{"id": "calls", "title": "Calls", "unit": "calls", "direction": "lower", "domain": "policing"}),
		rows{"observation", []map[string]string{
			{"id": "o1", "indicator": "calls", "hub": "h", "activity": "club", "period_start": "2023-01-01", "period_end": "2023-12-31", "value": "90", "lower": "80", "upper": "100", "published": "yes"},
			{"id": "o2", "indicator": "calls", "hub": "h", "activity": "club", "period_start": "2024-01-01", "period_end": "2024-12-31", "value": "75", "lower": "65", "upper": "85", "published": "yes"},
			{"id": "o3", "indicator": "calls", "hub": "h", "activity": "club", "period_start": "2025-01-01", "period_end": "2025-12-31", "value": "60", "lower": "50", "upper": "70", "published": "yes"}}},
		one("saving_estimate", map[string]string{"id": "s", "activity": "club", "agency": "policing", "period_start": "2025-01-01", "period_end": "2025-12-31", "low": "100", "central": "200", "high": "400", "cost_source": "Unit costs 2025", "grade": "b"}),
		rows{"progress_update", []map[string]string{
			{"id": "u1", "contract": "k1", "period_start": "2025-04-01", "period_end": "2025-06-30", "due_on": "2025-07-15", "submitted_on": "2025-07-10"},
			{"id": "u2", "contract": "k1", "period_start": "2025-07-01", "period_end": "2025-09-30", "due_on": "2025-10-15"}}},
		rows{"register_entry", []map[string]string{{"id": "r1", "organisation": "uni", "territory": "norfolk", "welcomes": "yes", "types": "training", "confirmed_on": "2024-02-29"}}},
	)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	return s
}

// areaIn is the code of an area in a territory.
func areaIn(t testing.TB, s *postgis.Store, territory string) string {
	t.Helper()
	areas, err := s.Areas(t.Context(), data.Filter{Territory: []geo.TerritoryID{geo.TerritoryID(territory)}})
	if err != nil || len(areas) == 0 {
		t.Fatalf("no areas in %s: %v", territory, err)
	}
	return string(areas[0].Code)
}

// Every report on one small world, row by row and in words.
func TestReports(t *testing.T) {
	s := told(t)
	day, _ := data.ParseDate("2026-01-15")
	norfolk := data.Filter{Territory: []geo.TerritoryID{"norfolk"}, AsAt: day}
	for name, want := range map[string][]string{
		"threshold": {"Social value is sought in 2 contracts in Norfolk, of which 1 has no commitment; 1 supplier is invited to give it.",
			"sought,norfolk,Example Police,police,Example Builders,*,Repairs,2025-04-01,50000.00,5000.00,1,yes",
			"sought,norfolk,Example Council,council,Example Builders,*,Roofs,2025-04-01,5000.01,5000.00,0,no",
			"invited,norfolk,Example Trust,nhs,Example Builders,,,2025-05-01,5000.00,5000.00,0,"},
		"delivery": {"£157 was received in Norfolk under 3 priorities; 1 priority received nothing.",
			"norfolk,Norfolk strategic plan 2025 to 2029,norfolk:reducing-harm,Reducing Harm,0.00,0.00,0.00,0.00,0.00,0.00,0,0",
			"norfolk,Norfolk strategic plan 2025 to 2029,norfolk:preventing-crime,Preventing Crime,400.00,50.00,0.00,0.00,100.00,150.00,2,1",
			"norfolk,Norfolk strategic plan 2025 to 2029,norfolk:cohesive-communities,Cohesive Communities,0.00,7.00,0.00,0.00,0.00,7.00,1,0"},
		"joined-up": {"2 sectors support 2 priorities in Norfolk.",
			"norfolk,council,norfolk:preventing-crime,50.00,1,1,1,1",
			"norfolk,police,norfolk:cohesive-communities,7.00,1,1,0,0",
			"norfolk,police,norfolk:preventing-crime,100.00,1,1,1,1"},
		"buyers": {"Of 4 public bodies that buy in Norfolk, 2 bring nothing yet.",
			"*,Example Trust,nhs,norfolk,0,0,0.00,no", "*,Example University,university,,0,0,0.00,no", "*,Example Council,council,norfolk,2,1,50.00,yes", "*,Example Police,police,norfolk,1,2,107.00,yes"},
		"savings": {"Activities in Norfolk may have saved agencies between £100 and £400: an estimate, which is not added to what was given.",
			"policing,1,100.00,200.00,400.00,Unit costs 2025,b"},
		"measurement": {"1 indicator is measured in Norfolk, 1 over three periods or more; 1 is clearly better than at the start and 0 are clearly worse.",
			"calls,Calls,policing,calls,lower,Chess club,*,3,yes,2023-01-01,90,80,100,2025-01-01,60,50,70,-30,better"},
		"adoption": {"2 partners have adopted the plan's priorities in Norfolk; 0 have a yearly report that is overdue.",
			"norfolk,*,Example Council,council,full,,yes,2024-01-01,,2026-03-31,2024,no", "norfolk,*,Example Trust,nhs,part,norfolk:PC5,no,2024-01-01,,,,no"},
		"annual-review": {"3 contracts in Norfolk secured £400; £157 was received, £100 of it audited, and £300 is still to come.",
			"*,Repairs,Example Police,Example Builders,2025-04-01,,yes,norfolk:PC5,Time, money or goods given to voluntary, community and social enterprises that prevent crime,,,0,400.00,0.00,0.00,0.00,100.00,100.00,300.00,,,1,",
			"*,Repairs,Example Police,Example Builders,2025-04-01,,yes,norfolk:CC2,More volunteering for groups that work with children and young adults,hours,,3,0.00,7.00,0.00,0.00,0.00,7.00,0.00,,,1,",
			"*,Roofs,Example Council,Example Builders,2025-04-01,,no,norfolk:PC5,Time, money or goods given to voluntary, community and social enterprises that prevent crime,,,0,0.00,50.00,0.00,0.00,0.00,50.00,0.00,,,0,",
			"*,Small,Example Council,Example Builders,2025-04-01,,no,,,,,0,0.00,0.00,0.00,0.00,0.00,0.00,0.00,,,0,"},
		"self-delivered": {"Of £157 given in Norfolk, £7 (33% of parts) went to no activity on record.", "norfolk,*,Example Builders,157.00,7.00,3,1"},
		"at-risk": {"2 activities are at risk in Norfolk: funding ends within six months, or nothing was received in twelve.",
			"*,Chess club,Example Charity,norfolk,2026-03-31,2025-10-01,funding ends within six months", "*,Choir,Example Charity,norfolk,,,never received anything"},
		"untold":  {"1 validated activity in Norfolk has no story in the last twelve months.", "*,Chess club,Example Charity,norfolk,"},
		"updates": {"Of 2 progress updates in Norfolk, 1 is overdue.", "*,Repairs,Example Police,Example Builders,2025-07-01,2025-09-30,2025-10-15,,overdue", "*,Repairs,Example Police,Example Builders,2025-04-01,2025-06-30,2025-07-15,2025-07-10,submitted"},
		"schedule": {"1 activity in Norfolk with 2 measures.",
			"*,Chess club,Example Charity,norfolk,Norfolk,validated,,norfolk:PC5,Time, money or goods given to voluntary, community and social enterprises that prevent crime,Preventing Crime,volunteering_time;donation_money;donation_goods,hours;gbp;items,20.5 hours volunteering time",
			"*,Chess club,Example Charity,norfolk,Norfolk,validated,,norfolk:CC2,More volunteering for groups that work with children and young adults,Cohesive Communities,volunteering_time,hours,20.5 hours volunteering time"},
		"campus":    {"1 activity wants students near 1 university in Norfolk.", "Example University,Main campus,*,Chess club,Example Charity,4,Law, Example University: volunteering,volunteering time"},
		"unreached": {"0 target areas have no validated activity within reach in Norfolk."},
		"register":  {"1 organisation welcomes an approach in Norfolk; the word of 0 is fresh.", "*,Example University,norfolk,training,,2024-02-29,2025-02-28,no"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, reported(t, s, name, norfolk)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	// The other target area has none near it, and the distance is told.
	t.Run("unreached", func(t *testing.T) {
		got := reported(t, s, "unreached", data.Filter{AsAt: day})
		if len(got) != 2 || got[0] != "1 target area has no validated activity within reach." || !strings.HasPrefix(got[1], "far,Far,Need 2025,dyfed-powys,") || !strings.HasSuffix(got[1], ",*,Chess club") {
			t.Error(got)
		}
		// As far as Wales is from Norwich, all are within reach.
		k, _ := data.ReportNamed("unreached")
		r, err := s.Report(t.Context(), k, data.Filter{AsAt: day}, 400)
		if err != nil || len(r.Rows) != 0 {
			t.Error(r.Rows, err)
		}
	})
	t.Run("what-works", func(t *testing.T) {
		got := reported(t, s, "what-works", norfolk)
		want := "norfolk,norfolk:PC5,Time, money or goods given to voluntary, community and social enterprises that prevent crime,Preventing Crime,1,1,1,1,0,Clubs lower calls"
		if len(got) != 23 || got[0] != "Of 22 measures in Norfolk, 2 have activities measured twice or more, and 1 has insights or resources." || !slices.Contains(got, want) {
			t.Errorf("%d lines: %s", len(got), strings.Join(got, "\n"))
		}
	})
	t.Run("rollout", func(t *testing.T) {
		got := reported(t, s, "rollout", data.Filter{AsAt: day})
		if len(got) != 46 || !strings.HasPrefix(got[0], "Of 45 territories, 1 has a plan on record, 2 have received social value and 6 are of a region with a hub.") {
			t.Errorf("%d lines: %s", len(got), got[0])
		}
		want := "norfolk,Norfolk,East of England,not_started,,Police and Crime Commissioner for Norfolk,Norfolk strategic plan 2025 to 2029,Norfolk Social Value Policy,Example University,2,1,council;police,157.00"
		if joined := strings.Join(got, "\n"); !strings.Contains(joined, want) {
			t.Errorf("no %s in\n%s", want, joined)
		}
	})
	t.Run("partners", func(t *testing.T) {
		buyers := reported(t, s, "buyers", norfolk)
		f := norfolk
		for _, line := range buyers[2:] {
			f.Buyer = append(f.Buyer, ids(t, s, "buyers", norfolk)[strings.Split(line, ",")[1]])
		}
		want := []string{"2 partners brought £157 in Norfolk under 2 measures.",
			"norfolk:CC2,*,*,Example Police,hours,3,7.00,1", "norfolk:PC5,*,*,Example Council,,0,50.00,1", "norfolk:PC5,*,*,Example Police,,0,100.00,1"}
		got := reported(t, s, "partners", f)
		for i, line := range got[1:] {
			got[i+1] = strings.Join(append([]string{strings.Split(line, ",")[0], "*", "*"}, strings.Split(line, ",")[len(strings.Split(line, ","))-5:]...), ",")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// ids are the values of a report's first column by its second.
func ids(t testing.TB, s *postgis.Store, name string, f data.Filter) map[string]string {
	t.Helper()
	k, _ := data.ReportNamed(name)
	r, err := s.Report(t.Context(), k, f, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, row := range r.Rows {
		out[row[1].(string)] = row[0].(string)
	}
	return out
}

// reported is a report's sentence and its rows as CSV has them, with * for
// random ids. Each value must be of its column's type.
func reported(t testing.TB, s *postgis.Store, name string, f data.Filter) []string {
	t.Helper()
	k, ok := data.ReportNamed(name)
	if !ok {
		t.Fatalf("no report %s", name)
	}
	r, err := s.Report(t.Context(), k, f, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{r.Sentence}
	for _, row := range r.Rows {
		if len(row) != len(k.Columns) {
			t.Fatalf("%d values in %d columns", len(row), len(k.Columns))
		}
		var cells []string
		for i, v := range row {
			c := k.Columns[i]
			if v != nil && fmt.Sprintf("%T", v) != columnTypes[c.Type] {
				t.Errorf("%s is a %T, not a %s", c.Name, v, columnTypes[c.Type])
			}
			s := c.Text(v)
			if len(s) == 36 && strings.Count(s, "-") == 4 {
				s = "*"
			}
			cells = append(cells, s)
		}
		out = append(out, strings.Join(cells, ","))
	}
	return out
}

var columnTypes = map[data.ColumnType]string{
	data.ColumnText: "string", data.ColumnList: "[]string", data.ColumnMoney: "int64", data.ColumnCount: "int64", data.ColumnQuantity: "int64",
	data.ColumnNumber: "float64", data.ColumnShare: "float64", data.ColumnDay: fmt.Sprintf("%T", time.Time{}), data.ColumnYesNo: "bool",
}

// For a contract its own places and measures count, unless others are named.
func TestRelevantForAContract(t *testing.T) {
	s := told(t)
	contracts := map[string]string{}
	k, _ := data.ReportNamed("threshold")
	r, err := s.Report(t.Context(), k, data.Filter{AsAt: data.NewDate(2026, 1, 15)}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		if id, ok := row[5].(string); ok {
			contracts[row[6].(string)] = id
		}
	}
	for _, tt := range []struct {
		contract string
		f        data.Filter
		want     []string
	}{
		{"Repairs", data.Filter{}, []string{"Chess club"}}, // it serves PC5, which was committed
		{"Repairs", data.Filter{Measure: []string{"norfolk:RH1"}}, nil},
		{"Repairs", data.Filter{Territory: []geo.TerritoryID{"kent"}}, nil},
		{"Roofs", data.Filter{}, []string{"Chess club"}}, // nothing was committed
	} {
		got, err := s.Relevant(t.Context(), tt.f, data.Offer{}, contracts[tt.contract], nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range got.Rows {
			names = append(names, m.Name)
		}
		if got.Contract != tt.contract || !slices.Equal(names, tt.want) || !strings.Contains(got.Sentence, "for the contract “"+tt.contract+"”") || !strings.Contains(got.Query, contracts[tt.contract]) {
			t.Errorf("%s %s: %v %+v", tt.contract, tt.f.Canonical(), names, got)
		}
	}
	for _, id := range []string{"nothing", "00000000-0000-4000-8000-000000000000"} {
		var invalid *data.Invalid
		if _, err := s.Relevant(t.Context(), data.Filter{}, data.Offer{}, id, nil); !errors.As(err, &invalid) || invalid.Field != "contract" {
			t.Errorf("%s: %v", id, err)
		}
	}
	polygon, err := data.ParsePolygon("1.28 52.62,1.30 52.62,1.30 52.635,1.28 52.635")
	if err != nil {
		t.Fatal(err)
	}
	here, err := s.Relevant(t.Context(), data.Filter{}, data.Offer{}, "", polygon)
	if err != nil || len(here.Rows) != 1 {
		t.Errorf("%+v, %v", here.Rows, err)
	}
}
