package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tributary/data"
)

// Each side of a comparison is what flow says of it, in every form.
func TestCompareIsTwoFlows(t *testing.T) {
	s := given(t)
	for _, tt := range []struct{ query, first, second string }{
		{"territory=norfolk&with_territory=kent", "territory=norfolk", "territory=kent"},
		{"from=2025-01&to=2025-12&with_from=2024-01&with_to=2024-12", "from=2025-01&to=2025-12", "from=2024-01&to=2024-12"},
		{"state=claimed&dims=territory&with_region=E12000006", "state=claimed&dims=territory", "state=claimed&dims=territory&region=E12000006"},
	} {
		code, body := got(s, "/api/v1/compare?"+tt.query)
		var c data.Comparison
		if err := json.Unmarshal([]byte(body), &c); code != http.StatusOK || err != nil {
			t.Fatalf("%s: %d, %v: %s", tt.query, code, err, body)
		}
		for i, q := range []string{tt.first, tt.second} {
			if !strings.Contains(q, "dims") {
				q += "&dims=type"
			}
			code, body := got(s, "/api/v1/flow?top=0&"+q)
			var f data.Flow
			if err := json.Unmarshal([]byte(body), &f); code != http.StatusOK || err != nil {
				t.Fatalf("%s: %d, %v: %s", q, code, err, body)
			}
			if !f.Total.Equal(c.Sides[i].Total) || !f.Unallocated.Equal(c.Unallocated[i]) || !f.Withheld.Equal(c.Withheld[i]) {
				t.Errorf("%s: side %d is %+v, the flow %+v", tt.query, i, c.Sides[i].Total, f.Total)
			}
			for _, row := range f.Rows {
				found := false
				for _, other := range c.Rows {
					found = found || strings.Join(other.Values, "|") == strings.Join(row.Values, "|") && other.Figures[i].Equal(row.Figure)
				}
				if !found {
					t.Errorf("%s: side %d has no row %v of %+v", tt.query, i, row.Values, row.Figure)
				}
			}
		}
		if code, body := got(s, "/api/v1/compare.csv?"+tt.query); code != http.StatusOK || strings.Count(body, "\n") < len(c.Rows)+1 {
			t.Errorf("%s as CSV: %d %s", tt.query, code, body)
		}
	}
	for query, field := range map[string]string{
		"territory=norfolk": "with_territory", "with_territory=nowhere": "with_territory", "territory=nowhere&with_territory=kent": "territory",
		"with_from=2025&with_to=2024": "with_to", "with_dims=type&with_territory=kent": "with_dims", "period=2024-25&with_period=2024-26": "with_period",
	} {
		code, body := got(s, "/api/v1/compare?"+query)
		if code != http.StatusBadRequest || !strings.Contains(body, `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s, want a 400 that names %s", query, code, body, field)
		}
	}
}

// A flow by place has figures per head, a flow by anything else none.
func TestFlowPerHead(t *testing.T) {
	s := given(t)
	_, body := got(s, "/api/v1/flow?dims=territory")
	var f data.Flow
	if err := json.Unmarshal([]byte(body), &f); err != nil {
		t.Fatal(err)
	}
	people, err := s.src.Populations(t.Context(), data.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.Rows {
		if want := float64(r.Pence) / people.Of[r.Values[0]]; r.PerHeadPence == nil || *r.PerHeadPence < want-0.006 || *r.PerHeadPence > want+0.006 {
			t.Errorf("%v: %v a head, want %v", r.Values, r.PerHeadPence, want)
		}
	}
	if f.Population == nil || !f.Population.Approximate || len(f.Rows) == 0 {
		t.Errorf("by %+v", f.Population)
	}
	_, body = got(s, "/api/v1/flow?dims=type")
	if strings.Contains(body, "per_head") {
		t.Error(body)
	}
}
