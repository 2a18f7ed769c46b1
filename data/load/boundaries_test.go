package load

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"tributary/data"
	"tributary/data/reference"
	"tributary/geo"
)

// official makes a file as ONS would publish it from the reference's own
// approximate territories, which edit may spoil.
func official(t *testing.T, edit func(*geojson.FeatureCollection)) io.Reader {
	t.Helper()
	fc := geojson.NewFeatureCollection()
	codes := map[string]string{}
	for _, x := range reference.Territories() {
		codes[string(x.ID)] = x.Code
	}
	codes["police-scotland"], codes["northern-ireland"] = "S92000003", "N92000002"
	for _, s := range defaults(t, data.BoundaryTerritory).Shapes {
		f := geojson.NewFeature(s.Geometry.Clone())
		f.Properties = geojson.Properties{"FID": 1, "PFA23CD": codes[s.Code], "PFA23NM": s.Name, "RGN22CD": "E12000001"}
		fc.Append(f)
	}
	if edit != nil {
		edit(fc)
	}
	return file(t, fc)
}

func file(t *testing.T, fc *geojson.FeatureCollection) io.Reader {
	t.Helper()
	b, err := json.Marshal(fc)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReader(string(b))
}

func defaults(t *testing.T, kind data.BoundaryKind) data.BoundarySet {
	t.Helper()
	for _, s := range reference.Boundaries() {
		if s.Kind == kind {
			return s
		}
	}
	t.Fatalf("no %s", kind)
	return data.BoundarySet{}
}

// featureOf finds the feature with a code.
func featureOf(fc *geojson.FeatureCollection, code string) *geojson.Feature {
	for _, f := range fc.Features {
		if f.Properties["PFA23CD"] == code {
			return f
		}
	}
	panic(code)
}

func drop(codes ...string) func(*geojson.FeatureCollection) {
	return func(fc *geojson.FeatureCollection) {
		fc.Features = slices.DeleteFunc(fc.Features, func(f *geojson.Feature) bool {
			return slices.Contains(codes, f.Properties.MustString("PFA23CD"))
		})
	}
}

func TestBoundariesOfTerritories(t *testing.T) {
	set, report, err := Boundaries(official(t, nil), BoundaryOptions{Label: "L", Source: "S", Licence: "OGL-UK-3.0", ValidFrom: data.NewDate(2023, 12, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if set.Kind != data.BoundaryTerritory || len(set.Shapes) != 45 || set.Label != "L" || set.Approximate || set.ValidFrom.IsZero() {
		t.Errorf("got %d of kind %s, %+v", len(set.Shapes), set.Kind, set.Label)
	}
	if len(report.Notes) != 0 || report.Property != "pfa23cd" || report.CRS != geo.WGS84 || report.Features != 45 || report.Vertices == 0 {
		t.Errorf("the report is %+v", report)
	}
	want := map[string]float64{}
	for _, s := range defaults(t, data.BoundaryTerritory).Shapes {
		want[s.Code] = geo.AreaKM2(s.Geometry)
	}
	for _, s := range set.Shapes {
		if math.Abs(geo.AreaKM2(s.Geometry)-want[s.Code]) > 1e-6 {
			t.Errorf("%s has %v km2, want %v", s.Code, geo.AreaKM2(s.Geometry), want[s.Code])
		}
	}
}

func TestBoundariesLeavesRockallOut(t *testing.T) {
	set, report, err := Boundaries(official(t, func(fc *geojson.FeatureCollection) {
		f := featureOf(fc, "S92000003")
		f.Geometry = append(f.Geometry.(orb.MultiPolygon), orb.Polygon{{{-13.69, 57.59}, {-13.68, 57.59}, {-13.68, 57.6}, {-13.69, 57.59}}})
	}), BoundaryOptions{})
	if err != nil || len(report.Notes) != 1 {
		t.Fatalf("got %v, %v", report.Notes, err)
	}
	for _, s := range set.Shapes {
		if b := s.Geometry.Bound(); !geo.UK.Contains(b.Min) {
			t.Errorf("%s reaches to %v", s.Code, b.Min)
		}
	}
}

func TestBoundariesTurnsRings(t *testing.T) {
	r := official(t, func(fc *geojson.FeatureCollection) {
		for _, p := range featureOf(fc, "E23000024").Geometry.(orb.MultiPolygon) {
			p[0].Reverse()
		}
	})
	set, _, err := Boundaries(r, BoundaryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set.Shapes {
		for _, p := range s.Geometry {
			if p[0].Orientation() != orb.CCW {
				t.Errorf("%s has a clockwise exterior", s.Code)
			}
		}
	}
}

const norfolk = "E23000024"

func shiftAll(by func(orb.Point) orb.Point) func(*geojson.FeatureCollection) {
	return func(fc *geojson.FeatureCollection) {
		for _, f := range fc.Features {
			for _, p := range f.Geometry.(orb.MultiPolygon) {
				for _, r := range p {
					for i := range r {
						r[i] = by(r[i])
					}
				}
			}
		}
	}
}

var refusedBoundaries = []struct {
	name string
	edit func(*geojson.FeatureCollection)
	want []string // all in the problems
}{
	{"England and Wales only", drop("S92000003", "N92000002"), []string{"2 of kind territory are missing: police-scotland, northern-ireland", "second file"}},
	{"one missing", drop(norfolk), []string{"1 of kind territory are missing: norfolk"}},
	{"twice", func(fc *geojson.FeatureCollection) { fc.Append(featureOf(fc, norfolk)) }, []string{"E23000024", "feature 24 has the same code"}},
	{"another vintage", func(fc *geojson.FeatureCollection) { featureOf(fc, norfolk).Properties["PFA23CD"] = "E23000099" }, []string{"E23000099", "another vintage", "missing: norfolk"}},
	{"another kind", func(fc *geojson.FeatureCollection) { featureOf(fc, norfolk).Properties["PFA23CD"] = "E07000148" }, []string{"one of a district"}},
	{"no code", func(fc *geojson.FeatureCollection) {
		featureOf(fc, norfolk).Properties = geojson.Properties{"name": "x"}
	}, []string{"feature 24: no property holds an ONS code"}},
	{"a point", func(fc *geojson.FeatureCollection) { featureOf(fc, norfolk).Geometry = orb.Point{1, 52} }, []string{"must be a Polygon"}},
	{"swapped axes", shiftAll(func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }), []string{"look swapped"}},
	{"Web Mercator", shiftAll(func(p orb.Point) orb.Point { return orb.Point{p[0] * 111e3, 7e6 + p[1]} }), []string{"outside the United Kingdom"}},
	{"an overlap", func(fc *geojson.FeatureCollection) {
		f := featureOf(fc, norfolk)
		f.Geometry = append(f.Geometry.(orb.MultiPolygon), orb.Polygon{{{0.9, 52.1}, {1, 52.1}, {1, 52.2}, {0.9, 52.2}, {0.9, 52.1}}})
	}, []string{"Norfolk and Suffolk overlap by 7"}},
	{"a bow tie", func(fc *geojson.FeatureCollection) {
		f := featureOf(fc, norfolk)
		f.Geometry = append(f.Geometry.(orb.MultiPolygon), orb.Polygon{{{1.9, 53}, {2, 53.3}, {2, 53}, {1.9, 53.1}, {1.9, 53}}})
	}, []string{"feature 24, norfolk", "crosses itself near longitude 1.9", "ST_MakeValid"}},
	{"countries", func(fc *geojson.FeatureCollection) {
		fc.Features = fc.Features[:1]
		fc.Features[0].Properties = geojson.Properties{"CTRY22CD": "E92000001"}
	}, []string{"no kind of boundary"}},
}

func TestBoundariesRefuses(t *testing.T) {
	for _, tt := range refusedBoundaries {
		t.Run(tt.name, func(t *testing.T) {
			set, report, err := Boundaries(official(t, tt.edit), BoundaryOptions{})
			if !errors.Is(err, ErrBoundaries) || len(set.Shapes) > 0 {
				t.Fatalf("got %d shapes, %v", len(set.Shapes), err)
			}
			var all []string
			for _, p := range report.Problems {
				all = append(all, p.String())
				if p.Remedy == "" || p.Reason == "" {
					t.Errorf("%+v has no remedy", p)
				}
			}
			for _, want := range tt.want {
				if !strings.Contains(strings.Join(all, "\n"), want) {
					t.Errorf("nothing says %q: %q", want, all)
				}
			}
		})
	}
}

func TestBoundariesTakesWhatIsMissing(t *testing.T) {
	south := drop("S92000003", "N92000002")
	north := func(fc *geojson.FeatureCollection) {
		fc.Features = slices.DeleteFunc(fc.Features, func(f *geojson.Feature) bool {
			return f.Properties.MustString("PFA23CD")[0] == 'E' && f.Properties["PFA23CD"] != "E23000024"
		})
		for _, f := range fc.Features {
			f.Properties = geojson.Properties{"CTRY22CD": f.Properties["PFA23CD"]}
		}
	}
	set, report, err := Boundaries(official(t, south), BoundaryOptions{Also: official(t, north)})
	if err != nil || len(set.Shapes) != 45 {
		t.Fatalf("got %d, %v", len(set.Shapes), err)
	}
	if diff := cmp.Diff([]string{"police-scotland", "northern-ireland"}, report.Also); diff != "" {
		t.Error(diff)
	}
	set, report, err = Boundaries(official(t, south), BoundaryOptions{KeepMissing: true, Current: reference.Boundaries()})
	if err != nil || len(set.Shapes) != 45 || len(report.Kept) != 2 {
		t.Fatalf("got %d, kept %v, %v", len(set.Shapes), report.Kept, err)
	}
}

func TestBoundariesOnTheGrid(t *testing.T) {
	r := official(t, func(fc *geojson.FeatureCollection) {
		for _, f := range fc.Features {
			for _, p := range f.Geometry.(orb.MultiPolygon) {
				for _, ring := range p {
					for i := range ring {
						ring[i] = geo.ToGrid(ring[i])
					}
				}
			}
		}
	})
	set, report, err := Boundaries(r, BoundaryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if report.CRS != geo.BritishNationalGrid || !report.Guessed {
		t.Errorf("the file was read as %s, guessed %v", report.CRS, report.Guessed)
	}
	i := slices.IndexFunc(set.Shapes, func(s data.Shape) bool { return s.Code == "norfolk" })
	if !geo.Inside(set.Shapes[i].Geometry, orb.Point{1.2927, 52.6283}) {
		t.Error("Norwich is not in Norfolk")
	}
}

func TestBoundariesOfRegions(t *testing.T) {
	fc := geojson.NewFeatureCollection()
	for _, s := range defaults(t, data.BoundaryRegion).Shapes {
		f := geojson.NewFeature(s.Geometry)
		f.Properties["rgncd"] = s.Code
		fc.Append(f)
	}
	set, _, err := Boundaries(file(t, fc), BoundaryOptions{})
	if err != nil || set.Kind != data.BoundaryRegion || len(set.Shapes) != 12 {
		t.Errorf("got %d of kind %s, %v", len(set.Shapes), set.Kind, err)
	}
}

func TestBoundariesOfDistricts(t *testing.T) {
	square := func(x, y float64) orb.Polygon {
		return orb.Polygon{{{x, y}, {x + 0.05, y}, {x + 0.05, y + 0.05}, {x, y + 0.05}, {x, y}}}
	}
	fc := geojson.NewFeatureCollection()
	for _, d := range []struct {
		at         orb.Polygon
		properties geojson.Properties
	}{
		{square(1.25, 52.6), geojson.Properties{"lad23cd": "E07000148", "lad23nm": "Norwich", "rgncd": "E12000006"}},
		{square(1.0, 52.15), geojson.Properties{"lad17cd": "E07000203", "lad17nm": "Mid Suffolk", "territory_gss": "E23000025"}},
		{square(0.7, 52.25), geojson.Properties{"lad17cd": "E07000204", "lad17nm": "St Edmundsbury"}},
	} {
		f := geojson.NewFeature(d.at)
		f.Properties = d.properties
		fc.Append(f)
	}
	set, report, err := Boundaries(file(t, fc), BoundaryOptions{Current: reference.Boundaries()})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range set.Shapes {
		got[s.Name] = string(s.Territory)
	}
	if diff := cmp.Diff(map[string]string{"Norwich": "norfolk", "Mid Suffolk": "suffolk", "St Edmundsbury": "suffolk"}, got); diff != "" {
		t.Errorf("territories (-want +got):\n%s", diff)
	}
	// Mid Suffolk kept its code: it is placed by that.
	if diff := cmp.Diff(map[string]int{"code": 2, "polygon": 1}, report.PlacedBy); diff != "" {
		t.Errorf("placed by (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"E07000204"}, report.OtherVintage); diff != "" {
		t.Errorf("other vintage (-want +got):\n%s", diff)
	}
	if _, report, err := Boundaries(file(t, fc), BoundaryOptions{}); err == nil || !strings.Contains(report.Problems[0].String(), "lies in no territory") {
		t.Errorf("got %v", err)
	}
}
