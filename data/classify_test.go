package data

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var classifiedTexts = []struct {
	text string
	want Sensitivity
}{
	{"Colchester and Tendring Women's Refuge", S3Secret},
	{"Colchester WOMEN’S REFUGES", S3Secret},
	{"https://www.refuge.org.uk/", S3Secret},
	{"a safe-house for survivors", S3Secret},
	{"a safe\u00a0house", S3Secret},
	{"a safe\u200bhouse", S3Secret}, // a zero-width space hides nothing
	{"ｒｅｆｕｇｅ", S3Secret},
	{"re\u00adfuge", S3Secret},
	{"Womens Aid shelter", S3Secret},
	{"Sanctuary Scheme homes", S3Secret},
	{"Approved Premises for women", S3Secret},
	{"dispersed accommodation", S3Secret},
	{"second-stage housing", S3Secret},
	{"modern slavery safe house", S3Secret},
	{"A wildlife refuge near the women's refuge", S3Secret},
	{"wildlife. Refuge for women", S3Secret},

	{"Women's Aid charity shop", S2Restricted},
	{"domestic/abuse drop-in", S2Restricted},
	{"mentoring for ex-offenders", S2Restricted},
	{"drugs and alcohol service", S2Restricted},
	{"needle exchange", S2Restricted},
	{"The Harbour SARC", S2Restricted},
	{"a children's home", S2Restricted},
	{"child sexual exploitation team", S2Restricted},
	{"Probation", S2Restricted},

	{"Youth club", S1Care},
	{"St Mary's Primary School", S1Care},
	{"for young people", S1Care},
	{"Children's Library", S1Care},

	{"Refugee Council", S0Open},
	{"support for refugees", S0Open},
	{"Refuge Assurance building", S0Open},
	{"a wildlife refuge by the river", S0Open},
	{"bird refuges", S0Open},
	{"Second Stage Theatre", S0Open},
	{"City of Sanctuary", S0Open},
	{"Sanctuary Housing", S0Open},
	{"the drug store", S0Open},
	{"alcohol-free bar", S0Open},
	{"Old School Lane Library", S0Open},
	{"youth hostel", S0Open},
	{"garden nursery", S0Open},
	{"oilseed rape", S0Open},
	{"drapes and grapes", S0Open},
	{"safe, house clearance", S0Open},
	{"safely housed", S0Open},
	{"Sarcastic comedy night", S0Open},
	{"probationary period", S0Open},
	{"", S0Open},
}

func TestClassifyWords(t *testing.T) {
	for _, c := range classifiedTexts {
		got, reasons := Classify(S0Open, []string{c.text}, nil, nil)
		if got != c.want {
			t.Errorf("Classify(%q) = %v, want %v", c.text, got, c.want)
		}
		if (got > S0Open) != (len(reasons) > 0) {
			t.Errorf("Classify(%q) = %v with reasons %q", c.text, got, reasons)
		}
	}
}

func TestClassifyMeasures(t *testing.T) {
	byMeasure := map[string]Sensitivity{"norfolk:PC1": S2Restricted, "norfolk:PC2": S0Open}
	got, reasons := Classify(S1Care, nil, []string{"norfolk:PC2", "norfolk:PC1", "other"}, byMeasure)
	if got != S2Restricted || len(reasons) != 1 || !strings.Contains(reasons[0], "norfolk:PC1") {
		t.Errorf("got %v %q, want S2 because of norfolk:PC1", got, reasons)
	}
}

func TestClassifyNamesEachRuleOnce(t *testing.T) {
	_, reasons := Classify(S0Open, []string{"refuge refuge", "refuge"}, nil, nil)
	if len(reasons) != 1 {
		t.Errorf("reasons %q, want one", reasons)
	}
}

func TestActivityRecordClassifyReadsEveryText(t *testing.T) {
	for _, r := range []ActivityRecord{
		{Name: "refuge"}, {Summary: "refuge"}, {Provider: "Refuge"}, {Locality: "The Refuge"}, {URL: "https://example.org/refuge"},
	} {
		if got, _ := r.Classify(nil); got != S3Secret {
			t.Errorf("%+v is %v, want S3", r, got)
		}
	}
}

// A further text, or more after a full stop, never makes a place less
// sensitive; nothing makes it less than was asked.
func TestClassifyOnlyRaises(t *testing.T) {
	vocabulary := []string{"wildlife", "refuge", "assurance", "safe", "house", "domestic", "abuse", "school", "lane", "old",
		"second", "stage", "theatre", "youth", "hostel", "of", "women's", "aid", ",", "."}
	phrase := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 8).Draw(t, "words"), " ")
	})
	rapid.Check(t, func(t *rapid.T) {
		asked := Sensitivity(rapid.IntRange(0, 3).Draw(t, "asked"))
		texts := rapid.SliceOfN(phrase, 0, 4).Draw(t, "texts")
		more := rapid.OneOf(phrase, rapid.String()).Draw(t, "more")
		before, _ := Classify(asked, texts, nil, nil)
		after, _ := Classify(asked, append(append([]string{}, texts...), more), nil, nil)
		if before < asked || after < before {
			t.Fatalf("asked %v, texts %q: %v, with %q: %v", asked, texts, before, more, after)
		}
		if len(texts) > 0 {
			joined := append([]string{texts[0] + ". " + more}, texts[1:]...)
			if after, _ := Classify(asked, joined, nil, nil); after < before {
				t.Fatalf("%q is %v, with more text %v", texts, before, after)
			}
		}
	})
}

// Every phrase of the table must raise by itself, and every exception must be
// one: an exception that no phrase lies in is a typing error.
func TestClassRulesAreConsistent(t *testing.T) {
	for i := range classRules {
		r := &classRules[i]
		for _, p := range phrases(r.phrases) {
			if got, _ := Classify(S0Open, []string{strings.Join(p, " ")}, nil, nil); got < r.class {
				t.Errorf("%q alone is %v, want %v", p, got, r.class)
			}
		}
		for _, e := range r.exceptions {
			for _, hit := range matchRules(e) {
				if hit.rule == r {
					t.Errorf("exception %q still raises by %q", e, hit.phrase)
				}
			}
			if !strings.Contains(" "+strings.Join(e, " ")+" ", " "+firstIn(e, r)+" ") {
				t.Errorf("exception %q holds no phrase of its rule", e)
			}
		}
	}
}

func firstIn(text []string, r *classRule) string {
	for _, p := range phrases(r.phrases) {
		for i := range text {
			if startsWith(text[i:], p) {
				return strings.Join(text[i:i+len(p)], " ")
			}
		}
	}
	return "\x00"
}

func FuzzClassify(f *testing.F) {
	f.Add("Women's Refuge")
	f.Add("wildlife \xff refuge")
	f.Fuzz(func(t *testing.T, text string) {
		if got, _ := Classify(S2Restricted, []string{text}, nil, nil); got < S2Restricted {
			t.Errorf("%q lowered S2 to %v", text, got)
		}
	})
}
