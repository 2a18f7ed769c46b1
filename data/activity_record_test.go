package data

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

func position(lon, lat float64) (*float64, *float64) { return &lon, &lat }

func goodRecord() ActivityRecord {
	r := ActivityRecord{
		Line: 2, ExternalID: "1", Name: "Lantern Street Library", Status: StatusSubmitted, Role: RoleDelivery, Class: S1Care,
		URL: "https://example.org/", Themes: []Theme{ThemeSafer}, Measures: []string{"norfolk:PC1"},
	}
	r.Lon, r.Lat = position(1.29, 52.63)
	return r
}

func TestActivityRecordValidate(t *testing.T) {
	square := func(west float64) orb.Polygon {
		return orb.Polygon{{{west, 52}, {west + 1, 52}, {west + 1, 53}, {west, 52}}}
	}
	for _, c := range []struct {
		name   string
		change func(*ActivityRecord)
		field  string // "" for good
		says   string
	}{
		{"as it is", func(*ActivityRecord) {}, "", ""},
		{"no id", func(r *ActivityRecord) { r.ExternalID = "" }, "id", "--key"},
		{"no name", func(r *ActivityRecord) { r.Name = "  " }, "name", "empty"},
		{"longest name", func(r *ActivityRecord) { r.Name = strings.Repeat("é", 200) }, "", ""},
		{"long name", func(r *ActivityRecord) { r.Name = strings.Repeat("é", 201) }, "name", "201 characters"},
		{"longest summary", func(r *ActivityRecord) { r.Summary = strings.Repeat("é\n", 2000) }, "", ""},
		{"long summary", func(r *ActivityRecord) { r.Summary = strings.Repeat("é", 4001) }, "summary", "shorten it to 4000"},
		{"bell", func(r *ActivityRecord) { r.Name = "A\aB" }, "name", "U+0007"},
		{"reversed writing", func(r *ActivityRecord) { r.Name = "A\u202eB" }, "name", "U+202E"},
		{"not text", func(r *ActivityRecord) { r.Summary = "\xff" }, "summary", "UTF-8"},
		{"script", func(r *ActivityRecord) { r.URL = "javascript:alert(1)" }, "url", "whole one"},
		{"relative address", func(r *ActivityRecord) { r.URL = "/page" }, "url", "whole one"},
		{"no host", func(r *ActivityRecord) { r.URL = "https:///x" }, "url", "whole one"},
		{"blank in address", func(r *ActivityRecord) { r.URL = "https://a.b/c d" }, "url", "whole one"},
		{"password in address", func(r *ActivityRecord) { r.URL = "https://a:b@example.org" }, "url", "password"},
		{"theme", func(r *ActivityRecord) { r.Themes = []Theme{"happier"} }, "theme", "healthier, safer or resilient"},
		{"measure", func(r *ActivityRecord) { r.Measures = []string{"PC 1"} }, "measure", "norfolk:PC1"},
		{"status", func(r *ActivityRecord) { r.Status = "open" }, "status", "draft"},
		{"role", func(r *ActivityRecord) { r.Role = RoleSupplierSite }, "role", "delivery, service_area or base"},
		{"class", func(r *ActivityRecord) { r.Class = 4 }, "class", "S0, S1, S2 or S3"},
		{"half a position", func(r *ActivityRecord) { r.Lat = nil }, "latitude", "both or neither"},
		{"other half", func(r *ActivityRecord) { r.Lon = nil }, "longitude", "both or neither"},
		{"swapped", func(r *ActivityRecord) { r.Lon, r.Lat = position(52.63, 1.29) }, "latitude", "swapped"},
		{"not a number", func(r *ActivityRecord) { r.Lon, r.Lat = position(math.NaN(), 52) }, "latitude", "finite"},
		{"abroad", func(r *ActivityRecord) { r.Lon, r.Lat = position(13.4, 52.5) }, "latitude", "outside the United Kingdom"},
		{"nowhere", func(r *ActivityRecord) { r.Lon, r.Lat = nil, nil }, "postcode", "says nowhere"},
		{"nowhere but base", func(r *ActivityRecord) { r.Lon, r.Lat, r.Role = nil, nil, RoleBase }, "", ""},
		{"a locality is no place", func(r *ActivityRecord) { r.Lon, r.Lat, r.Locality = nil, nil, "Norwich" }, "postcode", "says nowhere"},
		{"postcode", func(r *ActivityRecord) { r.Lon, r.Lat, r.Postcode = nil, nil, "NR1 3JU" }, "", ""},
		{"polygon", func(r *ActivityRecord) { r.Geometry = square(0) }, "", ""},
		{"several polygons", func(r *ActivityRecord) { r.Geometry = orb.MultiPolygon{square(0), square(-1)} }, "", ""},
		{"polygon abroad", func(r *ActivityRecord) { r.Geometry = orb.MultiPolygon{square(0), square(9)} }, "geometry", "outside"},
		{"line", func(r *ActivityRecord) { r.Geometry = orb.LineString{{0, 52}, {1, 52}} }, "geometry", "LineString"},
		{"empty polygon", func(r *ActivityRecord) { r.Geometry = orb.Polygon{} }, "geometry", "empty"},
	} {
		r := goodRecord()
		c.change(&r)
		bad := r.Validate()
		switch {
		case c.field == "" && len(bad) > 0:
			t.Errorf("%s: refused: %v", c.name, bad[0])
		case c.field != "" && (len(bad) != 1 || bad[0].Field != c.field || !strings.Contains(bad[0].Reason, c.says)):
			t.Errorf("%s: %v, want one problem of %s that says %q", c.name, bad, c.field, c.says)
		}
	}
}

func TestActivityRecordReportsEveryProblem(t *testing.T) {
	var fields []string
	for _, b := range (&ActivityRecord{Status: StatusDraft, Role: RoleDelivery}).Validate() {
		fields = append(fields, b.Field)
	}
	if got := strings.Join(fields, " "); got != "id name postcode" {
		t.Errorf("problems of %q, want id, name and postcode", got)
	}
}

func TestPersonalDetailsAreRefused(t *testing.T) {
	for _, s := range []string{
		"write to jo.bloggs@example.org.uk", "ring 01603 774774", "ring (01603) 774774.", "07700 900123", "07700900123",
		"+44 7700 900 123", "+44 (0)20 7946 0000", "0044 1603 774774", "tel:020 7946 0000", "020-7946-0000", "AB123456C", "ab QQ 12 34 56 C, AB 12 34 56 C",
	} {
		if checkImpersonal("summary", s) == nil {
			t.Errorf("%q was let through", s)
		} else if strings.Contains(checkImpersonal("summary", s).Error(), s) {
			t.Errorf("the refusal repeats %q", s)
		}
	}
}

func TestPersonalDetailsFalseAlarms(t *testing.T) {
	for _, s := range []string{
		"Library @ The Lightbox", "@norwichlibrary", "UPRN 10005220181", "UPRN 010005220181", "2007016685",
		"Monday 09:00-17:00, Tuesday 10.00 - 18.30", "from 01/02/2024 to 03/04/2025", "01-02-2024 12:00", "2014 - 2019",
		"£1,250,000 for 2024-25", "company 01234567, charity 1156077", "helpline 0808 2000 247 or 0300 123 4567", "Childline 0800 1111",
		"GB-CHC-1156077", "grid TG 229 084", "NR1 3JU", "E07000146", "Route 66, Unit 7 Block C", "GB123456A", "order 123456789012",
	} {
		if e := checkImpersonal("summary", s); e != nil {
			t.Errorf("%q: %v", s, e)
		}
	}
}

func TestPostcodeRecordValidate(t *testing.T) {
	good := PostcodeRecord{Postcode: "NR1 3JU", Outcode: "NR1", Lon: 1.3, Lat: 52.6}
	if bad := good.Validate(); bad != nil {
		t.Errorf("refused: %v", bad)
	}
	for _, r := range []PostcodeRecord{
		{Lon: 1.3, Lat: 52.6},
		{Postcode: "NR1 3JU", Outcode: "NR2", Lon: 1.3, Lat: 52.6},
		{Outcode: "NR1", Lon: 52.6, Lat: 1.3},
	} {
		if len(r.Validate()) != 1 {
			t.Errorf("%+v: %v, want one problem", r, r.Validate())
		}
	}
}
