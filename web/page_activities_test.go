package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

var pickBox = regexp.MustCompile(`id="pick-([0-9a-f-]{36})" name="pick" value="[0-9a-f-]{36}"( checked)?`)

// listed are the ids of a page's list, in order.
func listed(body string) (ids []string) {
	for _, m := range pickBox.FindAllStringSubmatch(body, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// Whatever the filter and the order, the pages list what the API does, to the
// end, and each says how many there are.
func TestActivitiesPagesListWhatTheAPIDoes(t *testing.T) {
	s := kingdom(t)
	for _, query := range []string{"territory=norfolk", "status=validated&theme=safer", "sort=-name&territory=norfolk,kent", "priority=norfolk:reducing-harm&territory=norfolk", "sort=-updated&region=E12000006", "status=closed"} {
		want := answered[list[data.Activity]](t, s, "/api/v1/activities?limit=1000&"+query)
		var ids []string
		for at := "/activities?" + query; at != ""; {
			body := pageOf(t, s, at)
			if n := plural(want.Matched, "activity", "activities"); want.Matched > 0 && !strings.Contains(body, n) {
				t.Errorf("%s does not say %q", at, n)
			}
			ids = append(ids, listed(body)...)
			at = ""
			if m := regexp.MustCompile(`name="after" value="([^"]+)"`).FindStringSubmatch(body); m != nil {
				at = "/activities?" + query + "&after=" + url.QueryEscape(m[1])
			}
		}
		if len(ids) != len(want.Items) {
			t.Errorf("%s: %d on the pages, %d in the API", query, len(ids), len(want.Items))
			continue
		}
		for i, a := range want.Items {
			if ids[i] != a.ID {
				t.Fatalf("%s: place %d is %s, want %s", query, i, ids[i], a.ID)
			}
		}
	}
	if body := pageOf(t, s, "/activities?status=suspended"); !strings.Contains(body, "No activity matches these filters") || !strings.Contains(body, `href="/activities"`) {
		t.Error("an empty list does not say what to do")
	}
	for _, query := range []string{"status=asleep", "territory=atlantis", "colour=red", "after=nonsense", "sort=size", "pick=1", "pick=" + strings.Repeat("59f01e47-fa61-48a2-874b-8b109b5b6561,", 2) + "x"} {
		if code, body := got(s, "/activities?"+query); code != http.StatusBadRequest || !strings.Contains(body, "<h1") {
			t.Errorf("%s: %d", query, code)
		}
	}
}

// What is picked stays picked over filters and pages, is compared and becomes a
// schedule whose file holds the same activities.
func TestPicksBecomeASchedule(t *testing.T) {
	s := kingdom(t)
	ids := listed(pageOf(t, s, "/activities?status=validated"))[:5]
	// A form sends each box by itself; the address keeps them together.
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/activities?status=validated&theme=&pick="+ids[0]+"&pick="+ids[1], nil))
	if at := w.Header().Get("Location"); w.Code != http.StatusSeeOther || at != "/activities?pick="+ids[0]+","+ids[1]+"&status=validated" {
		t.Errorf("%d to %s", w.Code, at)
	}
	body := pageOf(t, s, "/activities?status=validated&pick="+ids[0]+","+ids[1])
	if n := strings.Count(body, `" checked>`); n < 2 || !strings.Contains(body, "2 activities picked") {
		t.Errorf("%d boxes are ticked", n)
	}
	body = pageOf(t, s, "/activities?status=closed&pick="+ids[0])
	if !strings.Contains(body, `<input type="hidden" name="pick" value="`+ids[0]+`">`) {
		t.Error("a pick that is on no row is lost")
	}
	gone := "00000000-0000-4000-8000-000000000000"
	body = pageOf(t, s, "/activities/compare?pick="+strings.Join(ids[:3], ",")+","+gone)
	for _, id := range ids[:3] {
		a := answered[data.ActivityProfile](t, s, "/api/v1/activities/"+id)
		if !strings.Contains(body, escaped(a.Name)) || !strings.Contains(body, escaped(a.Provider.Name)) {
			t.Errorf("%s is not compared", a.Name)
		}
	}
	if !strings.Contains(body, "One activity that was picked is not listed") {
		t.Error("what is left out is not told")
	}
	if code, body := got(s, "/activities/compare?pick="+strings.Join(ids, ",")); code != http.StatusBadRequest || strings.Count(body, "Take away") != 5 {
		t.Errorf("five side by side: %d", code)
	}
	body = pageOf(t, s, "/schedule?title=Cleaning+%3Cof%3E+stations&pick="+strings.Join(ids, ","))
	mustHold(t, body, "for Cleaning &lt;of&gt; stations", "/api/v1/schedule.xlsx?activity="+strings.Join(ids, ","))
	code, file := got(s, "/api/v1/schedule.csv?activity="+strings.Join(ids, ","))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if code != http.StatusOK || err != nil {
		t.Fatal(code, err)
	}
	in := map[string]bool{}
	for _, row := range rows[1:] {
		in[row[0]] = true
		if measure := row[slices.Index(rows[0], "wording")]; !strings.Contains(body, escaped(measure)) {
			t.Errorf("%q is in the file and not on the page", measure)
		}
	}
	if len(in) != 5 {
		t.Errorf("%d activities in the file", len(in))
	}
	mustHold(t, pageOf(t, s, "/schedule"), "Nothing is picked")
	mustHold(t, pageOf(t, s, "/activities/compare"), "Nothing is picked")
}

// An activity's page tells what the API does: its totals by state, its measures
// in words, what it needs.
func TestActivityPageSaysWhatTheAPIDoes(t *testing.T) {
	s := kingdom(t)
	flow := answered[data.Flow](t, s, "/api/v1/flow?dims=activity&top=6")
	for _, row := range flow.Rows {
		id := row.Values[0]
		if id == "" {
			continue
		}
		body := pageOf(t, s, "/activities/"+id)
		a := answered[data.ActivityProfile](t, s, "/api/v1/activities/"+id)
		for _, m := range a.Serves {
			mustHold(t, body, escaped(m.Code), escaped(m.Name), escaped(m.PriorityName))
		}
		if len(a.Validations) > 0 {
			mustHold(t, body, longDate(a.Validations[0].On))
		}
		mustHold(t, body, fmt.Sprintf("%s in %s", row.Pence, plural(int(row.Count), "part of a contribution", "parts of contributions")))
		for _, state := range data.CountedStates {
			total := answered[data.Totals](t, s, "/api/v1/totals?activity="+id+"&state="+state)
			if total.Total.Count > 0 {
				mustHold(t, body, "<dt>"+stateWord(state)+"</dt><dd>"+total.Total.Pence.String()+"</dd>")
			}
		}
	}
	for _, id := range []string{"nothing", "00000000-0000-4000-8000-000000000000", strings.ToUpper(flow.Rows[0].Values[0])} {
		if code, _ := got(s, "/activities/"+id); code != http.StatusNotFound {
			t.Errorf("%s: %d", id, code)
		}
	}
}

// The way to get in touch leads to public addresses alone: no person's mail,
// nothing of a sole trader.
func TestContactShowsNoPersonalAddress(t *testing.T) {
	store := pgtest.Store(t)

	take := func(kind string, rows ...map[string]string) {
		k, _ := data.KindNamed(kind)
		var records []postgis.LedgerRecord
		for i, row := range rows {
			rec, bad := k.Read("test", func(c string) string { return row[c] })
			if len(bad) > 0 {
				t.Fatal(bad)
			}
			records = append(records, postgis.LedgerRecord{Line: i + 2, Record: rec})
		}
		sheets := []postgis.LedgerSheet{{Kind: k, Records: slices.Values(records)}}
		if _, err := store.ImportLedger(t.Context(), postgis.Operator, data.Import{Kind: "test", Source: "test"}, sheets, func(r postgis.LedgerRefusal) error { t.Error(r); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	take("organisation",
		map[string]string{"id": "open", "name": "Open Hands", "kind": "provider", "url": "https://open.example/", "identifiers": "GB-CHC-1090095"},
		map[string]string{"id": "alone", "name": "Jo Alone", "kind": "provider", "url": "https://jo.example/", "identifiers": "GB-COH-09506232", "sole_trader": "yes"})
	take("activity",
		map[string]string{"id": "one", "name": "Garden", "provider": "Open Hands", "provider_id": "open", "territory": "norfolk", "class": "S0", "url": "https://garden.example/"},
		map[string]string{"id": "two", "name": "Workshop", "provider": "Jo Alone", "provider_id": "alone", "territory": "norfolk", "class": "S0"})
	s, err := NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, store)
	if err != nil {
		t.Fatal(err)
	}
	activities := answered[list[data.Activity]](t, s, "/api/v1/activities")
	if len(activities.Items) != 2 {
		t.Fatalf("%+v", activities)
	}
	for _, a := range activities.Items {
		body := pageOf(t, s, "/activities/"+a.ID+"/contact?type=volunteering_time&quantity=20+hours")
		mustHold(t, body, "volunteering time, 20 hours", "https://map.example/activities/"+a.ID)
		if strings.Contains(body, "@") || strings.Contains(body, "mailto:") {
			t.Errorf("%s: a person's address", a.Name)
		}
		if a.Name == "Garden" {
			mustHold(t, body, `href="https://open.example/"`, "charity-details/1090095")
		} else if strings.Contains(body, "jo.example") || strings.Contains(body, "09506232") || !strings.Contains(body, "No public way") {
			t.Errorf("a sole trader: %s", body)
		}
	}
	if code, _ := got(s, "/activities/"+activities.Items[0].ID+"/contact?type=love"); code != http.StatusBadRequest {
		t.Errorf("an unknown type: %d", code)
	}
}
