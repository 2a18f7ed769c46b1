package data

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// everything is a scope that takes all parameters and knows all values.
var everything = Scope{Takes: ParamNames()}

// values draws good values of each parameter.
var values = map[string]*rapid.Generator[string]{
	"region": code, "territory": rapid.StringMatching(`[a-z]{1,8}(-[a-z]{1,5})?`), "area": code, "target_area": code,
	"bbox": rapid.Custom(func(t *rapid.T) string {
		w, s := rapid.Float64Range(-9, 1).Draw(t, "west"), rapid.Float64Range(49, 60).Draw(t, "south")
		return fmt.Sprint(w, ",", s, ",", w+rapid.Float64Range(0.001, 5).Draw(t, "wide"), ",", s+rapid.Float64Range(0.001, 5).Draw(t, "high"))
	}),
	"origin": rapid.SampledFrom([]string{"supplier_site", "buyer"}), "origin_region": code, "origin_territory": rapid.StringMatching(`[a-z]{1,8}`), "origin_area": code,
	"sector": rapid.SampledFrom(Sectors), "theme": rapid.SampledFrom([]string{"healthier", "safer", "resilient"}), "priority": code, "measure": code,
	"type": rapid.SampledFrom(ContributionTypes), "beneficiary": rapid.SampledFrom(Beneficiaries), "state": rapid.SampledFrom(EvidenceStates),
	"status": rapid.SampledFrom([]string{"draft", "submitted", "validated", "suspended", "expired", "closed"}), "standing": rapid.SampledFrom([]string{"primary", "unvalidated", "in_scope"}),
	"buyer": code, "supplier": code, "provider": code, "activity": code,
	"from": rapid.SampledFrom([]string{"1999", "2020-02", "2020-02-29"}), "to": rapid.SampledFrom([]string{"2020-02-29", "2024", "2199-12"}),
	"as_at": rapid.SampledFrom([]string{"2020-02-29", "2026-11-22"}),
}

var code = rapid.StringMatching(`[A-Za-z0-9]{1,9}([:_./-][A-Za-z0-9]{1,5})?`)

// single are the parameters that hold one value.
var single = []string{"bbox", "origin", "from", "to", "as_at", "period"}

// drawn are one to three alternatives for each of some parameters.
func drawn(t *rapid.T) map[string][]string {
	out := map[string][]string{}
	for _, name := range ParamNames() {
		if values[name] == nil || !rapid.Bool().Draw(t, "has "+name) {
			continue
		}
		most := 3
		if slices.Contains(single, name) {
			most = 1
		}
		out[name] = rapid.SliceOfN(values[name], 1, most).Draw(t, name)
	}
	return out
}

// spelt writes the alternatives in one of the ways that mean the same: in any
// order, repeated, with commas or with the parameter again.
func spelt(t *rapid.T, alternatives map[string][]string) url.Values {
	q := url.Values{}
	for name, list := range alternatives {
		if slices.Contains(single, name) {
			q[name] = list
			continue
		}
		list = append(slices.Clone(list), rapid.SampledFrom(list).Draw(t, "again"))
		list = rapid.Permutation(list).Draw(t, "order")
		cut := rapid.IntRange(0, len(list)).Draw(t, "cut")
		comma := rapid.SampledFrom([]string{",", ", ", ",,"}).Draw(t, "comma")
		q[name] = []string{strings.Join(list[:cut], comma), strings.Join(list[cut:], comma)}
	}
	return q
}

func TestEqualFiltersAreSpeltAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawn(t)
		a, restA, errA := ParseFilter(spelt(t, want), everything)
		b, restB, errB := ParseFilter(spelt(t, want), everything)
		if errA != nil || errB != nil || len(restA)+len(restB) > 0 {
			t.Fatalf("%v, %v, rest %v %v", errA, errB, restA, restB)
		}
		if a.Canonical() != b.Canonical() || !a.Equal(b) {
			t.Fatalf("%s and %s", a.Canonical(), b.Canonical())
		}
		if (len(want) == 0) != a.Equal(Filter{}) {
			t.Fatalf("%v is read as %s", want, a.Canonical())
		}
	})
}

func TestCanonicalIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, err := ParseFilter(spelt(t, drawn(t)), everything)
		if err != nil {
			t.Fatal(err)
		}
		readBack(t, f)
	})
}

func readBack(t rapid.TB, f Filter) {
	query, err := url.ParseQuery(f.Canonical())
	if err != nil {
		t.Fatal(err)
	}
	again, rest, err := ParseFilter(query, everything)
	if err != nil || len(rest) > 0 || again.Canonical() != f.Canonical() {
		t.Fatalf("%s is read as %s, rest %v, %v", f.Canonical(), again.Canonical(), rest, err)
	}
}

func FuzzParseFilter(f *testing.F) {
	f.Add("territory=norfolk,kent&from=2024&period=2024-25")
	f.Add("from=0001&to=9999&bbox=-0,1,2,3")
	f.Add("period=9999-00")
	f.Fuzz(func(t *testing.T, raw string) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		filter, _, err := ParseFilter(query, everything)
		if err != nil {
			if !errors.As(err, new(*Invalid)) {
				t.Errorf("%q: %v names no field", raw, err)
			}
			return
		}
		readBack(t, filter)
	})
}

func TestFilterRefuses(t *testing.T) {
	known := Scope{Takes: []string{"territory", "theme", "bbox", "from", "to", "period", "as_at", "measure", "activity"}, Exists: func(param, value string) bool { return value != "atlantis" }}
	for query, want := range map[string][2]string{ // the field and a part of the reason
		"territory=atlantis":                   {"territory", "see /api/v1/territories"},
		"activity=atlantis":                    {"activity", "see /api/v1/activities"},
		"territory=Norfolk":                    {"territory", "not of the right form"},
		"territory=norfolk%00":                 {"territory", "not of the right form"},
		"territory=norfolk%27--":               {"territory", "not of the right form"},
		"territory=" + strings.Repeat("a", 81): {"territory", "not of the right form"},
		"measure=norfolk:%0aPC1":               {"measure", "not of the right form"},
		"theme=calmer":                         {"theme", "use healthier, safer, resilient"},
		"sector=nhs":                           {"sector", "does not apply"},
		"bbox=1,2,3":                           {"bbox", "is not a box"},
		"bbox=0,52,1,53&bbox=1,52,2,53":        {"bbox", "give it once"},
		"from=2024&from=2025":                  {"from", "give it once"},
		"from=2025&to=2024":                    {"to", "swap from and to"},
		"from=2025-02-29":                      {"from", "not a day, month or year"},
		"from=25":                              {"from", "not a day, month or year"},
		"from=0001":                            {"from", "too long ago"},
		"to=9999":                              {"to", "too far off"},
		"as_at=0001-01-01":                     {"as_at", "too long ago"},
		"as_at=2025":                           {"as_at", "not a day"},
		"period=2024-26":                       {"period", "the year after 2024 is 25"},
		"period=2024-25-Q5":                    {"period", "not a period"},
		"period=9999-00":                       {"period", "too far off"},
		"period=2024-25&from=2024":             {"period", "stands beside"},
		"territory=" + strings.Repeat("a,b,c1,d2,", 200) + many(501): {"territory", "at most 500"},
	} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = ParseFilter(q, known)
		var bad *Invalid
		if !errors.As(err, &bad) || bad.Field != want[0] || !strings.Contains(bad.Reason, want[1]) {
			t.Errorf("%.60s: %v, want %v", query, err, want)
		}
	}
	if _, rest, err := ParseFilter(url.Values{"colour": {"red"}, "sort": {"x"}}, known); err != nil || !slices.Equal(rest, []string{"colour", "sort"}) {
		t.Errorf("parameters of others: %v, %v", rest, err)
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "t%d,", i)
	}
	return b.String()
}

func TestPeriods(t *testing.T) {
	for s, want := range map[string][2]string{
		"2024-25": {"2024-04-01", "2025-03-31"}, "2023-24": {"2023-04-01", "2024-03-31"}, "1999-00": {"1999-04-01", "2000-03-31"},
		"2024-25-Q1": {"2024-04-01", "2024-06-30"}, "2024-25-Q3": {"2024-10-01", "2024-12-31"}, "2024-25-Q4": {"2025-01-01", "2025-03-31"},
	} {
		first, last, err := ParsePeriod(s)
		if err != nil || first.String() != want[0] || last.String() != want[1] {
			t.Errorf("%s: %v to %v, %v, want %v", s, first, last, err, want)
		}
	}
	for s, want := range map[string][2]string{
		"2024": {"2024-01-01", "2024-12-31"}, "2024-02": {"2024-02-01", "2024-02-29"}, "2023-02": {"2023-02-01", "2023-02-28"}, "2024-02-29": {"2024-02-29", "2024-02-29"},
	} {
		first, last, err := parseSpan(s)
		if err != nil || first.String() != want[0] || last.String() != want[1] {
			t.Errorf("%s: %v to %v, %v, want %v", s, first, last, err, want)
		}
	}
}

// A year is its four quarters, without gap or overlap.
func TestQuartersMakeTheYear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.IntRange(1900, 2199).Draw(t, "year")
		year := fmt.Sprintf("%d-%02d", y, (y+1)%100)
		first, last, err := ParsePeriod(year)
		if err != nil {
			t.Fatal(err)
		}
		next := first
		for q := 1; q <= 4; q++ {
			from, to, err := ParsePeriod(fmt.Sprintf("%s-Q%d", year, q))
			if err != nil || from != next {
				t.Fatalf("quarter %d of %s is %v to %v, %v, want it from %v", q, year, from, to, err, next)
			}
			next = to.AddDays(1)
		}
		if next != last.AddDays(1) {
			t.Fatalf("the quarters of %s end before %v, the year on %v", year, next, last)
		}
	})
}
