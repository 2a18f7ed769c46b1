// Package geo holds Tributary's idea of space: the ids of regions, territories
// and areas, points and boxes in the United Kingdom, postcodes, tile addresses
// and the precision at which a place may be shown.
//
// Everything here is a pure function over values: no I/O, no SQL, no HTTP.
// Coordinates are EPSG:4326 in degrees, longitude before latitude, unless a
// name says otherwise. Start reading at point.go.
package geo

// TerritoryID is the slug of one of the police territories, such as "norfolk".
type TerritoryID string

// RegionCode is the nine-character GSS code of a region or nation, such as
// "E12000006".
type RegionCode string

// AreaCode is the code of an area below the territory: a district's GSS code
// ("E07000146") or, with the approximate default boundaries, an ISO 3166-2
// based code of a county or unitary authority.
type AreaCode string
