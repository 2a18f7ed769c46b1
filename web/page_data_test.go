package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tributary/data"
)

// Every example and download of the page of data answers, and every link within
// the pages of data and help leads somewhere on them.
func TestExamplesAnswer(t *testing.T) {
	s := kingdom(t)
	body := pageOf(t, s, "/data")
	for _, e := range apiExamples {
		if code, answer := got(s, e.Path); code != http.StatusOK {
			t.Errorf("%s: %d %.200s", e.Path, code, answer)
		}
		mustHold(t, body, escaped(e.Path), escaped(e.Asks))
	}
	for _, d := range downloads {
		for _, f := range d.Files {
			if code, answer := got(s, f.URL); code != http.StatusOK || len(answer) < 100 {
				t.Errorf("%s: %d with %d bytes", f.URL, code, len(answer))
			}
		}
	}
	for _, list := range codeLists() {
		for _, code := range list.Codes {
			if _, _, err := data.ParseFilter(map[string][]string{list.Param: {code}}, data.Scope{Takes: data.ParamNames()}); err != nil {
				t.Errorf("%s=%s: %v", list.Param, code, err)
			}
		}
	}
	help := pageOf(t, s, "/help")
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(body+help, -1) {
		if !strings.Contains(body+help, ` id="`+m[1]+`"`) {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
}

// Each link to the page of help from a template leads to one of its sections.
func TestHelpHasWhatPagesLeadTo(t *testing.T) {
	help := pageOf(t, kingdom(t), "/help")
	files, err := templateFiles.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, f := range files {
		text, err := templateFiles.ReadFile("templates/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`href="/help#([a-z]+)"`).FindAllStringSubmatch(string(text), -1) {
			links++
			if !strings.Contains(help, `id="`+m[1]+`"`) {
				t.Errorf("%s leads to /help#%s, which is not there", f.Name(), m[1])
			}
		}
	}
	if links < 10 {
		t.Errorf("%d links to the page of help", links)
	}
}
