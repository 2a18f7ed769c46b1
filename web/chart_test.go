package web

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tributary/data"
)

// A chart names itself, draws every value and interval inside its frame against
// round numbers, and is well-formed.
func TestChartHoldsItsSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := data.IndicatorSeries{Title: "Trust & <confidence>", Unit: "per cent", Direction: "higher"}
		day, known := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), 0
		for range rapid.IntRange(2, 30).Draw(t, "points") {
			day = day.AddDate(0, rapid.IntRange(1, 14).Draw(t, "months"), 0)
			p := data.ObservedPoint{From: data.DateOf(day), Value: rapid.Float64Range(-1e6, 1e6).Draw(t, "value")}
			if rapid.Bool().Draw(t, "known") {
				known++
				l, u := p.Value-rapid.Float64Range(0, 1e5).Draw(t, "below"), p.Value+rapid.Float64Range(0, 1e5).Draw(t, "above")
				p.Lower, p.Upper = &l, &u
			}
			s.Points = append(s.Points, p)
		}
		svg := string(drawSeries(s))
		for d := xml.NewDecoder(strings.NewReader(svg)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v in %s", err, svg)
			}
		}
		if n := strings.Count(svg, "app-chart__point"); n != len(s.Points) || strings.Count(svg, "app-chart__bar\"") != known {
			t.Errorf("%d points of %d, %d intervals of %d", n, len(s.Points), strings.Count(svg, "app-chart__bar\""), known)
		}
		for _, want := range []string{"<title>Trust &amp; &lt;confidence&gt;, per cent</title>", "<desc>", "the baseline", "app-chart__baseline", ">per cent</text>"} {
			if !strings.Contains(svg, want) {
				t.Errorf("no %s", want)
			}
		}
		for _, m := range regexp.MustCompile(`[ VL](-?[\d.]+)[MLVZh"]`).FindAllStringSubmatch(svg, -1) {
			if v, _ := strconv.ParseFloat(m[1], 64); v < -0.1 || v > chartWidth {
				t.Errorf("%s lies outside: %s", m[1], svg)
			}
		}
		dates := regexp.MustCompile(`<text x="([\d.]+)" y="202" text-anchor="middle">`).FindAllStringSubmatch(svg, -1)
		before := math.Inf(-1)
		for _, m := range dates {
			at, _ := strconv.ParseFloat(m[1], 64)
			if at-before < 79.9 {
				t.Errorf("dates at %.1f and %.1f run into one another", before, at)
			}
			before = at
		}
	})
}

// The scale is of round numbers that hold what is drawn.
func TestChartScale(t *testing.T) {
	for _, c := range []struct {
		of   []float64
		want string
	}{
		{[]float64{52.1, 61.7}, "[52 54 56 58 60 62]"},
		{[]float64{0, 100}, "[0 20 40 60 80 100]"},
		{[]float64{3, 3}, "[2 2.5 3 3.5 4]"},
		{[]float64{-0.3, 0.4}, "[-0.4 -0.2 0 0.2 0.4]"},
	} {
		var ch chart
		for _, v := range c.of {
			ch.points = append(ch.points, chartPoint{value: v})
		}
		said := make([]string, 0, 8)
		for _, v := range ch.ticks() {
			said = append(said, short(math.Round(v*1e9)/1e9))
		}
		if got := fmt.Sprint(said); got != c.want {
			t.Errorf("%v: %s, want %s", c.of, got, c.want)
		}
	}
}
