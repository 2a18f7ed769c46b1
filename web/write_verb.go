package web

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"tributary/data"
)

// verb is something that is done to a record by a record of another kind that
// hangs on it: a step of an order, a review of a contribution.
type verb struct {
	name    string   // the last part of the address
	kind    string   // of the record that is made
	on      string   // its field that refers to the record of the address
	fields  []string // that may be told; the day is today's without one
	clash   string   // the field that what is stored may not allow
	summary string
}

var verbs = map[string]verb{
	"purchase_order": {name: "steps", kind: "order_event", on: "order", fields: []string{"state", "date", "reason"}, clash: "state", summary: "Take an order a step further"},
	"contribution":   {name: "reviews", kind: "review", on: "contribution", fields: []string{"finding", "decision", "reason", "date", "other"}, summary: "Decide on a finding about a contribution"},
}

func (s *Server) verb(k *data.Kind, v verb) []route {
	made, _ := data.KindNamed(v.kind)
	path := recordPath(k, "/{id}/", v.name)
	out := []route{{method: http.MethodPost, path: path, of: made, deed: data.Create, does: &v, handle: s.keyed(made, data.Create, s.do(v, made)), takes: []string{typeJSON}, summary: v.summary}}
	if v.name == "steps" {
		out = append(out, route{path: path, of: made, deed: data.Read, handle: s.keyed(made, data.Read, s.steps), forms: []string{typeJSON}, answer: data.OrderHistory{}, summary: "Where an order stands, what may follow, and its steps so far"})
	}
	return out
}

// do makes the record that a verb stands for.
func (s *Server) do(v verb, made *data.Kind) func(http.ResponseWriter, *http.Request, *data.Key) error {
	return func(w http.ResponseWriter, r *http.Request, by *data.Key) error {
		if _, err := s.ask(r, nil); err != nil {
			return err
		}
		on, err := recordID(r, 3)
		if err != nil {
			return err
		}
		b, err := openBody(w, r, typeJSON)
		if err != nil {
			return err
		}
		sent, err := b.object()
		if err != nil {
			return err
		}
		once, err := b.once(r, true)
		if err != nil {
			return err
		}
		today, err := s.src.Today(r.Context())
		if err != nil {
			return err
		}
		in, err := v.record(made, by.Source, on, sent, today)
		if refused := (*data.Refused)(nil); errors.As(err, &refused) {
			return &problemError{refusedProblem(refused, shapeObject)}
		}
		if err != nil {
			return err
		}
		answer, err := s.src.Write(r.Context(), data.Write{By: by, Kind: made, Action: "create " + spoken(made.Name), Records: []data.Incoming{in}, Once: once,
			Answer: func(written data.Written) (data.Answer, error) { return s.one(made, http.StatusCreated, written) }})
		if err != nil {
			return v.refused(err)
		}
		return send(w, answer)
	}
}

// record is the record that a verb makes of what was told; today unless a day was.
func (v verb) record(made *data.Kind, source, on string, sent data.Members, today data.Date) (data.Incoming, error) {
	members := data.Members{}
	for name, value := range sent {
		if !slices.Contains(v.fields, name) {
			return data.Incoming{}, &data.Refused{Rows: []data.Refusal{{Field: name, Reason: "is no field of this: give " + strings.Join(v.fields, ", ")}}}
		}
		members[name] = value
	}
	if _, given := members["date"]; !given {
		members["date"] = json.RawMessage(`"` + today.String() + `"`)
	}
	ref, err := json.Marshal(on)
	if err != nil {
		return data.Incoming{}, err
	}
	members[v.on] = ref
	return readOne(made, source, strings.ToLower(rand.Text()), members)
}

// refused tells a record that is not there, and a state that does not allow
// what was asked, from what is wrong with the request. What the request says by
// itself has been checked before.
func (v verb) refused(err error) error {
	var refused *data.Refused
	if !errors.As(err, &refused) {
		return err
	}
	for _, row := range refused.Rows {
		switch {
		case row.Field == v.on:
			return data.ErrNotFound
		case row.Field == v.clash && refused.Why == nil:
			refused.Why = data.ErrConflict
		}
	}
	return &problemError{refusedProblem(refused, shapeObject)}
}

// steps answers where an order stands.
func (s *Server) steps(w http.ResponseWriter, r *http.Request, by *data.Key) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	id, err := recordID(r, 3)
	if err != nil {
		return err
	}
	h, err := s.src.OrderHistory(r.Context(), by, id)
	if err != nil {
		return err
	}
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return send(w, data.Answer{Status: http.StatusOK, Body: b})
}
