package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
)

// An exploreTable is the table of what a map shows. The map takes its colours
// and its words from the rows, so that they cannot differ.
type exploreTable struct {
	Title   string
	Columns []column
	Rows    []tableRow
	Rest    []tableRow // what no row shows, then the total
	Note    string
	Pages   bool // the note leads to how activities are counted
}

// A column is a heading of the table that sorts by it.
type column struct {
	Name    string
	Label   string
	URL     string
	Sorted  string // value of aria-sort; empty where it does not sort
	Numeric bool
}

// A tableRow is one place, or one flow.
type tableRow struct {
	ID, Name, NameCy string
	URL              string
	Value            *int64 // by which the map colours it
	From, To         string // "longitude,latitude" of an arrow's ends
	State            string // of a gap
	Cells            []tableCell
}

// A tableCell is one figure of a row.
type tableCell struct {
	Label   string
	Text    string
	URL     string
	Numeric bool
	Zero    bool
	Bar     *stateBar
	sort    float64
}

func textCell(label, text string) tableCell { return tableCell{Label: label, Text: text} }

func moneyCell(label string, p data.Pence) tableCell {
	return tableCell{Label: label, Text: p.String(), Numeric: true, Zero: p == 0, sort: float64(p)}
}

func countCell(label string, n int) tableCell {
	return tableCell{Label: label, Text: number(n), Numeric: true, Zero: n == 0, sort: float64(n)}
}

// sortBy sorts the rows as the sort parameter asks, by name where they are
// equal, and makes the headings into links that sort.
func (t *exploreTable) sortBy(path string, f data.Filter, view url.Values) error {
	asked := cmp.Or(view.Get("sort"), "name")
	name, descending := strings.CutPrefix(asked, "-")
	at := slices.IndexFunc(t.Columns, func(c column) bool { return c.Name == name })
	if at < 0 {
		known := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			known[i] = c.Name
		}
		return data.Invalidf("sort", asked, "is not a column: use %s, with - before it for the greatest first", strings.Join(known, ", "))
	}
	order := func(a, b tableRow) int {
		if at == 0 {
			return 0
		}
		x, y := a.Cells[at-1], b.Cells[at-1]
		if x.Numeric || y.Numeric {
			return cmp.Compare(x.sort, y.sort)
		}
		return strings.Compare(x.Text, y.Text)
	}
	slices.SortStableFunc(t.Rows, func(a, b tableRow) int {
		n, byName := order(a, b), strings.Compare(a.Name, b.Name)
		if descending {
			n = -n
			if at == 0 {
				byName = -byName
			}
		}
		return cmp.Or(n, byName, strings.Compare(a.ID, b.ID))
	})
	for i := range t.Columns {
		c := &t.Columns[i]
		// The first press on a number shows the greatest first.
		next := c.Name
		if c.Numeric {
			next = "-" + c.Name
		}
		c.Sorted = "none"
		if i == at {
			c.Sorted, next = "ascending", "-"+c.Name
			if descending {
				c.Sorted, next = "descending", c.Name
			}
		}
		if next == "name" {
			next = ""
		}
		own := url.Values{"sort": {next}}
		for _, kept := range []string{"layer", "metric", "view"} {
			own[kept] = view[kept]
		}
		c.URL = pageURL(path, f, own) + "#figures"
	}
	return nil
}

// activityTable is the table of the territories by their activities.
func activityTable(rows []data.TerritoryRow, summary data.Summary) exploreTable {
	t := exploreTable{Title: "Activities in each territory", Pages: true, Columns: []column{{Name: "name", Label: "Police territory"}, {Name: "region", Label: "Region"}, {Name: "body", Label: "Policing body"},
		{Name: "activities", Label: "Activities", Numeric: true}, {Name: "validated", Label: "Validated", Numeric: true}, {Name: "providers", Label: "Providers", Numeric: true}}}
	for _, r := range rows {
		value := int64(r.Activities)
		t.Rows = append(t.Rows, tableRow{ID: string(r.ID), Name: r.Name, NameCy: welshName(r.Name, r.NameCy), URL: placeURL(string(r.ID)), Value: &value, Cells: []tableCell{
			textCell("Region", r.RegionName), textCell("Policing body", r.Body.Name), countCell("Activities", r.Activities), countCell("Validated", r.Validated), countCell("Providers", r.Providers)}})
	}
	t.Note = "An activity that delivers in two territories counts once in each, so the column adds up to more than the total."
	if summary.Withheld > 0 {
		t.Note += " " + plural(summary.Withheld, "more activity", "more activities") + " may not be listed or shown in one territory."
	}
	return t
}

// A place is one of those that a table lists, whether anything was given there
// or not.
type place struct {
	code, name, nameCy string
	within             string // region, or territory
	url                string
}

// givenTable is the table of places by what was contributed there.
func givenTable(title, kind, within string, places []place, g data.Given, metric string) exploreTable {
	t := exploreTable{Title: title, Columns: []column{{Name: "name", Label: kind}, {Name: "within", Label: within}, {Name: "value", Label: "Value", Numeric: true}, {Name: "share", Label: "Share", Numeric: true},
		{Name: "count", Label: "Contributions", Numeric: true}, {Name: "per_head", Label: "Per head", Numeric: true}, {Name: "sure", Label: "Evidenced or audited", Numeric: true}}}
	given := map[string]data.GivenRow{}
	for _, r := range g.Rows {
		given[r.Code] = r
	}
	for _, p := range places {
		r, told := given[p.code]
		row := givenRow(p.name, r, told)
		row.ID, row.NameCy, row.URL = p.code, p.nameCy, p.url
		row.Cells[0].Text = p.within
		if told {
			row.Value = valueOf(r, metric)
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rest = restRows(g)
	t.Note = "A contribution that went to several places counts once in each, with its share of the pounds."
	if g.People.Title != "" {
		t.Note += " Per head of " + g.People.Title
		if g.People.Approximate {
			t.Note += ", which is approximate"
		}
		t.Note += "."
	}
	return t
}

// givenRow are the cells of one place's figures; the first is left empty.
func givenRow(name string, r data.GivenRow, told bool) tableRow {
	head := tableCell{Label: "Per head", Numeric: true, sort: -1}
	if r.PerHeadPence != nil {
		head.Text, head.sort = "£"+fixed(*r.PerHeadPence/100, 2), *r.PerHeadPence
	}
	sure := tableCell{Label: "Evidenced or audited", Numeric: true, sort: -1}
	if r.Pence > 0 && r.States != nil {
		share := float64(r.States.Sure()) / float64(r.Pence)
		sure.Text, sure.sort, sure.Bar = fixed(share*100, 0)+"%", share, barOf(r.States)
	}
	share := tableCell{Label: "Share", Numeric: true, Text: fixed(r.Share*100, 1) + "%", Zero: r.Share == 0, sort: r.Share}
	return tableRow{Name: name, Cells: []tableCell{{}, moneyCell("Value", r.Pence), share, countCell("Contributions", int(r.Count)), head, sure}}
}

// restRows are what lies in no row, and the total.
func restRows(g data.Given) (rest []tableRow) {
	total := g.Totals.Total.Figure
	share := func(f data.Figure) float64 {
		if total.Pence == 0 {
			return 0
		}
		return float64(f.Pence) / float64(total.Pence)
	}
	for _, x := range []struct {
		name string
		f    data.Figure
	}{{"Nobody said where", g.Unallocated}, {"May not be shown by place", g.Withheld}} {
		if x.f.Count > 0 {
			row := givenRow(x.name, data.GivenRow{Figure: x.f, Share: share(x.f)}, true)
			rest = append(rest, row)
		}
	}
	all := givenRow("All of it", data.GivenRow{Figure: total, Share: share(total), States: g.States}, true)
	return append(rest, all)
}

// valueOf is what a place is coloured by; nil where it is not known.
func valueOf(r data.GivenRow, metric string) *int64 {
	v := int64(r.Pence)
	switch metric {
	case "count":
		v = r.Count
	case metricPerHead:
		if r.PerHeadPence == nil {
			return nil
		}
		v = int64(*r.PerHeadPence + 0.5)
	}
	return &v
}

// values are what the rows are coloured by.
func (t *exploreTable) values() (values []int64) {
	for _, r := range t.Rows {
		if r.Value != nil {
			values = append(values, *r.Value)
		}
	}
	return values
}
