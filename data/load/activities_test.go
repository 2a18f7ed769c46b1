package load

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tributary/data"
)

func readActivities(t testing.TB, content string, opt ActivityOptions) ([]data.ActivityRecord, []data.Refusal) {
	t.Helper()
	r, err := NewActivityReader(openTable(t, write(t, content), TableOptions{}), opt)
	if err != nil {
		t.Fatal(err)
	}
	var records []data.ActivityRecord
	var refusals []data.Refusal
	for rec, bad := range r.All(context.Background()) {
		if refusals = append(refusals, bad...); len(bad) == 0 {
			records = append(records, rec)
		}
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return records, refusals
}

func TestActivities(t *testing.T) {
	records, refusals := readActivities(t, "Ref,Title,Description,Website,Organisation,Themes,Measures,Status,Sensitivity,Role,Lat,Long,Post code,Area,Police force area,Town,Other\n"+
		"A1, Tea  club ,\"One\r\n two\",example.org/tea,Anna's,\"Safer; healthier\",norfolk:PC1|norfolk:PC2,Validated,s0,Service area,52.63,1.29,nr13ju,E07000148,Norfolk,Norwich,x\n"+
		"A2,Walk,,,,,,,,,,,NR1,,,,\n", ActivityOptions{})
	if len(refusals) > 0 {
		t.Fatalf("refused: %v", refusals)
	}
	lon, lat := 1.29, 52.63
	want := []data.ActivityRecord{
		{
			Line: 2, ExternalID: "A1", Name: "Tea club", Summary: "One\ntwo", URL: "https://example.org/tea", Provider: "Anna's",
			Themes: []data.Theme{data.ThemeSafer, data.ThemeHealthier}, Measures: []string{"norfolk:PC1", "norfolk:PC2"},
			Status: data.StatusValidated, Role: data.RoleServiceArea, Class: data.S0Open,
			Lon: &lon, Lat: &lat, Postcode: "NR1 3JU", AreaCode: "E07000148", TerritoryCode: "Norfolk", Locality: "Norwich",
		},
		{Line: 4, ExternalID: "A2", Name: "Walk", Status: data.StatusSubmitted, Role: data.RoleDelivery, Class: data.S1Care, Outcode: "NR1"},
	}
	if diff := cmp.Diff(want, records); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestActivitiesUnusedColumns(t *testing.T) {
	r, err := NewActivityReader(openTable(t, write(t, "id,name,colour,refused_line,postcode,size\n"), TableOptions{}), ActivityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"colour", "size"}, r.Unused()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestActivitiesMapSetKeyAndClass(t *testing.T) {
	open := data.S0Open
	opt := ActivityOptions{
		Map:   map[string]string{"name": "library NAME", "locality": "Address 1"},
		Set:   map[string]string{"theme": "resilient", "provider": "County"},
		Key:   []string{"Local authority", "Library name"},
		Class: &open,
	}
	records, refusals := readActivities(t, "Local authority,Library name,Address 1,Postcode,class\nNorfolk, Earlham ,Colman Road,NR4 7HG,\nNorfolk,Hethersett,Queens Road,NR9 3DB,S2\n,,x,NR9 3DB,\n", opt)
	if len(records) != 2 {
		t.Fatalf("%d records, refused %v", len(records), refusals)
	}
	got := records[0]
	if got.ExternalID != hashed("Norfolk | Earlham") || got.Name != "Earlham" || got.Locality != "Colman Road" || got.Provider != "County" ||
		got.Class != data.S0Open || len(got.Themes) != 1 {
		t.Errorf("got %+v", got)
	}
	if records[1].Class != data.S2Restricted {
		t.Errorf("the row's own class gave way to the default: %v", records[1].Class)
	}
	if len(refusals) != 2 || refusals[0].Field != "Local authority, Library name" || refusals[1].Field != "Library name" {
		t.Errorf("refusals %+v, want one of the key and one of the name", refusals)
	}
}

func TestIdentitiesHoldNoPosition(t *testing.T) {
	long := strings.Repeat("x", 300)
	for name, c := range map[string]struct {
		file  string
		key   []string
		plain bool
	}{
		"a key":             {"name,extent,postcode\na,1,NR1 3JU\nb,1,NR1 3JU\n", []string{"name", "postcode"}, false},
		"a long key":        {"name,extent,postcode\na," + long + ",NR1\nb," + long + ",NR1\n", []string{"name", "extent"}, false},
		"a postcode as id":  {"id,name,postcode\nNR13JU,a,NR1\nx nr1-3jq y,b,NR1\n", nil, false},
		"an id as it comes": {"id,name,postcode\nNR1,a,NR1\nNR13JUX,b,NR1\n", nil, true},
	} {
		records, _ := readActivities(t, c.file, ActivityOptions{Key: c.key})
		if len(records) != 2 || records[0].ExternalID == records[1].ExternalID {
			t.Errorf("%s: %+v", name, records)
			continue
		}
		for _, r := range records {
			if strings.HasPrefix(r.ExternalID, "sha256:") == c.plain {
				t.Errorf("%s: the id is %q", name, r.ExternalID)
			}
		}
	}
}

func TestActivitySettingsAreChecked(t *testing.T) {
	const header = "Ref no,Library name,Post code,lat,Lat\n"
	for _, c := range []struct {
		name string
		opt  ActivityOptions
		says []string
	}{
		{"no id", ActivityOptions{Map: map[string]string{"name": "Library name", "latitude": "lat"}}, []string{"--map id=", "--key", `"Ref no"`}},
		{"unknown field", ActivityOptions{Map: map[string]string{"nane": "Library name"}}, []string{`no field "nane"`, `perhaps "name"`, "area_code"}},
		{"unknown column", ActivityOptions{Map: map[string]string{"name": "Libary name"}}, []string{`no column "Libary name"`, `perhaps "Library name"`, `"Post code"`}},
		{"unknown key", ActivityOptions{Key: []string{"Ref"}, Map: map[string]string{"name": "Library name", "latitude": "lat"}}, []string{`no column "Ref"`, `"Ref no"`}},
		{"no name", ActivityOptions{Map: map[string]string{"id": "Ref no", "latitude": "lat"}}, []string{"no name column", "--map name="}},
		{"ambiguous", ActivityOptions{Map: map[string]string{"id": "Ref no", "name": "Library name"}}, []string{`both "lat" and "Lat"`, "--map latitude="}},
		{"set id", ActivityOptions{Set: map[string]string{"id": "1"}, Map: map[string]string{"latitude": "lat"}}, []string{"one id for all rows"}},
		{"both", ActivityOptions{Set: map[string]string{"name": "x"}, Map: map[string]string{"name": "Library name"}}, []string{"both mapped"}},
		{"id and key", ActivityOptions{Map: map[string]string{"id": "Ref no", "name": "Library name", "latitude": "lat"}, Key: []string{"lat"}}, []string{"both an id and key"}},
	} {
		_, err := NewActivityReader(openTable(t, write(t, header), TableOptions{}), c.opt)
		invalid := (*data.Invalid)(nil)
		if !errors.As(err, &invalid) {
			t.Errorf("%s: error %v, want an *Invalid", c.name, err)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: error %q does not say %q", c.name, err, s)
			}
		}
	}
}

func TestParsePairs(t *testing.T) {
	got, err := ParsePairs("map", []string{"name=Library name", "url = a=b"})
	if diff := cmp.Diff(map[string]string{"name": "Library name", "url": "a=b"}, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	for _, pairs := range [][]string{{"name"}, {"=x"}, {"name="}, {"name=a", "name=b"}} {
		if _, err := ParsePairs("map", pairs); err == nil {
			t.Errorf("%q was taken", pairs)
		}
	}
}

func TestActivityRowsRefused(t *testing.T) {
	const header = "id,name,lat,long,easting,northing,postcode,class,status,url\n"
	for _, c := range []struct {
		row  string
		want []string // "field: part of the reason"
	}{
		{"1,a,1.29,52.63,,,,,,", []string{"lat: look swapped"}},
		{"1,a,NaN,1.29,,,,,,", []string{"lat: finite"}},
		{"1,a,48.85,2.35,,,,,,", []string{"lat: outside the United Kingdom"}},
		{`1,a,"52,63",1.29,,,,,,`, []string{`lat: "52,63" is not a number`}},
		{"1,a,x,y,,,,,,", []string{`lat: "x" is not a number`, `long: "y" is not a number`}},
		{"1,a,0x34,1.29,,,,,,", []string{"lat: is not a number"}},
		{"1,a,52.63,,,,,,,", []string{"long: both or neither"}},
		{"1,a,,,623000,,,,,", []string{"easting: belong together"}},
		{"1,a,,,1.29,52.63,,,,", []string{"easting: are degrees"}},
		{"1,a,,,9999999,1,,,,", []string{"easting: outside the British National Grid"}},
		{"1,a,,,,,NR1 3J,,,", []string{`postcode: "NR1 3J" is not a postcode`}},
		{"1,a,,,,,,,,", []string{"postcode: says nowhere"}},
		{"1,a,,,,,NR1,S9,open,ftp://x", []string{"class: S9", "url: whole one", "status: is not a status"}},
		{",,,,,,NR1,,,", []string{"id: --key", "name: empty"}},
		{"1,write to a@b.org,,,,,NR1,,,", []string{"name: an e-mail address"}},
		{"1,a\x01b,,,,,NR1,,,", []string{"name: U+0001"}},
		{"1,a,b", []string{": the row has 3 columns where the header has 10"}},
	} {
		records, got := readActivities(t, header+c.row+"\n2,good,,,,,NR1 3JU,,,\n", ActivityOptions{})
		if len(records) != 1 || records[0].ExternalID != "2" {
			t.Errorf("%q: the rows after it are %+v", c.row, records)
		}
		if len(got) != len(c.want) {
			t.Errorf("%q: refused for %v, want %q", c.row, got, c.want)
			continue
		}
		for i, want := range c.want {
			field, says, _ := strings.Cut(want, ": ")
			if got[i].Line != 2 || got[i].Field != field || !strings.Contains(got[i].Reason, says) {
				t.Errorf("%q: %+v, want %q", c.row, got[i], want)
			}
		}
	}
}

func TestActivitiesOnTheGrid(t *testing.T) {
	// Ordnance Survey's worked example, near Great Yarmouth.
	records, bad := readActivities(t, "id,name,easting,northing\n1,a,651409.903,313177.270\n", ActivityOptions{})
	if len(records) != 1 {
		t.Fatal(bad)
	}
	want := [2]float64{1.7160, 52.6580}
	if got := [2]float64{*records[0].Lon, *records[0].Lat}; !cmp.Equal(want, got, cmpopts.EquateApprox(0, 0.0001)) {
		t.Errorf("at %v, want about %v", got, want)
	}
}

func TestActivitiesFromGeoJSON(t *testing.T) {
	records, refusals := readActivities(t, `{"type":"FeatureCollection","features":[
{"type":"Feature","id":7,"properties":{"name":"Park","themes":["safer","healthier"]},"geometry":{"type":"Point","coordinates":[1.29,52.63]}},
{"type":"Feature","id":8,"properties":{"name":"Estate"},"geometry":{"type":"Polygon","coordinates":[[[1,52],[1.1,52],[1.1,52.1],[1,52]]]}},
{"type":"Feature","id":9,"properties":{"name":"Swapped"},"geometry":{"type":"Point","coordinates":[52.63,1.29]}},
{"type":"Feature","id":10,"properties":{"name":"By postcode","postcode":"NR1 3JU"},"geometry":null},
{"type":"Feature","id":11,"properties":{"name":"Road"},"geometry":{"type":"LineString","coordinates":[[1,52],[1.1,52]]}}]}`, ActivityOptions{})
	var got []string
	for _, r := range records {
		got = append(got, fmt.Sprintf("%d %s %s %v %v %s", r.Line, r.ExternalID, r.Name, r.Lon != nil, r.Geometry != nil, r.Themes))
	}
	want := []string{"1 7 Park true false [safer healthier]", "2 8 Estate false true []", "4 10 By postcode false false []"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(refusals) != 2 || refusals[0].Line != 3 || refusals[1].Line != 5 || !strings.Contains(refusals[1].Reason, "LineString") {
		t.Errorf("refusals %+v, want features 3 and 5", refusals)
	}
}

func TestActivitiesStopWithTheContext(t *testing.T) {
	r, err := NewActivityReader(openTable(t, write(t, "id,name,postcode\n1,a,NR1\n2,b,NR1\n"), TableOptions{}), ActivityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	for range r.All(ctx) {
		n++
		cancel()
	}
	if n != 1 || !errors.Is(r.Err(), context.Canceled) {
		t.Errorf("%d rows, error %v; want 1 and cancelled", n, r.Err())
	}
}

func FuzzActivities(f *testing.F) {
	f.Add("id,name,lat,long\n1,a,52.6,1.3\n")
	f.Add("id,name,postcode,class\n1,\"a\"b,NR1,S3\n2,c,,\n")
	f.Fuzz(func(t *testing.T, in string) {
		table, err := OpenTable(write(t, in), TableOptions{})
		if err != nil {
			return
		}
		defer table.Close()
		r, err := NewActivityReader(table, ActivityOptions{})
		if err != nil {
			return
		}
		for rec, bad := range r.All(context.Background()) {
			if more := rec.Validate(); len(bad) == 0 && len(more) > 0 {
				t.Fatalf("%+v was let through: %v", rec, more)
			}
			for _, b := range bad {
				if b.Reason == "" || b.Line != rec.Line {
					t.Fatalf("refusal %+v of line %d", b, rec.Line)
				}
			}
		}
	})
}
