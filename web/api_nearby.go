package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"tributary/data"
)

// What nearby and relevant take of the filter.
var (
	nearbyTakes   = []string{"type", "measure", "theme", "priority", "status", "provider"}
	relevantTakes = []string{"region", "territory", "area", "bbox", "type", "measure", "theme", "priority", "status", "provider"}
)

// maxSites bounds the sites of one question.
const maxSites = 500

// nearby answers a supplier: what is near its sites, for what it offers.
func (s *Server) nearby(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, nearbyTakes, "site", "within", "limit", "quantity")
	if err != nil {
		return err
	}
	if len(q.view.Sites) == 0 {
		return data.Invalidf("site", "", "is missing: give the postcodes or positions of your sites, joined by commas, such as NR1 3JU,52.6309 1.2974")
	}
	return s.answerNearby(w, r, q)
}

func (s *Server) answerNearby(w http.ResponseWriter, r *http.Request, q asked) error {
	n, err := s.src.Nearby(r.Context(), q.filter, q.view.Sites, q.offer(), cmp.Or(q.view.Within, data.DefaultNearKm), min(q.view.Limit, 100))
	if err != nil {
		return err
	}
	switch q.format {
	case "csv", "xlsx":
		return matchesTable(w, q.format, "nearby", n.Rows)
	case "geojson":
		return matchesGeoJSON(w, n.Rows)
	}
	return writeJSON(w, n)
}

// relevant answers a buyer: what there is for a contract.
func (s *Server) relevant(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, relevantTakes, "quantity", "contract", "polygon")
	if err != nil {
		return err
	}
	a, err := s.src.Relevant(r.Context(), q.filter, q.offer(), q.view.Contract, q.view.Polygon)
	if err != nil {
		return err
	}
	if tabular(q.format) {
		return matchesTable(w, q.format, "relevant", a.Rows)
	}
	return writeJSON(w, a)
}

// offer is what the question offers.
func (q *asked) offer() data.Offer {
	return data.Offer{Types: q.filter.Type, Measures: q.filter.Measure, Quantity: q.view.Quantity, Unit: q.view.Unit}
}

func matchesTable(w http.ResponseWriter, format string, name string, rows []data.Match) error {
	out, err := newTable(w, format, name, "site", "rank", "activity_id", "activity", "provider_id", "provider", "distance_km", "score", "reasons", "needs", "measures", "territory", "area", "page")
	if err != nil {
		return err
	}
	for _, m := range rows {
		needs := make([]string, len(m.Needs))
		for i, n := range m.Needs {
			needs[i] = strings.TrimSpace(n.Type + " " + strings.TrimPrefix(n.Quantity.String(), "0") + " " + n.Unit)
		}
		km := verbatim("")
		if m.Site != "" {
			km = verbatim(fixed(m.Km, 1))
		}
		err := out.row(m.Site, m.Rank, m.Activity, m.Name, m.Provider.ID, m.Provider.Name, km, verbatim(fixed(m.Score, 1)), strings.Join(m.Reasons, "; "),
			strings.Join(needs, "; "), strings.Join(m.Measures, ";"), m.Territory, m.Area, "/activities/"+m.Activity)
		if err != nil {
			return err
		}
	}
	return out.close()
}

func matchesGeoJSON(w http.ResponseWriter, rows []data.Match) error {
	out, err := newGeoJSON(w, "")
	if err != nil {
		return err
	}
	for _, m := range rows {
		point, err := json.Marshal(map[string]any{"type": "Point", "coordinates": m.Point})
		if err != nil {
			return err
		}
		if err := out.feature(m.Activity, point, m); err != nil {
			return err
		}
	}
	return out.close()
}
