package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tributary/data"
)

// list is the one shape of lists.
type list[T any] struct {
	Items   []T `json:"items"`
	Matched int `json:"matched"`
	// Withheld counts records that match but may not be listed.
	Withheld int    `json:"withheld"`
	Next     string `json:"next,omitempty"`
}

// asked is a request's question, parsed.
type asked struct {
	filter data.Filter
	view   data.View
	format string // "json", "csv", "xlsx" or "geojson"
}

// ask parses a request's query against the route's parameters: the filter's
// by scope, the view's by name. Anything else is refused, as nothing is
// ignored silently.
func (s *Server) ask(r *http.Request, filter []string, view ...string) (asked, error) {
	q := asked{format: format(r), view: data.View{Limit: data.DefaultLimit, Top: data.DefaultTop}}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return q, data.Invalidf("query", r.URL.RawQuery, "this is not a query string: encode special characters, such as & as %%26")
	}
	var rest []string
	q.filter, rest, err = data.ParseFilter(query, data.Scope{Takes: filter, Exists: s.scope.Exists})
	if err != nil {
		return q, err
	}
	for _, name := range rest {
		if !slices.Contains(view, name) {
			return q, unknown(name, query.Get(name), slices.Concat(filter, view))
		}
		if len(query[name]) > 1 {
			return q, data.Invalidf(name, query.Get(name), "is given %d times: give it once", len(query[name]))
		}
		if err := q.set(name, query.Get(name)); err != nil {
			return q, err
		}
	}
	return q, nil
}

func unknown(name, value string, known []string) error {
	if len(known) == 0 {
		return data.Invalidf(name, value, "is not a parameter of this address, which takes none: leave it out")
	}
	return data.Invalidf(name, value, "is not a parameter of this address: it takes %s", strings.Join(known, ", "))
}

func (q *asked) set(name, value string) error {
	switch name {
	case "limit":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > data.MaxLimit {
			return data.Invalidf("limit", value, "%q is not a page size: give a whole number from 1 to %d", value, data.MaxLimit)
		}
		q.view.Limit = n
	case "sort":
		q.view.Sort = value
	case "after":
		q.view.After = value
	case "pick":
		picked, err := parsePicks(value)
		if err != nil {
			return err
		}
		q.view.Picked = picked
	case "dims":
		q.view.Dims = value
	case "top":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > data.MaxLimit {
			return data.Invalidf("top", value, "%q is not how many rows to list: give a whole number up to %d, or 0 for all", value, data.MaxLimit)
		}
		q.view.Top = n
	case "res":
		q.view.Res = value
	case "metric":
		q.view.Metric = value
	case "unit":
		q.view.Unit = value
	case "by":
		if value != "" && !slices.Contains(data.GapPlaces, value) {
			return data.Invalidf("by", value, "%q is nothing that gaps are told by: use %s", value, strings.Join(data.GapPlaces, ", "))
		}
		q.view.By = value
	case "baseline":
		q.view.Baseline = value
	case "site":
		for site := range strings.SplitSeq(value, ",") {
			if site = strings.TrimSpace(site); site != "" && !slices.Contains(q.view.Sites, site) {
				q.view.Sites = append(q.view.Sites, site)
			}
		}
		if len(q.view.Sites) > data.MaxSites {
			return data.Invalidf("site", "", "%d sites are too many: ask for at most %d at a time", len(q.view.Sites), data.MaxSites)
		}
	case "contract":
		q.view.Contract = value
	case "polygon":
		ring, err := data.ParsePolygon(value)
		if err != nil {
			return err
		}
		q.view.Polygon = ring
	case "within":
		km, err := strconv.ParseFloat(value, 64)
		if err != nil || !(km >= 1 && km <= data.MaxNearKm) {
			return data.Invalidf("within", value, "%q is no distance to look within: give kilometres from 1 to %d", value, data.MaxNearKm)
		}
		q.view.Within = km
	case "quantity":
		n, unit, err := data.ParseAmount(value)
		if err != nil {
			return err
		}
		q.view.Quantity, q.view.Unit = n, unit
	}
	return nil
}

// format is the form of the answer that a request asks for: by the suffix of
// its path, else by Accept, else JSON.
func format(r *http.Request) string {
	switch suffix := pathVar(r, "format"); suffix {
	case ".csv", ".xlsx", ".geojson", ".json":
		return suffix[1:]
	}
	accept := r.Header.Get("Accept")
	switch {
	case strings.Contains(accept, typeCSV):
		return "csv"
	case strings.Contains(accept, typeXLSX):
		return "xlsx"
	case strings.Contains(accept, "application/geo+json"):
		return "geojson"
	}
	return "json"
}

// writeJSON answers with JSON that browsers ask about again each time.
func writeJSON(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	h := w.Header()
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json")
	}
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept")
	_, err = w.Write(append(b, '\n'))
	return gone(err)
}

// errGone: the client has hung up; there is nobody to answer.
type errGone struct{ error }

func gone(err error) error {
	if err == nil {
		return nil
	}
	return errGone{err}
}

// geoJSON writes a FeatureCollection (RFC 7946) feature by feature.
type geoJSON struct {
	w     http.ResponseWriter
	count int
}

// feature is one GeoJSON feature; Geometry is already JSON.
type feature struct {
	Type       string          `json:"type"`
	ID         string          `json:"id"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties any             `json:"properties"`
}

func newGeoJSON(w http.ResponseWriter, attribution string) (*geoJSON, error) {
	h := w.Header()
	h.Set("Content-Type", "application/geo+json")
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept")
	note, err := json.Marshal(attribution)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(w, "{\"type\":\"FeatureCollection\",\"attribution\":%s,\"features\":[\n", note)
	return &geoJSON{w: w}, gone(err)
}

func (g *geoJSON) feature(id string, geometry json.RawMessage, properties any) error {
	b, err := json.Marshal(feature{Type: "Feature", ID: id, Geometry: geometry, Properties: properties})
	if err != nil {
		return err
	}
	if g.count++; g.count > 1 {
		b = append([]byte(",\n"), b...)
	}
	_, err = g.w.Write(b)
	return gone(err)
}

func (g *geoJSON) close() error {
	_, err := io.WriteString(g.w, "\n]}\n")
	return gone(err)
}
