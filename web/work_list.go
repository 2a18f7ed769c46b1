package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"tributary/data"
)

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
