package data

import (
	"math"
	"slices"
)

// breakShares are how much of the values lies below each class at most: fifths,
// and then a twentieth and a hundredth of the greatest, so that a long tail has
// classes of its own and does not swallow the rest.
var breakShares = []float64{0, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99}

// Breaks divides values into classes for a map's colours and returns where each
// begins: at most seven round numbers (1, 2 or 5 and noughts, or 0), strictly
// rising. The first is not above the least value, and no class is empty. No
// values have no classes.
func Breaks(values []int64) []int64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	breaks := []int64{}
	if len(sorted) == 0 {
		return breaks
	}
	for _, share := range breakShares {
		b := roundDown(sorted[int(share*float64(len(sorted)))])
		if len(breaks) == 0 || b > breaks[len(breaks)-1] {
			breaks = append(breaks, b)
		}
	}
	return breaks
}

// roundDown is the greatest round number that is not above v. Below the least
// of all it is v itself.
func roundDown(v int64) int64 {
	if v == 0 {
		return 0
	}
	if v > 0 {
		best := int64(1)
		for power := int64(1); ; power *= 10 {
			for _, m := range []int64{1, 2, 5} {
				if power > math.MaxInt64/m || power*m > v {
					return best
				}
				best = power * m
			}
			if power > math.MaxInt64/10 {
				return best
			}
		}
	}
	for power := int64(-1); ; power *= 10 {
		for _, m := range []int64{1, 2, 5} {
			if power < math.MinInt64/m {
				return v
			}
			if power*m <= v {
				return power * m
			}
		}
		if power < math.MinInt64/10 {
			return v
		}
	}
}

// ClassOf is the class that a value lies in, from 0.
func ClassOf(breaks []int64, v int64) int {
	n, found := slices.BinarySearch(breaks, v)
	if found {
		return n
	}
	return max(n-1, 0)
}
