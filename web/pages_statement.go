package web

import (
	"math"
	"strings"

	"tributary/data"
)

// shareTable is a captioned chart of money by one dimension.
type shareTable struct {
	Caption, Field string
	Rows           []flowsRow
}

// sharesOf makes the chart of a part of a statement: its rows with bars against
// the longest, then what no row shows.
func sharesOf(caption, field string, p data.StatementPart) shareTable {
	t := shareTable{Caption: caption, Field: field}
	longest := 0.0
	for _, r := range p.Rows {
		longest = max(longest, r.Share)
	}
	for _, r := range p.Rows {
		row := flowsRow{Name: sentenceWord(strings.Join(r.Names, " to ")), URL: dimensionURL(p.By, r.Values[0]), Figure: r.Figure}
		if longest > 0 {
			row.Width = int(math.Round(100 * r.Share / longest))
		}
		t.Rows = append(t.Rows, row)
	}
	for _, rest := range []struct {
		name string
		data.Figure
	}{{number(p.Others) + " more", p.Other}, {"Nobody said where", p.Unallocated}, {"May not be shown as finely", p.Withheld}} {
		if rest.Count > 0 {
			t.Rows = append(t.Rows, flowsRow{Name: rest.name, Figure: rest.Figure})
		}
	}
	return t
}

// dimensionURL is the page of a value of a dimension; empty if it has none.
func dimensionURL(by data.Dimension, value string) string {
	if value == "" {
		return ""
	}
	switch by {
	case data.ByTerritory, data.ByRegion, data.ByArea:
		return placeURL(value)
	case data.ByActivity:
		return activityURL(value)
	}
	return ""
}
