package reference

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tributary/data"
	"tributary/geo"
)

// shapesOf returns the boundaries of one kind by code.
func shapesOf(t *testing.T, kind data.BoundaryKind) map[string]orb.MultiPolygon {
	t.Helper()
	for _, s := range Boundaries() {
		if s.Kind == kind {
			if !s.Approximate || s.Source == "" || s.Licence == "" {
				t.Errorf("%s is not marked as approximate, with its source", kind)
			}
			out := map[string]orb.MultiPolygon{}
			for _, x := range s.Shapes {
				out[x.Code] = x.Geometry
			}
			return out
		}
	}
	t.Fatalf("there are no boundaries of kind %s", kind)
	return nil
}

func TestBoundariesAreValid(t *testing.T) {
	for kind, want := range map[data.BoundaryKind]int{data.BoundaryTerritory: 45, data.BoundaryRegion: 12, data.BoundaryCountyOrUnitary: 232} {
		shapes := shapesOf(t, kind)
		if len(shapes) != want {
			t.Errorf("%d of kind %s, want %d", len(shapes), kind, want)
		}
		var all []orb.MultiPolygon
		for code, mp := range shapes {
			all = append(all, mp)
			if b := mp.Bound(); len(mp) == 0 || !geo.UK.Contains(b.Min) || !geo.UK.Contains(b.Max) {
				t.Errorf("%s is empty or leaves the United Kingdom: %v", code, b)
			}
			if at, crosses := geo.SelfCrossing(mp); crosses {
				t.Errorf("%s crosses itself at %v", code, at)
			}
			for _, p := range mp {
				for i, r := range p {
					want := orb.CW
					if i == 0 {
						want = orb.CCW
					}
					if len(r) < 4 || !r.Closed() || r.Orientation() != want {
						t.Errorf("%s: ring %d is not closed, or wound the wrong way", code, i)
					}
				}
			}
		}
		if o := geo.Overlaps(all, 0.001); len(o) > 0 {
			t.Errorf("%s overlap: %v", kind, o)
		}
	}
}

func TestUnionsAreExact(t *testing.T) {
	territory, region := shapesOf(t, data.BoundaryTerritory), shapesOf(t, data.BoundaryRegion)
	sum := map[geo.RegionCode]float64{}
	for _, x := range Territories() {
		sum[x.Region] += planar.Area(territory[string(x.ID)])
	}
	for code, mp := range region {
		if got := planar.Area(mp); math.Abs(got-sum[geo.RegionCode(code)]) > 1e-9 {
			t.Errorf("%s has the area %v, its territories %v", code, got, sum[geo.RegionCode(code)])
		}
	}
	units := map[geo.TerritoryID]float64{}
	for _, s := range Boundaries()[2].Shapes {
		units[s.Territory] += planar.Area(s.Geometry)
	}
	for id, want := range units {
		if got := planar.Area(territory[string(id)]); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s has the area %v, its units %v", id, got, want)
		}
	}
}

func TestWellKnownPlaces(t *testing.T) {
	territory := shapesOf(t, data.BoundaryTerritory)
	for _, tt := range []struct {
		place string
		at    orb.Point
		want  string
	}{
		{"Norwich", orb.Point{1.2927, 52.6283}, "norfolk"},
		{"Great Yarmouth", orb.Point{1.72, 52.6063}, "norfolk"},
		{"Bury St Edmunds", orb.Point{0.7111, 52.2474}, "suffolk"},
		{"St Helens", orb.Point{-2.7373, 53.4534}, "merseyside"},
		{"Runcorn, Halton", orb.Point{-2.7313, 53.3363}, "cheshire"},
		{"Birkenhead, Wirral", orb.Point{-3.04, 53.38}, "merseyside"},
		{"Bishopsgate", orb.Point{-0.0815, 51.517}, "city-of-london"},
		{"Brixton", orb.Point{-0.1145, 51.4613}, "metropolitan"},
		{"Stornoway", orb.Point{-6.39, 58.214}, "police-scotland"},
		{"Lerwick", orb.Point{-1.155, 60.155}, "police-scotland"},
		{"Belfast", orb.Point{-5.94, 54.59}, "northern-ireland"},
		{"Wrexham", orb.Point{-2.9925, 53.0466}, "north-wales"},
		{"Middlesbrough", orb.Point{-1.235, 54.565}, "cleveland"},
	} {
		for id, mp := range territory {
			if in := planar.MultiPolygonContains(mp, tt.at); in != (id == tt.want) {
				t.Errorf("%s in %s: %v", tt.place, id, in)
			}
		}
	}
}

func TestCityOfLondonLiesInAHole(t *testing.T) {
	territory := shapesOf(t, data.BoundaryTerritory)
	city := territory["city-of-london"]
	if len(city) != 1 {
		t.Fatalf("the City has %d parts", len(city))
	}
	for _, p := range territory["metropolitan"] {
		for _, hole := range p[1:] {
			if math.Abs(planar.Area(hole)+planar.Area(city)) < 1e-12 || math.Abs(planar.Area(hole)-planar.Area(city)) < 1e-12 {
				return
			}
		}
	}
	t.Error("the Metropolitan territory has no hole of the City's size")
}
