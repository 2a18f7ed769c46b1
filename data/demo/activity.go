package demo

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"tributary/data"
	"tributary/data/reference"
	"tributary/geo"
)

// works are what the made-up activities do, with the class that somebody who
// knows them would ask for.
var works = []struct {
	name, summary string
	themes        []data.Theme
	templates     []string
	class         data.Sensitivity
	weight        int
}{
	{"Walking football", "Gentle football for people over fifty, every week, followed by tea.", []data.Theme{data.ThemeHealthier}, []string{"culture"}, data.S0Open, 12},
	{"Community garden", "Raised beds, a polytunnel and a place to meet the neighbours.", []data.Theme{data.ThemeHealthier, data.ThemeResilient}, []string{"culture", "green"}, data.S0Open, 12},
	{"Repair café", "Volunteers mend lamps, bicycles and clothes and show how.", []data.Theme{data.ThemeResilient}, []string{"gifts"}, data.S0Open, 9},
	{"Cyber safety clinic", "Help for small organisations to earn Cyber Essentials.", []data.Theme{data.ThemeSafer}, []string{"cyber", "advice"}, data.S0Open, 6},
	{"Active bystander course", "Half a day on how to step in safely.", []data.Theme{data.ThemeSafer}, []string{"bystanders"}, data.S0Open, 6},
	{"Street trees", "Neighbours plant and water trees on streets that have none.", []data.Theme{data.ThemeResilient, data.ThemeHealthier}, []string{"green", "gifts"}, data.S0Open, 6},
	{"Market for local makers", "A monthly market, and help to sell to large buyers.", []data.Theme{data.ThemeResilient}, []string{"local", "invest"}, data.S0Open, 5},
	{"Youth boxing", "Training nights and mentoring for young people.", []data.Theme{data.ThemeSafer, data.ThemeHealthier}, []string{"spaces", "mentors"}, data.S1Care, 10},
	{"Homework club", "A warm room, a snack and somebody to ask, for children after school.", []data.Theme{data.ThemeResilient}, []string{"spaces", "families"}, data.S1Care, 10},
	{"Routes into work", "Coaching and paid placements for care leavers.", []data.Theme{data.ThemeResilient}, []string{"work", "placements"}, data.S1Care, 8},
	{"Recovery breakfast", "Breakfast and company for people leaving drug and alcohol treatment.", []data.Theme{data.ThemeHealthier}, []string{"recovery"}, data.S2Restricted, 5},
	{"Second chance workshop", "Carpentry and references for ex-offenders.", []data.Theme{data.ThemeSafer}, []string{"second-chances"}, data.S2Restricted, 5},
	{"Listening service", "Support for victims of crime.", []data.Theme{data.ThemeSafer}, []string{"victims", "comfort"}, data.S2Restricted, 4},
	{"Safe accommodation", "A refuge for families.", []data.Theme{data.ThemeSafer}, []string{"comfort"}, data.S3Secret, 3},
}

// activity is what the world keeps of an activity.
type activity struct {
	lon, lat  float64
	town      int32
	provider  int32
	territory int16
	work      int8
	class     data.Sensitivity
	status    data.Status
	// The span of days in which it is validated; from is days for never.
	from, to int
	closed   int // the day on which it closed; days for not
}

func (w *World) makeActivities() {
	w.makeProviders()
	weights := make([]int, len(works))
	for i, k := range works {
		weights[i] = k.weight
	}
	w.activities = make([]activity, w.opt.Activities)
	for i := range w.activities {
		r := w.about(ofActivity, i)
		a := activity{provider: int32(r.skewed(len(w.providers))), work: int8(weighted(r, weights)), closed: days}
		home := w.providers[a.provider].territory
		if a.town = int32(w.towns.in[home].pick(r)); r.chance(0.25) {
			a.town = int32(w.towns.all.pick(r))
		}
		t := w.towns.towns[a.town]
		a.territory, a.class = int16(t.territory), works[a.work].class
		a.lon, a.lat = t.near(r)
		a.live(r)
		w.activities[i] = a
	}
}

// live draws an activity's status and when it was validated.
func (a *activity) live(r *random) {
	a.from, a.to = r.IntN(days*2/3), days+r.between(60, 700)
	switch at := r.Float64(); {
	case at < 0.72:
		a.status = data.StatusValidated
	case at < 0.84:
		a.status, a.from, a.to = data.StatusSubmitted, days, days
	case at < 0.91:
		a.status, a.to = data.StatusExpired, min(a.from+r.between(365, 900), days-1)
	case at < 0.96:
		a.status, a.closed = data.StatusClosed, r.between(a.from+1, days-1)
		a.to = a.closed
	case at < 0.98:
		a.status = data.StatusSuspended
	default:
		a.status, a.from, a.to = data.StatusDraft, days, days
	}
}

// Activities are the world's activities.
func (w *World) Activities() iter.Seq[data.ActivityRecord] {
	return func(yield func(data.ActivityRecord) bool) {
		for i := range w.activities {
			if !yield(w.activityRecord(i)) {
				return
			}
		}
		for _, a := range w.planted.activities {
			if !yield(a) {
				return
			}
		}
	}
}

// Activities makes up n activities by themselves, more of them where more people
// live. As there are no made-up plans beside them, all serve Norfolk's measures.
func Activities(n int, seed uint64) iter.Seq[data.ActivityRecord] {
	w := New(Options{Activities: n, Seed: seed})
	for i := range w.measures {
		w.measures[i] = w.measures[norfolk(w.territories)]
	}
	return w.Activities()
}

func norfolk(territories []data.Territory) int {
	return slices.IndexFunc(territories, func(t data.Territory) bool { return t.ID == "norfolk" })
}

func (w *World) activityRecord(i int) data.ActivityRecord {
	a := w.activities[i]
	work := works[a.work]
	rec := data.ActivityRecord{
		Line: i + 1, ExternalID: fmt.Sprintf("demo-%d", i+1),
		Name: fmt.Sprintf("%s, %s", work.name, w.towns.towns[a.town].Name), Summary: work.summary + " Made up for demonstration.",
		Provider: w.providers[a.provider].name, ProviderID: fmt.Sprintf("provider-%d", a.provider+1),
		Themes: work.themes, Status: a.status, Role: data.RoleDelivery, Class: a.class, Lon: &a.lon, Lat: &a.lat,
	}
	for _, m := range w.measuresOf(a) {
		rec.Measures = append(rec.Measures, m.ExternalID)
	}
	return rec
}

// measuresOf are the measures of its territory's plan that an activity serves.
func (w *World) measuresOf(a activity) []*data.Measure {
	var out []*data.Measure
	for _, key := range works[a.work].templates {
		if m, ok := w.measures[a.territory][key]; ok {
			out = append(out, m)
		}
	}
	return out
}

var (
	firstNames  = []string{"Bright", "Harbour", "Three", "Open", "Kingfisher", "Common", "Old", "Northgate", "Riverside", "Tall", "Copper", "Willow", "Lantern", "Meadow", "Stone", "Silver", "Hazel", "Long", "Quiet", "Market"}
	secondNames = []string{"Lantern", "Row", "Bridges", "Door", "Thread", "Orchard", "Oaks", "Steps", "Table", "Field", "Lane", "Hands", "Yard", "Corner", "Spring", "Path"}
	endings     = []string{"Trust", "Community Group", "Project", "Foundation", "Association", "Club"}
)

// provider runs activities, most of them where it is at home.
type provider struct {
	name      string
	territory int
}

func (w *World) makeProviders() {
	w.providers = make([]provider, max(10, w.opt.Activities/4))
	for i := range w.providers {
		r := w.about(ofProvider, i)
		w.providers[i] = provider{name(r, i, endings), w.towns.towns[w.towns.all.pick(r)].territory}
	}
}

// name makes up an organisation's name: different for each i, and plainly so.
func name(r *random, i int, endings []string) string {
	combinations := len(firstNames) * len(secondNames)
	number := ""
	if round := i / combinations; round > 0 {
		number = fmt.Sprintf(" %d", round+1)
	}
	// A step that shares no factor with the number of combinations visits all.
	at := i * 77 % combinations
	return strings.Join([]string{firstNames[at%len(firstNames)], secondNames[at/len(firstNames)], pick(r, endings)}, " ") + number + " (made up)"
}

func (w *World) activitySheets() []Sheet {
	n := len(w.activities)
	return []Sheet{
		sheet("need", n, w.needs),
		sheet("validation", n, w.validations),
		sheet("funding", n, w.fundings),
		sheet("register_entry", len(w.providers), w.registerEntries),
		sheet("target_area_set", len(w.territories), w.targetAreaSets),
		sheet("target_area", w.count(600), w.targetAreas),
	}
}

// open reports whether an activity may ask for and be given something.
func (a activity) open() bool { return a.status != data.StatusDraft && a.status != data.StatusClosed }

func (w *World) needs(i int) []*data.Need {
	a, r := w.activities[i], w.about(ofNeed, i)
	if !a.open() || r.chance(0.45) {
		return nil
	}
	var out []*data.Need
	for n := range r.between(1, 2) {
		g := w.gift(r, a, nil)
		from := days - r.between(5, 400)
		need := &data.Need{Identity: identity("need-%d-%d", i+1, n+1), Activity: ref("demo-%d", i+1), Type: g.kind,
			OpenFrom: w.day(from), OpenTo: w.day(from + r.between(90, 700)), Status: pick(r, []string{"open", "open", "open", "part_met", "met", "withdrawn"})}
		if g.unit != "" {
			need.Quantity, need.Unit = data.Quantity(1000*r.between(2, 60)), g.unit
		}
		out = append(out, need)
	}
	return out
}

func (w *World) validations(i int) []*data.Validation {
	a, r := w.activities[i], w.about(ofValidation, i)
	if a.from >= days {
		return nil
	}
	var out []*data.Validation
	add := func(decision string, from, to int) {
		v := &data.Validation{Identity: identity("validation-%d-%d", i+1, len(out)+1), Activity: ref("demo-%d", i+1), By: w.policeOf(int(a.territory)),
			Decision: decision, DecidedOn: w.day(from)}
		if decision == "validated" {
			v.ExpiresOn, v.Criteria = w.day(to), []string{"safe", "evidence", "governance"}
		} else {
			v.Note = "Its insurance ran out (made up)."
		}
		out = append(out, v)
	}
	for from := a.from; from < a.to; from += 730 { // renewed every two years
		add("validated", from, min(from+730, a.to))
	}
	if a.status == data.StatusSuspended {
		add("suspended", days-r.between(5, 90), 0)
	}
	return out
}

// fundings say until when; some are about to run out, and what closed says why.
func (w *World) fundings(i int) []*data.Funding {
	a, r := w.activities[i], w.about(ofNeed, 1<<32+i)
	f := &data.Funding{Identity: identity("funding-%d", i+1), Activity: ref("demo-%d", i+1)}
	switch {
	case a.status == data.StatusClosed:
		f.ClosedOn, f.Reason = w.day(a.closed), pick(r, []string{"Its grant ended (made up).", "Its hall was sold (made up).", "Its volunteers moved away (made up)."})
	case r.chance(0.4):
		return nil
	default:
		f.FundedUntil = w.day(days + r.between(20, 1200))
	}
	return []*data.Funding{f}
}

func (w *World) registerEntries(i int) []*data.RegisterEntry {
	r := w.about(ofRegister, i)
	if r.chance(0.4) {
		return nil
	}
	confirmed := days - r.between(1, 700)
	e := &data.RegisterEntry{Identity: identity("register-%d", i+1), Organisation: ref("provider-%d", i+1), Territory: string(w.territories[w.providers[i].territory].ID),
		Welcomes: r.chance(0.85), ConfirmedOn: w.day(confirmed), ReviewDueOn: w.day(confirmed + 365)}
	for range r.between(1, 3) {
		if kind := pick(r, gifts).kind; !slices.Contains(e.Types, kind) {
			e.Types = append(e.Types, kind)
		}
	}
	return []*data.RegisterEntry{e}
}

func (w *World) targetAreaSets(i int) []*data.TargetAreaSet {
	t := w.territories[i]
	r := w.about(ofTarget, i)
	return []*data.TargetAreaSet{{Identity: identity("targets-%s", t.ID), Plan: w.planID(i), Name: fmt.Sprintf("Target areas of %s (made up)", t.Name),
		Basis: pick(r, []string{"deprivation", "crime", "serious_violence_assessment"}), Public: r.chance(0.8), ValidFrom: w.day(0)}}
}

func (w *World) planID(territory int) string {
	if t := w.territories[territory].ID; t != "norfolk" {
		return "demo-" + string(t)
	}
	return "norfolk"
}

// targetAreas are by turns one of the areas that the map is drawn with before
// any other boundaries are loaded, each once, and a district, as official
// boundaries have them.
func (w *World) targetAreas(i int) []*data.TargetArea {
	t, round := i%len(w.territories), i/len(w.territories)
	drawn, in := drawnAreas()[w.territories[t].ID], w.towns.districts[t]
	at := round - min((round+1)/2, len(drawn)) // the districts before this
	name, code, n := in[at%len(in)].Name, string(in[at%len(in)].Code), at/len(in)+1
	if round%2 == 0 && round/2 < len(drawn) {
		name, code, n = drawn[round/2].Name, drawn[round/2].Code, 1
	}
	return []*data.TargetArea{{Identity: identity("target-%d", i+1), Set: ref("targets-%s", w.territories[t].ID), Label: fmt.Sprintf("%s %d (made up)", name, n), Areas: []string{code}}}
}

// drawnAreas are the default boundaries' counties and unitary authorities by territory.
var drawnAreas = sync.OnceValue(func() map[geo.TerritoryID][]data.Shape {
	in := map[geo.TerritoryID][]data.Shape{}
	for _, set := range reference.Boundaries() {
		if set.Kind == data.BoundaryCountyOrUnitary {
			for _, s := range set.Shapes {
				in[s.Territory] = append(in[s.Territory], s)
			}
		}
	}
	return in
})
