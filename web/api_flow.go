package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
)

// FlowSource answers where value goes, and what lies behind a figure.
type FlowSource interface {
	Breakdown(ctx context.Context, f data.Filter, by ...data.Dimension) (data.Breakdown, error)
	ValueNames(ctx context.Context, values []string) (map[string]string, error)
	// Populations are for figures per head.
	Populations(ctx context.Context, f data.Filter) (data.Populations, error)
	LabelPoints(ctx context.Context) (map[string]orb.Point, error)
	Contributions(ctx context.Context, f data.Filter, v data.View) (data.ContributionList, error)
	EachContribution(ctx context.Context, f data.Filter, yield func(data.PublicContribution) error) error
}

// flow answers where value goes.
func (s *Server) flow(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, data.FactParams, "dims", "top")
	if err != nil {
		return err
	}
	by, err := data.ParseDimensions(q.view.Dims, q.filter)
	if err != nil {
		return err
	}
	f, err := s.flowOf(r.Context(), q.filter, by, q.view.Top)
	if err != nil {
		return err
	}
	switch q.format {
	case "csv", "xlsx":
		return s.flowTable(w, q.format, f)
	case "geojson":
		return s.flowLines(w, r, f)
	}
	return writeJSON(w, f)
}

// flowOf asks for the flow, and leads to what lies behind it.
func (s *Server) flowOf(ctx context.Context, filter data.Filter, by []data.Dimension, top int) (data.Flow, error) {
	f, err := data.AskFlow(ctx, s.src, filter, by, top)
	if err != nil {
		return f, err
	}
	f.Query = flowQuery(filter, by, top)
	for i := range f.Rows {
		f.Rows[i].Link = rowLink(filter, by, f.Rows[i].Values)
	}
	f.Links = map[string]string{
		"self": "/api/v1/flow?" + f.Query, "csv": "/api/v1/flow.csv?" + f.Query, "xlsx": "/api/v1/flow.xlsx?" + f.Query, "rows": "/api/v1/contributions?" + filter.Canonical(),
	}
	return f, nil
}

func flowQuery(filter data.Filter, by []data.Dimension, top int) string {
	v := filter.Values()
	dims := make([]string, len(by))
	for i, d := range by {
		dims[i] = string(d)
	}
	v.Set("dims", strings.Join(dims, ","))
	v.Set("top", strconv.Itoa(top))
	return v.Encode()
}

// rowLink leads to the contributions behind a row; a dimension that no filter
// parameter names, or a value that is not told, leaves it empty.
func rowLink(filter data.Filter, by []data.Dimension, values []string) string {
	v := filter.Values()
	for i, d := range by {
		if values[i] == "" || !d.Narrow(v, values[i]) {
			return ""
		}
	}
	return "/api/v1/contributions?" + v.Encode()
}

// flowTable writes the rows, then what no row shows, so that they add up.
func (s *Server) flowTable(w http.ResponseWriter, format string, f data.Flow) error {
	var header []string
	for _, d := range f.By {
		header = append(header, string(d), string(d)+"_name")
	}
	out, err := newTable(w, format, "flow", append(header, "part", "count", "value_pounds", "quantities", "share", "per_head_pounds", "before_pounds", "version", "query", "source", "licence")...)
	if err != nil {
		return err
	}
	row := func(values, names []string, part string, g data.Figure, share, head, before verbatim) error {
		var cells []any
		for i := range f.By {
			if values == nil {
				cells = append(cells, "", "")
			} else {
				cells = append(cells, values[i], names[i])
			}
		}
		return out.row(append(cells, part, g.Count, verbatim(g.Pence.Pounds()), quantities(g), share, head, before, f.Version, f.Query, "Tributary", s.cfg.BaseURL+"/data#licences")...)
	}
	for _, r := range f.Rows {
		before, head := verbatim(""), verbatim("")
		if r.PerHeadPence != nil {
			head = verbatim(fixed(*r.PerHeadPence/100, 4))
		}
		if r.Before != nil {
			before = verbatim(r.Before.Pence.Pounds())
		}
		if err := row(r.Values, r.Names, "row", r.Figure, verbatim(fixed(r.Share, 4)), head, before); err != nil {
			return err
		}
	}
	for _, rest := range []struct {
		part string
		data.Figure
	}{{"other", f.Other}, {"unallocated", f.Unallocated}, {"withheld", f.Withheld}} {
		if err := row(nil, nil, rest.part, rest.Figure, "", "", ""); err != nil {
			return err
		}
	}
	return out.close()
}

// quantities is "20 hours; 3 trees".
func quantities(g data.Figure) string {
	units := make([]string, 0, len(g.Quantities))
	for unit := range g.Quantities {
		units = append(units, unit)
	}
	slices.Sort(units)
	for i, unit := range units {
		units[i] = fmt.Sprintf("%s %s", g.Quantities[unit], unit)
	}
	return strings.Join(units, "; ")
}

// flowPlaces draws the boundary of each row's place of delivery.
func (s *Server) flowPlaces(w http.ResponseWriter, r *http.Request, f data.Flow) error {
	rows := map[string]data.FlowRow{}
	for _, row := range f.Rows {
		rows[row.Values[0]] = row
	}
	out, err := newGeoJSON(w, "Tributary; "+s.cfg.BaseURL+"/data#licences")
	if err != nil {
		return err
	}
	err = s.src.EachBoundary(r.Context(), string(f.By[0]), func(code string, geometry []byte) error {
		row, ok := rows[code]
		if !ok {
			return nil // nothing was given there
		}
		return out.feature(code, geometry, row)
	})
	if err != nil {
		return err
	}
	return out.close()
}

// flowLines draws a line for each row that has two places, and the boundary of
// each place where the flow goes by places of delivery alone.
func (s *Server) flowLines(w http.ResponseWriter, r *http.Request, f data.Flow) error {
	if len(f.By) == 1 && f.By[0].OfDelivery() {
		return s.flowPlaces(w, r, f)
	}
	if len(f.By) != 2 || !f.By[0].OfOrigin() || !f.By[1].OfDelivery() {
		return data.Invalidf("dims", f.Query, "lines go from an origin to a place of delivery: ask for dims=supplier_territory,territory or the like, for places alone such as dims=territory, or for JSON or a table")
	}
	points, err := s.src.LabelPoints(r.Context())
	if err != nil {
		return err
	}
	out, err := newGeoJSON(w, "")
	if err != nil {
		return err
	}
	for _, row := range f.Rows {
		from, okFrom := points[row.Values[0]]
		to, okTo := points[row.Values[1]]
		if !okFrom || !okTo {
			continue // an end that is not told has no line; JSON and CSV have it
		}
		line, err := json.Marshal(map[string]any{"type": "LineString", "coordinates": []orb.Point{from, to}})
		if err != nil {
			return err
		}
		if err := out.feature(strings.Join(row.Values, "/"), line, row); err != nil {
			return err
		}
	}
	return out.close()
}

// contributions lists the public parts of contributions behind a figure.
func (s *Server) contributions(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, data.FactParams, "limit", "after")
	if err != nil {
		return err
	}
	if tabular(q.format) {
		if q.view.After != "" {
			return data.Invalidf("after", q.view.After, "a table is whole and has no pages: leave it out")
		}
		return s.contributionsTable(w, q.format, r, q.filter)
	}
	page, err := s.src.Contributions(r.Context(), q.filter, q.view)
	if err != nil {
		return err
	}
	answer := list[data.PublicContribution]{Items: page.Items, Matched: page.Matched}
	if page.After != "" {
		v := q.filter.Values()
		v.Set("limit", strconv.Itoa(q.view.Limit))
		v.Set("after", page.After)
		answer.Next = "/api/v1/contributions?" + v.Encode()
	}
	return writeJSON(w, answer)
}

func (s *Server) contributionsTable(w http.ResponseWriter, format string, r *http.Request, f data.Filter) error {
	out, err := newTable(w, format, "contributions", "id", "contribution", "day", "type", "measure", "priority", "state", "standing", "value_pounds", "quantity", "unit", "level",
		"territory", "region", "area", "cell", "sector", "supplier_id", "supplier", "buyer_id", "buyer", "provider_id", "provider", "activity_id", "activity")
	if err != nil {
		return err
	}
	err = s.src.EachContribution(r.Context(), f, func(c data.PublicContribution) error {
		quantity := verbatim("")
		if c.Unit != "" && c.People == nil {
			quantity = verbatim(c.Quantity.String())
		}
		return out.row(c.Fact, c.Contribution, c.Day.String(), c.Type, c.Measure, c.Priority, c.State, c.Standing, verbatim(c.Pence.Pounds()), quantity, c.Unit, c.Level,
			c.Territory, c.Region, c.Area, c.Cell, c.Sector, c.Supplier.ID, c.Supplier.Name, c.Buyer.ID, c.Buyer.Name, c.Provider.ID, c.Provider.Name, c.Activity.ID, c.Activity.Name)
	})
	if err != nil {
		return err
	}
	return out.close()
}

// reconcile shows that the ways of adding up agree, under any filter.
func (s *Server) reconcile(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, data.FactParams)
	if err != nil {
		return err
	}
	a, err := data.Reconcile(r.Context(), s.src, q.filter)
	if err != nil {
		return err
	}
	return writeJSON(w, a)
}
