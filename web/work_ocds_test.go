package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const release = `{"ocid":"ocds-h6vhtk-000123","buyer":{"id":"GB-COH-00000002","name":"Example"},"tender":{"title":"Cleaning","mainProcurementCategory":"services"},
 "awards":[{"id":"a","suppliers":[{"id":"GB-COH-09506232","name":"Example Builders"}]}],
 "contracts":[{"id":"1","awardID":"a","title":"Cleaning, north","value":{"amount":12000,"currency":"GBP"},"period":{"startDate":"2026-04-01T00:00:00Z","endDate":"2026-09-30"}},
              {"id":"2","awardID":"a","title":"Cleaning, south","value":{"amount":9,"currency":"EUR"},"period":{"startDate":"2026-04-01T00:00:00Z"}}]}`

// A contract is taken from a release: one of several is chosen, everything is
// shown with what was not understood, and nothing is written before it is sent.
func TestAContractComesFromARelease(t *testing.T) {
	h := newHouse(t)
	buyer := h.workers("buyer")["buyer"]
	buyer.done("organisation", nil, answers("id", "GB-COH-00000002", "name", "Example Buyer"))
	const path = "/work/contract-from-release"
	send := func(pairs ...string) page {
		fields := answers(pairs...)
		fields.Set(tokenField, buyer.get(path).token(t))
		return buyer.post(path, fields)
	}
	if p := send("release", "{"); p.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(problemsIn(p.body), "ends too early") || !strings.Contains(p.body, `rows="10" spellcheck="false">{</textarea>`) {
		t.Errorf("half a release: %d %s", p.StatusCode, problemsIn(p.body))
	}
	p := send("release", release)
	if !strings.Contains(p.body, "2 contracts") || !strings.Contains(p.body, "Cleaning, south") {
		t.Fatalf("no choice of two: %s", titleOf(p.body))
	}
	if p := send("release", release, "choose", "yes"); !strings.Contains(problemsIn(p.body), "Choose one") {
		t.Errorf("none chosen: %s", problemsIn(p.body))
	}
	if p := send("release", release, "choose", "yes", "contract", "2"); !strings.Contains(p.body, "Its value is 9 EUR") {
		t.Errorf("euros are not told: %s", titleOf(p.body))
	}
	p = send("release", release, "choose", "yes", "contract", "1")
	for _, want := range []string{"Cleaning, north", "£12000.00", "1 April 2026", "check that this one excludes it", "ocds-h6vhtk-000123"} {
		if !strings.Contains(p.body, want) {
			t.Errorf("%q is not shown for checking", want)
		}
	}
	if n := h.count("SELECT count(*) FROM raw.contract"); n != 0 {
		t.Error("it was written before it was sent")
	}
	p = buyer.post(draftPath(strings.Split(p.Request.URL.Path, "/")[3], "send"), url.Values{tokenField: {p.token(t)}})
	if n := h.count("SELECT count(*) FROM raw.contract WHERE value_pence = 1200000 AND ocid = 'ocds-h6vhtk-000123' AND starts_on = '2026-04-01'"); n != 1 {
		t.Errorf("it was not recorded: %s", problemsIn(p.body))
	}
	if p := h.workers("supplier")["supplier"].get(path); p.StatusCode != http.StatusNotFound {
		t.Errorf("a supplier sees the page: %d", p.StatusCode)
	}
}
