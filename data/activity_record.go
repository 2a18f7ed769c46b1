package data

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"tributary/geo"
)

// The longest texts a record may hold, in characters (runes).
const (
	MaxName       = 200
	MaxSummary    = 4000
	MaxURL        = 2000
	MaxExternalID = 200
	MaxMeasures   = 50
)

// ActivityRecord is what one row of somebody's file says about an activity and
// one of its places, after its form was checked and before it is placed.
// Codes, postcodes and measures are as given: whether they exist is the
// store's to say.
type ActivityRecord struct {
	// Line is the line of the file on which the row starts, counted from 1; the
	// row of the sheet for a spreadsheet, the feature for GeoJSON.
	Line int

	ExternalID string // the source's own id of the activity, or its key columns joined
	Name       string
	Summary    string
	URL        string // absolute, http or https
	Provider   string // name
	ProviderID string // org-id such as "GB-CHC-1156077", or the source's own
	Themes     []Theme
	Measures   []string
	Status     Status
	Role       Role
	Class      Sensitivity // as asked; words may raise it, see [ActivityRecord.Classify]

	Lon, Lat      *float64     // degrees, EPSG:4326; both or neither
	Geometry      orb.Geometry // orb.Point, orb.Polygon or orb.MultiPolygon, EPSG:4326; nil for none
	Postcode      geo.Postcode
	Outcode       geo.Outcode // only when the inward half is not given
	AreaCode      string      // slug, code or name
	TerritoryCode string      // slug, code or name
	Locality      string      // address line or name of the place, shown only at LevelExact
}

// activityRoles are the roles that an activity's own place may have. Sites of
// suppliers and of contracts belong to other records.
var activityRoles = []Role{RoleDelivery, RoleServiceArea, RoleBase}

// Validate reports everything that is wrong with r by itself, one *[Invalid]
// per problem, in the order of the fields. Nothing wrong is nil.
func (r *ActivityRecord) Validate() []*Invalid {
	var bad []*Invalid
	add := func(e *Invalid) {
		if e != nil {
			bad = append(bad, e)
		}
	}
	add(checkRequired("id", r.ExternalID, MaxExternalID, "give each activity an id, or name the columns that identify it with --key"))
	add(checkRequired("name", r.Name, MaxName, "every activity needs one"))
	add(checkText("summary", r.Summary, MaxSummary))
	add(checkText("provider", r.Provider, MaxName))
	add(checkText("provider_id", r.ProviderID, MaxExternalID))
	add(checkText("locality", r.Locality, MaxName))
	add(checkText("area_code", r.AreaCode, MaxName))
	add(checkText("territory", r.TerritoryCode, MaxName))
	add(checkImpersonal("name", r.Name))
	add(checkImpersonal("summary", r.Summary))
	add(checkURL(r.URL))
	bad = append(bad, r.checkWords()...)
	bad = append(bad, r.checkPlace()...)
	return bad
}

// checkWords checks the values that come from fixed lists.
func (r *ActivityRecord) checkWords() []*Invalid {
	var bad []*Invalid
	for _, t := range r.Themes {
		if !slices.Contains(Themes, t) {
			bad = append(bad, Invalidf("theme", string(t), "%q is not a theme: use %s", t, listed(Themes)))
		}
	}
	if !slices.Contains(Statuses, r.Status) {
		bad = append(bad, Invalidf("status", string(r.Status), "%q is not a status: use %s, or leave it empty for submitted", r.Status, listed(Statuses)))
	}
	if !slices.Contains(activityRoles, r.Role) {
		bad = append(bad, Invalidf("role", string(r.Role), "%q is not a role of an activity's place: use %s, or leave it empty for delivery", r.Role, listed(activityRoles)))
	}
	if r.Class < S0Open || r.Class > S3Secret {
		bad = append(bad, Invalidf("class", r.Class.String(), "%s is not a sensitivity class: use S0, S1, S2 or S3", r.Class))
	}
	if len(r.Measures) > MaxMeasures {
		bad = append(bad, Invalidf("measure", "", "%d measures are more than an activity may have: give at most %d", len(r.Measures), MaxMeasures))
	}
	for _, m := range r.Measures {
		if m == "" || strings.ContainsAny(m, " \t\r\n") || utf8.RuneCountInString(m) > 64 {
			bad = append(bad, Invalidf("measure", m, "%q is not the code of a measure: give one such as norfolk:PC1, several with a semicolon between", m))
		}
	}
	return bad
}

// checkPlace checks that r says where it is, and possibly so.
func (r *ActivityRecord) checkPlace() []*Invalid {
	var bad []*Invalid
	switch {
	case r.Lon != nil && r.Lat == nil:
		bad = append(bad, Invalidf("latitude", "", "the longitude has no latitude beside it: give both or neither"))
	case r.Lat != nil && r.Lon == nil:
		bad = append(bad, Invalidf("longitude", "", "the latitude has no longitude beside it: give both or neither"))
	case r.Lon != nil:
		if err := geo.CheckPoint(*r.Lon, *r.Lat); err != nil {
			bad = append(bad, Invalidf("latitude", "", "%v", err))
		}
	}
	if e := checkGeometry(r.Geometry); e != nil {
		bad = append(bad, e)
	}
	if !r.SaysWhere() && r.Role != RoleBase {
		bad = append(bad, Invalidf("postcode", "", "the row says nowhere: give latitude and longitude, easting and northing, a postcode or its first half, an area code or a territory"))
	}
	return bad
}

// SaysWhere reports whether the record gives any position, in any form.
func (r *ActivityRecord) SaysWhere() bool {
	return r.Lon != nil || r.Lat != nil || r.Geometry != nil || r.Postcode != "" || r.Outcode != "" ||
		r.AreaCode != "" || r.TerritoryCode != ""
}

// checkGeometry refuses kinds of geometry that are not a place, and vertices
// outside the United Kingdom.
func checkGeometry(g orb.Geometry) *Invalid {
	var rings []orb.Ring
	switch g := g.(type) {
	case nil:
		return nil
	case orb.Point:
		rings = []orb.Ring{{g}}
	case orb.Polygon:
		rings = g
	case orb.MultiPolygon:
		for _, p := range g {
			rings = append(rings, p...)
		}
	default:
		return Invalidf("geometry", g.GeoJSONType(), "a %s is not a place: give a Point, a Polygon or a MultiPolygon", g.GeoJSONType())
	}
	vertices := 0
	for _, ring := range rings {
		for _, p := range ring {
			if err := geo.CheckPoint(p[0], p[1]); err != nil {
				return Invalidf("geometry", "", "%v", err)
			}
			vertices++
		}
	}
	if vertices == 0 {
		return Invalidf("geometry", g.GeoJSONType(), "the %s is empty: give it coordinates, or null for none", g.GeoJSONType())
	}
	return nil
}

// checkURL refuses addresses that a page could not link to safely.
func checkURL(s string) *Invalid {
	if s == "" {
		return nil
	}
	if e := checkText("url", s, MaxURL); e != nil {
		return e
	}
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "", strings.ContainsAny(s, " \t\r\n<>\"\\"):
		return Invalidf("url", s, "%q is not a web address: give a whole one such as https://example.org/activity", s)
	case u.User != nil:
		return Invalidf("url", s, "the web address holds a name or password: give it without")
	}
	return nil
}

// listed is "a, b or c".
func listed[T ~string](list []T) string {
	var b strings.Builder
	for i, v := range list {
		switch {
		case i > 0 && i == len(list)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}
