package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func collect(seq iter.Seq2[Feature, error]) (features []Feature, errs []error) {
	for f, err := range seq {
		if err != nil {
			errs = append(errs, err)
		} else {
			features = append(features, f)
		}
	}
	return features, errs
}

// wrap puts geometries into a FeatureCollection, one feature a line.
func wrap(geometries ...string) string {
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, g := range geometries {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n" + `{"type":"Feature","properties":{},"geometry":` + g + `}`)
	}
	b.WriteString("\n]}")
	return b.String()
}

func TestReadFeatures(t *testing.T) {
	const text = "\xef\xbb\xbf" + `{
		"name": "places", "features": [
		{"type": "Feature", "id": 7, "properties": {"n": 12345678901234567890, "tags": ["a", null]},
		 "geometry": {"coordinates": [1.3, 52.6, 10], "type": "Point"}},
		{"geometry": null, "properties": null, "id": "x", "type": "Feature"},
		{"type": "Feature", "properties": {}, "bbox": [1, 2, 3, 4], "geometry": {"type": "GeometryCollection", "geometries": [
			{"type": "LineString", "coordinates": [[1, 52], [1.1, 52]]},
			{"type": "Polygon", "coordinates": [[[1, 52], [1.1, 52], [1, 52.1], [1, 52]]]}]}}
		], "type": "FeatureCollection"}`
	got, errs := collect(ReadFeatures(strings.NewReader(text), GeoJSONLimits{}))
	if errs != nil {
		t.Fatal(errs)
	}
	want := []Feature{
		{Index: 1, Line: 3, ID: "7", CRS: WGS84, Geometry: orb.Point{1.3, 52.6},
			Properties: map[string]any{"n": json.Number("12345678901234567890"), "tags": []any{"a", nil}}},
		{Index: 2, Line: 5, ID: "x", CRS: WGS84},
		{Index: 3, Line: 6, CRS: WGS84, Properties: map[string]any{}, Geometry: orb.Collection{
			orb.LineString{{1, 52}, {1.1, 52}},
			orb.Polygon{{{1, 52}, {1.1, 52}, {1, 52.1}, {1, 52}}},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadFeaturesOneByOne(t *testing.T) {
	const f = `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,52]},"properties":{}}`
	got, errs := collect(ReadFeatures(strings.NewReader(f+"\n"+f), GeoJSONLimits{}))
	if len(got) != 2 || errs != nil || got[1].Index != 2 || got[1].Line != 2 {
		t.Errorf("got %v, %v", got, errs)
	}
}

var refusedGeoJSON = []struct {
	name, text, want string
	fatal            bool
}{
	{"nothing", "", "the file is empty", true},
	{"spaces", "  \n", "the file is empty", true},
	{"not JSON", "name,lat\n", "not JSON", true},
	{"a list", "[]", "does not begin as an object", true},
	{"another thing", `{"type":"Topology","objects":{}}`, `"Topology" without features`, true},
	{"no type", `{}`, `no "type"`, true},
	{"cut short", `{"type":"FeatureCollection","features":[{"type":"Feat`, "ends in the middle", true},
	{"more after the end", wrap() + "{}", "text after the end", true},
	{"NaN", wrap(`{"type":"Point","coordinates":[NaN,52]}`), "NaN and Infinity are not numbers", true},
	{"a giant number", wrap(`{"type":"Point","coordinates":[1e999,52]}`), "too large for a coordinate", false},
	{"a giant integer", wrap(`{"type":"Point","coordinates":[1,` + strings.Repeat("9", 400) + `]}`), "too large for a coordinate", false},
	{"null coordinates", wrap(`{"type":"Point","coordinates":null}`), "not null", false},
	{"a null number", wrap(`{"type":"Point","coordinates":[null,1]}`), "not null", false},
	{"text for a number", wrap(`{"type":"Point","coordinates":["1","52"]}`), "not text", false},
	{"one number", wrap(`{"type":"Point","coordinates":[1]}`), "one number", false},
	{"five numbers", wrap(`{"type":"Point","coordinates":[1,52,3,4,5]}`), "must be two numbers", false},
	{"empty", wrap(`{"type":"Point","coordinates":[]}`), "is empty", false},
	{"an empty ring", wrap(`{"type":"Polygon","coordinates":[[]]}`), "is empty", false},
	{"an empty collection", wrap(`{"type":"GeometryCollection","geometries":[]}`), "collection is empty", false},
	{"swapped", wrap(`{"type":"Point","coordinates":[52,1]}`), "look swapped", false},
	{"abroad", wrap(`{"type":"Point","coordinates":[20,52]}`), "outside the United Kingdom", false},
	{"open ring", wrap(`{"type":"Polygon","coordinates":[[[1,52],[1.1,52],[1,52.1],[1,52.2]]]}`), "not closed", false},
	{"short ring", wrap(`{"type":"Polygon","coordinates":[[[1,52],[1.1,52],[1,52]]]}`), "has 3 points", false},
	{"short line", wrap(`{"type":"LineString","coordinates":[[1,52]]}`), "one point", false},
	{"uneven", wrap(`{"type":"Polygon","coordinates":[[[1,52],[1.1,52],[1,52.1],[1,52]],[1,52]]}`), "unevenly", false},
	{"mixed", wrap(`{"type":"Polygon","coordinates":[[[1,52],5]]}`), "mixed", false},
	{"wrong depth", wrap(`{"type":"Polygon","coordinates":[1,52]}`), "nest 3 deep, not 1", false},
	{"unknown type", wrap(`{"type":"Circle","coordinates":[1,52]}`), `"Circle" is not a type`, false},
	{"no geometry type", wrap(`{"coordinates":[1,52]}`), "is not a type", false},
	{"no coordinates", wrap(`{"type":"Point"}`), "without coordinates", false},
	{"not a feature", `{"type":"FeatureCollection","features":[{"type":"Point"}]}`, "not the type of a feature", false},
	{"not an object", `{"type":"FeatureCollection","features":[3]}`, "not a feature", false},
	{"no geometry", `{"type":"FeatureCollection","features":[{"type":"Feature"}]}`, `no "geometry"`, false},
	{"twice", wrap(`{"type":"Point","coordinates":[1,52],"coordinates":[1,53]}`), "given twice", false},
	{"deep coordinates", wrap(`{"type":"Point","coordinates":` + strings.Repeat("[", 5000)), "more than 4 deep", true},
	{"deep collections", wrap(strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 4900)), "collections nest more than 4 deep", true},
	{"a far CRS", `{"crs":{"type":"name","properties":{"name":"EPSG:3857"}},"type":"FeatureCollection","features":[]}`, "EPSG:3857", true},
	{"a linked CRS", `{"crs":{"type":"link","properties":{"href":"http://127.0.0.1/"}},"features":[]}`, "is not read", true},
	{"a late CRS", strings.TrimSuffix(wrap(`{"type":"Point","coordinates":[1,52]}`), "}") + `,"crs":{"properties":{"name":"EPSG:27700"}}}`, `put "crs" before`, true},
	{"metres among degrees", wrap(`{"type":"MultiPoint","coordinates":[[1,52],[620000,300000]]}`), "metres in a file in degrees", false},
}

func TestReadFeaturesRefuses(t *testing.T) {
	for _, tt := range refusedGeoJSON {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := collect(ReadFeatures(strings.NewReader(tt.text), GeoJSONLimits{}))
			if len(errs) == 0 {
				t.Fatal("it was accepted")
			}
			var e *GeoJSONError
			if !errors.As(errs[0], &e) || !strings.Contains(e.Reason, tt.want) || e.Fatal != tt.fatal {
				t.Errorf("got %#v, want %q, fatal %v", errs[0], tt.want, tt.fatal)
			}
		})
	}
}

func TestReadFeaturesGoesOnAfterAFault(t *testing.T) {
	text := wrap(`{"type":"Point","coordinates":[1,52]}`, `{"type":"Polygon","coordinates":[[[1,[{"a":[]}]]]]}`, `{"type":"Point","coordinates":[1.5,52]}`)
	got, errs := collect(ReadFeatures(strings.NewReader(text), GeoJSONLimits{}))
	if len(got) != 2 || got[1].Index != 3 || got[1].Line != 4 || len(errs) != 1 {
		t.Fatalf("got %v, %v", got, errs)
	}
	if e := errs[0].(*GeoJSONError); e.Feature != 2 || e.Line != 3 || e.Offset < 150 {
		t.Errorf("the fault is at %+v", e)
	}
}

func TestReadFeaturesStopsWhenAsked(t *testing.T) {
	text := wrap(`{"type":"Point","coordinates":[1,52]}`, `{"type":"Point","coordinates":[1,52]}`)
	for range ReadFeatures(strings.NewReader(text), GeoJSONLimits{}) {
		break
	}
}

func TestReadFeaturesKnowsTheGrid(t *testing.T) {
	const metres = `{"type":"Point","coordinates":[651409.903,313177.27]}`
	for name, text := range map[string]string{
		"guessed": wrap(metres),
		"short":   strings.Replace(wrap(metres), "{", `{"crs":{"type":"name","properties":{"name":"EPSG:27700"}},`, 1),
		"urn":     strings.Replace(wrap(metres), "{", `{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27700"}},`, 1),
		"address": strings.Replace(wrap(metres), "{", `{"crs":{"type":"name","properties":{"name":"http://www.opengis.net/def/crs/EPSG/0/27700"}},`, 1),
	} {
		got, errs := collect(ReadFeatures(strings.NewReader(text), GeoJSONLimits{}))
		if len(errs) > 0 || len(got) != 1 {
			t.Fatalf("%s: %v", name, errs)
		}
		p := got[0].Geometry.(orb.Point)
		if got[0].CRS != BritishNationalGrid || got[0].Guessed != (name == "guessed") || math.Abs(p[0]-1.71605) > 1e-4 || math.Abs(p[1]-52.65798) > 1e-4 {
			t.Errorf("%s: %+v", name, got[0])
		}
	}
	crs84 := strings.Replace(wrap(`{"type":"Point","coordinates":[1,52]}`), "{", `{"crs":{"properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},`, 1)
	if got, errs := collect(ReadFeatures(strings.NewReader(crs84), GeoJSONLimits{})); len(errs) > 0 || got[0].CRS != WGS84 {
		t.Errorf("CRS84: %v, %v", got, errs)
	}
}

func TestReadFeaturesCapsVertices(t *testing.T) {
	line := `{"type":"LineString","coordinates":[` + strings.Repeat("[1,52],", 10) + `[1,52]]}`
	_, errs := collect(ReadFeatures(strings.NewReader(wrap(line)), GeoJSONLimits{Vertices: 10}))
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "more than 10 vertices") {
		t.Errorf("got %v", errs)
	}
	if _, errs := collect(ReadFeatures(strings.NewReader(wrap(line)), GeoJSONLimits{Vertices: 11})); errs != nil {
		t.Errorf("got %v", errs)
	}
	collection := `{"type":"GeometryCollection","geometries":[` + line + "," + line + `]}`
	if _, errs := collect(ReadFeatures(strings.NewReader(wrap(collection)), GeoJSONLimits{Vertices: 21})); len(errs) != 1 {
		t.Errorf("a collection of 22 vertices passed a limit of 21: %v", errs)
	}
}

// endless repeats a piece of text for n bytes.
type endless struct {
	piece string
	n     int64
	at    int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		return 0, io.EOF
	}
	n := copy(p, e.piece[e.at:])
	e.at = (e.at + n) % len(e.piece)
	e.n -= int64(n)
	return n, nil
}

func TestReadFeaturesInConstantMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f := `{"type":"Feature","properties":{"name":"` + strings.Repeat("x", 1000) + `"},"geometry":{"type":"Point","coordinates":[1,52]}},` + "\n"
	r := io.MultiReader(strings.NewReader(`{"type":"FeatureCollection","features":[`), &endless{piece: f, n: 64 << 20})
	n := 0
	var most uint64
	for _, err := range ReadFeatures(r, GeoJSONLimits{FeatureBytes: 1 << 20}) {
		if err != nil {
			break
		}
		if n++; n%5000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&after)
			most = max(most, after.HeapAlloc)
		}
	}
	if n < 50_000 || most > before.HeapAlloc+8<<20 {
		t.Errorf("%d features, heap from %d to %d bytes", n, before.HeapAlloc, most)
	}
}

func TestReadFeaturesSurvivesOneEndlessFeature(t *testing.T) {
	for name, piece := range map[string]string{"text": "xxxxxxxxxxxxxxxx", "digits": "1", "space": "\n \n ", "brackets": "[", "positions": "[1,52],", "escapes": `\u0041`} {
		open := map[string]string{"text": `{"type":"`, "digits": `{"id":`, "space": `{`, "brackets": `{"geometry":{"coordinates":`, "positions": `{"geometry":{"coordinates":[`, "escapes": `{"id":"`}[name]
		r := io.MultiReader(strings.NewReader(`{"type":"FeatureCollection","features":[`+open), &endless{piece: piece, n: 1 << 40})
		_, errs := collect(ReadFeatures(r, GeoJSONLimits{FeatureBytes: 4 << 20}))
		var e *GeoJSONError
		if len(errs) == 0 || !errors.As(errs[len(errs)-1], &e) || !e.Fatal {
			t.Errorf("%s: got %v", name, errs)
		}
	}
}

func TestReadGeometry(t *testing.T) {
	g, err := ReadGeometry(strings.NewReader(`{"type":"Point","coordinates":[1,52]}`), GeoJSONLimits{})
	if err != nil || g != orb.Geometry(orb.Point{1, 52}) {
		t.Errorf("got %v, %v", g, err)
	}
	for _, text := range []string{`null`, `{"type":"Point","coordinates":[1,52]} 1`, `[1,52]`, ``} {
		if g, err := ReadGeometry(strings.NewReader(text), GeoJSONLimits{}); err == nil {
			t.Errorf("%s: got %v", text, g)
		}
	}
}

// FuzzReadFeatures checks that whatever the bytes, nothing panics, every fault
// says where and why, and every geometry accepted is finite, closed and in the
// United Kingdom.
func FuzzReadFeatures(f *testing.F) {
	f.Add(wrap(`{"type":"Point","coordinates":[1,52]}`, "null"))
	f.Add(wrap(`{"type":"MultiPolygon","coordinates":[[[[1,52],[1.1,52],[1,52.1],[1,52]]]]}`))
	f.Add(wrap(`{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[1,52],[1,53]]}]}`))
	f.Add(`{"crs":{"properties":{"name":"EPSG:27700"}},"type":"Feature","geometry":{"type":"Point","coordinates":[600000,300000]},"properties":{"a":[{}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		for feature, err := range ReadFeatures(strings.NewReader(text), GeoJSONLimits{Vertices: 1000, FeatureBytes: 1 << 16}) {
			if err != nil {
				var e *GeoJSONError
				if !errors.As(err, &e) || e.Line < 1 || e.Reason == "" {
					t.Fatalf("an error without a place: %#v", err)
				}
				continue
			}
			if feature.Geometry == nil {
				continue
			}
			if b := feature.Geometry.Bound(); feature.CRS == WGS84 && (!UK.Contains(b.Min) || !UK.Contains(b.Max)) {
				t.Fatalf("%v lies outside the United Kingdom", b)
			}
			if _, err := json.Marshal(fmt.Sprint(feature.Geometry)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
