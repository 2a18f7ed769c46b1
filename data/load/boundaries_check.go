package load

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo"
)

// overlapSpacing is the distance in degrees of latitude between the lines along
// which overlaps are sought: 55 metres.
const overlapSpacing = 0.0005

func sortDescending(names []string) {
	slices.Sort(names)
	slices.Reverse(names)
}

// place gives each district its territory: by its code, else by a property,
// else by where it lies.
func (b *boundaryReader) place() {
	if b.report.Kind != data.BoundaryDistrict {
		return
	}
	for i := range b.shapes {
		s := &b.shapes[i]
		if _, ok := b.codes.districts[s.Code]; !ok {
			b.report.OtherVintage = append(b.report.OtherVintage, s.Code)
		}
		how := "code"
		if s.Territory == "" {
			s.Territory, how = b.territoryByProperty(s.properties), "property"
		}
		if s.Territory == "" {
			s.Territory, how = b.territoryByPlace(s.Geometry), "polygon"
		}
		if s.Territory == "" {
			b.problem(s.feature, s.line, s.Code, "load the territories first, or add a property territory_gss with the police force area's code",
				"the district lies in no territory")
			continue
		}
		b.report.PlacedBy[how]++
	}
}

func (b *boundaryReader) territoryByProperty(p properties) geo.TerritoryID {
	for _, name := range p.sorted(territoryProperties) {
		if t, ok := b.codes.territories[p[name]]; ok {
			return t.ID
		}
		for _, t := range b.codes.territories {
			if string(t.ID) == p[name] {
				return t.ID
			}
		}
	}
	return ""
}

func (b *boundaryReader) territoryByPlace(mp orb.MultiPolygon) geo.TerritoryID {
	at, ok := geo.PointInside(mp)
	if !ok {
		return ""
	}
	for _, set := range b.opt.Current {
		if set.Kind != data.BoundaryTerritory {
			continue
		}
		for _, s := range set.Shapes {
			if s.Geometry.Bound().Contains(at) && geo.Inside(s.Geometry, at) {
				return geo.TerritoryID(s.Code)
			}
		}
	}
	return ""
}

// check looks at the geometry: each shape alone, then all together.
func (b *boundaryReader) check() {
	shapes := make([]orb.MultiPolygon, len(b.shapes))
	for i, s := range b.shapes {
		shapes[i] = s.Geometry
		for _, polygon := range s.Geometry {
			for _, r := range polygon {
				b.report.Vertices += len(r)
			}
		}
		if _, ok := geo.PointInside(s.Geometry); !ok {
			b.problem(s.feature, s.line, s.Code, "give its outline", "the boundary has no area")
			continue
		}
		if at, crosses := geo.SelfCrossing(s.Geometry); crosses {
			b.problem(s.feature, s.line, s.Code, "mend it, for instance with ST_MakeValid",
				"the boundary crosses itself near longitude %.5f, latitude %.5f", at[0], at[1])
		}
	}
	for _, o := range geo.Overlaps(shapes, overlapSpacing) {
		if o.KM2 <= b.opt.OverlapKM2 {
			continue
		}
		x, y := b.shapes[o.A], b.shapes[o.B]
		what := fmt.Sprintf("%s and %s overlap by %.2f square kilometres near longitude %.4f, latitude %.4f",
			x.Name, y.Name, o.KM2, o.At[0], o.At[1])
		if x.feature == 0 || y.feature == 0 {
			b.report.Notes = append(b.report.Notes, what+", as one of them was kept")
			continue
		}
		b.problem(y.feature, y.line, y.Code, "use boundaries that share their lines", "%s", what)
	}
}
