package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"tributary/data"
)

// A timeline leads through the periods of what is shown, one link a step, with
// the pounds of each as a small chart.
type timeline struct {
	Now            string // the period shown, in words
	Steps          []timeStep
	All            string // address of all time; empty where that is shown
	Previous, Next string
	Others         string // address of the other size of steps
	OthersLabel    string
	Quarters       bool
	From, To       string // the first and the last period, in words
}

// A timeStep is one financial year or quarter.
type timeStep struct {
	Label  string
	Short  string
	URL    string
	Pence  data.Pence
	Height string // of its bar, out of 40
	Y      string
	Chosen bool
}

// span is a period with its pounds.
type span struct {
	first, last data.Date
	label       string
	short       string
	pence       data.Pence
}

// timelineOf asks for the pounds of each quarter, whatever period is shown; nil
// where nothing was given.
func (s *Server) timelineOf(ctx context.Context, path string, f data.Filter, view url.Values) (*timeline, error) {
	ever := f
	ever.From, ever.To = data.Date{}, data.Date{}
	b, err := s.src.Breakdown(ctx, ever, data.ByQuarter)
	if err != nil || len(b.Rows) == 0 {
		return nil, err
	}
	quarters, err := quartersOf(b)
	if err != nil {
		return nil, err
	}
	years := yearsOf(quarters)
	t := &timeline{From: years[0].label, To: years[len(years)-1].label, Now: periodWords(f)}
	spans := years
	is := func(list []span) bool {
		return slices.ContainsFunc(list, func(x span) bool { return x.first == f.From && x.last == f.To })
	}
	if t.Quarters = is(quarters) && !is(years) || view.Get("steps") == "quarter"; t.Quarters {
		spans = quarters
	}
	link := func(x span) string {
		g := f
		g.From, g.To = x.first, x.last
		return pageURL(path, g, view)
	}
	t.lay(spans, f, link)
	own := url.Values{}
	for k, v := range view {
		own[k] = v
	}
	t.OthersLabel = "Show by quarter"
	own.Set("steps", "quarter")
	if t.Quarters {
		t.OthersLabel = "Show by year"
		own.Del("steps")
		if !is(years) && is(quarters) { // the year that holds the quarter
			i := slices.IndexFunc(years, func(y span) bool { return !f.From.Before(y.first) && !y.last.Before(f.To) })
			f.From, f.To = years[i].first, years[i].last
		}
	}
	t.Others = pageURL(path, f, own)
	if !f.From.IsZero() || !f.To.IsZero() {
		t.All = pageURL(path, ever, view)
	}
	return t, nil
}

// lay makes the steps, and finds those before and after the one shown. Before
// all time lies the last, after it the first.
func (t *timeline) lay(spans []span, f data.Filter, link func(span) string) {
	var most data.Pence = 1
	for _, x := range spans {
		most = max(most, x.pence)
	}
	at := -1
	for i, x := range spans {
		height := 38 * float64(x.pence) / float64(most)
		step := timeStep{Label: x.label, Short: x.short, URL: link(x), Pence: x.pence, Height: fixed(height+2, 1), Y: fixed(38-height, 1), Chosen: x.first == f.From && x.last == f.To}
		if step.Chosen {
			at = i
		}
		t.Steps = append(t.Steps, step)
	}
	switch {
	case at > 0:
		t.Previous = t.Steps[at-1].URL
	case at < 0:
		t.Previous = t.Steps[len(t.Steps)-1].URL
	}
	if at >= 0 && at+1 < len(t.Steps) {
		t.Next = t.Steps[at+1].URL
	}
}

// quartersOf are all quarters from the first to the last of a breakdown.
func quartersOf(b data.Breakdown) ([]span, error) {
	pence := map[string]data.Pence{}
	for _, r := range b.Rows {
		pence[r.Values[0]] = r.Pence
	}
	first, _, err := data.ParsePeriod(b.Rows[0].Values[0])
	if err != nil {
		return nil, err
	}
	last := b.Rows[len(b.Rows)-1].Values[0]
	var out []span
	for begin := first.Time(); ; begin = begin.AddDate(0, 3, 0) {
		name := data.FinancialQuarter(data.DateOf(begin))
		from, to, err := data.ParsePeriod(name)
		if err != nil {
			return nil, err
		}
		end := to.Time()
		out = append(out, span{from, to, begin.Format("January") + " to " + end.Format("January 2006"), name, pence[name]})
		if name == last {
			return out, nil
		}
	}
}

// yearsOf adds quarters up to financial years.
func yearsOf(quarters []span) (years []span) {
	for _, q := range quarters {
		y := q.first.Time().Year()
		if q.first.Time().Month() < time.April {
			y--
		}
		name := fmt.Sprintf("%d-%02d", y, (y+1)%100)
		if len(years) == 0 || years[len(years)-1].short != name {
			first, last, _ := data.ParsePeriod(name) // spelt just above
			years = append(years, span{first, last, fmt.Sprintf("April %d to March %d", y, y+1), name, 0})
		}
		years[len(years)-1].pence += q.pence
	}
	return years
}

// periodWords says the period of a filter.
func periodWords(f data.Filter) string {
	switch {
	case f.From.IsZero() && f.To.IsZero():
		return "All time"
	case f.From.IsZero():
		return "Until " + longDate(f.To)
	case f.To.IsZero():
		return "Since " + longDate(f.From)
	case f.From.Time().Day() == 1 && f.To.Time().AddDate(0, 0, 1).Day() == 1:
		return f.From.Time().Format("January 2006") + " to " + f.To.Time().Format("January 2006")
	}
	return longDate(f.From) + " to " + longDate(f.To)
}
