package web

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"

	"tributary/data"
)

// The size of a chart of an indicator, in its own units, and its margins.
const (
	chartWidth, chartHeight         = 420.0, 170.0
	chartLeft, chartTop             = 56.0, 12.0
	chartRight, chartBottom float64 = 24.0, 26.0
)

// drawSeries draws an indicator over time with its intervals. The same values
// stand in a table beside it; the picture only shows their course.
func drawSeries(s data.IndicatorSeries) template.HTML {
	if len(s.Points) < 2 {
		return ""
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range s.Points {
		l, u := p.Value, p.Value
		if p.Lower != nil && p.Upper != nil {
			l, u = *p.Lower, *p.Upper
		}
		low, high = min(low, l), max(high, u)
	}
	if high == low {
		low, high = low-1, high+1
	}
	pad := (high - low) * 0.08
	low, high = low-pad, high+pad
	first, last := s.Points[0].From.Time(), s.Points[len(s.Points)-1].From.Time()
	x := func(p data.ObservedPoint) float64 {
		span := last.Sub(first).Hours()
		if span == 0 {
			return chartLeft
		}
		return chartLeft + 14 + (chartWidth-chartLeft-chartRight-28)*p.From.Time().Sub(first).Hours()/span
	}
	y := func(v float64) float64 {
		return chartTop + (chartHeight-chartTop-chartBottom)*(high-v)/(high-low)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg class="app-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" aria-label="%s">`, chartWidth, chartHeight,
		html.EscapeString(fmt.Sprintf("%s, %s: from %s to %s, %s. The values stand in the table.", s.Title, s.Unit, short(s.Points[0].Value), short(s.Points[len(s.Points)-1].Value), s.Verdict())))
	for _, v := range []float64{low + pad, (low + high) / 2, high - pad} {
		fmt.Fprintf(&b, `<path d="M%g %.1fH%g" stroke="#d5dde2"/><text x="%g" y="%.1f" text-anchor="end" font-size="13" fill="#4c5a66" font-family="Noto Sans, Arial, sans-serif">%s</text>`, chartLeft, y(v), chartWidth-chartRight, chartLeft-7, y(v)+4.5, short(v))
	}
	line := ""
	for i, p := range s.Points {
		if p.Lower != nil && p.Upper != nil {
			fmt.Fprintf(&b, `<path fill="none" stroke="#2b7f86" stroke-width="2" d="M%.1f %.1fV%.1fM%.1f %.1fh10M%.1f %.1fh10"/>`, x(p), y(*p.Lower), y(*p.Upper), x(p)-5, y(*p.Lower), x(p)-5, y(*p.Upper))
		}
		line += fmt.Sprintf("%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == 0], x(p), y(p.Value))
		if i == 0 || i == len(s.Points)-1 || len(s.Points) <= 5 {
			fmt.Fprintf(&b, `<text x="%.1f" y="%g" text-anchor="middle" font-size="13" fill="#4c5a66" font-family="Noto Sans, Arial, sans-serif">%s</text>`, x(p), chartHeight-7, p.From.Time().Format("Jan 2006"))
		}
	}
	fmt.Fprintf(&b, `<path fill="none" stroke="#0d3b47" stroke-width="2" d="%s"/>`, line)
	for _, p := range s.Points {
		fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="4.5" fill="#0d3b47"/>`, x(p), y(p.Value))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // drawn above; every text is escaped
}

// short writes a number with at most three digits after the point that matter.
func short(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
