package data

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"tributary/geo"
)

// read parses a text into a field and checks it by itself.
func (f Field) read(text string, into reflect.Value) error {
	var v any
	var err error
	switch f.Type {
	case FieldText:
		v, err = f.text(text)
	case FieldRef:
		v, err = f.text(text)
		if err == nil {
			v = Ref(v.(string))
		}
	case FieldMoney:
		v, err = ParsePounds(text)
	case FieldQuantity:
		var q Quantity
		if q, err = ParseQuantity(text); err == nil && q == 0 && f.Form == "positive" {
			err = fmt.Errorf("%q is nothing: give more than zero, or leave it empty", text)
		}
		v = q
	case FieldDate:
		v, err = readDay(text)
	case FieldYesNo:
		v, err = readYesNo(text)
	case FieldNumber:
		var n float64
		if n, err = strconv.ParseFloat(text, 64); err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			err = fmt.Errorf("%q is not a number", text)
		}
		v = &n
	case FieldWhole:
		if v, err = strconv.Atoi(text); err != nil {
			err = fmt.Errorf("%q is not a whole number", text)
		}
	case FieldList:
		v, err = f.list(text)
	}
	if err != nil {
		return err
	}
	if p, ok := v.(Pence); ok && into.Kind() == reflect.Pointer {
		v = &p
	}
	into.Set(reflect.ValueOf(v))
	return nil
}

func (f Field) list(text string) ([]string, error) {
	var out []string
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		p, err := f.text(part)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out, nil
}

var (
	sharePattern  = regexp.MustCompile(`^([1-9][0-9]{0,8})/([1-9][0-9]{0,8})$`)
	sha256Pattern = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// text checks one text by the field's rules and returns its canonical form.
func (f Field) text(s string) (string, error) {
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }) || !utf8.ValidString(s) {
		return "", fmt.Errorf("holds characters that no text has: remove them")
	}
	if f.Max > 0 && utf8.RuneCountInString(s) > f.Max {
		return "", fmt.Errorf("is longer than %d characters: shorten it", f.Max)
	}
	if f.In != "" {
		allowed := Vocabularies[f.In]
		c := strings.ReplaceAll(strings.ToLower(s), " ", "_")
		if !slices.Contains(allowed, c) {
			return "", fmt.Errorf("%q is not known: use %s", s, strings.Join(allowed, ", "))
		}
		return c, nil
	}
	switch f.Form {
	case "orgid":
		id, err := ParseOrgID(s)
		return id, err
	case "url":
		if e := checkURL(s); e != nil {
			return "", fmt.Errorf("%s", e.Reason)
		}
	case "postcode":
		return readPostcode(s)
	case "loose_postcode":
		if p, err := readPostcode(s); err == nil {
			return p, nil
		}
	case "polygon":
		g, err := geo.ReadGeometry(strings.NewReader(s), geo.GeoJSONLimits{})
		if err != nil {
			return "", err
		}
		switch g.(type) {
		case orb.Polygon, orb.MultiPolygon:
		default:
			return "", fmt.Errorf("a %s is no ground: give a GeoJSON Polygon or MultiPolygon", g.GeoJSONType())
		}
	case "share":
		if !sharePattern.MatchString(s) {
			return "", fmt.Errorf("%q is not a fraction: give one of whole numbers such as 1/3", s)
		}
	case "framework":
		scheme, code, ok := strings.Cut(s, ":")
		if _, known := Frameworks[scheme]; !ok || !known || code == "" {
			return "", fmt.Errorf("%q names no framework: give one of %s, a colon and its code, such as TOMs:NT28", s, strings.Join(slices.Sorted(maps.Keys(Frameworks)), ", "))
		}
	case "sha256":
		s = strings.ToLower(s)
		if !sha256Pattern.MatchString(s) {
			return "", fmt.Errorf("%q is not a SHA-256: give its 64 hexadecimal digits", s)
		}
	}
	return s, nil
}

// readPostcode reads a postcode or the outward half of one.
func readPostcode(s string) (string, error) {
	p, err := geo.ParsePostcode(s)
	if err == nil {
		return string(p), nil
	}
	if o, outErr := geo.ParseOutcode(s); outErr == nil {
		return string(o), nil
	}
	return "", err
}

// The span of years that a day may lie in: others are a typing error.
const (
	firstYear = 2000
	lastYear  = 2079
)

// readDay reads 2025-04-01, or 01/04/2025 with the day first as in the United
// Kingdom; a time of day after it is left out.
func readDay(s string) (Date, error) {
	text, _, _ := strings.Cut(s, "T")
	text = strings.TrimSuffix(text, " 00:00:00")
	if t, err := time.Parse("2/1/2006", text); err == nil {
		text = t.Format(time.DateOnly)
	}
	d, err := ParseDate(text)
	if err != nil {
		return Date{}, err
	}
	if y := d.Time().Year(); y < firstYear || y > lastYear {
		return Date{}, fmt.Errorf("%s is in the wrong century: years run from %d to %d", s, firstYear, lastYear)
	}
	return d, nil
}

func readYesNo(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "yes", "y", "true", "1":
		return true, nil
	case "no", "n", "false", "0":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither yes nor no", s)
}

// orgSchemes are the schemes of org-id.guide that organisations in the United
// Kingdom have, and the form of each one's identifiers.
var orgSchemes = map[string]*regexp.Regexp{
	"GB-CHC":   regexp.MustCompile(`^[0-9]{6,7}(-[0-9]+)?$`), // Charity Commission for England and Wales
	"GB-SC":    regexp.MustCompile(`^SC[0-9]{6}$`),           // Scottish charities
	"GB-NIC":   regexp.MustCompile(`^[0-9]{6}$`),             // Northern Ireland's charities
	"GB-COH":   regexp.MustCompile(`^[A-Z0-9]{8}$`),          // Companies House
	"GB-MPR":   regexp.MustCompile(`^[A-Z0-9]+$`),            // mutuals
	"GB-CASC":  regexp.MustCompile(`^[A-Z0-9]+$`),            // amateur sports clubs
	"GB-UKPRN": regexp.MustCompile(`^[0-9]{8}$`),             // learning providers
	"GB-HESA":  regexp.MustCompile(`^[0-9]{4}$`),
	"GB-EDU":   regexp.MustCompile(`^[0-9]{5,6}$`),
	"GB-NHS":   regexp.MustCompile(`^[A-Z0-9]{3,6}$`), // ODS codes
	"GB-LAE":   regexp.MustCompile(`^[A-Z]{3}$`),      // councils of the four nations
	"GB-LAS":   regexp.MustCompile(`^[A-Z]{3}$`),
	"GB-LANI":  regexp.MustCompile(`^[A-Z]{3}$`),
	"GB-PLA":   regexp.MustCompile(`^[A-Z]{3}$`),
	"GB-GOR":   regexp.MustCompile(`^[A-Z0-9]+$`),
	"GB-PPON":  regexp.MustCompile(`^[A-Z]{4}-[0-9]{4}-[A-Z]{4}$`), // central digital platform
	"GB-FTS":   regexp.MustCompile(`^[0-9]+$`),
}

// ParseOrgID reads an organisation identifier, SCHEME-ID by org-id.guide, and
// returns it in capitals.
func ParseOrgID(s string) (string, error) {
	id := strings.ToUpper(strings.TrimSpace(s))
	for scheme, form := range orgSchemes {
		rest, ok := strings.CutPrefix(id, scheme+"-")
		if !ok {
			continue
		}
		if !form.MatchString(rest) {
			return "", fmt.Errorf("%q is not an identifier of the scheme %s: check its digits", s, scheme)
		}
		return id, nil
	}
	return "", fmt.Errorf("%q is of no scheme known here: give one of org-id.guide such as GB-CHC-1090095 or GB-COH-09506232", s)
}
