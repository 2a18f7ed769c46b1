package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tributary/data"
)

func recordURL(kind, ref string) string {
	return "/work/records/" + kind + "/" + url.PathEscape(ref)
}

// ownPageSize is how many records a page of a list has.
const ownPageSize = 50

// ownContent is a list of somebody's records.
type ownContent struct {
	Title, Kind, Query string
	Rows               []ownRow
	Matched            int
	From               int
	Previous, Next     string
	CSV                string
	New                *link
}

type ownRow struct {
	data.OwnRecord
	URL   string
	State string
	Day   string
	Money string
}

// ownKind finds the kind of an address that the visitor has lists of.
func (s *Server) ownKind(r *http.Request, v *visit) (*data.Kind, error) {
	k, ok := data.KindNamed(pathVar(r, "kind"))
	if !ok || v.by() == nil || !s.src.Lists(k) || !v.by().Role.May(data.Read, k) && !listsFor(v.by().Role, k.Name) {
		return nil, data.ErrNotFound
	}
	return k, nil
}

// seen are the kinds that a role may look at without writing them.
var seen = map[data.AccessRole][]string{
	data.RoleProvider: {"purchase_order", "contribution"},
	data.RoleSupplier: {"contract", "commitment"},
	data.RoleBuyer:    {"purchase_order", "contribution"},
}

func listsFor(role data.AccessRole, kind string) bool { return slices.Contains(seen[role], kind) }

// ownList lists somebody's records: GET /work/lists/{kind}.
func (s *Server) ownList(w http.ResponseWriter, r *http.Request, v *visit) error {
	k, err := s.ownKind(r, v)
	if err != nil {
		return err
	}
	q, err := params(r, "q", "from", "format")
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(q.Get("from"))
	if q.Get("from") != "" && (err != nil || from < 0) {
		return data.Invalidf("from", q.Get("from"), "is not how many to leave out: start from the list’s first page")
	}
	if tabular(q.Get("format")) {
		return s.ownTable(w, r, v, k, q.Get("q"), q.Get("format"))
	}
	list, matched, err := s.src.Own(r.Context(), v.by(), k, q.Get("q"), ownPageSize, from)
	if err != nil {
		return err
	}
	c := ownContent{Title: sentenceWord(spoken(k.Plural)), Kind: k.Name, Query: q.Get("q"), Matched: matched, From: from + 1}
	here := func(from int, format string) string {
		values := url.Values{}
		if c.Query != "" {
			values.Set("q", c.Query)
		}
		if from > 0 {
			values.Set("from", strconv.Itoa(from))
		}
		if format != "" {
			values.Set("format", format)
		}
		return queryURL("/work/lists/"+k.Name, values)
	}
	for _, o := range list {
		c.Rows = append(c.Rows, ownRow{OwnRecord: o, URL: recordURL(k.Name, data.ShortRef(v.by().Source, o.Ref)), State: sentenceWord(spoken(o.State)), Day: longDate(o.On), Money: pounds(o.Pence)})
	}
	if from > 0 {
		c.Previous = here(max(0, from-ownPageSize), "")
	}
	if from+len(list) < matched {
		c.Next = here(from+ownPageSize, "")
	}
	c.CSV = here(0, "csv")
	for i := range journeys {
		if j := &journeys[i]; j.kind == k.Name && j.open(v.by().Role) && len(j.given) == 0 {
			c.New = &link{"/work/new/" + j.name, j.title}
		}
	}
	return s.showOwn(w, r, v, http.StatusOK, "worklist", frame{Title: c.Title, Wide: true, Content: c})
}

func pounds(p *data.Pence) string {
	if p == nil {
		return ""
	}
	return p.String()
}

// ownTable writes the whole of a list as a spreadsheet.
func (s *Server) ownTable(w http.ResponseWriter, r *http.Request, v *visit, k *data.Kind, q, format string) error {
	t, err := newTable(w, format, "tributary-own-"+slug(k), "id", "name", "about", "state", "date", "value_pounds")
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	for from := 0; ; from += tableChunk {
		list, _, err := s.src.Own(r.Context(), v.by(), k, q, tableChunk, from)
		if err != nil {
			return err
		}
		for _, o := range list {
			money := verbatim("")
			if o.Pence != nil {
				money = verbatim(o.Pence.Pounds())
			}
			if err := t.row(data.ShortRef(v.by().Source, o.Ref), o.Name, o.About, o.State, verbatim(o.On.String()), money); err != nil {
				return err
			}
		}
		if len(list) < tableChunk {
			return t.close()
		}
	}
}

// tableChunk is how many records of a spreadsheet are read at a time.
const tableChunk = 1000

// recordContent is one record, as those see it who may.
type recordContent struct {
	Kind, Title string
	Rows        []said
	Actions     []action
	History     []happened
	Steps       []orderStep
	PublicURL   string
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
	texts, several, err := textsOf(k, stored.JSON)
	if err != nil {
		return err
	}
	c := recordContent{Kind: sentenceWord(spoken(k.Name)), Token: v.token(), ListURL: "/work/lists/" + k.Name}
	if c.Rows, c.Title, err = s.recordRows(r, v, k, texts, ref); err != nil {
		return err
	}
	c.Actions = actionsFor(v.by(), k, ref, texts, several)
	if k.Name == "purchase_order" {
		if err := s.orderSteps(r, v, ref, &c); err != nil {
			return err
		}
	}
	history, err := s.src.Happened(r.Context(), v.by(), k, ref)
	if err != nil {
		return err
	}
	for _, h := range history {
		c.History = append(c.History, happened{h.At.In(london()).Format("2 January 2006, 15:04"), whoDid(h), sentenceWord(h.Action)})
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

// textsOf are a stored record's values as a file has them. Of several rows, the
// first.
func textsOf(k *data.Kind, raw []byte) (texts map[string]string, several bool, err error) {
	if len(raw) > 0 && raw[0] == '[' {
		var rows []json.RawMessage
		if err := json.Unmarshal(raw, &rows); err != nil {
			return nil, false, err
		}
		raw, several = rows[0], len(rows) > 1
	}
	members, err := data.ReadMembers(raw)
	if err != nil {
		return nil, false, err
	}
	texts = map[string]string{}
	for name, value := range members {
		f, _ := k.Field(name)
		if texts[name], err = f.FromJSON(value); err != nil {
			return nil, false, fmt.Errorf("%s: %w", name, err)
		}
	}
	return texts, several, nil
}

// recordRows are a record's fields in words, and what it is called.
func (s *Server) recordRows(r *http.Request, v *visit, k *data.Kind, texts map[string]string, ref string) (rows []said, title string, err error) {
	var refs []data.KindRef
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
	for _, f := range k.Fields {
		if texts[f.Name] == "" {
			continue
		}
		label := sentenceWord(spoken(f.Name))
		if worded {
			label = j.label(f.Name)
		}
		row := said{Label: label, Value: shownValue(v.by(), f, texts[f.Name], names)}
		if f.Ref != "" && s.mayLook(v.by(), f.Ref) {
			row.URL = recordURL(f.Ref, texts[f.Name])
		}
		rows = append(rows, row)
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
func actionsFor(by *data.Key, k *data.Kind, ref string, texts map[string]string, several bool) []action {
	var out []action
	for _, f := range following[k.Name] {
		if j, ok := journeyNamed(f.journey); ok && j.open(by.Role) {
			out = append(out, action{URL: "/work/new/" + j.name, Label: j.title, Fields: []field{{f.field, ref}}, Main: len(out) == 0})
		}
	}
	if k.Name == "activity" && by.Role.May(data.Update, k) && (texts["class"] == "s2" || texts["class"] == "s3") {
		out = append(out, action{URL: "/work/classes", Label: "Ask to lower its class", Fields: []field{{"activity", ref}}})
	}
	own := !strings.Contains(ref, "//") || k.Name == "organisation"
	if _, ok := journeyFor(k, by.Role); ok && own && !several {
		out = append(out, action{URL: recordURL(k.Name, ref) + "/change", Label: "Change this"})
	}
	return out
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
	texts, several, err := textsOf(k, stored.JSON)
	if err != nil {
		return err
	}
	if several {
		return refusal(http.StatusConflict, "This has several places", "An activity in several places is changed by file or by the API, all of them together.")
	}
	given := map[string]string{}
	for _, name := range append(slices.Clone(j.given), j.own) {
		if texts[name] != "" {
			given[name] = texts[name]
		}
	}
	d := data.Draft{ID: data.NewDraftID(), Journey: j.name, Given: given, Answers: texts, Record: ref, ETag: stored.ETag(), Before: stored.JSON}
	if err := s.src.BeginDraft(r.Context(), v.by(), d); err != nil {
		return err
	}
	http.Redirect(w, r, draftPath(d.ID, "check"), http.StatusSeeOther)
	return nil
}

// accessContent is who has access.
type accessContent struct {
	Accounts    []accountRow
	Roles       []choice
	Territories []choice
	Form        map[string]string
	Errors      []formError
	Token       string
	Said        string
}

type accountRow struct {
	data.Account
	Whom string
	Seen string
	End  bool
}

// accessPage lists who has access, and gives it: GET and POST /work/access.
func (s *Server) accessPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	c := accessContent{Token: v.token(), Form: map[string]string{}}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		for _, name := range []string{"code", "role", "organisation", "label"} {
			c.Form[name] = strings.TrimSpace(r.PostForm.Get(name))
		}
		access := data.Key{Role: data.AccessRole(c.Form["role"]), Organisation: c.Form["organisation"], Territories: slices.Clone(r.PostForm["territory"])}
		err := s.src.GiveAccess(r.Context(), v.by(), c.Form["code"], c.Form["label"], access)
		var bad *data.Invalid
		switch {
		case errors.Is(err, data.ErrNotFound):
			err = nil
			c.Errors = append(c.Errors, formError{"code", "Nobody whom you may give access to has this code: ask them to read it out again.", "#code"})
		case errors.As(err, &bad):
			err = nil
			c.Errors = append(c.Errors, formError{bad.Field, sentenceCase(sentenceWord(spoken(bad.Field)) + ": " + bad.Reason), "#" + bad.Field})
		}
		if err != nil {
			return err
		}
		if len(c.Errors) == 0 {
			http.Redirect(w, r, "/work/access?given="+url.QueryEscape(c.Form["code"]), http.StatusSeeOther)
			return nil
		}
		status = http.StatusUnprocessableEntity
	} else {
		q, err := params(r, "given", "ended")
		if err != nil {
			return err
		}
		switch {
		case q.Get("given") != "":
			c.Said = "Access was given to " + q.Get("given") + "."
		case q.Get("ended") != "":
			c.Said = "The access of " + q.Get("ended") + " has ended."
		}
	}
	if err := s.accounts(r, v, &c); err != nil {
		return err
	}
	return s.showOwn(w, r, v, status, "workaccess", frame{Title: "Who has access", Wide: true, Content: c})
}

func (s *Server) accounts(r *http.Request, v *visit, c *accessContent) error {
	accounts, err := s.src.AccountsWithin(r.Context(), v.by())
	if err != nil {
		return err
	}
	for _, a := range accounts {
		row := accountRow{Account: a, Seen: longDate(a.SeenOn)}
		if a.Access != nil {
			row.Whom = strings.TrimSpace(data.ShortRef("", a.Access.Organisation) + " " + strings.Join(a.Access.Territories, ", "))
			row.End = a.ID != v.account.ID && (v.by().Role == data.RoleAdmin || v.by().MayGrant(a.Access) == nil)
		}
		c.Accounts = append(c.Accounts, row)
	}
	roles := []string{"provider", "supplier", "buyer", "office"}
	if v.by().Role == data.RoleAdmin {
		roles = append(roles, "hub", "admin")
	}
	c.Roles = choicesOf("", roles, []string{c.Form["role"]})
	territories := v.by().Territories
	if v.by().Role == data.RoleAdmin {
		rows, err := s.src.Territories(r.Context(), data.Filter{})
		if err != nil {
			return err
		}
		for _, t := range rows {
			territories = append(territories, string(t.ID))
		}
		slices.Sort(territories)
	}
	for _, t := range territories {
		c.Territories = append(c.Territories, choice{Value: t, Label: sentenceWord(strings.ReplaceAll(t, "-", " ")), Chosen: len(territories) == 1 || slices.Contains(r.PostForm["territory"], t)})
	}
	return nil
}

// endAccess takes access away: POST /work/access/end.
func (s *Server) endAccess(w http.ResponseWriter, r *http.Request, v *visit) error {
	code := r.PostForm.Get("code")
	if code == v.account.ID {
		return refusal(http.StatusConflict, "This is your own access", "Let somebody else end it.")
	}
	if err := s.src.TakeAccess(r.Context(), v.by(), code); err != nil {
		return err
	}
	http.Redirect(w, r, "/work/access?ended="+url.QueryEscape(code), http.StatusSeeOther)
	return nil
}
