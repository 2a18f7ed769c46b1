package web

import (
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"time"

	"tributary/data"
	"tributary/geo"
)

// templateFuncs are the few functions that templates call; everything else is
// worked out in Go before rendering.
var templateFuncs = template.FuncMap{
	"number":     number,
	"plural":     plural,
	"date":       longDate,
	"status":     statusWord[data.Status],
	"statusTag":  statusTag,
	"theme":      themeWord[data.Theme],
	"level":      levelWords,
	"method":     methodWords,
	"levelWhy":   levelWhy,
	"word":       offerWord,
	"typeWord":   plainCode,
	"stateWord":  stateWord,
	"stateLower": func(state string) string { return strings.ToLower(stateWord(state)) },
	"short":      short,
	"auditWord":  func(result string) string { return auditWords[result] },
	"sub":        func(a, b int) int { return a - b },
	"deref":      func(v *float64) float64 { return *v },
	"checks":     func(name, legend string, options []option) checkBoxes { return checkBoxes{name, legend, options} },
	"amount":     amount,
	"href":       data.WebAddress,
	"bodyKind":   bodyKindWords,
	"planKind":   planKindWords,
	"areaKind":   areaKindWord,
	"pathID":     func(id any) string { return url.PathEscape(fmt.Sprint(id)) },
	"welsh":      welshName,
	"dates":      plainDates,
	"sentence":   sentenceCase,
	"search":     func(query, problem string) searchContent { return searchContent{Query: query, Problem: problem} },
	"select": func(name, label, all string, options []option) picker {
		return picker{name, label, all, options, nil}
	},
	"groups": func(name, label, all string, groups []optionGroup) picker {
		return picker{name, label, all, nil, groups}
	},
	"gapState": func(s data.GapState) string { return gapStateWords[s] },
	"gapMeans": func(s data.GapState) string { return gapStateMeans[s] },
	"gapScore": gapScore,
	"int":      func(n int64) int { return int(n) },
	"bars":     func(caption, field string, bars []bar) barTable { return barTable{caption, field, bars} },
}

// number writes n with a comma between thousands.
func number(n int) string {
	if n < 0 {
		return "-" + number(-n)
	}
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", number(n/1000), n%1000)
}

// plural writes "1 activity" or "2 activities".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// moment writes "1 April 2025, 15:04", as London's clocks have it.
func moment(t time.Time) string { return t.In(data.London()).Format("2 January 2006, 15:04") }

// longDate writes "1 April 2025"; empty for a zero day. A time is written as
// the day that it falls on in London.
func longDate(v any) string {
	var t time.Time
	switch d := v.(type) {
	case data.Date:
		t = d.Time()
	case time.Time:
		t = d
		if !d.IsZero() {
			t = d.In(data.London())
		}
	}
	if t.IsZero() {
		return ""
	}
	return t.Format("2 January 2006")
}

// words looks a value up and falls back to the value itself with spaces, so
// that a new value is readable before it has words of its own.
func words[T ~string](table map[T]string, v T) string {
	if w, ok := table[v]; ok {
		return w
	}
	return sentenceWord(strings.ReplaceAll(string(v), "_", " "))
}

func sentenceWord(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

var statusWords = map[data.Status]string{
	data.StatusDraft:     "Draft",
	data.StatusSubmitted: "Not validated yet",
	data.StatusValidated: "Validated",
	data.StatusSuspended: "Suspended",
	data.StatusExpired:   "Validation expired",
	data.StatusClosed:    "Closed",
}

func statusWord[T ~string](s T) string { return words(statusWords, data.Status(s)) }

// statusTag is the colour class of a status's tag. The word always stands in
// the tag: colour is never the only sign.
func statusTag(s data.Status) string {
	switch s {
	case data.StatusValidated:
		return "govuk-tag--green"
	case data.StatusSuspended:
		return "govuk-tag--red"
	case data.StatusExpired:
		return "govuk-tag--yellow"
	case data.StatusClosed:
		return "govuk-tag--grey"
	}
	return "govuk-tag--blue"
}

var themeWords = map[data.Theme]string{
	data.ThemeHealthier: "Healthier",
	data.ThemeSafer:     "Safer",
	data.ThemeResilient: "More resilient",
}

func themeWord[T ~string](t T) string { return words(themeWords, data.Theme(t)) }

// levelWords says how finely a place is shown.
func levelWords(l geo.Level) string {
	switch l {
	case geo.LevelExact:
		return "Shown where it is"
	case geo.LevelCell:
		return "Shown somewhere within an area of about 0.7 square kilometres"
	case geo.LevelArea:
		return "Shown by district only"
	case geo.LevelTerritory:
		return "Shown by police territory only"
	case geo.LevelRegion:
		return "Shown by region only"
	}
	return "Shown for the United Kingdom only"
}

var methodTable = map[data.Method]string{
	data.MethodCode:        "the code of its area",
	data.MethodCoordinates: "its coordinates",
	data.MethodPostcode:    "the centre of its postcode",
	data.MethodOutcode:     "the centre of the first half of its postcode",
	data.MethodPolygon:     "the area drawn for it",
}

func methodWords(m data.Method) string { return words(methodTable, m) }

var bodyKindTable = map[data.BodyKind]string{
	data.BodyPCC:            "Police and crime commissioner",
	data.BodyPFCC:           "Police, fire and crime commissioner",
	data.BodyMayor:          "Mayor of a combined authority, who holds the commissioner's functions",
	data.BodyMOPAC:          "Mayor's Office for Policing and Crime",
	data.BodyCommonCouncil:  "Common Council as police authority",
	data.BodyPolicingBoard:  "Policing and crime board",
	data.BodyScottishPolice: "Scottish Police Authority",
	data.BodyNIPolicing:     "Northern Ireland Policing Board",
}

func bodyKindWords(k data.BodyKind) string { return words(bodyKindTable, k) }

var planKindTable = map[string]string{
	"police_and_crime_plan":  "Police and crime plan",
	"strategic_police_plan":  "Strategic police plan",
	"policing_plan":          "Policing plan",
	"fire_and_rescue_plan":   "Fire and rescue plan",
	"police_fire_crime_plan": "Police, fire and crime plan",
}

func planKindWords(k string) string { return words(planKindTable, k) }

var areaKindTable = map[data.BoundaryKind]string{
	data.BoundaryRegion:          "Region",
	data.BoundaryTerritory:       "Police territory",
	data.BoundaryCountyOrUnitary: "County or unitary authority",
	data.BoundaryDistrict:        "District",
}

func areaKindWord(k data.BoundaryKind) string { return words(areaKindTable, k) }

var areaKindPlurals = map[data.BoundaryKind]string{
	data.BoundaryRegion:          "regions",
	data.BoundaryTerritory:       "territories",
	data.BoundaryCountyOrUnitary: "counties and unitary authorities",
	data.BoundaryDistrict:        "districts",
}

func areaKindPlural(k data.BoundaryKind) string { return words(areaKindPlurals, k) }

// welshName is the Welsh name where it differs from the English one.
func welshName(name, nameCy string) string {
	if nameCy == name {
		return ""
	}
	return nameCy
}

var writtenDay = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// plainDates writes the days within a text, such as 2025-11-13, in words.
func plainDates(s string) string {
	return writtenDay.ReplaceAllStringFunc(s, func(day string) string {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return day
		}
		return longDate(data.NewDate(t.Date()))
	})
}

// amount is "20 hours", or nothing where it is not told. How many people is told
// in one table alone.
func amount(q data.Quantity, unit string) string {
	if q == 0 && unit == "people" {
		return "people, of whom the number is not told here"
	}
	if q == 0 {
		return ""
	}
	return strings.TrimSpace(q.String() + " " + unit)
}

// checkBoxes are a set of choices of which several may stand.
type checkBoxes struct {
	Name, Legend string
	Options      []option
}

// plainCode is a code as it stands within a sentence.
func plainCode(code string) string {
	if code == "nhs" {
		return "NHS"
	}
	return strings.ReplaceAll(code, "_", " ")
}

// stateWord is what a state of evidence is called.
func stateWord(state string) string {
	if state == "provider_confirmed" {
		return "Confirmed"
	}
	return sentenceWord(plainCode(state))
}
