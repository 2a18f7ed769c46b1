// Package demo makes up a believable United Kingdom to try the map with:
// buyers, suppliers with sites, providers and their activities, contracts,
// orders and what was given over six years, in real towns and under names that
// are plainly invented. The same [Options] make the same records.
//
// Some places are of every sensitivity class, so that a person can see what
// becomes of one that must not be found. Some cases were put in on purpose, and
// [World.Planted] lists them with what must be found of each.
//
// A [World] holds what is few (its size grows like the square root of the
// number of contributions); each record is a function of the seed and its
// number, made when it is asked for, so contributions take no memory. Start
// reading at New.
package demo

import (
	"fmt"
	"iter"
	"math"
	"slices"

	"tributary/data"
	"tributary/data/reference"
)

// Source is whose records the demonstration is.
const Source = "demonstration"

// Options say which world to make up.
type Options struct {
	Contributions int
	Seed          uint64
	// Until is the day before which everything was given; zero is 2026-01-01.
	Until data.Date
	// Activities is their number; zero is in proportion to the contributions.
	Activities int
}

// Everything was given within the last six years, in terms of 91 days.
const (
	termDays = 91
	terms    = 24
	days     = terms * termDays
)

// World is a made-up United Kingdom. It is safe for concurrent reading.
type World struct {
	opt   Options
	scale float64 // 1 at 10,000 contributions

	calendar    [days]data.Date // the day of each number
	weight      [days]float64   // how much is given on it, at most 1
	territories []data.Territory
	towns       *gazetteer
	plans       []planning
	measures    []map[string]*data.Measure // by territory, then template

	buyers     []buyer
	suppliers  []supplier
	providers  []provider
	activities []activity
	contracts  []contract
	running    [][terms][]int32 // contracts by territory and term
	orders     []order
	live       []int32 // orders under which something can be given
	planted    *planting
}

// New makes the world up, except for what is made when it is asked for.
func New(opt Options) *World {
	if opt.Until.IsZero() {
		opt.Until = data.NewDate(2026, 1, 1)
	}
	w := &World{opt: opt, scale: math.Pow(float64(opt.Contributions)/10_000, 0.508)}
	if opt.Activities == 0 {
		w.opt.Activities = w.count(1500)
	}
	w.territories = reference.Territories()
	w.makeCalendar()
	w.towns = newGazetteer(w)
	w.makePlans()
	w.makeActivities()
	w.makeBuyers()
	w.makeSuppliers()
	w.makeContracts()
	w.makeOrders()
	w.planted = w.plant()
	return w
}

// count is how many there are of something of which 10,000 contributions have n.
func (w *World) count(n float64) int { return int(math.Round(n * w.scale)) }

// makeCalendar numbers the days. More was given in later years, in December and
// before the end of the financial year, and less on Saturdays and Sundays.
func (w *World) makeCalendar() {
	months := [...]float64{0.75, 0.85, 1.3, 0.9, 0.95, 1, 0.8, 0.6, 0.95, 1, 1.1, 1.4}
	first := w.opt.Until.AddDays(-days)
	for i := range w.calendar {
		w.calendar[i] = first.AddDays(i)
		t := w.calendar[i].Time()
		week := 1.0
		if wd := t.Weekday(); wd == 0 || wd == 6 {
			week = 0.35
		}
		w.weight[i] = months[t.Month()-1] / 1.4 * week * (0.4 + 0.6*float64(i)/days)
	}
}

// giving draws a day on which something was given.
func (w *World) giving(r *random) int {
	for {
		if d := r.IntN(days); r.Float64() < w.weight[d] {
			return d
		}
	}
}

// day is the date of a day's number, which may lie outside the six years.
func (w *World) day(n int) data.Date {
	if n >= 0 && n < days {
		return w.calendar[n]
	}
	return w.calendar[0].AddDays(n)
}

// Sheet is records of one kind.
type Sheet struct {
	Kind    string // as in data.Kinds
	Records iter.Seq[data.Record]
}

// Sheets are all records but plans, activities and the bulk of the contributions, in
// an order in which each refers only to those before it, to plans and to activities.
func (w *World) Sheets() []Sheet {
	sheets := slices.Concat(w.organisationSheets(), w.activitySheets(), w.contractSheets(), w.orderSheets(), w.researchSheets())
	for _, kind := range data.Kinds {
		if planted := w.planted.records[kind.Name]; len(planted) > 0 {
			sheets = append(sheets, Sheet{kind.Name, slices.Values(planted)})
		}
	}
	return sheets
}

// sheet makes the records of a kind by their numbers; nil records are left out.
func sheet[T any, R interface {
	*T
	data.Record
}](kind string, n int, record func(i int) []R) Sheet {
	return Sheet{kind, func(yield func(data.Record) bool) {
		for i := range n {
			for _, r := range record(i) {
				if !yield(r) {
					return
				}
			}
		}
	}}
}

// identity is a record's identity.
func identity(format string, args ...any) data.Identity {
	return data.Identity{Source: Source, ExternalID: fmt.Sprintf(format, args...)}
}

func ref(format string, args ...any) data.Ref { return data.Ref(fmt.Sprintf(format, args...)) }
