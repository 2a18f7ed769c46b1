package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// An activity in two places: each has its questions, what anyone will see of
// each is told before it is sent, and taking one away can be undone.
func TestAnActivityHasSeveralPlaces(t *testing.T) {
	h := newHouse(t)
	provider := h.workers("provider")["provider"]
	provider.done("organisation", nil, answers("id", "GB-CHC-1090095", "name", "Example provider"))
	begin := func(class, summary string) (draft string) {
		t.Helper()
		p := provider.post("/work/new/register-activity", url.Values{tokenField: {provider.get("/work").token(t)}})
		draft = strings.Split(p.Request.URL.Path, "/")[3]
		for _, page := range []url.Values{answers("name", "Boxing", "summary", summary), answers("themes", "safer"), answers("class", class)} {
			page.Set(tokenField, p.token(t))
			p = provider.post(p.Request.URL.Path, page)
		}
		return draft
	}
	draft := begin("s0", "Evening training.")
	path := draftPath(draft, "4")
	send := func(path string, fields url.Values, do string) page {
		t.Helper()
		fields = url.Values(cloned(fields))
		fields.Set(tokenField, provider.get("/work").token(t))
		fields.Set("do", do)
		return provider.post(path, fields)
	}
	one := answers("latitude", "52.6309", "longitude", "1.2974")
	if p := send(path, one, "add"); !strings.Contains(p.body, `id="row-2"`) || !strings.Contains(p.body, `name="postcode-2"`) || !strings.Contains(p.body, `value="52.6309"`) {
		t.Fatalf("no second place to answer for: %s", titleOf(p.body))
	}
	// The second says nowhere: it is named, and what was typed stays.
	if p := send(path, one, "next"); !strings.Contains(problemsIn(p.body), "Place 2: postcode") || !strings.Contains(p.body, `href="#postcode-2"`) {
		t.Errorf("an empty second place: %s", problemsIn(p.body))
	}
	two := cloned(one)
	two.Set("area_code-2", "E07000149")
	p := send(path, two, "next")
	if !strings.HasSuffix(p.Request.URL.Path, "/check") {
		t.Fatalf("two places: %s", problemsIn(p.body))
	}
	for _, want := range []string{"exactly where you put it, 52.63090, 1.29740, in Norfolk", "only that it is somewhere in Norfolk", "<svg", "Place 2: district"} {
		if !strings.Contains(p.body, want) {
			t.Errorf("before it is sent, %q is not told", want)
		}
	}
	if n := h.count("SELECT count(*) FROM raw.activity"); n != 0 {
		t.Fatal("looking at what would be shown has written it")
	}
	send(draftPath(draft, "send"), url.Values{}, "")
	if n := h.count("SELECT count(*) FROM pub.place"); n != 2 {
		t.Fatalf("%d places are shown", n)
	}
	// Changing it: the first is taken away, and the second stays as it was.
	p = send(recordURL("activity", draft)+"/change", url.Values{}, "")
	change := strings.Split(p.Request.URL.Path, "/")[3]
	fields, at := filled(provider.get(draftPath(change, "5")).body), "1"
	if fields.Get("latitude-2") != "" {
		at = "2" // rows of a stored record come in the order of their places
	}
	if p = send(draftPath(change, "5"), fields, "remove-"+at); strings.Contains(p.body, `id="row-2"`) || !strings.Contains(p.body, `value="E07000149"`) || strings.Contains(p.body, `value="52.6309"`) {
		t.Errorf("removing the first place does not leave the second: %d %s %v", p.StatusCode, titleOf(p.body), fields)
	}
	p = send(draftPath(change, "send"), url.Values{}, "")
	if n := h.count("SELECT count(*) FROM pub.place WHERE level <> 'exact'"); n != 1 || h.count("SELECT count(*) FROM raw.place") != 1 {
		t.Errorf("the activity does not have the second place alone, but %d: %s: %s", h.count("SELECT count(*) FROM raw.place"), titleOf(p.body), problemsIn(p.body))
	}
	if p := send(draftPath(change, "undo"), url.Values{}, ""); h.count("SELECT count(*) FROM pub.place") != 2 {
		t.Errorf("undo does not bring the first place back: %s", titleOf(p.body))
	}
}

// Words that make an activity more sensitive than was chosen are told before it
// is sent; a secret one is said to have no place.
func TestWhatIsShownIsToldBeforeItIsSent(t *testing.T) {
	h := newHouse(t)
	provider := h.workers("provider")["provider"]
	provider.done("organisation", nil, answers("id", "GB-CHC-1090095", "name", "Example provider"))
	for _, c := range []struct{ summary, class, says string }{
		{"Evening training.", "s1", "only as somewhere in a hexagon of about 0.7 km² in Norfolk"},
		{"A refuge for women who flee violence.", "s0", "It is not listed"},
		{"A refuge for women who flee violence.", "s0", "more sensitive than you chose"},
		{"Evening training.", "s2", "only that it is somewhere in Norfolk"},
	} {
		p := provider.post("/work/new/register-activity", url.Values{tokenField: {provider.get("/work").token(t)}})
		for _, page := range []url.Values{answers("name", "Example", "summary", c.summary), answers("themes", "safer"), answers("class", c.class), answers("latitude", "52.6309", "longitude", "1.2974", "do", "next")} {
			page.Set(tokenField, p.token(t))
			p = provider.post(p.Request.URL.Path, page)
		}
		if !strings.Contains(p.body, c.says) {
			_, said, _ := strings.Cut(p.body, "What anyone will see")
			t.Errorf("%s, %s: %q is not told: %.600s", c.summary, c.class, c.says, said)
		}
	}
}

func cloned(v url.Values) url.Values {
	out := url.Values{}
	for k, list := range v {
		out[k] = slices.Clone(list)
	}
	return out
}
