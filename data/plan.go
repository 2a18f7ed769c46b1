package data

import "tributary/geo"

// Plan is a policing body's strategic plan for one or more territories, with
// its priorities, the measures that serve them and the social value policy
// that goes with it. Plans differ: nothing about one is built in.
type Plan struct {
	ID          string            `json:"id"`   // slug, the first half of its codes: "norfolk"
	Kind        string            `json:"kind"` // as Territory.PlanKind
	Title       string            `json:"title"`
	Territories []geo.TerritoryID `json:"territories"`
	ValidFrom   Date              `json:"valid_from,omitzero"` // half-open; zero is not given
	ValidTo     Date              `json:"valid_to,omitzero"`
	Priorities  []Priority        `json:"priorities"`
	Measures    []Measure         `json:"measures"`
	Policy      Policy            `json:"policy"`
}

// Priority is one aim of a plan.
type Priority struct {
	Code string `json:"code"` // such as "norfolk:preventing-crime"
	Name string `json:"name"`
}

// TargetAreaScope says whether a measure counts only in a target area.
type TargetAreaScope string

// The scopes. Possible means that people from target areas are one of several
// groups that the measure is for.
const (
	TargetAreaNone     TargetAreaScope = "none"
	TargetAreaPossible TargetAreaScope = "possible"
	TargetAreaRequired TargetAreaScope = "required"
)

// Measure is one way in which social value may be given under a plan.
type Measure struct {
	Code          string          `json:"code"`     // such as "norfolk:PC1"
	Priority      string          `json:"priority"` // a Priority's code
	Name          string          `json:"name"`
	Types         []string        `json:"types"`         // of ContributionTypes
	Units         []string        `json:"units"`         // never mixed in a sum; gbp is pounds excluding VAT
	Beneficiaries []string        `json:"beneficiaries"` // of Beneficiaries
	TargetArea    TargetAreaScope `json:"target_area"`
	// InTerritory: the measure is worded to count within the plan's territory.
	InTerritory bool `json:"in_territory"`
	// Class is the least class of an activity that serves the measure, unless
	// someone trained lowers it.
	Class Sensitivity `json:"class"`
	// ClassNote says when the class is higher.
	ClassNote string `json:"class_note,omitempty"`
	// Frameworks are codes of near measures elsewhere, such as "TOMs:NT28": our
	// pairing, not the publisher's.
	Frameworks []string `json:"frameworks,omitempty"`
}

// Policy holds what a social value policy fixes. Nil means that the policy
// leaves it open, which no default may fill.
type Policy struct {
	Title string `json:"title"`
	// ContractOverPence: social value is sought in contracts of strictly more,
	// pence excluding VAT.
	ContractOverPence *int64 `json:"contract_over_pence"`
	// RollingPence: a supplier whose transactions with a buyer reach this much,
	// pence excluding VAT, within RollingMonths is invited to give it.
	RollingPence  *int64 `json:"rolling_pence"`
	RollingMonths *int   `json:"rolling_months"`
	// GraceDays is how long a supplier has to put double counting right.
	GraceDays *int `json:"grace_days"`
	// UpdateDays is how often progress is reported.
	UpdateDays *int `json:"update_days"`
	// ContinuedFraction is the part, 0 to 1, that counts of employment that had
	// begun before the contract.
	ContinuedFraction *float64 `json:"continued_fraction"`
	// TargetAreas says what a target area is.
	TargetAreas *string `json:"target_areas"`
}
