package data

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkRequired is [checkText] for a text that may not be empty.
func checkRequired(field, s string, limit int, remedy string) *Invalid {
	if strings.TrimSpace(s) == "" {
		return Invalidf(field, s, "the %s is empty: %s", field, remedy)
	}
	return checkText(field, s, limit)
}

// checkText refuses texts over limit runes, and characters that have no place
// in a text: controls other than line feed and tab, and the marks that turn
// the direction of writing round, which make a page show something else than
// it holds.
func checkText(field, s string, limit int) *Invalid {
	if !utf8.ValidString(s) {
		return Invalidf(field, "", "the %s holds bytes that are not text: save the file as UTF-8", field)
	}
	if n := utf8.RuneCountInString(s); n > limit {
		return Invalidf(field, string([]rune(s)[:40])+"…", "the %s has %d characters: shorten it to %d", field, n, limit)
	}
	for _, r := range s {
		if (unicode.IsControl(r) && r != '\n' && r != '\t') || isBidiControl(r) {
			return Invalidf(field, "", "the %s holds the invisible control character U+%04X: delete it", field, r)
		}
	}
	return nil
}

// isBidiControl reports whether r is one of the explicit directional
// embeddings, overrides and isolates of UAX #9.
func isBidiControl(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// personal lists what looks like a person's own details in free text. Each
// pattern is narrow on purpose: a false alarm refuses somebody's honest row.
// Service numbers (03, 0800, 0808) are not a person's and are let through.
var personal = []struct {
	what    string
	may     func(s string) bool // cheap, and true if pattern can match at all
	pattern *regexp.Regexp
	is      func(match string) bool // nil: every match
	remedy  string
}{
	{
		"an e-mail address",
		func(s string) bool { return strings.Contains(s, "@") },
		regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`),
		nil,
		"give the activity's web page in the url column instead",
	},
	{
		"a telephone number",
		func(s string) bool { return digits(s) >= 9 },
		regexp.MustCompile(`(?:^|[^0-9A-Za-z.,£$])(?:(?:\+|00)44[ -]?(?:\(0\)[ -]?)?(?:[1-2][0-9]{1,4}|7[0-9]{3})|\(?0(?:1[0-9]{2,4}|2[0-9]|7[0-9]{3})\)?)[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?:[^0-9A-Za-z]|$)`),
		isTelephone,
		"give the activity's web page in the url column instead",
	},
	{
		// BG, GB, KN, NK, NT, TN and ZZ are never issued; D, F, I, Q, U and V
		// do not occur.
		"a National Insurance number",
		func(s string) bool { return digits(s) >= 6 },
		regexp.MustCompile(`(?:^|[^0-9A-Za-z])(?:[ACEHJ-MOPRSW-Y][A-CEGHJ-NPR-TW-Z]|B[A-CEHJ-NPR-TW-Z]|G[ACEGHJ-NPR-TW-Z]|[KT][A-CEGHJ-MPR-TW-Z]|N[A-CEGHJLMNPRSW-Z]|Z[A-CEGHJ-NPR-TW-Y]) ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D](?:[^0-9A-Za-z]|$)`),
		nil,
		"records of people are not kept here",
	},
}

func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// isTelephone reports whether the digits of s make a number of the United
// Kingdom: 9 or 10 of them without 0 or +44 in front. Longer runs are property
// reference numbers and the like.
func isTelephone(s string) bool {
	number := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if strings.Contains(s, "+") || strings.HasPrefix(number, "0044") {
		number = strings.TrimPrefix(strings.TrimPrefix(number, "00"), "44")
	}
	n := len(strings.TrimPrefix(number, "0"))
	return n == 9 || n == 10
}

// checkImpersonal refuses a free text that holds personal details. The error
// does not repeat them.
func checkImpersonal(field, s string) *Invalid {
	for _, p := range personal {
		if !p.may(s) {
			continue
		}
		for _, match := range p.pattern.FindAllString(s, -1) {
			if p.is == nil || p.is(match) {
				return Invalidf(field, "", "the %s holds %s, and personal details are not published: take it out, and %s", field, p.what, p.remedy)
			}
		}
	}
	return nil
}
