package data

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParsePounds(t *testing.T) {
	good := map[string]Pence{"1234.5": 123450, "£1,234.50": 123450, "0": 0, ".5": 50, "-12": -1200, "-£0.01": -1, "40000.0": 4000000, "7.5000": 750}
	for in, want := range good {
		if got, err := ParsePounds(in); err != nil || got != want {
			t.Errorf("ParsePounds(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "12.345", "0.005", "12 pounds", "£", "1e3", "--1", "99999999999999999999", "."} {
		if got, err := ParsePounds(in); err == nil {
			t.Errorf("ParsePounds(%q) = %d, want an error", in, got)
		}
	}
}

func TestPenceReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Pence(rapid.Int64Range(-1e15, 1e15).Draw(t, "pence"))
		if got, err := ParsePounds(p.Pounds()); err != nil || got != p {
			t.Fatalf("ParsePounds(%q) = %d, %v; want %d", p.Pounds(), got, err, p)
		}
		if got, err := ParsePounds(p.String()); err != nil || got != p {
			t.Fatalf("ParsePounds(%q) = %d, %v; want %d", p.String(), got, err, p)
		}
	})
}

func TestSplitAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(-1e15, 1e15).Draw(t, "amount")
		weights := rapid.SliceOfN(rapid.Int64Range(1, 1e9), 1, 12).Draw(t, "weights")
		parts := Split(amount, weights)
		var sum, total int64
		for i := range parts {
			sum += parts[i]
			total += weights[i]
		}
		if sum != amount {
			t.Fatalf("the parts %v of %d add up to %d", parts, amount, sum)
		}
		for i, p := range parts {
			exact := float64(amount) * float64(weights[i]) / float64(total)
			if d := float64(p) - exact; d > 1+1e-3 || d < -1-1e-3 {
				t.Fatalf("part %d of %d is %d, its exact share %f", i, amount, p, exact)
			}
		}
	})
}

func TestSplitThirds(t *testing.T) {
	got := Split(100, []int64{1, 1, 1})
	if got[0] != 34 || got[1] != 33 || got[2] != 33 {
		t.Errorf("a pound in thirds is %v, want 34, 33, 33", got)
	}
}
