package data

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// solve takes everything that is told of every territory of n parts and up to
// most people, and finds for each withheld part what it may have been: all that
// fits, for somebody who knows the rule. What territories of more people could
// be told as too is left out.
func solve(n int, most int64, visit func(told string, part int, least, greatest int64)) {
	type key struct {
		told string
		part int
	}
	least, greatest := map[key]int64{}, map[key]int64{}
	parts := make([]int64, n)
	var try func(at int, left int64)
	try = func(at int, left int64) {
		if at < n {
			for parts[at] = 0; parts[at] <= left; parts[at]++ {
				try(at+1, left-parts[at])
			}
			return
		}
		total, shown := ProtectPeople(parts)
		if total != nil && *total+PeopleRounding/2 > most {
			return
		}
		told := spell(total)
		for _, s := range shown {
			told += " " + spell(s)
		}
		for i, s := range shown {
			if s != nil {
				continue
			}
			k := key{told, i}
			if old, ok := least[k]; !ok || parts[i] < old {
				least[k] = parts[i]
			}
			greatest[k] = max(greatest[k], parts[i])
		}
	}
	try(0, most)
	for k, l := range least {
		visit(k.told, k.part, l, greatest[k])
	}
}

func spell(n *int64) string {
	if n == nil {
		return "x"
	}
	return fmt.Sprint(*n)
}

// TestNobodySolvesForPeople tries every territory of up to four parts: whatever
// is told, a part that is withheld may have been anything from 0 to 9.
func TestNobodySolvesForPeople(t *testing.T) {
	withheld := 0
	for n, most := range map[int]int64{1: 200, 2: 200, 3: 120, 4: 60} {
		solve(n, most, func(told string, part int, least, greatest int64) {
			withheld++
			if least > 0 && least < FewPeople || greatest < FewPeople-1 {
				t.Errorf("%s: part %d is from %d to %d", told, part, least, greatest)
			}
		})
	}
	if withheld == 0 {
		t.Error("nothing was withheld")
	}
	t.Logf("%d withheld values solved for", withheld)
}

func TestProtectPeople(t *testing.T) {
	for _, c := range []struct {
		parts []int64
		want  string
	}{
		{[]int64{9}, "x: x"},
		{[]int64{10}, "10: 10"},
		{[]int64{12}, "10: 10"},
		{[]int64{13}, "15: 15"},
		{[]int64{4, 5}, "x: x x"},
		{[]int64{20, 30, 40}, "90: 20 30 40"},
		{[]int64{3, 30, 40}, "75: x x 40"},
		{[]int64{3, 30, 4}, "35: x x x"},
		{[]int64{3, 40, 10, 20}, "75: x 40 x 20"},
		{[]int64{9, 9, 40}, "60: x x x"},
		{[]int64{9, 9, 12}, "30: x x x"},
		{[]int64{0, 0, 12}, "10: x x x"},
	} {
		total, shown := ProtectPeople(c.parts)
		got := spell(total) + ":"
		for _, s := range shown {
			got += " " + spell(s)
		}
		if got != c.want {
			t.Errorf("%v is told as %s, want %s", c.parts, got, c.want)
		}
	}
}

// TestPeopleAreRounded: what is told is within two of what is, whatever the
// order of the parts.
func TestPeopleAreRounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.Int64Range(0, 500), 1, 12).Draw(t, "parts")
		total, shown := ProtectPeople(parts)
		var sum int64
		few, hidden := 0, 0
		for i, n := range parts {
			sum += n
			if n < FewPeople {
				few++
			}
			if shown[i] == nil {
				hidden++
				continue
			}
			if d := n - *shown[i]; n < FewPeople || d < -2 || d > 2 || *shown[i]%PeopleRounding != 0 {
				t.Fatalf("%d is told as %d", n, *shown[i])
			}
		}
		if (total == nil) != (sum < FewPeople) {
			t.Fatalf("the total %d is told as %v", sum, spell(total))
		}
		if few == 0 && hidden > 0 || few == 1 && hidden == 1 && len(parts) > 1 {
			t.Fatalf("%v: %d few, %d hidden", parts, few, hidden)
		}
	})
}
