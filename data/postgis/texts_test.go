package postgis_test

import (
	"strings"
	"testing"

	"tributary/data"
)

// What is said of a place that is not open does not say where it is, in any of
// the ways that people do; what is open is told as it was said.
func TestTextsDoNotSayWhere(t *testing.T) {
	s, url := opened(t)
	for summary, want := range map[string]string{
		"Come to NR1 3JU at noon":                    "Come to NR1 at noon",
		"At 52.6309, 1.2974 on Mondays":              "At …, … on Mondays",
		"52.63091N 1.29741E":                         "… …",
		"Grid reference TG 2345 0812.":               "Grid reference ….",
		"Find us at ///filled.count.soap":            "Find us at …",
		"Meet at 12b Magdalen Street, ring the bell": "Meet at …, ring the bell",
		"Behind St Benedicts Road and upstairs":      "… and upstairs", // better too much
		"We help 120 people on 3.5 days a week":      "We help 120 people on 3.5 days a week",
		"Walking football, and tea":                  "Walking football, and tea",
		"Open 10.30 to 12.45":                        "Open 10.30 to 12.45",
	} {
		if got := asked(t, url, "SELECT pub.without_place('"+summary+"')"); got[0] != want {
			t.Errorf("%q is told as %q, want %q", summary, got[0], want)
		}
	}
	for i, class := range []data.Sensitivity{data.S0Open, data.S1Care, data.S2Restricted} {
		r := record(2+i, class.String(), norwich[0], norwich[1])
		r.Class, r.Name = class, "Club of Magdalen Road, NR1 3JU"
		r.Summary, r.URL = "At 7 Magdalen Road, 52.63091, 1.29741", "https://maps.example.org/?q=52.63091,1.29741"
		imported(t, s, data.Import{}, r)
		plain := record(5+i, "plain "+class.String(), norwich[0], norwich[1])
		plain.Class, plain.URL = class, "https://example.org/club"
		imported(t, s, data.Import{}, plain)
	}
	got := strings.Join(asked(t, url, "SELECT concat_ws('|', r.class, p.name, p.summary, p.url) FROM pub.activity p JOIN raw.activity r USING (id) ORDER BY r.external_id"), "\n")
	want := `0|Club of Magdalen Road, NR1 3JU|At 7 Magdalen Road, 52.63091, 1.29741|https://maps.example.org/?q=52.63091,1.29741
1|Club of Magdalen Road, NR1|At …, …, …|
2|Club of Magdalen Road, NR1|At …, …, …|
0|Walking group plain S0||https://example.org/club
1|Walking group plain S1||https://example.org/club
2|Walking group plain S2||`
	if got != want {
		t.Errorf("told:\n%s\nwant:\n%s", got, want)
	}
}
