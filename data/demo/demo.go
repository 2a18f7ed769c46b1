// Package demo makes up a believable set of records to try the map with:
// activities in real towns, by providers and under names that are plainly
// invented. The same seed makes the same records.
//
// Some are of every sensitivity class, so that a person can see what becomes
// of a place that must not be found.
package demo

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"tributary/data"
	"tributary/data/reference"
)

// Source is whose records the demonstration is.
const Source = "demonstration"

// kinds are what the made-up activities do, with the class that somebody who
// knows them would ask for.
var kinds = []struct {
	name, summary string
	themes        []data.Theme
	measures      []string
	class         data.Sensitivity
	weight        int
}{
	{"Walking football", "Gentle football for people over fifty, every week, followed by tea.", []data.Theme{data.ThemeHealthier}, []string{"norfolk:CC7"}, data.S0Open, 12},
	{"Community garden", "Raised beds, a polytunnel and a place to meet the neighbours.", []data.Theme{data.ThemeHealthier, data.ThemeResilient}, []string{"norfolk:CC7"}, data.S0Open, 12},
	{"Repair café", "Volunteers mend lamps, bicycles and clothes and show how.", []data.Theme{data.ThemeResilient}, []string{"norfolk:PC5"}, data.S0Open, 9},
	{"Cyber safety clinic", "Help for small organisations to earn Cyber Essentials.", []data.Theme{data.ThemeSafer}, []string{"norfolk:PC6"}, data.S0Open, 6},
	{"Active bystander course", "Half a day on how to step in safely.", []data.Theme{data.ThemeSafer}, []string{"norfolk:RH8"}, data.S0Open, 6},
	{"Youth boxing", "Training nights and mentoring for young people.", []data.Theme{data.ThemeSafer, data.ThemeHealthier}, []string{"norfolk:PC1", "norfolk:CC2"}, data.S1Care, 10},
	{"Homework club", "A warm room, a snack and somebody to ask, for children after school.", []data.Theme{data.ThemeResilient}, []string{"norfolk:PC1"}, data.S1Care, 10},
	{"Routes into work", "Coaching and paid placements for care leavers.", []data.Theme{data.ThemeResilient}, []string{"norfolk:CC1"}, data.S1Care, 8},
	{"Recovery breakfast", "Breakfast and company for people leaving drug and alcohol treatment.", []data.Theme{data.ThemeHealthier}, []string{"norfolk:CC6"}, data.S2Restricted, 5},
	{"Second chance workshop", "Carpentry and references for ex-offenders.", []data.Theme{data.ThemeSafer}, []string{"norfolk:PC2"}, data.S2Restricted, 5},
	{"Listening service", "Support for victims of crime.", []data.Theme{data.ThemeSafer}, []string{"norfolk:RH4"}, data.S2Restricted, 4},
	{"Safe accommodation", "A refuge for families.", []data.Theme{data.ThemeSafer}, []string{"norfolk:RH5"}, data.S3Secret, 3},
}

// providers are the first halves of invented organisations' names.
var providers = []string{"Bright Lantern", "Harbour Row", "Three Bridges", "Open Door Example", "Kingfisher", "Common Thread", "Old Orchard", "Northgate Example", "Riverside Example", "Tall Oaks"}

// Activities makes up n activities, more of them where more people live.
func Activities(n int, seed uint64) iter.Seq[data.ActivityRecord] {
	return func(yield func(data.ActivityRecord) bool) {
		rnd := rand.New(rand.NewPCG(seed, 45))
		towns := newPicker(reference.Towns())
		for i := range n {
			if !yield(activity(rnd, towns, i)) {
				return
			}
		}
	}
}

func activity(rnd *rand.Rand, towns *picker, i int) data.ActivityRecord {
	town := towns.pick(rnd)
	kind := kinds[weighted(rnd)]
	provider := providers[rnd.IntN(len(providers))]
	// A normal scatter of a few kilometres, wider in larger towns.
	spread := 0.004 + 0.000_02*float64(min(town.Population, 1_000_000))/1000
	lon, lat := town.Lon+rnd.NormFloat64()*spread*1.6, town.Lat+rnd.NormFloat64()*spread
	status := data.StatusValidated
	if rnd.IntN(4) == 0 {
		status = data.StatusSubmitted
	}
	return data.ActivityRecord{
		Line: i + 1, ExternalID: fmt.Sprintf("demo-%d", i+1),
		Name: fmt.Sprintf("%s, %s", kind.name, town.Name), Summary: kind.summary + " Made up for demonstration.",
		Provider: provider + " Trust (made up)", ProviderID: "demo-" + strings.ToLower(strings.ReplaceAll(provider, " ", "-")),
		Themes: kind.themes, Measures: append([]string(nil), kind.measures...), Status: status, Role: data.RoleDelivery, Class: kind.class,
		Lon: &lon, Lat: &lat,
	}
}

func weighted(rnd *rand.Rand) int {
	total := 0
	for _, k := range kinds {
		total += k.weight
	}
	at := rnd.IntN(total)
	for i, k := range kinds {
		if at -= k.weight; at < 0 {
			return i
		}
	}
	return len(kinds) - 1
}

// picker draws towns in proportion to their population.
type picker struct {
	towns []data.Town
	upto  []int // running sum of populations
}

func newPicker(towns []data.Town) *picker {
	p := &picker{towns: towns, upto: make([]int, len(towns))}
	sum := 0
	for i, t := range towns {
		sum += t.Population
		p.upto[i] = sum
	}
	return p
}

func (p *picker) pick(rnd *rand.Rand) data.Town {
	at := rnd.IntN(p.upto[len(p.upto)-1])
	lo, hi := 0, len(p.upto)-1
	for lo < hi {
		if mid := (lo + hi) / 2; p.upto[mid] > at {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return p.towns[lo]
}
