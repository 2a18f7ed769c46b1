package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// bootstrap is the interval by drawing the parts themselves with replacement,
// slowly: what NewGap approximates.
func bootstrap(parts map[string][]float64, places []Named, rnd *rand.Rand) (lower, upper []float64) {
	type part struct {
		place int
		pence float64
	}
	var all []part
	for i, p := range places {
		for _, v := range parts[p.Code] {
			all = append(all, part{i, v})
		}
	}
	shares := make([][]float64, len(places))
	for range 2000 {
		sums := make([]float64, len(places))
		total := 0.0
		for range all {
			p := all[rnd.IntN(len(all))]
			sums[p.place] += p.pence
			total += p.pence
		}
		for i, s := range sums {
			shares[i] = append(shares[i], s/total)
		}
	}
	lower, upper = make([]float64, len(places)), make([]float64, len(places))
	for i, s := range shares {
		slices.Sort(s)
		lower[i], upper[i] = quantile(s, gapLower), quantile(s, gapUpper)
	}
	return lower, upper
}

// The interval is that of a bootstrap over the parts themselves, nearly.
func TestGapIntervalIsABootstrap(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	places := []Named{{"a", "A"}, {"b", "B"}, {"c", "C"}}
	parts := map[string][]float64{}
	var flows []GapFlow
	for i, p := range places {
		f := GapFlow{Priority: "p", Place: p.Code}
		for range []int{400, 150, 60}[i] {
			v := math.Exp(rnd.NormFloat64()) * 10000
			parts[p.Code] = append(parts[p.Code], v)
			f.Count, f.Pence, f.Squares = f.Count+1, f.Pence+Pence(v), f.Squares+v*v
		}
		flows = append(flows, f)
	}
	q := GapQuestion{Priorities: []Named{{"p", "P"}}, Places: places, Needs: map[string]float64{"a": 1, "b": 1, "c": 1}, Flows: flows}
	lower, upper := bootstrap(parts, places, rnd)
	for i, c := range NewGap(q).Cells {
		if math.Abs(*c.Lower+*c.Need-lower[i]) > 0.012 || math.Abs(*c.Upper+*c.Need-upper[i]) > 0.012 {
			t.Errorf("%s: %.3f to %.3f, the bootstrap over the parts %.3f to %.3f", c.Place, *c.Lower+*c.Need, *c.Upper+*c.Need, lower[i], upper[i])
		}
	}
}

func TestGapStates(t *testing.T) {
	flow := func(place string, n int64, pence Pence) GapFlow {
		return GapFlow{Priority: "p", Place: place, Count: n, Pence: pence, Squares: float64(pence) * float64(pence) / float64(max(n, 1))}
	}
	places := []Named{{"a", "A"}, {"b", "B"}, {"c", "C"}, {"d", "D"}}
	even := map[string]float64{"a": 1, "b": 1, "c": 1, "d": 1}
	has := map[[2]string]int{{"p", "a"}: 1, {"p", "b"}: 2, {"p", "c"}: 1}
	for _, tt := range []struct {
		name  string
		flows []GapFlow
		needs map[string]float64
		want  string
		worst string
	}{
		{"one place has nearly all", []GapFlow{flow("a", 200, 900000), flow("b", 200, 100000)}, even, "[above_need below_need activity_without_support no_activity]", "[3 2 1]"},
		{"few data", []GapFlow{flow("a", 9, 900000)}, even, "[insufficient_data activity_without_support activity_without_support no_activity]", "[3 1 2]"},
		{"ten suffice", []GapFlow{flow("a", 10, 900000)}, even, "[above_need activity_without_support activity_without_support no_activity]", "[3 1 2]"},
		{"no baseline", []GapFlow{flow("a", 100, 900000)}, nil, "[insufficient_data activity_without_support activity_without_support no_activity]", "[3 1 2]"},
		{"much spread", []GapFlow{flow("a", 3, 300000), flow("b", 4, 200000), flow("c", 2, 200000), flow("d", 2, 300000)}, even, "[balanced balanced balanced balanced]", "[]"},
		{"hours without pounds", []GapFlow{flow("a", 100, 0)}, even, "[insufficient_data activity_without_support activity_without_support no_activity]", "[3 1 2]"},
		{"the larger need is worse", []GapFlow{flow("a", 100, 900000)}, map[string]float64{"a": 1, "b": 5, "c": 3, "d": 4}, "[above_need activity_without_support activity_without_support no_activity]", "[1 3 2]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := NewGap(GapQuestion{Priorities: []Named{{"p", "P"}}, Places: places, Needs: tt.needs, Flows: tt.flows, Activities: has})
			var states []GapState
			for _, c := range g.Cells {
				states = append(states, c.State)
			}
			if got := fmt.Sprint(states); got != tt.want {
				t.Errorf("states %s, want %s", got, tt.want)
			}
			if got := fmt.Sprint(g.Worst); got != tt.worst {
				t.Errorf("worst %s, want %s", got, tt.worst)
			}
		})
	}
}

// Whatever flows: shares sum to one, scores to nothing, a judgement other than
// balanced has an interval without nothing in it, and the same question has the
// same answer.
func TestGapHoldsTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(rt, "places")
		q := GapQuestion{Query: rapid.String().Draw(rt, "query"), Priorities: []Named{{"p", "P"}}, Needs: map[string]float64{}, Activities: map[[2]string]int{}}
		for i := range n {
			code := fmt.Sprint(i)
			q.Places = append(q.Places, Named{code, code})
			q.Needs[code] = float64(rapid.IntRange(0, 100).Draw(rt, "need"))
			q.Activities[[2]string{"p", code}] = rapid.IntRange(0, 2).Draw(rt, "activities")
			if k := rapid.Int64Range(0, 50).Draw(rt, "n"); k > 0 {
				pence := rapid.Int64Range(0, 1e9).Draw(rt, "pence")
				q.Flows = append(q.Flows, GapFlow{Priority: "p", Place: code, Count: k, Pence: Pence(pence), Squares: float64(pence) * float64(pence) / float64(k)})
			}
		}
		g, again := NewGap(q), NewGap(q)
		flow, need, score := 0.0, 0.0, 0.0
		scored := false
		for i, c := range g.Cells {
			if c.State != again.Cells[i].State || c.Score != nil && (*c.Score != *again.Cells[i].Score || *c.Lower != *again.Cells[i].Lower) {
				rt.Fatalf("the same question again: %+v", c)
			}
			if c.Flow != nil {
				flow += *c.Flow
			}
			if c.Need != nil {
				need += *c.Need
			}
			if c.Score != nil {
				scored, score = true, score+*c.Score
				if *c.Lower > *c.Upper {
					rt.Fatalf("the interval of %+v", c)
				}
			}
			judged := c.State == GapBelow || c.State == GapAbove
			if judged && (c.Score == nil || *c.Lower <= 0 && *c.Upper >= 0) {
				rt.Fatalf("%s, although its interval holds nothing", c.State)
			}
			if c.Count == 0 && (c.State == GapFewData || judged || c.State == GapBalanced) {
				rt.Fatalf("nothing was received, and it is %s", c.State)
			}
		}
		if g.Cells[0].Flow != nil && math.Abs(flow-1) > 1e-9 || g.Cells[0].Need != nil && math.Abs(need-1) > 1e-9 || scored && math.Abs(score) > 1e-9 {
			rt.Fatalf("flow %v, need %v, score %v", flow, need, score)
		}
	})
}
