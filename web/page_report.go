package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"tributary/data"
)

// shownRows is how many rows of a report its page shows; files have all.
const shownRows = 500

// reportsContent is the page that lists the reports.
type reportsContent struct{ Reports []*data.ReportKind }

// Reports answers "/reports".
func (s *Server) reportsPage(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	return s.pages.show(w, r, http.StatusOK, "reports", frame{Title: "Reports", Nav: "/reports", Content: reportsContent{data.Reports}})
}

// reportContent is the page of one report, made to be printed.
type reportContent struct {
	*data.ReportKind
	Sentence    string
	AsAt        data.Date
	AskedAt     string        // the day that was asked for
	Territories []optionGroup // nil if the report asks for none
	Kilometres  string
	Years       []option // financial years, nil if the report is of no time, or other days are asked for
	Takes       struct{ Territory, AsAt, Within bool }
	Hidden      []field
	Chips       []chip
	ClearURL    string
	Files       []file
	Rows        [][]reportCell
	More        int // rows that the page leaves to the files
	Problem     string
}

// reportCell is one value as people read it.
type reportCell struct {
	Text    string
	Title   string // of the column
	Numeric bool
	URL     string
}

// reportPage answers "/reports/{name}".
func (s *Server) reportPage(w http.ResponseWriter, r *http.Request) error {
	k, ok := data.ReportNamed(pathVar(r, "name"))
	if !ok {
		return data.ErrNotFound
	}
	q, err := s.ask(r, k.Takes, viewOf(k)...)
	if err != nil {
		return err
	}
	c := reportContent{ReportKind: k}
	var rows [][]any
	if k.Needs != "" && !q.filter.Has(k.Needs) {
		c.Problem = "This report compares organisations: add ?" + k.Needs + "= and their ids, joined by commas, to its address. The report on public buyers lists them."
	} else {
		report, err := s.src.Report(r.Context(), k, q.filter, q.view.Within)
		if err != nil {
			return err
		}
		c.Sentence, c.AsAt = report.Sentence, report.AsAt
		c.More = max(0, len(report.Rows)-shownRows)
		rows = report.Rows[:len(report.Rows)-c.More]
	}
	names, err := s.reportForm(r, q, &c)
	if err != nil {
		return err
	}
	for _, row := range rows {
		c.Rows = append(c.Rows, cellsOf(k, row, names))
	}
	return s.pages.show(w, r, http.StatusOK, "report", frame{Title: k.Title, Nav: "/reports", Wide: true, Content: c})
}

// reportForm fills in what the form shows: the controls that the report takes,
// what else is asked, and where the files are. It returns the names of places.
func (s *Server) reportForm(r *http.Request, q asked, c *reportContent) (map[string]string, error) {
	path := "/reports/" + c.Name
	rows, err := s.src.Territories(r.Context(), data.Filter{})
	if err != nil {
		return nil, err
	}
	regions, err := s.src.Regions(r.Context(), data.Filter{})
	if err != nil {
		return nil, err
	}
	names := namesOf(rows, regions, nil)
	c.Takes.Territory, c.Takes.AsAt, c.Takes.Within = slices.Contains(c.ReportKind.Takes, "territory"), slices.Contains(c.ReportKind.Takes, "as_at"), c.Within > 0
	if c.Takes.Territory {
		c.Territories = territoryOptions(q.filter, rows, regions)
	}
	view := r.URL.Query()
	for name := range view {
		if name != "within" {
			view.Del(name)
		}
	}
	if c.Kilometres = view.Get("within"); c.Kilometres == "" {
		c.Kilometres = degrees(c.Within)
	}
	values := q.filter.Values()
	c.AskedAt = values.Get("as_at")
	asked := []string{"territory", "as_at"}
	if slices.Contains(c.ReportKind.Takes, "period") && !c.AsAt.IsZero() {
		if c.Years = yearOptions(c.AsAt, q.filter); c.Years != nil {
			asked = append(asked, "from", "to")
		}
	}
	for _, name := range data.ParamNames() {
		if v := values.Get(name); v != "" && !slices.Contains(asked, name) {
			c.Hidden = append(c.Hidden, field{name, v})
		}
	}
	c.Chips, c.ClearURL = chipsOf(path, q.filter, view, names), path
	for _, form := range []string{"csv", "xlsx", "json"} {
		c.Files = append(c.Files, file{fileWords[form], pageURL("/api/v1/"+c.Name+"."+form, q.filter, view)})
	}
	return names, nil
}

// cellsOf spells a row for people: money in pounds, days in words, shares as
// percentages, places by name, words without underscores. Ids are left to the
// files, but lead somewhere.
func cellsOf(k *data.ReportKind, row []any, names map[string]string) []reportCell {
	out := make([]reportCell, 0, len(row))
	link := ""
	for i, v := range row {
		col := k.Columns[i]
		cell := reportCell{Title: col.Title, Text: col.Text(v)}
		switch v := v.(type) {
		case time.Time:
			cell.Text = longDate(data.DateOf(v))
		case int64:
			cell.Numeric = true
			switch col.Type {
			case data.ColumnMoney:
				cell.Text = data.Pence(v).String()
			case data.ColumnCount:
				cell.Text = number(int(v))
			}
		case float64:
			cell.Numeric = true
			if col.Type == data.ColumnShare {
				cell.Text = fixed(v*100, 1) + "%"
			}
		case string:
			cell.Text = plainWord(col, v, names)
		case []string:
			words := make([]string, len(v))
			for i := range v {
				words[i] = plainWord(col, v[i], names)
			}
			cell.Text = strings.Join(words, ", ")
		}
		if hiddenColumn(col) {
			if col.Name == "activity_id" && cell.Text != "" {
				link = "/activities/" + cell.Text
			}
			continue
		}
		if col.Type == data.ColumnText && (col.Name == "activity" || col.Name == "nearest") {
			cell.URL = link
		}
		out = append(out, cell)
	}
	return out
}

// plainWord is a code as people read it.
func plainWord(col data.Column, v string, names map[string]string) string {
	switch col.Name {
	case "territory", "territories":
		return cmp.Or(names["territory:"+v], v)
	case "region":
		return cmp.Or(names["region:"+v], v)
	case "type", "types", "sector", "sectors", "beneficiaries", "state", "onboarding", "domain", "agency":
		return strings.ReplaceAll(v, "_", " ")
	}
	return v
}

// hiddenColumn says that a column is for programs alone.
func hiddenColumn(c data.Column) bool { return strings.HasSuffix(c.Name, "_id") }

// Shown are the columns that the page shows.
func (c reportContent) Shown() (out []reportCell) {
	for _, col := range c.Columns {
		if !hiddenColumn(col) {
			numeric := col.Type != data.ColumnText && col.Type != data.ColumnList && col.Type != data.ColumnDay && col.Type != data.ColumnYesNo
			out = append(out, reportCell{Text: col.Title, Numeric: numeric})
		}
	}
	return out
}

// yearOptions are the financial year of a day and those before it; nil if a
// filter asks for other days.
func yearOptions(day data.Date, f data.Filter) []option {
	const years = 6
	var out []option
	chosen := f.From.IsZero() && f.To.IsZero()
	for back := range years {
		start := day.Time().AddDate(0, -3, 0).Year() - back
		name := fmt.Sprintf("%d-%02d", start, (start+1)%100)
		first, last, err := data.ParsePeriod(name)
		if err != nil {
			break
		}
		o := option{Value: name, Label: name, Chosen: f.From == first && f.To == last}
		chosen = chosen || o.Chosen
		out = append(out, o)
	}
	if !chosen {
		return nil
	}
	return out
}
