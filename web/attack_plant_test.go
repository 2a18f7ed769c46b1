package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/postgis"
)

// secret is a text that occurs nowhere else.
func (a *attacker) secret(what string) string {
	text := fmt.Sprintf("CANARY%03d %s", len(a.texts), what)
	a.texts = append(a.texts, strings.Fields(text)[0])
	return text
}

// place is a position that nothing else is near, as the columns of a record.
func (a *attacker) place(row map[string]string) map[string]string {
	at := orb.Point{1.35 + 0.0113*float64(len(a.places)%20) + 0.000317, 52.70 + 0.0131*float64(len(a.places)/20) + 0.000173}
	a.places = append(a.places, at)
	out := maps.Clone(row)
	out["longitude"], out["latitude"] = strconv.FormatFloat(at[0], 'f', 6, 64), strconv.FormatFloat(at[1], 'f', 6, 64)
	return out
}

// plant takes a record in as a file's row, or lets it be refused.
func (a *attacker) plant(kind string, row map[string]string, refused bool) {
	a.t.Helper()
	a.planted++
	k, ok := data.KindNamed(kind)
	if !ok {
		a.t.Fatalf("no kind %s", kind)
	}
	rec, bad := k.Read("canary", func(c string) string { return row[c] })
	if len(bad) > 0 {
		a.t.Fatalf("%s %v: %v", kind, row, bad)
	}
	in := []postgis.LedgerSheet{{Kind: k, Records: slices.Values([]postgis.LedgerRecord{{Line: 1, Record: rec}})}}
	n := 0
	_, err := a.store.ImportLedger(context.Background(), postgis.Operator, data.Import{Kind: "test", Source: "canary"}, in, func(postgis.LedgerRefusal) error { n++; return nil })
	if err != nil || refused != (n == 1) {
		a.t.Fatalf("%s %v: %v, %d refused", kind, row, err, n)
	}
}

// post plants a record through the API.
func (a *attacker) post(key, kind, body string, want int) {
	a.t.Helper()
	a.planted++
	if got := a.ask(key, http.MethodPost, "/api/v1/"+kind, body); got.StatusCode != want {
		a.t.Fatalf("%s %s: %d, want %d: %.300s", kind, body, got.StatusCode, want, got.body)
	}
}

// plantAll plants secrets through every way in, accepted and refused.
func (a *attacker) plantAll() {
	a.plant("organisation", map[string]string{"id": "builder", "name": "Builder Ltd", "kind": "supplier"}, false)
	a.plant("organisation", map[string]string{"id": "person", "name": a.secret("Person"), "kind": "supplier", "sole_trader": "yes"}, false)
	a.plant("organisation", map[string]string{"id": "police", "name": "Norfolk Police Example", "kind": "buyer", "sector": "police"}, false)
	a.plant("site", a.place(map[string]string{"id": "depot", "organisation": "builder", "name": a.secret("depot"), "role": "depot"}), false)
	a.plant("site", a.place(map[string]string{"id": "home", "organisation": "person", "name": a.secret("home"), "role": "registered_office"}), false)
	a.plant("contract", map[string]string{"id": "open", "buyer": "police", "supplier": "builder", "title": "Repairs", "value": "50000", "starts_on": "2025-04-01"}, false)
	a.plant("contract", map[string]string{"id": "secret", "buyer": "police", "supplier": "builder", "title": a.secret("works at the refuge"), "starts_on": "2025-04-01"}, false)
	a.plant("delivery_site", a.place(map[string]string{"id": "cell", "contract": "open", "name": a.secret("station")}), false)
	a.plant("progress_update", map[string]string{"id": "u", "contract": "open", "period_start": "2025-04-01", "period_end": "2025-06-30", "summary": a.secret("progress")}, false)
	a.plant("audit", map[string]string{"id": "au", "contract": "open", "decided_on": "2025-09-01", "result": "met", "note": a.secret("note")}, false)
	a.plant("footprint", map[string]string{"id": "f", "buyer": "police", "territory": "norfolk"}, false)
	a.plant("contract", map[string]string{"id": "alone", "buyer": "police", "supplier": "person", "title": "Gardens", "value": "7000", "starts_on": "2025-04-01"}, false)
	a.plant("progress_update", map[string]string{"id": "ua", "contract": "alone", "period_start": "2025-04-01", "period_end": "2025-06-30", "due_on": "2025-07-15"}, false)
	a.plant("transaction", map[string]string{"id": "t", "buyer": "police", "supplier": "person", "date": "2025-05-01", "amount": "6000"}, false)
	for i, class := range []string{"s2", "s3"} {
		name := "Restricted group"
		if class == "s3" {
			name = a.secret("group")
		}
		activity := func(id string) map[string]string {
			return a.place(map[string]string{"id": id, "name": name, "provider": "Provider " + id, "summary": "Come to NR12 8" + string("AB"[i]) + "Z", "class": class, "locality": a.secret("house"), "status": "validated"})
		}
		a.texts = append(a.texts, "NR12 8"+string("AB"[i])+"Z")
		a.plant("activity", activity("f"+class), false)
		bad := activity("r" + class)
		bad["measures"] = "norfolk:NOPE"
		a.plant("activity", bad, true)
		a.plant("contribution", a.place(map[string]string{"id": "c" + class, "supplier": "builder", "title": a.secret("gift"), "type": "donation_money", "value": "1234.56", "delivered_from": "2025-05-17", "class": class}), false)
		a.plant("contribution", map[string]string{"id": "to" + class, "supplier": "person", "activity": "f" + class, "title": a.secret("gift"), "type": "training", "quantity": "3", "unit": "people", "value": "77", "delivered_from": "2025-05-18"}, false)
		a.plant("evidence", map[string]string{"id": "e" + class, "contribution": "c" + class, "kind": "photo", "uri": "https://example.org/" + strings.Fields(a.secret("photo"))[0]}, false)
		a.plant("validation", map[string]string{"id": "v" + class, "activity": "f" + class, "decision": "validated", "decided_on": "2025-01-01", "expires_on": "2030-01-01", "note": a.secret("note")}, false)
	}
	for kind, row := range map[string]map[string]string{
		"need":            {"type": "volunteering_time", "text": a.secret("need")},
		"funding":         {"closed_on": "2025-01-01", "reason": a.secret("reason")},
		"document":        {"kind": "story", "title": a.secret("story"), "text": a.secret("text"), "consent": "yes"},
		"saving_estimate": {"agency": "policing", "period_start": "2025-01-01", "period_end": "2025-12-31", "low": "1", "central": "2", "high": "3", "cost_source": a.secret("source")},
	} {
		row["id"], row["activity"] = "of-s3", "fs3"
		a.plant(kind, row, false)
	}
	admin := a.key(data.RoleAdmin, "api")
	for i, class := range []string{"s2", "s3"} {
		p := a.place(map[string]string{})
		where := fmt.Sprintf(`"latitude":%s,"longitude":%s`, p["latitude"], p["longitude"])
		name := "Restricted club"
		if class == "s3" {
			name = a.secret("club")
		}
		a.post(admin, "activities", fmt.Sprintf(`{"id":"a%d","name":%q,"provider":"Provider","class":%q,"locality":%q,"status":"validated",%s}`, i, name, class, a.secret("house"), where), http.StatusCreated)
		a.post(admin, "activities", fmt.Sprintf(`{"id":"b%d","name":%q,"provider":"Provider","class":%q,"status":%q,%s}`, i, a.secret("club"), class, a.secret("status"), where), http.StatusUnprocessableEntity)
		a.post(admin, "contributions", fmt.Sprintf(`{"id":"c%d","supplier":"GB-COH-09506232","supplier_name":"Example Builders","title":%q,"type":"donation_money","value":123,"delivered_from":"2025-06-01","class":%q,%s}`, i, a.secret("gift"), class, where), http.StatusCreated)
		a.post(admin, "contributions", fmt.Sprintf(`{"id":"d%d","supplier":"GB-COH-09506232","title":%q,"type":"cheese","class":%q,%s}`, i, a.secret("gift"), class, where), http.StatusUnprocessableEntity)
	}
}
