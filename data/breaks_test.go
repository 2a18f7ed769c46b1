package data

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBreaks(t *testing.T) {
	thousand := make([]int64, 1000)
	for i := range thousand {
		thousand[i] = int64(i)
	}
	for name, c := range map[string]struct{ values, want []int64 }{
		"none":         {nil, []int64{}},
		"all the same": {[]int64{7, 7, 7}, []int64{5}},
		"nothing":      {[]int64{0, 0}, []int64{0}},
		"even":         {thousand, []int64{0, 200, 500}},
		"a long tail":  {append(slices.Repeat([]int64{1, 2, 3, 5, 8}, 40), 1e9, 2e9, 5e11), []int64{1, 2, 5, 1e9}},
		"negative":     {[]int64{-30, 4}, []int64{-50, 2}},
	} {
		if got := Breaks(c.values); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestBreaksAreRoundAndRise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 100), rapid.Int64Range(-1000, 1e6), rapid.Int64Range(0, 1e15), rapid.SampledFrom([]int64{0, 1, math.MaxInt64, -4e18})), 1, 200).Draw(t, "values")
		breaks := Breaks(values)
		if len(breaks) == 0 || len(breaks) > 7 || breaks[0] > slices.Min(values) {
			t.Fatalf("breaks %v", breaks)
		}
		for i, b := range breaks {
			if text := strings.TrimRight(strings.TrimPrefix(strconv.FormatInt(b, 10), "-"), "0"); text != "" && text != "1" && text != "2" && text != "5" {
				t.Fatalf("%d is not round", b)
			}
			if i > 0 && b <= breaks[i-1] {
				t.Fatalf("breaks %v do not rise", breaks)
			}
			next := int64(math.MaxInt64)
			if i+1 < len(breaks) {
				next = breaks[i+1] - 1
			}
			if !slices.ContainsFunc(values, func(v int64) bool { return v >= b && v <= next }) {
				t.Fatalf("nothing lies from %d to %d", b, next)
			}
		}
	})
}

func TestFinancialQuarter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDate(2000, 1, 1).AddDays(rapid.IntRange(0, 30000).Draw(t, "day"))
		first, last, err := ParsePeriod(FinancialQuarter(d))
		if err != nil || d.Before(first) || last.Before(d) {
			t.Fatalf("%s lies in %s: %s to %s, %v", d, FinancialQuarter(d), first, last, err)
		}
	})
}
