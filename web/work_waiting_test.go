package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tributary/data"
)

// What comes due is among what waits, for everyone whose part it is, before its
// day and after it.
func TestWhatComesDueWaits(t *testing.T) {
	h := newHouse(t)
	w := h.workers("buyer", "supplier", "office", "kent-office", "provider")
	admin := h.key(data.RoleAdmin, "")
	write := func(path string, record map[string]any) {
		t.Helper()
		body, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		h.want(h.ask(admin, http.MethodPost, "/api/v1/"+path, string(body)), http.StatusCreated)
	}
	write("organisations", map[string]any{"id": "GB-COH-00000002", "name": "Example Council"})
	h.run("UPDATE raw.organisation SET territory_id = 'norfolk' WHERE external_id = 'GB-COH-00000002'")
	write("organisations", map[string]any{"id": builder, "name": "Example Builder"})
	write("contracts", map[string]any{"id": "k", "title": "Grounds", "kind": "services", "buyer": "GB-COH-00000002", "supplier": builder, "value": 100, "starts_on": "2026-01-01"})
	today := data.Today()
	for id, days := range map[string]int{"past": -3, "soon": 10, "far": 60} {
		write("progress-updates", map[string]any{"id": id, "contract": "k", "period_start": "2026-01-01", "period_end": "2026-03-31", "due_on": today.AddDays(days).String()})
	}
	for _, org := range []string{"GB-COH-00000002", builder, "GB-CHC-1090095"} {
		if org == "GB-CHC-1090095" {
			write("organisations", map[string]any{"id": org, "name": "Example provider"})
		}
		write("register-entries", map[string]any{"id": "r-" + org, "organisation": org, "territory": "norfolk", "welcomes": true, "types": []string{"volunteering_time"}, "confirmed_on": today.AddDays(-400).String()})
	}
	want := map[string]map[string]int{
		"supplier":    {"Progress to report": 1, "Progress overdue": 1, "Register entry to confirm": 1},
		"buyer":       {"Progress to report": 0, "Progress overdue": 1, "Register entry to confirm": 1},
		"office":      {"Progress to report": 0, "Progress overdue": 1, "Register entry to confirm": 0},
		"kent-office": {"Progress to report": 0, "Progress overdue": 0, "Register entry to confirm": 0},
		"provider":    {"Progress to report": 0, "Progress overdue": 0, "Register entry to confirm": 1},
	}
	for name, rows := range want {
		body := w[name].get("/work").body
		for row, n := range rows {
			if got := strings.Count(body, row+","); got != n {
				t.Errorf("%s has %q %d times, want %d", name, row, got, n)
			}
		}
	}
}
