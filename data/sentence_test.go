package data

import (
	"testing"

	"tributary/geo"
)

func TestSentence(t *testing.T) {
	names := map[string]string{"norfolk": "Norfolk", "kent": "Kent", "E12000006": "East of England"}
	for _, tt := range []struct {
		filter      Filter
		counts      Counts
		territories int
		want        string
	}{
		{Filter{}, Counts{}, 0, "There are no activities."},
		{Filter{Theme: []Theme{ThemeSafer}}, Counts{}, 0, "There are no activities to make communities safer under these filters."},
		{Filter{}, Counts{Activities: 1, Providers: 1}, 1, "1 activity by 1 organisation is delivered in one police territory; it has not been validated yet."},
		{Filter{}, Counts{Activities: 5290, Providers: 163, Validated: 1474, Withheld: 75}, 45, "5,290 activities by 163 organisations are delivered in all 45 police territories; 1,474 of them are validated. 75 more activities may not be shown, to keep people safe."},
		{Filter{}, Counts{Activities: 2, Providers: 2, Validated: 2}, 2, "2 activities by 2 organisations are delivered in 2 of the 45 police territories; all of them are validated."},
		{Filter{Territory: []geo.TerritoryID{"norfolk", "kent"}}, Counts{Activities: 3, Providers: 1, Validated: 1}, 2, "3 activities by 1 organisation are delivered in Kent or Norfolk; one of them is validated."},
		{Filter{Region: []geo.RegionCode{"E12000006"}}, Counts{Withheld: 1}, 0, "There are no activities in East of England under these filters. 1 more activity may not be shown, to keep people safe."},
	} {
		if got := Sentence(tt.filter, tt.counts, tt.territories, names); got != tt.want {
			t.Errorf("Sentence(%+v, %+v):\n got %s\nwant %s", tt.filter, tt.counts, got, tt.want)
		}
	}
}
