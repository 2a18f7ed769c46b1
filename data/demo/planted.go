package demo

import (
	"fmt"
	"slices"
	"strings"

	"tributary/data"
)

// Planted is a case that was put into the world on purpose, and what must be
// found of it. Ids are those of Source.
type Planted struct {
	Case    string   `json:"case"`
	Records []string `json:"records"` // "KIND ID"
	Must    string   `json:"must"`    // what must be found
	// The true position of a place that must not be found, EPSG:4326.
	Longitude float64 `json:"longitude,omitempty"`
	Latitude  float64 `json:"latitude,omitempty"`
}

// planting is the planted cases and their records by kind.
type planting struct {
	w          *World
	cases      []Planted
	activities []data.ActivityRecord
	records    map[string][]data.Record
}

// Planted lists the cases that were put in on purpose. A world without
// contributions has none.
func (w *World) Planted() []Planted { return slices.Clone(w.planted.cases) }

// All of them lie in or about Norwich, under Norfolk's plan.
const (
	plantedLon, plantedLat = 1.2974, 52.6309
	plantedBuyer           = "police-norfolk"
)

func (w *World) plant() *planting {
	p := &planting{w: w, records: map[string][]data.Record{}}
	if w.opt.Contributions == 0 {
		return p
	}
	for _, o := range []struct{ id, name, kind string }{
		{"planted-supplier-1", "Planted Builders Ltd (made up)", "supplier"},
		{"planted-supplier-2", "Planted Caterers Ltd (made up)", "supplier"},
		{"planted-supplier-3", "Planted Cleaners Ltd (made up)", "supplier"},
		{"planted-provider", "Planted Trust (made up)", "provider"},
	} {
		p.add("organisation", &data.Organisation{Identity: identity("%s", o.id), Name: o.name, Kind: o.kind})
	}
	p.doubles()
	p.demise()
	p.validations()
	p.safePlaces()
	p.thresholds()
	p.neglect()
	return p
}

// add keeps a record and returns how a case names it.
func (p *planting) add(kind string, rec data.Record) string {
	p.records[kind] = append(p.records[kind], rec)
	return kind + " " + rec.Key().ExternalID
}

func (p *planting) found(name, must string, records ...string) {
	p.cases = append(p.cases, Planted{Case: name, Records: records, Must: must})
}

func (p *planting) contract(id string, supplier int, pence data.Pence) string {
	return p.add("contract", &data.Contract{Identity: identity("%s", id), Kind: "services", Buyer: plantedBuyer, Supplier: ref("planted-supplier-%d", supplier), Title: "Services, " + id + " (made up)",
		Value: pence, StartsOn: p.w.day(days - 1000), EndsOn: p.w.day(days + 300), Areas: []string{"norfolk"}})
}

// gift adds a contribution of hours of advice under one of the planted
// contracts, some metres north of the middle of Norwich.
func (p *planting) gift(id, contract string, supplier, day int, metres float64, change func(*data.Contribution)) string {
	lon, lat := plantedLon, plantedLat+metres/111_195
	value := data.Pence(90_000)
	c := &data.Contribution{Identity: identity("%s", id), Title: "Free professional advice", Supplier: ref("planted-supplier-%d", supplier), Contract: data.Ref(contract), Provider: "planted-provider",
		Measure: "norfolk:PC4", Type: "professional_advice_pro_bono", Quantity: 12_000, Unit: "hours", Value: &value, From: p.w.day(day), State: "claimed", Additionality: "additional",
		Beneficiaries: []string{"vcses"}, Class: "s0", Longitude: &lon, Latitude: &lat}
	if change != nil {
		change(c)
	}
	return p.add("contribution", c)
}

// doubles are contributions that seem to be counted twice, and two that do not.
func (p *planting) doubles() {
	p.contract("planted-contract-1", 1, 5_000_000)
	p.contract("planted-contract-2", 2, 4_000_000)
	for i := range 3 {
		n := i + 1
		day := days - 700 + 10*n
		a := p.gift(fmt.Sprintf("planted-evidence-%d-a", n), "planted-contract-1", 1, day, float64(5000*n), nil)
		b := p.gift(fmt.Sprintf("planted-evidence-%d-b", n), "planted-contract-2", 2, day+120, float64(5000*n), nil)
		for _, half := range []string{"a", "b"} {
			p.add("evidence", &data.Evidence{Identity: identity("planted-evidence-of-%d-%s", n, half), Contribution: ref("planted-evidence-%d-%s", n, half), Kind: "photo",
				SHA256: strings.Repeat(fmt.Sprintf("%02x", 0xa0+n), 32), CapturedOn: p.w.day(day)})
		}
		p.found("same_evidence", "a finding same_evidence over the pair", a, b)

		day = days - 500 + 20*n
		a = p.gift(fmt.Sprintf("planted-near-%d-a", n), "planted-contract-1", 1, day, float64(-5000*n), nil)
		b = p.gift(fmt.Sprintf("planted-near-%d-b", n), "planted-contract-2", 2, day, float64(-5000*n+60*n), nil)
		p.found("same_place_and_time", "a finding same_place_and_time over the pair", a, b)
	}
	a := p.gift("planted-apart-a", "planted-contract-1", 1, days-400, 30_000, nil)
	b := p.gift("planted-apart-b", "planted-contract-2", 2, days-400, 30_300, nil)
	p.found("apart", "no finding: they lie 300 metres apart", a, b)
	share := func(part string) func(*data.Contribution) {
		return func(c *data.Contribution) { c.Joint, c.Share = "planted-fair", part }
	}
	a = p.gift("planted-share-a", "planted-contract-1", 1, days-300, 20_000, share("2/3"))
	b = p.gift("planted-share-b", "planted-contract-2", 2, days-300, 20_000, share("1/2"))
	p.found("over_the_whole", "a finding over_the_whole over each: two thirds and a half are more than one", a, b)
}

// demise is the Norfolk policy's first example: trees at the police station are
// in the contract's scope, trees in the park are social value.
func (p *planting) demise() {
	p.contract("planted-contract-3", 3, 3_000_000)
	p.add("delivery_site", &data.DeliverySite{Identity: identity("planted-station"), Contract: "planted-contract-3", Name: "Example police station (made up)",
		Demise: `{"type":"Polygon","coordinates":[[[1.295,52.6],[1.299,52.6],[1.299,52.602],[1.295,52.602],[1.295,52.6]]]}`})
	trees := func(lon, lat float64) func(*data.Contribution) {
		return func(c *data.Contribution) {
			c.Title, c.Type, c.Measure, c.Unit, c.Provider = "Trees planted", "environmental", "", "trees", ""
			c.Longitude, c.Latitude = &lon, &lat
		}
	}
	p.found("inside_demise", "standing in_scope and a finding inside_demise", p.gift("planted-trees-station", "planted-contract-3", 3, days-200, 0, trees(1.297, 52.601)))
	p.found("outside_demise", "no finding: the park is the town council's", p.gift("planted-trees-park", "planted-contract-3", 3, days-200, 0, trees(1.32, 52.61)))
}

func (p *planting) activity(id, name string, class data.Sensitivity, status data.Status, east float64) string {
	lon, lat := plantedLon+east, plantedLat+0.02
	p.activities = append(p.activities, data.ActivityRecord{Line: len(p.w.activities) + len(p.activities) + 1, ExternalID: id, Name: name + " (made up)", Summary: "Planted for the tests of the demonstration.",
		Provider: "Planted Trust (made up)", ProviderID: "planted-provider", Themes: []data.Theme{data.ThemeSafer}, Measures: []string{"norfolk:PC4"}, Status: status, Role: data.RoleDelivery, Class: class, Lon: &lon, Lat: &lat})
	return "activity " + id
}

// validations: one that ran out between two contributions, and an activity
// that closed.
func (p *planting) validations() {
	p.activity("planted-expired", "Advice desk whose validation ran out", data.S0Open, data.StatusExpired, 0.01)
	p.add("validation", &data.Validation{Identity: identity("planted-validation"), Activity: "planted-expired", By: plantedBuyer, Decision: "validated", DecidedOn: p.w.day(days - 900), ExpiresOn: p.w.day(days - 400)})
	at := func(c *data.Contribution) {
		c.Activity, c.Provider, c.Contract, c.Longitude, c.Latitude = "planted-expired", "", "", nil, nil
	}
	p.found("validated_on_the_day", "standing primary", p.gift("planted-validated", "", 1, days-401, 0, at))
	p.found("expired_on_the_day", "standing unvalidated: it expires on the day before", p.gift("planted-too-late", "", 1, days-400, 0, at))
	p.found("closed", "an activity that is closed", p.activity("planted-closed", "Advice desk that closed", data.S0Open, data.StatusClosed, 0.02))
}

// safePlaces must not be found.
func (p *planting) safePlaces() {
	for i, class := range []data.Sensitivity{data.S2Restricted, data.S3Secret} {
		word := strings.ToLower(class.String())
		record := p.activity("planted-"+word, "Planted place of class "+class.String(), class, data.StatusValidated, -0.013*float64(i+1))
		a := p.activities[len(p.activities)-1]
		contribution := p.gift("planted-to-"+word, "", 1, days-100, 0, func(c *data.Contribution) {
			c.Activity, c.Provider, c.Contract, c.Longitude, c.Latitude, c.Class = data.Ref(a.ExternalID), "", "", nil, nil, ""
		})
		must := "shown by its area alone"
		if class == data.S3Secret {
			must = "nothing of it stored but its territory, nothing of it listed"
		}
		p.cases = append(p.cases, Planted{Case: word, Records: []string{record, contribution}, Must: must, Longitude: *a.Lon, Latitude: *a.Lat})
	}
}

// thresholds lie about £5,000, excluding VAT.
func (p *planting) thresholds() {
	p.found("over_without_commitment", "social value is sought: over £5,000 and nothing committed", p.contract("planted-over", 1, policyPence+1))
	p.found("exactly_the_threshold", "social value is not sought: £5,000.00 is not over £5,000", p.contract("planted-exactly", 1, policyPence))
	pay := func(prefix string, supplier int, days ...int) (out []string) {
		for i, d := range days {
			out = append(out, p.add("transaction", &data.Transaction{Identity: identity("%s-%d", prefix, i+1), Buyer: plantedBuyer, Supplier: ref("planted-supplier-%d", supplier), Day: p.w.day(d), Amount: 125_000}))
		}
		return out
	}
	p.found("rolling_reaches", "invited on the day of the last: £5,000.00 within 12 months", pay("planted-rolling", 2, days-360, days-300, days-150, days-30)...)
	p.found("rolling_falls_short", "not invited: never £5,000 within 12 months", pay("planted-spread", 3, days-900, days-700, days-500, days-300)...)
}

// neglect: what was promised or said once, and not kept up; and what nobody
// does.
func (p *planting) neglect() {
	p.found("stale_register_entry", "stale: its review was due", p.add("register_entry", &data.RegisterEntry{Identity: identity("planted-register"), Organisation: "planted-provider", Territory: "norfolk", Welcomes: true,
		Types: []string{"donation_money"}, ConfirmedOn: p.w.day(days - 1000), ReviewDueOn: p.w.day(days - 635)}))
	p.found("overdue_update", "overdue: due and never sent", p.add("progress_update", &data.ProgressUpdate{Identity: identity("planted-update"), Contract: "planted-contract-1",
		PeriodStart: p.w.day(days - 182), PeriodEnd: p.w.day(days - 92), DueOn: p.w.day(days - 64)}))
	p.found("no_activity", "no activity serves it", "measure norfolk:RH1")
	course := p.activity("planted-course", "Bystander course that nobody supports", data.S0Open, data.StatusValidated, 0.03)
	p.activities[len(p.activities)-1].Measures = []string{"norfolk:RH8"}
	p.found("activity_without_support", "activities serve it and nothing was given to them", "measure norfolk:RH8", course)
}
