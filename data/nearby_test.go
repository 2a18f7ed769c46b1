package data

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"
)

// world draws candidates around Norwich, some in several places, some shown by
// their area alone.
func world(rt *rapid.T) []Candidate {
	var all []Candidate
	for i := range rapid.IntRange(0, 60).Draw(rt, "activities") {
		for range rapid.IntRange(1, 2).Draw(rt, "places") {
			c := Candidate{Activity: fmt.Sprintf("a%02d", i), Name: fmt.Sprintf("Activity %d", i%7), Level: rapid.SampledFrom([]string{"exact", "cell", "area"}).Draw(rt, "level"),
				Point: orb.Point{rapid.Float64Range(0.2, 2.4).Draw(rt, "lon"), rapid.Float64Range(52, 53.3).Draw(rt, "lat")}, Territory: "norfolk", Area: "E07000148",
				Supported: rapid.Bool().Draw(rt, "supported"), TargetArea: rapid.Bool().Draw(rt, "target")}
			if rapid.Bool().Draw(rt, "need") {
				c.Needs = []OpenNeed{{Type: "volunteering_time"}}
			}
			if rapid.Bool().Draw(rt, "welcome") {
				c.Welcomes = []string{"volunteering_time", "donation_goods"}
			}
			all = append(all, c)
		}
	}
	return all
}

func TestPolygon(t *testing.T) {
	ring, err := ParsePolygon("1.2 52.6, 1.4 52.6,1.3 52.7")
	if err != nil || len(ring) != 4 || !ring.Closed() || FormatPolygon(ring) != "1.2 52.6,1.4 52.6,1.3 52.7" {
		t.Fatal(ring, err)
	}
	in, out := orb.Point{1.3, 52.63}, orb.Point{1.21, 52.69}
	for _, tt := range []struct {
		level string
		at    orb.Point
		want  bool
	}{{"exact", in, true}, {"cell", in, true}, {"area", in, false}, {"exact", out, false}} {
		c := Candidate{Level: tt.level, Point: tt.at}
		if c.Within(ring) != tt.want || !c.Within(nil) {
			t.Errorf("%+v", tt)
		}
	}
	for _, bad := range []string{"", "1.2 52.6", "1.2 52.6,1.4 52.6", "1.2,52.6,1.4,52.6", "1.2 52.6,1.4 52.6,x 52.7", "52.6 1.2,52.6 1.4,52.7 1.3", "1.2 52.6,1.4 52.6,NaN 52.7", strings.Repeat("1.2 52.6,", 600) + "1.2 52.6"} {
		if ring, err := ParsePolygon(bad); err == nil {
			t.Errorf("%.30q is %v", bad, ring)
		}
	}
}

// What is near one site is what ordering everything by score finds, whatever
// the radius and the limit; and what may not be placed is not told a distance.
func TestNearIsExact(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := world(rt)
		site := SiteAt{Site: "s", Point: orb.Point{rapid.Float64Range(0.2, 2.4).Draw(rt, "x"), rapid.Float64Range(52, 53.3).Draw(rt, "y")}, Area: "E07000148"}
		km, limit := rapid.Float64Range(1, 100).Draw(rt, "km"), rapid.IntRange(1, 30).Draw(rt, "limit")
		o := Offer{Types: []string{"volunteering_time"}}
		c := NewCandidates(1, Date{}, slices.Clone(all))
		sites := []SiteAt{site}
		got := c.Near(sites, o, km, limit, nil)

		// The oracle: every place, one after the other.
		best := map[string]float64{}
		for _, x := range all {
			if x.Level == "area" {
				continue
			}
			d := geo.DistanceHaversine(site.Point, x.Point) / 1000
			if x.Level == "exact" {
				d = math.Round(d*10) / 10
			} else {
				d = max(1, math.Round(d))
			}
			if d > km {
				continue
			}
			points := 40 * math.Exp(-d/10)
			if len(x.Needs) > 0 {
				points += 25
			}
			if len(x.Welcomes) > 0 {
				points += 10
			}
			if x.TargetArea {
				points += 5
			}
			if !x.Supported {
				points += 5
			}
			best[x.Activity] = max(best[x.Activity], math.Round(points*10)/10)
		}
		if sites[0].Matched != len(best) || len(got) != min(limit, len(best)) {
			rt.Fatalf("%d of %d matched, want %d of %d", len(got), sites[0].Matched, min(limit, len(best)), len(best))
		}
		var want []float64
		for _, s := range best {
			want = append(want, s)
		}
		slices.Sort(want)
		slices.Reverse(want)
		for i, m := range got {
			if m.Rank != i+1 || m.Score != want[i] || m.Score != best[m.Activity] || m.Level == "area" || len(m.Reasons) == 0 {
				rt.Fatalf("match %d: %+v, want a score of %v", i, m, want[i])
			}
		}
		for _, x := range c.InAreas(sites, nil) {
			if x.Level != "area" {
				rt.Fatalf("told by area although it may be placed: %+v", x)
			}
		}
	})
}

// One activity is not offered to all of many sites.
func TestNearSharesAmongSites(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := NewCandidates(1, Date{}, world(rt))
		var sites []SiteAt
		for i := range rapid.IntRange(2, 40).Draw(rt, "sites") {
			sites = append(sites, SiteAt{Site: fmt.Sprint("s", i), Point: orb.Point{1.29, 52.63}})
		}
		limit := rapid.IntRange(1, 5).Draw(rt, "limit")
		perActivity, perSite := map[string]int{}, map[string]int{}
		for _, m := range c.Near(sites, Offer{}, 100, limit, nil) {
			perActivity[m.Activity]++
			perSite[m.Site]++
		}
		for a, n := range perActivity {
			if n > 3 {
				rt.Fatalf("%s is offered to %d sites", a, n)
			}
		}
		for s, n := range perSite {
			if n > limit {
				rt.Fatalf("%s is offered %d activities, want at most %d", s, n, limit)
			}
		}
	})
}

func TestScoreReasons(t *testing.T) {
	c := Candidate{Needs: []OpenNeed{{Type: "training", Quantity: 20_000, Unit: "hours"}}, Welcomes: []string{"training"}, Measures: []string{"norfolk:PC1"}, Priorities: []string{"norfolk:p"}, TargetArea: true}
	for _, tt := range []struct {
		name   string
		offer  Offer
		points float64
		says   string
	}{
		{"all of it", Offer{Types: []string{"training"}, Measures: []string{"norfolk:PC1"}, Quantity: 10_000, Unit: "hours"}, 60, "asks for 20 hours (training)"},
		{"more than is asked for", Offer{Types: []string{"training"}, Quantity: 40_000, Unit: "hours"}, 37.5, "less than is offered"},
		{"another type", Offer{Types: []string{"donation_money"}}, 15, "serves a priority"},
		{"anything", Offer{}, 50, "its provider welcomes an approach"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			points, reasons := c.score(tt.offer)
			if points != tt.points || !strings.Contains(strings.Join(reasons, "; "), tt.says) {
				t.Errorf("%v points, %v; want %v, …%s…", points, reasons, tt.points, tt.says)
			}
		})
	}
}

func BenchmarkNear(b *testing.B) {
	var all []Candidate
	for i := range 50_000 {
		all = append(all, Candidate{Activity: fmt.Sprint(i), Name: "A", Level: "cell", Point: orb.Point{-5 + float64(i%701)/701*6.5, 50.5 + float64(i%997)/997*6}})
	}
	c := NewCandidates(1, Date{}, all)
	for _, n := range []int{1, 500} {
		b.Run(fmt.Sprintf("sites=%d", n), func(b *testing.B) {
			sites := make([]SiteAt, n)
			for i := range sites {
				sites[i] = SiteAt{Site: fmt.Sprint(i), Point: orb.Point{-2 + float64(i%17)/10, 51.5 + float64(i%23)/10}}
			}
			for b.Loop() {
				c.Near(sites, Offer{}, 25, 20, nil)
			}
		})
	}
}
