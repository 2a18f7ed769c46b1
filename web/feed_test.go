package web

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tributary/data"
)

// readEntry is an entry as a feed reader has it.
type readEntry struct {
	ID      string `xml:"id"`
	Title   string `xml:"title"`
	Updated string `xml:"updated"`
	Summary string `xml:"summary"`
	Link    struct {
		Href string `xml:"href,attr"`
	} `xml:"link"`
}

type readAtom struct {
	Entries []readEntry `xml:"http://www.w3.org/2005/Atom entry"`
}

func readFeed(t *testing.T, body string) (f readAtom) {
	t.Helper()
	if err := xml.Unmarshal([]byte(body), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// The feed tells of every validation of the last half year and every one that
// ends within ninety days, once, with ids that stay; the newest first.
func TestFeedTellsWhatIsNew(t *testing.T) {
	s := kingdom(t)
	most := answered[list[data.TerritoryRow]](t, s, "/api/v1/territories?sort=-activities").Items[0]
	at := "/places/" + string(most.ID) + "/feed.atom"
	code, body := got(s, at)
	if code != http.StatusOK {
		t.Fatal(code, body)
	}
	f := readFeed(t, body)
	if len(f.Entries) < 3 {
		t.Fatalf("%d entries", len(f.Entries))
	}
	have := map[string]readEntry{}
	for i, e := range f.Entries {
		if _, twice := have[e.ID]; twice || i > 0 && e.Updated > f.Entries[i-1].Updated {
			t.Errorf("%s stands twice or out of order", e.ID)
		}
		have[e.ID] = e
		if !strings.HasPrefix(e.ID, "tag:map.example,2026:") || !strings.HasPrefix(e.Link.Href, "https://map.example/") || e.Title == "" || e.Summary == "" {
			t.Errorf("%+v", e)
		}
	}
	today := data.DateOf(time.Now().In(data.London()))
	wanted := 0
	for _, status := range []string{"validated", "expired"} {
		for _, a := range answered[list[data.Activity]](t, s, "/api/v1/activities?limit=1000&territory="+string(most.ID)+"&status="+status).Items {
			p := answered[data.ActivityProfile](t, s, "/api/v1/activities/"+a.ID)
			if len(p.Validations) == 0 {
				continue
			}
			v := p.Validations[0]
			if !v.On.Before(today.AddDays(-182)) && !today.Before(v.On) {
				wanted++
				if e, ok := have["tag:map.example,2026:validated/"+a.ID+"/"+v.On.String()]; !ok || !strings.Contains(e.Title, a.Name) {
					t.Errorf("the validation of %s on %s is missing", a.Name, v.On)
				}
			}
			if u := v.Until; !u.IsZero() && !u.Before(today.AddDays(-182)) && !today.AddDays(90).Before(u) {
				wanted++
				if _, ok := have["tag:map.example,2026:expires/"+a.ID+"/"+u.String()]; !ok {
					t.Errorf("that the validation of %s ends on %s is missing", a.Name, u)
				}
			}
		}
	}
	for id := range have {
		if !strings.Contains(id, ":gap/") {
			wanted--
		}
	}
	if wanted != 0 {
		t.Errorf("%d entries too few", wanted)
	}
	if _, again := got(s, at); again != body {
		t.Error("the same feed again is another")
	}
	for _, path := range []string{"/places/atlantis/feed.atom", "/places/E12000006/feed.atom"} {
		if code, _ := got(s, path); code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
	// Who has it is told that nothing is new.
	first, second := httptest.NewRecorder(), httptest.NewRecorder()
	s.ServeHTTP(first, httptest.NewRequest(http.MethodGet, at, nil))
	r := httptest.NewRequest(http.MethodGet, at, nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	if s.ServeHTTP(second, r); second.Code != http.StatusNotModified {
		t.Errorf("unchanged: %d", second.Code)
	}
}
