package postgis_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/maptile/tilecover"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/postgis"
	"tributary/geo"
	"tributary/tiles"
)

// tileOf decodes one layer of one tile, as MVT layers by their names.
func tileOf(t testing.TB, s *postgis.Store, layer string, at maptile.Tile, f data.Filter) map[string]*mvt.Layer {
	t.Helper()
	b, err := s.Layer(t.Context(), layer, at, f)
	if err != nil {
		t.Fatal(err)
	}
	if err := tiles.Verify(b); err != nil {
		t.Fatalf("%s %v: %v", layer, at, err)
	}
	layers, err := mvt.Unmarshal(b)
	if err != nil {
		t.Fatalf("%s %v: %v", layer, at, err)
	}
	out := map[string]*mvt.Layer{layer: {}, layer + "_label": {}}
	for _, l := range layers {
		out[l.Name] = l
	}
	return out
}

// countsByZoom adds up the counts of a layer of points at each zoom, looking
// into a tile only if the one above it holds something.
func countsByZoom(t testing.TB, s *postgis.Store, layer string, f data.Filter) (counts [geo.MaxZoom + 1]int) {
	t.Helper()
	var look func(at maptile.Tile)
	look = func(at maptile.Tile) {
		b, err := s.Layer(t.Context(), layer, at, f)
		if err != nil {
			t.Fatal(err)
		}
		if err := tiles.Verify(b); err != nil {
			t.Fatalf("%s %v: %v", layer, at, err)
		}
		layers, err := mvt.Unmarshal(b)
		if err != nil {
			t.Fatalf("%s %v: %v", layer, at, err)
		}
		here := 0
		for _, l := range layers {
			for _, f := range l.Features {
				if l.Name != layer {
					continue
				}
				n := 1
				if c, ok := f.Properties["count"].(float64); ok {
					n = int(c)
				}
				here += n
			}
		}
		counts[at.Z] += here
		if here > 0 && at.Z < geo.MaxZoom {
			for _, child := range at.Children() {
				look(child)
			}
		}
	}
	look(maptile.New(0, 0, 0))
	return counts
}

// Points of every kind are each in one tile of every zoom, whatever the filter.
func TestPointLayersAddUpAtEveryZoom(t *testing.T) {
	s, url := opened(t)
	settled(t, s, demo.New(demo.Options{Contributions: 600, Seed: 11}), 0)
	for _, test := range []struct {
		layer string
		f     data.Filter
		sql   string
	}{
		{"activities", data.Filter{Theme: []data.Theme{"safer"}}, `SELECT count(*)::text FROM pub.place p JOIN pub.activity a ON a.id = p.activity_id WHERE p.role IN ('delivery', 'service_area') AND a.status <> 'closed' AND 'safer' = ANY (a.themes)`},
		{"needs", data.Filter{}, `SELECT count(DISTINCT n.id)::text FROM pub.need n JOIN pub.activity a ON a.id = n.activity_id JOIN pub.place p ON p.activity_id = a.id
			WHERE p.role IN ('delivery', 'service_area') AND a.status <> 'closed' AND n.status IN ('open', 'part_met') AND COALESCE(n.open_from, '-infinity') <= CURRENT_DATE AND COALESCE(n.open_to, 'infinity') >= CURRENT_DATE`},
		{"stories", data.Filter{}, `SELECT count(*)::text FROM pub.story d WHERE d.territory_id IS NOT NULL OR d.region_code IS NOT NULL OR EXISTS (SELECT FROM pub.place p JOIN pub.activity a ON a.id = p.activity_id WHERE a.id = d.activity_id AND a.status <> 'closed' AND p.role IN ('delivery', 'service_area'))`},
		{"hubs", data.Filter{}, `SELECT count(*)::text FROM pub.hub WHERE ended_on IS NULL OR ended_on > CURRENT_DATE`},
	} {
		want := asked(t, url, test.sql)[0]
		for z, n := range countsByZoom(t, s, test.layer, test.f) {
			if fmt.Sprint(n) != want || n == 0 {
				t.Errorf("%s under %q at zoom %d: %d, want %s and more than none", test.layer, test.f.Canonical(), z, n, want)
			}
		}
	}
}

// Where needs, stories and hubs stand, and which are told.
func TestWhereNeedsStoriesAndHubsStand(t *testing.T) {
	s, _ := opened(t)
	_, refused := taken(t, s,
		rows{"organisation", []map[string]string{{"id": "uni", "name": "Example University", "kind": "university", "sector": "university"}, {"id": "far", "name": "Far University", "kind": "university", "sector": "university"}}},
		rows{"site", []map[string]string{
			{"id": "s1", "organisation": "uni", "role": "campus", "name": "A", "latitude": "51.28", "longitude": "1.08"}, // in Kent, another region
			{"id": "s2", "organisation": "uni", "role": "campus", "name": "B", "latitude": "52.62", "longitude": "1.24"},
			{"id": "s3", "organisation": "uni", "role": "depot", "name": "0", "latitude": "52.60", "longitude": "1.20"}}},
		rows{"hub", []map[string]string{
			{"id": "h1", "region": "E12000006", "host": "uni", "commissioned_on": "2024-01-01"}, {"id": "h2", "region": "E12000008", "host": "far", "commissioned_on": "2024-01-01"},
			{"id": "h3", "region": "E12000007", "host": "far", "commissioned_on": "2024-01-01", "ended_on": "2025-01-01"}}},
		rows{"activity", []map[string]string{
			{"id": "club", "name": "Chess club", "provider": "Example Charity", "latitude": "52.63", "longitude": "1.29", "class": "s0", "status": "validated", "themes": "safer"},
			{"id": "refuge", "name": "Refuge", "provider": "Example Charity", "latitude": "52.64", "longitude": "1.30", "class": "s3"}}},
		rows{"need", []map[string]string{
			{"id": "n1", "activity": "club", "type": "volunteering_time", "quantity": "20", "unit": "hours"}, {"id": "n2", "activity": "club", "type": "donation_money", "open_to": "2020-01-01"},
			{"id": "n3", "activity": "club", "type": "donation_money", "status": "met"}, {"id": "n4", "activity": "refuge", "type": "donation_money"}}},
		rows{"document", []map[string]string{
			{"id": "d1", "kind": "story", "title": "Checkmate", "activity": "club", "consent": "file 1", "published_on": "2025-05-01"}, {"id": "d2", "kind": "story", "title": "No consent", "organisation": "uni", "territory": "kent"},
			{"id": "d3", "kind": "story", "title": "Secret", "activity": "refuge", "consent": "file 2"}, {"id": "d4", "kind": "event", "title": "Fair", "territory": "kent"},
			{"id": "d5", "kind": "film", "title": "Film", "region": "E12000007", "consent": "file 3"}, {"id": "d6", "kind": "annual_report", "title": "Report", "organisation": "uni", "year": "2024", "territory": "kent"}}},
	)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	look := func(layer, field string, f data.Filter) (out []string) {
		for z := maptile.Zoom(0); z <= 6; z += 6 {
			for _, at := range []maptile.Tile{maptile.At(orb.Point{1.29, 52.63}, z), maptile.At(orb.Point{0.8, 51.2}, z), maptile.At(orb.Point{-0.1, 51.5}, z)} {
				for _, f := range tileOf(t, s, layer, at, f)[layer].Features {
					if n, ok := f.Properties["count"].(float64); ok && n > 1 {
						continue
					}
					out = append(out, fmt.Sprint(f.Properties[field], " ", f.Properties["level"]))
				}
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	for _, test := range []struct {
		layer, field string
		f            data.Filter
		want         []string
	}{
		{"needs", "type", data.Filter{}, []string{"volunteering_time exact"}},
		{"stories", "title", data.Filter{}, []string{"Checkmate exact", "Fair territory", "Film region"}},
		{"stories", "title", data.Filter{Theme: []data.Theme{"safer"}}, []string{"Checkmate exact"}},
		{"stories", "title", data.Filter{Region: []geo.RegionCode{"E12000008"}}, []string{"Fair territory"}},
		{"hubs", "name", data.Filter{}, []string{"Example University exact", "Far University region"}},
		{"hubs", "name", data.Filter{Territory: []geo.TerritoryID{"kent"}}, []string{"Far University region"}},
	} {
		if diff := cmp.Diff(test.want, look(test.layer, test.field, test.f)); diff != "" {
			t.Errorf("%s under %q (-want +got):\n%s", test.layer, test.f.Canonical(), diff)
		}
	}
	// The document that names no place, and target areas of what is not loaded.
	taken(t, s, one("document", map[string]string{"id": "d7", "kind": "story", "title": "Nowhere", "consent": "file 7"}), one("target_area_set", map[string]string{"id": "set", "plan": "norfolk", "name": "Set", "public": "yes"}),
		rows{"target_area", []map[string]string{{"id": "t1", "set": "set", "label": "District", "areas": "E07000148"}}})
	for _, layer := range []string{"stories", "target_areas"} {
		if n, err := s.Undrawn(t.Context(), layer); n != 1 || err != nil {
			t.Errorf("%s that are not drawn: %d, %v, want 1", layer, n, err)
		}
	}
	at := tileOf(t, s, "hubs", maptile.At(orb.Point{1.24, 52.62}, 12), data.Filter{})["hubs"]
	if at == nil || len(at.Features) != 1 {
		t.Error("the hub does not stand on the campus in its region")
	}
}

// Target areas of one set that are neighbours share their border at every zoom:
// together they cover what their areas do, and no two cover the same ground.
func TestTargetAreasStayTogether(t *testing.T) {
	s, url := opened(t)
	codes := asked(t, url, `SELECT sh.code FROM pub.shape sh JOIN pub.boundary_set s ON s.id = sh.set_id AND s.current AND s.kind IN ('county_or_unitary', 'district') WHERE sh.territory_id IN ('kent', 'essex', 'metropolitan') ORDER BY 1`)
	if len(codes) < 9 {
		t.Fatalf("there are %d areas", len(codes))
	}
	areas := []map[string]string{}
	for i := range 3 {
		var of string
		for j, c := range codes {
			if j%3 == i {
				of += c + ";"
			}
		}
		areas = append(areas, map[string]string{"id": fmt.Sprintf("ta%d", i), "set": "set", "label": fmt.Sprintf("Target %d", i), "areas": of})
	}
	_, refused := taken(t, s, one("target_area_set", map[string]string{"id": "set", "plan": "norfolk", "name": "Set", "public": "yes"}), one("target_area_set", map[string]string{"id": "own", "plan": "norfolk", "name": "Own"}),
		rows{"target_area", append(areas, map[string]string{"id": "hidden", "set": "own", "label": "Hidden", "areas": codes[0]})})
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	for z := maptile.Zoom(5); z <= 10; z++ {
		at := maptile.At(orb.Point{0.3, 51.5}, z)
		sum := func(layer string, of map[string]bool) (total float64, n int) {
			for _, f := range tileOf(t, s, layer, at, data.Filter{})[layer].Features {
				if of == nil || of[f.Properties["id"].(string)] {
					total += area(f.Geometry)
					n++
				}
			}
			return total, n
		}
		in := map[string]bool{}
		for _, c := range codes {
			in[c] = true
		}
		want, _ := sum("areas", in)
		got, n := sum("target_areas", nil)
		// Rounding to whole units may move a vertex that only one of them has.
		if n == 0 || math.Abs(got-want) > 1e-4*want {
			t.Errorf("zoom %d: %d target areas cover %.0f square units, their areas %.0f", z, n, got, want)
		}
	}
}

// area of polygons, without their holes.
func area(g orb.Geometry) (sum float64) {
	switch g := g.(type) {
	case orb.Polygon:
		for i, r := range g {
			a := 0.0
			for j := range len(r) - 1 {
				a += r[j][0]*r[j+1][1] - r[j+1][0]*r[j][1]
			}
			if a = math.Abs(a) / 2; i > 0 {
				a = -a
			}
			sum += a
		}
	case orb.MultiPolygon:
		for _, p := range g {
			sum += area(p)
		}
	}
	return sum
}

// Whatever a layer is drawn from says in the change log that it has changed.
func TestLayersHearOfChanges(t *testing.T) {
	s, url := opened(t)
	taken(t, s, organisations, one("organisation", map[string]string{"id": "uni", "name": "Example University", "kind": "university", "sector": "university"}),
		one("activity", map[string]string{"id": "club", "name": "Chess club", "provider": "Example Charity", "latitude": "52.63", "longitude": "1.29", "class": "s0"}))
	for _, step := range []struct {
		of  data.Subject
		row rows
	}{
		{data.OfNeeds, one("need", map[string]string{"id": "n1", "activity": "club", "type": "donation_money"})},
		{data.OfStories, one("document", map[string]string{"id": "d1", "kind": "story", "title": "Checkmate", "activity": "club", "consent": "file 1"})},
		{data.OfStories, one("document", map[string]string{"id": "d1", "kind": "story", "title": "Checkmate", "territory": "kent", "consent": "file 1"})},
		{data.OfHubs, one("hub", map[string]string{"id": "h1", "region": "E12000006", "host": "uni", "commissioned_on": "2024-01-01"})},
		{data.OfHubs, one("site", map[string]string{"id": "s1", "organisation": "uni", "role": "campus", "latitude": "52.62", "longitude": "1.24"})},
		{data.OfHubs, one("organisation", map[string]string{"id": "uni", "name": "University of Example", "kind": "university", "sector": "university"})},
		{data.OfTargetAreas, one("target_area_set", map[string]string{"id": "set", "plan": "norfolk", "name": "Set", "public": "yes"})},
		{data.OfTargetAreas, one("target_area", map[string]string{"id": "t", "set": "set", "label": "Target", "areas": "E07000148"})},
		{data.OfPlans, one("indicator", map[string]string{"id": "calls", "title": "Calls", "unit": "calls", "direction": "lower", "domain": "policing"})},
		{data.OfPlans, one("priority", map[string]string{"id": "norfolk:new", "plan": "norfolk", "name": "New"})},
	} {
		before := asked(t, url, "SELECT count(*)::text FROM raw.change WHERE kind = '"+step.of.String()+"'")
		if _, refused := taken(t, s, step.row); len(refused) > 0 {
			t.Fatal(refused)
		}
		if after := asked(t, url, "SELECT count(*)::text FROM raw.change WHERE kind = '"+step.of.String()+"'"); after[0] == before[0] {
			t.Errorf("a new or other %s is no change of %s", step.row.kind, step.of)
		}
	}
	if got := asked(t, url, "SELECT kind || ' ' || whole || ' ' || COALESCE(cardinality(activities), 0) FROM raw.change WHERE kind IN ('needs', 'stories') ORDER BY 1"); !slices.Equal(got, []string{"needs false 1", "stories false 1", "stories false 1", "stories true 0"}) {
		t.Errorf("needs and documents are logged as %q", got)
	}
}

// The areas of a gap are drawn with what the answer says of them.
func TestGapTilesSayWhatTheGapSays(t *testing.T) {
	s, _ := opened(t)
	settled(t, s, demo.New(demo.Options{Contributions: 800, Seed: 5}), 800)
	for _, f := range []data.Filter{
		{Territory: []geo.TerritoryID{"norfolk"}, Priority: []string{"norfolk:preventing-crime"}},
		{Territory: []geo.TerritoryID{"norfolk"}},
	} {
		g, err := s.Gap(t.Context(), f, data.View{})
		if err != nil {
			t.Fatal(err)
		}
		worst := map[string]string{}
		for _, state := range slices.Backward(data.GapStates) {
			for _, c := range g.Cells {
				if c.State == state {
					worst[c.Place] = string(state)
				}
			}
		}
		drawn := map[string]string{}
		for at := range tilecover.Bound(orb.Bound{Min: orb.Point{0.1, 52.3}, Max: orb.Point{1.8, 53}}, 8) {
			b, err := s.GapLayer(t.Context(), at, &g, false)
			if err != nil {
				t.Fatal(err)
			}
			if err := tiles.Verify(b); err != nil {
				t.Fatal(err)
			}
			layers, err := mvt.Unmarshal(b)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range layers {
				for _, f := range l.Features {
					drawn[f.Properties["id"].(string)] = f.Properties["state"].(string)
				}
			}
		}
		if diff := cmp.Diff(worst, drawn); diff != "" || len(drawn) == 0 {
			t.Errorf("%s (-answer +drawn):\n%s", f.Canonical(), diff)
		}
	}
	layers, err := tiles.ParseLayers("gaps")
	if err != nil {
		t.Fatal(err)
	}
	f, v := data.Filter{Territory: []geo.TerritoryID{"norfolk"}}, data.View{By: "cell", Res: "5"}
	g, err := s.Gap(t.Context(), f, v)
	if err != nil {
		t.Fatal(err)
	}
	q, err := tiles.NewQuery(layers, f, v)
	if err != nil {
		t.Fatal(err)
	}
	cells, made := map[string]bool{}, tiles.New(s)
	for at := range tilecover.Bound(orb.Bound{Min: orb.Point{-0.2, 52}, Max: orb.Point{2, 53.2}}, 7) {
		b, err := made.Tile(t.Context(), layers, at, q)
		if err != nil {
			t.Fatal(err)
		}
		if err := tiles.Verify(b); err != nil {
			t.Fatal(err)
		}
		decoded, err := mvt.Unmarshal(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range decoded {
			for _, f := range l.Features {
				cells[f.Properties["id"].(string)] = true
			}
		}
	}
	if n := len(g.Places()); n == 0 || len(cells) != n {
		t.Errorf("%d hexagons are drawn, want %d and more than none", len(cells), n)
	}
}

// Facts are kept by the target areas that they lie in and by the status of their
// activities, from memory as in SQL; a target area that nobody can place is
// refused.
func TestFactsByTargetAreaAndStatus(t *testing.T) {
	s, url := opened(t)
	settled(t, s, demo.New(demo.Options{Contributions: 1200, Seed: 6}), 1200)
	fs := following(t, s)
	// The made-up target areas are of districts, the default boundaries of
	// counties.
	areas := asked(t, url, `SELECT area_code FROM pub.fact WHERE area_code IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 4`)
	codes := []string{"one", "two"}
	taken(t, s, one("target_area_set", map[string]string{"id": "set", "plan": "norfolk", "name": "Set", "public": "yes"}),
		rows{"target_area", []map[string]string{{"id": "one", "set": "set", "label": "One", "areas": areas[0] + ";" + areas[1]}, {"id": "two", "set": "set", "label": "Two", "areas": areas[1] + ";" + areas[2]}}})
	p := current(t, s, fs)
	kept := 0
	for _, f := range []data.Filter{
		{TargetArea: codes[:1]}, {TargetArea: codes[:2], Sector: []string{"police"}}, {Status: []data.Status{"validated"}}, {Status: []data.Status{"closed", "suspended"}},
		{TargetArea: codes[1:2], Area: []geo.AreaCode{geo.AreaCode(areas[1])}}, {Status: []data.Status{"validated"}, TargetArea: codes[:2]},
	} {
		linked, err := s.Linked(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		want, err := s.Totals(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		got := p.Totals(linked)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-sql +memory):\n%s", f.Canonical(), diff)
		}
		kept += int(got.Total.Count)
		activities, err := s.Summary(t.Context(), data.Filter{TargetArea: f.TargetArea, Area: f.Area})
		if err != nil || len(f.TargetArea) > 0 && len(f.Area) == 0 && activities.Activities == 0 {
			t.Errorf("activities under %s: %d, %v", f.Canonical(), activities.Activities, err)
		}
	}
	if kept < 100 {
		t.Errorf("the filters keep %d facts", kept)
	}
	if _, refused := taken(t, s, one("target_area", map[string]string{"id": "odd", "set": "set", "label": "Odd", "areas": "E07000148"})); len(refused) > 0 {
		t.Fatal(refused)
	}
	var bad *data.Invalid
	if _, err := s.Heat(t.Context(), data.HeatQuery{Filter: data.Filter{TargetArea: []string{"odd"}}, Res: 5}); err == nil || !errors.As(err, &bad) || bad.Field != "target_area" {
		t.Errorf("a target area of areas that are not loaded: %v", err)
	}
	// A priority is one of its measures.
	n, err := s.Summary(t.Context(), data.Filter{Priority: []string{"norfolk:preventing-crime"}})
	want := asked(t, url, `SELECT count(DISTINCT a.id)::text FROM pub.activity a JOIN pub.place p ON p.activity_id = a.id AND p.role IN ('delivery', 'service_area') JOIN pub.measure m ON m.code = ANY (a.measures) WHERE m.priority_code = 'norfolk:preventing-crime' AND a.status <> 'closed'`)
	if err != nil || fmt.Sprint(n.Activities) != want[0] || n.Activities == 0 {
		t.Errorf("under a priority there are %d activities, %v, want %s", n.Activities, err, want)
	}
}
