package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
	"tributary/geo"
)

// activityPageSize is the number of activities on a page of their list.
const activityPageSize = 20

// activitiesContent is the list that a buyer chooses from.
type activitiesContent struct {
	Summary    data.Summary
	Panel      filterPanel
	Priorities []option // of the plan of the one territory that is chosen
	Sorts      []option
	Basket     basket
	Rows       []activityRow
	Matched    int
	Withheld   int
	After      string // the next page begins after this; empty on the last
	FirstURL   string // set when this is not the first page
	OnlyURL    string // the validated ones alone; empty where it is so already
	MapURL     string
	Files      []file
}

// activityRow is one activity with what helps to choose it.
type activityRow struct {
	data.ActivityProfile
	Where    string
	Received data.Figure
	URL      string
	Picked   bool
}

var activitySorts = []option{{Value: "name", Label: "Name, A to Z"}, {Value: "-name", Label: "Name, Z to A"}, {Value: "-updated", Label: "Last changed first"}, {Value: "updated", Label: "Last changed last"}}

// activitiesPage answers "/activities".
func (s *Server) activitiesPage(w http.ResponseWriter, r *http.Request) error {
	if tidy, changed := canonicalQuery(r.URL.Query(), map[string]string{"sort": "name"}); changed {
		http.Redirect(w, r, queryURL("/activities", tidy), http.StatusSeeOther)
		return nil
	}
	q, err := s.ask(r, s.scope.Takes, "sort", "after", "pick")
	if err != nil {
		return err
	}
	c := activitiesContent{Basket: basket{Picked: q.view.Picked}}
	if err := s.activitiesFound(r.Context(), q, &c); err != nil {
		return err
	}
	if err := s.activitiesForm(r.Context(), q, &c); err != nil {
		return err
	}
	return s.pages.show(w, r, http.StatusOK, "activities", frame{Title: "Activities", Nav: "/activities", Wide: true, Content: c})
}

// activitiesFound lists one page.
func (s *Server) activitiesFound(ctx context.Context, q asked, c *activitiesContent) (err error) {
	if c.Summary, err = s.src.Summary(ctx, q.filter); err != nil {
		return err
	}
	q.view.Limit = activityPageSize
	list, err := s.src.Activities(ctx, q.filter, q.view)
	if err != nil {
		return err
	}
	ids := make([]string, len(list.Items))
	for i, a := range list.Items {
		ids[i] = a.ID
	}
	c.Matched, c.Withheld, c.After = list.Matched, list.Withheld, list.After
	if c.Rows, err = s.activityRows(ctx, ids, c.Basket); err != nil {
		return err
	}
	for _, id := range c.Basket.Picked {
		if !slices.Contains(ids, id) {
			c.Basket.Hidden = append(c.Basket.Hidden, id)
		}
	}
	return nil
}

// activityRows adds to activities where they are and what they received.
func (s *Server) activityRows(ctx context.Context, ids []string, b basket) ([]activityRow, error) {
	profiles, err := s.src.ActivityProfiles(ctx, ids)
	if err != nil || len(profiles) == 0 {
		return nil, err
	}
	received, err := s.src.Breakdown(ctx, data.Filter{Activity: ids}, data.ByActivity)
	if err != nil {
		return nil, err
	}
	figures := map[string]data.Figure{}
	for _, row := range received.Rows {
		figures[row.Values[0]] = row.Figure
	}
	var codes []string
	for _, a := range profiles {
		codes = append(codes, codesOf(a.Places)...)
	}
	names, err := s.src.ValueNames(ctx, codes)
	if err != nil {
		return nil, err
	}
	rows := make([]activityRow, len(profiles))
	for i, a := range profiles {
		rows[i] = activityRow{ActivityProfile: a, Where: whereabouts(a.Places, names), Received: figures[a.ID], URL: queryURL(activityURL(a.ID), b.view()), Picked: b.Has(a.ID)}
	}
	return rows, nil
}

func activityURL(id string) string { return "/activities/" + url.PathEscape(id) }

// codesOf are the codes of the areas, territories and regions of places.
func codesOf(places []data.Place) (codes []string) {
	for _, p := range places {
		for _, code := range []string{string(p.Area), string(p.Territory), string(p.Region)} {
			if code != "" && !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	return codes
}

// whereabouts names where an activity delivers, as finely as its places may be
// shown: "Norwich (Norfolk)".
func whereabouts(places []data.Place, names map[string]string) string {
	var out []string
	for _, p := range places {
		if p.Role != data.RoleDelivery && p.Role != data.RoleServiceArea {
			continue
		}
		where := cmp.Or(names[string(p.Area)], names[string(p.Territory)], "The United Kingdom")
		if t := names[string(p.Territory)]; t != "" && t != where {
			where += " (" + t + ")"
		}
		if !slices.Contains(out, where) {
			out = append(out, where)
		}
	}
	return strings.Join(out, ", ")
}

// activitiesForm fills in the filters, the chips and the files.
func (s *Server) activitiesForm(ctx context.Context, q asked, c *activitiesContent) error {
	rows, err := s.src.Territories(ctx, data.Filter{})
	if err != nil {
		return err
	}
	regions, err := s.src.Regions(ctx, data.Filter{})
	if err != nil {
		return err
	}
	areas, err := s.pages.areasOf(ctx, q.filter)
	if err != nil {
		return err
	}
	view := c.Basket.view()
	view.Set("sort", q.view.Sort)
	c.Panel = panelOf("/activities", q.filter, view, named{rows: rows, regions: regions, areas: areas})
	for _, o := range activitySorts {
		o.Chosen = o.Value == cmp.Or(q.view.Sort, "name")
		c.Sorts = append(c.Sorts, o)
	}
	if len(q.filter.Territory) == 1 && len(q.filter.Priority) < 2 {
		if c.Priorities, err = s.prioritiesOf(ctx, q.filter); err != nil {
			return err
		}
	}
	if len(c.Priorities) > 0 { // the form has a control of its own
		c.Panel.Hidden = slices.DeleteFunc(c.Panel.Hidden, func(f field) bool { return f.Name == "priority" })
	}
	if q.view.After != "" {
		c.FirstURL = pageURL("/activities", q.filter, view)
	}
	if !slices.Equal(q.filter.Status, []data.Status{data.StatusValidated}) {
		only := q.filter
		only.Status = []data.Status{data.StatusValidated}
		c.OnlyURL = pageURL("/activities", only, view)
	}
	c.MapURL = pageURL("/", q.filter, ofActivities)
	for _, form := range []string{"csv", "xlsx", "geojson"} {
		c.Files = append(c.Files, file{fileWords[form], pageURL("/api/v1/activities."+form, q.filter, nil)})
	}
	return nil
}

// prioritiesOf are the priorities of the plans of the filter's territories, as
// options.
func (s *Server) prioritiesOf(ctx context.Context, f data.Filter) ([]option, error) {
	k, _ := data.ReportNamed("plan")
	report, err := s.src.Report(ctx, k, data.Filter{Territory: f.Territory}, 0)
	if err != nil {
		return nil, err
	}
	var out []option
	report.Each(func(row data.ReportRow) {
		code := row.Text("priority")
		if !slices.ContainsFunc(out, func(o option) bool { return o.Value == code }) {
			out = append(out, option{code, row.Text("priority_name"), slices.Contains(f.Priority, code)})
		}
	})
	return out, nil
}

// activitiesCompare answers "/activities/compare": up to four side by side.
func (s *Server) activitiesCompare(w http.ResponseWriter, r *http.Request) error {
	c, back, done, err := s.pickedOf(w, r, "/activities/compare")
	if done || err != nil {
		return err
	}
	content := compareContent{profiled: c, BackURL: back}
	status := http.StatusOK
	if n := len(c.Picked); n > mostCompared {
		content.Problem = "You picked " + number(n) + " activities. A page has room for four: take some away below."
		status = http.StatusBadRequest
	} else if content.Columns, err = s.compareColumns(r.Context(), c); err != nil {
		return err
	}
	title := "Compare activities"
	if content.Problem != "" {
		title = "Error: " + title
	}
	return s.pages.show(w, r, status, "compare", frame{Title: title, Nav: "/activities", Wide: true, Content: content})
}

// compareContent is the page of activities side by side.
type compareContent struct {
	profiled
	Columns []compareColumn
	Problem string
	BackURL string
}

// compareColumn is one activity with its figures and how it did where it was
// measured.
type compareColumn struct {
	activityRow
	Statement           data.Statement
	Measured            int // indicators
	Better, Worse       int // of them, clearly so
	DropURL             string
	Levels              string // how finely its places are shown
	Supporters, Stories int
}

func (s *Server) compareColumns(ctx context.Context, c profiled) ([]compareColumn, error) {
	rows, err := s.activityRows(ctx, c.Picked, c.basket)
	if err != nil {
		return nil, err
	}
	out := make([]compareColumn, len(rows))
	for i, row := range rows {
		f := data.Filter{Activity: []string{row.ID}}
		col := compareColumn{activityRow: row, DropURL: queryURL("/activities/compare", picks(c.Without(row.ID))), Levels: levelsOf(row.Places), Stories: len(row.Stories)}
		if col.Statement, err = data.AskStatement(ctx, s.src, f, data.BySupplier); err != nil {
			return nil, err
		}
		part := col.Statement.Of(data.BySupplier)
		col.Supporters = len(part.Rows) + part.Others
		k, _ := data.ReportNamed("measurement")
		measured, err := s.src.Report(ctx, k, f, 0)
		if err != nil {
			return nil, err
		}
		measured.Each(func(r data.ReportRow) {
			col.Measured++
			switch r.Text("verdict") {
			case "better":
				col.Better++
			case "worse":
				col.Worse++
			}
		})
		out[i] = col
	}
	return out, nil
}

// levelsOf says how finely places are shown, each way once.
func levelsOf(places []data.Place) string {
	var levels []geo.Level
	for _, p := range places {
		if !slices.Contains(levels, p.Level) {
			levels = append(levels, p.Level)
		}
	}
	out := make([]string, len(levels))
	for i, l := range levels {
		out[i] = levelWords(l)
	}
	return strings.Join(out, "; ")
}
