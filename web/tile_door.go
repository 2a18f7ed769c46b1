package web

import (
	"net/http"
	"strings"

	"tributary/tiles"
)

const tilePath = "/tiles/{layers}/{z}/{x}/{y}.mvt"

// atDoor answers for tiles whose address was read a moment ago, as the route
// does: with its headers, log and figures, but without finding it again. What
// is not known it leaves to the routes.
func (s *Server) atDoor(next http.Handler) http.Handler {
	known := s.secure(s.adapt(route{path: tilePath, kind: kindTile, handle: func(w http.ResponseWriter, r *http.Request) error {
		return s.sendTile(w, r, requestOf(r.Context()).tile)
	}}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q *tiles.Request
		if (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.HasPrefix(r.RequestURI, "/tiles/") {
			q, _ = s.known.Get(r.RequestURI)
		}
		r = identify(w, r, q)
		if q != nil {
			known.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
