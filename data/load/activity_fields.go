package load

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo"
)

// activityFields reads the fields of one row into a record.
type activityFields struct {
	row    Row
	layout *layout
	rec    *data.ActivityRecord
	bad    []*data.Invalid
}

// text is the cleaned value of a field, or the constant set for it.
func (f *activityFields) text(field int) string {
	if i := f.layout.index[field]; i >= 0 {
		s := clean(f.row.Fields[i])
		// Databases and map programs write out that there is nothing.
		if field >= fieldLatitude && (strings.EqualFold(s, "<null>") || strings.EqualFold(s, "null")) {
			return ""
		}
		return s
	}
	return f.layout.constant[field]
}

// fill reads every field. class is for rows that give none.
func (f *activityFields) fill(class data.Sensitivity) {
	r := f.rec
	if len(f.layout.key) > 0 {
		r.ExternalID = f.layout.keyID(f.row.Fields)
	} else {
		r.ExternalID = f.text(fieldID)
		if geo.WithoutPostcodes(r.ExternalID) != r.ExternalID {
			r.ExternalID = hashed(r.ExternalID)
		}
	}
	r.Name = f.text(fieldName)
	r.Summary = f.summary()
	r.URL = absolute(f.text(fieldURL))
	r.Provider = f.text(fieldProvider)
	r.ProviderID = f.text(fieldProviderID)
	for _, t := range split(f.text(fieldTheme)) {
		r.Themes = append(r.Themes, data.Theme(strings.ToLower(t)))
	}
	r.Measures = split(f.text(fieldMeasure))
	r.Status = data.StatusSubmitted
	if s := f.text(fieldStatus); s != "" {
		r.Status = data.Status(token(s))
	}
	r.Role = data.RoleDelivery
	if s := f.text(fieldRole); s != "" {
		r.Role = data.Role(token(s))
	}
	r.Class = class
	if s := f.text(fieldClass); s != "" {
		var err error
		if r.Class, err = data.ParseSensitivity(s); err != nil {
			f.refuse(fieldClass, s, err)
			r.Class = data.S3Secret // whatever becomes of the row
		}
	}
	f.place()
}

// summary keeps its lines, unlike the other texts.
func (f *activityFields) summary() string {
	i := f.layout.index[fieldSummary]
	if i < 0 {
		return f.layout.constant[fieldSummary]
	}
	var lines []string
	for l := range strings.SplitSeq(strings.ReplaceAll(f.row.Fields[i], "\r", "\n"), "\n") {
		lines = append(lines, clean(l))
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

func (f *activityFields) place() {
	r := f.rec
	r.AreaCode = f.text(fieldAreaCode)
	r.TerritoryCode = f.text(fieldTerritory)
	r.Locality = f.text(fieldLocality)
	if s := f.text(fieldPostcode); s != "" {
		p, err := geo.ParsePostcode(s)
		if err == nil {
			r.Postcode = p
		} else if out, errOut := geo.ParseOutcode(s); errOut == nil {
			r.Outcode = out
		} else {
			f.refuse(fieldPostcode, s, err)
		}
	}
	r.Lat = f.number(fieldLatitude, "degrees such as 52.6284")
	r.Lon = f.number(fieldLongitude, "degrees such as 1.2923")
	east := f.number(fieldEasting, "metres such as 623000")
	north := f.number(fieldNorthing, "metres such as 308500")
	switch {
	case r.Lat != nil || r.Lon != nil:
	case (east == nil) != (north == nil) && len(f.bad) == 0:
		f.bad = append(f.bad, data.Invalidf("easting", "", "easting and northing belong together: give both or neither"))
	case east != nil && north != nil:
		lon, lat, err := fromGrid(*east, *north)
		if err != nil {
			f.refuse(fieldEasting, f.text(fieldEasting)+", "+f.text(fieldNorthing), err)
			return
		}
		r.Lon, r.Lat = &lon, &lat
	}
	// A point is a position like any other; only drawn areas stay geometry.
	if p, ok := f.row.Geometry.(orb.Point); ok {
		lon, lat := p[0], p[1]
		r.Lon, r.Lat = &lon, &lat
	} else if f.row.Geometry != nil {
		r.Geometry = f.row.Geometry
	}
}

// number reads a decimal number; nil for an empty field and for one that is
// refused.
func (f *activityFields) number(field int, example string) *float64 {
	s := f.text(field)
	if s == "" {
		return nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.ContainsAny(s, "xX_") {
		f.bad = append(f.bad, data.Invalidf(activityColumns[field].name, s, "%q is not a number: give %s, with a point and without units", s, example))
		return nil
	}
	return &v
}

func (f *activityFields) refuse(field int, value string, err error) {
	f.bad = append(f.bad, data.Invalidf(activityColumns[field].name, value, "%v", err))
}

// spoilt are the fields whose emptiness follows from what was refused.
func (f *activityFields) spoilt() map[string]bool {
	spoilt := map[string]bool{}
	for _, b := range f.bad {
		spoilt[b.Field] = true
		switch b.Field {
		case "latitude", "longitude", "easting", "northing", "postcode":
			spoilt["postcode"] = true // where "the row says nowhere" is reported
		}
	}
	return spoilt
}

// clean makes one line of a text and drops invisible characters that come with
// copying: byte-order marks, zero-width and no-break spaces, soft hyphens.
// Other control characters stay, and are refused later.
func clean(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\uFEFF', '\u200B', '\u2060', '\u00AD':
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
}

// isPlain reports whether clean has nothing to do: printable ASCII without
// blanks at the ends or in a row.
func isPlain(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return s == "" || before != ' '
}

// split parts a list at semicolons, vertical bars and commas.
func split(s string) []string {
	var out []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(";|,", r) }) {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}

// token is a word of a fixed list as others write it: "Service area" is
// service_area.
func token(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(s))
}

// absolute completes a web address that was written without https://, as
// people and browsers do. Anything else is left for validation.
func absolute(s string) string {
	host, _, _ := strings.Cut(s, "/")
	if s == "" || strings.ContainsAny(host, ":@ ") || !strings.Contains(strings.Trim(host, "."), ".") {
		return s
	}
	return "https://" + s
}
