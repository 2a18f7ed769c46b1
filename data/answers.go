package data

import (
	"github.com/paulmach/orb"

	"tributary/geo"
)

// Counts are the figures of activities in one place under one filter. A place
// counts an activity where it delivers, once however often.
type Counts struct {
	Activities int `json:"activities"` // distinct activities
	Places     int `json:"places"`     // their places of delivery; these add up over territories
	Validated  int `json:"validated"`  // of Activities, those validated and in date
	Providers  int `json:"providers"`  // distinct organisations behind Activities
	// Withheld counts activities that may be shown no finer than here, and so
	// stand in no list.
	Withheld int `json:"withheld"`
}

// TerritoryRow is a territory with its figures.
type TerritoryRow struct {
	Territory
	RegionName string       `json:"region_name"`
	Body       PolicingBody `json:"body"`
	Counts
}

// RegionRow is a region with its figures.
type RegionRow struct {
	Region
	Territories []geo.TerritoryID `json:"territories"`
	Counts
}

// AreaRow is an area below the territory with its figures.
type AreaRow struct {
	Code        geo.AreaCode    `json:"code"`
	Name        string          `json:"name"`
	NameCy      string          `json:"name_cy,omitempty"`
	Kind        BoundaryKind    `json:"kind"`
	Territory   geo.TerritoryID `json:"territory"`
	Region      geo.RegionCode  `json:"region"`
	Approximate bool            `json:"approximate"`
	Counts
}

// View is how an answer is shown: parameters that do not change what is asked.
type View struct {
	Limit int    // rows a page, 1 to MaxLimit
	Sort  string // a field of the row, "-" before it for descending
	After string // opaque place to go on from, taken from Next
	// By and Baseline say over which places a gap is told, and what need is
	// measured by.
	By, Baseline string
	// Sites, Within (kilometres, 0 as far as is usual), Quantity and Unit are a
	// supplier's.
	Sites    []string
	Within   float64
	Quantity Quantity
	Unit     string
	// Contract and Polygon say what activities are wanted for, and within which
	// polygon, EPSG:4326.
	Contract string
	Polygon  orb.Ring
	// Picked are the ids of activities that a reader has collected.
	Picked []string
	// Dims and Top say what a flow goes by, and how many rows it lists.
	Dims string
	Top  int
	// Res and Metric say what a heat map shows.
	Res, Metric string
}

// DefaultNearKm is how far nearby looks unless it is told.
const DefaultNearKm = 25

// The page sizes of lists.
const (
	DefaultLimit = 100
	MaxLimit     = 1000
)

// ActivityList is one page of activities.
type ActivityList struct {
	Items    []Activity
	Matched  int    // activities under the filter, this page and all others
	Withheld int    // activities that match but may not be listed
	After    string // value of View.After for the next page; empty on the last
}

// Summary is the figures of everything under a filter, with one sentence that
// says them.
type Summary struct {
	Counts
	Territories int    `json:"territories"` // with at least one activity
	Sentence    string `json:"sentence"`
	// Demonstration: some of the records are made up.
	Demonstration bool `json:"demonstration"`
}

// Term is a body's time in charge of a territory.
type Term struct {
	Body      PolicingBody    `json:"body"`
	Territory geo.TerritoryID `json:"territory"`
	ValidFrom Date            `json:"valid_from,omitzero"`
	ValidTo   Date            `json:"valid_to,omitzero"`
}

// PlaceProfile is everything the page of a territory, a region or an area tells.
// Exactly one of Territory, Region and Area is set.
type PlaceProfile struct {
	Territory *Territory `json:"territory,omitempty"`
	Region    *Region    `json:"region,omitempty"`
	Area      *AreaRow   `json:"area,omitempty"`
	// Drawn: an area's outline is loaded, so that it has figures.
	Drawn         bool           `json:"drawn,omitempty"`
	TerritoryName string         `json:"territory_name,omitempty"` // of an area
	RegionName    string         `json:"region_name,omitempty"`    // of a territory or area
	Territories   []TerritoryRow `json:"territories,omitempty"`    // of a region
	Terms         []Term         `json:"terms"`                    // newest first
	Districts     []District     `json:"districts"`                // of a territory
	Bounds        orb.Bound      `json:"-"`                        // EPSG:4326
	Approximate   bool           `json:"approximate"`              // its boundary
	Boundary      string         `json:"boundary"`                 // attribution line of its boundary
	Counts        Counts         `json:"counts"`
	ByStatus      []Count        `json:"by_status"`
	ByTheme       []Count        `json:"by_theme"`
	ByArea        []AreaRow      `json:"by_area"` // of a territory
	ByLevel       map[string]int `json:"by_level"`
	Sentence      string         `json:"sentence"`
}

// Count is the number of activities with one value of a field.
type Count struct {
	Value      string `json:"value"`
	Activities int    `json:"activities"`
}

// SearchKind says what a search found.
type SearchKind string

// The kinds of thing a search finds.
const (
	FoundTerritory    SearchKind = "territory"
	FoundRegion       SearchKind = "region"
	FoundArea         SearchKind = "area"
	FoundTown         SearchKind = "town"
	FoundPostcode     SearchKind = "postcode"
	FoundOutcode      SearchKind = "outcode"
	FoundActivity     SearchKind = "activity"
	FoundOrganisation SearchKind = "organisation"
)

// SearchItem is one thing found, with where to look at it.
type SearchItem struct {
	Kind   SearchKind `json:"kind"`
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Detail string     `json:"detail,omitempty"` // tells same names apart: "town in Norfolk"
	Lon    float64    `json:"lon"`
	Lat    float64    `json:"lat"`
	Zoom   float64    `json:"zoom"` // map zoom at which it fits; 0 for what has no place of its own
	// Roles are an organisation's: supplier, buyer, provider.
	Roles []string `json:"roles,omitempty"`
	// Territory that holds it, where there is one.
	Territory geo.TerritoryID `json:"territory,omitempty"`
}

// SearchResult is what was found for a query, best first.
type SearchResult struct {
	Query string       `json:"query"`
	Items []SearchItem `json:"items"`
	// Note says what the search could not look through, such as postcodes
	// before any were imported.
	Note string `json:"note,omitempty"`
}

// Outline is a simplified boundary for a still picture: EPSG:3857 metres.
type Outline struct {
	ID       string
	Name     string
	Geometry orb.MultiPolygon
}
