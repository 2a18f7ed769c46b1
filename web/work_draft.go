package web

import (
	"context"
	"maps"
	"net/http"
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
	// WouldShow is what anyone would see of an activity if it were written.
	WouldShow(ctx context.Context, w data.Write) (data.Shown, error)
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
	Groups               []controlGroup
	Each                 string // what can be added once more; "" for nothing
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
		if done, err := s.changeRows(w, r, v, j, d, q, n); done || err != nil {
			return err
		}
		_, bad := draftRecords(v, j, d)
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
	controls, err := s.controls(r, v, j, d, q, errs)
	if err != nil {
		return err
	}
	if c.Groups, err = s.grouped(r, v, d, q, controls); err != nil {
		return err
	}
	if q.each != "" && d.Rows() < data.MaxDraftRows {
		c.Each = strings.ToLower(q.each)
	}
	for _, control := range controls {
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
