package data

import "tributary/geo"

// Region is one of the 12 regions and nations (International Territorial
// Level 1).
type Region struct {
	Code   geo.RegionCode `json:"code"`              // GSS: E12…, W92000004, S92000003, N92000002
	ITL1   string         `json:"itl1_code"`         // such as "TLH"
	NUTS1  string         `json:"nuts1_code"`        // 2018, still written by Find a Tender: "UKH"
	Name   string         `json:"name"`              //
	NameCy string         `json:"name_cy,omitempty"` // Welsh, where there is one
	Nation string         `json:"nation"`            // England, Wales, Scotland, Northern Ireland
}

// Territory is one of the 45 police territories. Its region is a fact of the
// territory: no police area crosses a region's line.
type Territory struct {
	ID       geo.TerritoryID `json:"id"`
	Code     string          `json:"code"`      // police force area code: E23…, W15…, S23000009, or the pseudo code N99999999
	CodeKind string          `json:"code_kind"` // "gss" or "pseudo"
	Name     string          `json:"name"`
	NameCy   string          `json:"name_cy,omitempty"`
	Force    string          `json:"force"`
	// PoliceUKID is the id at data.police.uk; empty for Scotland, which is not
	// there.
	PoliceUKID string         `json:"data_police_uk_id,omitempty"`
	Region     geo.RegionCode `json:"region"`
	Nation     string         `json:"nation"`
	// PlanKind is what the territory's strategic plan is called in its nation:
	// police_and_crime_plan, strategic_police_plan or policing_plan.
	PlanKind string `json:"plan_kind"`
}

// BodyKind is the kind of a policing body.
type BodyKind string

// The kinds of policing body. A policing and crime board takes over from a
// commissioner where there is no mayor.
const (
	BodyPCC            BodyKind = "pcc"
	BodyPFCC           BodyKind = "pfcc"
	BodyMayor          BodyKind = "mayor_ca"
	BodyMOPAC          BodyKind = "mopac"
	BodyCommonCouncil  BodyKind = "common_council"
	BodyPolicingBoard  BodyKind = "policing_and_crime_board"
	BodyScottishPolice BodyKind = "spa"
	BodyNIPolicing     BodyKind = "nipb"
)

// PolicingBody answers for the policing of one or more territories.
type PolicingBody struct {
	ID   string   `json:"id"` // slug
	Kind BodyKind `json:"kind"`
	Name string   `json:"name"`
	// PlannedEnd is an announced change, in words, such as "May 2028
	// (announced 2025-11-13; subject to legislation)".
	PlannedEnd string `json:"planned_end,omitempty"`
}

// District is a local authority district and the territory it lies in.
type District struct {
	Code      geo.AreaCode    `json:"code"` // GSS, 2025 vintage
	Name      string          `json:"name"`
	NameCy    string          `json:"name_cy,omitempty"`
	Kind      string          `json:"kind"` // unitary_authority, non_metropolitan_district, …
	Territory geo.TerritoryID `json:"territory"`
}

// Town is a populated place for search, from GeoNames.
type Town struct {
	Name       string  `json:"name"`
	Population int     `json:"population"`
	Lon        float64 `json:"lon"`
	Lat        float64 `json:"lat"`
}
