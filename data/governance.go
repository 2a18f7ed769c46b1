package data

import (
	"math/big"
	"strconv"
	"strings"
)

// TerritoryRecord is a police territory as a record. Territories that come
// with the program are the reference's; a merger of forces is one new record
// that names its predecessors, which end on the day that it begins.
type TerritoryRecord struct {
	Identity              // the id is a slug
	Code         string   `col:"code" is:"required,max=20"` // police force area code
	CodeKind     string   `col:"code_kind" is:"in=code_kinds,default=gss"`
	Name         string   `col:"name" is:"required,max=200"`
	NameCy       string   `col:"name_cy" is:"max=200"`
	Force        string   `col:"force" is:"required,max=200"`
	PoliceUKID   string   `col:"police_uk_id" is:"max=80"`
	Region       string   `col:"region" is:"required,max=20"`
	PlanKind     string   `col:"plan_kind" is:"in=plan_kinds,default=police_and_crime_plan"`
	Predecessors []string `col:"predecessors"`
	ValidFrom    Date     `col:"valid_from"`
	// Onboarding is how far the model has come here.
	Onboarding  string `col:"onboarding" is:"in=onboarding_states"`
	OnboardedOn Date   `col:"onboarded_on"`
}

// PolicingBodyRecord is a [PolicingBody] as a record: it answers for the policing of one or more territories.
type PolicingBodyRecord struct {
	Identity        // the id is a slug
	Kind     string `col:"kind" is:"required,in=body_kinds"`
	Name     string `col:"name" is:"required,max=200"`
	URL      string `col:"url" is:"url"`
	// PlannedEnd is an announced change, in words, such as "May 2028 (announced
	// 2025-11-13; subject to legislation)".
	PlannedEnd string `col:"planned_end" is:"max=300"`
}

// Governance joins a body to a territory from a day on: until ValidTo, or
// until the next one for that territory begins. So a change of government is
// a row more, and no row is changed.
type Governance struct {
	Identity
	Body      string `col:"body" is:"required,max=80"`
	Territory string `col:"territory" is:"required,max=200"`
	Holder    string `col:"holder" is:"max=200"` // who holds the office
	ValidFrom Date   `col:"valid_from"`
	ValidTo   Date   `col:"valid_to"`
}

// ProcurementGroup is a group of territories that buy together; it may cross
// regions.
type ProcurementGroup struct {
	Identity             // the id is a slug
	Name        string   `col:"name" is:"required,max=200"`
	Territories []string `col:"territories" is:"required"`
	URL         string   `col:"url" is:"url"`
	Note        string   `col:"note" is:"max=1000"`
}

// Regime is the law of one nation on social value in public contracts. The
// nations differ in more than names, so labels come from here.
type Regime struct {
	Nation      string   `json:"nation"`
	Instruments []string `json:"instruments"`
	// PlanName and BodyName are what the strategic plan and the policing body
	// are called.
	PlanName string `json:"plan_name"`
	BodyName string `json:"body_name"`
	// SeriousViolenceDuty: the Police, Crime, Sentencing and Courts Act 2022,
	// part 2 chapter 1, applies.
	SeriousViolenceDuty bool   `json:"serious_violence_duty"`
	Note                string `json:"note,omitempty"`
}

// Check implements Record.
func (t *TerritoryRecord) Check() []*Invalid {
	var p problems
	p.slug("id", t.ExternalID)
	p.when(len(t.Predecessors) > 0 && t.ValidFrom.IsZero(), "valid_from", "", "a territory that takes over from others begins on a day: give it")
	return p
}

// Check implements Record.
func (b *PolicingBodyRecord) Check() []*Invalid {
	var p problems
	p.slug("id", b.ExternalID)
	return p
}

// Check implements Record.
func (g *Governance) Check() []*Invalid {
	var p problems
	p.span(g.ValidFrom, g.ValidTo, "valid_to")
	return p
}

// Check implements Record.
func (g *ProcurementGroup) Check() []*Invalid {
	var p problems
	p.slug("id", g.ExternalID)
	return p
}

// Check implements Record.
func (l *Plan) Check() []*Invalid {
	var p problems
	p.slug("id", l.ExternalID)
	p.span(l.ValidFrom, l.ValidTo, "valid_to")
	return p
}

// Check implements Record: a priority's code begins with its plan.
func (r *Priority) Check() []*Invalid {
	var p problems
	p.code(r.ExternalID)
	p.when(!strings.HasPrefix(r.ExternalID, r.Plan+":"), "id", r.ExternalID, "a priority's code begins with its plan's: give one such as %s:safer-streets", r.Plan)
	return p
}

// Check implements Record.
func (m *Measure) Check() []*Invalid {
	var p problems
	p.code(m.ExternalID)
	plan, _, _ := strings.Cut(m.Priority, ":")
	p.when(!strings.HasPrefix(m.ExternalID, plan+":"), "id", m.ExternalID, "a measure's code begins with its plan's: give one such as %s:M1", plan)
	return p
}

// Check implements Record.
func (l *Policy) Check() []*Invalid {
	var p problems
	p.span(l.ValidFrom, l.ValidTo, "valid_to")
	p.when((l.RollingValue == nil) != (l.RollingMonths == 0), "rolling_months", "", "a rolling threshold has a value and its months: give both or neither")
	for field, n := range map[string]int{"rolling_months": l.RollingMonths, "grace_days": l.GraceDays, "update_days": l.UpdateDays} {
		p.when(n < 0, field, strconv.Itoa(n), "%d is less than nothing: leave it empty where the policy leaves it open", n)
	}
	if part, ok := new(big.Rat).SetString(l.ContinuedFraction); l.ContinuedFraction != "" {
		p.when(!ok || part.Cmp(big.NewRat(1, 1)) > 0, "continued_fraction", l.ContinuedFraction, "a fraction is at most the whole: give one such as 1/2")
	}
	return p
}

// slug refuses an id that cannot stand in an address.
func (p *problems) slug(field, id string) {
	p.when(!slugPattern.MatchString(id) || strings.ContainsAny(id, ":_."), field, id, "%q is no id that can stand in an address: use small letters, digits and hyphens, such as norfolk", id)
}

// code refuses a code without its plan.
func (p *problems) code(id string) {
	p.when(!codePattern.MatchString(id) || strings.Count(id, ":") != 1, "id", id, "%q is no code: give the plan, a colon and the code, such as norfolk:PC1", id)
}
