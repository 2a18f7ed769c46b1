package web

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"tributary/tiles"
)

func TestClassesOf(t *testing.T) {
	tests := []struct {
		name   string
		counts []int
		want   string
	}{
		{"nothing", []int{0, 0, 0}, "[]"},
		{"one place", []int{0, 7}, "[1 or more]"},
		{"all ones", []int{1, 1, 0, 1}, "[1]"},
		{"few", []int{1, 2, 3, 0, 2}, "[1 2 or more]"},
		{"long tail", []int{3, 30, 40, 50, 55, 60, 60, 70, 80, 90, 100, 120, 150, 200, 5000}, "[1 to 6 7 to 14 15 to 39 40 to 79 80 or more]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			classes := classesOf(test.counts)
			labels := make([]string, len(classes))
			for i, c := range classes {
				labels[i] = c.Label()
			}
			if got := fmt.Sprint(labels); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// Every count must fall into exactly one class, and the classes must rise.
func TestClassesCover(t *testing.T) {
	for size := 1; size < 60; size++ {
		counts := make([]int, size)
		for i := range counts {
			counts[i] = i * i * i % 977
		}
		classes := classesOf(counts)
		for i, c := range classes {
			if c.To != 0 && c.To < c.From {
				t.Fatalf("%d counts: class %+v is empty", size, c)
			}
			if i > 0 && classes[i-1].To+1 != c.From {
				t.Fatalf("%d counts: a gap before %+v", size, c)
			}
			if i > 0 && classes[i-1].Colour == c.Colour {
				t.Fatalf("%d counts: two classes share %s", size, c.Colour)
			}
		}
		for _, n := range counts {
			if n > 0 && colourOf(classes, n) == noneColour {
				t.Fatalf("%d counts: %d has no class", size, n)
			}
		}
	}
}

// Neighbouring classes must be told apart, also by people who see no red, no
// green or no blue, and in grey. Matrices: Machado, Oliveira and Fernandes
// 2009, severity 1, on linear RGB.
func TestClassColoursDiffer(t *testing.T) {
	sights := map[string][3][3]float64{
		"normal": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"protan": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
		"deutan": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
		"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
		"grey":   {{0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}},
	}
	const least = 8 // between "none" and the first class
	var pounds []string
	for i := range 7 {
		pounds = append(pounds, tiles.ClassColour(i, 7))
	}
	scss, err := os.ReadFile("app/src/styles/_colours.scss")
	if err != nil || !strings.Contains(string(scss), "$ramp: "+strings.Join(pounds, ", ")+";") {
		t.Errorf("%v: the styles have other colours than the map: %v", err, pounds)
	}
	for sight, matrix := range sights {
		differ(t, sight, matrix, classColours, 13, least)
		differ(t, sight, matrix, pounds, 10.5, least)
	}
}

// differ fails where neighbours among colours are too alike.
func differ(t *testing.T, sight string, matrix [3][3]float64, colours []string, apart, least float64) {
	t.Helper()
	before := lab(t, noneColour, matrix)
	for i, colour := range colours {
		now := lab(t, colour, matrix)
		want := apart
		if i == 0 {
			want = least
		}
		if d := math.Hypot(math.Hypot(now[0]-before[0], now[1]-before[1]), now[2]-before[2]); d < want {
			t.Errorf("%s: class %d differs by %.1f from the one before, want %.1f", sight, i, d, want)
		}
		before = now
	}
}

// lab is a hex colour in CIE L*a*b* (D65) as a sight sees it.
func lab(t *testing.T, colour string, sight [3][3]float64) [3]float64 {
	t.Helper()
	var bytes [3]int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &bytes[0], &bytes[1], &bytes[2]); err != nil {
		t.Fatal(err)
	}
	var linear, seen [3]float64
	for i, b := range bytes {
		c := float64(b) / 255
		if c <= 0.04045 {
			linear[i] = c / 12.92
		} else {
			linear[i] = math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	for i, row := range sight {
		seen[i] = min(1, max(0, row[0]*linear[0]+row[1]*linear[1]+row[2]*linear[2]))
	}
	f := func(v float64) float64 {
		if v > 0.008856 {
			return math.Cbrt(v)
		}
		return 7.787*v + 16.0/116
	}
	x := f((0.4124*seen[0] + 0.3576*seen[1] + 0.1805*seen[2]) / 0.9505)
	y := f(0.2126*seen[0] + 0.7152*seen[1] + 0.0722*seen[2])
	z := f((0.0193*seen[0] + 0.1192*seen[1] + 0.9505*seen[2]) / 1.089)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1200: "-1,200"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
}
