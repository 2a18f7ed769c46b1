package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tributary/data"
)

// The page of coverage says what the API says: its sentence, every cell's state
// and pounds, and each report's sentence.
func TestCoverageSaysWhatTheAnswersSay(t *testing.T) {
	s := given(t)
	code, page := got(s, "/coverage?territory=norfolk&by=cell")
	_, body := got(s, "/api/v1/gap?territory=norfolk&by=cell")
	var g data.Gap
	if err := json.Unmarshal([]byte(body), &g); code != http.StatusOK || err != nil {
		t.Fatalf("%d %v %s", code, err, page)
	}
	if !strings.Contains(page, g.Sentence) || strings.Count(page, `class="app-matrix__more"`) > len(g.Cells) || len(g.Cells) == 0 {
		t.Errorf("%d cells; the page: %s", len(g.Cells), page)
	}
	states := map[data.GapState]int{}
	for _, c := range g.Cells {
		states[c.State]++
	}
	_, matrix, _ := strings.Cut(page, "Each priority in each place")
	matrix, _, _ = strings.Cut(matrix, "</table>")
	// Places without an activity under any priority are named apart.
	if _, bare, ok := strings.Cut(page, "no activity under any priority"); ok {
		names, _, _ := strings.Cut(bare, "</div>")
		states[data.GapNoActivity] -= strings.Count(names, " and around") * strings.Count(matrix, `<th scope="col"`)
		states[data.GapNoActivity] += strings.Count(names, " and around")
	}
	for state, n := range states {
		if in := strings.Count(matrix, "app-state--"+string(state)+`"`); in != n {
			t.Errorf("%d cells are %s, %d on the page", n, state, in)
		}
	}
	for _, name := range coverageReports {
		_, body := got(s, "/api/v1/"+name+"?territory=norfolk")
		var r struct{ Sentence string }
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page, strings.ReplaceAll(r.Sentence, "'", "&#39;")) {
			t.Errorf("%s: %q is not on the page", name, r.Sentence)
		}
	}
	// Without a territory there are all of them to choose from; two are refused.
	if code, page := got(s, "/coverage"); code != http.StatusOK || strings.Count(page, `href="/coverage?territory=`) != 45 {
		t.Errorf("%d, %d territories", code, strings.Count(page, `href="/coverage?territory=`))
	}
	for _, query := range []string{"territory=norfolk,kent", "territory=nowhere", "territory=norfolk&by=ward", "territory=norfolk&baseline=nothing", "territory=norfolk&colour=red"} {
		if code, page := got(s, "/coverage?"+query); code != http.StatusBadRequest || !strings.Contains(page, "<h1") {
			t.Errorf("%s: %d", query, code)
		}
	}
	// One county alone is told by hexagons, unless it is asked for.
	if _, page := got(s, "/coverage?territory=norfolk"); !strings.Contains(page, `<option value="cell" selected>`) {
		t.Error("one county has all of everything")
	}
}
