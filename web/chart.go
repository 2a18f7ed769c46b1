package web

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"time"

	"tributary/data"
)

// The size of a chart, in its own units, and its margins.
const (
	chartWidth, chartHeight         = 420.0, 210.0
	chartLeft, chartTop             = 56.0, 30.0
	chartRight, chartBottom float64 = 24.0, 30.0
)

// A chart is a series over time: what is measured, and each value with its
// interval where one is known. Its colours are the style sheet's, so that it
// can be read in forced colours and on paper.
type chart struct {
	title, desc string // its name, and what it shows, for whoever cannot see it
	unit        string
	points      []chartPoint // by time, two at least
}

// chartPoint is one value of a chart.
type chartPoint struct {
	at           time.Time
	value        float64
	lower, upper *float64
}

// drawSeries draws an indicator over time with its intervals, against its first
// value; empty where there is only that. The values stand in a table beside it.
func drawSeries(s data.IndicatorSeries) template.HTML {
	if len(s.Points) < 2 {
		return ""
	}
	first, last := s.Points[0], s.Points[len(s.Points)-1]
	c := chart{title: s.Title + ", " + s.Unit, unit: s.Unit, desc: fmt.Sprintf("%s: from %s in %s, the baseline, to %s in %s, %s. The values stand in the table.",
		plural(len(s.Points), "value", "values"), short(first.Value), month(first.From.Time()), short(last.Value), month(last.From.Time()), s.Verdict())}
	for _, p := range s.Points {
		c.points = append(c.points, chartPoint{p.From.Time(), p.Value, p.Lower, p.Upper})
	}
	return c.draw()
}

// known reports whether the interval of a value is.
func (p chartPoint) known() bool { return p.lower != nil && p.upper != nil }

// ticks are round numbers from at or below the least value to at or above the
// greatest, four to nine of them.
func (c chart) ticks() (out []float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range c.points {
		l, u := p.value, p.value
		if p.known() {
			l, u = min(l, *p.lower), max(u, *p.upper)
		}
		low, high = min(low, l), max(high, u)
	}
	if high == low {
		low, high = low-1, high+1
	}
	step := math.Pow(10, math.Floor(math.Log10(high-low)))
	for _, times := range []float64{5, 2, 1, 0.5, 0.2} {
		if (high-low)/(step*times) >= 3 {
			step *= times
			break
		}
	}
	for n := math.Floor(low / step); ; n++ {
		out = append(out, n*step)
		if n*step >= high {
			return out
		}
	}
}

// place says where a chart's points lie in the drawing.
func (c chart) place(ticks []float64) (x func(time.Time) float64, y func(float64) float64) {
	first := c.points[0].at
	span := max(1, c.points[len(c.points)-1].at.Sub(first).Hours())
	low, high := ticks[0], ticks[len(ticks)-1]
	x = func(at time.Time) float64 {
		return chartLeft + 18 + (chartWidth-chartLeft-chartRight-36)*at.Sub(first).Hours()/span
	}
	y = func(v float64) float64 { return chartTop + (chartHeight-chartTop-chartBottom)*(high-v)/(high-low) }
	return x, y
}

// draw writes the chart: scale, baseline, band and bars of the intervals, line
// and points.
func (c chart) draw() template.HTML {
	ticks := c.ticks()
	x, y := c.place(ticks)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg class="app-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img"><title>%s</title><desc>%s</desc>`, chartWidth, chartHeight, html.EscapeString(c.title), html.EscapeString(c.desc))
	fmt.Fprintf(&b, `<text class="app-chart__unit" x="4" y="14">%s</text>`, html.EscapeString(c.unit))
	for _, v := range ticks {
		fmt.Fprintf(&b, `<path class="app-chart__rule" d="M%g %.1fH%g"/><text x="%g" y="%.1f" text-anchor="end">%s</text>`, chartLeft, y(v), chartWidth-chartRight, chartLeft-7, y(v)+4.5, short(v))
	}
	c.band(&b, x, y)
	base := y(c.points[0].value)
	fmt.Fprintf(&b, `<path class="app-chart__baseline" d="M%g %.1fH%g"/>`, chartLeft, base, chartWidth-chartRight)
	line, until := "", math.Inf(-1)
	for i, p := range c.points {
		line += fmt.Sprintf("%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == 0], x(p.at), y(p.value))
		// A date is written where the one before leaves room for it, and the last always.
		last := x(c.points[len(c.points)-1].at)
		if at := x(p.at); i == len(c.points)-1 || at >= until && at+80 <= last {
			fmt.Fprintf(&b, `<text x="%.1f" y="%g" text-anchor="middle">%s</text>`, at, chartHeight-8, month(p.at))
			until = at + 80
		}
	}
	fmt.Fprintf(&b, `<path class="app-chart__line" d="%s"/>`, line)
	for _, p := range c.points {
		fmt.Fprintf(&b, `<circle class="app-chart__point" cx="%.1f" cy="%.1f" r="4.5"/>`, x(p.at), y(p.value))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // drawn above; every text is escaped
}

// band draws the intervals: as an area between points that follow one another,
// and as a bar at each.
func (c chart) band(b *bytes.Buffer, x func(time.Time) float64, y func(float64) float64) {
	for i, p := range c.points {
		if !p.known() {
			continue
		}
		if i > 0 && c.points[i-1].known() {
			before := c.points[i-1]
			fmt.Fprintf(b, `<path class="app-chart__band" d="M%.1f %.1fL%.1f %.1fV%.1fL%.1f %.1fZ"/>`, x(before.at), y(*before.upper), x(p.at), y(*p.upper), y(*p.lower), x(before.at), y(*before.lower))
		}
		fmt.Fprintf(b, `<path class="app-chart__bar" d="M%.1f %.1fV%.1fM%.1f %.1fh10M%.1f %.1fh10"/>`, x(p.at), y(*p.lower), y(*p.upper), x(p.at)-5, y(*p.lower), x(p.at)-5, y(*p.upper))
	}
}

// month is "Apr 2026".
func month(at time.Time) string { return at.Format("Jan 2006") }

// short writes a number with at most four digits that matter, and large ones whole.
func short(v float64) string {
	if math.Abs(v) >= 10_000 {
		return number(int(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
