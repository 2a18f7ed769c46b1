package web

import (
	"net/http"

	"tributary/data"
)

// gap answers where a territory's priorities are served and where not.
func (s *Server) gap(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, data.GapParams, "by", "baseline", "res")
	if err != nil {
		return err
	}
	g, err := s.src.Gap(r.Context(), q.filter, q.view)
	if err != nil {
		return err
	}
	if tabular(q.format) {
		return gapTable(w, q.format, g)
	}
	return writeJSON(w, g)
}

func gapTable(w http.ResponseWriter, format string, g data.Gap) error {
	out, err := newTable(w, format, "gap", "priority", "priority_name", "place", "place_name", "state", "state_before", "activities", "contributions", "received_pounds",
		"flow_share", "need_share", "score", "score_lower", "score_upper", "baseline", "as_at", "query")
	if err != nil {
		return err
	}
	for _, c := range g.Cells {
		err := out.row(c.Priority, c.PriorityName, c.Place, c.PlaceName, string(c.State), string(c.Before), c.Activities, c.Count, verbatim(c.Pence.Pounds()),
			share(c.Flow), share(c.Need), share(c.Score), share(c.Lower), share(c.Upper), g.Baseline.Title, g.AsAt.String(), g.Query)
		if err != nil {
			return err
		}
	}
	return out.close()
}

// share is a number that may not be known, as a cell.
func share(v *float64) verbatim {
	if v == nil {
		return ""
	}
	return verbatim(fixed(*v, 4))
}
