package web

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tributary/data"
)

// The page of flows has the sentence and the pounds of the API's rows, in their
// order, and draws the rows that have two places.
func TestFlowsPage(t *testing.T) {
	_, s := demonstration(t)
	for _, query := range []string{"dims=supplier_territory,territory", "territory=norfolk&dims=type&period=2025-26", "dims=territory", "dims=sector&state=audited"} {
		code, page := got(s, "/flows?"+query)
		_, body := got(s, "/api/v1/flow?"+query)
		var f data.Flow
		if err := json.Unmarshal([]byte(body), &f); code != http.StatusOK || err != nil {
			t.Fatalf("%s: %d %v %s", query, code, err, body)
		}
		page = html.UnescapeString(page)
		if !strings.Contains(page, f.Sentence) {
			t.Errorf("%s: the page does not say %q", query, f.Sentence)
		}
		rest := page
		for i, r := range f.Rows {
			_, after, found := strings.Cut(rest, ">"+strings.Join(r.Names, " to ")+"</th>")
			if !found || !strings.Contains(after[:strings.Index(after, "</tr>")], ">"+r.Pence.String()+"<") {
				t.Fatalf("%s: row %d, %v of %s, is not in its place", query, i, r.Names, r.Pence)
			}
			rest = after
		}
	}
	row := func(from, to string, pence data.Pence) data.FlowRow {
		return data.FlowRow{Values: []string{from, to}, Names: []string{from, to}, Figure: data.Figure{Count: 1, Pence: pence}, Share: float64(pence) / 1000}
	}
	drawn, err := s.flowsMap(t.Context(), data.Flow{Total: data.Figure{Count: 4, Pence: 1000},
		Rows: []data.FlowRow{row("norfolk", "kent", 500), row("norfolk", "norfolk", 300), row("", "kent", 100), row("kent", "norfolk", 100)}})
	if m := string(drawn); err != nil || strings.Count(m, `<path fill="none" stroke="#8a2f5c"`) != 2 || strings.Count(m, "<circle") != 1 {
		t.Errorf("%v: want arrows there and back, and a circle for what stays", err)
	}
	for _, query := range []string{"dims=colour", "territory=nowhere", "period=2024-26", "from=2025&to=2024", "top=x"} {
		if code, page := got(s, "/flows?"+query); code != http.StatusBadRequest || !strings.Contains(page, "<h1") {
			t.Errorf("%s: %d", query, code)
		}
	}
	// An empty choice of the form is none, and left out of the address.
	if code, _ := got(s, "/flows?"+url.Values{"territory": {""}, "sector": {""}, "period": {""}}.Encode()); code != http.StatusSeeOther {
		t.Errorf("an empty form: %d", code)
	}
}
