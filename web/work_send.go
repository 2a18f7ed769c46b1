package web

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"tributary/data"
)

// sendDraft makes a record of a draft, once however often it is sent:
// POST /work/drafts/{id}/send.
func (s *Server) sendDraft(w http.ResponseWriter, r *http.Request, v *visit) error {
	j, d, err := s.draftOf(r, v)
	if err != nil {
		return err
	}
	if d.SentAt == nil {
		rows, bad := draftRecords(v, j, d)
		if len(bad) == 0 {
			bad, err = s.sendRecord(r, v, j, d, rows)
		}
		if errors.Is(err, data.ErrStale) {
			return refusal(http.StatusConflict, "Somebody else has changed this meanwhile", "Your answers are kept. Look at the record as it is now, then change it again from there.")
		}
		if err != nil {
			return err
		}
		if len(bad) > 0 {
			return s.showCheck(w, r, v, j, d, bad, nil, http.StatusUnprocessableEntity)
		}
	}
	http.Redirect(w, r, draftPath(d.ID, "done"), http.StatusSeeOther)
	return nil
}

// sendRecord writes the record, and returns what the ledger has against it.
func (s *Server) sendRecord(r *http.Request, v *visit, j *journey, d *data.Draft, rows []data.Incoming) ([]*data.Invalid, error) {
	write, err := s.writeOf(v, j, d, rows)
	if err != nil {
		return nil, err
	}
	answer, err := s.src.Write(r.Context(), write)
	var refused *data.Refused
	if errors.As(err, &refused) {
		return inRows(refused, write.Kind), nil
	}
	if err != nil {
		return nil, err
	}
	return nil, s.src.DraftSent(r.Context(), v.by(), d.ID, answer.ETag)
}

// writeOf is the request that a draft makes.
func (s *Server) writeOf(v *visit, j *journey, d *data.Draft, rows []data.Incoming) (data.Write, error) {
	k := j.record()
	digest, err := json.Marshal([]any{d.Journey, d.Given, d.Answers, d.Record, d.ETag})
	if err != nil {
		return data.Write{}, err
	}
	write := data.Write{By: v.by(), Kind: k, Action: "create " + spoken(k.Plural), Records: rows, Once: &data.Once{Key: d.ID, Digest: sha256.Sum256(digest)},
		Answer: func(written data.Written) (data.Answer, error) { return s.one(k, http.StatusCreated, written) }}
	if d.Record != "" {
		write.Records, write.ID, write.Action = nil, d.Record, "put "+spoken(k.Name)
		write.Change = func(stored *data.Stored) ([]data.Incoming, error) {
			if stored == nil || stored.ETag() != d.ETag {
				return nil, data.ErrStale
			}
			return rows, nil
		}
	}
	return write, nil
}

// inRows are what the ledger has against a draft's rows, by the fields of its
// pages.
func inRows(refused *data.Refused, k *data.Kind) (bad []*data.Invalid) {
	for _, row := range refused.Rows {
		field := row.Field
		if slices.Contains(k.RowFields(), field) {
			field = data.InRow(field, row.Line)
		}
		bad = append(bad, &data.Invalid{Field: field, Value: row.Value, Reason: row.Reason})
	}
	return bad
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
	before, err := rowsOf(d.Before)
	if err != nil {
		return fmt.Errorf("what was before draft %s: %w", d.ID, err)
	}
	write := data.Write{By: v.by(), Kind: k, ID: d.Record, Action: "undo " + spoken(k.Name),
		Change: func(stored *data.Stored) ([]data.Incoming, error) {
			if stored == nil || stored.ETag() != d.SentETag {
				return nil, data.ErrStale
			}
			return readRows(k, v.by().Source, d.Record, before)
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
