package data

// Plan is a policing body's strategic plan for one or more territories. Plans
// differ: nothing about one is built in. A later plan of the same kind for a
// territory ends the one before it there.
type Plan struct {
	Identity             // the id is a slug, the first half of its codes: "norfolk"
	Kind        string   `col:"kind" is:"in=plan_kinds,default=police_and_crime_plan"`
	Title       string   `col:"title" is:"required,max=200"`
	Territories []string `col:"territories" is:"required"`
	URL         string   `col:"url" is:"url"`
	ValidFrom   Date     `col:"valid_from"` // half-open; empty: since before the record
	ValidTo     Date     `col:"valid_to"`
}

// Priority is one aim of a plan. Its id is its code, such as
// "norfolk:preventing-crime".
type Priority struct {
	Identity
	Plan     string `col:"plan" is:"required,max=80"`
	Name     string `col:"name" is:"required,max=200"`
	Position int    `col:"position"` // in the plan; 0 goes by its code
	// Replaces are the codes of an earlier plan's priorities that this one goes
	// on with, so that a report can be read over both.
	Replaces []string `col:"replaces"`
}

// Measure is one way in which social value may be given under a plan. Its id
// is its code, such as "norfolk:PC1".
type Measure struct {
	Identity
	Priority      string   `col:"priority" is:"required,max=80"`
	Name          string   `col:"name" is:"required,max=300"`
	Types         []string `col:"types" is:"required,in=contribution_types"`
	Units         []string `col:"units" is:"required"` // never mixed in a sum; gbp is pounds excluding VAT
	Beneficiaries []string `col:"beneficiaries" is:"in=beneficiaries"`
	Pillar        string   `col:"pillar" is:"in=pillars"`
	// TargetArea says whether the measure counts only in a target area, or has
	// the people of target areas as one of several groups that it is for.
	TargetArea string `col:"target_area" is:"in=target_area_scopes,default=none"`
	// InTerritory: the measure is worded to count within the plan's territory.
	InTerritory bool `col:"in_territory"`
	// Class is the least class of an activity that serves the measure, unless
	// someone trained lowers it.
	Class     string `col:"class" is:"in=classes,default=s1"`
	ClassNote string `col:"class_note" is:"max=200"` // when the class is higher
	// Frameworks are codes of near measures elsewhere, such as "TOMs:NT28": our
	// pairing, not the publisher's.
	Frameworks []string `col:"frameworks" is:"framework"`
	Position   int      `col:"position"`
}

// Policy holds what the social value policy of a plan fixes. What is not given
// the policy leaves open, and no default may fill it. A later policy of the
// same plan ends the one before.
type Policy struct {
	Identity
	Plan  string `col:"plan" is:"required,max=80"`
	Title string `col:"title" is:"required,max=200"`
	URL   string `col:"url" is:"url"`
	// ContractOver: social value is sought in contracts of strictly more,
	// excluding VAT.
	ContractOver *Pence `col:"contract_over"`
	// RollingValue: a supplier whose transactions with a buyer reach this much,
	// excluding VAT, within RollingMonths is invited to give it.
	RollingValue  *Pence `col:"rolling_value"`
	RollingMonths int    `col:"rolling_months"`
	GraceDays     int    `col:"grace_days"`  // to put double counting right
	UpdateDays    int    `col:"update_days"` // between progress updates
	// ContinuedFraction is the part, such as 1/2, that counts of employment
	// that had begun before the contract.
	ContinuedFraction string   `col:"continued_fraction" is:"share"`
	TargetAreas       string   `col:"target_areas" is:"max=1000"` // what a target area is
	LocalArea         string   `col:"local_area" is:"max=1000"`   // what local spend is
	Environment       string   `col:"environment" is:"max=1000"`  // which documents say what benefits the environment
	AppliesTo         []string `col:"applies_to" is:"in=policy_scopes"`
	// Finest is how finely anything that is delivered in its territories may be
	// told at most; empty: as finely as its own class allows.
	Finest    string `col:"finest" is:"in=finest_levels"`
	ValidFrom Date   `col:"valid_from"`
	ValidTo   Date   `col:"valid_to"`
}
