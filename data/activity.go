package data

import (
	"time"

	"github.com/paulmach/orb"

	"tributary/geo"
)

// Theme is one of the three aims of the Dual Impact Collaboration Model.
type Theme string

// The themes; a record may have several.
const (
	ThemeHealthier Theme = "healthier"
	ThemeSafer     Theme = "safer"
	ThemeResilient Theme = "resilient"
)

// Themes lists the themes in the model's order.
var Themes = []Theme{ThemeHealthier, ThemeSafer, ThemeResilient}

// Status is where an activity stands in its life.
type Status string

// The statuses. An imported row without one is Submitted: shown to anyone, but
// marked as not validated.
const (
	StatusDraft     Status = "draft"
	StatusSubmitted Status = "submitted"
	StatusValidated Status = "validated"
	StatusSuspended Status = "suspended"
	StatusExpired   Status = "expired"
	StatusClosed    Status = "closed"
)

// Statuses lists every status in the order of an activity's life.
var Statuses = []Status{StatusDraft, StatusSubmitted, StatusValidated, StatusSuspended, StatusExpired, StatusClosed}

// Role says what a place is to its record. Value is drawn where it is
// delivered, never at a head office.
type Role string

// The roles of places.
const (
	RoleDelivery         Role = "delivery"
	RoleServiceArea      Role = "service_area"
	RoleBase             Role = "base"
	RoleSupplierSite     Role = "supplier_site"
	RoleContractDelivery Role = "contract_delivery"
)

// Method says how a place was located, in order of preference.
type Method string

// The methods of placing.
const (
	MethodCode        Method = "code"        // an area's or territory's code was given
	MethodCoordinates Method = "coordinates" // a position was given
	MethodPostcode    Method = "postcode"    // the centre of a full postcode
	MethodOutcode     Method = "outcode"     // the centre of the outward half
	MethodPolygon     Method = "polygon"     // an area was drawn
)

// Activity is what anyone may see of a community activity.
type Activity struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Summary  string    `json:"summary,omitempty"`
	URL      string    `json:"url,omitempty"`
	Provider Party     `json:"provider"`
	Themes   []Theme   `json:"themes"`
	Measures []string  `json:"measures"` // codes such as "norfolk:PC1"
	Status   Status    `json:"status"`
	Source   string    `json:"source"` // who supplied the record
	Updated  time.Time `json:"updated"`
	Places   []Place   `json:"places"`
}

// Party names an organisation.
type Party struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Shown is what anyone would see of an activity: nothing of its places if it is
// counted only.
type Shown struct {
	Class   Sensitivity
	Reasons []string // why the class is higher than was asked for
	Places  []Place
}

// Place is what anyone may see of where an activity takes place. Level says
// how fine the rest is: a Position only at LevelExact, and at LevelCell the
// middle of the part of the cell that lies in the same territory and area.
type Place struct {
	ID        string          `json:"id"`
	Role      Role            `json:"role"`
	Level     geo.Level       `json:"level"`
	Position  *orb.Point      `json:"position,omitempty"` // longitude, latitude; EPSG:4326
	Cell      string          `json:"cell,omitempty"`     // H3 index, resolution 8, at LevelCell
	Locality  string          `json:"locality,omitempty"` // only at LevelExact
	Area      geo.AreaCode    `json:"area,omitempty"`
	Territory geo.TerritoryID `json:"territory,omitempty"`
	Region    geo.RegionCode  `json:"region,omitempty"`
	Method    Method          `json:"method"`
	// PrecisionMetres is how far the true place may be from the given one, as
	// far as the method tells: 0 for coordinates.
	PrecisionMetres int `json:"precision_metres"`
}
