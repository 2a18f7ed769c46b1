package data

import "testing"

func TestWebAddress(t *testing.T) {
	for given, want := range map[string]string{
		"https://example.org/a?b=c": "https://example.org/a?b=c", "http://example.org": "http://example.org",
		"": "", "mailto:jo@example.org": "", "javascript:alert(1)": "", "https://jo:secret@example.org/": "", "https://jo@example.org/": "", "/help": "", "//example.org": "", "ftp://example.org/": "", "https:///x": "", "http://[::1": "",
	} {
		if got := WebAddress(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func TestRegisterLinks(t *testing.T) {
	links := Contact{Identifiers: []string{"GB-CHC-1090095", "XX-YYY-1", "GB-COH-SC123&x=1"}}.RegisterLinks()
	if len(links) != 2 || links[0].Number != "1090095" || links[0].URL != "https://register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details/1090095" || links[1].URL != "https://find-and-update.company-information.service.gov.uk/company/SC123%26x%3D1" {
		t.Errorf("%+v", links)
	}
}

func TestVerdictNeedsIntervalsApart(t *testing.T) {
	point := func(lower, value, upper float64) ObservedPoint {
		return ObservedPoint{Value: value, Lower: &lower, Upper: &upper}
	}
	bare := ObservedPoint{Value: 3}
	for want, s := range map[string]IndicatorSeries{
		"measured once: the baseline":                                      {Points: []ObservedPoint{bare}},
		"no interval is known, so a difference cannot be told from chance": {Points: []ObservedPoint{bare, point(8, 9, 10)}},
		"no clear difference from the start":                               {Direction: "higher", Points: []ObservedPoint{point(1, 2, 3), point(3, 4, 5)}},
		"clearly better than at the start":                                 {Direction: "higher", Points: []ObservedPoint{point(1, 2, 3), point(1, 9, 17), point(3.1, 4, 5)}},
		"clearly worse than at the start":                                  {Direction: "lower", Points: []ObservedPoint{point(1, 2, 3), point(3.1, 4, 5)}},
	} {
		if got := s.Verdict(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
