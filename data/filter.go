package data

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"tributary/geo"
)

// Filter is what a question asks about: the same fields with the same meaning
// on tiles, heat maps, flows, gaps, tables, exports and page links. An empty
// field does not restrict. Values of one field are alternatives ("or");
// different fields restrict together ("and"), and a row is kept if its linked
// facts satisfy them together. Values are sorted and distinct, so equal
// filters are equal however they were spelt.
type Filter struct {
	// The place of delivery.
	Region     []geo.RegionCode
	Territory  []geo.TerritoryID
	Area       []geo.AreaCode
	BBox       *orb.Bound // EPSG:4326
	TargetArea []string

	// The place of origin, and whose site it is: supplier_site or buyer.
	Origin          string
	OriginRegion    []geo.RegionCode
	OriginTerritory []geo.TerritoryID
	OriginArea      []geo.AreaCode

	Sector      []string
	Theme       []Theme
	Priority    []string
	Measure     []string
	Type        []string
	Beneficiary []string
	State       []string
	Status      []Status
	Standing    []string

	Buyer    []string
	Supplier []string
	Provider []string
	Activity []string

	// From and To are the first and the last day of delivery, both included.
	From, To Date
	// AsAt selects the reference data in force on that day.
	AsAt Date

	// InAreas and OfActivities are what TargetArea and Status come to for facts:
	// areas, and activities by the bytes of their UUIDs. Who has those records
	// looks them up; they are no parameters.
	InAreas      []geo.AreaCode
	OfActivities []string
}

// A param is one parameter of the filter: how it is read into a Filter and how
// it is spelt canonically ("" when it does not restrict).
type param struct {
	name  string
	parse func(f *Filter, value string) error
	spell func(f *Filter) string
	known func(f *Filter) []string // values that a Scope can check; nil if it holds one value
}

var (
	slugPattern = regexp.MustCompile(`^[a-z0-9]+(?:[-_:.][a-z0-9]+)*$`)
	codePattern = regexp.MustCompile(`^[A-Za-z0-9]+(?:[-_:./][A-Za-z0-9]+)*$`)
)

func form(pattern *regexp.Regexp, example string) func(string) error {
	return func(s string) error {
		if len(s) > 80 || !pattern.MatchString(s) {
			return fmt.Errorf("%q is not of the right form: give one such as %s", s, example)
		}
		return nil
	}
}

func oneOf[T ~string](allowed ...T) func(string) error {
	return func(s string) error {
		if slices.Contains(allowed, T(s)) {
			return nil
		}
		names := make([]string, len(allowed))
		for i, a := range allowed {
			names[i] = string(a)
		}
		return fmt.Errorf("%q is not known: use %s", s, strings.Join(names, ", "))
	}
}

// maxValues bounds the alternatives of one parameter.
const maxValues = 500

// list makes the param of a field that holds alternatives.
func list[T ~string](name string, field func(*Filter) *[]T, check func(string) error) param {
	return param{
		name: name,
		parse: func(f *Filter, value string) error {
			values := *field(f)
			for v := range strings.SplitSeq(value, ",") {
				v = strings.TrimSpace(v)
				if v == "" {
					continue
				}
				if err := check(v); err != nil {
					return err
				}
				values = append(values, T(v))
			}
			slices.Sort(values)
			values = slices.Compact(values)
			if len(values) > maxValues {
				return fmt.Errorf("%d values are too many: give at most %d", len(values), maxValues)
			}
			*field(f) = values
			return nil
		},
		spell: func(f *Filter) string { return joined(*field(f)) },
		known: func(f *Filter) []string {
			out := make([]string, 0, len(*field(f)))
			for _, v := range *field(f) {
				out = append(out, string(v))
			}
			return out
		},
	}
}

func joined[T ~string](values []T) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(string(v))
	}
	return b.String()
}

func day(name string, field func(*Filter) *Date, read func(string) (Date, error)) param {
	return param{
		name: name,
		parse: func(f *Filter, value string) (err error) {
			*field(f), err = read(value)
			return err
		},
		spell: func(f *Filter) string { return field(f).String() },
	}
}

// params is the one list of filter parameters, in the order of the
// documentation.
var params = []param{
	list("region", func(f *Filter) *[]geo.RegionCode { return &f.Region }, form(codePattern, "E12000006")),
	list("territory", func(f *Filter) *[]geo.TerritoryID { return &f.Territory }, form(slugPattern, "norfolk")),
	list("area", func(f *Filter) *[]geo.AreaCode { return &f.Area }, form(codePattern, "E07000148")),
	{
		name: "bbox",
		parse: func(f *Filter, value string) error {
			b, err := geo.ParseBBox(value)
			f.BBox = &b
			return err
		},
		spell: func(f *Filter) string {
			if f.BBox == nil {
				return ""
			}
			return geo.FormatBBox(*f.BBox)
		},
	},
	list("target_area", func(f *Filter) *[]string { return &f.TargetArea }, form(codePattern, "norfolk:2026:great-yarmouth")),
	{
		name: "origin",
		parse: func(f *Filter, value string) error {
			f.Origin = value
			return oneOf("supplier_site", "buyer")(value)
		},
		spell: func(f *Filter) string { return f.Origin },
	},
	list("origin_region", func(f *Filter) *[]geo.RegionCode { return &f.OriginRegion }, form(codePattern, "E12000006")),
	list("origin_territory", func(f *Filter) *[]geo.TerritoryID { return &f.OriginTerritory }, form(slugPattern, "norfolk")),
	list("origin_area", func(f *Filter) *[]geo.AreaCode { return &f.OriginArea }, form(codePattern, "E07000148")),
	list("sector", func(f *Filter) *[]string { return &f.Sector }, oneOf(Sectors...)),
	list("theme", func(f *Filter) *[]Theme { return &f.Theme }, oneOf(Themes...)),
	list("priority", func(f *Filter) *[]string { return &f.Priority }, form(codePattern, "norfolk:preventing-crime")),
	list("measure", func(f *Filter) *[]string { return &f.Measure }, form(codePattern, "norfolk:PC1")),
	list("type", func(f *Filter) *[]string { return &f.Type }, oneOf(ContributionTypes...)),
	list("beneficiary", func(f *Filter) *[]string { return &f.Beneficiary }, oneOf(Beneficiaries...)),
	list("state", func(f *Filter) *[]string { return &f.State }, oneOf(EvidenceStates...)),
	list("status", func(f *Filter) *[]Status { return &f.Status }, oneOf(Statuses...)),
	list("standing", func(f *Filter) *[]string { return &f.Standing }, oneOf(Standings...)),
	list("buyer", func(f *Filter) *[]string { return &f.Buyer }, form(codePattern, "an organisation's id")),
	list("supplier", func(f *Filter) *[]string { return &f.Supplier }, form(codePattern, "an organisation's id")),
	list("provider", func(f *Filter) *[]string { return &f.Provider }, form(codePattern, "an organisation's id")),
	list("activity", func(f *Filter) *[]string { return &f.Activity }, form(codePattern, "an activity's id")),
	day("from", func(f *Filter) *Date { return &f.From }, func(s string) (Date, error) {
		first, _, err := parseSpan(s)
		return first, err
	}),
	day("to", func(f *Filter) *Date { return &f.To }, func(s string) (Date, error) {
		_, last, err := parseSpan(s)
		return last, err
	}),
	{
		name: "period",
		parse: func(f *Filter, value string) (err error) {
			if !f.From.IsZero() || !f.To.IsZero() {
				return fmt.Errorf("period %q stands beside from or to: give either the period or the days", value)
			}
			f.From, f.To, err = ParsePeriod(value)
			return err
		},
		// A period is spelt by its days.
		spell: func(*Filter) string { return "" },
	},
	day("as_at", func(f *Filter) *Date { return &f.AsAt }, func(s string) (Date, error) {
		d, err := ParseDate(s)
		if err == nil {
			err = inRange(s, d, d)
		}
		return d, err
	}),
}

// Scope says which parameters a question takes and which values exist.
type Scope struct {
	// Takes names the filter parameters that are linked to what is asked. The
	// others are refused: nothing is ignored silently.
	Takes []string
	// Exists reports whether a value of a parameter exists; nil accepts all.
	Exists func(param, value string) bool
}

// ParseFilter reads the filter parameters of a query string. Parameters that
// are no filter parameters are left for the caller and returned by name in
// rest. Errors are *[Invalid] and name the parameter.
func ParseFilter(query url.Values, scope Scope) (f Filter, rest []string, err error) {
	used := make(map[string]bool, len(query))
	for _, p := range params {
		values, given := query[p.name]
		if !given {
			continue
		}
		used[p.name] = true
		if p.known == nil && len(values) > 1 {
			return Filter{}, nil, Invalidf(p.name, strings.Join(values, " "), "is given %d times: give it once", len(values))
		}
		for _, v := range values {
			if v == "" {
				continue // an empty form field
			}
			if !slices.Contains(scope.Takes, p.name) {
				return Filter{}, nil, Invalidf(p.name, v, "does not apply to what is asked here: leave it out (this takes %s)", strings.Join(scope.Takes, ", "))
			}
			if err := p.parse(&f, v); err != nil {
				return Filter{}, nil, &Invalid{Field: p.name, Value: v, Reason: err.Error()}
			}
		}
		if err := p.exists(&f, scope); err != nil {
			return Filter{}, nil, err
		}
	}
	if !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		return Filter{}, nil, Invalidf("to", f.To.String(), "the period ends (%s) before it starts (%s): swap from and to", f.To, f.From)
	}
	for name := range query {
		if !used[name] {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	return f, rest, nil
}

func (p param) exists(f *Filter, scope Scope) error {
	if p.known == nil || scope.Exists == nil {
		return nil
	}
	for _, v := range p.known(f) {
		if !scope.Exists(p.name, v) {
			return Invalidf(p.name, v, "there is no %s %q: see /api/v1/%s", strings.ReplaceAll(p.name, "_", " "), v, listPath(p.name))
		}
	}
	return nil
}

func listPath(name string) string {
	switch strings.TrimPrefix(name, "origin_") {
	case "territory":
		return "territories"
	case "activity", "provider", "supplier":
		return "activities"
	case "priority", "measure":
		return "plan"
	default:
		return strings.ReplaceAll(strings.TrimPrefix(name, "origin_"), "_", "-") + "s"
	}
}

// Values is the filter's canonical spelling: one value a parameter, sorted
// alternatives joined by commas. Encode of it is a cache key and a link.
func (f Filter) Values() url.Values {
	v := url.Values{}
	for _, p := range params {
		if s := p.spell(&f); s != "" {
			v.Set(p.name, s)
		}
	}
	return v
}

// QuarterEarlier asks the same of the time a quarter before: the period moves
// back by three months, an open one ends three months before today.
func (f Filter) QuarterEarlier(today Date) Filter {
	back := func(d Date) Date { return DateOf(d.Time().AddDate(0, -3, 0)) }
	if !f.From.IsZero() {
		f.From = back(f.From)
	}
	if f.To.IsZero() {
		f.To = today
	}
	f.To = back(f.To)
	return f
}

// Has reports whether a parameter restricts.
func (f Filter) Has(param string) bool { return f.Values().Has(param) }

// Canonical is Values, encoded.
func (f Filter) Canonical() string { return f.Values().Encode() }

// ParamNames lists every filter parameter in the order of the documentation.
func ParamNames() []string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.name
	}
	return names
}

// parseSpan reads a day, a month or a year and returns its first and last day.
func parseSpan(s string) (first, last Date, err error) {
	for _, span := range []struct {
		form          string
		months, years int
	}{{"2006-01-02", 0, 0}, {"2006-01", 1, 0}, {"2006", 0, 1}} {
		t, err := time.Parse(span.form, s)
		if err != nil {
			continue
		}
		first, last = DateOf(t), DateOf(t)
		if span.months+span.years > 0 {
			last = DateOf(t.AddDate(span.years, span.months, -1))
		}
		return first, last, inRange(s, first, last)
	}
	return Date{}, Date{}, fmt.Errorf("%q is not a day, month or year: give one such as 2025-04-01, 2025-04 or 2025", s)
}

// inRange refuses days of other centuries, which are slips of the pen. The
// first day of the year 1 could also not be told from "not given".
func inRange(s string, first, last Date) error {
	if first.Time().Year() < 1900 || last.Time().Year() > 2200 {
		return fmt.Errorf("%q is too long ago or too far off: give a day from 1900 to 2200", s)
	}
	return nil
}

var periodPattern = regexp.MustCompile(`^(\d{4})-(\d{2})(?:-Q([1-4]))?$`)

// ParsePeriod reads a financial year ("2024-25", 1 April to 31 March) or its
// quarter ("2024-25-Q1", April to June) and returns its first and last day.
func ParsePeriod(s string) (first, last Date, err error) {
	m := periodPattern.FindStringSubmatch(s)
	if m == nil {
		return Date{}, Date{}, fmt.Errorf("%q is not a period: give a financial year such as 2024-25 or its quarter such as 2024-25-Q1", s)
	}
	start, err := time.Parse("2006", m[1])
	if err != nil {
		return Date{}, Date{}, err
	}
	if want := fmt.Sprintf("%02d", (start.Year()+1)%100); want != m[2] {
		return Date{}, Date{}, fmt.Errorf("%q is not a financial year: the year after %s is %s", s, m[1], want)
	}
	begin := time.Date(start.Year(), time.April, 1, 0, 0, 0, 0, time.UTC)
	months := 12
	if m[3] != "" {
		begin = begin.AddDate(0, 3*int(m[3][0]-'1'), 0)
		months = 3
	}
	first, last = DateOf(begin), DateOf(begin.AddDate(0, months, -1))
	return first, last, inRange(s, first, last)
}
