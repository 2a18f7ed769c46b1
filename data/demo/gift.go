package demo

import (
	"math"
	"slices"

	"tributary/data"
)

// gift is a type of contribution: what it is counted in, how much of it is
// given at a time and what one is worth in pounds.
type gift struct {
	kind, unit string
	amount     float64 // the median; 0 is not counted
	spread     float64 // of the logarithm
	pounds     float64 // of one, or of the whole if it is not counted; 0 is not in money
	title      string
}

var gifts = []gift{
	{"employment", "people", 1.4, 0.5, 14_000, "Jobs"},
	{"work_experience_paid", "weeks", 4, 0.7, 420, "Paid work experience"},
	{"internship_paid", "people", 1.5, 0.5, 4_200, "Paid internships"},
	{"apprenticeship", "people", 1.5, 0.5, 9_000, "Apprenticeships"},
	{"training", "people", 14, 0.7, 65, "Training"},
	{"volunteering_time", "hours", 36, 0.9, 18, "Volunteers' time"},
	{"professional_advice_pro_bono", "hours", 10, 0.8, 75, "Free professional advice"},
	{"donation_money", "", 0, 1.1, 600, "Gift of money"},
	{"donation_goods", "items", 40, 0.9, 14, "Gift of goods"},
	{"sponsorship", "", 0, 1, 1_500, "Sponsorship"},
	{"in_kind", "sessions", 12, 0.8, 45, "Rooms and equipment lent"},
	{"investment", "", 0, 1, 8_000, "Investment"},
	{"local_supply_chain_spend", "", 0, 1.1, 6_000, "Spent with local firms"},
	{"policy_adoption", "organisations", 1, 0.4, 0, "Policy taken up"},
	{"certification", "certificates", 1.5, 0.5, 350, "Certificates paid for"},
	{"champion_appointed", "people", 1.5, 0.5, 0, "Champions appointed"},
	{"awareness_initiative", "people", 60, 1, 0, "Awareness initiative"},
	{"environmental", "trees", 45, 1, 9, "Trees planted"},
}

// giftsByKind finds them by type.
func giftNamed(kind string) gift {
	return gifts[slices.IndexFunc(gifts, func(g gift) bool { return g.kind == kind })]
}

// free are the types that need no activity and no plan, most common first.
var free = []string{"donation_money", "volunteering_time", "environmental", "local_supply_chain_spend", "donation_goods", "apprenticeship", "training", "champion_appointed"}

// gift draws what is given to an activity: of a type that its measure is
// served by, else of one that suits its work. It also says the measure, if m is
// not nil and there is one.
func (w *World) gift(r *random, a activity, m *data.Measure) gift {
	keys := works[a.work].templates
	key := keys[r.IntN(len(keys))]
	tp := templateNamed(key)
	g := giftNamed(pick(r, tp.types))
	measure, planned := w.measures[a.territory][key]
	if !planned {
		return g
	}
	if m != nil {
		*m = *measure
	}
	if g.unit != "" && !slices.Contains(measure.Units, g.unit) {
		i := slices.IndexFunc(measure.Units, func(u string) bool { return u != "gbp" && u != "percent_of_contract" })
		if i < 0 {
			g.unit, g.amount = "", 0
		} else {
			g.unit = measure.Units[i]
		}
	}
	return g
}

// much draws how much is given at a time; value is nil if it is not in money.
func (g gift) much(r *random) (quantity data.Quantity, value *data.Pence) {
	pounds := g.pounds
	if g.amount > 0 && g.unit != "" {
		n := max(1, math.Round(r.around(g.amount, g.spread)))
		if g.unit == "hours" && r.chance(0.3) {
			n += 0.5
		}
		quantity = data.Quantity(n * 1000)
		pounds *= n * r.around(1, 0.15)
	} else {
		pounds *= r.around(1, g.spread)
		if pounds == 0 {
			pounds = r.around(300, 0.8) // counted in nothing else
		}
	}
	if pounds == 0 {
		return quantity, nil
	}
	p := data.Pence(math.Round(pounds * 100))
	if r.chance(0.6) { // people give round sums
		p = max(p/2500*2500, 2500)
	}
	return quantity, &p
}
