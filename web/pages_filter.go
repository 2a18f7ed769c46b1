package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"tributary/data"
	"tributary/geo"
)

// A filterPanel is the form for the one filter and the list of what is active.
// A control that the question does not take is empty.
type filterPanel struct {
	Action        string
	Themes        []option
	Statuses      []option
	Regions       []option
	Territories   []optionGroup
	Areas         []option // of the territories chosen
	Priorities    []optionGroup
	Measures      []optionGroup
	Types         []option
	Sectors       []option
	Beneficiaries []option
	States        []option
	From, To      []optionGroup
	Organisations bool    // a buyer, supplier or provider may be searched for
	Hidden        []field // active parameters that the form has no control for, and the view
	Chips         []chip
	ClearURL      string
}

// More reports whether a control that stands folded is in use.
func (p filterPanel) More() bool {
	chosen := func(o option) bool { return o.Chosen && o.Value != "" }
	for _, list := range [][]option{p.Types, p.Sectors, p.Beneficiaries, p.States} {
		if slices.ContainsFunc(list, chosen) {
			return true
		}
	}
	return slices.ContainsFunc(slices.Concat(p.From, p.To, p.Priorities, p.Measures), func(g optionGroup) bool { return slices.ContainsFunc(g.Options, chosen) })
}

type option struct {
	Value, Label string
	Chosen       bool
}

type optionGroup struct {
	Label   string
	Options []option
}

// A picker is one select of a form: All is what its empty choice is called.
type picker struct {
	Name, Label, All string
	Options          []option
	Groups           []optionGroup
}

type field struct{ Name, Value string }

// shownStatuses are the statuses a public activity can have.
var shownStatuses = []data.Status{data.StatusValidated, data.StatusSubmitted, data.StatusSuspended, data.StatusExpired, data.StatusClosed}

// shownStates are the states of evidence that the form offers: what was rejected
// is asked for by a link alone.
var shownStates = slices.DeleteFunc(slices.Clone(data.EvidenceStates), func(s string) bool { return s == "rejected" })

// named are what the words of a page need: all territories and regions, and
// the areas that a filter names.
type named struct {
	rows    []data.TerritoryRow
	regions []data.RegionRow
	areas   []data.AreaRow
	// others are the names of organisations, activities, priorities and measures.
	others map[string]string
}

// namesUnder looks up what a page needs to say a filter in words.
func (s *Server) namesUnder(ctx context.Context, f data.Filter) (n named, err error) {
	if n.rows, err = s.src.Territories(ctx, data.Filter{}); err != nil {
		return n, err
	}
	if n.regions, err = s.src.Regions(ctx, data.Filter{}); err != nil {
		return n, err
	}
	if n.areas, err = s.pages.areasOf(ctx, f); err != nil {
		return n, err
	}
	n.others, err = s.src.ValueNames(ctx, slices.Concat(f.Buyer, f.Supplier, f.Provider, f.Activity, f.Priority, f.Measure))
	return n, err
}

// panel makes the form for f on the page at path, with the controls of the
// parameters that it takes. view holds the page's own parameters, which stay
// when the filter changes.
func (s *Server) panel(ctx context.Context, path string, f data.Filter, view url.Values, takes []string, n named) (filterPanel, error) {
	p := panelOf(path, f, view, n)
	has := func(name string) bool { return slices.Contains(takes, name) }
	controls := []string{"region", "territory", "theme", "status"}
	control := func(name string) bool {
		if has(name) {
			controls = append(controls, name)
		}
		return has(name)
	}
	if !has("region") {
		p.Regions = nil
	}
	if !has("theme") {
		p.Themes = nil
	}
	if !has("status") {
		p.Statuses = nil
	}
	if len(f.Territory) > 0 && control("area") {
		areas, err := s.src.Areas(ctx, data.Filter{Territory: f.Territory})
		if err != nil {
			return p, err
		}
		p.Areas = optionsOf(f.Area, len(areas), func(i int) (geo.AreaCode, string) { return areas[i].Code, areas[i].Name })
	}
	if control("type") {
		p.Types = optionsOf(f.Type, len(data.ContributionTypes), wordOf(data.ContributionTypes))
	}
	if control("sector") {
		p.Sectors = boxes(f.Sector, data.Sectors)
	}
	if control("beneficiary") {
		p.Beneficiaries = optionsOf(f.Beneficiary, len(data.Beneficiaries), wordOf(data.Beneficiaries))
	}
	if control("state") {
		p.States = boxes(f.State, shownStates)
	}
	if control("from") && control("to") {
		p.From, p.To = periodOptions(f, data.DateOf(time.Now()))
	}
	p.Organisations = has("provider")
	if len(f.Territory) == 1 && control("priority") && control("measure") {
		if err := s.planOptions(ctx, f, &p); err != nil {
			return p, err
		}
	}
	p.Hidden = hiddenOf(f, view, controls)
	return p, nil
}

// panelOf makes the controls that need no looking up, and the chips.
func panelOf(path string, f data.Filter, view url.Values, n named) filterPanel {
	p := filterPanel{Action: path, ClearURL: pageURL(path, data.Filter{}, view)}
	for _, t := range data.Themes {
		p.Themes = append(p.Themes, option{string(t), themeWord(t), slices.Contains(f.Theme, t)})
	}
	for _, s := range shownStatuses {
		p.Statuses = append(p.Statuses, option{string(s), statusWord(s), slices.Contains(f.Status, s)})
	}
	p.Regions = optionsOf(f.Region, len(n.regions), func(i int) (geo.RegionCode, string) { return n.regions[i].Code, n.regions[i].Name })
	p.Territories = territoryOptions(f, n.rows, n.regions)
	p.Hidden = hiddenOf(f, view, []string{"region", "territory", "theme", "status"})
	p.Chips = chipsOf(path, f, view, n.words())
	return p
}

// hiddenOf are the active parameters that a form has no control for, and those
// of the view.
func hiddenOf(f data.Filter, view url.Values, controls []string) (hidden []field) {
	values := f.Values()
	for _, name := range data.ParamNames() {
		if v := values.Get(name); v != "" && !slices.Contains(controls, name) {
			hidden = append(hidden, field{name, v})
		}
	}
	for _, name := range []string{"layer", "metric", "view", "dims"} {
		if v := view.Get(name); v != "" {
			hidden = append(hidden, field{name, v})
		}
	}
	return hidden
}

// optionsOf are the options of a select, the first of which stands for several
// values where a link has asked for them.
func optionsOf[T ~string](chosen []T, n int, at func(int) (T, string)) (out []option) {
	several := joinedChoice(chosen)
	if several != "" {
		out = append(out, option{several, number(len(chosen)) + " of these", true})
	}
	for i := range n {
		value, label := at(i)
		out = append(out, option{string(value), label, several == "" && slices.Contains(chosen, value)})
	}
	return out
}

// wordOf gives the values of a vocabulary with their words.
func wordOf(list []string) func(int) (string, string) {
	return func(i int) (string, string) { return list[i], words(valueWords, list[i]) }
}

// boxes are check boxes for the values of a vocabulary.
func boxes(chosen, all []string) []option {
	out := make([]option, len(all))
	for i, v := range all {
		out[i] = option{v, words(valueWords, v), slices.Contains(chosen, v)}
	}
	return out
}

// planOptions are the priorities and measures of the plans of one territory.
func (s *Server) planOptions(ctx context.Context, f data.Filter, p *filterPanel) error {
	k, _ := data.ReportNamed("plan")
	report, err := s.src.Report(ctx, k, data.Filter{Territory: f.Territory}, 0)
	if err != nil {
		return err
	}
	add := func(groups []optionGroup, label string, o option) []optionGroup {
		if o.Value == "" {
			return groups
		}
		if len(groups) == 0 || groups[len(groups)-1].Label != label {
			groups = append(groups, optionGroup{Label: label})
		}
		g := &groups[len(groups)-1]
		if !slices.ContainsFunc(g.Options, func(x option) bool { return x.Value == o.Value }) {
			g.Options = append(g.Options, o)
		}
		return groups
	}
	for _, row := range report.Rows {
		text := func(name string) string {
			for i, c := range k.Columns {
				if c.Name == name {
					return c.Text(row[i])
				}
			}
			return ""
		}
		p.Priorities = add(p.Priorities, text("plan"), option{text("priority"), text("priority_name"), slices.Equal(f.Priority, []string{text("priority")})})
		p.Measures = add(p.Measures, text("priority_name"), option{text("measure"), text("name"), slices.Equal(f.Measure, []string{text("measure")})})
	}
	p.Priorities = withSeveral(p.Priorities, f.Priority, "priorities")
	p.Measures = withSeveral(p.Measures, f.Measure, "measures")
	return nil
}

// withSeveral puts an option before the others for what a select cannot ask.
func withSeveral(groups []optionGroup, chosen []string, many string) []optionGroup {
	held := slices.ContainsFunc(groups, func(g optionGroup) bool {
		return slices.ContainsFunc(g.Options, func(o option) bool { return o.Chosen })
	})
	if len(chosen) == 0 || held {
		return groups
	}
	return slices.Concat([]optionGroup{{"Chosen", []option{{strings.Join(chosen, ","), plural(len(chosen), strings.TrimSuffix(many, "s"), many), true}}}}, groups)
}

// firstYear is the earliest financial year that the form offers.
const firstYear = 2018

// periodOptions are the quarters by financial year, the latest first: the first
// days to begin with, and the last days to end with.
func periodOptions(f data.Filter, today data.Date) (from, to []optionGroup) {
	heldFrom, heldTo := f.From.IsZero(), f.To.IsZero()
	last := today.Time().Year()
	if today.Time().Month() < time.April {
		last--
	}
	for y := last; y >= firstYear; y-- {
		label := fmt.Sprintf("April %d to March %d", y, y+1)
		starts, ends := optionGroup{Label: label}, optionGroup{Label: label}
		for q := range 4 {
			begin := time.Date(y, time.April, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 3*q, 0)
			first, end := data.DateOf(begin), data.DateOf(begin.AddDate(0, 3, -1))
			starts.Options = append(starts.Options, option{first.String(), begin.Format("January 2006"), first == f.From})
			ends.Options = append(ends.Options, option{end.String(), end.Time().Format("January 2006"), end == f.To})
			heldFrom, heldTo = heldFrom || first == f.From, heldTo || end == f.To
		}
		from, to = append(from, starts), append(to, ends)
	}
	if !heldFrom {
		from = slices.Concat([]optionGroup{{"Chosen", []option{{f.From.String(), longDate(f.From), true}}}}, from)
	}
	if !heldTo {
		to = slices.Concat([]optionGroup{{"Chosen", []option{{f.To.String(), longDate(f.To), true}}}}, to)
	}
	return from, to
}

func territoryOptions(f data.Filter, rows []data.TerritoryRow, regions []data.RegionRow) []optionGroup {
	var groups []optionGroup
	several := joinedChoice(f.Territory)
	if several != "" {
		groups = append(groups, optionGroup{"Chosen", []option{{several, plural(len(f.Territory), "territory", "territories"), true}}})
	}
	for _, region := range regions {
		group := optionGroup{Label: region.Name}
		for _, row := range rows {
			if row.Region == region.Code {
				group.Options = append(group.Options, option{string(row.ID), row.Name, several == "" && slices.Contains(f.Territory, row.ID)})
			}
		}
		groups = append(groups, group)
	}
	return groups
}

// joinedChoice is the value of an option that stands for several values, which
// a link can ask for and a select cannot; empty for none or one.
func joinedChoice[T ~string](values []T) string {
	if len(values) < 2 {
		return ""
	}
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = string(v)
	}
	return strings.Join(parts, ",")
}
