package reference

import (
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo"
)

// The attribution and licence of the approximate boundaries. Natural Earth
// asks for no more.
const (
	boundariesSource  = "Made with Natural Earth"
	boundariesLicence = "public domain"
)

// unit is a county or unitary authority as generate writes it; grid is the
// step of its coordinates in degrees.
type unit struct {
	Code      string          `json:"code"`
	Name      string          `json:"name"`
	NameCy    string          `json:"name_cy"`
	Territory geo.TerritoryID `json:"territory"`
	Polygons  [][][]int64     `json:"polygons"`
}

const stepsPerDegree = 1e5

// Boundaries returns three sets of approximate boundaries: the territories, the
// regions, and 232 counties and unitary authorities of about 2010 (with the 26
// districts of Northern Ireland before 2015). Territories are exact unions of
// the last and regions of the territories, so all have the same lines. They
// are for first looks: about one place in a hundred near a border or coast
// falls on the wrong side. The coordinates are shared: do not change them.
func Boundaries() []data.BoundarySet {
	sets := slices.Clone(boundaries())
	for i := range sets {
		sets[i].Shapes = slices.Clone(sets[i].Shapes)
	}
	return sets
}

var boundaries = sync.OnceValue(func() []data.BoundarySet {
	units := must(readJSON[[]unit]("units.json.gz"))
	shapes := make([]data.Shape, len(units))
	polygons := make([]orb.MultiPolygon, len(units))
	inTerritory := make(map[geo.TerritoryID][]int)
	for i, u := range units {
		polygons[i] = u.multiPolygon()
		shapes[i] = data.Shape{Code: u.Code, Name: u.Name, NameCy: u.NameCy, Territory: u.Territory, Geometry: polygons[i]}
		inTerritory[u.Territory] = append(inTerritory[u.Territory], i)
	}
	coverage := geo.NewCoverage(polygons)
	return []data.BoundarySet{
		set(data.BoundaryTerritory, "Approximate police territories", territoryShapes(coverage, inTerritory)),
		set(data.BoundaryRegion, "Approximate regions", regionShapes(coverage, inTerritory)),
		set(data.BoundaryCountyOrUnitary, "Approximate counties and unitary authorities", shapes),
	}
})

func set(kind data.BoundaryKind, label string, shapes []data.Shape) data.BoundarySet {
	return data.BoundarySet{Kind: kind, Label: label, Source: boundariesSource, Licence: boundariesLicence,
		Approximate: true, Shapes: shapes}
}

func territoryShapes(c *geo.Coverage, in map[geo.TerritoryID][]int) []data.Shape {
	var shapes []data.Shape
	var groups [][]int
	for _, t := range territories() {
		shapes = append(shapes, data.Shape{Code: string(t.ID), Name: t.Name, NameCy: t.NameCy})
		groups = append(groups, in[t.ID])
	}
	return withGeometry(shapes, c.Dissolve(groups))
}

func regionShapes(c *geo.Coverage, in map[geo.TerritoryID][]int) []data.Shape {
	var shapes []data.Shape
	groups := make([][]int, len(regions()))
	for i, r := range regions() {
		shapes = append(shapes, data.Shape{Code: string(r.Code), Name: r.Name, NameCy: r.NameCy})
		for _, t := range territories() {
			if t.Region == r.Code {
				groups[i] = append(groups[i], in[t.ID]...)
			}
		}
	}
	return withGeometry(shapes, c.Dissolve(groups))
}

func withGeometry(shapes []data.Shape, geometry []orb.MultiPolygon) []data.Shape {
	for i := range shapes {
		shapes[i].Geometry = geometry[i]
	}
	return shapes
}

// multiPolygon decodes the differences.
func (u unit) multiPolygon() orb.MultiPolygon {
	mp := make(orb.MultiPolygon, len(u.Polygons))
	for i, polygon := range u.Polygons {
		for _, flat := range polygon {
			var x, y int64
			ring := make(orb.Ring, 0, len(flat)/2)
			for j := 0; j+1 < len(flat); j += 2 {
				x, y = x+flat[j], y+flat[j+1]
				ring = append(ring, orb.Point{float64(x) / stepsPerDegree, float64(y) / stepsPerDegree})
			}
			mp[i] = append(mp[i], ring)
		}
	}
	return mp
}
