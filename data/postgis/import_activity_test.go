package postgis_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	"tributary/geo"
)

// record is a good record of an open activity at a position.
func record(line int, id string, lon, lat float64) data.ActivityRecord {
	return data.ActivityRecord{
		Line: line, ExternalID: id, Name: "Walking group " + id, Provider: "Example Trust", ProviderID: "GB-CHC-1",
		Status: data.StatusSubmitted, Role: data.RoleDelivery, Class: data.S0Open, Lon: &lon, Lat: &lat,
	}
}

// norwich and its neighbourhood: positions well inside Norfolk.
var norwich = [2]float64{1.2974, 52.6309}

func imported(t *testing.T, s *postgis.Store, run data.Import, records ...data.ActivityRecord) (data.ImportResult, []data.Refusal) {
	t.Helper()
	run.Kind = "activities"
	if run.Source == "" {
		run.Source = "test"
	}
	var refused []data.Refusal
	res, err := s.ImportActivities(t.Context(), postgis.Operator, run, slices.Values(records), func(r data.Refusal) error {
		refused = append(refused, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return res, refused
}

func TestImportTwiceChangesNothing(t *testing.T) {
	s := pgtest.Store(t)
	a, b := record(2, "a", norwich[0], norwich[1]), record(3, "b", -0.1276, 51.5072)
	first, _ := imported(t, s, data.Import{}, a, b)
	if want := (data.ImportResult{Added: 2, Placed: 2, Kept: true}); first != want {
		t.Errorf("first import %+v, want %+v", first, want)
	}
	again, _ := imported(t, s, data.Import{}, a, b)
	if want := (data.ImportResult{Unchanged: 2, Placed: 2, Kept: true}); again != want {
		t.Errorf("the same import again %+v, want %+v", again, want)
	}
	b.Name = "Running group"
	changed, _ := imported(t, s, data.Import{Replace: true}, b)
	if want := (data.ImportResult{Changed: 1, Placed: 1, Closed: 1, Kept: true}); changed != want {
		t.Errorf("a changed row that replaces both %+v, want %+v", changed, want)
	}
}

func TestImportPlaces(t *testing.T) {
	s := pgtest.Store(t)
	nowhere := func(id string) data.ActivityRecord {
		r := record(0, id, 0, 0)
		r.Lon, r.Lat = nil, nil
		return r
	}
	byArea := nowhere("by area")
	byArea.AreaCode = "E07000148"
	byName := nowhere("by name")
	byName.TerritoryCode = "Devon & Cornwall"
	atSea := record(0, "at sea", 1.9, 55.5)
	wrong := record(0, "wrong", norwich[0], norwich[1])
	wrong.TerritoryCode = "kent"
	old := nowhere("old code")
	old.AreaCode = "E07000999"
	postcode := nowhere("postcode")
	postcode.Postcode = "NR1 3JU"
	_, refused := imported(t, s, data.Import{}, record(0, "norwich", norwich[0], norwich[1]), byArea, byName, atSea, wrong, old, postcode)

	list, err := s.Activities(t.Context(), data.Filter{}, data.View{Limit: 10, Sort: "name"})
	if err != nil {
		t.Fatal(err)
	}
	type spot struct {
		Territory geo.TerritoryID
		Level     geo.Level
		Method    data.Method
	}
	got := map[string]spot{}
	for _, a := range list.Items {
		p := a.Places[0]
		got[strings.TrimPrefix(a.Name, "Walking group ")] = spot{p.Territory, p.Level, p.Method}
	}
	want := map[string]spot{
		"norwich": {"norfolk", geo.LevelExact, data.MethodCoordinates},
		"by area": {"norfolk", geo.LevelTerritory, data.MethodCode}, // no district polygons are loaded
		"by name": {"devon-and-cornwall", geo.LevelTerritory, data.MethodCode},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("placed (-want +got):\n%s", diff)
	}
	var fields []string
	for _, r := range refused {
		fields = append(fields, r.Field)
	}
	slices.Sort(fields)
	if diff := cmp.Diff([]string{"area_code", "latitude", "postcode", "territory"}, fields); diff != "" {
		t.Errorf("refused (-want +got):\n%s\n%+v", diff, refused)
	}
}
