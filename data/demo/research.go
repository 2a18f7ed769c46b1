package demo

import (
	"fmt"
	"math"

	"tributary/data"
	"tributary/data/reference"
)

var indicators = []struct{ id, title, unit, direction, domain string }{
	{"safety", "People who feel safe after dark", "percent", "higher", "policing"},
	{"reoffending", "People convicted again within a year", "percent", "lower", "criminal_justice"},
	{"attendances", "Attendances after assaults", "per 1,000 people", "lower", "health"},
	{"loneliness", "People who are often lonely", "percent", "lower", "community_care"},
	{"work", "Young people in work or learning", "percent", "higher", "social_mobility"},
	{"neighbours", "People who would ask a neighbour", "percent", "higher", "cohesion"},
}

func (w *World) researchSheets() []Sheet {
	regions := reference.Regions()
	hosts := w.hosts()
	return []Sheet{
		sheet("hub", len(regions), func(i int) []*data.Hub {
			if hosts[i] == "" {
				return nil // a vacancy
			}
			return []*data.Hub{{Identity: identity("hub-%s", regions[i].Code), Region: string(regions[i].Code), Host: hosts[i], Lead: "Head of the hub (made up)", CommissionedOn: w.day(i * 20)}}
		}),
		sheet("indicator", len(indicators), func(i int) []*data.Indicator {
			in := indicators[i]
			return []*data.Indicator{{Identity: identity("indicator-%s", in.id), Title: in.title, Unit: in.unit, Direction: in.direction, Domain: in.domain, SourceOf: "Made up for demonstration"}}
		}),
		sheet("observation", len(indicators)*len(w.territories), w.observations),
		sheet("observation", len(w.activities), w.activityObservations),
		sheet("saving_estimate", len(w.activities), w.savings),
		sheet("document", len(w.activities), w.stories),
		sheet("document", len(w.buyers), w.pledges),
		sheet("document", len(w.suppliers), w.charters),
		sheet("academic_link", len(w.activities), w.academicLinks),
	}
}

// hosts is a university in each region, or "".
func (w *World) hosts() []data.Ref {
	regions := reference.Regions()
	out := make([]data.Ref, len(regions))
	for i, region := range regions {
		for _, u := range w.universities() {
			if w.territories[u.territory].Region == region.Code && out[i] == "" && i != len(regions)-1 {
				out[i] = data.Ref(u.id)
			}
		}
	}
	return out
}

// observations are a value a year of each indicator in each territory.
func (w *World) observations(i int) []*data.Observation {
	in, t := indicators[i%len(indicators)], w.territories[i/len(indicators)]
	r := w.about(ofObservation, i)
	level, drift := 20+40*r.Float64(), 1.2*r.NormFloat64()+0.5
	if in.direction == "lower" {
		drift = -drift
	}
	var out []*data.Observation
	for year := range 6 {
		v := math.Round(10*max(1, level+drift*float64(year)+0.8*r.NormFloat64())) / 10
		lower, upper := math.Round(10*(v-1.5))/10, math.Round(10*(v+1.5))/10
		from := year * 4 * termDays
		out = append(out, &data.Observation{Identity: identity("observation-%s-%s-%d", in.id, t.ID, year+1), Indicator: ref("indicator-%s", in.id), Territory: string(t.ID),
			PeriodStart: w.day(from), PeriodEnd: w.day(from + 4*termDays - 1), Value: &v, Lower: &lower, Upper: &upper, N: r.between(200, 2000), Published: year < 5})
	}
	return out
}

// activityObservations follow every tenth validated activity.
func (w *World) activityObservations(i int) []*data.Observation {
	a := w.activities[i]
	if i%10 != 0 || a.status != data.StatusValidated || a.class == data.S3Secret {
		return nil
	}
	r := w.about(ofObservation, 1<<32+i)
	in := indicators[int(a.work)%len(indicators)]
	v := 30 + 20*r.Float64()
	var out []*data.Observation
	for n := range 4 {
		value := math.Round(10*(v+float64(n)*r.Float64()*2)) / 10
		lower, upper := value-4, value+4
		from := (8 + 4*n) * termDays
		out = append(out, &data.Observation{Identity: identity("observation-%d-%d", i+1, n+1), Indicator: ref("indicator-%s", in.id), Activity: ref("demo-%d", i+1),
			PeriodStart: w.day(from), PeriodEnd: w.day(from + 4*termDays - 1), Value: &value, Lower: &lower, Upper: &upper, N: r.between(20, 200), Published: true})
	}
	return out
}

func (w *World) savings(i int) []*data.SavingEstimate {
	a, r := w.activities[i], w.about(ofObservation, 2<<32+i)
	if i%12 != 0 || a.status != data.StatusValidated {
		return nil
	}
	central := data.Pence(math.Round(r.around(20_000, 0.8))) * 100
	return []*data.SavingEstimate{{Identity: identity("saving-%d", i+1), Activity: ref("demo-%d", i+1), Agency: pick(r, []string{"policing", "criminal_justice", "health", "community_care"}),
		PeriodStart: w.day(days - 8*termDays), PeriodEnd: w.day(days - 1), Low: central / 2, Central: central, High: central * 2,
		CostSource: "Made up for demonstration", Grade: pick(r, []string{"a", "b", "c"})}}
}

// stories are told, with consent, of activities that anyone may know of.
func (w *World) stories(i int) []*data.Document {
	a, r := w.activities[i], w.about(ofDocument, i)
	if a.class > data.S1Care || !a.open() || !r.chance(0.08) {
		return nil
	}
	work := works[a.work]
	return []*data.Document{{Identity: identity("story-%d", i+1), Kind: pick(r, []string{"story", "story", "film", "event"}), Title: fmt.Sprintf("A day at %s, %s (made up)", work.name, w.towns.towns[a.town].Name),
		Activity: ref("demo-%d", i+1), Consent: "Register of consents, made up", PublishedOn: w.day(days - r.between(1, 900)), Text: "A made-up story for the demonstration."}}
}

// pledges are universities' civic pledges and partners' yearly reports.
func (w *World) pledges(i int) []*data.Document {
	b, r := w.buyers[i], w.about(ofDocument, 1<<32+i)
	if b.sector != "university" || !r.chance(0.8) {
		return nil
	}
	t := string(w.territories[b.territory].ID)
	return []*data.Document{
		{Identity: identity("pledge-%s", b.id), Kind: "pledge", Title: "Civic university pledge (made up)", Organisation: data.Ref(b.id), Territory: t, PublishedOn: w.day(r.IntN(days))},
		{Identity: identity("report-%s", b.id), Kind: "annual_report", Title: "Social value in a year (made up)", Organisation: data.Ref(b.id), Territory: t, Year: w.opt.Until.Time().Year() - 1, PublishedOn: w.day(days - 30)},
	}
}

func (w *World) charters(i int) []*data.Document {
	r := w.about(ofDocument, 2<<32+i)
	if !r.chance(0.2) {
		return nil
	}
	return []*data.Document{{Identity: identity("charter-%d", i+1), Kind: "charter_commitment", Title: "Fair pay at every site (made up)", Organisation: ref("supplier-%d", i+1), Clause: "Staffing", PublishedOn: w.day(r.IntN(days))}}
}

// academicLinks join some activities to a university of their territory.
func (w *World) academicLinks(i int) []*data.AcademicLink {
	a, r := w.activities[i], w.about(ofDocument, 3<<32+i)
	if a.class > data.S1Care || !r.chance(0.05) {
		return nil
	}
	for _, b := range w.buyers {
		if b.sector == "university" && b.territory == int(a.territory) {
			return []*data.AcademicLink{{Identity: identity("link-%d", i+1), University: data.Ref(b.id), Activity: ref("demo-%d", i+1),
				Faculty: pick(r, []string{"Social sciences", "Health", "Law", "Business", "Engineering"}), Kind: pick(r, data.Vocabularies["academic_kinds"])}}
		}
	}
	return nil
}
