package web

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"tributary/data"
)

// compareForm asks for two places, or two periods of one.
type compareForm struct {
	Territories, With  []optionGroup
	Dims               []option
	Period, WithPeriod string
	Hidden             []field
}

// comparePlacesContent is the page of two places or periods side by side.
type comparePlacesContent struct {
	compareForm
	Comparison *data.Comparison // nil: nothing is asked yet
	Rows       []compareRow
	Rest       []compareRow
	Files      []file
	Demo       bool
}

// compareRow is one row on both sides.
type compareRow struct {
	Name       string
	URL        string
	Figures    [2]data.Figure
	Shares     [2]string
	Difference string
}

// compareDims are what the page offers to compare by.
var compareDims = []option{{Value: "type", Label: "What was given"}, {Value: "priority", Label: "Priority"}, {Value: "theme", Label: "Theme"}, {Value: "sector", Label: "Sector of the buyer"}, {Value: "state", Label: "State of the evidence"}, {Value: "beneficiary", Label: "Whom it is for"}}

// comparePage answers "/compare".
func (s *Server) comparePage(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	if tidy, changed := canonicalQuery(query, nil); changed {
		http.Redirect(w, r, queryURL("/compare", tidy), http.StatusSeeOther)
		return nil
	}
	c := comparePlacesContent{}
	var f data.Filter
	if slices.ContainsFunc(data.FactParams, func(p string) bool { return query.Has(data.ComparePrefix + p) }) {
		comparison, first, err := s.comparison(r)
		if err != nil {
			return err
		}
		c.Comparison, f = &comparison, first
		c.lay()
		for _, form := range []string{"csv", "xlsx", "json"} {
			c.Files = append(c.Files, file{fileWords[form], queryURL("/api/v1/compare."+form, query)})
		}
	} else {
		q, err := s.ask(r, data.FactParams, "dims")
		if err != nil {
			return err
		}
		f = q.filter
	}
	form, err := s.compareFormOf(r.Context(), f)
	if err != nil {
		return err
	}
	form.asked(query, f)
	c.compareForm = form
	if c.Demo, err = s.madeUp(r.Context()); err != nil {
		return err
	}
	title := "Compare places and periods"
	if c.Comparison != nil {
		title = c.Comparison.Sides[0].Name + " and " + c.Comparison.Sides[1].Name
	}
	return s.pages.show(w, r, http.StatusOK, "compareplaces", frame{Title: title, Nav: "/coverage", Wide: true, Content: c})
}

// compareFormOf is the form with a filter's territory as the first side.
func (s *Server) compareFormOf(ctx context.Context, f data.Filter) (form compareForm, err error) {
	rows, err := s.src.Territories(ctx, data.Filter{})
	if err != nil {
		return form, err
	}
	regions, err := s.src.Regions(ctx, data.Filter{})
	if err != nil {
		return form, err
	}
	form.Territories, form.With = territoryOptions(f, rows, regions), territoryOptions(data.Filter{}, rows, regions)
	form.Dims = slices.Clone(compareDims)
	return form, nil
}

// asked marks what the form was sent with.
func (form *compareForm) asked(query url.Values, f data.Filter) {
	form.Period, form.WithPeriod = query.Get("period"), query.Get("with_period")
	for i, d := range form.Dims {
		form.Dims[i].Chosen = d.Value == cmp.Or(query.Get("dims"), "type")
	}
	for _, group := range form.With {
		for i, o := range group.Options {
			group.Options[i].Chosen = o.Value == query.Get("with_territory")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if v := query.Get(name); v != "" && !slices.Contains([]string{"territory", "with_territory", "period", "with_period", "dims", "top"}, name) {
			form.Hidden = append(form.Hidden, field{name, v})
		}
	}
}

// lay makes the rows.
func (c *comparePlacesContent) lay() {
	x := c.Comparison
	row := func(name string, f [2]data.Figure, shares [2]float64) compareRow {
		out := compareRow{Name: sentenceWord(name), Figures: f}
		for i, share := range shares {
			out.Shares[i] = fixed(share*100, 1) + "%"
		}
		switch d := f[1].Pence - f[0].Pence; {
		case d > 0:
			out.Difference = "+" + d.String()
		case d < 0:
			out.Difference = "−" + (-d).String()
		}
		return out
	}
	for _, r := range x.Rows {
		c.Rows = append(c.Rows, row(r.Names[0], r.Figures, r.Shares))
	}
	for _, rest := range []struct {
		name string
		f    [2]data.Figure
	}{{number(x.Others) + " more", x.Other}, {"Nobody said where", x.Unallocated}, {"May not be shown as finely", x.Withheld}} {
		if rest.f[0].Count+rest.f[1].Count > 0 {
			c.Rest = append(c.Rest, row(rest.name, rest.f, [2]float64{}))
		}
	}
}
