package demo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tributary/data"
)

// all yields every record of a world but its activities.
func all(w *World, yield func(kind *data.Kind, rec data.Record)) {
	for _, s := range slices.Concat(w.Plans(), w.Sheets(), w.Part(0, w.Size())) {
		kind, ok := data.KindNamed(s.Kind)
		if !ok {
			panic("no kind " + s.Kind)
		}
		for rec := range s.Records {
			yield(kind, rec)
		}
	}
}

// Every record keeps the rules of its kind, refers to records that there are,
// and is of the demonstration alone.
func TestRecordsAreGood(t *testing.T) {
	w := New(Options{Contributions: 3000, Seed: 5})
	known := map[string]bool{}
	for a := range w.Activities() {
		if bad := a.Validate(); len(bad) > 0 {
			t.Fatalf("%+v: %v", a, bad)
		}
		known["activity "+a.ExternalID] = true
	}
	var refs []string
	counts := map[string]int{}
	all(w, func(kind *data.Kind, rec data.Record) {
		counts[kind.Name]++
		key := kind.Name + " " + rec.Key().ExternalID
		if known[key] {
			t.Fatalf("%s comes twice", key)
		}
		known[key] = true
		if rec.Key().Source != Source {
			t.Fatalf("%s is of %q", key, rec.Key().Source)
		}
		if bad := rec.Check(); len(bad) > 0 {
			t.Fatalf("%s: %v", key, bad)
		}
		values := kind.Values(rec)
		for _, f := range kind.Fields {
			v, given := values[f.Name]
			switch {
			case f.Required && !given:
				t.Fatalf("%s has no %s", key, f.Name)
			case given && f.Ref != "":
				refs = append(refs, fmt.Sprintf("%s %s", f.Ref, v))
			case given && f.In != "":
				list, many := v.([]string)
				if !many {
					list = []string{fmt.Sprint(v)}
				}
				for _, word := range list {
					if !slices.Contains(data.Vocabularies[f.In], word) {
						t.Fatalf("%s: %s %q", key, f.Name, word)
					}
				}
			}
		}
	})
	for _, r := range refs {
		if !known[r] {
			t.Fatalf("%s is referred to and is not there", r)
		}
	}
	if counts["contribution"] != 3000 {
		t.Errorf("%d contributions, want 3000", counts["contribution"])
	}
	// What is governed by whom is real; nothing was reviewed yet.
	real := []string{"territory", "policing_body", "governance", "procurement_group", "review", "activity"}
	for _, k := range data.Kinds {
		if counts[k.Name] == 0 && !slices.Contains(real, k.Name) {
			t.Errorf("there is no %s", k.Name)
		}
	}
}

// dump is the world as text.
func dump(w *World) string {
	var b strings.Builder
	for a := range w.Activities() {
		fmt.Fprintf(&b, "%s %s %v %v %v\n", a.ExternalID, a.Name, *a.Lon, *a.Lat, a.Status)
	}
	all(w, func(kind *data.Kind, rec data.Record) {
		values := kind.Values(rec)
		for _, f := range kind.Fields {
			switch v := values[f.Name].(type) {
			case nil:
			case *float64:
				fmt.Fprintf(&b, "%s=%v ", f.Name, *v)
			case *data.Pence:
				fmt.Fprintf(&b, "%s=%d ", f.Name, *v)
			default:
				fmt.Fprintf(&b, "%s=%v ", f.Name, v)
			}
		}
		b.WriteByte('\n')
	})
	return b.String()
}

func TestSameSeedSameWorld(t *testing.T) {
	opt := Options{Contributions: 500, Seed: 9}
	first := dump(New(opt))
	if diff := cmp.Diff(first, dump(New(opt))); diff != "" {
		t.Errorf("the same options again (-first +second):\n%s", diff)
	}
	opt.Seed = 10
	if dump(New(opt)) == first {
		t.Error("another seed makes the same world")
	}
}

// Contributions in parts are the contributions as a whole: a load that was
// stopped goes on where it was.
func TestContributionsInParts(t *testing.T) {
	w := New(Options{Contributions: 400, Seed: 2})
	ids := func(sheets []Sheet) (out []string) {
		for _, s := range sheets {
			for rec := range s.Records {
				out = append(out, s.Kind+" "+rec.Key().ExternalID)
			}
		}
		slices.Sort(out)
		return out
	}
	n := w.Size()
	parts := slices.Concat(w.Part(0, 100), w.Part(100, 101), w.Part(101, n))
	if diff := cmp.Diff(ids(w.Part(0, n)), ids(parts)); diff != "" {
		t.Errorf("in parts (-whole +parts):\n%s", diff)
	}
}

// The shape of the world: what is given grows over the years, most of it is
// settled, and there is something in nearly every territory, but not the same.
func TestShape(t *testing.T) {
	w := New(Options{Contributions: 20_000, Seed: 1})
	states, years := map[string]int{}, map[int]int{}
	for rec := range w.Part(0, w.Size())[0].Records {
		c := rec.(*data.Contribution)
		states[c.State]++
		years[c.From.Time().Year()]++
		if c.From.Before(w.day(0)) || !c.From.Before(w.opt.Until) {
			t.Fatalf("%s was given on %s", c.ExternalID, c.From)
		}
	}
	if states["audited"] < states["claimed"] || states["claimed"] == 0 {
		t.Errorf("states: %v", states)
	}
	if years[2025] < years[2021] || years[2021] == 0 {
		t.Errorf("years: %v", years)
	}
	in := map[int16]int{}
	for _, a := range w.activities {
		in[a.territory]++
	}
	if len(in) < 42 {
		t.Errorf("activities in %d territories", len(in))
	}
}

// A large world takes no more memory than a small one, but for what is few.
func TestLargeWorldIsSmall(t *testing.T) {
	w := New(Options{Contributions: 10_000_000, Seed: 1})
	if n := len(w.activities); n < 45_000 || n > 55_000 {
		t.Errorf("%d activities, want about 50,000", n)
	}
	if n := w.count(600); n < 18_000 || n > 22_000 {
		t.Errorf("%d target areas, want about 20,000", n)
	}
	n := 0
	for range w.Part(9_000_000, 9_000_010)[0].Records {
		n++
	}
	if n != 10 {
		t.Errorf("%d contributions of the ten asked for", n)
	}
}

func BenchmarkContributions(b *testing.B) {
	w := New(Options{Contributions: 1_000_000, Seed: 1})
	for b.Loop() {
		for range w.Part(0, 10_000)[0].Records {
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/contribution")
}

// Each territory has a target area of the default boundaries, which the map can
// draw before others are loaded, and a district; no area is drawn twice.
func TestTargetAreasAreDrawnByDefault(t *testing.T) {
	w := New(Options{Contributions: 10_000, Seed: 1})
	drawn, times, districts := map[string]bool{}, map[string]int{}, map[string]bool{}
	for territory, shapes := range drawnAreas() {
		for _, s := range shapes {
			drawn[s.Code] = true
			times[s.Code] = 0
		}
		if len(shapes) == 0 {
			t.Errorf("%s has no default area", territory)
		}
	}
	of := map[string]int{}
	all(w, func(_ *data.Kind, rec data.Record) {
		if a, ok := rec.(*data.TargetArea); ok {
			for _, code := range a.Areas {
				if drawn[code] {
					times[code]++
					of[string(a.Set)]++
				} else {
					districts[string(a.Set)] = true
				}
			}
		}
	})
	if len(of) != 45 || len(districts) != 45 {
		t.Errorf("of 45 territories %d have a target area that is drawn by default, %d one that is a district", len(of), len(districts))
	}
	for code, n := range times {
		if n > 1 {
			t.Errorf("%s is %d target areas", code, n)
		}
	}
}
