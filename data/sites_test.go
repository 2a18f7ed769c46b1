package data

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadSites(t *testing.T) {
	for _, tt := range []struct {
		file, reason string // what is wrong with it, or
		want         []string
	}{
		{file: "postcode\nNR1 3JU\nIP1 2DH\nNR1 3JU\n", want: []string{"NR1 3JU", "IP1 2DH"}},
		{file: "\ufeffName;Postcode\r\nDepot;NR1 3JU\r\n;\r\n", want: []string{"NR1 3JU"}},
		{file: "site,lat,lng\nDepot,52.6309,1.2974\n", want: []string{"52.6309 1.2974"}},
		{file: "NR1 3JU\nIP1 2DH", want: []string{"NR1 3JU", "IP1 2DH"}},
		{file: "postcode\tlatitude\tlongitude\nNR1 3JU\t\t\n\t52.6\t1.3\n", want: []string{"NR1 3JU", "52.6 1.3"}},
		{file: "", reason: "the file is empty"},
		{file: "postcode\n\n", reason: "no row names a place"},
		{file: "name,town\nDepot,Norwich\n", reason: "no column postcode"},
		{file: "latitude,longitude\n52.6309,\n", reason: "row 2 has only one"},
		{file: "postcode\nNR1 3JU\nNowhere\nIP1 2DH\nXX\n", reason: "row 3 \"Nowhere\" is no place"},
		{file: "postcode\nNR1 3JU\nNowhere\nIP1 2DH\nXX\n", reason: "row 5 \"XX\" is no place"},
		{file: "postcode\n" + strings.Repeat("Nowhere at all\n", 25), reason: "and 15 rows more"},
		{file: "lat,lon\n1.2974,52.6309\n", reason: "row 2"},
		{file: "postcode\n\"NR1", reason: "this is no CSV"},
		{file: "postcode\n" + strings.Repeat("x", maxSiteList), reason: "larger than"},
		{file: "latitude,longitude\n" + rowsOf(501), reason: "more than 500 sites"},
	} {
		got, err := ReadSites(strings.NewReader(tt.file))
		if tt.reason != "" {
			if err == nil || !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("%.40q: %v, want %q", tt.file, err, tt.reason)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", tt.file, err, diff)
		}
	}
}

func rowsOf(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("52." + strings.Repeat("0", i%3) + "1" + string(rune('0'+i%10)) + ",1." + strings.Repeat("1", i/10%9+1) + string(rune('0'+i/90)) + "\n")
	}
	return b.String()
}

func FuzzReadSites(f *testing.F) {
	f.Add("postcode\nNR1 3JU\n")
	f.Add("lat;lon\n52.6;1.3")
	f.Add("\"\n")
	f.Fuzz(func(t *testing.T, file string) {
		sites, err := ReadSites(strings.NewReader(file))
		if err == nil && (len(sites) == 0 || len(sites) > MaxSites) {
			t.Errorf("%d sites", len(sites))
		}
	})
}
