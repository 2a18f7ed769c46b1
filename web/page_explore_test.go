package web

import (
	"encoding/csv"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

// shownPage asks for a page, which must be well formed, and returns it as text.
func shownPage(t *testing.T, s *Server, path string) string {
	t.Helper()
	code, body := got(s, path)
	if code != http.StatusOK {
		t.Fatalf("%s: %d %.400s", path, code, body)
	}
	checkHTML(t, body)
	return html.UnescapeString(body)
}

var rowPattern = regexp.MustCompile(`(?s)<tr class="govuk-table__row"[^>]*>.*?</tr>`)

// cellsUnder are what the rows of a page's table say under a label, by the row's
// name.
func cellsUnder(body, label string) map[string]string {
	out := map[string]string{}
	name := regexp.MustCompile(`(?s)<th scope="row"[^>]*>(?:<a[^>]*>)?([^<]+)`)
	cell := regexp.MustCompile(`data-label="` + label + `">(?:<svg.*?</span>)?([^<]*)`)
	for _, row := range rowPattern.FindAllString(body, -1) {
		n, c := name.FindStringSubmatch(row), cell.FindStringSubmatch(row)
		if n != nil && c != nil {
			out[n[1]] = c[1]
		}
	}
	return out
}

func TestExploreIsOneQuestion(t *testing.T) {
	s := given(t)
	for _, layer := range []string{"", "layer=territories", "layer=areas", "layer=territories&metric=per_head", "layer=territories&metric=count"} {
		body := shownPage(t, s, "/?"+layer)
		value, count := cellsUnder(body, "Value"), cellsUnder(body, "Contributions")
		if !strings.Contains(body, `role="status" data-live="text">£1,000.10 of social value was given in 4 contributions. Of £400.04 nobody said where it was given.</p>`) {
			t.Errorf("%s: the sentence is of something else", layer)
		}
		want := map[string]string{"Norfolk": "£600.06", "Nobody said where": "£400.04", "All of it": "£1,000.10"}
		if layer == "layer=areas" {
			want = map[string]string{"Norfolk": "£300.03", "May not be shown by place": "£300.03", "Nobody said where": "£400.04", "All of it": "£1,000.10"}
		}
		for name, pounds := range want {
			if value[name] != pounds {
				t.Errorf("%s: %s has %q, want %s", layer, name, value[name], pounds)
			}
		}
		if count["All of it"] != "4" {
			t.Errorf("%s: %q contributions in all", layer, count["All of it"])
		}
		// The files say the same.
		href := regexp.MustCompile(`href="([^"]+\.csv[^"]*)"`).FindStringSubmatch(body)
		if href == nil {
			t.Fatalf("%s: no CSV", layer)
		}
		_, file := got(s, href[1])
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := slices.Index(rows[0], "value_pounds")
		var sum data.Pence
		for _, row := range rows[1:] {
			p, err := data.ParsePounds(row[at])
			if err != nil {
				t.Fatal(err)
			}
			sum += p
		}
		if sum.String() != value["All of it"] {
			t.Errorf("%s: the CSV comes to %s, the table to %s", layer, sum, value["All of it"])
		}
	}
}

func TestExploreHeatHasTheClassesOfItsTiles(t *testing.T) {
	s := given(t)
	body := shownPage(t, s, "/?metric=count")
	over := regexp.MustCompile(`data-over="([^"]*)"`).FindStringSubmatch(body)
	if over == nil || over[1] != "/tiles/heat/{z}/{x}/{y}.mvt" {
		t.Errorf("the hexagons come from %v", over)
	}
	var about struct {
		Shown map[string]struct {
			Cells []struct {
				Res    int
				Breaks []int64
			}
		}
	}
	_, described := got(s, "/tiles/heat.json?metric=count")
	if err := json.Unmarshal([]byte(described), &about); err != nil {
		t.Fatal(err)
	}
	if len(about.Shown["heat"].Cells) == 0 {
		t.Fatal("TileJSON tells of no cells")
	}
	for _, c := range about.Shown["heat"].Cells {
		group := regexp.MustCompile(`(?s)data-res="` + number(c.Res) + `".*?</ul>`).FindString(body)
		for _, b := range c.Breaks {
			if !strings.Contains(group, `data-from="`+number(int(b))+`"`) {
				t.Errorf("resolution %d: the key has no class from %d: %s", c.Res, b, group)
			}
		}
	}
	// Only the still map's key stands without JavaScript.
	if n := strings.Count(body, `data-key="heat"`) - strings.Count(body, `" hidden>`); n != 1 {
		t.Errorf("%d keys can be seen, want 1", n)
	}
}

func TestExploreLeavesWhatALayerDoesNotKnow(t *testing.T) {
	_, s := demonstration(t)
	body := shownPage(t, s, "/?type=training&territory=norfolk&theme=safer")
	for _, want := range []string{`href="/?layer=activities&territory=norfolk&theme=safer"`, `href="/?layer=gaps&territory=norfolk&type=training"`, "Not every layer knows of theme, type",
		`Remove filter`, `value="norfolk" selected`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if body := shownPage(t, s, "/?layer=activities&territory=essex,norfolk"); !strings.Contains(body, `<option value="essex,norfolk" selected>2 territories`) || !strings.Contains(body, `name="layer" value="activities"`) {
		t.Error("the form forgets several territories, or the layer")
	}
	if body := shownPage(t, s, "/?layer=activities&area=E07000146,E07000148"); !strings.Contains(body, `href="/?area=E07000146&layer=activities"`) {
		t.Error("an area cannot be removed by its chip")
	}
	if body := shownPage(t, s, "/?layer=activities&sort=-activities&view=table"); !strings.Contains(body, `aria-sort="descending"><a class="app-sort" href="/?layer=activities&sort=activities&view=table#figures"`) {
		t.Error("the table does not sort by activities")
	}
}

func TestExploreTidiesForms(t *testing.T) {
	_, s := demonstration(t)
	for path, want := range map[string]string{
		"/?theme=safer&theme=healthier&region=&territory=&view=map&q=": "/?theme=safer,healthier",
		"/?layer=heat&metric=pence":                                    "/",
		"/?q=builders&theme=safer":                                     "/search?q=builders&theme=safer",
	} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("%s: %d %s, want %s", path, w.Code, w.Header().Get("Location"), want)
		}
	}
}

func TestExploreRefuses(t *testing.T) {
	_, s := demonstration(t)
	for _, path := range []string{"/?colour=red", "/?view=globe", "/?sort=-moons", "/?status=asleep", "/?layer=moons", "/?metric=per_head", "/?layer=flows&metric=count", "/?layer=activities&type=training",
		"/?steps=week", "/?layer=gaps&theme=safer", "/embed?colour=red", "/static-map.svg?layer=moons", "/static-map.svg?key=large"} {
		if code, body := got(s, path); code != http.StatusBadRequest || !strings.Contains(body, "<h1") {
			t.Errorf("%s: %d", path, code)
		}
	}
}

func TestExploreSaysHowToFill(t *testing.T) {
	s, err := NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, pgtest.Store(t))
	if err != nil {
		t.Fatal(err)
	}
	mustHold(t, shownPage(t, s, "/"), "There are no activities yet", "tributary demo", "tributary import activities", "No contributions are on record")
	mustHold(t, shownPage(t, s, "/?layer=activities"), "There are no activities")
}

// Every layer has its still map, of the same question, and may be framed.
func TestEveryLayerWithoutJavaScript(t *testing.T) {
	s := given(t)
	least := map[string]int{layerHeat: 45 + 1 + 45, "territories": 45 + 45 + 45, "areas": 45 + 200 + 45, layerTargetAreas: 90, layerFlows: 90, layerActivities: 45, layerGaps: 90}
	for _, l := range layerKinds {
		for _, query := range []url.Values{{"layer": {l.name}}, {"layer": {l.name}, "territory": {"norfolk"}}} {
			if l.name == layerKinds[0].name {
				query.Del("layer")
			}
			body := shownPage(t, s, queryURL("/embed", query))
			still := regexp.MustCompile(`<img src="([^"]+)"`).FindStringSubmatch(body)
			if still == nil {
				t.Fatalf("%v has no still map", query)
			}
			code, svg := got(s, still[1])
			if code != http.StatusOK {
				t.Fatalf("%s: %d %s", still[1], code, svg)
			}
			wellFormed(t, svg)
			if strings.Contains(svg, "style=") || strings.Contains(svg, "NaN") {
				t.Errorf("%s: a style attribute, which the CSP forbids, or no number", still[1])
			}
			if n := strings.Count(svg, "<path"); query.Get("territory") == "" && n < least[l.name] {
				t.Errorf("%s: %d paths, want %d", still[1], n, least[l.name])
			}
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/embed", nil))
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors *") {
		t.Errorf("the frame's policy is %s", csp)
	}
	if w.Header().Get("Cross-Origin-Opener-Policy") == "" {
		t.Error("the other headers are gone")
	}
}

func TestTimelineLeadsThroughPeriods(t *testing.T) {
	s := given(t)
	body := shownPage(t, s, "/")
	mustHold(t, body, "Time: <span id=\"time-now\">All time", `title="April 2025 to March 2026: £1,000.10"`, `href="/?from=2025-04-01&to=2026-03-31"`, `id="time-previous" href="/?from=2025-04-01&to=2026-03-31"`)
	body = shownPage(t, s, "/?from=2025-04-01&to=2026-03-31")
	mustHold(t, body, "April 2025 to March 2026</span>", `aria-current="true"><svg`, `id="time-all" href="/"`, `>Show by quarter`)
	body = shownPage(t, s, "/?period=2025-26-Q1")
	mustHold(t, body, "April 2025 to June 2025</span>", `title="April to June 2025: £1,000.10"`, `href="/?from=2025-04-01&to=2026-03-31"`, `value="2025-04-01" selected`)
	if body := shownPage(t, s, "/?from=2024-04-01&to=2025-03-31"); !strings.Contains(body, "No contributions are on record") || !strings.Contains(body, "Nothing matches these filters") {
		t.Error("a period without contributions does not say so")
	}
}

// Every file that a view offers is there, and its shapes are those of the table.
func TestEveryFileOfAViewIsThere(t *testing.T) {
	s := given(t)
	for _, l := range layerKinds {
		body := shownPage(t, s, queryURL("/", url.Values{"layer": {strings.TrimPrefix(l.name, layerKinds[0].name)}, "territory": {"norfolk"}}))
		links := regexp.MustCompile(`href="(/api/[^"]+)" download`).FindAllStringSubmatch(body, -1)
		if len(links) < 2 {
			t.Errorf("%s offers %v", l.name, links)
		}
		for _, link := range links {
			code, file := got(s, link[1])
			if code != http.StatusOK {
				t.Errorf("%s: %d %.200s", link[1], code, file)
			}
			if strings.Contains(link[1], "flow.geojson?dims=territory") && (strings.Count(file, `"Feature"`) != 1 || !strings.Contains(file, `"pence":60006`)) {
				t.Errorf("%s: %.300s", link[1], file)
			}
		}
	}
}

func TestClassLabels(t *testing.T) {
	for _, tt := range []struct {
		breaks []int64
		metric string
		want   []string
	}{
		{[]int64{0, 200000, 500000}, "pence", []string{"Under £2,000", "£2,000 to £4,999", "£5,000 or more"}},
		{[]int64{5, 20, 100}, metricPerHead, []string{"Under £0.20", "£0.20 to £0.99", "£1 or more"}},
		{[]int64{1, 2, 5}, "count", []string{"Under 2", "2 to 4", "5 or more"}},
		{[]int64{1, 2, 3}, "count", []string{"Under 2", "2", "3 or more"}},
		{[]int64{7}, "count", []string{"7 or more"}},
	} {
		var labels []string
		for _, step := range stepsOf(tt.breaks, tt.metric) {
			labels = append(labels, step.Label)
		}
		if !slices.Equal(labels, tt.want) {
			t.Errorf("%v: %q, want %q", tt.breaks, labels, tt.want)
		}
	}
}

// A figure leads to the rows behind it, page by page, which add up to it; so
// does their file.
func TestContributionsAddUpToTheFigure(t *testing.T) {
	s := given(t)
	body := shownPage(t, s, "/contributions")
	value := regexp.MustCompile(`data-label="Value">([^<]+)<`).FindAllStringSubmatch(body, -1)
	var sum data.Pence
	for _, v := range value {
		p, err := data.ParsePounds(v[1])
		if err != nil {
			t.Fatal(err)
		}
		sum += p
	}
	if len(value) != 4 || sum.String() != "£1,000.10" || !strings.Contains(body, "£1,000.10 of social value was given in 4 contributions.") {
		t.Errorf("%d rows of %s", len(value), sum)
	}
	for _, want := range []string{"Nobody said where", `href="/places/norfolk"`, "Donated money, 7.5 hours", "Example Builders", "All 4 parts"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if body := shownPage(t, s, "/contributions?territory=kent"); !strings.Contains(body, "No contribution matches these filters") {
		t.Error("no rows, and the page does not say so")
	}
	for _, path := range []string{"/contributions?layer=heat", "/contributions?after=%25", "/contributions?state=sure", "/contributions?limit=5"} {
		if code, _ := got(s, path); code != http.StatusBadRequest {
			t.Errorf("%s: %d", path, code)
		}
	}
	_, demo := demonstration(t)
	if body := shownPage(t, demo, "/contributions"); !strings.Contains(body, "There is nothing of this yet") && !strings.Contains(body, "No contribution matches") {
		t.Error("an empty ledger is not told")
	}
}

// A name typed into the form's field for organisations finds them, and each role
// leads back to the map with what was chosen before.
func TestSearchAddsAnOrganisationToTheFilter(t *testing.T) {
	s := given(t)
	body := shownPage(t, s, "/search?q=builders&territory=norfolk&layer=territories")
	id := regexp.MustCompile(`href="/organisations/([0-9a-f-]{36})"`).FindStringSubmatch(body)
	if id == nil {
		t.Fatal("the organisation is not found")
	}
	for _, want := range []string{`href="/?layer=territories&supplier=` + id[1] + `&territory=norfolk"`, "Choose an organisation below", "Supplier</p>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if body := shownPage(t, s, "/?supplier="+id[1]); !strings.Contains(body, `Supplier:</span> Example Builders`) {
		t.Error("the chip does not name the organisation")
	}
	if body := shownPage(t, s, "/search?q=builders&layer=gaps&territory=norfolk"); !strings.Contains(body, `href="/?layer=gaps&supplier=`) {
		t.Error("gaps know of suppliers")
	}
	if body := shownPage(t, s, "/search?q=builders&layer=activities"); !strings.Contains(body, `href="/?supplier=`) {
		t.Error("the layer of activities knows of no supplier, and must be left")
	}
	for _, path := range []string{"/search?q=x&colour=red", "/search?q=x&theme=sad"} {
		if code, _ := got(s, path); code != http.StatusBadRequest {
			t.Errorf("%s: %d", path, code)
		}
	}
}
