package web

import "net/http"

// embed answers "/embed": the map of the first page with little around it, for a
// frame of another page.
func (s *Server) embed(w http.ResponseWriter, r *http.Request) error {
	content, err := s.exploreContent(r, "/embed")
	if err != nil {
		return err
	}
	w.Header()["Content-Security-Policy"] = embedPolicy
	return s.pages.show(w, r, http.StatusOK, "embed", frame{Title: "Map", Bare: true, Content: content})
}
