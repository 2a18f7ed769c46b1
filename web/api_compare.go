package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
)

// compare answers the same question of two places or two periods, side by side.
func (s *Server) compare(w http.ResponseWriter, r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return data.Invalidf("query", r.URL.RawQuery, "this is not a query string: encode special characters, such as & as %%26")
	}
	first, second, err := data.SecondSide(query)
	if err != nil {
		return err
	}
	a, err := s.askOf(r, first)
	if err != nil {
		return err
	}
	b, err := s.askOf(r, second)
	var invalid *data.Invalid
	if errors.As(err, &invalid) && query.Has(data.ComparePrefix+invalid.Field) {
		return &data.Invalid{Field: data.ComparePrefix + invalid.Field, Value: invalid.Value, Reason: invalid.Reason}
	}
	if err != nil {
		return err
	}
	if a.view.Dims == "" {
		a.view.Dims = string(data.ByType)
	}
	by, err := data.ParseDimensions(a.view.Dims, a.filter)
	if err != nil {
		return err
	}
	c, err := s.comparison(r.Context(), a.filter, b.filter, by, a.view.Top)
	if err != nil {
		return err
	}
	if tabular(a.format) {
		return reportTable(w, a.format, c.Report())
	}
	c.Links = compareLinks(query)
	return writeJSON(w, c)
}

// askOf parses one side's query.
func (s *Server) askOf(r *http.Request, query url.Values) (asked, error) {
	side := r.Clone(r.Context())
	side.URL.RawQuery = query.Encode()
	return s.ask(side, data.FactParams, "dims", "top")
}

// compareLinks are the question itself, spelt in order, as JSON and as files.
func compareLinks(query url.Values) map[string]string {
	q := strings.ReplaceAll(query.Encode(), "%2C", ",")
	return map[string]string{"self": "/api/v1/compare?" + q, "csv": "/api/v1/compare.csv?" + q, "xlsx": "/api/v1/compare.xlsx?" + q}
}

func (s *Server) comparison(ctx context.Context, a, b data.Filter, by []data.Dimension, top int) (data.Comparison, error) {
	var one, other data.Breakdown
	err := steady(func() (same bool, err error) {
		if one, err = s.src.Breakdown(ctx, a, by...); err != nil {
			return false, err
		}
		other, err = s.src.Breakdown(ctx, b, by...)
		return one.Version == other.Version, err
	})
	if err != nil {
		return data.Comparison{}, err
	}
	var values []string
	for _, row := range slices.Concat(one.Rows, other.Rows) {
		values = append(values, row.Values...)
	}
	slices.Sort(values)
	names, err := s.src.ValueNames(ctx, slices.Compact(values))
	if err != nil {
		return data.Comparison{}, err
	}
	c := data.NewComparison(one, other, top, func(d data.Dimension, v string) string { return d.NameOf(v, names) })
	places := map[string]string{}
	for _, f := range []data.Filter{a, b} {
		named, err := s.src.Names(ctx, f)
		if err != nil {
			return c, err
		}
		maps.Copy(places, named)
	}
	c.Sides[0].Query, c.Sides[0].Name = a.Canonical(), data.SideName(a, b, places)
	c.Sides[1].Query, c.Sides[1].Name = b.Canonical(), data.SideName(b, a, places)
	c.Say()
	return c, nil
}

// steadyTries is how often a question of several parts is asked again because
// data changed between its parts.
const steadyTries = 8

// steady asks until all parts of a question were answered at one version.
func steady(ask func() (same bool, err error)) error {
	for range steadyTries {
		same, err := ask()
		if same || err != nil {
			return err
		}
	}
	return data.ErrChanging
}
