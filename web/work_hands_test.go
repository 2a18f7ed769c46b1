package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

var inputs = regexp.MustCompile(`name="([a-z0-9_:-]+)"`)

// journey goes through a journey from its first page to the end: given comes
// with the link, answers by field. It returns the last page, and the draft's id.
func (b *browser) journey(name string, given, answers url.Values) (page, string) {
	b.h.t.Helper()
	start := "/work/new/" + name + "?" + given.Encode()
	p := b.get(start)
	if p.StatusCode != http.StatusOK {
		b.h.t.Fatalf("%s: %d: %.300s", start, p.StatusCode, titleOf(p.body))
	}
	fields := url.Values{tokenField: {p.token(b.h.t)}}
	for name, v := range given {
		fields[name] = v
	}
	return b.questions(b.post("/work/new/"+name, fields), answers)
}

// questions answers the pages of a draft and sends it.
func (b *browser) questions(p page, answers url.Values) (page, string) {
	b.h.t.Helper()
	id := strings.Split(p.Request.URL.Path, "/")[3]
	for range 12 {
		if strings.HasSuffix(p.Request.URL.Path, "/check") {
			break
		}
		fields := filled(p.body)
		fields.Set("do", "next")
		for _, m := range inputs.FindAllStringSubmatch(p.body, -1) {
			if v, ok := answers[m[1]]; ok {
				fields[m[1]] = v
			}
		}
		before := p.Request.URL.Path
		if p = b.post(before, fields); p.Request.URL.Path == before {
			return p, id // it has something against the answers
		}
	}
	return b.post(draftPath(id, "send"), url.Values{tokenField: {p.token(b.h.t)}}), id
}

var (
	tags      = regexp.MustCompile(`<(?:input|option|select)\b[^>]*>`)
	attribute = regexp.MustCompile(`([a-z]+)="([^"]*)"`)
)

// filled is what a form would send as it stands.
func filled(body string) url.Values {
	out := url.Values{}
	list := ""
	for _, tag := range tags.FindAllString(body, -1) {
		a := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
			a[m[1]] = html.UnescapeString(m[2])
		}
		switch {
		case strings.HasPrefix(tag, "<select"):
			list = a["name"]
		case strings.HasPrefix(tag, "<option") && strings.Contains(tag, " selected"):
			out.Set(list, a["value"])
		case a["name"] == "" || strings.HasPrefix(tag, "<option") || (a["type"] == "radio" || a["type"] == "checkbox") && !strings.Contains(tag, " checked"):
		default:
			out.Add(a["name"], a["value"])
		}
	}
	return out
}

// done fails unless a journey has come to its end.
func (b *browser) done(name string, given, answers url.Values) string {
	b.h.t.Helper()
	p, id := b.journey(name, given, answers)
	if !strings.HasSuffix(p.Request.URL.Path, "/done") || p.StatusCode != http.StatusOK {
		b.h.t.Fatalf("%s: %d at %s: %s", name, p.StatusCode, p.Request.URL.Path, problemsIn(p.body))
	}
	return id
}

// problemsIn are the lines of a page's error summary.
func problemsIn(body string) string {
	_, rest, found := strings.Cut(body, "govuk-error-summary__list")
	if !found {
		return titleOf(body)
	}
	list, _, _ := strings.Cut(rest, "</ul>")
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(list, " ")), " ")
}

// workers are browsers of people who have signed in.
func (h *house) workers(names ...string) map[string]*browser {
	out := map[string]*browser{}
	for _, name := range names {
		out[name] = h.browser()
		out[name].signIn(name)
	}
	return out
}

func answers(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func day(field, d, m, y string) []string {
	return []string{field + "-day", d, field + "-month", m, field + "-year", y}
}
