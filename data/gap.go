package data

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// GapState says in one word how a place stands with a priority.
type GapState string

// The states. Only the first three are gaps; insufficient data is never taken
// for nothing.
const (
	GapNoActivity  GapState = "no_activity"              // no listed activity serves the priority here
	GapNoSupport   GapState = "activity_without_support" // one does, and received nothing
	GapBelow       GapState = "below_need"               // its share of the flow is below its share of the need
	GapBalanced    GapState = "balanced"                 // no difference that the data can tell
	GapAbove       GapState = "above_need"
	GapFewData     GapState = "insufficient_data" // under ten contributions to the priority, or no baseline
	gapLeastN               = 10
	gapResamples            = 1000
	gapLower                = 0.025 // of the interval: 95 %
	gapUpper                = 0.975
	gapWorstListed          = 10
)

// GapStates lists the states from the worst to the best, then what is unknown.
var GapStates = []GapState{GapNoActivity, GapNoSupport, GapBelow, GapBalanced, GapAbove, GapFewData}

// GapCell is one priority in one place.
type GapCell struct {
	Priority     string `json:"priority"`
	PriorityName string `json:"priority_name"`
	Place        string `json:"place"` // code of the area, or of the target area
	PlaceName    string `json:"place_name"`
	Activities   int    `json:"activities"`    // listed, that serve the priority here
	Count        int64  `json:"contributions"` // distinct, that went to it here
	Pence        Pence  `json:"pence"`
	// Flow and Need are this place's shares of what the priority received, and
	// of the baseline, in the territory: 0 to 1; nil where there is nothing to
	// share.
	Flow *float64 `json:"flow_share"`
	Need *float64 `json:"need_share"`
	// Score is Flow less Need, the geographic disparity score, with its 95 %
	// bootstrap interval.
	Score *float64 `json:"score"`
	Lower *float64 `json:"lower"`
	Upper *float64 `json:"upper"`
	State GapState `json:"state"`
	// Before is the state a quarter earlier.
	Before GapState `json:"before,omitempty"`
}

// Baseline is what need is measured by: a figure for each area.
type Baseline struct {
	Code  string `json:"code"`
	Title string `json:"title"`
	// Approximate: the default, towns' populations, which are not the areas'.
	Approximate bool `json:"approximate"`
}

// Gap is where social value flows under a territory's plan, and where it does
// not: each priority in each place.
type Gap struct {
	Query    string    `json:"query"`
	Version  int64     `json:"version"` // of the facts that this is exact at
	AsAt     Date      `json:"as_at"`
	Plan     string    `json:"plan"`
	Baseline Baseline  `json:"baseline"`
	Cells    []GapCell `json:"rows"` // by priority, then place
	// Worst are the ten worst gaps, as indexes into Cells.
	Worst []int `json:"worst"`
	// Coarse is what may not be shown, or was not placed, as finely as this asks:
	// it stands in no cell.
	Coarse   Figure `json:"withheld"`
	Sentence string `json:"sentence"`
}

// GapFlow is what one priority received in one place: the contributions, the
// pence, and the sum of the squares of the parts' pence, by which their spread
// is known.
type GapFlow struct {
	Priority, Place string
	Count           int64
	Pence           Pence
	Squares         float64
}

// GapSum is what one priority received in one area or cell; "" is none that may
// be shown.
type GapSum struct {
	Priority, Place string
	Contributions   int64 // distinct
	Parts           int64
	Pence           Pence
	Squares         float64 // of the parts' pence, added up
}

// GapQuestion is everything that a gap is made of.
type GapQuestion struct {
	Query      string
	AsAt       Date
	Plan       string
	Baseline   Baseline
	Priorities []Named
	Places     []Named
	Needs      map[string]float64 // by place; empty: no baseline
	Flows      []GapFlow          // of the period asked for
	Before     []GapFlow          // of the period a quarter earlier
	Activities map[[2]string]int  // by priority and place
	Coarse     Figure
}

// Named is a code and what it is called.
type Named struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// NewGap compares, for each priority, every place's share of the flow with its
// share of the need (the geographic disparity score of the Urban Institute's
// Spatial Equity Data Tool). The interval is a Poisson bootstrap over the
// contributions' parts, a thousand times, each place's resampled sum taken at
// its normal limit: mean its pence, variance the sum of their squares. It is
// the same for the same question.
func NewGap(q GapQuestion) Gap {
	g := Gap{Query: q.Query, AsAt: q.AsAt, Plan: q.Plan, Baseline: q.Baseline, Coarse: q.Coarse, Cells: []GapCell{}, Worst: []int{}}
	for _, p := range q.Priorities {
		cells := q.priority(p, q.Flows)
		for i, before := range q.priority(p, q.Before) {
			cells[i].Before = before.State
		}
		g.Cells = append(g.Cells, cells...)
	}
	g.Worst = worst(g.Cells)
	return g
}

// priority makes the cells of one priority from the flows of one period.
func (q GapQuestion) priority(p Named, flows []GapFlow) []GapCell {
	here := map[string]GapFlow{}
	var total Pence
	var n int64
	for _, f := range flows {
		if f.Priority == p.Code {
			here[f.Place] = f
			total, n = total+f.Pence, n+f.Count
		}
	}
	var needs float64
	for _, place := range q.Places {
		needs += q.Needs[place.Code]
	}
	lower, upper := q.interval(p.Code, here)
	cells := make([]GapCell, len(q.Places))
	for i, place := range q.Places {
		f := here[place.Code]
		c := GapCell{Priority: p.Code, PriorityName: p.Name, Place: place.Code, PlaceName: place.Name,
			Activities: q.Activities[[2]string{p.Code, place.Code}], Count: f.Count, Pence: f.Pence}
		if total > 0 {
			c.Flow = ptr(float64(f.Pence) / float64(total))
		}
		if needs > 0 {
			c.Need = ptr(q.Needs[place.Code] / needs)
		}
		if c.Flow != nil && c.Need != nil && n >= gapLeastN {
			c.Score = ptr(*c.Flow - *c.Need)
			c.Lower, c.Upper = ptr(lower[i]-*c.Need), ptr(upper[i]-*c.Need)
		}
		c.State = c.state()
		cells[i] = c
	}
	return cells
}

func ptr(v float64) *float64 { return &v }

// state judges a cell.
func (c *GapCell) state() GapState {
	switch {
	case c.Count == 0 && c.Activities == 0:
		return GapNoActivity
	case c.Count == 0:
		return GapNoSupport
	case c.Score == nil:
		return GapFewData
	case *c.Upper < 0:
		return GapBelow
	case *c.Lower > 0:
		return GapAbove
	}
	return GapBalanced
}

// interval is the bootstrap interval of each place's share of the flow.
func (q GapQuestion) interval(priority string, flows map[string]GapFlow) (lower, upper []float64) {
	h := fnv.New64a()
	h.Write([]byte(q.Query + "|" + priority))
	rnd := rand.New(rand.NewPCG(h.Sum64(), uint64(len(q.Places))))
	shares := make([][]float64, len(q.Places))
	drawn := make([]float64, len(q.Places))
	for range gapResamples {
		var sum float64
		for i, place := range q.Places {
			f, ok := flows[place.Code]
			drawn[i] = 0
			if ok {
				drawn[i] = max(0, float64(f.Pence)+math.Sqrt(f.Squares)*rnd.NormFloat64())
			}
			sum += drawn[i]
		}
		if sum == 0 {
			continue
		}
		for i, d := range drawn {
			shares[i] = append(shares[i], d/sum)
		}
	}
	lower, upper = make([]float64, len(shares)), make([]float64, len(shares))
	for i, s := range shares {
		slices.Sort(s)
		lower[i], upper[i] = quantile(s, gapLower), quantile(s, gapUpper)
	}
	return lower, upper
}

// quantile of sorted values, between the two nearest ranks.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// worst are the ten worst gaps: those that lack the largest share of the flow,
// an unsupported place all of its need; of equals the worse state first.
func worst(cells []GapCell) []int {
	lacks := func(c GapCell) float64 {
		switch {
		case c.State == GapBelow:
			return -*c.Score
		case c.Need != nil:
			return *c.Need
		}
		return 0
	}
	var at []int
	for i, c := range cells {
		if c.State == GapNoActivity || c.State == GapNoSupport || c.State == GapBelow {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(a, b int) int {
		x, y := cells[a], cells[b]
		return cmp.Or(cmp.Compare(lacks(y), lacks(x)), cmp.Compare(slices.Index(GapStates, x.State), slices.Index(GapStates, y.State)),
			strings.Compare(x.Priority, y.Priority), strings.Compare(x.Place, y.Place))
	})
	return at[:min(len(at), gapWorstListed)]
}

// GapPlace is one place under all priorities of a gap.
type GapPlace struct {
	Worst GapCell // where it is served worst
	Gaps  int     // priorities under which it has no activity, no support, or less than its need
}

// Places puts the cells of each place together, in the order of the places.
func (g *Gap) Places() []GapPlace {
	rank := func(s GapState) int { return slices.Index(GapStates, s) }
	at := map[string]int{}
	var out []GapPlace
	for _, c := range g.Cells {
		i, ok := at[c.Place]
		if !ok {
			i = len(out)
			at[c.Place] = i
			out = append(out, GapPlace{Worst: c})
		}
		if rank(c.State) <= rank(GapBelow) {
			out[i].Gaps++
		}
		if rank(c.State) < rank(out[i].Worst.State) {
			out[i].Worst = c
		}
	}
	return out
}

// Say makes the gap's sentence; where is " in Norfolk".
func (g *Gap) Say(where string) {
	if len(g.Cells) == 0 {
		g.Sentence = fmt.Sprintf("There is no plan with priorities on record%s, so gaps cannot be told.", where)
		return
	}
	n := map[GapState]int{}
	for _, c := range g.Cells {
		n[c.State]++
	}
	g.Sentence = fmt.Sprintf("Of %s of a priority in an area%s, %s no activity, %s without support, %s below the need, %s balanced and %s above it; for %s the data do not suffice.",
		counted(len(g.Cells), "pair", "pairs"), where, hasHave(n[GapNoActivity]), isArePlain(n[GapNoSupport]), isArePlain(n[GapBelow]), isArePlain(n[GapBalanced]), isArePlain(n[GapAbove]), Thousands(n[GapFewData]))
	if len(g.Worst) > 0 {
		w := g.Cells[g.Worst[0]]
		g.Sentence += fmt.Sprintf(" The worst gap is %s in %s.", w.PriorityName, w.PlaceName)
	}
}

// GapRes is the resolution of the hexagons that a gap is told by, nil where it
// is told by areas.
func (v View) GapRes() (*int, error) {
	switch {
	case v.By != "cell" && v.Res != "":
		return nil, Invalidf("res", v.Res, "is for by=cell alone: leave it out")
	case v.By != "cell":
		return nil, nil
	case v.Baseline != "":
		return nil, Invalidf("baseline", v.Baseline, "indicators are told by area, not by hexagon: leave it out, or ask by area")
	}
	res, err := strconv.Atoi(cmp.Or(v.Res, "6"))
	if err != nil || res < gapCoarsest || res > gapFinest {
		return nil, Invalidf("res", v.Res, "%q is not a resolution that gaps are told by: give a whole number from %d to %d", v.Res, gapCoarsest, gapFinest)
	}
	return &res, nil
}

// Hexagons that gaps are told by: finer ones hold too little to judge, coarser
// ones are larger than districts.
const gapCoarsest, gapFinest = 5, 7

// GapPlaces are what gaps can be told by.
var GapPlaces = []string{"area", "target_area", "cell"}

// GapParams are the filter parameters of a gap.
var GapParams = []string{"territory", "priority", "sector", "type", "measure", "state", "standing", "buyer", "supplier", "from", "to", "period", "as_at"}

// Report is the gap as a table.
func (g *Gap) Report() Report {
	r := Report{Query: g.Query, AsAt: g.AsAt, Sentence: g.Sentence, Kind: &ReportKind{Name: "gap", Title: "Gaps under " + g.Plan, Columns: []Column{
		{"priority", ColumnText, "Priority"}, {"place", ColumnText, "Place"}, {"state", ColumnText, "State"}, {"before", ColumnText, "A quarter earlier"}, {"activities", ColumnCount, "Activities"},
		{"contributions", ColumnCount, "Contributions"}, {"received", ColumnMoney, "Received"}, {"score", ColumnNumber, "Score"}, {"lower", ColumnNumber, "From"}, {"upper", ColumnNumber, "To"}}}}
	known := func(v *float64) any {
		if v == nil {
			return nil
		}
		return *v
	}
	for _, c := range g.Cells {
		r.Rows = append(r.Rows, []any{c.PriorityName, c.PlaceName, string(c.State), string(c.Before), int64(c.Activities), c.Count, int64(c.Pence), known(c.Score), known(c.Lower), known(c.Upper)})
	}
	return r
}
