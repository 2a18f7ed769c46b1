package web

import (
	"net/http"
	"strings"

	"tributary/data"
	"tributary/geo"
	"tributary/tiles"
)

// tileType is the media type of Mapbox Vector Tiles.
const tileType = "application/vnd.mapbox-vector-tile"

// tile answers with one tile of one or several layers. Its entity tag is the
// hash of its bytes, so two instances agree; browsers ask again each time and
// mostly hear that nothing has changed.
func (s *Server) tile(w http.ResponseWriter, r *http.Request) error {
	layers, err := tiles.ParseLayers(pathVar(r, "layers"))
	if err != nil {
		return data.Invalidf("layer", pathVar(r, "layers"), "%v", err)
	}
	at, err := geo.ParseTile(pathVar(r, "z"), pathVar(r, "x"), pathVar(r, "y"))
	if err != nil {
		return &data.Invalid{Field: "tile", Value: r.URL.Path, Reason: err.Error()}
	}
	q, err := s.askLayers(r, layers)
	if err != nil {
		return err
	}
	version, err := s.src.Version(r.Context())
	if err != nil {
		return err
	}
	t, err := s.tiles.Tile(r.Context(), version, layers, at, q.filter)
	if err != nil {
		return err
	}
	writeTile(w, r, t)
	return nil
}

// askLayers parses the question of some layers: each parameter must apply to
// every one of them.
func (s *Server) askLayers(r *http.Request, layers []tiles.Layer) (asked, error) {
	q, err := s.ask(r, tiles.Params())
	if err != nil {
		return q, err
	}
	return q, tiles.Applies(layers, q.filter)
}

func writeTile(w http.ResponseWriter, r *http.Request, t tiles.Encoded) {
	h := w.Header()
	h.Set("Content-Type", tileType)
	h.Set("Cache-Control", "public, no-cache")
	h.Set("Vary", "Accept-Encoding")
	body, tag := t.Identity, t.IdentityTag
	if acceptsCoding(r.Header.Get("Accept-Encoding"), "gzip") && len(body) > 0 {
		body, tag = t.Gzip, t.GzipTag
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", tag)
	if etagMatches(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if len(body) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Write(body) // the client has gone if this fails
}

// tileJSON describes a layer, or several, to a map.
func (s *Server) tileJSON(w http.ResponseWriter, r *http.Request) error {
	layers, err := tiles.ParseLayers(pathVar(r, "layers"))
	if err != nil {
		return data.Invalidf("layer", pathVar(r, "layers"), "%v", err)
	}
	q, err := s.askLayers(r, layers)
	if err != nil {
		return err
	}
	attribution, err := s.tileAttribution(r)
	if err != nil {
		return err
	}
	return writeJSON(w, tiles.Describe(layers, s.tileURL(layers, q.filter), attribution))
}

func (s *Server) style(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, s.scope.Takes)
	if err != nil {
		return err
	}
	layers, err := tiles.ParseLayers("regions,territories,activities")
	if err != nil {
		return err
	}
	attribution, err := s.tileAttribution(r)
	if err != nil {
		return err
	}
	return writeJSON(w, tiles.DefaultStyle(s.tileURL(layers, q.filter), attribution))
}

// tileURL is the template of tile addresses. Its host comes from the
// configuration, never from a header that a stranger may set.
func (s *Server) tileURL(layers []tiles.Layer, f data.Filter) string {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.Name
	}
	u := s.cfg.BaseURL + "/tiles/" + strings.Join(names, ",") + "/{z}/{x}/{y}.mvt"
	if q := f.Canonical(); q != "" {
		u += "?" + q
	}
	return u
}

func (s *Server) tileAttribution(r *http.Request) (string, error) {
	source, _, err := s.attribution(r.Context(), data.BoundaryTerritory)
	return source, err
}
