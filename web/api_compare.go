package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"tributary/data"
)

// compare answers the same question of two places or two periods, side by side.
func (s *Server) compare(w http.ResponseWriter, r *http.Request) error {
	c, _, err := s.comparison(r)
	if err != nil {
		return err
	}
	if form := format(r); tabular(form) {
		return reportTable(w, form, c.Report())
	}
	c.Links = compareLinks(r.URL.Query())
	return writeJSON(w, c)
}

// comparison asks what a request wants compared; it returns the filter of the
// first side too.
func (s *Server) comparison(r *http.Request) (c data.Comparison, first data.Filter, err error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return c, first, data.Invalidf("query", r.URL.RawQuery, "this is not a query string: encode special characters, such as & as %%26")
	}
	one, other, err := data.SecondSide(query)
	if err != nil {
		return c, first, err
	}
	a, err := s.askOf(r, one)
	if err != nil {
		return c, first, err
	}
	b, err := s.askOf(r, other)
	var invalid *data.Invalid
	if errors.As(err, &invalid) && query.Has(data.ComparePrefix+invalid.Field) {
		return c, first, &data.Invalid{Field: data.ComparePrefix + invalid.Field, Value: invalid.Value, Reason: invalid.Reason}
	}
	if err != nil {
		return c, first, err
	}
	if a.view.Dims == "" {
		a.view.Dims = string(data.ByType)
	}
	by, err := data.ParseDimensions(a.view.Dims, a.filter)
	if err != nil {
		return c, first, err
	}
	c, err = data.Compare(r.Context(), s.src, a.filter, b.filter, by, a.view.Top)
	return c, a.filter, err
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
