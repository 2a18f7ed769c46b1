package web

import (
	"slices"
	"strconv"
	"strings"

	"tributary/data"
)

// journey is how people write one kind of record: a few questions a page, a
// look at the answers, then it is sent. What a field is, and what is wrong with
// an answer, the kind says; a journey says in what words and order it is asked.
type journey struct {
	name  string // last part of its address: "claim"
	title string // what somebody does: "Claim what you delivered"
	about string // what it is for, on its first page
	kind  string
	roles []data.AccessRole
	// given are fields that come with the link to the journey, such as the order
	// of a step; without one it cannot begin.
	given []string
	own   string // the field that is always the visitor's organisation
	steps []questions
	after string // what happens next, when it has been sent
	shown string // what anyone will see of it; "" for nothing
}

// questions are one page of a journey.
type questions struct {
	title string
	hint  string
	asks  []ask
	// each is what one row of the record is, "Place": the page asks for several.
	each string
	// draw offers a map for the two fields of a position.
	draw bool
}

// ask is one question.
type ask struct {
	field  string // a column of the kind
	label  string
	hint   string
	must   bool     // needs an answer here, though the kind does not ask for one
	from   string   // the kind of record whose list the choices come from
	states []string // of those, the ones in these states
	units  bool     // a unit of quantity: common ones are offered
	draw   string   // what a map is offered to draw: polygon or areas
	row    int      // of several of a kind on one page, from 1; 0 for one alone
	each   string   // what a row is, if there are several
}

// spelt is the question as it reads away from its page.
func (a ask) spelt() string {
	if a.each != "" {
		return a.each + " " + strconv.Itoa(a.row) + ": " + strings.ToLower(a.label[:1]) + a.label[1:]
	}
	return a.label
}

// journeyNamed finds a journey.
func journeyNamed(name string) (*journey, bool) {
	for i := range journeys {
		if journeys[i].name == name {
			return &journeys[i], true
		}
	}
	return nil, false
}

// journeyFor finds the journey by which a role changes a record of a kind.
func journeyFor(k *data.Kind, role data.AccessRole) (*journey, bool) {
	for i := range journeys {
		if j := &journeys[i]; j.kind == k.Name && j.open(role) && role.May(data.Update, k) {
			return j, true
		}
	}
	return nil, false
}

// open reports whether a journey is for a role.
func (j *journey) open(r data.AccessRole) bool {
	return r == data.RoleAdmin && (j.own == "" || j.page(j.own) > 0) || slices.Contains(j.roles, r)
}

func (j *journey) record() *data.Kind {
	k, _ := data.KindNamed(j.kind)
	return k
}

// page is the page, from 1, on which a field is asked; 0 if it is not.
func (j *journey) page(field string) int { return pageAsking(j.steps, field) }

func pageAsking(steps []questions, field string) int {
	field = strings.TrimSuffix(field, data.NameSuffix)
	for i, q := range steps {
		for _, a := range q.asks {
			if strings.TrimSuffix(a.field, data.NameSuffix) == field {
				return i + 1
			}
		}
	}
	return 0
}

// pages are the pages that a draft still asks: without what is settled, such as
// the order of a step or somebody's own organisation.
func (j *journey) pages(d *data.Draft) (out []questions) {
	for _, q := range j.steps {
		q.asks = slices.DeleteFunc(slices.Clone(q.asks), func(a ask) bool {
			_, settled := d.Given[strings.TrimSuffix(a.field, data.NameSuffix)]
			return settled || d.Record != "" && a.field == "id"
		})
		q.asks = q.inRows(d.Rows())
		if len(q.asks) > 0 {
			out = append(out, q)
		}
	}
	return out
}

// inRows are the questions of a page, once for each row where it asks for
// several.
func (q questions) inRows(rows int) (out []ask) {
	if q.each == "" {
		return q.asks
	}
	for row := 1; row <= rows; row++ {
		for _, a := range q.asks {
			a.field, a.row = data.InRow(a.field, row), row
			if rows > 1 {
				a.each = q.each
			}
			out = append(out, a)
		}
	}
	return out
}

// rowOf parts the name of an answer from its row: "postcode-2" is the postcode
// of the second.
func rowOf(field string) (column string, row int) {
	if i := strings.LastIndexByte(field, '-'); i > 0 {
		if n, err := strconv.Atoi(field[i+1:]); err == nil {
			return field[:i], n
		}
	}
	return field, 1
}

// label is what a field is called.
func (j *journey) label(field string) string {
	column, row := rowOf(field)
	for _, q := range j.steps {
		for _, a := range q.asks {
			if a.field == column {
				if row > 1 {
					a.row, a.each = row, q.each
				}
				return a.spelt()
			}
		}
	}
	return sentenceWord(spoken(field))
}

// fieldOf is a field of the kind; one that names an organisation is a text.
func fieldOf(k *data.Kind, name string) data.Field {
	name, _ = rowOf(name)
	if f, ok := k.Field(name); ok {
		return f
	}
	return data.Field{Name: name, Type: data.FieldText, Max: 200}
}
