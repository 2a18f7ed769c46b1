package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo"
)

// fakeSource is a small country: two territories in one region and one in
// another.
type fakeSource struct {
	rows     []data.TerritoryRow
	summary  data.Summary
	asked    []data.Filter
	view     data.View
	outlines int // times the outlines were asked for
	fail     error
}

func newFakeSource() *fakeSource {
	row := func(id, name, cy string, region geo.RegionCode, regionName string, n int) data.TerritoryRow {
		return data.TerritoryRow{
			Territory:  data.Territory{ID: geo.TerritoryID(id), Code: "E23000001", CodeKind: "gss", Name: name, NameCy: cy, Force: name + " Constabulary", PoliceUKID: id, Region: region, PlanKind: "police_and_crime_plan"},
			RegionName: regionName,
			Body:       data.PolicingBody{ID: id, Kind: data.BodyPCC, Name: "Commissioner for " + name, PlannedEnd: "May 2028"},
			Counts:     data.Counts{Activities: n, Places: n, Validated: n / 2, Providers: n / 3},
		}
	}
	return &fakeSource{
		rows: []data.TerritoryRow{
			row("essex", "Essex", "", "E12000006", "East of England", 1200),
			row("gwent", "Gwent", "Gwent â ŵ ŷ", "W92000004", "Wales", 0),
			row("norfolk", "Norfolk", "", "E12000006", "East of England", 30),
		},
		summary: data.Summary{Counts: data.Counts{Activities: 1230, Withheld: 1}, Sentence: "1,230 activities <here>.", Demonstration: true},
	}
}

func (s *fakeSource) Territories(_ context.Context, f data.Filter) ([]data.TerritoryRow, error) {
	s.asked = append(s.asked, f)
	return s.rows, s.fail
}

func (s *fakeSource) Regions(context.Context, data.Filter) ([]data.RegionRow, error) {
	return []data.RegionRow{
		{Region: data.Region{Code: "E12000006", Name: "East of England", Nation: "England"}, Counts: data.Counts{Activities: 1230}},
		{Region: data.Region{Code: "W92000004", Name: "Wales", NameCy: "Cymru", Nation: "Wales"}},
	}, s.fail
}

func (s *fakeSource) Areas(_ context.Context, f data.Filter) ([]data.AreaRow, error) {
	norwich := data.AreaRow{Code: "E07000148", Name: "Norwich", Kind: data.BoundaryDistrict, Territory: "norfolk", Counts: data.Counts{Activities: 12}}
	if slices.Contains(f.Area, norwich.Code) {
		return []data.AreaRow{norwich}, s.fail
	}
	return nil, s.fail
}

func (s *fakeSource) Activities(_ context.Context, _ data.Filter, v data.View) (data.ActivityList, error) {
	s.view = v
	return data.ActivityList{Items: []data.Activity{fakeActivity("1", geo.LevelExact)}, Matched: 30, After: "x/y"}, s.fail
}

func fakeActivity(id string, level geo.Level) data.Activity {
	point := orb.Point{1.25, 52.5}
	place := data.Place{Role: data.RoleDelivery, Level: level, Territory: "norfolk", Region: "E12000006", Method: data.MethodPostcode, PrecisionMetres: 100}
	if level <= geo.LevelCell {
		place.Position = &point
	}
	return data.Activity{
		ID: id, Name: `Boxing & "tea"`, URL: "javascript:alert(1)", Provider: data.Party{ID: "p", Name: "Provider One"},
		Themes: []data.Theme{data.ThemeSafer}, Status: data.StatusSubmitted, Source: "council",
		Updated: time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC), Places: []data.Place{place},
	}
}

func (s *fakeSource) Place(_ context.Context, id string) (data.PlaceProfile, error) {
	profile := data.PlaceProfile{
		Bounds: orb.Bound{Min: orb.Point{0.1, 52.3}, Max: orb.Point{1.8, 53}}, Approximate: true, Boundary: "Made with Natural Earth",
		Counts: data.Counts{Activities: 30, Validated: 15, Providers: 10, Places: 31, Withheld: 2}, Sentence: "30 activities in the place.",
		ByStatus: []data.Count{{Value: "draft"}, {Value: "validated", Activities: 15}}, ByTheme: []data.Count{{Value: "safer", Activities: 30}},
	}
	switch id {
	case "norfolk":
		profile.Territory, profile.RegionName = &s.rows[2].Territory, "East of England"
		profile.Terms = []data.Term{
			{Body: s.rows[2].Body, ValidFrom: data.NewDate(2012, 11, 22)},
			{Body: data.PolicingBody{Name: "Norfolk Police Authority"}, ValidTo: data.NewDate(2012, 11, 22)},
		}
		profile.Districts = []data.District{{Code: "E07000148", Name: "Norwich"}}
		profile.ByArea = []data.AreaRow{{Code: "E07000148", Name: "Norwich", Kind: data.BoundaryDistrict, Counts: data.Counts{Activities: 12}}}
	case "E12000006":
		profile.Region, profile.Territories = &data.Region{Code: "E12000006", Name: "East of England", Nation: "England"}, s.rows[:1]
	default:
		return data.PlaceProfile{}, data.ErrNotFound
	}
	return profile, nil
}

func (s *fakeSource) Search(_ context.Context, q string) (data.SearchResult, error) {
	result := data.SearchResult{Query: q, Note: "Postcodes have not been imported."}
	if q == "nor" {
		result.Items = []data.SearchItem{
			{Kind: data.FoundTerritory, ID: "norfolk", Name: "Norfolk", Lon: 1, Lat: 52.7, Zoom: 8, Territory: "norfolk"},
			{Kind: data.FoundTown, ID: "norwich", Name: "Norwich", Detail: "Norfolk", Lon: 1.2973, Lat: 52.6309, Zoom: 11.5, Territory: "norfolk"},
			{Kind: data.FoundArea, ID: "E07000148", Name: "Norwich", Lon: 1.29, Lat: 52.63, Zoom: 10, Territory: "norfolk"},
			{Kind: data.FoundActivity, ID: "a/b", Name: "North star"},
		}
	}
	return result, s.fail
}

func (s *fakeSource) Summary(_ context.Context, f data.Filter) (data.Summary, error) {
	if slices.Contains(f.Status, data.StatusClosed) {
		return data.Summary{Sentence: "No activities."}, s.fail
	}
	return s.summary, s.fail
}

func (s *fakeSource) BoundarySets(context.Context) ([]data.BoundarySet, error) {
	return []data.BoundarySet{{ID: 1, Kind: data.BoundaryTerritory, Label: "Default", Source: "Made with Natural Earth", Licence: "public domain", Approximate: true}}, s.fail
}

func (s *fakeSource) Outlines(_ context.Context, kinds ...data.BoundaryKind) ([]data.Outline, error) {
	if !slices.Equal(kinds, []data.BoundaryKind{data.BoundaryTerritory}) {
		return nil, s.fail
	}
	s.outlines++
	square := func(x float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{x, 6_600_000}, {x + 90_000, 6_600_000}, {x + 90_000, 6_700_000}, {x, 6_700_000}, {x, 6_600_000}}}}
	}
	return []data.Outline{{ID: "essex", Name: "Essex", Geometry: square(0)}, {ID: "gwent", Name: "Gwent", Geometry: square(-300_000)}, {ID: "norfolk", Name: "Norfolk", Geometry: square(100_000)}}, s.fail
}

func testPages(t *testing.T, src PageSource) *Pages {
	t.Helper()
	assets, err := NewAssets(fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPages(assets, src, data.Scope{Takes: []string{"region", "territory", "area", "bbox", "theme", "status", "provider"}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// get asks a handler for a path and returns what it answered.
func get(handler func(http.ResponseWriter, *http.Request) error, path string) (*httptest.ResponseRecorder, error) {
	w := httptest.NewRecorder()
	err := handler(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w, err
}

// mustHold fails for each fragment that a page lacks.
func mustHold(t *testing.T, body string, fragments ...string) {
	t.Helper()
	for _, f := range fragments {
		if !strings.Contains(body, f) {
			t.Errorf("the page lacks %q", f)
		}
	}
}

var inlineCode = regexp.MustCompile(`(?i)<script>|<style|\sstyle=|\son[a-z]+=|javascript:|ZgotmplZ|https?://(?:fonts|cdn|unpkg)`)

// checkHTML checks what every page must hold to: one h1, no inline code (the
// CSP forbids it), distinct ids.
func checkHTML(t *testing.T, body string) {
	t.Helper()
	if n := strings.Count(body, "<h1"); n != 1 {
		t.Errorf("%d h1, want 1", n)
	}
	if m := inlineCode.FindString(body); m != "" {
		t.Errorf("the page holds %q", m)
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if seen[m[1]] {
			t.Errorf("the id %q stands twice", m[1])
		}
		seen[m[1]] = true
	}
}

func TestEveryPage(t *testing.T) {
	p := testPages(t, newFakeSource())
	place := func(id string) func(http.ResponseWriter, *http.Request) error {
		return func(w http.ResponseWriter, r *http.Request) error { return p.showPlace(w, r, id) }
	}
	tests := []struct {
		name    string
		handler func(http.ResponseWriter, *http.Request) error
		path    string
		holds   []string
	}{
		{"territory", place("norfolk"), "/places/norfolk", []string{"Police and crime commissioner", "22 November 2012", "May 2028", "Norfolk Police Authority until 22 November 2012", "data.police.uk/api/forces/norfolk", `href="/places/E07000148">Norwich<`, "The boundary is approximate</strong>", "Boxing &amp; &#34;tea&#34;", "/places/norfolk?after=x%2Fy#activities", "Why 2 activities may not be shown", `data-bounds="0.1000,52.3000,1.8000,53.0000"`, `href="/places/gwent" rel="prev"`}},
		{"region", place("E12000006"), "/places/E12000006", []string{"Territories in East of England", `href="/places/essex"`, "/api/v1/activities.csv?region=E12000006"}},
		{"search", p.Search, "/search", []string{`name="q"`}},
		{"search, found", p.Search, "/search?q=nor", []string{`href="/places/norfolk"`, `href="/#map=11.50/52.6309/1.2973"`, `href="/places/E07000148"`, `href="/?area=E07000148#map=10.00/52.6300/1.2900"`, `href="/activities/a%2fb"`, "Postcodes have not been imported."}},
		{"search, nothing", p.Search, "/search?q=zzz", []string{"Nothing was found for “zzz”"}},
		{"search, empty", p.Search, "/search?q=", []string{"There is a problem", "Enter a place"}},
		{"data", p.Data, "/data", []string{"/api/v1/activities.geojson", "GeoNames", "Natural Earth", "Open Government Licence"}},
		{"help", p.Help, "/help", []string{"British Transport Police", "Civil Nuclear Constabulary", "Crown Dependencies", "withheld"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, err := get(test.handler, test.path)
			if err != nil || w.Code != http.StatusOK {
				t.Fatalf("status %d, error %v", w.Code, err)
			}
			body := strings.ReplaceAll(w.Body.String(), "a%2Fb", "a%2fb")
			checkHTML(t, body)
			mustHold(t, body, test.holds...)
		})
	}
}

func TestNotFoundAndFaults(t *testing.T) {
	src := newFakeSource()
	p := testPages(t, src)
	_, err := get(func(w http.ResponseWriter, r *http.Request) error { return p.showPlace(w, r, "atlantis") }, "/places/atlantis")
	if !errors.Is(err, data.ErrNotFound) {
		t.Errorf("place: error %v, want not found", err)
	}
	src.fail = data.ErrUnavailable
	for _, handler := range []func(http.ResponseWriter, *http.Request) error{p.Data, p.StaticMap} {
		if _, err := get(handler, "/"); !errors.Is(err, data.ErrUnavailable) {
			t.Errorf("error %v, want unavailable", err)
		}
	}
}

func TestPlacePaging(t *testing.T) {
	src := newFakeSource()
	p := testPages(t, src)
	w, err := get(func(w http.ResponseWriter, r *http.Request) error { return p.showPlace(w, r, "norfolk") }, "/places/norfolk?after="+url.QueryEscape("x/y"))
	if err != nil {
		t.Fatal(err)
	}
	if src.view.After != "x/y" || src.view.Limit != 25 {
		t.Errorf("asked for %+v", src.view)
	}
	mustHold(t, w.Body.String(), "Back to the first")
}

func TestErrorPage(t *testing.T) {
	p := testPages(t, newFakeSource())
	for _, test := range []struct {
		status        int
		title, detail string
		holds         string
	}{
		{404, "", "", "Page not found"},
		{400, "", "status: <b> is not known", "Status: &lt;b&gt; is not known."},
		{503, "", "", "not available just now"},
		{500, "", "", "problem with the service"},
		{418, "Teapot", "", "Teapot"},
	} {
		w := httptest.NewRecorder()
		p.Error(w, httptest.NewRequest(http.MethodGet, "/x", nil), test.status, test.title, test.detail)
		if w.Code != test.status {
			t.Errorf("status %d, want %d", w.Code, test.status)
		}
		checkHTML(t, w.Body.String())
		mustHold(t, w.Body.String(), test.holds, `href="/search"`)
	}
}

func TestPageRevalidates(t *testing.T) {
	p := testPages(t, newFakeSource())
	first, _ := get(p.Help, "/help")
	etag := first.Header().Get("ETag")
	for _, held := range []string{etag, strings.TrimSuffix(etag, `"`) + `-gzip"`} {
		r := httptest.NewRequest(http.MethodGet, "/help", nil)
		r.Header.Set("If-None-Match", held)
		w := httptest.NewRecorder()
		if err := p.Help(w, r); err != nil || w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s: status %d, %d bytes, error %v", held, w.Code, w.Body.Len(), err)
		}
	}
}

func TestNoteTellsWhatIsApproximate(t *testing.T) {
	set := func(kind data.BoundaryKind, approximate bool) data.BoundarySet {
		return data.BoundarySet{Kind: kind, Approximate: approximate, Source: "the source"}
	}
	old := set(data.BoundaryRegion, true)
	old.ValidTo = data.NewDate(2025, 1, 1)
	for _, test := range []struct {
		sets []data.BoundarySet
		want string
	}{
		{nil, ""},
		{[]data.BoundarySet{set(data.BoundaryTerritory, false), old}, ""},
		{[]data.BoundarySet{set(data.BoundaryTerritory, true), set(data.BoundaryRegion, true)}, "Boundaries"},
		{[]data.BoundarySet{set(data.BoundaryTerritory, false), set(data.BoundaryDistrict, true)}, "Boundaries of districts"},
	} {
		if got := noteOf(test.sets); got.Approximate != test.want || len(got.Sources) > 1 {
			t.Errorf("%+v: %+v, want %q and each source once", test.sets, got, test.want)
		}
	}
}

func TestWordsForDays(t *testing.T) {
	late := time.Date(2026, 6, 30, 23, 30, 0, 0, time.UTC) // already July in British Summer Time
	if got := longDate(late); got != "1 July 2026" {
		t.Errorf("got %q: London's clocks say 1 July 2026", got)
	}
	if got := longDate(time.Time{}); got != "" {
		t.Errorf("got %q for no time", got)
	}
	if got, want := plainDates("May 2028 (announced 2025-11-13; id 12025-11-134, 2025-99-99)"), "May 2028 (announced 13 November 2025; id 12025-11-134, 2025-99-99)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatIsFoundSaysItOnce(t *testing.T) {
	for _, test := range []struct {
		item data.SearchItem
		want string
	}{
		{data.SearchItem{Kind: data.FoundTerritory, Detail: "police territory in Wales"}, "Police territory in Wales"},
		{data.SearchItem{Kind: data.FoundTown, Detail: "in Norfolk"}, "Town or village in Norfolk"},
		{data.SearchItem{Kind: data.FoundRegion, Detail: "region or nation"}, "Region or nation"},
		{data.SearchItem{Kind: data.FoundActivity}, "Activity"},
	} {
		if got := whatIsFound(test.item); got != test.want {
			t.Errorf("%+v: %q, want %q", test.item, got, test.want)
		}
	}
}
