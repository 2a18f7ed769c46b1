package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tributary/data"
)

// slug is a kind's part of an address.
func slug(k *data.Kind) string { return strings.ReplaceAll(k.Plural, "_", "-") }

// recordPath is the address of a record's collection, of the record, or of
// what hangs on it.
func recordPath(k *data.Kind, rest ...string) string {
	return "/api/v1/" + slug(k) + strings.Join(rest, "")
}

// writes are the routes by which machines write and read back. They follow
// from the kinds of record; who may use each is told by data/access.go.
func (s *Server) writes() []route {
	var out []route
	for _, k := range data.Kinds {
		if sub, ok := verbs[k.Name]; ok {
			out = append(out, s.verb(k, sub)...)
		}
		one, many := []string{typeJSON}, []string{typeJSON, typeJSONLines, typeNDJSON}
		out = append(out,
			route{method: http.MethodPost, path: recordPath(k), of: k, deed: data.Create, handle: s.keyed(k, data.Create, s.create(k)), takes: many, view: []string{"partial"},
				summary: "Write one of the " + spoken(k.Plural) + ", or many in one transaction"},
			route{method: http.MethodPut, path: recordPath(k, "/{id}"), of: k, deed: data.Create | data.Update, handle: s.keyed(k, data.Create|data.Update, s.replace(k)), takes: one,
				summary: "Write one of the " + spoken(k.Plural) + " whole, new or in place of what is stored"},
			route{method: http.MethodPatch, path: recordPath(k, "/{id}"), of: k, deed: data.Update, handle: s.keyed(k, data.Update, s.patch(k)), takes: []string{typeMergePatch},
				summary: "Change some fields of one of the " + spoken(k.Plural)},
			route{path: recordPath(k, "/{id}"), of: k, deed: data.Read, handle: s.keyed(k, data.Read, s.readBack(k)), forms: one,
				summary: "Read one of the " + spoken(k.Plural) + " back, by the key that may write it"},
		)
	}
	for i := range out {
		out[i].kind = kindKey
	}
	return out
}

// recordID is the {id} of a path: one segment, which may be percent-encoded.
func recordID(r *http.Request, segments int) (string, error) {
	parts := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/api/v1/"), "/")
	if len(parts) != segments {
		return "", data.ErrNotFound
	}
	id, err := url.PathUnescape(parts[1])
	if err != nil || !validText(id) || id != strings.TrimSpace(id) || id == "" {
		return "", data.ErrNotFound
	}
	return id, nil
}

// create takes new records: POST.
func (s *Server) create(k *data.Kind) func(http.ResponseWriter, *http.Request, *data.Key) error {
	return func(w http.ResponseWriter, r *http.Request, by *data.Key) error {
		partial, err := s.partial(r)
		if err != nil {
			return err
		}
		b, err := openBody(w, r, typeJSON, typeJSONLines, typeNDJSON)
		if err != nil {
			return err
		}
		if partial && k.ManyRows() {
			return data.Invalidf("partial", "true", "does not apply to %s: a row that is refused may be what makes one secret. Write them all or none", spoken(k.Plural))
		}
		rows, err := b.records(k, by.Source)
		if err != nil {
			return err
		}
		once, err := b.once(r, true)
		if err != nil {
			return err
		}
		write := data.Write{By: by, Kind: k, Action: "create " + spoken(k.Plural), Records: rows.records, Refused: rows.refused, Partial: partial, Once: once,
			Answer: func(written data.Written) (data.Answer, error) { return s.created(k, rows.shape, written) }}
		return s.write(w, r, write, rows.shape)
	}
}

// partial is whether good rows are kept when others are refused.
func (s *Server) partial(r *http.Request) (bool, error) {
	if _, err := s.ask(r, nil, "partial"); err != nil {
		return false, err
	}
	given, there := r.URL.Query()["partial"]
	if !there {
		return false, nil
	}
	partial, err := strconv.ParseBool(given[0])
	if err != nil {
		return false, data.Invalidf("partial", given[0], "%q is neither true nor false", given[0])
	}
	return partial, nil
}

// WrittenAnswer is what a request with several records is answered.
type WrittenAnswer struct {
	Added     int        `json:"added"`
	Changed   int        `json:"changed"`
	Unchanged int        `json:"unchanged"` // were there already and say the same
	Refused   int        `json:"refused"`
	Errors    []RowError `json:"errors,omitempty"`
}

func (s *Server) created(k *data.Kind, sh shape, written data.Written) (data.Answer, error) {
	status := http.StatusOK
	if written.Result.Added > 0 {
		status = http.StatusCreated
	}
	if sh == shapeObject {
		return s.one(k, status, written)
	}
	out := WrittenAnswer{Added: written.Result.Added, Changed: written.Result.Changed, Unchanged: written.Result.Unchanged, Errors: sh.rowErrors(written.Refused)}
	lines := map[int]bool{}
	for _, r := range written.Refused {
		lines[r.Line] = true
	}
	out.Refused = len(lines)
	b, err := json.Marshal(out)
	return data.Answer{Status: status, Body: b}, err
}

// one answers with the record that was written.
func (s *Server) one(k *data.Kind, status int, written data.Written) (data.Answer, error) {
	if len(written.Records) != 1 {
		return data.Answer{}, errors.New("one record was written and none can be shown")
	}
	rec := written.Records[0]
	a := data.Answer{Status: status, Body: rec.JSON, ETag: rec.ETag()}
	if status == http.StatusCreated {
		a.Location = s.cfg.BaseURL + recordPath(k, "/", url.PathEscape(rec.ID))
	}
	return a, nil
}

// replace writes a record whole: PUT.
func (s *Server) replace(k *data.Kind) func(http.ResponseWriter, *http.Request, *data.Key) error {
	return func(w http.ResponseWriter, r *http.Request, by *data.Key) error {
		return s.change(w, r, by, k, "put "+spoken(k.Name), typeJSON, func(rows []data.Members, stored *data.Stored) ([]data.Members, error) {
			return rows, preconditions(r, stored)
		})
	}
}

// patch changes fields of a record by a JSON merge patch: PATCH.
func (s *Server) patch(k *data.Kind) func(http.ResponseWriter, *http.Request, *data.Key) error {
	return func(w http.ResponseWriter, r *http.Request, by *data.Key) error {
		return s.change(w, r, by, k, "patch "+spoken(k.Name), typeMergePatch, func(patch []data.Members, stored *data.Stored) ([]data.Members, error) {
			if stored == nil {
				return nil, data.ErrNotFound
			}
			if err := preconditions(r, stored); err != nil {
				return nil, err
			}
			if stored.JSON[0] == '[' {
				return nil, refusal(http.StatusConflict, "Several places", "The record has several rows, one a place: write them all with PUT.")
			}
			members, err := data.ReadMembers(stored.JSON)
			return []data.Members{data.MergePatch(members, patch[0])}, err
		})
	}
}

// change writes the one record of the path, made from what is sent and what is
// stored.
func (s *Server) change(w http.ResponseWriter, r *http.Request, by *data.Key, k *data.Kind, action, media string, become func([]data.Members, *data.Stored) ([]data.Members, error)) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	id, err := recordID(r, 2)
	if err != nil {
		return err
	}
	b, err := openBody(w, r, media)
	if err != nil {
		return err
	}
	sent, err := b.objects(k.ManyRows() && r.Method == http.MethodPut)
	if err != nil {
		return err
	}
	once, err := b.once(r, false)
	if err != nil {
		return err
	}
	write := data.Write{By: by, Kind: k, Action: action, ID: id, Once: once,
		Change: func(stored *data.Stored) (out []data.Incoming, err error) {
			rows, err := become(sent, stored)
			if err != nil {
				return nil, err
			}
			return readRows(k, by.Source, id, rows)
		},
		Answer: func(written data.Written) (data.Answer, error) {
			status := http.StatusOK
			if written.Result.Added > 0 {
				status = http.StatusCreated
			}
			return s.one(k, status, written)
		}}
	sh := shapeObject
	if len(sent) > 1 {
		sh = shapeArray
	}
	return s.write(w, r, write, sh)
}

// readRows makes the rows of the record of an id.
func readRows(k *data.Kind, source, id string, rows []data.Members) (out []data.Incoming, err error) {
	var refused data.Refused
	for i, members := range rows {
		in, err := readOne(k, source, id, members)
		var bad *data.Refused
		if err != nil && !errors.As(err, &bad) {
			return nil, err
		}
		if bad != nil {
			for _, row := range bad.Rows {
				row.Line = i + 1
				refused.Rows = append(refused.Rows, row)
			}
			continue
		}
		in.Line = i + 1
		out = append(out, in)
	}
	if len(refused.Rows) > 0 {
		return nil, &refused
	}
	return out, nil
}

// readOne makes a row of the record of an id.
func readOne(k *data.Kind, source, id string, members data.Members) (data.Incoming, error) {
	own, err := json.Marshal(id)
	if err != nil {
		return data.Incoming{}, err
	}
	if _, given := members["id"]; !given {
		members["id"] = own
	}
	rec, names, bad := k.ReadJSON(source, members)
	if got := rec.Key().ExternalID; got != "" && got != id {
		bad = append(bad, data.Invalidf("id", got, "is not the id of the address, %q: an id does not change", id))
	}
	if len(bad) == 0 {
		return data.Incoming{Line: 1, Record: rec, Names: names}, nil
	}
	out := &data.Refused{}
	for _, b := range bad {
		out.Rows = append(out.Rows, data.Refusal{Line: 1, Field: b.Field, Value: b.Value, Reason: b.Reason})
	}
	return data.Incoming{}, out
}

// preconditions holds a request to the state of the record that its writer has
// read (RFC 9110, 13; RFC 6585, 3).
func preconditions(r *http.Request, stored *data.Stored) error {
	match, none := r.Header.Values("If-Match"), r.Header.Values("If-None-Match")
	if len(none) > 0 {
		if !slices.Equal(none, []string{"*"}) {
			return refusal(http.StatusBadRequest, "Invalid If-None-Match", "Only If-None-Match: * means something here: write the record only if there is none.")
		}
		if stored != nil {
			return data.ErrStale
		}
	}
	if len(match) == 0 {
		if stored != nil {
			return data.ErrUnconditional
		}
		return nil
	}
	if stored == nil {
		return data.ErrStale
	}
	for tag := range strings.SplitSeq(strings.Join(match, ","), ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || tag == stored.ETag() {
			return nil
		}
	}
	return data.ErrStale
}

// readBack answers with a record as it is stored: GET.
func (s *Server) readBack(k *data.Kind) func(http.ResponseWriter, *http.Request, *data.Key) error {
	return func(w http.ResponseWriter, r *http.Request, by *data.Key) error {
		if _, err := s.ask(r, nil); err != nil {
			return err
		}
		id, err := recordID(r, 2)
		if err != nil {
			return err
		}
		rec, err := s.src.ReadRecord(r.Context(), by, k, id)
		if err != nil {
			return err
		}
		return send(w, data.Answer{Status: http.StatusOK, ETag: rec.ETag(), Body: rec.JSON})
	}
}

// write hands a request to the ledger and answers.
func (s *Server) write(w http.ResponseWriter, r *http.Request, write data.Write, sh shape) error {
	answer, err := s.src.Write(r.Context(), write)
	var refused *data.Refused
	if errors.As(err, &refused) {
		return &problemError{refusedProblem(refused, sh)}
	}
	if err != nil {
		return err
	}
	return send(w, answer)
}

// refusedProblem lists everything that is wrong with a request's rows.
func refusedProblem(refused *data.Refused, sh shape) Problem {
	p := Problem{Type: "about:blank", Title: "Refused", Status: http.StatusUnprocessableEntity, Detail: "Nothing was written. Correct what is listed and send the request again.", Errors: sh.rowErrors(refused.Rows)}
	switch {
	case errors.Is(refused, data.ErrForbidden):
		p.Title, p.Status, p.Detail = "Forbidden", http.StatusForbidden, "Nothing was written. The key may not write this."
	case errors.Is(refused, data.ErrConflict):
		p.Title, p.Status, p.Detail = "Conflict", http.StatusConflict, "Nothing was written. What is stored does not allow it."
	}
	return p
}

// send writes an answer as it was kept.
func send(w http.ResponseWriter, a data.Answer) error {
	h := w.Header()
	h.Set("Content-Type", typeJSON)
	if a.ETag != "" {
		h.Set("ETag", a.ETag)
	}
	if a.Location != "" {
		h.Set("Location", a.Location)
	}
	if a.Replayed {
		h.Set("Idempotency-Replayed", "true")
	}
	w.WriteHeader(a.Status)
	_, err := w.Write(append(a.Body, '\n'))
	return gone(err)
}
