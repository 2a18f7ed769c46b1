package web

import (
	"net/http"
	"strconv"
	"strings"

	"tributary/data"
)

// checkContent shows the answers before they are sent.
type checkContent struct {
	Journey  string
	Changing bool
	Answers  []said
	Split    []splitPart // how a contribution is shared over places
	Errors   []formError
	Token    string
	SendURL  string
	DropURL  string
	Shown    string
	Notes    []string      // what was not understood of what it was made from
	As       *shownContent // how finely an activity's places are shown
}

type said struct{ Label, Value, URL string }

// checkPage shows the answers: GET /work/drafts/{id}/check.
func (s *Server) checkPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	j, d, err := s.draftOf(r, v)
	if err != nil {
		return err
	}
	if d.SentAt != nil {
		http.Redirect(w, r, draftPath(d.ID, "done"), http.StatusSeeOther)
		return nil
	}
	rows, bad := draftRecords(v, j, d)
	var as *shownContent
	if len(bad) == 0 {
		if as, bad, err = s.shownAs(r, v, j, d, rows); err != nil {
			return err
		}
	}
	return s.showCheck(w, r, v, j, d, bad, as, http.StatusOK)
}

func (s *Server) showCheck(w http.ResponseWriter, r *http.Request, v *visit, j *journey, d *data.Draft, bad []*data.Invalid, as *shownContent, status int) error {
	c := checkContent{As: as, Journey: j.title, Changing: d.Record != "", Token: v.token(), SendURL: draftPath(d.ID, "send"), DropURL: draftPath(d.ID, "drop"), Shown: j.shown}
	if notes := d.Answers[notesAnswer]; notes != "" {
		c.Notes = strings.Split(notes, "\n")
	}
	pages := j.pages(d)
	var refs []data.KindRef
	for _, a := range asksOf(pages) {
		if f := fieldOf(j.record(), a.field); f.Ref != "" && d.Value(a.field) != "" {
			refs = append(refs, data.KindRef{Kind: f.Ref, Ref: longRef(v.by(), f.Ref, d.Value(a.field))})
		}
	}
	names, err := s.src.RefNames(r.Context(), v.by(), refs)
	if err != nil {
		return err
	}
	for i, q := range pages {
		for _, a := range q.asks {
			c.Answers = append(c.Answers, said{a.spelt(), shownValue(v.by(), fieldOf(j.record(), a.field), d.Value(a.field), names), draftPath(d.ID, strconv.Itoa(i+1))})
		}
	}
	c.Split = splitOf(d)
	for _, b := range bad {
		url := ""
		if n := pageAsking(pages, b.Field); n > 0 {
			url = draftPath(d.ID, strconv.Itoa(n))
		}
		c.Errors = append(c.Errors, formError{b.Field, sentenceCase(j.label(b.Field) + " " + b.Reason), url})
	}
	return s.showOwn(w, r, v, status, "workcheck", frame{Title: "Check your answers", Content: c})
}

// longRef is a reference as "SOURCE//ID".
func longRef(by *data.Key, kind, ref string) string {
	if kind == "organisation" {
		return data.OrganisationIn(by.Source, ref)
	}
	if strings.Contains(ref, "//") {
		return ref
	}
	return by.Source + "//" + ref
}

// shownValue is an answer as people read it.
func shownValue(by *data.Key, f data.Field, value string, names map[data.KindRef]string) string {
	switch {
	case value == "":
		return ""
	case f.Ref != "":
		if name := names[data.KindRef{Kind: f.Ref, Ref: longRef(by, f.Ref, value)}]; name != "" {
			return name
		}
		return data.ShortRef(by.Source, value)
	case f.Type == data.FieldDate:
		if d, err := data.ParseDate(value); err == nil {
			return longDate(d)
		}
	case f.Type == data.FieldMoney:
		return "£" + value
	case f.Type == data.FieldYesNo:
		return sentenceWord(yesNo(value))
	case f.In != "":
		var out []string
		for _, c := range choicesOf(f.In, strings.Split(value, ";"), nil) {
			out = append(out, c.Label)
		}
		return strings.Join(out, ", ")
	}
	return strings.ReplaceAll(value, ";", "; ")
}

// splitPart is one place's share of a contribution.
type splitPart struct {
	Place, Weight, Value, Quantity string
	Percent                        string // of the whole
}

// splitOf says how what is given is shared over the places that a claim names,
// by the rule that the ledger has.
func splitOf(d *data.Draft) []splitPart {
	if d.Journey != "claim" || d.Value("places") == "" {
		return nil
	}
	var parts []splitPart
	var weights []int64
	for p := range strings.SplitSeq(d.Value("places"), ";") {
		place, weight, given := strings.Cut(p, "=")
		n, err := strconv.ParseInt(strings.TrimSpace(weight), 10, 64)
		if !given {
			n, err = 1, nil
		}
		if err != nil || n < 1 {
			return nil // the record says what is wrong with it
		}
		parts, weights = append(parts, splitPart{Place: strings.TrimSpace(place), Weight: strconv.FormatInt(n, 10)}), append(weights, n)
	}
	var whole int64
	for _, n := range weights {
		whole += n
	}
	for i, n := range weights {
		parts[i].Percent = fixed(100*float64(n)/float64(whole), 1)
	}
	if pence, err := data.ParsePounds(d.Value("value")); err == nil {
		for i, n := range data.Split(int64(pence), weights) {
			parts[i].Value = "£" + data.Pence(n).Pounds()
		}
	}
	if q, err := data.ParseQuantity(d.Value("quantity")); err == nil {
		for i, n := range data.Split(int64(q), weights) {
			parts[i].Quantity = data.Quantity(n).String() + " " + d.Value("unit")
		}
	}
	return parts
}
