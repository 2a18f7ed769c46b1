package geo

import (
	"fmt"
	"regexp"
	"strings"
)

// Postcode is a full United Kingdom postcode in its canonical spelling:
// capitals with one space before the inward part, such as "NR1 3JU".
type Postcode string

// Outcode is the outward half of a postcode, such as "NR1". It stands for
// several thousand addresses and so is safe to show (ICO, line on postcodes).
type Outcode string

// Patterns of BS 7666-2 (postcodes), without the special non-geographic codes.
// They check the form, not that the postcode exists.
var (
	outcodePattern  = regexp.MustCompile(`^([A-PR-UWYZ][0-9][0-9A-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRVWXY]?)$`)
	postcodePattern = regexp.MustCompile(`^([A-PR-UWYZ][0-9][0-9A-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRVWXY]?)([0-9][ABD-HJLNP-UW-Z]{2})$`)
)

func squeeze(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}

// ParsePostcode reads a full postcode in any spelling: case and spaces do not
// matter.
func ParsePostcode(s string) (Postcode, error) {
	m := postcodePattern.FindStringSubmatch(squeeze(s))
	if m == nil {
		return "", fmt.Errorf("%q is not a postcode: give one such as NR1 3JU", s)
	}
	return Postcode(m[1] + " " + m[2]), nil
}

// ParseOutcode reads the outward half of a postcode in any spelling.
func ParseOutcode(s string) (Outcode, error) {
	t := squeeze(s)
	if !outcodePattern.MatchString(t) {
		return "", fmt.Errorf("%q is not the first half of a postcode: give one such as NR1", s)
	}
	return Outcode(t), nil
}

// Outcode returns the outward half.
func (p Postcode) Outcode() Outcode {
	out, _, _ := strings.Cut(string(p), " ")
	return Outcode(out)
}

// inText finds full postcodes in a text, in any spelling with at most one
// blank or hyphen before the inward part.
var inText = regexp.MustCompile(`(?i)(^|[^A-Z0-9])([A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]?)[ \x{A0}-]?([0-9][ABD-HJLNP-UW-Z]{2})($|[^A-Z0-9])`)

// WithoutPostcodes shortens the full postcodes in a text to their outward
// half.
func WithoutPostcodes(s string) string {
	for {
		// Two that share a separator need a second look.
		t := inText.ReplaceAllString(s, "$1$2$4")
		if t == s {
			return s
		}
		s = t
	}
}
