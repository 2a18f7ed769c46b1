package web

import (
	"context"
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
		if r.Names[0] == data.NotListed {
			row.URL = ""
		}
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
	case data.BySupplier, data.ByBuyer, data.ByProvider:
		return organisationURL(value)
	}
	return ""
}

// tables are the charts of a statement's parts that have rows, under titles.
// Organisations without a page, such as sole traders, are named and not linked.
func (s *Server) tables(ctx context.Context, st data.Statement, titles map[data.Dimension]string) ([]shareTable, error) {
	var out []shareTable
	var ids []string
	for _, p := range st.Parts {
		if len(p.Rows)+p.Others == 0 {
			continue
		}
		out = append(out, sharesOf(titles[p.By], "Name", p))
		for _, row := range p.Rows {
			ids = append(ids, row.Values[0])
		}
	}
	parties, err := s.src.Parties(ctx, ids)
	for i := range out {
		for j, row := range out[i].Rows {
			if id, ok := strings.CutPrefix(row.URL, "/organisations/"); ok && !parties[id] {
				out[i].Rows[j].URL = ""
			}
		}
	}
	return out, err
}
