package demo

import (
	"fmt"
	"slices"
	"strings"

	"tributary/data"
	"tributary/data/reference"
)

// template is a way of giving that any plan may count among its measures.
type template struct {
	key, name     string
	norfolk       string // the measure of Norfolk's plan that is like it
	types, units  []string
	beneficiaries []string
	target, class string
}

var templates = []template{
	{"spaces", "Places where young people can be", "PC1", []string{"in_kind", "donation_money"}, []string{"spaces", "hours", "places"}, []string{"children_and_young_adults"}, "none", "s1"},
	{"second-chances", "Work and training for people who have offended", "PC2", []string{"employment", "training"}, []string{"people"}, []string{"ex_offenders"}, "none", "s2"},
	{"advice", "Free professional advice to charities", "PC4", []string{"professional_advice_pro_bono"}, []string{"hours"}, []string{"vcses"}, "none", "s0"},
	{"gifts", "Gifts of time, money or goods to charities", "PC5", []string{"volunteering_time", "donation_money", "donation_goods"}, []string{"hours", "gbp", "items"}, []string{"vcses"}, "none", "s0"},
	{"cyber", "Small organisations made safe from cyber crime", "PC6", []string{"certification"}, []string{"certificates"}, []string{"local_businesses", "vcses"}, "none", "s0"},
	{"invest", "Investment in places that need it most", "PC7", []string{"investment"}, []string{"gbp"}, []string{"people_from_target_areas"}, "required", "s1"},
	{"work", "Routes into work", "CC1", []string{"employment"}, []string{"people"}, []string{"neet", "young_care_leavers", "people_from_target_areas"}, "possible", "s1"},
	{"mentors", "Volunteers for groups of young people", "CC2", []string{"volunteering_time"}, []string{"hours"}, []string{"children_and_young_adults"}, "none", "s1"},
	{"placements", "Paid placements for people from target areas", "CC3", []string{"work_experience_paid", "internship_paid"}, []string{"weeks", "people"}, []string{"people_from_target_areas"}, "required", "s1"},
	{"covenant", "Employers that release people for policing", "CC4", []string{"policy_adoption", "volunteering_time"}, []string{"pledges", "hours"}, []string{"police_volunteers_and_families"}, "none", "s1"},
	{"local", "More of a contract's money spent nearby", "CC5", []string{"local_supply_chain_spend"}, []string{"gbp"}, []string{"local_businesses"}, "none", "s0"},
	{"recovery", "Help to recover from drugs and alcohol", "CC6", []string{"in_kind", "awareness_initiative"}, []string{"people", "sessions"}, []string{"people_with_drug_or_alcohol_misuse"}, "none", "s2"},
	{"culture", "Arts, sport and access to nature", "CC7", []string{"sponsorship", "in_kind", "volunteering_time", "donation_money"}, []string{"gbp", "hours"}, []string{"general_public"}, "none", "s0"},
	{"policies", "Employers with a policy on abuse at home", "RH1", []string{"policy_adoption"}, []string{"organisations"}, []string{"local_businesses"}, "none", "s0"},
	{"victims", "Professional help to charities that help victims", "RH4", []string{"professional_advice_pro_bono"}, []string{"hours"}, []string{"vcses"}, "none", "s1"},
	{"comfort", "Gifts for people who were harmed", "RH5", []string{"donation_money", "volunteering_time", "donation_goods"}, []string{"hours", "gbp", "items"}, []string{"victims_of_crime"}, "required", "s2"},
	{"families", "Help to families early on", "RH6", []string{"donation_money", "volunteering_time", "donation_goods"}, []string{"hours", "gbp", "items"}, []string{"vulnerable_children", "parents_of_vulnerable_children"}, "none", "s2"},
	{"bystanders", "People who know how to step in", "RH8", []string{"training"}, []string{"people"}, []string{"general_public"}, "none", "s0"},
	{"green", "Trees, hedges and cooler streets", "", []string{"environmental"}, []string{"trees"}, []string{"general_public"}, "none", "s0"},
}

// aims are the priorities that a made-up plan may have, with their templates.
var aims = []struct {
	key, name string
	templates []string
}{
	{"prevention", "Prevention first", []string{"spaces", "gifts", "bystanders"}},
	{"young", "Young people safe and heard", []string{"mentors", "families", "spaces"}},
	{"work", "Fair chances at work", []string{"work", "placements", "second-chances"}},
	{"victims", "Care for people who were harmed", []string{"victims", "comfort", "policies"}},
	{"streets", "Confident neighbourhoods", []string{"culture", "gifts", "green"}},
	{"online", "Safe online", []string{"cyber", "advice"}},
	{"recovery", "Lives without drugs", []string{"recovery", "second-chances"}},
	{"economy", "Money that stays here", []string{"local", "invest", "advice"}},
	{"together", "Policing with its people", []string{"covenant", "bystanders", "culture"}},
}

// planning is a territory's made-up plan.
type planning struct {
	plan       *data.Plan
	policy     *data.Policy
	priorities []*data.Priority
	measures   []*data.Measure
}

// Plans are made-up plans for every territory but Norfolk, whose real one comes
// with the program. They differ in their priorities. They come before the
// activities, which name their measures.
func (w *World) Plans() []Sheet {
	n := len(w.plans)
	return []Sheet{
		sheet("plan", n, func(i int) []*data.Plan { return []*data.Plan{w.plans[i].plan} }),
		sheet("priority", n, func(i int) []*data.Priority { return w.plans[i].priorities }),
		sheet("measure", n, func(i int) []*data.Measure { return w.plans[i].measures }),
		sheet("policy", n, func(i int) []*data.Policy { return []*data.Policy{w.plans[i].policy} }),
	}
}

func (w *World) makePlan(territory int) planning {
	t := w.territories[territory]
	r := w.about(ofPlan, territory)
	id := w.planID(territory)
	year := w.opt.Until.Time().Year()
	p := planning{
		plan: &data.Plan{Identity: identity("%s", id), Kind: t.PlanKind, Title: fmt.Sprintf("Plan for %s (made up)", t.Name), Territories: []string{string(t.ID)},
			ValidFrom: data.NewDate(year-7, 4, 1), ValidTo: data.NewDate(year+3, 4, 1)},
		policy: &data.Policy{Identity: identity("%s-policy", id), Plan: id, Title: fmt.Sprintf("Social value policy for %s (made up)", t.Name), ContractOver: new(data.Pence(policyPence)), RollingValue: new(data.Pence(policyPence)),
			RollingMonths: 12, GraceDays: 28, UpdateDays: 2 * termDays, ContinuedFraction: "1/2", AppliesTo: []string{"procurement"}, ValidFrom: data.NewDate(year-7, 4, 1)},
	}
	used := map[string]bool{}
	order := r.Perm(len(aims))[:r.between(3, 5)]
	slices.Sort(order)
	for _, a := range order {
		aim := aims[a]
		priority := &data.Priority{Identity: identity("%s:%s", id, aim.key), Plan: id, Name: aim.name, Position: len(p.priorities) + 1}
		p.priorities = append(p.priorities, priority)
		for _, key := range aim.templates {
			if used[key] {
				continue // a measure serves one priority
			}
			used[key] = true
			m := templateNamed(key)
			p.measures = append(p.measures, &data.Measure{Identity: identity("%s:%s", id, strings.ToUpper(key)), Priority: priority.ExternalID, Name: m.name, Types: m.types, Units: m.units,
				Beneficiaries: m.beneficiaries, TargetArea: m.target, Class: m.class, Position: len(p.measures) + 1})
		}
	}
	return p
}

func templateNamed(key string) template {
	return templates[slices.IndexFunc(templates, func(t template) bool { return t.key == key })]
}

// makePlans makes the plans, and finds the measures that stand for each
// template in each territory.
func (w *World) makePlans() {
	w.measures = make([]map[string]*data.Measure, len(w.territories))
	for i, t := range w.territories {
		w.measures[i] = map[string]*data.Measure{}
		if t.ID == "norfolk" {
			for _, rec := range reference.Records("measure") {
				m := rec.(*data.Measure)
				for _, tp := range templates {
					if m.ExternalID == "norfolk:"+tp.norfolk {
						w.measures[i][tp.key] = m
					}
				}
			}
			continue
		}
		p := w.makePlan(i)
		w.plans = append(w.plans, p)
		for _, m := range p.measures {
			_, key, _ := strings.Cut(m.ExternalID, ":")
			w.measures[i][strings.ToLower(key)] = m
		}
	}
}
