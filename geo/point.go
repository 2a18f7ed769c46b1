package geo

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// UK is the box, EPSG:4326, that every coordinate in Tributary lies in. It
// reaches from west of Rockall's longitude limit used by ONS boundaries to
// Lowestoft, and from Scilly to Shetland.
var UK = orb.Bound{Min: orb.Point{-9, 49}, Max: orb.Point{2.1, 61.5}}

// CheckPoint reports why a longitude and latitude (EPSG:4326, degrees) cannot
// be a place in the United Kingdom. It returns nil for a point inside [UK].
// Swapped axes are recognised and named, as they are the commonest mistake.
func CheckPoint(lon, lat float64) error {
	switch {
	case math.IsNaN(lon) || math.IsNaN(lat) || math.IsInf(lon, 0) || math.IsInf(lat, 0):
		return fmt.Errorf("longitude %v, latitude %v is not a position: both must be finite numbers", lon, lat)
	case UK.Contains(orb.Point{lon, lat}):
		return nil
	case UK.Contains(orb.Point{lat, lon}):
		return fmt.Errorf("longitude %v, latitude %v look swapped: put the latitude (49 to 61.5) in the latitude column", lon, lat)
	case lon == 0 && lat == 0:
		return fmt.Errorf("longitude 0, latitude 0 is a missing position: leave both empty instead")
	}
	return fmt.Errorf("longitude %v, latitude %v lies outside the United Kingdom (longitude -9 to 2.1, latitude 49 to 61.5)", lon, lat)
}

// ParseBBox reads "west,south,east,north" in degrees, EPSG:4326, the order of
// RFC 7946 section 5. The box may reach beyond the United Kingdom but not
// beyond the world, and must not be empty or cross the antimeridian.
func ParseBBox(s string) (orb.Bound, error) {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return orb.Bound{}, fmt.Errorf("%q is not a box: give west,south,east,north in degrees, such as 0.1,52.3,1.8,53", s)
	}
	var v [4]float64
	for i, p := range parts {
		f, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return orb.Bound{}, fmt.Errorf("%q is not a number of degrees: give west,south,east,north, such as 0.1,52.3,1.8,53", p)
		}
		// A tenth of a millimetre is enough; it also makes -0 zero.
		v[i] = math.Round(f*1e9)/1e9 + 0
	}
	b := orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}
	switch {
	case v[0] < -180 || v[2] > 180 || v[1] < -90 || v[3] > 90:
		return orb.Bound{}, fmt.Errorf("the box %s reaches beyond the world: longitudes run from -180 to 180, latitudes from -90 to 90", s)
	case v[0] >= v[2] || v[1] >= v[3]:
		return orb.Bound{}, fmt.Errorf("the box %s is empty: west must be less than east and south less than north", s)
	case !b.Intersects(UK) && UK.Intersects(orb.Bound{Min: orb.Point{v[1], v[0]}, Max: orb.Point{v[3], v[2]}}):
		return orb.Bound{}, fmt.Errorf("the box %s looks swapped: give west,south,east,north, longitude before latitude", s)
	}
	return b, nil
}

// FormatBBox is the canonical spelling of a box: the shortest decimals that
// read back as the same numbers.
func FormatBBox(b orb.Bound) string {
	f := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	return f(b.Min[0]) + "," + f(b.Min[1]) + "," + f(b.Max[0]) + "," + f(b.Max[1])
}
