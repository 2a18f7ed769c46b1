package data

import (
	"net/url"
	"strings"
)

// ActivityProfile is everything that anyone may see of one activity.
type ActivityProfile struct {
	Activity
	ActivityMore
}

// ActivityMore is what an activity's own page tells beyond a list. Stories are
// told with consent alone.
type ActivityMore struct {
	Validations []ValidationShown `json:"validations,omitempty"` // the newest first
	Needs       []NeedShown       `json:"needs,omitempty"`       // open today or later
	Serves      []MeasureServed   `json:"serves,omitempty"`      // what Measures say in words
	FundedUntil Date              `json:"funded_until,omitzero"`
	Closed      *Closing          `json:"closed,omitempty"`
	Stories     []Story           `json:"stories,omitempty"`
	Students    []StudentLink     `json:"students,omitempty"`
	Contact     Contact           `json:"contact,omitzero"`
}

// ValidationShown is one time that an activity was found to be as it should.
type ValidationShown struct {
	By       string   `json:"by,omitempty"`
	On       Date     `json:"on"`
	Until    Date     `json:"until,omitzero"` // the day from which it has expired
	Criteria []string `json:"criteria"`       // that were met
}

// Validity is an activity's last validation: since when and until when.
type Validity struct {
	Activity Party
	Provider string
	On       Date
	Until    Date
}

// NeedShown is something that an activity asks for.
type NeedShown struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	Quantity Quantity `json:"quantity_milli,omitempty"` // 0: not told
	Unit     string   `json:"unit,omitempty"`
	From     Date     `json:"from,omitzero"`
	Until    Date     `json:"until,omitzero"`
	Text     string   `json:"text,omitempty"`
}

// MeasureServed is a measure of a plan that an activity serves, in the plan's
// words.
type MeasureServed struct {
	Code         string   `json:"code"`
	Name         string   `json:"name"`
	Priority     string   `json:"priority"`
	PriorityName string   `json:"priority_name"`
	Plan         string   `json:"plan"`
	Types        []string `json:"types"`
	Units        []string `json:"units"`
	For          []string `json:"for"`        // whom it is for
	Frameworks   []string `json:"frameworks"` // codes of like measures elsewhere
}

// Closing is when and why an activity ended.
type Closing struct {
	On     Date   `json:"on"`
	Reason string `json:"reason,omitempty"`
}

// Story is something published about an activity or a place.
type Story struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
	On    Date   `json:"on,omitzero"`
	Text  string `json:"text,omitempty"`
	// Activity it is of, where a list holds stories of several.
	Activity Party `json:"activity,omitzero"`
}

// StudentLink is a faculty whose students take part.
type StudentLink struct {
	University string `json:"university"`
	Faculty    string `json:"faculty,omitempty"`
	Kind       string `json:"kind"`
}

// Contact is how to reach an organisation without a person's address: its
// website and its entries in public registers. Nothing is told of a sole trader.
type Contact struct {
	URL         string   `json:"url,omitempty"`
	Identifiers []string `json:"identifiers,omitempty"` // by org-id scheme, such as GB-CHC-1090095
	// Registered: its word in the Social Value register that it welcomes an
	// approach is fresh; Welcomes are the types that it names there.
	Registered bool     `json:"registered,omitempty"`
	Welcomes   []string `json:"welcomes,omitempty"`
}

// ValidatedUntil is the day from which the last validation has expired; zero if
// there is none, or it has no end.
func (m ActivityMore) ValidatedUntil() Date {
	if len(m.Validations) == 0 {
		return Date{}
	}
	return m.Validations[0].Until
}

// WebAddress is u if a page may link to it: http or https, with a host, and
// nobody's name or password in it; else empty.
func WebAddress(u string) string {
	p, err := url.Parse(u)
	if err != nil || (p.Scheme != "https" && p.Scheme != "http") || p.Host == "" || p.User != nil {
		return ""
	}
	return p.String()
}

// registers are public registers by org-id scheme: what they are called, and
// the address that an identifier is appended to.
var registers = []struct{ scheme, name, at string }{
	{"GB-CHC-", "Charity Commission for England and Wales", "https://register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details/"},
	{"GB-SC-", "Scottish Charity Regulator", "https://www.oscr.org.uk/about-charities/search-the-register/charity-details?number="},
	{"GB-NIC-", "Charity Commission for Northern Ireland", "https://www.charitycommissionni.org.uk/charity-details/?regId="},
	{"GB-COH-", "Companies House", "https://find-and-update.company-information.service.gov.uk/company/"},
}

// RegisterLink is an organisation's entry in a public register.
type RegisterLink struct{ Register, Number, URL string }

// RegisterLinks are the entries that a contact's identifiers name, of registers
// that can be linked to.
func (c Contact) RegisterLinks() (out []RegisterLink) {
	for _, id := range c.Identifiers {
		for _, r := range registers {
			if number, ok := strings.CutPrefix(id, r.scheme); ok {
				out = append(out, RegisterLink{r.name, number, r.at + url.QueryEscape(number)})
			}
		}
	}
	return out
}
