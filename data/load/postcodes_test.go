package load

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tributary/data"
)

func readPostcodes(t testing.TB, content string) ([]data.PostcodeRecord, []data.Refusal, *PostcodeReader) {
	t.Helper()
	table, err := OpenPostcodes(write(t, content), TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { table.Close() })
	r, err := NewPostcodeReader(table)
	if err != nil {
		t.Fatal(err)
	}
	var records []data.PostcodeRecord
	var refusals []data.Refusal
	for rec, bad := range r.All(context.Background()) {
		if refusals = append(refusals, bad...); len(bad) == 0 {
			records = append(records, rec)
		}
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return records, refusals, r
}

func TestPostcodes(t *testing.T) {
	norwich := data.PostcodeRecord{Line: 2, Postcode: "NR1 3JU", Outcode: "NR1", Lon: 1.2965, Lat: 52.6283, District: "E07000148"}
	first := norwich
	first.Line = 1
	full := norwich
	full.PFA, full.Terminated = "E23000024", data.NewDate(1996, time.June, 1)
	for _, c := range []struct {
		name, in string
		want     data.PostcodeRecord
	}{
		{"Code-Point Open", "\"NR1 3JU\",10,623200,308500,\"E92000001\",\"E19000002\",\"E18000002\",\"\",\"E07000148\",\"E05000001\"\n", first},
		{"Code-Point Open, packed", "\"NR13JU \",10,623200,308500,E92000001,E19000002,E18000002,,E07000148,E05000001\n", first},
		{"with its header", "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\nNR1 3JU,10,623200,308500,E92000001,,,,E07000148,\n", norwich},
		{"with a long header", "postcode,positional_quality,eastings,northings,country_code,admin_district_code,latitude,longitude\nNR1 3JU,10,0,0,E92000001,E07000148,52.6283,1.2965\n", norwich},
		{"ONSPD", "pcd,pcd2,pcds,dointr,doterm,oslaua,oseast1m,osnrth1m,osgrdind,rgn,lat,long,pfa\nNR1 3JU,NR1  3JU,NR1 3JU,198001,199606,E07000148,0623200,0308500,1,E12000006,52.6283,1.2965,E23000024\n", full},
		{"ONSPD, newer", "pcd7,pcds,doterm,lad25cd,east1m,north1m,gridind,lat,long,pfa23cd\nNR1 3JU,NR1 3JU,1996-06,E07000148,623200,308500,1,52.6283,1.2965,E23000024\n", full},
		{"outcodes", "outcode,latitude,longitude,source\nNR1,52.6283,1.2965,x\n", data.PostcodeRecord{Line: 2, Outcode: "NR1", Lon: 1.2965, Lat: 52.6283}},
	} {
		got, refusals, _ := readPostcodes(t, c.in)
		if diff := cmp.Diff([]data.PostcodeRecord{c.want}, got, cmpopts.EquateApprox(0, 0.0002), cmp.Comparer(func(a, b data.Date) bool { return a == b })); diff != "" {
			t.Errorf("%s: refused %v (-want +got):\n%s", c.name, refusals, diff)
		}
	}
}

func TestPostcodesWithoutPosition(t *testing.T) {
	for _, in := range []string{
		"AB1 0AA,90,0,0,S92000003,,,,S12000033,\n",
		"PC,PQ,EA,NO\nAB1 0AA,10,,\nAB1 0AA,10,0,0\n",
		"pcds,lat,long\nIM1 1AA,99.999999,0.000000\n",
		"pcds,osgrdind,lat,long\nAB1 0AA,9,57,-2\n",
	} {
		records, refusals, r := readPostcodes(t, in)
		if len(records) > 0 || len(refusals) > 0 || r.NoPosition() == 0 || !strings.Contains(strings.Join(r.Notes(), ""), "without a position") {
			t.Errorf("%q: %v, %v, %d passed over", in, records, refusals, r.NoPosition())
		}
	}
}

func TestPostcodesRefused(t *testing.T) {
	const header = "pcds,doterm,lat,long\n"
	for _, c := range []struct{ row, field, says string }{
		{"NR1,,52.6,1.3", "pcds", "is not a postcode"},
		{",,52.6,1.3", "pcds", "names no postcode"},
		{"NR1 3JU,,1.3,52.6", "lat", "swapped"},
		{"NR1 3JU,,x,52.6", "lat", "not a number"},
		{"NR1 3JU,June,52.6,1.3", "doterm", "199606"},
		{"NR1 3JU,52.6", "", "2 columns"},
	} {
		records, refusals, _ := readPostcodes(t, header+c.row+"\nNR1 3JU,,52.6,1.3\n")
		if len(records) != 1 || len(refusals) != 1 || refusals[0].Line != 2 || refusals[0].Field != c.field || !strings.Contains(refusals[0].Reason, c.says) {
			t.Errorf("%q: %+v, want %s: %s", c.row, refusals, c.field, c.says)
		}
	}
}

func TestPostcodeHeadersAreChecked(t *testing.T) {
	for _, c := range []struct{ header, says string }{
		{"name,latitude,longitude", "no column postcode"},
		{"postcode,latitude", "neither latitude and longitude nor easting"},
	} {
		table, err := OpenPostcodes(write(t, c.header+"\n"), TableOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer table.Close()
		if _, err := NewPostcodeReader(table); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want one that says %q", c.header, err, c.says)
		}
	}
}

func FuzzPostcodes(f *testing.F) {
	f.Add("NR1 3JU,10,623200,308500,E92000001,,,,E07000148,\n")
	f.Add("pcds,doterm,lat,long\nNR1 3JU,199606,52.6,1.3\n")
	f.Fuzz(func(t *testing.T, in string) {
		table, err := OpenPostcodes(write(t, in), TableOptions{})
		if err != nil {
			return
		}
		defer table.Close()
		r, err := NewPostcodeReader(table)
		if err != nil {
			return
		}
		for rec, bad := range r.All(context.Background()) {
			if more := rec.Validate(); len(bad) == 0 && len(more) > 0 {
				t.Fatalf("%+v was let through: %v", rec, more)
			}
		}
	})
}
