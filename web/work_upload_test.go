package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// sendFile sends a form with a file.
func (b *browser) sendFile(path, name, content string, fields map[string]string) page {
	b.h.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for field, value := range fields {
		if err := m.WriteField(field, value); err != nil {
			b.h.t.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err != nil || m.Close() != nil {
		b.h.t.Fatal(err)
	}
	return b.send(http.MethodPost, path, m.FormDataContentType(), &body)
}

// Sites by file: what it would do is shown, faults by row, the refused rows come
// back as a file, and what is good is written once.
func TestSitesComeByFile(t *testing.T) {
	h := newHouse(t)
	supplier := h.workers("supplier")["supplier"]
	supplier.done("organisation", nil, answers("id", builder, "name", "Example Builders"))
	const path = "/work/upload/site"
	token := map[string]string{tokenField: supplier.get(path).token(t)}
	for content, says := range map[string]string{
		"":                 "not empty",
		"name,name\nx,y\n": "both called",
	} {
		if p := supplier.sendFile(path, "sites.csv", content, token); p.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(problemsIn(p.body), says) {
			t.Errorf("%q: %d %s", content, p.StatusCode, problemsIn(p.body))
		}
	}
	p := supplier.sendFile(path, "sites.csv", "id,name,role,territory,colour\nd1,Depot,depot,norfolk,red\nd2,Yard,castle,norfolk,blue\nd3,Office,,atlantis,green\n", token)
	here := p.Request.URL.Path
	for _, want := range []string{"1 record would be written", "Columns that are not used: colour", "castle", "atlantis"} {
		if !strings.Contains(p.body, want) {
			t.Errorf("%q is not said: %s", want, titleOf(p.body))
		}
	}
	if n := h.count("SELECT count(*) FROM raw.site"); n != 0 {
		t.Fatal("it was written before it was sent")
	}
	file := supplier.get(here + "/refused").body
	if !strings.Contains(file, "id,name,role,territory,colour,line,field,reason") || !strings.Contains(file, "d2,Yard,castle,norfolk,blue,3,role,") || strings.Contains(file, "Depot") {
		t.Errorf("the refused rows: %s", file)
	}
	for range 2 {
		supplier.post(here+"/send", answers(tokenField, token[tokenField]))
	}
	if n := h.count("SELECT count(*) FROM raw.site WHERE name = 'Depot'"); n != 1 || h.count("SELECT count(*) FROM raw.site") != 1 {
		t.Error("the good row was not written once, alone")
	}
	if p := h.workers("other-supplier")["other-supplier"].get(here); p.StatusCode != http.StatusNotFound {
		t.Errorf("another supplier sees the file: %d", p.StatusCode)
	}
}

// Target areas come as a list of codes, or as the properties of GeoJSON.
func TestTargetAreasComeByFile(t *testing.T) {
	h := newHouse(t)
	office := h.workers("office")["office"]
	office.done("plan", nil, answers("id", "p-norfolk", "title", "Plan", "kind", "police_and_crime_plan", "territories", "norfolk", "valid_from-day", "1", "valid_from-month", "1", "valid_from-year", "2025"))
	set := office.done("target-areas", nil, answers("plan", "p-norfolk", "name", "Most deprived", "basis", "deprivation", "public", "yes"))
	const path = "/work/upload/target_area"
	token := office.get(path).token(t)
	fields := map[string]string{tokenField: token}
	if p := office.sendFile(path, "a.csv", "code\nE07000148\n", fields); !strings.Contains(problemsIn(p.body), "Choose the set") {
		t.Errorf("without a set: %s", problemsIn(p.body))
	}
	fields["set"] = "norfolk//" + set
	for name, content := range map[string]string{
		"a.csv":     "code\nE07000148\nE07000149\n",
		"a.geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"label":"The coast","areas":"E07000147"},"geometry":null}]}`,
	} {
		p := office.sendFile(path, name, content, fields)
		office.post(p.Request.URL.Path+"/send", answers(tokenField, token))
	}
	if n := h.count("SELECT count(*) FROM raw.target_area"); n != 3 {
		t.Errorf("%d target areas, want 3", n)
	}
	if p := h.workers("supplier")["supplier"].get(path); p.StatusCode != http.StatusNotFound {
		t.Errorf("a supplier sees the page: %d", p.StatusCode)
	}
}
