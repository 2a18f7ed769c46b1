package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tributary/data"
)

// control is one question as the page shows it.
type control struct {
	From     string // the kind that the choices are of
	Name     string
	Label    string
	Hint     string
	Widget   string // text, area, lines, date, money, number, yesno, radios, select, checks, file
	Value    string
	Day      [3]string // day, month, year
	Options  []choice
	Error    string
	Optional bool
	Units    []string
	More     int    // choices that are not offered: there are too many
	Find     string // what the choices were narrowed by
	Draw     *drawOffer
	Shares   bool        // how a contribution is shared follows from it
	Split    []splitPart // how it is shared as it stands
}

// choice is one answer that is offered.
type choice struct {
	Value, Label, Hint string
	Chosen             bool
}

// fewChoices is up to how many are shown side by side; mostChoices how many are
// offered at all before somebody has to narrow them.
const (
	fewChoices  = 8
	mostChoices = 100
)

// lineFields are lists that people write one a line.
var lineFields = map[string]bool{"places": true, "criteria": true}

// controls are the questions of a page, with what has been answered.
func (s *Server) controls(r *http.Request, v *visit, j *journey, d *data.Draft, q questions, errs map[string]string) ([]control, error) {
	var out []control
	for _, a := range q.asks {
		f := fieldOf(j.record(), a.field)
		c := control{From: a.from, Name: a.field, Label: a.label, Hint: a.hint, Value: d.Value(a.field), Error: errs[a.field], Optional: !f.Required && !a.must}
		if c.Value == "" && d.Answers[a.field] == "" && f.Default != "" {
			c.Value = f.Default
		}
		c.Widget = widgetOf(f, a)
		switch c.Widget {
		case "date":
			c.Day = dayParts(c.Value)
			if c.Value == "" && a.must {
				c.Day = dayParts(data.Today().String())
			}
		case "lines":
			c.Value = strings.ReplaceAll(c.Value, ";", "\n")
		case "yesno":
			c.Options = choicesOf("", []string{"yes", "no"}, []string{yesNo(c.Value)})
		case "radios", "select", "checks":
			if err := s.choices(r, v, d, f, a, &c); err != nil {
				return nil, err
			}
		}
		if j.name == "claim" && a.field == "places" {
			c.Shares, c.Split = true, splitOf(d)
		}
		if a.draw != "" {
			label := map[string]string{"polygon": "Draw it on a map", "areas": "Choose on a map"}[a.draw]
			c.Draw = &drawOffer{a.draw, label, a.field, ""}
		}
		if a.units {
			c.Units = []string{"hours", "people", "items", "days", "weeks", "places", "sessions", "trees"}
		}
		out = append(out, c)
	}
	return out, nil
}

// choices fills in what is offered.
func (s *Server) choices(r *http.Request, v *visit, d *data.Draft, f data.Field, a ask, c *control) error {
	if a.from == "" {
		values := slices.Clone(data.Vocabularies[f.In])
		if f.In == "order_states" {
			var err error
			if values, err = s.nextSteps(r, v, d.Value("order")); err != nil {
				return err
			}
		}
		if f.In == "finding_states" {
			values = slices.DeleteFunc(values, func(s string) bool { return s == "suspected" })
		}
		if f.In == "statuses" || f.In == "classes" {
			c.Widget = "radios"
		}
		c.Options = choicesOf(f.In, values, strings.Split(c.Value, ";"))
		return nil
	}
	k, _ := data.KindNamed(a.from)
	c.Find = d.Answers["find:"+a.field]
	list, matched, err := s.src.Own(r.Context(), v.by(), k, c.Find, mostChoices, 0)
	if err != nil {
		return err
	}
	c.More = matched - len(list)
	for _, o := range list {
		if a.states != nil && !slices.Contains(a.states, o.State) {
			continue
		}
		c.Options = append(c.Options, choice{o.Ref, o.Name, aboutOf(o), sameRef(v.by(), o.Ref, c.Value)})
	}
	if c.Value != "" && !slices.ContainsFunc(c.Options, func(o choice) bool { return o.Chosen }) {
		c.Options = append([]choice{{Value: c.Value, Label: c.Value, Chosen: true}}, c.Options...)
	}
	if len(c.Options) > fewChoices {
		c.Widget = "select"
	}
	return nil
}

// aboutOf tells records of one name apart.
func aboutOf(o data.OwnRecord) string {
	parts := []string{o.About, spoken(o.State), longDate(o.On)}
	if o.Pence != nil {
		parts = append(parts, o.Pence.String())
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// sameRef reports whether two references, long or short, name one record.
func sameRef(by *data.Key, a, b string) bool {
	return b != "" && data.ShortRef(by.Source, a) == data.ShortRef(by.Source, b)
}

// nextSteps are the states that an order may be taken to by the visitor.
func (s *Server) nextSteps(r *http.Request, v *visit, order string) ([]string, error) {
	h, err := s.src.OrderHistory(r.Context(), v.by(), order)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(h.Next, func(state string) bool { return !v.by().Role.MayStep(state) }), nil
}

// widgetOf is how a field is asked.
func widgetOf(f data.Field, a ask) string {
	switch {
	case lineFields[f.Name]:
		return "lines"
	case f.Type == data.FieldDate:
		return "date"
	case f.Type == data.FieldMoney:
		return "money"
	case f.Type == data.FieldYesNo:
		return "yesno"
	case f.Type == data.FieldList && f.In != "":
		return "checks"
	case a.from != "":
		return "radios"
	case f.In != "" && len(data.Vocabularies[f.In]) > fewChoices:
		return "select"
	case f.In != "":
		return "radios"
	case f.Form == "polygon" || f.Max >= 1000:
		return "area"
	case f.Type == data.FieldQuantity, f.Type == data.FieldWhole, f.Type == data.FieldNumber:
		return "number"
	}
	return "text"
}

func choicesOf(vocabulary string, values, chosen []string) []choice {
	var out []choice
	for _, v := range values {
		w := choiceWords[vocabulary][v]
		if w[0] == "" {
			w[0] = sentenceWord(spoken(v))
		}
		out = append(out, choice{v, w[0], w[1], slices.Contains(chosen, v)})
	}
	return out
}

// choiceWords are labels and hints of values that need more than their name.
var choiceWords = map[string]map[string][2]string{
	"classes": {
		"s0": {"Open", "Anyone may find it: a park, an arts centre. Shown exactly."},
		"s1": {"With care", "A youth club, a school. Shown as a hexagon of 0.7 km², never as a pin."},
		"s2": {"Restricted", "Work with offenders, with drug or alcohol misuse, with victims. Shown by district, or coarser."},
		"s3": {"Secret", "A refuge, a safe house. Its place is not stored at all; only a territory’s total counts it."},
	},
	"additionalities": {
		"additional": {"Additional: beyond what the contract asks for, and new", ""},
		"continued":  {"Continued: employment that had begun before", ""},
		"in_scope":   {"In the contract’s own scope", "Shown apart, and not counted as social value."},
	},
	"themes":         {"healthier": {"Healthier", ""}, "safer": {"Safer", ""}, "resilient": {"More resilient", ""}},
	"order_states":   {"in_delivery": {"In delivery", ""}, "confirmed": {"Confirmed: it was received", ""}, "evidenced": {"Evidenced", "There is evidence for it."}},
	"finding_states": {"dismissed": {"Dismissed: there is nothing in it", ""}, "confirmed": {"Confirmed: the supplier has the policy’s time to put it right", ""}, "rectified": {"Rectified: it was put right", ""}, "upheld": {"Upheld: the contribution no longer counts", ""}},
	"decisions":      {"validated": {"Validated", "It meets the criteria."}, "refused": {"Not validated", "It waits for more."}, "suspended": {"Suspended", ""}, "withdrawn": {"Withdrawn", "An earlier decision no longer holds."}},
	"statuses":       {"submitted": {"Ready to be looked at", ""}},
}

// dayParts are day, month and year of a day as typed or stored.
func dayParts(s string) (out [3]string) {
	if d, err := data.ParseDate(s); err == nil {
		t := d.Time()
		return [3]string{strconv.Itoa(t.Day()), strconv.Itoa(int(t.Month())), strconv.Itoa(t.Year())}
	}
	copy(out[:], strings.SplitN(s, "/", 3))
	return out
}

func yesNo(s string) string {
	switch strings.ToLower(s) {
	case "true", "yes":
		return "yes"
	case "false", "no":
		return "no"
	}
	return ""
}

// answersOf reads what a page's form says, as typed.
func answersOf(form url.Values, k *data.Kind, q questions) map[string]string {
	out := map[string]string{}
	for _, a := range q.asks {
		f := fieldOf(k, a.field)
		value := strings.TrimSpace(form.Get(a.field))
		switch widgetOf(f, a) {
		case "date":
			parts := []string{strings.TrimSpace(form.Get(a.field + "-day")), strings.TrimSpace(form.Get(a.field + "-month")), strings.TrimSpace(form.Get(a.field + "-year"))}
			if value = strings.Join(parts, "/"); value == "//" {
				value = ""
			}
		case "lines":
			value = strings.Join(strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' || r == ';' }), ";")
		case "checks":
			value = strings.Join(form[a.field], ";")
		case "money":
			value = strings.NewReplacer("£", "", ",", "", " ", "").Replace(value)
		}
		if form.Has("find:" + a.field) {
			out["find:"+a.field] = strings.TrimSpace(form.Get("find:" + a.field))
		}
		out[a.field] = value
	}
	return out
}

// draftRecords makes a record of what a draft says, in as many rows as it has,
// and lists what is wrong with it by field.
func draftRecords(v *visit, j *journey, d *data.Draft) (out []data.Incoming, bad []*data.Invalid) {
	names := map[string]string{}
	for column, value := range d.Answers {
		if field, ok := strings.CutSuffix(column, data.NameSuffix); ok && value != "" && d.Value(field) != "" {
			if f, known := j.record().Field(field); known && f.Ref == "organisation" {
				names[field] = value
			}
		}
	}
	differ := j.record().RowFields()
	for row := 1; row <= d.Rows(); row++ {
		rec, wrong := j.record().Read(v.by().Source, func(column string) string {
			switch value := d.Value(column); {
			case column == "id" && d.Record != "":
				return d.Record
			case column == "id" && value == "":
				return d.ID
			case slices.Contains(differ, column):
				return d.Value(data.InRow(column, row))
			default:
				return value
			}
		})
		for _, b := range wrong {
			if slices.Contains(differ, b.Field) {
				b.Field = data.InRow(b.Field, row)
			} else if row > 1 {
				continue // the first has said it
			}
			bad = append(bad, b)
		}
		out = append(out, data.Incoming{Line: row, Record: rec, Names: names})
	}
	for _, a := range asksOf(j.pages(d)) {
		if a.must && d.Value(a.field) == "" && !slices.ContainsFunc(bad, func(b *data.Invalid) bool { return b.Field == a.field }) {
			bad = append(bad, data.Invalidf(a.field, "", "is missing: give it"))
		}
	}
	return out, bad
}

func asksOf(pages []questions) (out []ask) {
	for _, q := range pages {
		out = append(out, q.asks...)
	}
	return out
}

// errorsOn are what is wrong with the answers of one page, in words for people.
func errorsOn(q questions, bad []*data.Invalid) map[string]string {
	out := map[string]string{}
	for _, b := range bad {
		for _, a := range q.asks {
			if a.field == b.Field && out[a.field] == "" {
				out[a.field] = sentenceCase(a.spelt() + " " + b.Reason)
			}
		}
	}
	return out
}
