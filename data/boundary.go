package data

import (
	"time"

	"github.com/paulmach/orb"

	"tributary/geo"
)

// BoundaryKind says what a set of boundaries bounds.
type BoundaryKind string

// The kinds of boundary. CountyOrUnitary comes with the defaults; District
// with official files.
const (
	BoundaryRegion          BoundaryKind = "region"
	BoundaryTerritory       BoundaryKind = "territory"
	BoundaryCountyOrUnitary BoundaryKind = "county_or_unitary"
	BoundaryDistrict        BoundaryKind = "district"
)

// BoundarySet is one version of the boundaries of one kind, in force from
// ValidFrom until ValidTo (half-open; zero is open).
type BoundarySet struct {
	ID          int64        `json:"id"`
	Kind        BoundaryKind `json:"kind"`
	Label       string       `json:"label"`
	Source      string       `json:"source"`      // attribution line
	Licence     string       `json:"licence"`     // such as "OGL-UK-3.0"
	Approximate bool         `json:"approximate"` // said wherever the boundaries are shown
	ValidFrom   Date         `json:"valid_from,omitzero"`
	ValidTo     Date         `json:"valid_to,omitzero"`
	LoadedAt    time.Time    `json:"loaded_at,omitzero"`
	Shapes      []Shape      `json:"-"`
}

// Shape is one boundary: EPSG:4326, valid, with exterior rings
// counter-clockwise (RFC 7946).
type Shape struct {
	Code      string          // territory slug, region GSS code or area code, by the set's kind
	Name      string          //
	NameCy    string          //
	Territory geo.TerritoryID // the territory that holds an area; empty for other kinds
	Geometry  orb.MultiPolygon
}
