package data

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Pence is money in whole pence of pounds sterling, excluding VAT unless a
// name says otherwise.
type Pence int64

// ParsePounds reads pounds as people and spreadsheets write them: "1234.5",
// "£1,234.50", "-12". Fractions of a penny are refused, not rounded.
func ParsePounds(s string) (Pence, error) {
	t := strings.TrimSpace(strings.ReplaceAll(s, ",", ""))
	negative := strings.HasPrefix(t, "-")
	t = strings.TrimPrefix(strings.TrimPrefix(t, "-"), "£")
	whole, fraction, _ := strings.Cut(t, ".")
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > 2 {
		return 0, fmt.Errorf("%q has a fraction of a penny: give pounds with at most two decimals", s)
	}
	if whole == "" && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not an amount of money: give pounds such as 1234.50", s)
	}
	n, err := strconv.ParseInt("0"+whole+(fraction + "00")[:2], 10, 64)
	if err != nil || n > math.MaxInt64/100 {
		return 0, fmt.Errorf("%q is too much money: give pounds below ninety million million", s)
	}
	if negative {
		n = -n
	}
	return Pence(n), nil
}

// Pounds is p as pounds with two decimals, for spreadsheets.
func (p Pence) Pounds() string {
	sign := ""
	if p < 0 {
		sign, p = "-", -p
	}
	return fmt.Sprintf("%s%d.%02d", sign, p/100, p%100)
}

// String is p as people read it: "£1,234.50", without pence when there are
// none.
func (p Pence) String() string {
	sign := ""
	if p < 0 {
		sign, p = "-", -p
	}
	s := sign + "£" + Thousands(int(p/100))
	if p%100 != 0 {
		s += fmt.Sprintf(".%02d", p%100)
	}
	return s
}

// Quantity is an amount in thousandths of its unit, so that sums are exact.
type Quantity int64

// ParseQuantity reads a number with at most three decimals.
func ParseQuantity(s string) (Quantity, error) {
	t := strings.TrimSpace(strings.ReplaceAll(s, ",", ""))
	whole, fraction, _ := strings.Cut(t, ".")
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > 3 {
		return 0, fmt.Errorf("%q is finer than a thousandth: give at most three decimals", s)
	}
	if whole == "" && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not a quantity: give a number such as 12 or 7.5", s)
	}
	n, err := strconv.ParseInt("0"+whole+(fraction + "000")[:3], 10, 64)
	if err != nil || n > math.MaxInt64/1000 {
		return 0, fmt.Errorf("%q is too large a quantity", s)
	}
	return Quantity(n), nil
}

// String is the shortest decimal that reads back as q.
func (q Quantity) String() string {
	s := fmt.Sprintf("%d.%03d", q/1000, q%1000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// Split divides an amount over whole-number weights so that the parts add up
// to it: each gets its share rounded down, and what is left over goes, one
// each, to the largest remainders, the first of equals first (Hamilton's
// method). Negative amounts are split as their opposite. Weights must be
// positive; none of them is an empty answer.
func Split(amount int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	var total int64
	for _, w := range weights {
		total += w
	}
	if total == 0 {
		return parts
	}
	if amount < 0 {
		for i, p := range Split(-amount, weights) {
			parts[i] = -p
		}
		return parts
	}
	remainders := make([]int64, len(weights))
	left := amount
	for i, w := range weights {
		parts[i], remainders[i] = mulDiv(amount, w, total)
		left -= parts[i]
	}
	for ; left > 0; left-- {
		largest := 0
		for i, r := range remainders {
			if r > remainders[largest] {
				largest = i
			}
		}
		parts[largest]++
		remainders[largest] = -1
	}
	return parts
}

// mulDiv is a*b divided by c, and the remainder, without overflow on the way.
func mulDiv(a, b, c int64) (quotient, remainder int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, r := bits.Div64(hi, lo, uint64(c))
	return int64(q), int64(r)
}
