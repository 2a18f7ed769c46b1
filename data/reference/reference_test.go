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
		{"policing bodies", len(Records("policing_body")), 45},
		{"districts", len(Districts()), 361},
		{"towns", len(Towns()), 4301},
		{"towns over 1,000", len(slices.DeleteFunc(Towns(), func(t data.Town) bool { return t.Population <= 1000 })), 3641},
		{"territories as records", len(Records("territory")), 45},
		{"plans", len(Records("plan")), 1},
		{"priorities", len(Records("priority")), 3},
		{"measures", len(Records("measure")), 22},
		{"nations", len(Regimes()), 4},
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
	for _, r := range Records("policing_body") {
		b := r.(*data.PolicingBodyRecord)
		kinds[data.BodyKind(b.Kind)]++
		kindOf[b.ExternalID] = data.BodyKind(b.Kind)
	}
	for kind, want := range map[data.BodyKind]int{data.BodyPCC: 33, data.BodyPFCC: 4, data.BodyMayor: 4, data.BodyMOPAC: 1,
		data.BodyCommonCouncil: 1, data.BodyScottishPolice: 1, data.BodyNIPolicing: 1} {
		if kinds[kind] != want {
			t.Errorf("%d bodies are %s, want %d", kinds[kind], kind, want)
		}
	}
	governing := map[geo.TerritoryID]int{}
	for _, r := range Records("governance") {
		g := r.(*data.Governance)
		if kindOf[g.Body] == "" {
			t.Errorf("%s is not a body", g.Body)
		}
		if !day.Before(g.ValidFrom) && (g.ValidTo.IsZero() || day.Before(g.ValidTo)) {
			governing[geo.TerritoryID(g.Territory)]++
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

func TestNorfolkPlan(t *testing.T) {
	perPriority := map[string]int{}
	for _, r := range Records("measure") {
		m := r.(*data.Measure)
		perPriority[m.Priority]++
		if len(m.Beneficiaries) == 0 {
			t.Errorf("%s is for nobody", m.ExternalID)
		}
	}
	for i, want := range []int{7, 7, 8} {
		code := Records("priority")[i].Key().ExternalID
		if got := perPriority[code]; got != want {
			t.Errorf("%s has %d measures, want %d", code, got, want)
		}
	}
	p := Records("policy")[0].(*data.Policy)
	if *p.ContractOver != 500_000 || *p.RollingValue != 500_000 || p.RollingMonths != 12 {
		t.Errorf("the thresholds are %+v", p)
	}
	if p.GraceDays != 0 || p.UpdateDays != 0 || p.ContinuedFraction != "" || p.TargetAreas != "" || p.LocalArea != "" || p.Environment != "" {
		t.Error("the policy leaves these six open, so they must not be given")
	}
}

func TestTownsLieInTheUnitedKingdom(t *testing.T) {
	for _, x := range Towns() {
		if err := geo.CheckPoint(x.Lon, x.Lat); err != nil || x.Name == "" {
			t.Errorf("%+v: %v", x, err)
		}
	}
}
