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
	c, err := data.Compare(r.Context(), s.src, a.filter, b.filter, by, a.view.Top)
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
