package data

// Contribution is what a supplier gave: under an order, under a contract
// without one (by itself), or freely. It is split over places by Allocation.
type Contribution struct {
	Identity
	Title      string   `col:"title" is:"max=300"`
	Supplier   Ref      `col:"supplier" is:"required,ref=organisation"`
	Order      Ref      `col:"order" is:"ref=purchase_order"`
	Contract   Ref      `col:"contract" is:"ref=contract"`
	Commitment Ref      `col:"commitment" is:"ref=commitment"`
	Activity   Ref      `col:"activity" is:"ref=activity"`
	Provider   Ref      `col:"provider" is:"ref=organisation"` // if no activity names it
	Site       Ref      `col:"site" is:"ref=site"`
	Measure    string   `col:"measure" is:"measure"`
	Type       string   `col:"type" is:"required,in=contribution_types"`
	Quantity   Quantity `col:"quantity"`
	Unit       string   `col:"unit" is:"max=40"`
	Value      *Pence   `col:"value"` // nil: not in money
	From       Date     `col:"delivered_from" is:"required"`
	To         Date     `col:"delivered_to"` // empty: the same day
	State      string   `col:"state" is:"in=claim_states,default=claimed"`
	// Additionality: additional counts in full; continued (employment that had
	// begun before) by the policy's fraction; in_scope not at all.
	Additionality string   `col:"additionality" is:"in=additionalities,default=additional"`
	Beneficiaries []string `col:"beneficiaries" is:"in=beneficiaries"`
	// ResidenceArea is where employed people live, by area code alone.
	ResidenceArea string `col:"residence_area" is:"max=200"`
	// Share is the part of a joint contribution that this supplier claims, as a
	// fraction such as "1/3"; empty is all of it.
	Share string `col:"share" is:"share"`
	// Joint names what the shares of several suppliers are parts of.
	Joint string `col:"joint" is:"max=200"`
	// Class is the sensitivity asked for; its activity, measure and words only
	// raise it.
	Class string `col:"class" is:"in=classes"`
	// Places are where it was delivered, each with a whole-number weight:
	// "E07000148=2; NR1 3JU=1". Empty: where its activity is.
	Places []string `col:"places"`
	// Where it was delivered if it was one place. What was given counts
	// wherever it is, so a postcode that is none leaves it unallocated.
	AreaCode  string   `col:"area_code" is:"max=200"`
	Territory string   `col:"territory" is:"max=200"`
	Latitude  *float64 `col:"latitude"`
	Longitude *float64 `col:"longitude"`
	Postcode  string   `col:"postcode" is:"max=20,loose_postcode"`
}

// Evidence supports a contribution's claim. Its hash tells when two claims
// rest on the same evidence.
type Evidence struct {
	Identity
	Contribution Ref    `col:"contribution" is:"required,ref=contribution"`
	Kind         string `col:"kind" is:"required,in=evidence_kinds"`
	URI          string `col:"uri" is:"url"`
	SHA256       string `col:"sha256" is:"sha256"`
	CapturedOn   Date   `col:"captured_on"`
	ConfirmedBy  Ref    `col:"confirmed_by" is:"ref=organisation"`
}

// Review is somebody's decision on a finding about a contribution, with the
// reason. The last one counts.
type Review struct {
	Identity
	Contribution Ref    `col:"contribution" is:"required,ref=contribution"`
	Other        Ref    `col:"other" is:"ref=contribution"` // the second one of a pair
	Finding      string `col:"finding" is:"required,in=finding_kinds"`
	Decision     string `col:"decision" is:"required,in=finding_states"`
	Day          Date   `col:"date" is:"required"`
	Reason       string `col:"reason" is:"required,max=1000"`
}

// Hub is a regional research hub. One is active in a region at a time.
type Hub struct {
	Identity
	Region         string `col:"region" is:"required,max=20"`
	Host           Ref    `col:"host" is:"required,ref=organisation"`
	Lead           string `col:"lead" is:"max=200"` // a role, not a person
	CommissionedOn Date   `col:"commissioned_on" is:"required"`
	EndedOn        Date   `col:"ended_on"`
}

// Indicator is something that hubs measure over years.
type Indicator struct {
	Identity
	Title     string `col:"title" is:"required,max=200"`
	Unit      string `col:"unit" is:"required,max=40"`
	Direction string `col:"direction" is:"required,in=directions"` // which way is better
	Domain    string `col:"domain" is:"required,in=domains"`
	SourceOf  string `col:"source_of" is:"max=300"`
}

// Observation is one value of an indicator for an activity, area or territory
// in a period, with its interval.
type Observation struct {
	Identity
	Indicator   Ref      `col:"indicator" is:"required,ref=indicator"`
	Hub         Ref      `col:"hub" is:"ref=hub"`
	Activity    Ref      `col:"activity" is:"ref=activity"`
	AreaCode    string   `col:"area_code" is:"max=200"`
	Territory   string   `col:"territory" is:"max=200"`
	PeriodStart Date     `col:"period_start" is:"required"`
	PeriodEnd   Date     `col:"period_end" is:"required"`
	Value       *float64 `col:"value" is:"required"`
	Lower       *float64 `col:"lower"`
	Upper       *float64 `col:"upper"`
	N           int      `col:"n"`
	Published   bool     `col:"published"`
}

// SavingEstimate is what an activity may have saved an agency, as a range with
// its source. It is never added to pounds that were given.
type SavingEstimate struct {
	Identity
	Activity    Ref    `col:"activity" is:"required,ref=activity"`
	Agency      string `col:"agency" is:"required,in=domains"`
	PeriodStart Date   `col:"period_start" is:"required"`
	PeriodEnd   Date   `col:"period_end" is:"required"`
	Low         Pence  `col:"low" is:"required"`
	Central     Pence  `col:"central" is:"required"`
	High        Pence  `col:"high" is:"required"`
	CostSource  string `col:"cost_source" is:"required,max=300"`
	Grade       string `col:"grade" is:"in=grades"`
}
