package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tributary/data"
)

// Each view of a place says what the answers say: the statement's total and
// states, the rows of the plan's delivery, who is not engaged, the sentences.
func TestPlaceViewsSayWhatTheAnswersSay(t *testing.T) {
	s := kingdom(t)
	for param, id := range map[string]string{"territory": "norfolk", "region": "E12000006", "area": "GB-NFK"} {
		totals := answered[data.Totals](t, s, "/api/v1/totals?"+param+"="+id)
		body := pageOf(t, s, "/places/"+id+"?view=collaborations")
		if totals.Total.Count == 0 || !strings.Contains(body, totals.Total.Pence.String()+" in ") {
			t.Errorf("%s: %s is not there", id, totals.Total.Pence)
		}
		for _, view := range placeViews {
			at := queryURL("/places/"+id, url.Values{"view": {view.name}})
			if body := pageOf(t, s, at); strings.Count(body, `aria-current="page">`+view.label+"<") != 1 || !strings.Contains(body, "The research hub") && view.name == "measurement" && param != "area" && !strings.Contains(body, "No research hub") {
				t.Errorf("%s: which view it is, is not told", at)
			}
		}
	}
	type report struct{ Rows []map[string]any }
	body := pageOf(t, s, "/places/norfolk?view=collaborations")
	for _, row := range answered[report](t, s, "/api/v1/delivery?territory=norfolk").Rows {
		pence := data.Pence(row["total_pence"].(float64))
		if name, _ := row["name"].(string); !strings.Contains(body, escaped(name)) || !strings.Contains(body, `data-label="In all">`+pence.String()) {
			t.Errorf("%q with %s is not there", name, pence)
		}
	}
	for _, row := range answered[report](t, s, "/api/v1/buyers?territory=norfolk").Rows {
		if listed := strings.Contains(body, escaped(row["buyer"].(string))+"</a>"); !listed && row["engaged"] == false {
			t.Errorf("%s is not said to be missing", row["buyer"])
		}
	}
	for _, row := range answered[report](t, s, "/api/v1/threshold?territory=norfolk").Rows {
		bare := row["duty"] == "sought" && row["commitments"] == 0.
		if id, _ := row["contract_id"].(string); id != "" && strings.Contains(body, "/contracts/"+id) != bare {
			t.Errorf("contract %v: without a commitment %v, listed %v", row["contract"], bare, !bare)
		}
	}
	engagement := pageOf(t, s, "/places/norfolk?view=engagement")
	for _, name := range []string{"untold", "register", "adoption"} {
		mustHold(t, engagement, escaped(answered[struct{ Sentence string }](t, s, "/api/v1/"+name+"?territory=norfolk").Sentence))
	}
}

// An area that is drawn has a page with its figures; a district whose outline is
// not loaded says so and leads on; what is no place is not found.
func TestPlacesOfEveryKind(t *testing.T) {
	s := kingdom(t)
	area := answered[data.PlaceProfile](t, s, "/api/v1/places/GB-NFK")
	list := answered[list[data.AreaRow]](t, s, "/api/v1/areas?area=GB-NFK")
	if area.Area == nil || !area.Drawn || area.Counts != list.Items[0].Counts || area.TerritoryName != "Norfolk" {
		t.Errorf("%+v, want the figures %+v", area, list.Items[0].Counts)
	}
	mustHold(t, pageOf(t, s, "/places/GB-NFK"), "County or unitary authority", `/static-map.svg?focus=norfolk`, number(area.Counts.Activities))
	norwich := answered[data.PlaceProfile](t, s, "/api/v1/places/E07000148")
	if norwich.Area == nil || norwich.Drawn || norwich.Area.Name != "Norwich" || norwich.Area.Territory != "norfolk" {
		t.Errorf("%+v", norwich)
	}
	for _, view := range []string{"", "?view=collaborations", "?view=measurement", "?view=engagement"} {
		mustHold(t, pageOf(t, s, "/places/E07000148"+view), "Norwich", "its outline is not loaded", `href="/places/norfolk`)
	}
	for path, want := range map[string]int{"/places/atlantis": http.StatusNotFound, "/places/E99999999?view=engagement": http.StatusNotFound, "/places/norfolk?view=sideways": http.StatusBadRequest, "/places/norfolk?view=engagement&after=x": http.StatusBadRequest} {
		if code, body := got(s, path); code != want || !strings.Contains(body, "<h1") {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
}

// The page of a comparison is the API's, row by row.
func TestComparePageIsTheAPI(t *testing.T) {
	s := kingdom(t)
	for _, query := range []string{"territory=norfolk&with_territory=suffolk", "period=2023-24&with_period=2024-25&dims=sector&territory=essex", "dims=state&with_territory=kent"} {
		want := answered[data.Comparison](t, s, "/api/v1/compare?"+query)
		body := pageOf(t, s, "/compare?"+query)
		mustHold(t, body, escaped(want.Sentence), want.Sides[0].Total.Pence.String(), want.Sides[1].Total.Pence.String(), "/api/v1/compare.csv?")
		rest := body
		for _, row := range want.Rows {
			_, after, ok := strings.Cut(rest, escaped(sentenceWord(row.Names[0]))+"</th>")
			if !ok {
				t.Errorf("%s: %s is not there, or not in order", query, row.Names[0])
				continue
			}
			for _, f := range row.Figures {
				if cell, _, _ := strings.Cut(after, "</tr>"); !strings.Contains(cell, ">"+f.Pence.String()) {
					t.Errorf("%s: %s has not %s", query, row.Names[0], f.Pence)
				}
			}
			rest = after
		}
	}
	mustHold(t, pageOf(t, s, "/compare"), "Compare places and periods", `<option value="norfolk">`)
	for _, bad := range []string{"with_territory=atlantis", "with_colour=red", "with_period=2024", "dims=moons&with_territory=kent", "colour=red"} {
		if code, body := got(s, "/compare?"+bad); code != http.StatusBadRequest || !strings.Contains(body, "<h1") {
			t.Errorf("%s: %d", bad, code)
		}
	}
}
