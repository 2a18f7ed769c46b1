package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A file of sites is answered as the same sites in the address are.
func TestNearbyTakesAFile(t *testing.T) {
	s := given(t)
	post := func(media, body, query string) (int, string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/api/v1/nearby"+query, strings.NewReader(body))
		r.Header.Set("Content-Type", media)
		s.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	code, body := post("text/csv; charset=utf-8", "latitude,longitude\n52.6309,1.2974\n51.5,-0.12\n", "?within=50&type=donation_money")
	_, want := got(s, "/api/v1/nearby?within=50&type=donation_money&site=52.6309%201.2974,51.5%20-0.12")
	if code != http.StatusOK || body != want {
		t.Errorf("%d %s, want %s", code, body, want)
	}
	for _, tt := range []struct{ media, body, query, want string }{
		{"application/json", "[]", "", "Unsupported media type"},
		{"text/csv", "postcode\nZZ1 1ZZ\n", "", "ZZ1 1ZZ"},
		{"text/csv", "latitude,longitude\n1.2974,52.6309\n", "", `"field":"sites"`},
		{"text/csv", "postcode\nNR1 3JU\n", "?site=NR1", "not a parameter"},
	} {
		if code, body := post(tt.media, tt.body, tt.query); code < 400 || code > 499 || !strings.Contains(body, tt.want) {
			t.Errorf("%+v: %d %s", tt, code, body)
		}
	}
}
