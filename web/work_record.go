package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
)

func recordURL(kind, ref string) string {
	return "/work/records/" + kind + "/" + url.PathEscape(ref)
}

// recordContent is one record, as those see it who may.
type recordContent struct {
	Kind, Title string
	Rows        []said
	Actions     []action
	History     []happened
	Steps       []orderStep
	Kept        string // the source that alone can change it, if that is not the visitor's
	TellURL     string // where whoever keeps it is written to
	ListURL     string
	Token       string
}

// action is something that can be done with a record: the start of a journey.
type action struct {
	URL    string
	Label  string
	Fields []field
	Main   bool
}

type happened struct{ When, Who, What string }

type orderStep struct {
	State  string    `json:"state"`
	Date   data.Date `json:"date"`
	Reason string    `json:"reason"`
}

// Word is the state in words.
func (o orderStep) Word() string { return choicesOf("order_states", []string{o.State}, nil)[0].Label }

// recordOf finds the kind and the reference of an address.
func (s *Server) recordOf(r *http.Request, v *visit) (*data.Kind, string, error) {
	k, err := s.ownKind(r, v)
	if err != nil {
		return nil, "", err
	}
	ref, err := url.PathUnescape(strings.TrimPrefix(r.URL.EscapedPath(), "/work/records/"+pathVar(r, "kind")+"/"))
	if err != nil || ref == "" || !validText(ref) {
		return nil, "", data.ErrNotFound
	}
	return k, strings.TrimSuffix(ref, "/change"), nil
}

// recordPage shows a record: GET /work/records/{kind}/{ref}.
func (s *Server) recordPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	k, ref, err := s.recordOf(r, v)
	if err != nil {
		return err
	}
	stored, err := s.src.Record(r.Context(), v.by(), k, ref)
	if err != nil {
		return err
	}
	texts, err := textsOf(k, stored.JSON)
	if err != nil {
		return err
	}
	c := recordContent{Kind: sentenceWord(spoken(k.Name)), Token: v.token(), ListURL: "/work/lists/" + k.Name}
	if c.Rows, c.Title, err = s.recordRows(r, v, k, texts, ref); err != nil {
		return err
	}
	c.Actions = actionsFor(v.by(), k, ref, texts[0])
	if k.Name == "purchase_order" {
		if err := s.orderSteps(r, v, ref, &c); err != nil {
			return err
		}
	}
	if !ownRecord(k, ref) {
		c.Kept, _, _ = strings.Cut(ref, "//")
		c.TellURL = tellURL(k.Name, ref)
	}
	history, err := s.src.Happened(r.Context(), v.by(), k, ref)
	if err != nil {
		return err
	}
	for _, h := range history {
		c.History = append(c.History, happened{moment(h.At), whoDid(h), sentenceWord(h.Action)})
	}
	return s.showOwn(w, r, v, http.StatusOK, "workrecord", frame{Title: c.Title, Content: c})
}

func whoDid(h data.Happening) string {
	if h.Label != "" {
		return h.Label
	}
	kind, id, _ := strings.Cut(h.Actor, ":")
	return sentenceWord(kind) + " " + id
}

// rowsOf are the rows of a stored record; most have one.
func rowsOf(raw []byte) ([]data.Members, error) {
	var parts []json.RawMessage
	if len(raw) > 0 && raw[0] != '[' {
		parts = append(parts, raw)
	} else if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, err
	}
	rows := make([]data.Members, len(parts))
	for i, part := range parts {
		var err error
		if rows[i], err = data.ReadMembers(part); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// textsOf are a stored record's values as a file has them, row by row.
func textsOf(k *data.Kind, raw []byte) ([]map[string]string, error) {
	rows, err := rowsOf(raw)
	if err != nil {
		return nil, err
	}
	out := make([]map[string]string, len(rows))
	for i, members := range rows {
		out[i] = map[string]string{}
		for name, value := range members {
			f, _ := k.Field(name)
			if out[i][name], err = f.FromJSON(value); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return out, nil
}

// recordRows are a record's fields in words, and what it is called.
func (s *Server) recordRows(r *http.Request, v *visit, k *data.Kind, stored []map[string]string, ref string) (rows []said, title string, err error) {
	var refs []data.KindRef
	texts := stored[0]
	for _, f := range k.Fields {
		if f.Ref != "" && texts[f.Name] != "" {
			refs = append(refs, data.KindRef{Kind: f.Ref, Ref: longRef(v.by(), f.Ref, texts[f.Name])})
		}
	}
	own := data.KindRef{Kind: k.Name, Ref: longRef(v.by(), k.Name, ref)}
	names, err := s.src.RefNames(r.Context(), v.by(), append(refs, own))
	if err != nil {
		return nil, "", err
	}
	j, worded := journeyOfKind(k)
	add := func(f data.Field, texts map[string]string, before string) {
		if texts[f.Name] == "" {
			return
		}
		label := sentenceWord(spoken(f.Name))
		if worded {
			label = j.label(f.Name)
		}
		row := said{Label: before + label, Value: shownValue(v.by(), f, texts[f.Name], names)}
		if f.Ref != "" && s.mayLook(v.by(), f.Ref) {
			row.URL = recordURL(f.Ref, texts[f.Name])
		}
		rows = append(rows, row)
	}
	differ := k.RowFields()
	for _, f := range k.Fields {
		if len(stored) == 1 || !slices.Contains(differ, f.Name) {
			add(f, texts, "")
		}
	}
	for i := range stored {
		for _, f := range k.Fields {
			if len(stored) > 1 && slices.Contains(differ, f.Name) {
				add(f, stored[i], fmt.Sprintf("Place %d: ", i+1))
			}
		}
	}
	if title = names[own]; title == "" {
		if title = texts["name"] + texts["title"]; title == "" {
			title = sentenceWord(spoken(k.Name))
		}
	}
	return rows, title, nil
}

func (s *Server) mayLook(by *data.Key, kind string) bool {
	k, ok := data.KindNamed(kind)
	return ok && s.src.Lists(k) && (by.Role.May(data.Read, k) || listsFor(by.Role, kind))
}

func journeyOfKind(k *data.Kind) (*journey, bool) {
	for i := range journeys {
		if journeys[i].kind == k.Name {
			return &journeys[i], true
		}
	}
	return nil, false
}

// following are the journeys that begin from a record, and the field by which
// they know it.
var following = map[string][]struct{ journey, field string }{
	"activity":       {{"order", "activity"}, {"validate", "activity"}, {"need", "activity"}, {"funding", "activity"}, {"document", "activity"}},
	"purchase_order": {{"step", "order"}, {"claim", "order"}},
	"contribution":   {{"evidence", "contribution"}},
	"contract":       {{"commitment", "contract"}, {"delivery-site", "contract"}, {"progress", "contract"}, {"audit", "contract"}},
	"plan":           {{"priority", "plan"}, {"policy", "plan"}, {"target-areas", "plan"}},
	"priority":       {{"measure", "priority"}},
	"indicator":      {{"observation", "indicator"}},

	"target_area_set": {{"target-area", "set"}},
}

// actionsFor are what somebody can do with a record.
func actionsFor(by *data.Key, k *data.Kind, ref string, texts map[string]string) []action {
	var out []action
	for _, f := range following[k.Name] {
		if j, ok := journeyNamed(f.journey); ok && j.open(by.Role) {
			out = append(out, action{URL: "/work/new/" + j.name, Label: j.title, Fields: []field{{f.field, ref}}, Main: len(out) == 0})
		}
	}
	if k.Name == "activity" && by.Role.May(data.Update, k) && (texts["class"] == "s2" || texts["class"] == "s3") {
		out = append(out, action{URL: "/work/classes", Label: "Ask to lower its class", Fields: []field{{"activity", ref}}})
	}
	if _, ok := journeyFor(k, by.Role); ok && ownRecord(k, ref) {
		out = append(out, action{URL: recordURL(k.Name, ref) + "/change", Label: "Change this"})
	}
	return out
}

// ownRecord reports whether a record is of the visitor's own source: references
// to others name theirs. An organisation is everyone's to name.
func ownRecord(k *data.Kind, ref string) bool {
	return !strings.Contains(ref, "//") || k.Name == "organisation"
}

// orderSteps adds where an order stands and has been.
func (s *Server) orderSteps(r *http.Request, v *visit, ref string, c *recordContent) error {
	h, err := s.src.OrderHistory(r.Context(), v.by(), ref)
	if err != nil {
		return err
	}
	c.Rows = append([]said{{Label: "It is", Value: choicesOf("order_states", []string{h.State}, nil)[0].Label}}, c.Rows...)
	if err := json.Unmarshal(h.Steps, &c.Steps); err != nil {
		return err
	}
	next := slices.ContainsFunc(h.Next, v.by().Role.MayStep)
	c.Actions = slices.DeleteFunc(c.Actions, func(a action) bool {
		return a.URL == "/work/new/step" && !next || a.URL == "/work/new/claim" && !slices.Contains([]string{"accepted", "in_delivery", "suspended", "delivered", "confirmed", "evidenced"}, h.State)
	})
	return nil
}

// changeRecord begins to change a record: POST /work/records/{kind}/{ref}/change.
func (s *Server) changeRecord(w http.ResponseWriter, r *http.Request, v *visit) error {
	k, ref, err := s.recordOf(r, v)
	if err != nil {
		return err
	}
	j, ok := journeyFor(k, v.by().Role)
	if !ok {
		return data.ErrNotFound
	}
	stored, err := s.src.ReadRecord(r.Context(), v.by(), k, ref)
	if err != nil {
		return err
	}
	rows, err := textsOf(k, stored.JSON)
	if err != nil {
		return err
	}
	texts := rows[0]
	given := map[string]string{}
	for _, name := range append(slices.Clone(j.given), j.own) {
		if texts[name] != "" {
			given[name] = texts[name]
		}
	}
	d := data.Draft{ID: data.NewDraftID(), Journey: j.name, Given: given, Answers: texts, Record: ref, ETag: stored.ETag(), Before: stored.JSON}
	d.SetRows(rows, k.RowFields())
	if err := s.src.BeginDraft(r.Context(), v.by(), d); err != nil {
		return err
	}
	http.Redirect(w, r, draftPath(d.ID, "check"), http.StatusSeeOther)
	return nil
}
