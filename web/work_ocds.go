package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tributary/data"
)

// ocdsContent is the page that takes a contract from a release.
type ocdsContent struct {
	Release string // as pasted, to be sent again with a choice
	Choices []ocdsChoice
	Errors  []formError
	Token   string
}

type ocdsChoice struct {
	N           int // from 1, in the order of the release
	Title, Hint string
}

// notesAnswer is where a draft keeps what was not understood of what it was
// made from; no column is called so.
const notesAnswer = "notes"

// ocdsPage takes a contract from an Open Contracting release: GET and POST
// /work/contract-from-release. Of several, one is chosen.
func (s *Server) ocdsPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	c := ocdsContent{Token: v.token()}
	if r.Method != http.MethodPost {
		return s.showOwn(w, r, v, http.StatusOK, "workocds", frame{Title: "Take a contract from a release", Content: c})
	}
	text, err := pastedOrUploaded(r, "release", "file")
	if err != nil {
		return err
	}
	c.Release = text
	list, err := data.ReadOCDS([]byte(text))
	var bad *data.Invalid
	switch {
	case errors.As(err, &bad):
		c.Errors = []formError{{"release", "The release " + bad.Reason + ".", "#release"}}
	case err != nil:
		return err
	case len(list) == 1:
		return s.beginContract(w, r, v, list[0])
	default:
		n, err := strconv.Atoi(r.PostForm.Get("contract"))
		if err == nil && n >= 1 && n <= len(list) {
			return s.beginContract(w, r, v, list[n-1])
		}
		for i, o := range list {
			c.Choices = append(c.Choices, ocdsChoice{i + 1, o.Title, strings.Join(slices.DeleteFunc([]string{o.Values["supplier_name"], o.Values["starts_on"], o.Key}, func(s string) bool { return s == "" }), ", ")})
		}
		if r.PostForm.Has("choose") {
			c.Errors = []formError{{"contract", "Choose one of the contracts.", "#contract-1"}}
		}
	}
	status := http.StatusOK
	if len(c.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.showOwn(w, r, v, status, "workocds", frame{Title: "Take a contract from a release", Content: c})
}

// beginContract begins a draft of what a release says, and shows all of it.
func (s *Server) beginContract(w http.ResponseWriter, r *http.Request, v *visit, o data.OCDSContract) error {
	j, _ := journeyNamed("contract")
	d := data.Draft{ID: data.NewDraftID(), Journey: j.name, Given: j.settled(v), Answers: map[string]string{}}
	notes := o.Notes
	for column, value := range o.Values {
		if column == "buyer" && d.Given["buyer"] != "" {
			if data.OrganisationIn(v.by().Source, value) != v.by().Organisation {
				notes = append(notes, "The release names another buyer, "+value+": is it your contract?")
			}
			continue
		}
		d.Answers[column] = value
	}
	d.Answers[notesAnswer] = strings.Join(notes, "\n")
	if err := s.src.BeginDraft(r.Context(), v.by(), d); err != nil {
		return err
	}
	http.Redirect(w, r, draftPath(d.ID, "check"), http.StatusSeeOther)
	return nil
}

// pastedOrUploaded is a text of a form: of its file, if one was chosen, else as
// pasted into its field.
func pastedOrUploaded(r *http.Request, field, file string) (string, error) {
	text := strings.TrimSpace(r.PostForm.Get(field))
	b, err := formFile(r, file)
	if len(b) > 0 {
		text = string(b)
	}
	return strings.TrimPrefix(text, "\ufeff"), err
}

// formFile reads a file of a form, which is no larger than a form may be; nothing
// if none was chosen.
func formFile(r *http.Request, name string) ([]byte, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[name]) == 0 {
		return nil, nil
	}
	f, err := r.MultipartForm.File[name][0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
