package web

import (
	"math"
	"slices"
	"strconv"

	"tributary/data"
)

// classColours fill the classes of a shaded map, from few to many. The map in
// web/app reads them from the page's key, so they stand only here. Neighbours
// differ by at least 13 (CIE76) in normal and colour-blind sight; a test holds
// that.
var classColours = []string{"#bde3d6", "#7ebfb1", "#43989b", "#22747e", "#0b3f4d"}

// noneColour fills places without any activity.
const noneColour = "#f9f7f2"

// A class is one step of a shaded map's key: counts from From up to To, both
// included; To is 0 for "and more".
type class struct {
	From, To int
	Colour   string
}

// Label is the class in words, such as "10 to 49".
func (c class) Label() string {
	switch {
	case c.To == 0:
		return number(c.From) + " or more"
	case c.From == c.To:
		return number(c.From)
	}
	return number(c.From) + " to " + number(c.To)
}

// classesOf cuts counts into at most five classes on round numbers, in
// geometric steps between about the 5th and the 98th percentile: quantiles
// would collapse on the long tail that counts have, and one small place must
// not leave all others in the last class. Zeros are no class. It returns nil
// when all counts are 0.
func classesOf(counts []int) []class {
	var some []int
	for _, n := range counts {
		if n > 0 {
			some = append(some, n)
		}
	}
	if len(some) == 0 {
		return nil
	}
	slices.Sort(some)
	top := some[(len(some)-1)*98/100]
	starts := []int{1}
	steps := len(classColours)
	low := float64(some[(len(some)-1)*5/100])
	for i := 1; i < steps; i++ {
		next := roundNumber(low * math.Pow(float64(top)/low, float64(i)/float64(steps)))
		if next <= top && next > starts[len(starts)-1] && next > some[0] {
			starts = append(starts, next)
		}
	}
	return classesFrom(starts, some[len(some)-1])
}

func classesFrom(starts []int, greatest int) []class {
	classes := make([]class, len(starts))
	for i, from := range starts {
		// Few classes use the whole range of colours, one the middle.
		shade := len(classColours) / 2
		if len(starts) > 1 {
			shade = i * (len(classColours) - 1) / (len(starts) - 1)
		}
		classes[i] = class{From: from, Colour: classColours[shade]}
		if i+1 < len(starts) {
			classes[i].To = starts[i+1] - 1
		} else if greatest <= from {
			classes[i].To = from
		}
	}
	return classes
}

// roundNumber is the nearest of 1, 2, 3, 4, 5, 6, 8 and 10 times a power of
// ten.
func roundNumber(x float64) int {
	if x < 10 {
		return int(math.Round(x))
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	best, distance := 0.0, math.Inf(1)
	for _, m := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8, 10} {
		if d := math.Abs(m*power - x); d < distance {
			best, distance = m*power, d
		}
	}
	return int(best)
}

// colourOf is the fill for a count.
func colourOf(classes []class, n int) string {
	colour := noneColour
	for _, c := range classes {
		if n >= c.From {
			colour = c.Colour
		}
	}
	return colour
}

func territoryCounts(rows []data.TerritoryRow) []int {
	counts := make([]int, len(rows))
	for i, r := range rows {
		counts[i] = r.Activities
	}
	return counts
}

// Width is a bar's length in a drawing of 100 units.
func (b bar) Width() string { return strconv.FormatFloat(b.Share*100, 'f', 1, 64) }

// A bar is one row of a small chart that is also its own table.
type bar struct {
	Label string
	Count int
	Share float64 // of the longest, 0 to 1
	URL   string
}

// A barTable is a captioned chart.
type barTable struct {
	Caption, Field string
	Bars           []bar
}

// barsOf turns counts into bars, scaled to the longest.
func barsOf(counts []data.Count, label func(string) string, link func(string) string) []bar {
	longest := 1
	for _, c := range counts {
		longest = max(longest, c.Activities)
	}
	bars := make([]bar, len(counts))
	for i, c := range counts {
		bars[i] = bar{Label: label(c.Value), Count: c.Activities, Share: float64(c.Activities) / float64(longest)}
		if link != nil && c.Activities > 0 {
			bars[i].URL = link(c.Value)
		}
	}
	return bars
}
