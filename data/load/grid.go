package load

import (
	"fmt"

	"github.com/paulmach/orb"

	"tributary/geo"
)

// fromGrid turns metres on the British National Grid (EPSG:27700) into
// degrees, and refuses what does not lie on the grid.
func fromGrid(east, north float64) (lon, lat float64, err error) {
	if east <= 180 && north <= 90 {
		return 0, 0, fmt.Errorf("easting %v, northing %v are degrees, not metres: put them in the columns longitude and latitude", east, north)
	}
	// Written so that NaN is refused too.
	if !(east > 0 && east < 700_000 && north > 0 && north < 1_300_000) {
		return 0, 0, fmt.Errorf("easting %v, northing %v lies outside the British National Grid: give metres such as 623000 and 308500, or latitude and longitude", east, north)
	}
	p := geo.FromGrid(orb.Point{east, north})
	return p[0], p[1], nil
}
