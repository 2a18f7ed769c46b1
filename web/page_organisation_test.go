package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tributary/data"
)

// The pages of organisations list what the API does, under any filter, and the
// figures of each are those of a flow of its own.
func TestOrganisationsAreTheirFlows(t *testing.T) {
	s := kingdom(t)
	all := answered[list[data.OrganisationRow]](t, s, "/api/v1/organisations?limit=1000")
	if all.Matched != len(all.Items) || all.Matched < 50 {
		t.Fatalf("%d of %d", len(all.Items), all.Matched)
	}
	if !slices.IsSortedFunc(all.Items, func(a, b data.OrganisationRow) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	}) {
		t.Error("they are not in the order of their names")
	}
	for query, dim := range map[string]string{"role=supplier&territory=norfolk": "supplier", "role=provider&period=2024-25": "provider", "role=buyer&sector=council": "buyer"} {
		filter := strings.SplitN(query, "&", 2)[1]
		flow := answered[data.Flow](t, s, "/api/v1/flow?top=0&dims="+dim+"&"+filter)
		have := map[string]data.OrganisationRow{}
		for _, o := range answered[list[data.OrganisationRow]](t, s, "/api/v1/organisations?limit=1000&"+query).Items {
			have[o.ID] = o
		}
		for _, row := range flow.Rows {
			o, ok := have[row.Values[0]]
			if !ok {
				if row.Values[0] != "" && slices.ContainsFunc(all.Items, func(o data.OrganisationRow) bool { return o.ID == row.Values[0] }) {
					t.Errorf("%s: %s is missing", query, row.Names[0])
				}
				continue
			}
			f := map[string]data.Figure{"supplier": o.Gave, "provider": o.Received, "buyer": o.Brought}[dim]
			if f.Pence != row.Pence || f.Count != row.Count {
				t.Errorf("%s: %s has %s, its flow %s", query, o.Name, f.Pence, row.Pence)
			}
		}
	}
	// A page of the list at a time comes to the same, without one twice.
	seen := map[string]bool{}
	for at := "/api/v1/organisations?limit=40"; at != ""; {
		part := answered[list[data.OrganisationRow]](t, s, at)
		for _, o := range part.Items {
			if seen[o.ID] {
				t.Errorf("%s stands on two pages", o.Name)
			}
			seen[o.ID] = true
		}
		at = part.Next
	}
	if len(seen) != all.Matched {
		t.Errorf("%d on the pages, %d in all", len(seen), all.Matched)
	}
	body := pageOf(t, s, "/organisations?q=TRUST&role=provider")
	for _, o := range answered[list[data.OrganisationRow]](t, s, "/api/v1/organisations?limit=30&q=TRUST&role=provider").Items {
		mustHold(t, body, escaped(o.Name), "/organisations/"+o.ID)
		if !strings.Contains(strings.ToLower(o.Name), "trust") {
			t.Errorf("%s is no trust", o.Name)
		}
	}
	mustHold(t, pageOf(t, s, "/organisations?q=zzzz"), "No organisation matches")
	for _, bad := range []string{"role=king", "q=%00", "q=" + strings.Repeat("x", 101), "after=x", "theme=safer", "territory=atlantis"} {
		if code, _ := got(s, "/organisations?"+bad); code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, code)
		}
	}
}

// An organisation's statement adds up: its states and years to its total, which
// is that of the API's totals.
func TestOrganisationStatementAddsUp(t *testing.T) {
	s := kingdom(t)
	for _, dim := range []string{"supplier", "buyer", "provider"} {
		flow := answered[data.Flow](t, s, "/api/v1/flow?top=3&dims="+dim)
		for _, row := range flow.Rows {
			if row.Values[0] == "" {
				continue
			}
			code, _ := got(s, "/api/v1/organisations/"+row.Values[0])
			if code == http.StatusNotFound { // a sole trader
				continue
			}
			o := answered[data.OrganisationProfile](t, s, "/api/v1/organisations/"+row.Values[0])
			st := map[string]*data.Statement{"supplier": o.Gave, "buyer": o.Brought, "provider": o.Received}[dim]
			if st == nil || st.Total.Pence != row.Pence {
				t.Fatalf("%s %s: %+v, want %s", dim, o.Name, st, row.Pence)
			}
			var states, years data.Figure
			for _, x := range st.States {
				states.Add(x.Figure)
			}
			for _, y := range st.Years {
				years.Add(y.Total)
			}
			if !states.Equal(st.Total) || !years.Equal(st.Total) {
				t.Errorf("%s: states %v, years %v, in all %v", o.Name, states, years, st.Total)
			}
			for _, p := range st.Parts {
				var sum data.Figure
				for _, r := range p.Rows {
					sum.Add(r.Figure)
				}
				for _, f := range []data.Figure{p.Other, p.Unallocated, p.Withheld} {
					sum.Add(f)
				}
				if sum.Pence != st.Total.Pence {
					t.Errorf("%s by %s: %s, in all %s", o.Name, p.By, sum.Pence, st.Total.Pence)
				}
			}
			body := pageOf(t, s, "/organisations/"+o.ID)
			mustHold(t, body, escaped(o.Name), st.Total.Pence.String())
			for _, x := range st.States {
				mustHold(t, body, "<dt>"+stateWord(x.State)+"</dt><dd>"+x.Pence.String()+"</dd>")
			}
		}
	}
	for _, id := range []string{"nobody", "00000000-0000-4000-8000-000000000000"} {
		for _, path := range []string{"/organisations/", "/contracts/", "/api/v1/organisations/", "/api/v1/contracts/"} {
			if code, _ := got(s, path+id); code != http.StatusNotFound {
				t.Errorf("%s%s: %d", path, id, code)
			}
		}
	}
}

// Contracts: the page, the list and the file say the same; what was given under
// one is what the flow by contract says; how many people is told nowhere.
func TestContractsSayTheSame(t *testing.T) {
	s := kingdom(t)
	all := answered[list[data.ContractRow]](t, s, "/api/v1/contracts?limit=1000")
	if all.Matched != len(all.Items) || all.Matched < 20 {
		t.Fatalf("%d of %d", len(all.Items), all.Matched)
	}
	code, file := got(s, "/api/v1/contracts.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if code != http.StatusOK || err != nil || len(rows) != all.Matched+1 {
		t.Errorf("%d %v: %d rows", code, err, len(rows))
	}
	flow := answered[data.Flow](t, s, "/api/v1/flow?top=0&dims=contract")
	given := map[string]data.Figure{}
	for _, r := range flow.Rows {
		given[r.Values[0]] = r.Figure
	}
	orders := 0
	for _, row := range all.Items[:20] {
		c := answered[data.ContractProfile](t, s, "/api/v1/contracts/"+row.ID)
		if c.Given.Total.Pence != given[row.ID].Pence || c.Given.Total.Count != given[row.ID].Count {
			t.Errorf("%s: %s given, its flow %s", c.Title, c.Given.Total.Pence, given[row.ID].Pence)
		}
		sum := data.Pence(0)
		for _, q := range c.Quantum {
			sum += q.Pence
			if q.Unit == "people" && q.Quantity != 0 {
				t.Errorf("%s tells how many people it commits to", c.Title)
			}
		}
		if sum != row.Committed || len(c.Quantum) != row.Commitments {
			t.Errorf("%s: %s in %d commitments, listed %s in %d", c.Title, sum, len(c.Quantum), row.Committed, row.Commitments)
		}
		overdue := 0
		for _, u := range c.Updates {
			if u.State == "overdue" {
				overdue++
			}
		}
		if overdue != row.Overdue {
			t.Errorf("%s: %d overdue, listed %d", c.Title, overdue, row.Overdue)
		}
		body := pageOf(t, s, "/contracts/"+row.ID)
		mustHold(t, body, escaped(c.Title), escaped(c.Buyer.Name), contractStanding(row))
		if c.Given.Total.Count > 0 {
			mustHold(t, body, c.Given.Total.Pence.String())
		}
		for _, o := range c.Orders {
			orders++
			mustHold(t, body, escaped(o.Activity.Name), `data-label="State">`+offerWord(o.State))
			if slices.Contains([]string{"draft", "declined", "cancelled"}, o.State) || o.Unit == "people" && o.Quantity != 0 {
				t.Errorf("%s: an order %+v", c.Title, o)
			}
		}
		if n := strings.Count(body, "Overdue</strong>"); n != overdue {
			t.Errorf("%s: %d overdue on the page, want %d", c.Title, n, overdue)
		}
	}
	if orders == 0 {
		t.Error("no contract has an order")
	}
	for _, query := range []string{"territory=norfolk", "buyer=" + all.Items[0].Buyer.ID, "sector=council&period=2024-25"} {
		want := answered[list[data.ContractRow]](t, s, "/api/v1/contracts?"+query)
		if body := pageOf(t, s, "/contracts?"+query); want.Matched > 0 && !strings.Contains(body, fmt.Sprintf("%s, the last to begin", plural(want.Matched, "contract", "contracts"))) {
			t.Errorf("%s: the page does not say %s", query, strconv.Itoa(want.Matched))
		}
	}
	for _, bad := range []string{"theme=safer", "after=%21", "supplier=nobody", "period=2025"} {
		if code, _ := got(s, "/contracts?"+bad); code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, code)
		}
	}
}
