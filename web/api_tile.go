package web

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"tributary/data"
	"tributary/geo"
	"tributary/tiles"
)

// tileType is the media type of Mapbox Vector Tiles.
const tileType = "application/vnd.mapbox-vector-tile"

// staleHeader says, on a tile that nobody can tell to be unchanged because the
// database is away, for how many seconds that has been so.
const staleHeader = "Tributary-Stale"

// tile answers with one tile of one or several layers. Its entity tag is the
// hash of its bytes, so two instances agree; browsers ask again each time and
// mostly hear that nothing has changed.
func (s *Server) tile(w http.ResponseWriter, r *http.Request) error {
	q, err := s.tileRequest(r)
	if err != nil {
		return err
	}
	s.known.Remember(r.RequestURI, q)
	return s.sendTile(w, r, q)
}

// sendTile answers with a tile that was asked for.
func (s *Server) sendTile(w http.ResponseWriter, r *http.Request, q *tiles.Request) error {
	t, stale, err := s.tiles.Tile(r.Context(), q)
	if err != nil {
		return err
	}
	if stale > 0 {
		w.Header().Set(staleHeader, strconv.Itoa(int(math.Ceil(stale.Seconds()))))
	}
	writeTile(w, r, t)
	return nil
}

// askLayers parses the question of some layers: each parameter must apply to
// every one of them.
func (s *Server) askLayers(r *http.Request, layers []tiles.Layer) (tiles.Query, error) {
	q, err := s.ask(r, tiles.Params(), tiles.Views...)
	if err != nil {
		return tiles.Query{}, err
	}
	return tiles.NewQuery(layers, q.filter, q.view)
}

// tileRequest reads what is asked for.
func (s *Server) tileRequest(r *http.Request) (*tiles.Request, error) {
	layers, err := tiles.ParseLayers(pathVar(r, "layers"))
	if err != nil {
		return nil, data.Invalidf("layer", pathVar(r, "layers"), "%v", err)
	}
	at, err := geo.ParseTile(pathVar(r, "z"), pathVar(r, "x"), pathVar(r, "y"))
	if err != nil {
		return nil, &data.Invalid{Field: "tile", Value: r.URL.Path, Reason: err.Error()}
	}
	q, err := s.askLayers(r, layers)
	if err != nil {
		return nil, err
	}
	return tiles.NewRequest(layers, at, q), nil
}

// Headers that tiles share.
var (
	tileHeader    = []string{tileType}
	askAgain      = []string{"public, no-cache"}
	byCoding      = []string{"Accept-Encoding"}
	codingHeaders = map[tiles.Coding][]string{tiles.Gzip: {"gzip"}, tiles.Brotli: {"br"}}
)

func writeTile(w http.ResponseWriter, r *http.Request, t *tiles.Finished) {
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["Vary"] = tileHeader, askAgain, byCoding
	coding := tiles.Identity
	if !t.Empty() {
		coding = chooseCoding(r.Header.Get("Accept-Encoding"))
	}
	tag := t.Tag(coding)
	h["Etag"] = tag
	if given := r.Header["If-None-Match"]; len(given) > 0 && etagMatches(given[0], tag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if t.Empty() {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	form := t.In(coding)
	if coding != tiles.Identity {
		h["Content-Encoding"] = codingHeaders[coding]
	}
	h["Content-Length"] = form.Length
	w.Write(form.Body) // the client has gone if this fails
}

// chooseCoding is the coding that an Accept-Encoding header likes best: of
// those it likes equally the smallest. Where it takes none of them, the tile
// is sent as it is.
func chooseCoding(accept string) tiles.Coding {
	if accept == "gzip, deflate, br, zstd" || accept == "gzip, deflate, br" { // browsers
		return tiles.Brotli
	}
	best, liked := tiles.Identity, codingQuality(accept, "identity")
	for _, c := range []tiles.Coding{tiles.Gzip, tiles.Brotli} {
		if q := codingQuality(accept, c.String()); q > 0 && q >= liked {
			best, liked = c, q
		}
	}
	return best
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
	about := tiles.Describe(layers, s.tileURL(layers, q), attribution)
	if err := s.drawn.Tell(r.Context(), &about, layers, q); err != nil {
		return err
	}
	return writeJSON(w, about)
}

// style draws every layer that the question applies to; all but the first few
// are switched off.
func (s *Server) style(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, s.scope.Takes, "metric")
	if err != nil {
		return err
	}
	attribution, err := s.tileAttribution(r)
	if err != nil {
		return err
	}
	st := tiles.NewStyle(attribution)
	for _, group := range tiles.StyleGroups {
		layers, err := tiles.ParseLayers(group)
		if err != nil {
			return err
		}
		view := data.View{}
		if group == "heat" {
			view.Metric = q.view.Metric
		}
		asked, err := tiles.NewQuery(layers, q.filter, view)
		if err != nil {
			if q.view.Metric != "" && group == "heat" {
				return err
			}
			continue // the question does not apply to it
		}
		var shown *tiles.Shown // where classes begin
		if group == "heat" {
			if shown, err = s.drawn.Shown(r.Context(), layers[0], asked); err != nil {
				return err
			}
		}
		st.Add(group, s.tileURL(layers, asked), shown)
	}
	return writeJSON(w, st)
}

// tileURL is the template of tile addresses. Its host comes from the
// configuration, never from a header that a stranger may set.
func (s *Server) tileURL(layers []tiles.Layer, q tiles.Query) string {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.Name
	}
	u := s.cfg.BaseURL + "/tiles/" + strings.Join(names, ",") + "/{z}/{x}/{y}.mvt"
	if query := q.Canonical(); query != "" {
		u += "?" + query
	}
	return u
}

func (s *Server) tileAttribution(r *http.Request) (string, error) {
	source, _, err := s.attribution(r.Context(), data.BoundaryTerritory)
	return source, err
}
