package data

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tributary/geo"
)

// Classify decides the sensitivity of a place from the class that was asked
// for, the words of its texts and the default classes of its measures, which
// byMeasure gives by code. It only ever raises: the answer is never below
// asked, and a further text never lowers it. The reasons say, in words, what
// raised it; they are nil when nothing did.
//
// Texts are compared by whole words, without regard to case, apostrophes,
// hyphens and plurals. The words are in [classRules]; they are a net under
// the people who describe an activity, not a substitute for them.
func Classify(asked Sensitivity, texts, measures []string, byMeasure map[string]Sensitivity) (Sensitivity, []string) {
	class := asked
	var reasons []string
	raise := func(to Sensitivity, reason string) {
		if to > asked {
			reasons = append(reasons, reason)
			class = max(class, to)
		}
	}
	for _, m := range measures {
		if c, ok := byMeasure[m]; ok {
			raise(c, fmt.Sprintf("measure %s is %s", m, c))
		}
	}
	seen := map[*classRule]bool{}
	for _, text := range texts {
		for _, hit := range matchRules(words(text)) {
			if !seen[hit.rule] {
				seen[hit.rule] = true
				raise(hit.rule.class, fmt.Sprintf("%q means %s, %s", hit.phrase, hit.rule.reason, hit.rule.class))
			}
		}
	}
	return class, reasons
}

// Guard takes out of a record what may not be kept of its class: of a secret
// place its position, in any spelling that a text may hold. The territory
// stays.
func (r *ActivityRecord) Guard(class Sensitivity) {
	if class != S3Secret {
		return
	}
	r.Lon, r.Lat, r.Geometry = nil, nil, nil
	r.Postcode, r.Outcode, r.AreaCode, r.Locality = "", "", "", ""
	// A summary or a page may say where it is in as many words.
	r.Summary, r.URL = "", ""
	r.Name, r.Provider = geo.WithoutPostcodes(r.Name), geo.WithoutPostcodes(r.Provider)
}

// Classify is [Classify] over the record's own class, texts and measures.
func (r *ActivityRecord) Classify(byMeasure map[string]Sensitivity) (Sensitivity, []string) {
	texts := []string{r.Name, r.Summary, r.Provider, r.Locality, r.URL}
	return Classify(r.Class, texts, r.Measures, byMeasure)
}

// words splits a text into lower-case words without apostrophes and accents'
// variants. Hyphens, slashes and blanks part words; any other mark also ends
// a phrase, which an empty word stands for.
func words(text string) []string {
	var out []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	// NFKC first, so that full-width and ligature look-alikes are the same.
	for _, r := range norm.NFKC.String(text) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r):
			word.WriteRune(unicode.ToLower(r))
		case isApostrophe(r), unicode.Is(unicode.Cf, r): // "women's", soft hyphens, zero-width joiners
		case unicode.IsSpace(r) && r != '\n', unicode.Is(unicode.Pd, r), r == '/', r == '_', r == '+', r == '&', r == '*':
			flush()
		default:
			flush()
			out = append(out, "")
		}
	}
	flush()
	return out
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '`', '\u00B4', '\u2018', '\u2019', '\u02BC', '\u2032':
		return true
	}
	return false
}

type ruleHit struct {
	rule   *classRule
	phrase string
}

// matchRules finds, at every word, the rules whose phrase starts there, except
// inside a phrase that the rule lists as harmless.
func matchRules(text []string) []ruleHit {
	var hits []ruleHit
	for i, w := range text {
		if w == "" {
			continue
		}
		for _, c := range rulesByWord[stem(w)] {
			if !startsWith(text[i:], c.phrase) || c.rule.harmless(text, i, len(c.phrase)) {
				continue
			}
			hits = append(hits, ruleHit{c.rule, strings.Join(text[i:i+len(c.phrase)], " ")})
		}
	}
	return hits
}

// harmless reports whether the n words at text[i:] lie inside one of the
// rule's exceptions.
func (r *classRule) harmless(text []string, i, n int) bool {
	for _, except := range r.exceptions {
		for from := max(0, i+n-len(except)); from <= i; from++ {
			if startsWith(text[from:], except) {
				return true
			}
		}
	}
	return false
}

// startsWith compares word by word, a plural s aside.
func startsWith(text, phrase []string) bool {
	if len(text) < len(phrase) {
		return false
	}
	for i, p := range phrase {
		if stem(text[i]) != stem(p) {
			return false
		}
	}
	return true
}

// stem drops a plural s, so that "refuges" is "refuge" but "refugees" is not.
func stem(w string) string {
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
		return w[:len(w)-1]
	}
	return w
}
