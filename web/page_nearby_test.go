package web

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tributary/data"
)

// The page lists what the API does, in its order, and draws each of them.
func TestNearbyPage(t *testing.T) {
	_, s := demonstration(t)
	query := "site=" + url.QueryEscape("52.6309 1.2974\r\n51.5 -0.12") + "&within=100"
	code, page := got(s, "/nearby?"+query)
	_, body := got(s, "/api/v1/nearby?limit=10&within=100&site="+url.QueryEscape("52.6309 1.2974,51.5 -0.12"))
	var n data.Nearby
	if err := json.Unmarshal([]byte(body), &n); code != http.StatusOK || err != nil || len(n.Rows) == 0 {
		t.Fatalf("%d %v %s", code, err, body)
	}
	rest := page
	for i, m := range n.Rows {
		_, after, found := strings.Cut(rest, `href="/activities/`+m.Activity+`"`)
		if !found {
			t.Fatalf("match %d, %s, is not on the page in its place", i, m.Name)
		}
		rest = after
	}
	if !strings.Contains(page, n.Sentence) || strings.Count(page, "<circle") != len(n.Rows) || strings.Count(page, "rotate(45") != 2 {
		t.Errorf("sentence, %d circles for %d activities, %d sites", strings.Count(page, "<circle"), len(n.Rows), strings.Count(page, "rotate(45"))
	}
	for query, words := range map[string]string{"site=nowhere": "is no place", "site=52.6309+1.2974&quantity=many": "how much is offered", "site=1.2974+52.6309": "There is a problem", "site=52.6+1.3&within=1000": "distance"} {
		if code, page := got(s, "/nearby?"+query); code != http.StatusBadRequest || !strings.Contains(page, words) || !strings.Contains(page, "govuk-error-summary") {
			t.Errorf("%s: %d without %q", query, code, words)
		}
	}
}

// A file of sites leads to the page with them; one that is none is refused in
// the form.
func TestNearbyUpload(t *testing.T) {
	s := given(t)
	post := func(field, file string) *httptest.ResponseRecorder {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		part, err := form.CreateFormFile(field, "sites.csv")
		if err != nil {
			t.Fatal(err)
		}
		part.Write([]byte(file))
		form.Close()
		r := httptest.NewRequest(http.MethodPost, "/nearby", &b)
		r.Header.Set("Content-Type", form.FormDataContentType())
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	w := post("sites", "latitude,longitude\n52.6309,1.2974\n51.5,-0.12\n")
	if at := w.Header().Get("Location"); w.Code != http.StatusSeeOther || at != "/nearby?site=52.6309+1.2974,51.5+-0.12" {
		t.Errorf("%d to %s", w.Code, at)
	}
	for _, bad := range [][2]string{{"sites", "name,town\nx,y\n"}, {"sites", ""}, {"other", "postcode\nNR1\n"}, {"sites", "postcode\n" + strings.Repeat("NR1 3JU\n", 1<<18)}} {
		if w := post(bad[0], bad[1]); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "govuk-error-summary") {
			t.Errorf("%.20q: %d", bad[1], w.Code)
		}
	}
}

// From a site to words for a first message in three actions: ask, choose, send.
// What is offered goes along; nothing says how far it is.
func TestFromASiteToAMessage(t *testing.T) {
	_, s := demonstration(t)
	_, found := got(s, "/nearby?site=52.6309+1.2974&within=100&type=volunteering_time&quantity=20+hours")
	_, rest, ok := strings.Cut(found, `/contact?`)
	if !ok {
		_, found = got(s, "/nearby?site=52.6309+1.2974&within=100")
		if _, rest, ok = strings.Cut(found, `/contact`); !ok {
			t.Fatal("no activity leads to a way to get in touch")
		}
	}
	before, _, _ := strings.Cut(found, `/contact`)
	at := before[strings.LastIndex(before, `"`)+1:] + "/contact?type=volunteering_time&quantity=20+hours"
	code, body := got(s, at)
	if code != http.StatusOK || !strings.Contains(body, "volunteering time, 20 hours") || strings.Contains(body, " km") {
		t.Errorf("%s: %d (%d)", at, code, len(rest))
	}
	_, empty := got(s, "/nearby?site=60.39+-1.2&within=1&type=investment")
	for _, want := range []string{"within=100", "see what would suit any offer", "choose from the list of all"} {
		if !strings.Contains(empty, want) {
			t.Errorf("where nothing suits, the page does not say %q", want)
		}
	}
}

// A form that was left empty but for the site asks for any offer.
func TestNearbyTakesAFormAsItComes(t *testing.T) {
	_, s := demonstration(t)
	_, want := got(s, "/nearby?site=52.6309+1.2974&within=100")
	code, have := got(s, "/nearby?site=52.6309+1.2974&type=&quantity=&theme=&within=100")
	if code != http.StatusOK || have != want || !strings.Contains(want, "app-match__title") {
		t.Errorf("%d, another page than without what is empty", code)
	}
}
