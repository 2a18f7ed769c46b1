package data

import (
	"fmt"
	"slices"
	"strings"
)

// allTerritories is how many police territories there are.
const allTerritories = 45

// Sentence says the figures under a filter in plain English, so that a map is
// never the only way to read them. Names gives the name of a region, territory
// or area by its code; territories is how many hold at least one activity.
func Sentence(f Filter, c Counts, territories int, names map[string]string) string {
	var b strings.Builder
	where := placeNames(f, names)
	if c.Activities == 0 {
		b.WriteString("There are no activities" + kinds(f) + where)
		if !f.Equal(Filter{}) {
			b.WriteString(" under these filters")
		}
		b.WriteString(".")
	} else {
		fmt.Fprintf(&b, "%s%s by %s", counted(c.Activities, "activity", "activities"), kinds(f), counted(c.Providers, "organisation", "organisations"))
		switch {
		case where != "" && c.Activities == 1:
			b.WriteString(" is delivered" + where)
		case where != "":
			b.WriteString(" are delivered" + where)
		case c.Activities == 1:
			b.WriteString(" is delivered in one police territory")
		case territories == allTerritories:
			fmt.Fprintf(&b, " are delivered in all %d police territories", allTerritories)
		default:
			fmt.Fprintf(&b, " are delivered in %d of the %d police territories", territories, allTerritories)
		}
		b.WriteString("; " + validated(c) + ".")
	}
	if c.Withheld > 0 {
		fmt.Fprintf(&b, " %s may not be shown, to keep people safe.", counted(c.Withheld, "more activity", "more activities"))
	}
	return b.String()
}

func validated(c Counts) string {
	switch {
	case c.Validated == 0 && c.Activities == 1:
		return "it has not been validated yet"
	case c.Validated == 0:
		return "none of them has been validated yet"
	case c.Validated == 1 && c.Activities == 1:
		return "it is validated"
	case c.Validated == c.Activities:
		return "all of them are validated"
	case c.Validated == 1:
		return "one of them is validated"
	}
	return Thousands(c.Validated) + " of them are validated"
}

// kinds says which activities a filter by theme or status leaves.
func kinds(f Filter) string {
	var b strings.Builder
	if len(f.Theme) > 0 {
		aims := make([]string, len(f.Theme))
		for i, t := range f.Theme {
			aims[i] = string(t)
			if t == ThemeResilient {
				aims[i] = "more resilient"
			}
		}
		b.WriteString(" to make communities " + alternatives(aims))
	}
	return b.String()
}

// In is " in Norfolk or Suffolk", or nothing for the whole kingdom. Names gives
// the name of a place by its code.
func In(f Filter, names map[string]string) string { return placeNames(f, names) }

// placeNames is " in Norfolk or Suffolk", or nothing for the whole kingdom.
func placeNames(f Filter, names map[string]string) string {
	var in []string
	for _, a := range f.Area {
		in = append(in, named(names, string(a)))
	}
	if len(in) == 0 {
		for _, t := range f.Territory {
			in = append(in, named(names, string(t)))
		}
	}
	if len(in) == 0 {
		for _, r := range f.Region {
			in = append(in, named(names, string(r)))
		}
	}
	if len(in) == 0 {
		if f.BBox != nil {
			return " in the box that you chose"
		}
		return ""
	}
	slices.Sort(in)
	return " in " + alternatives(in)
}

func named(names map[string]string, code string) string {
	if n, ok := names[code]; ok {
		return n
	}
	return code
}

// alternatives is "a", "a or b" or "a, b or c".
func alternatives(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// counted is "1 activity" or "2,000 activities".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Thousands writes a whole number with commas, as people read it.
func Thousands(n int) string {
	if n < 0 {
		return "-" + Thousands(-n)
	}
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", Thousands(n/1000), n%1000)
}

// Equal reports whether two filters ask the same.
func (f Filter) Equal(g Filter) bool { return f.Canonical() == g.Canonical() }
