package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// gridBound is the British National Grid's extent, EPSG:27700, metres, and the
// sea west of it as far as Rockall.
var gridBound = orb.Bound{Min: orb.Point{-400_000, 0}, Max: orb.Point{700_000, 1_300_000}}

// onGrid reports whether p can only be metres on the British National Grid:
// no degree is so large.
func onGrid(p orb.Point) bool {
	return gridBound.Contains(p) && (math.Abs(p[0]) > 180 || p[1] > 90)
}

// The formulae, constants and parameters are those of Ordnance Survey, "A guide
// to coordinate systems in Great Britain" (v3.6), sections 6.6, annexes A to C.
// The library wroge/wgs84 (v1.1.7) is up to 32 metres off in the north, where
// its series for the meridian has too few terms.

// ellipsoid holds the semi-axes in metres and the square of the eccentricity.
type ellipsoid struct{ a, b, e2 float64 }

func newEllipsoid(a, b float64) ellipsoid { return ellipsoid{a, b, 1 - b*b/(a*a)} }

var (
	airy1830  = newEllipsoid(6377563.396, 6356256.909)
	ellipsWGS = newEllipsoid(6378137, 6356752.314245)
)

// The National Grid's projection: scale on the central meridian, true origin in
// radians and its easting and northing in metres.
const (
	gridScale = 0.9996012717
	gridLat0  = 49 * math.Pi / 180
	gridLon0  = -2 * math.Pi / 180
	gridE0    = 400_000
	gridN0    = -100_000
)

// FromGrid converts an easting and northing in metres on the British National
// Grid (EPSG:27700) to longitude and latitude in degrees (EPSG:4326). It takes
// the seven parameters of Ordnance Survey between the datums, good to about 5
// metres (OSTN15, a large table, is exact). Points far outside the grid give
// nonsense: check first.
func FromGrid(p orb.Point) orb.Point {
	lat, lon := fromMercator(p[0], p[1])
	x := airy1830.cartesian(lat, lon)
	lat, lon = ellipsWGS.geodetic(shift(x, 1))
	return orb.Point{lon * 180 / math.Pi, lat * 180 / math.Pi}
}

// ToGrid is the inverse of [FromGrid] to a centimetre within Great Britain.
func ToGrid(p orb.Point) orb.Point {
	x := ellipsWGS.cartesian(p[1]*math.Pi/180, p[0]*math.Pi/180)
	e, n := toMercator(airy1830.geodetic(shift(x, -1)))
	return orb.Point{e, n}
}

// shift takes geocentric coordinates, metres, from OSGB36 to WGS84 (sign 1) or
// back (-1).
func shift(v [3]float64, sign float64) [3]float64 {
	const second = math.Pi / 180 / 3600
	tx, ty, tz := sign*446.448, sign*-125.157, sign*542.060
	s := 1 + sign*-20.4894e-6
	rx, ry, rz := sign*0.1502*second, sign*0.2470*second, sign*0.8421*second
	return [3]float64{
		tx + s*v[0] - rz*v[1] + ry*v[2],
		ty + rz*v[0] + s*v[1] - rx*v[2],
		tz - ry*v[0] + rx*v[1] + s*v[2],
	}
}

// cartesian is a point on the ellipsoid in geocentric metres.
func (l ellipsoid) cartesian(lat, lon float64) [3]float64 {
	nu := l.a / math.Sqrt(1-l.e2*math.Sin(lat)*math.Sin(lat))
	return [3]float64{nu * math.Cos(lat) * math.Cos(lon), nu * math.Cos(lat) * math.Sin(lon), nu * (1 - l.e2) * math.Sin(lat)}
}

// geodetic is the inverse; the height is dropped.
func (l ellipsoid) geodetic(v [3]float64) (lat, lon float64) {
	r := math.Hypot(v[0], v[1])
	lat = math.Atan2(v[2], r*(1-l.e2))
	for range 6 { // each turn gains over two digits
		nu := l.a / math.Sqrt(1-l.e2*math.Sin(lat)*math.Sin(lat))
		lat = math.Atan2(v[2]+l.e2*nu*math.Sin(lat), r)
	}
	return lat, math.Atan2(v[1], v[0])
}

// meridian is the developed arc from the true origin to a latitude, metres.
func meridian(lat float64) float64 {
	n := (airy1830.a - airy1830.b) / (airy1830.a + airy1830.b)
	n2, n3 := n*n, n*n*n
	d, s := lat-gridLat0, lat+gridLat0
	return airy1830.b * gridScale * ((1+n+5./4*n2+5./4*n3)*d -
		(3*n+3*n2+21./8*n3)*math.Sin(d)*math.Cos(s) +
		(15./8*n2+15./8*n3)*math.Sin(2*d)*math.Cos(2*s) -
		35./24*n3*math.Sin(3*d)*math.Cos(3*s))
}

// curvature gives the radii across and along the meridian, scaled, and the
// squared ratio less one.
func curvature(lat float64) (nu, rho, eta2 float64) {
	w := 1 - airy1830.e2*math.Sin(lat)*math.Sin(lat)
	nu = airy1830.a * gridScale / math.Sqrt(w)
	rho = nu * (1 - airy1830.e2) / w
	return nu, rho, nu/rho - 1
}

// toMercator projects a latitude and longitude in radians, OSGB36.
func toMercator(lat, lon float64) (e, n float64) {
	nu, rho, eta2 := curvature(lat)
	cos, t2 := math.Cos(lat), math.Pow(math.Tan(lat), 2)
	p := (lon - gridLon0) * cos
	n = meridian(lat) + gridN0 + nu*math.Tan(lat)*
		(p*p/2+math.Pow(p, 4)/24*(5-t2+9*eta2)+math.Pow(p, 6)/720*(61-58*t2+t2*t2))
	e = gridE0 + nu*(p+math.Pow(p, 3)/6*(nu/rho-t2)+
		math.Pow(p, 5)/120*(5-18*t2+t2*t2+14*eta2-58*t2*eta2))
	return e, n
}

// fromMercator is the inverse.
func fromMercator(e, n float64) (lat, lon float64) {
	lat = gridLat0
	for range 10 { // converges in four or five turns
		d := n - gridN0 - meridian(lat)
		lat += d / (airy1830.a * gridScale)
		if math.Abs(d) < 1e-5 {
			break
		}
	}
	nu, rho, eta2 := curvature(lat)
	t := math.Tan(lat)
	t2, t4, t6 := t*t, math.Pow(t, 4), math.Pow(t, 6)
	x := (e - gridE0) / nu
	lat -= t * nu / rho * (x*x/2 - math.Pow(x, 4)/24*(5+3*t2+eta2-9*t2*eta2) + math.Pow(x, 6)/720*(61+90*t2+45*t4))
	lon = gridLon0 + (x-math.Pow(x, 3)/6*(nu/rho+2*t2)+math.Pow(x, 5)/120*(5+28*t2+24*t4)-
		math.Pow(x, 7)/5040*(61+662*t2+1320*t4+720*t6))/math.Cos(math.Atan(t))
	return lat, lon
}
