package web

import (
	_ "embed"
	"net/http"
)

// openAPIDocument is built from the route table by a test, which fails when it
// is out of date and says how to make it again.
//
//go:embed openapi.json
var openAPIDocument []byte

func (s *Server) openAPI(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-cache")
	_, err := w.Write(openAPIDocument)
	return gone(err)
}
