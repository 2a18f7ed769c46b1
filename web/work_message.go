package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"tributary/data"
)

// Messages go between those who may read a record and those who keep it. The
// store implements it.
type Messages interface {
	Tell(ctx context.Context, by *data.Key, id string, k *data.Kind, ref, said string) error
	Keepers(ctx context.Context, by *data.Key, k *data.Kind, ref string) (int, error)
	Thread(ctx context.Context, by *data.Key, id string) ([]data.Message, error)
	Deal(ctx context.Context, by *data.Key, id, answerID, said string) error
}

// tellContent is a message to whoever keeps a record, as it is written.
type tellContent struct {
	Name, RecordURL string
	Kind, Ref       string
	Keepers         int
	ID              string // of the message; a form sent twice is one
	Text            string
	Errors          []formError
	Token           string
}

// tellURL is where a message about a record is written.
func tellURL(kind, ref string) string {
	return queryURL("/work/tell", url.Values{"kind": {kind}, "record": {ref}})
}

// tellPage takes a message to whoever keeps a record: GET and POST /work/tell.
func (s *Server) tellPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	q, err := params(r, "kind", "record")
	if err != nil {
		return err
	}
	k, ok := data.KindNamed(q.Get("kind"))
	if !ok || q.Get("record") == "" || !validText(q.Get("record")) {
		return data.ErrNotFound
	}
	c := tellContent{Kind: k.Name, Ref: q.Get("record"), RecordURL: recordURL(k.Name, q.Get("record")), Token: v.token(), ID: data.NewDraftID()}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		c.ID, c.Text = messageID(r), typed(r)
		err := s.src.Tell(r.Context(), v.by(), c.ID, k, c.Ref, c.Text)
		if err == nil {
			http.Redirect(w, r, messageURL(c.ID), http.StatusSeeOther)
			return nil
		}
		if c.Errors, err = textFault(err); err != nil {
			return err
		}
		status = http.StatusUnprocessableEntity
	}
	stored, err := s.src.Record(r.Context(), v.by(), k, c.Ref)
	if err != nil {
		return err
	}
	texts, err := textsOf(k, stored.JSON)
	if err != nil {
		return err
	}
	if _, c.Name, err = s.recordRows(r, v, k, texts, c.Ref); err != nil {
		return err
	}
	if c.Keepers, err = s.src.Keepers(r.Context(), v.by(), k, c.Ref); err != nil {
		return err
	}
	return s.showOwn(w, r, v, status, "worktell", frame{Title: "Tell who keeps it", Content: c})
}

// messageContent is a message, with what it answers.
type messageContent struct {
	Thread   []messageRow
	About    link
	URL      string
	Deal     bool // it waits for the visitor
	AnswerID string
	Text     string
	Errors   []formError
	Token    string
}

type messageRow struct {
	data.Message
	When string
}

func messageURL(id string) string { return "/work/messages/" + url.PathEscape(id) }

// messagePage shows a message and takes what is done with it: GET and POST
// /work/messages/{id}.
func (s *Server) messagePage(w http.ResponseWriter, r *http.Request, v *visit) error {
	id := pathVar(r, "id")
	if !validText(id) {
		return data.ErrNotFound
	}
	c := messageContent{URL: messageURL(id), Token: v.token(), AnswerID: data.NewDraftID()}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		c.AnswerID, c.Text = messageID(r), typed(r)
		err := s.src.Deal(r.Context(), v.by(), id, c.AnswerID, c.Text)
		if err == nil {
			http.Redirect(w, r, "/work", http.StatusSeeOther)
			return nil
		}
		if c.Errors, err = textFault(err); err != nil {
			return err
		}
		status = http.StatusUnprocessableEntity
	}
	thread, err := s.src.Thread(r.Context(), v.by(), id)
	if err != nil {
		return err
	}
	for _, m := range thread {
		c.Thread = append(c.Thread, messageRow{m, moment(m.SentAt)})
	}
	last := thread[len(thread)-1]
	c.Deal = !last.Mine && last.DoneAt == nil
	c.About = link{Label: sentenceWord(spoken(last.About.Kind))}
	if s.mayLook(v.by(), last.About.Kind) {
		c.About.URL = recordURL(last.About.Kind, data.ShortRef(v.by().Source, last.About.Ref))
	}
	return s.showOwn(w, r, v, status, "workmessage", frame{Title: "Message", Content: c})
}

// typed is a form's text, with the line ends that texts have here.
func typed(r *http.Request) string {
	return strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n"))
}

// messageID is the id that a form was made with; a form without one gets one.
func messageID(r *http.Request) string {
	if id := r.PostForm.Get("id"); id != "" && len(id) <= 40 && validText(id) {
		return id
	}
	return data.NewDraftID()
}

// textFault is what is wrong with a message's text.
func textFault(err error) ([]formError, error) {
	var bad *data.Invalid
	if !errors.As(err, &bad) {
		return nil, err
	}
	return []formError{{"text", sentenceCase("Message: " + bad.Reason), "#text"}}, nil
}
