package web

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tributary/data"
)

// Workshop keeps what people do on their own pages. The store implements it;
// what it returns is for the person alone who asks.
type Workshop interface {
	BeginDraft(ctx context.Context, by *data.Key, d data.Draft) error
	Draft(ctx context.Context, by *data.Key, id string) (data.Draft, error)
	Drafts(ctx context.Context, by *data.Key) ([]data.Draft, error)
	SaveDraft(ctx context.Context, by *data.Key, id string, answers map[string]string) error
	DraftSent(ctx context.Context, by *data.Key, id, etag string) error
	DropDraft(ctx context.Context, by *data.Key, id string) error
	// Own lists somebody's records of a kind, and Lists says whether it can.
	Own(ctx context.Context, by *data.Key, k *data.Kind, q string, limit, offset int) ([]data.OwnRecord, int, error)
	Lists(k *data.Kind) bool
	Waiting(ctx context.Context, by *data.Key) ([]data.Waiting, error)
	Record(ctx context.Context, by *data.Key, k *data.Kind, ref string) (*data.Stored, error)
	Happened(ctx context.Context, by *data.Key, k *data.Kind, ref string) ([]data.Happening, error)
	RefNames(ctx context.Context, by *data.Key, refs []data.KindRef) (map[data.KindRef]string, error)
	ActivityRef(ctx context.Context, by *data.Key, id string) (string, error)
	// AccountsWithin, GiveAccess and TakeAccess are for whoever may give access.
	AccountsWithin(ctx context.Context, by *data.Key) ([]data.Account, error)
	GiveAccess(ctx context.Context, by *data.Key, id, label string, access data.Key) error
	TakeAccess(ctx context.Context, by *data.Key, id string) error
	// LowerClass and AgreeLower take two people; LoweringsFor lists what was asked.
	LowerClass(ctx context.Context, by *data.Key, activity string, to data.Sensitivity, reason string) error
	AgreeLower(ctx context.Context, by *data.Key, activity string) error
	LoweringsFor(ctx context.Context, by *data.Key) ([]data.Lowering, error)
}

// startContent is the first page of a journey.
type startContent struct {
	Journey                    string
	Title, About, Shown, After string
	Asks                       []string // the titles of its pages
	Hidden                     []field
	Token                      string
}

// journeyOf finds the journey of an address that is open to the visitor.
func journeyOf(r *http.Request, v *visit) (*journey, error) {
	j, ok := journeyNamed(pathVar(r, "journey"))
	if !ok || v.by() == nil || !j.open(v.by().Role) {
		return nil, data.ErrNotFound
	}
	return j, nil
}

// startJourney shows what a journey is for: GET /work/new/{journey}.
func (s *Server) startJourney(w http.ResponseWriter, r *http.Request, v *visit) error {
	j, err := journeyOf(r, v)
	if err != nil {
		return err
	}
	q, err := params(r, append(j.record().Columns(), "from")...)
	if err != nil {
		return err
	}
	c := startContent{Journey: j.name, Title: j.title, About: j.about, Shown: j.shown, After: j.after, Token: v.token()}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		c.Hidden = append(c.Hidden, field{name, q.Get(name)})
	}
	for _, page := range j.pages(&data.Draft{Given: j.settled(v)}) {
		c.Asks = append(c.Asks, page.title)
	}
	return s.showOwn(w, r, v, http.StatusOK, "workstart", frame{Title: j.title, Content: c})
}

// settled are the fields that follow from who somebody is.
func (j *journey) settled(v *visit) map[string]string {
	out := map[string]string{}
	if by := v.by(); j.own != "" && by.Organisation != "" {
		out[j.own] = by.Organisation
	}
	if by := v.by(); j.kind == "activity" && by.Role == data.RoleProvider {
		out["provider_id"] = data.ShortRef(by.Source, by.Organisation)
	}
	return out
}

// beginDraft begins a journey: POST /work/new/{journey}.
func (s *Server) beginDraft(w http.ResponseWriter, r *http.Request, v *visit) error {
	j, err := journeyOf(r, v)
	if err != nil {
		return err
	}
	d := data.Draft{ID: data.NewDraftID(), Journey: j.name, Given: j.settled(v), Answers: map[string]string{}}
	for _, column := range j.record().Columns() {
		value := strings.TrimSpace(r.PostForm.Get(column))
		if value == "" {
			continue
		}
		if _, err := uuid.Parse(value); err == nil && column == "activity" {
			if value, err = s.src.ActivityRef(r.Context(), v.by(), value); err != nil {
				return err
			}
		}
		if slices.Contains(j.given, column) {
			d.Given[column] = value
		} else if j.page(column) > 0 {
			d.Answers[column] = value
		}
	}
	if len(j.given) > 0 && d.Given[j.given[0]] == "" {
		return data.Invalidf(j.given[0], "", "is missing: begin from the page of the %s", spoken(j.given[0]))
	}
	if j.kind == "activity" && d.Given["provider_id"] != "" {
		if d.Given["provider"], err = s.organisationName(r, v); err != nil {
			return err
		}
	}
	if err := s.src.BeginDraft(r.Context(), v.by(), d); err != nil {
		return err
	}
	http.Redirect(w, r, draftPath(d.ID, "1"), http.StatusSeeOther)
	return nil
}

// organisationName is what the visitor's own organisation is called.
func (s *Server) organisationName(r *http.Request, v *visit) (string, error) {
	of := data.KindRef{Kind: "organisation", Ref: v.by().Organisation}
	names, err := s.src.RefNames(r.Context(), v.by(), []data.KindRef{of})
	if err != nil {
		return "", err
	}
	if names[of] == "" {
		return data.ShortRef("", of.Ref), nil
	}
	return names[of], nil
}

func draftPath(id, rest string) string { return "/work/drafts/" + id + "/" + rest }

// draftOf reads the draft of an address.
func (s *Server) draftOf(r *http.Request, v *visit) (*journey, *data.Draft, error) {
	if v.by() == nil {
		return nil, nil, data.ErrNotFound
	}
	d, err := s.src.Draft(r.Context(), v.by(), pathVar(r, "id"))
	if err != nil {
		return nil, nil, err
	}
	j, ok := journeyNamed(d.Journey)
	if !ok {
		return nil, nil, data.ErrNotFound
	}
	return j, &d, nil
}

// questionsContent is a page of questions.
type questionsContent struct {
	Journey, Title, Hint string
	Number, Of           int
	Controls             []control
	Errors               []formError
	BackURL, DropURL     string
	Token                string
}

// formError is a line of the error summary.
type formError struct{ Field, Text, URL string }

// questionsPage shows and takes a page of questions: GET and POST
// /work/drafts/{id}/{page}. What was typed is kept, whatever is wrong with it.
func (s *Server) questionsPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	j, d, err := s.draftOf(r, v)
	if err != nil {
		return err
	}
	pages := j.pages(d)
	n, err := strconv.Atoi(pathVar(r, "page"))
	if err != nil || n < 1 || n > len(pages) {
		return data.ErrNotFound
	}
	if d.SentAt != nil {
		http.Redirect(w, r, draftPath(d.ID, "done"), http.StatusSeeOther)
		return nil
	}
	q := pages[n-1]
	var errs map[string]string
	status := http.StatusOK
	if r.Method == http.MethodPost {
		maps.Copy(d.Answers, answersOf(r.PostForm, j.record(), q))
		if err := s.src.SaveDraft(r.Context(), v.by(), d.ID, d.Answers); err != nil {
			return err
		}
		_, bad := draftRecord(v, j, d)
		errs = errorsOn(q, bad)
		switch {
		case r.PostForm.Get("do") == "later":
			http.Redirect(w, r, "/work", http.StatusSeeOther)
			return nil
		case strings.HasPrefix(r.PostForm.Get("do"), "find"):
			errs = nil // narrows choices
		case len(errs) == 0:
			next := draftPath(d.ID, strconv.Itoa(n+1))
			if n == len(pages) || r.PostForm.Get("do") == "check" {
				next = draftPath(d.ID, "check")
			}
			http.Redirect(w, r, next, http.StatusSeeOther)
			return nil
		default:
			status = http.StatusUnprocessableEntity
		}
	}
	return s.showQuestions(w, r, v, j, d, n, errs, status)
}

func (s *Server) showQuestions(w http.ResponseWriter, r *http.Request, v *visit, j *journey, d *data.Draft, n int, errs map[string]string, status int) error {
	pages := j.pages(d)
	q := pages[n-1]
	c := questionsContent{Journey: j.title, Title: q.title, Hint: q.hint, Number: n, Of: len(pages), Token: v.token(), DropURL: draftPath(d.ID, "drop"), BackURL: "/work"}
	if n > 1 {
		c.BackURL = draftPath(d.ID, strconv.Itoa(n-1))
	}
	var err error
	if c.Controls, err = s.controls(r, v, j, d, q, errs); err != nil {
		return err
	}
	for _, control := range c.Controls {
		if control.Error != "" {
			c.Errors = append(c.Errors, formError{control.Name, control.Error, "#" + controlID(control)})
		}
	}
	title := q.title
	if len(c.Errors) > 0 {
		title = "Error: " + title
	}
	return s.showOwn(w, r, v, status, "workquestions", frame{Title: title, Content: c})
}

// controlID is the id of the first element of a control that can have the focus.
func controlID(c control) string {
	switch c.Widget {
	case "date":
		return c.Name + "-day"
	case "radios", "checks", "yesno":
		return c.Name + "-0"
	}
	return c.Name
}

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
	_, bad := draftRecord(v, j, d)
	return s.showCheck(w, r, v, j, d, bad, http.StatusOK)
}

func (s *Server) showCheck(w http.ResponseWriter, r *http.Request, v *visit, j *journey, d *data.Draft, bad []*data.Invalid, status int) error {
	c := checkContent{Journey: j.title, Changing: d.Record != "", Token: v.token(), SendURL: draftPath(d.ID, "send"), DropURL: draftPath(d.ID, "drop"), Shown: j.shown}
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
			c.Answers = append(c.Answers, said{a.label, shownValue(v.by(), fieldOf(j.record(), a.field), d.Value(a.field), names), draftPath(d.ID, strconv.Itoa(i+1))})
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
type splitPart struct{ Place, Weight, Value, Quantity string }

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

// sendDraft makes a record of a draft, once however often it is sent:
// POST /work/drafts/{id}/send.
func (s *Server) sendDraft(w http.ResponseWriter, r *http.Request, v *visit) error {
	j, d, err := s.draftOf(r, v)
	if err != nil {
		return err
	}
	if d.SentAt == nil {
		in, bad := draftRecord(v, j, d)
		if len(bad) == 0 {
			bad, err = s.sendRecord(r, v, j, d, in)
		}
		if errors.Is(err, data.ErrStale) {
			return refusal(http.StatusConflict, "Somebody else has changed this meanwhile", "Your answers are kept. Look at the record as it is now, then change it again from there.")
		}
		if err != nil {
			return err
		}
		if len(bad) > 0 {
			return s.showCheck(w, r, v, j, d, bad, http.StatusUnprocessableEntity)
		}
	}
	http.Redirect(w, r, draftPath(d.ID, "done"), http.StatusSeeOther)
	return nil
}

// sendRecord writes the record, and returns what the ledger has against it.
func (s *Server) sendRecord(r *http.Request, v *visit, j *journey, d *data.Draft, in data.Incoming) ([]*data.Invalid, error) {
	k := j.record()
	digest, err := json.Marshal([]any{d.Journey, d.Given, d.Answers, d.Record, d.ETag})
	if err != nil {
		return nil, err
	}
	write := data.Write{By: v.by(), Kind: k, Action: "create " + spoken(k.Plural), Records: []data.Incoming{in}, Once: &data.Once{Key: d.ID, Digest: sha256.Sum256(digest)},
		Answer: func(written data.Written) (data.Answer, error) { return s.one(k, http.StatusCreated, written) }}
	if d.Record != "" {
		write.Records, write.ID, write.Action = nil, d.Record, "put "+spoken(k.Name)
		write.Change = func(stored *data.Stored) ([]data.Incoming, error) {
			if stored == nil || stored.ETag() != d.ETag {
				return nil, data.ErrStale
			}
			return []data.Incoming{in}, nil
		}
	}
	answer, err := s.src.Write(r.Context(), write)
	var refused *data.Refused
	if errors.As(err, &refused) {
		var bad []*data.Invalid
		for _, row := range refused.Rows {
			bad = append(bad, &data.Invalid{Field: row.Field, Value: row.Value, Reason: row.Reason})
		}
		return bad, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, s.src.DraftSent(r.Context(), v.by(), d.ID, answer.ETag)
}

// doneContent is what is said when something has been sent.
type doneContent struct {
	Title, After string
	RecordURL    string
	Undo         string // address that undoes it; "" where that cannot be
	Token        string
	Next         []link
}

type link struct{ URL, Label string }

// donePage says what happens next: GET /work/drafts/{id}/done.
func (s *Server) donePage(w http.ResponseWriter, r *http.Request, v *visit) error {
	j, d, err := s.draftOf(r, v)
	if err != nil {
		return err
	}
	if d.SentAt == nil {
		http.Redirect(w, r, draftPath(d.ID, "check"), http.StatusSeeOther)
		return nil
	}
	id := d.Record
	if id == "" {
		if id = d.Value("id"); id == "" {
			id = d.ID
		}
	}
	c := doneContent{Title: j.title, After: j.after, RecordURL: recordURL(j.kind, id), Token: v.token()}
	switch j.kind {
	case "order_event":
		c.RecordURL = recordURL("purchase_order", d.Value("order"))
	case "review", "evidence":
		c.RecordURL = recordURL("contribution", d.Value("contribution"))
	case "validation":
		c.RecordURL = recordURL("activity", d.Value("activity"))
	case "audit":
		c.RecordURL = recordURL("contract", d.Value("contract"))
	case "purchase_order":
		c.Next = append(c.Next, link{"/work/new/step?" + url.Values{"order": {id}}.Encode(), "Issue it now"})
	case "contract":
		c.Next = append(c.Next, link{"/work/new/commitment?" + url.Values{"contract": {id}}.Encode(), "Add what it owes"})
	}
	if d.Record != "" && len(d.Before) > 0 {
		c.Undo = draftPath(d.ID, "undo")
	}
	return s.showOwn(w, r, v, http.StatusOK, "workdone", frame{Title: "Done", Content: c})
}

// undoDraft puts a changed record back to what it said before, if nobody has
// changed it since: POST /work/drafts/{id}/undo.
func (s *Server) undoDraft(w http.ResponseWriter, r *http.Request, v *visit) error {
	j, d, err := s.draftOf(r, v)
	if err != nil {
		return err
	}
	if d.SentAt == nil || d.Record == "" || len(d.Before) == 0 {
		return data.ErrNotFound
	}
	k := j.record()
	members, err := data.ReadMembers(d.Before)
	if err != nil {
		return fmt.Errorf("what was before draft %s: %w", d.ID, err)
	}
	write := data.Write{By: v.by(), Kind: k, ID: d.Record, Action: "undo " + spoken(k.Name),
		Change: func(stored *data.Stored) ([]data.Incoming, error) {
			if stored == nil || stored.ETag() != d.SentETag {
				return nil, data.ErrStale
			}
			return readRows(k, v.by().Source, d.Record, []data.Members{members})
		},
		Answer: func(written data.Written) (data.Answer, error) { return s.one(k, http.StatusOK, written) }}
	if _, err := s.src.Write(r.Context(), write); err != nil {
		if errors.Is(err, data.ErrStale) {
			return refusal(http.StatusConflict, "It can no longer be undone", "The record has been changed since. Change it again instead.")
		}
		return err
	}
	http.Redirect(w, r, recordURL(j.kind, d.Record), http.StatusSeeOther)
	return nil
}

// dropDraft throws a draft away: POST /work/drafts/{id}/drop.
func (s *Server) dropDraft(w http.ResponseWriter, r *http.Request, v *visit) error {
	if _, _, err := s.draftOf(r, v); err != nil {
		return err
	}
	if err := s.src.DropDraft(r.Context(), v.by(), pathVar(r, "id")); err != nil && !errors.Is(err, data.ErrConflict) {
		return err
	}
	http.Redirect(w, r, "/work", http.StatusSeeOther)
	return nil
}
