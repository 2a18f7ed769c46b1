package postgis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/geo"
)

// mayHave reports whether one of so many places that are not told may have
// exactly x of the n that they have together, to somebody who knows the rule: a
// place is told if it has three of two providers, and so is what they have
// together.
func mayHave(places, n, x int) bool {
	// who holds what a place has, of two providers: more tell nothing else.
	providers := func(of int) []int {
		switch of {
		case 0:
			return []int{0}
		case 2:
			return []int{1, 2, 3}
		}
		return []int{1, 2}
	}
	var rest func(places, n, seen int) bool
	rest = func(places, n, seen int) bool {
		if places == 0 {
			return n == 0 && seen == 3
		}
		for of := range n + 1 {
			for _, who := range providers(of) {
				if rest(places-1, n-of, seen|who) {
					return true
				}
			}
		}
		return false
	}
	if x > n {
		return false
	}
	return slices.ContainsFunc(providers(x), func(who int) bool { return rest(places-1, n-x, who) })
}

func TestSolverSolves(t *testing.T) {
	for _, c := range []struct {
		places, n, x int
		want         bool
	}{
		{1, 3, 3, false}, // it would be told itself
		{2, 3, 0, false}, {2, 3, 1, true}, {2, 3, 2, true}, {2, 3, 3, false},
		{3, 3, 0, true}, {3, 3, 2, true}, {3, 4, 4, false}, {3, 4, 3, true}, {6, 5, 0, true}, {3, 2, 0, true}, {3, 1, 0, false},
	} {
		if got := mayHave(c.places, c.n, c.x); got != c.want {
			t.Errorf("one of %d places with %d may have %d: %t", c.places, c.n, c.x, got)
		}
	}
}

// secretsTold is what answers say of something secret in a period, by place.
type secretsTold struct {
	territories, regions map[string]int
	kingdom              int
}

// solved fails where somebody who knows the rule and every answer can bound what
// a territory has that is not told: it must be possible that it has none, and
// that it has two, which is the most that the threshold lets stand alone.
func (o secretsTold) solved(t *testing.T, when string, regionOf map[string]string) (places int) {
	t.Helper()
	hidden := map[string]int{}
	for territory, region := range regionOf {
		if n := o.territories[territory]; n == 0 {
			hidden[region]++
		} else if n < 3 {
			t.Errorf("%s: %s is told to have %d", when, territory, n)
		}
	}
	elsewhere := 0
	for region, n := range hidden {
		together := o.regions[region]
		if together == 0 {
			elsewhere += n
			continue
		}
		places += n
		if !mayHave(n, together, 0) || !mayHave(n, together, 2) {
			t.Errorf("%s: each of %d territories of %s has some of %d", when, n, region, together)
		}
	}
	if o.kingdom > 0 && elsewhere < 3 {
		t.Errorf("%s: %d of the kingdom lie in one of %d territories", when, o.kingdom, elsewhere)
	}
	return places
}

// From all that is told of secret activities and contributions, in places and
// periods, by whatever filter, nobody who knows the rule solves for a territory
// that is not told.
func TestNobodySolvesForSecrets(t *testing.T) {
	s, url := opened(t)
	random := rand.New(rand.NewPCG(3, 5))
	regionOf := map[string]string{}
	var few []string    // territories of which some worlds are made
	var london []string // the two of a region
	for _, row := range asked(t, url, "SELECT id || ' ' || region_code FROM pub.territory ORDER BY id") {
		var id, region string
		if _, err := fmt.Sscan(row, &id, &region); err != nil {
			t.Fatal(err)
		}
		regionOf[id] = region
		switch region {
		case "E12000007":
			london = append(london, id)
		case "W92000004", "E12000001", "S92000003": // four territories, three, one
			few = append(few, id)
		}
	}
	providers := []map[string]string{}
	for i := range 3 {
		providers = append(providers, map[string]string{"id": fmt.Sprint("p", i), "name": fmt.Sprint("Provider ", i), "kind": "provider"})
	}
	taken(t, s, organisations, rows{"organisation", providers})
	checked, worlds := 0, 8
	for world := range worlds {
		var activities []data.ActivityRecord
		gifts := rows{kind: "contribution"}
		for i := range 6 + random.IntN(14) {
			place, provider := few[random.IntN(len(few))], fmt.Sprint("p", random.IntN(3))
			if i < 3 { // two in one, and one in the other: neither is told
				place, provider = london[i/2], fmt.Sprint("p", i)
			}
			r := record(i, fmt.Sprint("a", i), 0, 0)
			r.Lon, r.Lat, r.TerritoryCode, r.Class, r.ProviderID, r.Provider = nil, nil, place, data.S3Secret, provider, provider
			activities = append(activities, r)
			day := fmt.Sprintf("%d-%02d-15", 2005+world, 1+random.IntN(12))
			if i < 3 {
				day = fmt.Sprintf("%d-05-15", 2005+world)
			}
			gifts.rows = append(gifts.rows, map[string]string{"id": fmt.Sprint("g", world, "-", i), "supplier": "builder", "provider": provider, "type": []string{"donation_money", "donation_goods"}[i%2], "value": fmt.Sprint(100 + i),
				"delivered_from": day, "territory": place, "class": "s3"})
		}
		imported(t, s, data.Import{Replace: true}, activities...)
		if _, refused := taken(t, s, gifts); len(refused) > 0 {
			t.Fatal(refused)
		}
		checked += toldOfActivities(t, s).solved(t, fmt.Sprint("activities of world ", world), regionOf)
		for quarter := range 4 {
			checked += toldInQuarter(t, url, fmt.Sprintf("%d-%02d-01", 2005+world, 1+3*quarter)).solved(t, fmt.Sprintf("gifts of world %d, quarter %d", world, quarter+1), regionOf)
		}
	}
	sums := hiddenSums(t, url)
	if sums < 6 {
		t.Errorf("only %d secret sums are told below the kingdom", sums)
	}
	if checked < 10 {
		t.Errorf("only %d places were to be solved for", checked)
	}
	t.Logf("%d worlds: %d territories that are not told, each may have none and may have two; %d exact sums, each of them one of three or more for two providers or more", worlds, checked, sums)
}

// hiddenSums are the exact sums of secret facts that are told of a place below the
// kingdom. Whoever knows such a sum from elsewhere learns the place and the quarter
// and no more, since it may be any of several contributions there: whatever else a
// fact tells, its type and state, is told of each apart and names none of them. It
// fails where a sum could stand for fewer than three, or for one provider alone.
func hiddenSums(t *testing.T, url string) (sums int) {
	t.Helper()
	for _, row := range asked(t, url, `
		SELECT concat_ws(' ', count(DISTINCT f.id), count(DISTINCT c.id), count(DISTINCT c.provider_id), f.day, f.level, COALESCE(f.territory_id, f.region_code))
		FROM pub.fact f JOIN raw.allocation a ON a.fact_id = f.id JOIN raw.contribution c ON c.id = a.contribution_id
		WHERE c.class = 's3' AND f.level <> 'uk' GROUP BY f.day, f.level, f.territory_id, f.region_code`) {
		var facts, contributions, providers int
		var day, level, place string
		if _, err := fmt.Sscan(row, &facts, &contributions, &providers, &day, &level, &place); err != nil {
			t.Fatal(err)
		}
		if sums += facts; contributions < 3 || providers < 2 {
			t.Errorf("%s of %s: a secret sum stands for one of %d contributions for %d providers", level, row, contributions, providers)
		}
	}
	if told := asked(t, url, "SELECT count(*)::text FROM pub.fact f JOIN raw.allocation a ON a.fact_id = f.id JOIN raw.contribution c ON c.id = a.contribution_id WHERE c.class = 's3' AND num_nonnulls(f.contribution_id, f.supplier_id, f.buyer_id, f.provider_id, f.activity_id, f.contract_id, f.measure, f.cell, f.area_code) > 0")[0]; told != "0" {
		t.Errorf("%s secret facts say more than a sum, a type and a state", told)
	}
	return sums
}

// toldOfActivities reads what lists and sums say is withheld, and that no filter
// says more.
func toldOfActivities(t *testing.T, s *postgis.Store) secretsTold {
	t.Helper()
	read := func(f data.Filter) (o secretsTold) {
		t.Helper()
		o = secretsTold{territories: map[string]int{}, regions: map[string]int{}}
		territories, err := s.Territories(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		regions, err := s.Regions(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		all := summaryOf(t, s, f)
		for _, r := range territories {
			o.territories[string(r.ID)] = r.Withheld
			o.regions[string(r.Region)] -= r.Withheld
		}
		o.kingdom = all.Withheld
		for _, r := range regions {
			o.regions[string(r.Code)] += r.Withheld
			o.kingdom -= r.Withheld
		}
		return o
	}
	o := read(data.Filter{})
	for _, f := range []data.Filter{{Theme: []data.Theme{data.ThemeSafer}}, {Status: data.Statuses}, {Measure: []string{"norfolk:RH3"}}} {
		under := read(f)
		for id, n := range under.territories {
			if n != 0 && n != o.territories[id] {
				t.Errorf("under %+v %s has %d withheld, and %d without", f, id, n, o.territories[id])
			}
		}
		if under.kingdom != 0 && under.kingdom != o.kingdom {
			t.Errorf("under %+v the kingdom has %d withheld, and %d without", f, under.kingdom, o.kingdom)
		}
	}
	for region := range o.regions {
		under := read(data.Filter{Region: []geo.RegionCode{geo.RegionCode(region)}})
		for id, n := range under.territories {
			if n != 0 && n != o.territories[id] {
				t.Errorf("within %s, %s has %d withheld, and %d without", region, id, n, o.territories[id])
			}
		}
	}
	return o
}

func summaryOf(t *testing.T, s *postgis.Store, f data.Filter) data.Summary {
	t.Helper()
	sum, err := s.Summary(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// toldInQuarter counts the secret facts of a quarter by the place that they are
// told at, as any question over facts may.
func toldInQuarter(t *testing.T, url, quarter string) secretsTold {
	t.Helper()
	o := secretsTold{territories: map[string]int{}, regions: map[string]int{}}
	for _, row := range shown(t, url, "SELECT level || ' ' || COALESCE(territory_id, region_code, 'uk') || ' ' || count(*) FROM pub.fact WHERE contribution_id IS NULL AND day = '"+quarter+"' AND NOT (level = 'uk' AND extract(month FROM day) = 1) GROUP BY level, territory_id, region_code") {
		var level, code string
		var n int
		if _, err := fmt.Sscan(row, &level, &code, &n); err != nil {
			t.Fatal(err)
		}
		switch level {
		case "territory":
			o.territories[code] = n
		case "region":
			o.regions[code] = n
		default:
			o.kingdom = n
		}
	}
	return o
}
