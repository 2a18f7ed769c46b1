package web

import (
	"fmt"
	"math"

	"tributary/data"
	"tributary/geo/hex"
	"tributary/tiles"
)

// A keyGroup explains the colours of a map, or of its cells of one resolution.
type keyGroup struct {
	Name  string // what it is the key of: heat, places, gaps, flows
	Title string
	// Res and the zooms are of cells: the group holds at zooms from MinZoom to
	// MaxZoom.
	Res, MinZoom, MaxZoom int
	Hidden                bool // on the still map
	Steps                 []keyStep
	Note                  string
}

// A keyStep is one colour: values from From, or the state of that name.
type keyStep struct {
	From   int64
	State  string
	Colour string
	Label  string
}

// stepsOf are the steps of classes that begin at breaks. A single class takes
// the middle of the colours, fewer than there are the whole range.
func stepsOf(breaks []int64, metric string) []keyStep {
	steps := make([]keyStep, len(breaks))
	for i, b := range breaks {
		steps[i] = keyStep{From: b, Colour: tiles.ClassColour(i, len(breaks)), Label: classLabel(breaks, i, metric)}
	}
	return steps
}

// classLabel says which values a class holds: "Under £2,000", "£2,000 to
// £4,999", "£5,000 or more".
func classLabel(breaks []int64, i int, metric string) string {
	spell, step := func(v int64) string { return number(int(v)) }, int64(1)
	if metric != "count" {
		spell = func(v int64) string { return data.Pence(v).String() }
		if breaks[i]%100 == 0 && (i+1 == len(breaks) || breaks[i+1]%100 == 0) {
			step = 100
		}
	}
	switch {
	case len(breaks) == 1:
		return spell(breaks[0]) + " or more"
	case i == 0:
		return "Under " + spell(breaks[1])
	case i == len(breaks)-1:
		return spell(breaks[i]) + " or more"
	case breaks[i+1]-step <= breaks[i]:
		return spell(breaks[i])
	}
	return spell(breaks[i]) + " to " + spell(breaks[i+1]-step)
}

// heatKeys are the keys of a heat map, one a resolution; the one that the still
// map is drawn at stands without JavaScript.
func heatKeys(shown *tiles.Shown, metric string, still int) (groups []keyGroup) {
	for _, c := range shown.Cells {
		if len(c.Breaks) == 0 {
			continue
		}
		groups = append(groups, keyGroup{Name: layerHeat, Title: metricWords[metric] + " per " + squareKm(c.Res) + " hexagon", Res: c.Res, MinZoom: c.MinZoom, MaxZoom: c.MaxZoom,
			Hidden: c.Res != still, Steps: stepsOf(c.Breaks, metric)})
	}
	return groups
}

// squareKm is about how large a hexagon is.
func squareKm(res int) string {
	a := hex.AreaKm2(res)
	if a < 10 {
		return fmt.Sprintf("%.1f km²", a)
	}
	power := math.Pow(10, math.Floor(math.Log10(a))-1)
	return number(int(math.Round(a/power)*power)) + " km²"
}

// valueKeys are the key of places that are coloured by values.
func valueKeys(values []int64, title, metric string) []keyGroup {
	g := keyGroup{Name: "places", Title: title, Steps: []keyStep{{From: math.MinInt64, Colour: noneColour, Label: "Nothing, or not told"}}}
	g.Steps = append(g.Steps, stepsOf(data.Breaks(values), metric)...)
	return []keyGroup{g}
}

// gapKeys are the states of gaps.
func gapKeys() []keyGroup {
	g := keyGroup{Name: layerGaps, Title: "Worst state under the plan"}
	for _, state := range data.GapStates {
		g.Steps = append(g.Steps, keyStep{State: string(state), Colour: tiles.GapColours[state], Label: gapStateWords[state]})
	}
	return []keyGroup{g}
}

// flowKeys explain arrows.
func flowKeys() []keyGroup {
	return []keyGroup{{Name: layerFlows, Title: "The largest flows", Note: "Wider is more pounds. A circle is what stays in its place."}}
}

// classKeys are the key of counts of activities.
func classKeys(classes []class) []keyGroup {
	g := keyGroup{Name: "shading", Title: "Activities per territory", Steps: []keyStep{{Colour: noneColour, Label: "None"}}}
	for _, c := range classes {
		g.Steps = append(g.Steps, keyStep{From: int64(c.From), Colour: c.Colour, Label: c.Label()})
	}
	return []keyGroup{g}
}
