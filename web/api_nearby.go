package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"tributary/data"
)

// nearby answers a supplier: what is near its sites, for what it offers.
func (s *Server) nearby(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, data.NearbyParams, "site", "within", "limit", "quantity")
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
		return reportTable(w, q.format, data.MatchReport("nearby", n.Sentence, n.Rows))
	case "geojson":
		return matchesGeoJSON(w, n.Rows)
	}
	return writeJSON(w, n)
}

// nearbyPosted answers nearby for a list of sites that is sent as a file.
func (s *Server) nearbyPosted(w http.ResponseWriter, r *http.Request) error {
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if strings.TrimSpace(media) != typeCSV {
		w.Header().Set("Accept-Post", typeCSV)
		return refusal(http.StatusUnsupportedMediaType, "Unsupported media type", fmt.Sprintf("Send %s in UTF-8, and say so in Content-Type.", typeCSV))
	}
	q, err := s.ask(r, data.NearbyParams, "within", "limit", "quantity")
	if err != nil {
		return err
	}
	if q.view.Sites, err = data.ReadSites(r.Body); err != nil {
		return err
	}
	return s.answerNearby(w, r, q)
}

// relevant answers a buyer: what there is for a contract.
func (s *Server) relevant(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, data.RelevantParams, "quantity", "contract", "polygon")
	if err != nil {
		return err
	}
	a, err := s.src.Relevant(r.Context(), q.filter, q.offer(), q.view.Contract, q.view.Polygon)
	if err != nil {
		return err
	}
	if tabular(q.format) {
		return reportTable(w, q.format, data.MatchReport("relevant", a.Sentence, a.Rows))
	}
	return writeJSON(w, a)
}

// offer is what the question offers.
func (q *asked) offer() data.Offer {
	return data.Offer{Types: q.filter.Type, Measures: q.filter.Measure, Quantity: q.view.Quantity, Unit: q.view.Unit}
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
