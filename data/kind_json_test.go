package data

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// cellOf draws a text that a file might have in a column.
func cellOf(t *rapid.T, f Field) string {
	word := rapid.StringMatching(`[A-Za-z][a-z é'/-]{0,8}[a-z]`)
	one := func() string {
		switch {
		case f.Name == "id":
			return rapid.SampledFrom([]string{"a-1", "b", "norfolk:x1"}).Draw(t, f.Name)
		case f.Name == "plan":
			return "norfolk"
		case f.Name == "priority":
			return "norfolk:safer"
		case f.In != "":
			return rapid.SampledFrom(Vocabularies[f.In]).Draw(t, f.Name)
		case f.Form == "orgid":
			return fmt.Sprintf("GB-COH-%08d", rapid.IntRange(0, 9999).Draw(t, f.Name))
		case f.Form == "url":
			return "https://example.org/" + rapid.StringMatching(`[a-z]{0,5}`).Draw(t, f.Name)
		case f.Form == "postcode":
			return "NR1 3JU"
		case f.Form == "share":
			return "1/3"
		case f.Form == "sha256":
			return strings.Repeat("ab", 32)
		case f.Form == "polygon":
			return `{"type":"Polygon","coordinates":[[[1.29,52.62],[1.3,52.62],[1.3,52.63],[1.29,52.62]]]}`
		}
		return word.Draw(t, f.Name)
	}
	switch f.Type {
	case FieldMoney:
		return Pence(rapid.Int64Range(0, 1e12).Draw(t, f.Name)).Pounds()
	case FieldQuantity:
		return Quantity(rapid.Int64Range(1, 1e9).Draw(t, f.Name)).String()
	case FieldDate:
		return NewDate(2020, 1, 1).AddDays(rapid.IntRange(0, 3000).Draw(t, f.Name)).String()
	case FieldYesNo:
		return rapid.SampledFrom([]string{"yes", "no"}).Draw(t, f.Name)
	case FieldNumber, FieldWhole:
		return fmt.Sprint(rapid.IntRange(1, 59).Draw(t, f.Name))
	case FieldList:
		var items []string
		for range rapid.IntRange(1, 3).Draw(t, f.Name) {
			items = append(items, one())
		}
		return strings.Join(items, ";")
	}
	return one()
}

// A record of any kind that a file can hold can be written as JSON and is the
// same when it is read back.
func TestRecordsRoundTripThroughJSON(t *testing.T) {
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) { roundTrips(t, k) })
	}
}

// storedValues are a record's values as the store keeps them: a source's own
// record is the same whether it is called "s//a" or "a".
func storedValues(k *Kind, rec Record) map[string]any {
	values := k.Values(rec)
	for _, f := range k.Fields {
		if ref, ok := values[f.Name].(Ref); ok {
			values[f.Name] = Ref(ShortRef("s", string(ref)))
		}
	}
	return values
}

func roundTrips(t *testing.T, k *Kind) {
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		row := map[string]string{}
		for _, f := range k.Fields {
			if f.Name != "places" && (f.Required || rapid.Bool().Draw(t, "give "+f.Name)) {
				row[f.Name] = cellOf(t, f)
			}
		}
		rec, bad := k.Read("s", func(c string) string { return row[c] })
		if len(bad) > 0 {
			return // what is wrong between fields is the same either way
		}
		taken++
		stored, err := json.Marshal(storedValues(k, rec))
		if err != nil {
			t.Fatal(err)
		}
		var doc Members
		if err := json.Unmarshal(stored, &doc); err != nil {
			t.Fatal(err)
		}
		if _, ok := doc["id"]; !ok {
			doc["id"], _ = json.Marshal(rec.Key().ExternalID)
		}
		text, err := k.WriteJSON("s", doc)
		if err != nil {
			t.Fatal(err)
		}
		members, err := ReadMembers(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		back, _, bad := k.ReadJSON("s", members)
		if len(bad) > 0 {
			t.Fatalf("%s: %v", text, bad[0])
		}
		again, err := json.Marshal(storedValues(k, back))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(stored), string(again)); diff != "" {
			t.Fatalf("%s by way of %s (-file +JSON):\n%s", k.Name, text, diff)
		}
	})
	if taken == 0 {
		t.Errorf("no record of %s was good", k.Plural)
	}
}

func TestMergePatch(t *testing.T) {
	for _, c := range []struct{ into, patch, want string }{
		{`{"a":1}`, `{}`, `{"a":1}`},
		{`{"a":1}`, `{"a":2,"b":3}`, `{"a":2,"b":3}`},
		{`{"a":1,"b":2}`, `{"a":null,"c":null}`, `{"b":2}`},
		{`{"a":[1,2]}`, `{"a":[3]}`, `{"a":[3]}`},
	} {
		into, err := ReadMembers([]byte(c.into))
		if err != nil {
			t.Fatal(err)
		}
		patch, err := ReadMembers([]byte(c.patch))
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(MergePatch(into, patch))
		if err != nil || string(got) != c.want {
			t.Errorf("%s patched with %s is %s, %v", c.into, c.patch, got, err)
		}
		if was, _ := json.Marshal(into); string(was) != c.into {
			t.Errorf("patching changed %s to %s", c.into, was)
		}
	}
}

func FuzzMembers(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{"a":{"b":[1]}}`, `{"a":1,"a":2}`, `[`, `{"a":"\ud800"}`, "{\"\xff\":1}", `{"a":1}x`, `{"":null}`} {
		f.Add([]byte(s))
	}
	k, _ := KindNamed("contribution")
	f.Fuzz(func(t *testing.T, in []byte) {
		members, err := ReadMembers(in)
		if err != nil {
			return
		}
		var plain map[string]any
		if err := json.Unmarshal(in, &plain); err != nil {
			t.Fatalf("%q was read and is not JSON: %v", in, err)
		}
		if got, want := slices.Sorted(maps.Keys(members)), slices.Sorted(maps.Keys(plain)); !slices.Equal(got, want) {
			t.Fatalf("%q has %q, read as %q", in, want, got)
		}
		k.ReadJSON("s", members)
	})
}

func TestShortRef(t *testing.T) {
	for _, c := range []struct{ ref, want string }{
		{"s//a", "a"},
		{"s//a/b", "a/b"},
		{"s//x//y", "s//x//y"}, // "x//y" would be y of the source x
		{"x//a", "x//a"},
		{"s// a", "s// a"},
		{"org-id//GB-COH-09506232", "GB-COH-09506232"},
		{"a", "a"},
	} {
		if got := ShortRef("s", c.ref); got != c.want {
			t.Errorf("ShortRef(s, %q) = %q, want %q", c.ref, got, c.want)
		}
	}
}
