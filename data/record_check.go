package data

import (
	"math/big"
	"strconv"
	"strings"
)

// problems gathers what is wrong between a record's fields.
type problems []*Invalid

func (p *problems) when(wrong bool, field, value, reason string, args ...any) {
	if wrong {
		*p = append(*p, Invalidf(field, value, reason, args...))
	}
}

// span refuses an end before its start; either may be missing.
func (p *problems) span(from, to Date, field string) {
	p.when(!from.IsZero() && !to.IsZero() && to.Before(from), field, to.String(), "%s comes before the start, %s: correct one of the two", to, from)
}

// unit refuses a quantity without its unit.
func (p *problems) unit(q Quantity, unit string) {
	p.when(q != 0 && unit == "", "unit", "", "the quantity %s has no unit: say hours, people, trees …", q)
}

// where refuses half a position and one that cannot be.
func (p *problems) where(w Where) {
	rec := ActivityRecord{Lon: w.Longitude, Lat: w.Latitude, Role: RoleBase}
	*p = append(*p, rec.checkPlace()...)
}

// Check implements Record: a public buyer has a sector.
func (o *Organisation) Check() []*Invalid {
	var p problems
	p.when(o.Kind == "buyer" && o.Sector == "", "sector", "", "a buyer has a sector: use %s", strings.Join(Sectors, ", "))
	return p
}

// Check implements Record.
func (s *Site) Check() []*Invalid {
	var p problems
	p.where(s.Where)
	p.when(s.Latitude == nil && s.Postcode == "" && s.AreaCode == "" && s.Territory == "", "postcode", "", "the site says nowhere: give a position, a postcode, an area code or a territory")
	return p
}

// Check implements Record.
func (f *Footprint) Check() []*Invalid {
	var p problems
	p.when((f.AreaCode == "") == (f.Territory == ""), "area_code", f.AreaCode, "give an area code or a territory, one of the two")
	return p
}

// Check implements Record: whoever closes says why.
func (f *Funding) Check() []*Invalid {
	var p problems
	p.when(f.FundedUntil.IsZero() && f.ClosedOn.IsZero(), "funded_until", "", "say until when the activity is funded, or on which day it closed")
	p.when(!f.ClosedOn.IsZero() && f.Reason == "", "reason", "", "an activity closes for a reason: give it")
	return p
}

// Check implements Record.
func (n *Need) Check() []*Invalid {
	var p problems
	p.span(n.OpenFrom, n.OpenTo, "open_to")
	p.unit(n.Quantity, n.Unit)
	return p
}

// Check implements Record: who validates says until when.
func (v *Validation) Check() []*Invalid {
	var p problems
	p.span(v.DecidedOn, v.ExpiresOn, "expires_on")
	p.when(v.Decision == "validated" && v.ExpiresOn.IsZero(), "expires_on", "", "a validation expires: say on which day")
	return p
}

// Check implements Record.
func (t *TargetAreaSet) Check() []*Invalid {
	var p problems
	p.span(t.ValidFrom, t.ValidTo, "valid_to")
	return p
}

// Check implements Record.
func (t *TargetArea) Check() []*Invalid { return nil }

// Check implements Record.
func (r *RegisterEntry) Check() []*Invalid {
	var p problems
	p.span(r.ConfirmedOn, r.ReviewDueOn, "review_due_on")
	p.when(r.Welcomes && len(r.Types) == 0, "types", "", "an organisation that welcomes an approach says which types of contribution: use %s", strings.Join(ContributionTypes, ", "))
	return p
}

// Check implements Record.
func (a *Adoption) Check() []*Invalid {
	var p problems
	p.span(a.AdoptedOn, a.EndedOn, "ended_on")
	p.when(a.Extent == "part" && len(a.Measures) == 0, "measures", "", "an adoption in part names its measures")
	p.when(a.Extent == "full" && len(a.Measures) > 0, "measures", strings.Join(a.Measures, ";"), "an adoption in full names no measures: leave them out, or say part")
	return p
}

// Check implements Record: what is told about an activity's people needs their
// consent.
func (d *Document) Check() []*Invalid {
	var p problems
	story := d.Kind == "story" || d.Kind == "film"
	p.when(story && d.Activity != "" && d.Consent == "", "consent", "", "a %s about an activity needs consent: say where it is recorded", d.Kind)
	p.when((d.Kind == "pledge" || d.Kind == "charter_commitment" || d.Kind == "annual_report") && d.Organisation == "", "organisation", "", "a %s is an organisation's: say whose", strings.ReplaceAll(d.Kind, "_", " "))
	p.when(d.Kind == "annual_report" && d.Year == 0, "year", "", "a yearly report says of which year")
	return p
}

// Check implements Record.
func (a *AcademicLink) Check() []*Invalid { return nil }

// Check implements Record.
func (c *Contract) Check() []*Invalid {
	var p problems
	p.span(c.StartsOn, c.EndsOn, "ends_on")
	p.span(c.StartsOn, c.ClosedOn, "closed_on")
	p.when(c.Value < 0, "value", c.Value.Pounds(), "a contract is worth nothing or more: give pounds excluding VAT")
	p.when(c.Kind == "partnership" && c.Value != 0, "value", c.Value.Pounds(), "a partnership has no price: leave it empty, or choose another kind")
	return p
}

// Check implements Record.
func (t *Transaction) Check() []*Invalid { return nil }

// Check implements Record.
func (c *Commitment) Check() []*Invalid {
	var p problems
	p.unit(c.Quantity, c.Unit)
	p.when(c.Quantity == 0 && c.Value == 0, "quantity", "", "the commitment says nothing: give a quantity with its unit, or a value in pounds")
	p.when(c.Value < 0, "value", c.Value.Pounds(), "a commitment is worth nothing or more")
	return p
}

// Check implements Record.
func (o *PurchaseOrder) Check() []*Invalid {
	var p problems
	p.unit(o.Quantity, o.Unit)
	p.when(o.Value < 0, "value", o.Value.Pounds(), "an order is worth nothing or more")
	return p
}

// Check implements Record: whoever ends or halts an order says why.
func (e *OrderEvent) Check() []*Invalid {
	var p problems
	ends := e.To == "declined" || e.To == "suspended" || e.To == "cancelled"
	p.when(ends && e.Reason == "", "reason", "", "an order is %s for a reason: give it", e.To)
	return p
}

// Check implements Record.
func (u *ProgressUpdate) Check() []*Invalid {
	var p problems
	p.span(u.PeriodStart, u.PeriodEnd, "period_end")
	return p
}

// Check implements Record.
func (a *Audit) Check() []*Invalid {
	var p problems
	p.span(a.OpenedOn, a.DecidedOn, "decided_on")
	return p
}

// Check implements Record.
func (c *Contribution) Check() []*Invalid {
	var p problems
	p.span(c.From, c.To, "delivered_to")
	p.unit(c.Quantity, c.Unit)
	p.where(Where{Latitude: c.Latitude, Longitude: c.Longitude})
	p.when(c.Quantity == 0 && c.Value == nil, "value", "", "the contribution says nothing: give a value in pounds, or a quantity with its unit")
	p.when(c.Value != nil && *c.Value < 0, "value", "", "a contribution is worth nothing or more: correct the first record instead of taking back")
	p.when(c.Share != "" && c.Joint == "", "joint", "", "a share is a part of something joint: name it, the same in every supplier's record")
	if share, ok := new(big.Rat).SetString(c.Share); c.Share != "" {
		p.when(!ok || share.Cmp(big.NewRat(1, 1)) > 0, "share", c.Share, "a share is at most the whole: give a fraction such as 1/3")
	}
	for _, place := range c.Places {
		if _, _, err := ParseWeighted(place); err != nil {
			p = append(p, &Invalid{Field: "places", Value: place, Reason: err.Error()})
		}
	}
	return p
}

// ParseWeighted reads "PLACE" or "PLACE=WEIGHT"; the weight is a whole number
// of at least 1, and 1 if it is not given.
func ParseWeighted(s string) (place string, weight int64, err error) {
	place, w, given := strings.Cut(s, "=")
	place = strings.TrimSpace(place)
	if place == "" {
		return "", 0, Invalidf("places", s, "%q names no place: give an area code, a territory, a postcode or a place's id", s)
	}
	if !given {
		return place, 1, nil
	}
	weight, err = strconv.ParseInt(strings.TrimSpace(w), 10, 64)
	if err != nil || weight < 1 || weight > 1_000_000_000 {
		return "", 0, Invalidf("places", s, "%q is not a weight: give a whole number from 1 to 1000000000; thirds are 1, 1 and 1", w)
	}
	return place, weight, nil
}

// Check implements Record.
func (e *Evidence) Check() []*Invalid {
	var p problems
	p.when(e.URI == "" && e.SHA256 == "", "sha256", "", "the evidence is nowhere: give its hash or its address")
	return p
}

// Check implements Record.
func (h *Hub) Check() []*Invalid {
	var p problems
	p.span(h.CommissionedOn, h.EndedOn, "ended_on")
	return p
}

// Check implements Record.
func (i *Indicator) Check() []*Invalid { return nil }

// Check implements Record: a value is about one thing and lies in its
// interval.
func (o *Observation) Check() []*Invalid {
	var p problems
	p.span(o.PeriodStart, o.PeriodEnd, "period_end")
	about := 0
	for _, given := range []bool{o.Activity != "", o.AreaCode != "", o.Territory != ""} {
		if given {
			about++
		}
	}
	p.when(about != 1, "activity", string(o.Activity), "a value is about one activity, area or territory: give one of the three")
	p.when((o.Lower == nil) != (o.Upper == nil), "lower", "", "an interval has two ends: give lower and upper, or neither")
	if o.Lower != nil && o.Upper != nil {
		p.when(*o.Lower > *o.Value || *o.Value > *o.Upper, "value", "", "%v lies outside its interval from %v to %v", *o.Value, *o.Lower, *o.Upper)
	}
	return p
}

// Check implements Record: an estimate is a range.
func (s *SavingEstimate) Check() []*Invalid {
	var p problems
	p.span(s.PeriodStart, s.PeriodEnd, "period_end")
	p.when(s.Low > s.Central || s.Central > s.High, "central", s.Central.Pounds(), "the estimate is no range: low must not exceed central, nor central high")
	return p
}

// Check implements Record.
func (d *DeliverySite) Check() []*Invalid {
	var p problems
	p.where(d.Where)
	p.when(d.Demise == "" && d.Latitude == nil && d.Postcode == "" && d.AreaCode == "" && d.Territory == "", "demise", "", "the site says nowhere: give its demise, a position, a postcode, an area code or a territory")
	return p
}

// Check implements Record.
func (r *Review) Check() []*Invalid {
	var p problems
	p.when(r.Finding != "inside_demise" && r.Finding != "over_the_whole" && r.Other == "", "other", "", "this finding is about two contributions: name the other one")
	return p
}
