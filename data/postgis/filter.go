package postgis

import (
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"tributary/data"
)

// ActivityParams are the filter parameters that activities are linked to.
var ActivityParams = data.ActivityParams

// filterArgs are the arguments of sql/filter.sql with those of extra.
func filterArgs(f data.Filter, extra pgx.StrictNamedArgs) (pgx.StrictNamedArgs, error) {
	var box []byte
	if f.BBox != nil {
		b := orb.Bound{
			Min: project.WGS84.ToMercator(clampLatitude(f.BBox.Min)),
			Max: project.WGS84.ToMercator(clampLatitude(f.BBox.Max)),
		}
		var err error
		if box, err = encode(b.ToPolygon(), sridMercator); err != nil {
			return nil, err
		}
	}
	args := pgx.StrictNamedArgs{
		"regions": some(f.Region), "territories": some(f.Territory), "areas": some(f.Area), "box": box,
		"target_areas": some(f.TargetArea), "themes": some(f.Theme), "priorities": some(f.Priority), "measures": some(f.Measure), "statuses": some(f.Status),
		"providers": some(f.Provider), "activities": some(f.Activity),
	}
	for k, v := range extra {
		args[k] = v
	}
	return args, nil
}

// clampLatitude keeps a latitude within what Web Mercator can draw.
func clampLatitude(p orb.Point) orb.Point {
	const edge = 85.05112877980659
	return orb.Point{p[0], max(-edge, min(edge, p[1]))}
}

// some is nil, which does not restrict, for an empty list.
func some[T ~string](values []T) []string {
	if len(values) == 0 {
		return nil
	}
	return list(values)
}
