package web

import (
	"net/url"
	"slices"
	"strings"

	"tributary/data"
	"tributary/geo"
)

// A filterPanel is the form for the one filter and the list of what is active.
type filterPanel struct {
	Themes      []option
	Statuses    []option
	Regions     []option
	Territories []optionGroup
	Hidden      []field // active parameters that the form has no control for
	Chips       []chip
	ClearURL    string
	View        string // kept over Apply; empty for the map
}

type option struct {
	Value, Label string
	Chosen       bool
}

type optionGroup struct {
	Label   string
	Options []option
}

type field struct{ Name, Value string }

// A chip is one active value with the address of the page without it.
type chip struct{ Name, Value, RemoveURL string }

// shownStatuses are the statuses a public activity can have.
var shownStatuses = []data.Status{data.StatusValidated, data.StatusSubmitted, data.StatusSuspended, data.StatusExpired, data.StatusClosed}

// panelOf makes the form for f on the page at path. view holds the page's own
// parameters, which stay when the filter changes; areas are those that f names.
func panelOf(path string, f data.Filter, view url.Values, rows []data.TerritoryRow, regions []data.RegionRow, areas []data.AreaRow) filterPanel {
	p := filterPanel{ClearURL: pageURL(path, data.Filter{}, view), View: view.Get("view")}
	for _, t := range data.Themes {
		p.Themes = append(p.Themes, option{string(t), themeWord(t), slices.Contains(f.Theme, t)})
	}
	for _, s := range shownStatuses {
		p.Statuses = append(p.Statuses, option{string(s), statusWord(s), slices.Contains(f.Status, s)})
	}
	several := joinedChoice(f.Region)
	if several != "" {
		p.Regions = append(p.Regions, option{several, plural(len(f.Region), "region", "regions"), true})
	}
	for _, r := range regions {
		p.Regions = append(p.Regions, option{string(r.Code), r.Name, several == "" && slices.Contains(f.Region, r.Code)})
	}
	p.Territories = territoryOptions(f, rows, regions)
	controls := []string{"region", "territory", "theme", "status"}
	values := f.Values()
	for _, name := range data.ParamNames() {
		if v := values.Get(name); v != "" && !slices.Contains(controls, name) {
			p.Hidden = append(p.Hidden, field{name, v})
		}
	}
	p.Chips = chipsOf(path, f, view, namesOf(rows, regions, areas))
	return p
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

// namesOf gives the words for the codes in a filter, by "parameter:value".
func namesOf(rows []data.TerritoryRow, regions []data.RegionRow, areas []data.AreaRow) map[string]string {
	names := map[string]string{}
	for _, a := range areas {
		names["area:"+string(a.Code)] = a.Name
	}
	for _, r := range rows {
		names["territory:"+string(r.ID)] = r.Name
	}
	for _, r := range regions {
		names["region:"+string(r.Code)] = r.Name
	}
	for _, t := range data.Themes {
		names["theme:"+string(t)] = themeWord(t)
	}
	for _, s := range data.Statuses {
		names["status:"+string(s)] = statusWord(s)
	}
	return names
}

var paramWords = map[string]string{"bbox": "Box", "as_at": "As at", "status": "Status", "territory": "Territory", "from": "From", "to": "To"}

// chipsOf lists every active value of f, in the order of the documentation.
func chipsOf(path string, f data.Filter, view url.Values, names map[string]string) []chip {
	var chips []chip
	values := f.Values()
	for _, name := range data.ParamNames() {
		if values.Get(name) == "" {
			continue
		}
		alternatives := strings.Split(values.Get(name), ",")
		if name == "bbox" { // one value with commas in it
			alternatives = []string{values.Get(name)}
		}
		for i, v := range alternatives {
			left := slices.Delete(slices.Clone(alternatives), i, i+1)
			without := url.Values{}
			for k, kept := range values {
				without[k] = kept
			}
			without.Set(name, strings.Join(left, ","))
			label, ok := names[name+":"+v]
			if !ok {
				label = v
			}
			chips = append(chips, chip{words(paramWords, name), label, queryURL(path, without, view)})
		}
	}
	return chips
}

// pageURL is the address of the page at path for a filter and view parameters.
func pageURL(path string, f data.Filter, view url.Values) string {
	return queryURL(path, f.Values(), view)
}

// queryURL joins a path with parameters. Empty ones are left out, so that
// equal states have equal links, and commas stay legible.
func queryURL(path string, sets ...url.Values) string {
	all := url.Values{}
	for _, set := range sets {
		for name, v := range set {
			if len(v) > 0 && v[0] != "" {
				all.Set(name, v[0])
			}
		}
	}
	if len(all) == 0 {
		return path
	}
	return path + "?" + strings.NewReplacer("%2C", ",", "%3A", ":").Replace(all.Encode())
}

// canonicalQuery returns the tidy spelling of a form's query (empty fields and
// defaults left out, repeated fields joined by commas) and whether it differs
// from what was asked in more than spelling.
func canonicalQuery(query url.Values, defaults map[string]string) (url.Values, bool) {
	tidy := url.Values{}
	changed := false
	for name, values := range query {
		kept := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" || v == defaults[name] })
		if len(kept) > 0 {
			tidy.Set(name, strings.Join(kept, ","))
		}
		changed = changed || len(values) != 1 || len(kept) != 1
	}
	return tidy, changed
}

func inTerritory(id geo.TerritoryID) data.Filter {
	return data.Filter{Territory: []geo.TerritoryID{id}}
}

func inRegion(code geo.RegionCode) data.Filter {
	return data.Filter{Region: []geo.RegionCode{code}}
}
