package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Which bodies govern and which hubs there are is changed on the page by admins
// alone; who governs a territory, by its office too.
func TestGovernanceAndHubsChangeOnThePage(t *testing.T) {
	h := newHouse(t)
	w := h.workers("admin", "office")
	admin := w["admin"]
	admin.done("policing-body", nil, answers("id", "norfolk-board", "name", "Norfolk Policing Board", "kind", "policing_and_crime_board"))
	from := day("valid_from", "1", "5", "2028")
	row := admin.done("governance", nil, answers(slices.Concat([]string{"territory", "norfolk", "body", "norfolk-board", "holder", "The Board"}, from)...))
	if n := h.count("SELECT count(*) FROM pub.governance WHERE territory_id = 'norfolk' AND body_id = 'norfolk-board'"); n != 1 {
		t.Errorf("%d rows of governance are shown", n)
	}
	if p := admin.get(recordURL("governance", row)); p.StatusCode != http.StatusOK || !strings.Contains(p.body, "1 May 2028") {
		t.Errorf("the row cannot be looked at: %d", p.StatusCode)
	}
	p, _ := admin.journey("governance", nil, answers(slices.Concat([]string{"territory", "norfolk", "body", "no-such-body"}, from)...))
	if !strings.Contains(problemsIn(p.body), "there is no policing body no-such-body") {
		t.Errorf("a body that is not there: %s", problemsIn(p.body))
	}
	admin.done("organisation", nil, answers("id", "GB-UKPRN-10007789", "name", "Example University", "kind", "university"))
	hub := answers(slices.Concat([]string{"region", "E12000006", "host", "GB-UKPRN-10007789"}, day("commissioned_on", "1", "4", "2026"))...)
	admin.done("hub", nil, hub)
	if n := h.count("SELECT count(*) FROM raw.hub"); n != 1 {
		t.Errorf("%d hubs", n)
	}
	if p, _ := admin.journey("hub", nil, hub); p.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a second hub in a region: %d", p.StatusCode)
	}
	next := day("valid_from", "1", "5", "2032")
	w["office"].done("governance", nil, answers(slices.Concat([]string{"territory", "norfolk", "body", "norfolk-board", "holder", "The next Board"}, next)...))
	if p, _ := w["office"].journey("governance", nil, answers(slices.Concat([]string{"territory", "kent", "body", "norfolk-board"}, next)...)); p.StatusCode != http.StatusUnprocessableEntity || h.count("SELECT count(*) FROM raw.governance WHERE territory = 'kent' AND source = 'norfolk'") != 0 {
		t.Errorf("an office says who governs another's territory: %d", p.StatusCode)
	}
	if p := w["office"].get("/work/lists/governance"); !strings.Contains(p.body, "Norfolk Policing Board") {
		t.Error("an office does not see who governs its territory")
	}
	for _, name := range []string{"policing-body", "hub"} {
		if p := w["office"].get("/work/new/" + name); p.StatusCode != http.StatusNotFound {
			t.Errorf("an office is offered %s: %d", name, p.StatusCode)
		}
	}
}

// A record that another source keeps says whose it is, and is not changed.
func TestAnothersRecordSaysWhoKeepsIt(t *testing.T) {
	h := newHouse(t)
	w := h.workers("provider", "office")
	w["provider"].done("organisation", nil, answers("id", "GB-CHC-1090095", "name", "Example provider"))
	id := w["provider"].done("register-activity", nil, answers("name", "Boxing", "themes", "safer", "class", "s0", "territory", "norfolk"))
	own, others := w["provider"].get(recordURL("activity", id)).body, w["office"].get(recordURL("activity", "GB-CHC-1090095//"+id)).body
	if !strings.Contains(own, "Change this") || strings.Contains(own, `id="kept"`) {
		t.Error("whoever keeps a record is not offered to change it")
	}
	if strings.Contains(others, "Change this") || !strings.Contains(others, "kept by <strong>GB-CHC-1090095</strong>") {
		t.Error("another's record does not say who keeps it")
	}
}

var tell = regexp.MustCompile(`href="(/work/tell[^"]*)"`)

// Who may read another's record can write to whoever keeps it: once, however
// often the form is sent, and nobody else sees it. The answer comes back.
func TestWhoKeepsARecordIsTold(t *testing.T) {
	h := newHouse(t)
	w := h.workers("provider", "office", "supplier", "kent-office")
	provider, office := w["provider"], w["office"]
	provider.done("organisation", nil, answers("id", "GB-CHC-1090095", "name", "Example provider"))
	id := provider.done("register-activity", nil, answers("name", "Boxing", "themes", "safer", "class", "s0", "territory", "norfolk"))
	at := html.UnescapeString(tell.FindStringSubmatch(office.get(recordURL("activity", "GB-CHC-1090095//"+id)).body)[1])
	form := filled(office.get(at).body)
	for _, bad := range []string{"", "Ring 01603 123456", strings.Repeat("x", 2001)} {
		form.Set("text", bad)
		if p := office.post(at, form); p.StatusCode != http.StatusUnprocessableEntity || h.count("SELECT count(*) FROM raw.message") != 0 {
			t.Errorf("%.20q is sent: %d", bad, p.StatusCode)
		}
	}
	form.Set("text", "It has moved to the hall.\r\nPlease look.")
	office.post(at, form)
	sent := office.post(at, form)
	if n := h.count("SELECT count(*) FROM raw.message"); n != 1 || !strings.Contains(sent.body, "It has moved") {
		t.Fatalf("%d messages, %d at %s", n, sent.StatusCode, sent.Request.URL)
	}
	message := sent.Request.URL.Path
	for name, b := range w {
		if p := b.get(message); (p.StatusCode == http.StatusOK) != (name == "provider" || name == "office") {
			t.Errorf("the message by %s: %d", name, p.StatusCode)
		}
		if has := strings.Contains(b.get("/work").body, "Message about a record of yours"); has != (name == "provider") {
			t.Errorf("the message waits for %s: %t", name, has)
		}
	}
	if p := w["supplier"].get(at); p.StatusCode != http.StatusNotFound {
		t.Errorf("who may not read a record may write about it: %d", p.StatusCode)
	}
	if p := w["kent-office"].post(message, answers(tokenField, w["kent-office"].get("/work").token(t), "text", "Mine")); p.StatusCode != http.StatusNotFound {
		t.Errorf("another answers: %d", p.StatusCode)
	}
	answer := filled(provider.get(message).body)
	answer.Set("text", "Thank you, changed.")
	if p := provider.post(message, answer); strings.Contains(p.body, "Message about a record of yours") {
		t.Error("it still waits after it was dealt with")
	}
	if p := office.get("/work"); !strings.Contains(p.body, "Answer to your message") {
		t.Error("the answer does not wait for whoever asked")
	}
}

// How a claim is shared over its places is drawn beside the weights.
func TestSharesAreDrawnBesideTheWeights(t *testing.T) {
	h := newHouse(t)
	supplier := h.workers("supplier")["supplier"]
	token := supplier.get("/work").token(t)
	p := supplier.post("/work/new/claim", url.Values{tokenField: {token}})
	page := draftPath(strings.Split(p.Request.URL.Path, "/")[3], "5")
	supplier.post(page, answers(tokenField, token, "places", "E07000148 = 2\nE07000149", "do", "later"))
	body := supplier.get(page).body
	for _, want := range []string{`data-shares="places"`, "E07000148: 66.7 %", `<rect width="33.3"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not drawn", want)
		}
	}
}
