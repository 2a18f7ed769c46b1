package reference

import (
	"slices"
	"testing"

	"tributary/data"
	"tributary/geo"
)

// day is when the facts were last looked over.
var day = data.NewDate(2026, 11, 21)

func TestCounts(t *testing.T) {
	for _, tt := range []struct {
		what      string
		got, want int
	}{
		{"regions", len(Regions()), 12},
		{"territories", len(Territories()), 45},
		{"policing bodies", len(PolicingBodies()), 45},
		{"districts", len(Districts()), 361},
		{"towns", len(Towns()), 4301},
		{"towns over 1,000", len(slices.DeleteFunc(Towns(), func(t data.Town) bool { return t.Population <= 1000 })), 3641},
		{"plans", len(Plans()), 1},
		{"priorities", len(Plans()[0].Priorities), 3},
		{"measures", len(Plans()[0].Measures), 22},
	} {
		if tt.got != tt.want {
			t.Errorf("%d %s, want %d", tt.got, tt.what, tt.want)
		}
	}
}

func TestTerritoriesStandInOneRegion(t *testing.T) {
	perRegion := map[geo.RegionCode]int{}
	ids, codes := map[geo.TerritoryID]bool{}, map[string]bool{}
	for _, x := range Territories() {
		perRegion[x.Region]++
		if ids[x.ID] || codes[x.Code] || x.Name == "" || x.Force == "" || x.Nation == "" || x.PlanKind == "" {
			t.Errorf("%+v is not complete and unique", x)
		}
		ids[x.ID], codes[x.Code] = true, true
		if (x.Nation == "Wales") != (x.NameCy != "") {
			t.Errorf("%s: Welsh name %q", x.ID, x.NameCy)
		}
		if (x.PoliceUKID == "") != (x.ID == "police-scotland") {
			t.Errorf("%s: data.police.uk id %q", x.ID, x.PoliceUKID)
		}
		if (x.CodeKind == "pseudo") != (x.Code == "N99999999") {
			t.Errorf("%s: %s is %s", x.ID, x.Code, x.CodeKind)
		}
	}
	want := []int{3, 5, 4, 5, 4, 6, 2, 5, 5, 4, 1, 1}
	for i, r := range Regions() {
		if perRegion[r.Code] != want[i] {
			t.Errorf("%s has %d territories, want %d", r.Name, perRegion[r.Code], want[i])
		}
	}
}

func TestOneBodyGovernsEachTerritoryToday(t *testing.T) {
	kinds := map[data.BodyKind]int{}
	kindOf := map[string]data.BodyKind{}
	for _, b := range PolicingBodies() {
		kinds[b.Kind]++
		kindOf[b.ID] = b.Kind
	}
	for kind, want := range map[data.BodyKind]int{data.BodyPCC: 33, data.BodyPFCC: 4, data.BodyMayor: 4, data.BodyMOPAC: 1,
		data.BodyCommonCouncil: 1, data.BodyScottishPolice: 1, data.BodyNIPolicing: 1} {
		if kinds[kind] != want {
			t.Errorf("%d bodies are %s, want %d", kinds[kind], kind, want)
		}
	}
	governing := map[geo.TerritoryID]int{}
	for _, g := range Governance() {
		if kindOf[g.Body] == "" {
			t.Errorf("%s is not a body", g.Body)
		}
		if !day.Before(g.ValidFrom) && (g.ValidTo.IsZero() || day.Before(g.ValidTo)) {
			governing[g.Territory]++
		}
	}
	for _, x := range Territories() {
		if governing[x.ID] != 1 {
			t.Errorf("%d bodies govern %s on %s", governing[x.ID], x.ID, day)
		}
	}
}

func TestDistricts(t *testing.T) {
	count := map[geo.TerritoryID]int{}
	codes := map[geo.AreaCode]geo.TerritoryID{}
	for _, d := range Districts() {
		count[d.Territory]++
		codes[d.Code] = d.Territory
		if d.Code[0] == 'W' && d.NameCy == "" {
			t.Errorf("%s has no Welsh name", d.Name)
		}
	}
	if len(codes) != 361 {
		t.Errorf("%d codes are distinct, want 361", len(codes))
	}
	for _, x := range Territories() {
		if count[x.ID] == 0 {
			t.Errorf("%s has no district", x.ID)
		}
	}
	if len(count) != 45 || count["norfolk"] != 7 || count["metropolitan"] != 32 || count["police-scotland"] != 32 {
		t.Errorf("districts per territory: %v", count)
	}
	if codes["E07000148"] != "norfolk" {
		t.Errorf("Norwich lies in %q", codes["E07000148"])
	}
}

func TestPlanKeepsToTheVocabulary(t *testing.T) {
	p := Plans()[0]
	perPriority := map[string]int{}
	seen := map[string]bool{}
	for _, m := range p.Measures {
		perPriority[m.Priority]++
		if seen[m.Code] || len(m.Types) == 0 || len(m.Units) == 0 || len(m.Beneficiaries) == 0 {
			t.Errorf("%s is not complete and unique", m.Code)
		}
		seen[m.Code] = true
		for _, x := range m.Types {
			if !slices.Contains(data.ContributionTypes, x) {
				t.Errorf("%s: %q is not a type of contribution", m.Code, x)
			}
		}
		for _, x := range m.Beneficiaries {
			if !slices.Contains(data.Beneficiaries, x) {
				t.Errorf("%s: %q is not a beneficiary", m.Code, x)
			}
		}
	}
	for i, want := range []int{7, 7, 8} {
		if got := perPriority[p.Priorities[i].Code]; got != want {
			t.Errorf("%s has %d measures, want %d", p.Priorities[i].Code, got, want)
		}
	}
	if *p.Policy.ContractOverPence != 500_000 || *p.Policy.RollingPence != 500_000 || *p.Policy.RollingMonths != 12 {
		t.Errorf("the thresholds are %+v", p.Policy)
	}
	if p.Policy.GraceDays != nil || p.Policy.UpdateDays != nil || p.Policy.ContinuedFraction != nil || p.Policy.TargetAreas != nil {
		t.Error("the policy leaves these open, so they must be null")
	}
}

func TestTownsLieInTheUnitedKingdom(t *testing.T) {
	for _, x := range Towns() {
		if err := geo.CheckPoint(x.Lon, x.Lat); err != nil || x.Name == "" {
			t.Errorf("%+v: %v", x, err)
		}
	}
}
