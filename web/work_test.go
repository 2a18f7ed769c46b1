package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// The whole life of a contribution: four people, each on their own pages.
func TestWholeLifeOfAContribution(t *testing.T) {
	h := newHouse(t)
	w := h.workers("provider", "office", "buyer", "supplier")
	provider, office, buyer, supplier := w["provider"], w["office"], w["buyer"], w["supplier"]

	for _, who := range []string{"provider", "buyer", "supplier"} {
		w[who].done("organisation", nil, answers("id", map[string]string{"provider": "GB-CHC-1090095", "buyer": "GB-COH-00000002", "supplier": builder}[who], "name", "Example "+who+" Ltd"))
	}
	activity := provider.done("register-activity", nil, answers("name", "Boxing for everyone", "summary", "Evening training.", "themes", "safer", "class", "s0", "latitude", "52.6309", "longitude", "1.2974"))
	if !strings.Contains(office.get("/work").body, "Activity to decide on") {
		t.Error("the office does not hear of the activity")
	}
	ref := "GB-CHC-1090095//" + activity
	office.done("validate", answers("activity", ref), answers(slices.Concat([]string{"decision", "validated", "criteria", "safe space\nkeeps records"}, day("decided_on", "1", "4", "2026"), day("expires_on", "1", "4", "2029"))...))
	if n := h.count("SELECT count(*) FROM pub.activity WHERE status = 'validated'"); n != 1 {
		t.Errorf("%d activities are shown as validated", n)
	}

	contract := buyer.done("contract", nil, answers(slices.Concat([]string{"title", "Cleaning", "kind", "services", "supplier", builder, "value", "£12,000.00", "sv_clause", "yes", "areas", "norfolk"}, day("starts_on", "1", "4", "2026"), day("ends_on", "30", "9", "2026"))...))
	commitment := buyer.done("commitment", answers("contract", contract), answers(slices.Concat([]string{"clause", "Schedule 4", "quantity", "90", "unit", "hours", "value", "100"}, day("due_on", "1", "9", "2026"))...))

	var listed string
	if err := h.query("SELECT id::text FROM pub.activity", &listed); err != nil {
		t.Fatal(err)
	}
	order := supplier.done("order", answers("activity", listed), answers("type", "volunteering_time", "quantity", "90", "unit", "hours", "value", "100", "commitment", "GB-COH-00000002//"+commitment))
	step := func(b *browser, state string, d, m string) {
		t.Helper()
		b.done("step", answers("order", builder+"//"+order), answers(slices.Concat([]string{"state", state}, day("date", d, m, "2026"))...))
	}
	step(supplier, "issued", "2", "4")
	if p := provider.get("/work"); !strings.Contains(p.body, "Order to accept or decline") {
		t.Error("the provider does not hear of the order")
	}
	step(provider, "accepted", "3", "4")
	step(supplier, "in_delivery", "4", "4")
	step(supplier, "delivered", "10", "4")
	claim := supplier.done("claim", answers("order", order), answers(slices.Concat([]string{"title", "Ninety hours", "type", "volunteering_time", "quantity", "90", "unit", "hours", "value", "100", "places", "E07000148 = 2\nE07000149 = 1"}, day("delivered_from", "4", "4", "2026"), day("delivered_to", "10", "4", "2026"))...))
	var parts string
	if err := h.query("SELECT string_agg(a.pence::text, ' ' ORDER BY a.n) FROM raw.allocation a", &parts); err != nil || parts != "6667 3333" {
		t.Errorf("the claim is split into %q, want 6667 3333 (%v)", parts, err)
	}
	step(provider, "confirmed", "11", "4")
	supplier.done("evidence", answers("contribution", claim), answers("kind", "timesheet", "sha256", strings.Repeat("ab", 32)))
	step(supplier, "evidenced", "12", "4")
	step(office, "audited", "13", "4")
	buyer.done("audit", answers("contract", contract), answers(slices.Concat([]string{"result", "met"}, day("decided_on", "1", "10", "2026"))...))

	p := buyer.post(recordURL("contract", contract)+"/change", url.Values{tokenField: {buyer.get(recordURL("contract", contract)).token(t)}})
	if !strings.HasSuffix(p.Request.URL.Path, "/check") {
		t.Fatalf("changing the contract: %d at %s", p.StatusCode, p.Request.URL.Path)
	}
	draft := strings.Split(p.Request.URL.Path, "/")[3]
	p, _ = buyer.questions(buyer.get(draftPath(draft, "4")), answers(slices.Concat(day("closed_on", "2", "10", "2026"), day("starts_on", "1", "4", "2026"), day("ends_on", "30", "9", "2026"))...))
	if !strings.HasSuffix(p.Request.URL.Path, "/done") {
		p = buyer.post(draftPath(draft, "send"), url.Values{tokenField: {p.token(t)}})
	}
	if n := h.count("SELECT count(*) FROM raw.contract WHERE closed_on = '2026-10-02' AND title = 'Cleaning' AND value_pence = 1200000"); n != 1 {
		t.Errorf("the contract is not closed: %d at %s: %s", p.StatusCode, p.Request.URL.Path, problemsIn(p.body))
	}
	if n := h.count("SELECT count(*) FROM raw.purchase_order WHERE state = 'audited'"); n != 1 {
		t.Error("the order is not audited")
	}
	if n := h.count("SELECT count(*) FROM audit.log WHERE actor LIKE 'person:%' AND action LIKE 'create %'"); n < 14 {
		t.Errorf("%d writes of people in the audit log", n)
	}
	// Undo: the contract is open again, and only once.
	undo := url.Values{tokenField: {buyer.get("/work").token(t)}}
	if p := buyer.post(draftPath(draft, "undo"), undo); p.StatusCode != http.StatusOK || h.count("SELECT count(*) FROM raw.contract WHERE closed_on IS NULL") != 1 {
		t.Errorf("undo: %d at %s: %s", p.StatusCode, p.Request.URL.Path, problemsIn(p.body))
	}
	if p := buyer.post(draftPath(draft, "undo"), undo); p.StatusCode != http.StatusConflict {
		t.Errorf("undo twice: %d", p.StatusCode)
	}
}

// query reads one text as the database's owner.
func (l *ledger) query(sql string, into *string) error {
	conn, err := pgx.Connect(l.t.Context(), l.url)
	if err != nil {
		return err
	}
	defer conn.Close(l.t.Context())
	return conn.QueryRow(l.t.Context(), sql).Scan(into)
}

// Every form keeps what was typed, says first what is wrong, names the field
// and leads to it.
func TestFormsSayWhatIsWrong(t *testing.T) {
	h := newHouse(t)
	buyer := h.workers("buyer")["buyer"]
	buyer.done("organisation", nil, answers("id", "GB-COH-00000002", "name", "Example Buyer"))
	for name, bad := range map[string]struct {
		answers url.Values
		says    []string
	}{
		"half a penny":      {answers("title", "x", "supplier", builder, "value", "1.005"), []string{"Value in pounds", "#value", `value="1.005"`}},
		"an impossible day": {answers(slices.Concat([]string{"title", "x", "supplier", builder, "value", "1"}, day("starts_on", "31", "2", "2026"))...), []string{"Starts on", "#starts_on-day", `value="31"`}},
		"another century":   {answers(slices.Concat([]string{"title", "x", "supplier", builder, "value", "1"}, day("starts_on", "1", "2", "1926"))...), []string{"wrong century"}},
		"no title":          {answers("title", ""), []string{"Title is missing", "#title"}},
		"a scheme unknown":  {answers("title", "x", "supplier", "XX-1", "supplier_name", "Somebody"), nil},
	} {
		p, id := buyer.journey("contract", nil, bad.answers)
		if bad.says == nil {
			continue
		}
		if p.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(p.body, "<title>Error: ") {
			t.Errorf("%s: %d at %s", name, p.StatusCode, p.Request.URL.Path)
		}
		for _, want := range bad.says {
			if !strings.Contains(p.body, want) {
				t.Errorf("%s: %q is not said: %s", name, want, problemsIn(p.body))
			}
		}
		// It is among what has not been sent, and can be thrown away.
		if !strings.Contains(buyer.get("/work").body, draftPath(id, "check")) {
			t.Errorf("%s: the draft is not among those to go on with", name)
		}
		if p := buyer.post(draftPath(id, "drop"), url.Values{tokenField: {p.token(t)}}); strings.Contains(p.body, id) {
			t.Errorf("%s: the draft is still there", name)
		}
	}
	if n := h.count("SELECT count(*) FROM raw.contract"); n > 1 {
		t.Errorf("%d contracts were written", n)
	}
}

// Two clicks send once; another who has changed the record meanwhile is not
// overwritten; another's draft is not there.
func TestNothingIsDoubledOrOverwritten(t *testing.T) {
	h := newHouse(t)
	w := h.workers("supplier", "other-supplier")
	supplier := w["supplier"]
	supplier.done("organisation", nil, answers("id", builder, "name", "Example Builders"))
	id := supplier.done("site", nil, answers("name", "Depot", "role", "depot", "territory", "norfolk"))
	token := url.Values{tokenField: {supplier.get("/work").token(t)}}
	sent := make(chan string, 8)
	for range cap(sent) {
		go func() {
			p := supplier.post(draftPath(id, "send"), token)
			sent <- fmt.Sprint(p.StatusCode, p.Request.URL.Path)
		}()
	}
	for range cap(sent) {
		if got := <-sent; got != "200"+draftPath(id, "done") && got != "200 "+draftPath(id, "done") {
			t.Errorf("sent again: %s", got)
		}
	}
	if n := h.count("SELECT count(*) FROM raw.site"); n != 1 {
		t.Errorf("%d sites", n)
	}
	// A stranger's draft and record look like ones that are not there.
	other := w["other-supplier"]
	for _, path := range []string{draftPath(id, "done"), draftPath(id, "1"), recordURL("site", builder+"//"+id), recordURL("site", "none"), "/work/lists/validation", "/work/records/plan/x"} {
		if p := other.get(path); p.StatusCode != http.StatusNotFound || titleOf(p.body) != titleOf(other.get("/work/none").body) {
			t.Errorf("another supplier sees %s: %d", path, p.StatusCode)
		}
	}
	// Two windows change one record: the second is told.
	begin := func() string {
		p := supplier.post(recordURL("site", id)+"/change", token)
		return strings.Split(p.Request.URL.Path, "/")[3]
	}
	first, second := begin(), begin()
	rename := func(draft, name string) page {
		p := supplier.get(draftPath(draft, "1"))
		supplier.post(p.Request.URL.Path, url.Values{tokenField: token[tokenField], "name": {name}, "role": {"depot"}, "do": {"check"}})
		return supplier.post(draftPath(draft, "send"), token)
	}
	if p := rename(first, "Yard"); !strings.HasSuffix(p.Request.URL.Path, "/done") {
		t.Errorf("the first change: %d %s", p.StatusCode, problemsIn(p.body))
	}
	if p := rename(second, "Shed"); p.StatusCode != http.StatusConflict || !strings.Contains(p.body, "Somebody else has changed this") {
		t.Errorf("the second change: %d %s", p.StatusCode, problemsIn(p.body))
	}
	if n := h.count("SELECT count(*) FROM raw.site WHERE name = 'Yard'"); n != 1 {
		t.Error("the first change is gone")
	}
	if p := supplier.get("/work/lists/site?format=csv"); !strings.Contains(p.body, "Yard") || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the list as a spreadsheet: %v %.200s", p.Header, p.body)
	}
	if p := supplier.get(recordURL("site", id)); !strings.Contains(p.body, "Create sites") || !strings.Contains(p.body, "The supplier") {
		t.Error("the record has no history")
	}
}

// Whoever has signed in with a code is given access on the office's page.
func TestAccessIsGivenOnThePage(t *testing.T) {
	h := newHouse(t)
	w := h.workers("office", "nobody")
	code := regexp.MustCompile(`id="code">([^<]+)<`).FindStringSubmatch(w["nobody"].get("/work").body)[1]
	office := w["office"]
	p := office.get("/work/access")
	if !strings.Contains(p.body, code) {
		t.Error("the office does not see who waits for access")
	}
	give := url.Values{tokenField: {p.token(t)}, "code": {code}, "role": {"supplier"}, "organisation": {builder}, "territory": {"norfolk"}, "label": {"Example Builders, bids"}}
	for name, change := range map[string]string{"code": "pnobody", "role": "admin", "organisation": "", "territory": "kent"} {
		bad := url.Values{}
		for k, v := range give {
			bad[k] = v
		}
		bad.Set(name, change)
		if p := office.post("/work/access", bad); p.StatusCode != http.StatusUnprocessableEntity || problemsIn(p.body) == titleOf(p.body) {
			t.Errorf("%s %q: %d", name, change, p.StatusCode)
		}
	}
	if p := office.post("/work/access", give); !strings.Contains(p.body, "Access was given to "+code) {
		t.Errorf("giving access: %d %s", p.StatusCode, problemsIn(p.body))
	}
	if p := w["nobody"].get("/work"); !strings.Contains(p.body, "Start a Social Purchase Order") && !strings.Contains(p.body, "Claim what you delivered") {
		t.Error("whoever was given access has none")
	}
	if p := office.post("/work/access/end", url.Values{tokenField: give[tokenField], "code": {code}}); !strings.Contains(p.body, "has ended") {
		t.Errorf("ending access: %d", p.StatusCode)
	}
	if p := w["nobody"].get("/work"); p.Request.URL.Path != "/sign-in" {
		t.Errorf("whose access has ended is at %s", p.Request.URL)
	}
}

// A class is lowered by two people of the territory, on their own pages.
func TestTwoPeopleLowerAClassOnTheirPages(t *testing.T) {
	h := newHouse(t)
	w := h.workers("provider", "office", "kent-office")
	w["provider"].done("organisation", nil, answers("id", "GB-CHC-1090095", "name", "Example Trust"))
	id := w["provider"].done("register-activity", nil, answers("name", "Recovery breakfast", "themes", "safer", "class", "s2", "latitude", "52.6309", "longitude", "1.2974"))
	ask := func(who, activity string) page {
		return w[who].post("/work/classes", url.Values{tokenField: {w[who].get("/work/classes").token(t)}, "activity": {activity}, "to": {"s1"}, "reason": {"it has moved to the library"}})
	}
	agree := func(who string) page {
		return w[who].post("/work/classes/agree", url.Values{tokenField: {w[who].get("/work").token(t)}, "activity": {"GB-CHC-1090095//" + id}})
	}
	if p := ask("kent-office", "GB-CHC-1090095//"+id); p.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another territory's office asks: %d", p.StatusCode)
	}
	if p := ask("provider", id); !strings.Contains(p.body, "Somebody else has to agree") {
		t.Errorf("asking: %d %s", p.StatusCode, problemsIn(p.body))
	}
	if p := agree("provider"); p.StatusCode != http.StatusConflict {
		t.Errorf("who asked agrees: %d", p.StatusCode)
	}
	if p := agree("kent-office"); p.StatusCode != http.StatusNotFound {
		t.Errorf("another territory's office agrees: %d", p.StatusCode)
	}
	if p := w["kent-office"].get("/work/classes"); strings.Contains(p.body, "Recovery breakfast") {
		t.Error("another territory's office sees what was asked")
	}
	if p := agree("office"); !strings.Contains(p.body, "You have agreed") {
		t.Errorf("agreeing: %d %s", p.StatusCode, problemsIn(p.body))
	}
	provider := w["provider"]
	p := provider.post(recordURL("activity", id)+"/change", url.Values{tokenField: {provider.get("/work").token(t)}})
	draft := strings.Split(p.Request.URL.Path, "/")[3]
	if p, _ = provider.questions(provider.get(draftPath(draft, "1")), answers("class", "s1")); !strings.HasSuffix(p.Request.URL.Path, "/done") {
		t.Fatalf("changing it: %d at %s: %s", p.StatusCode, p.Request.URL.Path, problemsIn(p.body))
	}
	if n := h.count("SELECT count(*) FROM pub.place WHERE level = 'cell'"); n != 1 {
		t.Error("it is not shown by its new class")
	}
}

// Every list and every record's page of every role comes up.
func TestEveryListComesUp(t *testing.T) {
	h := newHouse(t)
	pages := 0
	for name, b := range h.workers("office", "provider", "supplier", "buyer", "hub", "admin") {
		work := b.get("/work")
		for _, m := range regexp.MustCompile(`href="(/work/(?:lists|new)/[^"]+)"`).FindAllStringSubmatch(work.body, -1) {
			if p := b.get(m[1]); p.StatusCode != http.StatusOK {
				t.Errorf("%s: %s: %d", name, m[1], p.StatusCode)
			}
			pages++
		}
	}
	if pages < 60 {
		t.Errorf("%d pages", pages)
	}
}
