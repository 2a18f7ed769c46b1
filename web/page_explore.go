package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo"
	"tributary/geo/hex"
	"tributary/tiles"
)

// exploreContent is what the first page shows: one question as a sentence, a
// map and a table.
type exploreContent struct {
	Layer    string
	Sentence string
	Panel    filterPanel
	View     string // "map" or "table"
	MapURL   string
	TableURL string
	Layers   []wayLink
	Lost     string // filters that do not apply to every layer
	Metrics  []wayLink
	Evidence *evidence
	Time     *timeline
	Table    exploreTable
	Map      mapView
	Keys     []keyGroup
	Files    []file
	EmbedURL string
	Link     string // to this state, whole
	Demo     bool
	Empty    bool   // nothing is loaded at all
	NoMatch  bool   // something is, but not under this filter
	Hint     string // what to do for this layer to show something
	HintURL  string
	HintLink string
	Boundary boundaryNote
}

// A mapView is what the live map and its stand-in need from the page.
type mapView struct {
	Still  string // address of the still map
	Alt    string // what it shows, in words
	Layer  string // what it shows; empty for activities alone
	Metric string
	Tiles  string // filter query for tiles; empty for all
	Over   string // path of the tiles of what it shows, with {z}, {x} and {y}; empty for none
	Focus  string // id of a place to draw out; empty for none
	Bounds string // west,south,east,north to start from; empty for the UK
	Point  string // longitude,latitude of a single place; empty for none
	Level  string // precision of Point
}

// exploreDefaults are left out of links.
var exploreDefaults = map[string]string{"view": "map", "sort": "name", "layer": layerHeat, "metric": "pence", "steps": "year"}

// exploreViews are the page's own parameters.
var exploreViews = []string{"layer", "metric", "view", "sort", "steps", "q"}

// explore answers "/".
func (s *Server) explore(w http.ResponseWriter, r *http.Request) error {
	if tidy, changed := canonicalQuery(r.URL.Query(), exploreDefaults); changed {
		http.Redirect(w, r, queryURL("/", tidy), http.StatusSeeOther)
		return nil
	}
	if r.URL.Query().Get("q") != "" { // typed into the form: look for it, and keep the filter
		http.Redirect(w, r, queryURL("/search", r.URL.Query()), http.StatusSeeOther)
		return nil
	}
	content, err := s.exploreContent(r, "/")
	if err != nil {
		return err
	}
	return s.pages.show(w, r, http.StatusOK, "explore", frame{Nav: "/", Wide: true, Content: content})
}

// An exploring is a request of the first page, parsed.
type exploring struct {
	path   string
	layer  layerKind
	metric string
	filter data.Filter
	view   url.Values // as it stands in links
	named
}

func (s *Server) exploring(r *http.Request, path string) (x exploring, err error) {
	query := r.URL.Query()
	x.path = path
	if x.layer, err = layerNamed(query.Get("layer")); err != nil {
		return x, err
	}
	if x.metric, err = x.layer.metricNamed(query.Get("metric")); err != nil {
		return x, err
	}
	q, err := s.ask(r, x.layer.takes, exploreViews...)
	if err != nil {
		return x, err
	}
	x.filter, x.view = q.filter, url.Values{}
	for _, name := range exploreViews {
		if v := query.Get(name); v != "" && v != exploreDefaults[name] {
			x.view.Set(name, v)
		}
	}
	if v := query.Get("view"); v != "" && v != "map" && v != "table" {
		return x, data.Invalidf("view", v, "is not a view: use map or table")
	}
	if v := query.Get("steps"); v != "" && v != "year" && v != "quarter" {
		return x, data.Invalidf("steps", v, "is not a size of steps: use year or quarter")
	}
	x.named, err = s.namesUnder(r.Context(), x.filter)
	return x, err
}

func (s *Server) exploreContent(r *http.Request, path string) (c exploreContent, err error) {
	ctx := r.Context()
	x, err := s.exploring(r, path)
	if err != nil {
		return c, err
	}
	c = exploreContent{Layer: x.layer.name, View: cmp.Or(x.view.Get("view"), "map")}
	if c.Panel, err = s.panel(ctx, path, x.filter, x.view, x.layer.takes, x.named); err != nil {
		return c, err
	}
	c.Map = mapView{Layer: x.layer.name, Metric: x.metric}
	if c.Map.Bounds, err = s.pages.boundsOf(ctx, x.filter, x.rows, x.areas); err != nil {
		return c, err
	}
	if err := s.exploreLayer(ctx, x, &c); err != nil {
		return c, err
	}
	if err := c.Table.sortBy(path, x.filter, x.view); err != nil {
		return c, err
	}
	c.links(s.cfg.BaseURL, x)
	if c.Boundary, err = s.pages.boundaryNote(r); err != nil {
		return c, err
	}
	all, err := s.src.Summary(ctx, data.Filter{})
	if err != nil {
		return c, err
	}
	c.Demo, c.Empty = all.Demonstration, all.Activities == 0 && all.Withheld == 0
	return c, nil
}

// links fills in where the page leads to.
func (c *exploreContent) links(base string, x exploring) {
	with := func(path string, change url.Values) string {
		own := url.Values{}
		for k, v := range x.view {
			own[k] = v
		}
		for k, v := range change {
			own[k] = v
		}
		return pageURL(path, x.filter, own)
	}
	c.MapURL, c.TableURL = with(x.path, url.Values{"view": nil}), with(x.path, url.Values{"view": {"table"}})
	c.EmbedURL = base + with("/embed", url.Values{"view": nil, "sort": nil})
	c.Link = base + with("/", nil)
	c.Layers, c.Lost = layerChoices(x.path, x.filter, x.view, x.layer)
	c.Metrics = metricChoices(x.path, x.filter, x.view, x.layer, x.metric)
	still := url.Values{"key": {"none"}, "metric": x.view["metric"], "layer": x.view["layer"]}
	c.Map.Still = pageURL("/static-map.svg", x.filter, still)
}

// exploreLayer answers the layer's question.
func (s *Server) exploreLayer(ctx context.Context, x exploring, c *exploreContent) error {
	switch x.layer.name {
	case layerActivities:
		return s.exploreActivities(ctx, x, c)
	case layerGaps:
		return s.exploreGaps(ctx, x, c)
	case layerFlows:
		return s.exploreFlows(ctx, x, c)
	}
	return s.exploreGiven(ctx, x, c)
}

// exploreActivities tells which activities there are.
func (s *Server) exploreActivities(ctx context.Context, x exploring, c *exploreContent) error {
	summary, err := s.src.Summary(ctx, x.filter)
	if err != nil {
		return err
	}
	rows, err := s.src.Territories(ctx, x.filter)
	if err != nil {
		return err
	}
	c.Sentence, c.NoMatch = summary.Sentence, summary.Activities == 0
	c.Table = activityTable(rows, summary)
	c.Map.Tiles = strings.TrimPrefix(pageURL("", x.filter, nil), "?")
	c.Keys = classKeys(classesOf(territoryCounts(rows)))
	c.Map.Alt = "Map of the United Kingdom’s 45 police territories, shaded by number of activities." + mostOf(c.Table, "")
	c.Files = files("/api/v1/territories", x.filter, nil, "csv", "geojson")
	return nil
}

// mostOf names the row with the greatest value.
func mostOf(t exploreTable, metric string) string {
	var most *tableRow
	for i, r := range t.Rows {
		if r.Value != nil && *r.Value > 0 && (most == nil || *r.Value > *most.Value) {
			most = &t.Rows[i]
		}
	}
	if most == nil {
		return ""
	}
	spelt := data.Pence(*most.Value).String()
	if metric == "" || metric == "count" {
		spelt = number(int(*most.Value))
	}
	return fmt.Sprintf(" %s has the most, %s. The table has the figures.", most.Name, spelt)
}

// files are the forms of what an address answers under a filter.
func files(path string, f data.Filter, view url.Values, forms ...string) (out []file) {
	for _, form := range forms {
		out = append(out, file{fileWords[form], pageURL(path+"."+form, f, view)})
	}
	return out
}

// exploreGiven tells what was contributed where.
func (s *Server) exploreGiven(ctx context.Context, x exploring, c *exploreContent) error {
	g, err := data.AskGiven(ctx, s.src, x.filter, x.layer.by)
	if err != nil {
		return err
	}
	c.Sentence, c.NoMatch, c.Evidence = g.Sentence, g.Totals.Total.Count == 0, evidenceOf(g)
	if c.Time, err = s.timelineOf(ctx, x.path, x.filter, x.view); err != nil {
		return err
	}
	switch x.layer.name {
	case layerTargetAreas:
		if err := s.exploreTargetAreas(ctx, x, g, c); err != nil {
			return err
		}
	case "areas":
		areas, err := s.src.Areas(ctx, data.Filter{Territory: x.filter.Territory, Region: x.filter.Region, Area: x.filter.Area})
		if err != nil {
			return err
		}
		c.Table = givenTable("Contributions in each district or county", "District or county", "Police territory", areaPlaces(areas, x.rows), g, x.metric)
	default:
		c.Table = givenTable("Contributions in each territory", "Police territory", "Region", territoryPlaces(x), g, x.metric)
	}
	c.Files = files("/api/v1/flow", x.filter, url.Values{"dims": {string(x.layer.by)}, "top": {"0"}}, "csv", "xlsx", "geojson")
	c.Map.Alt = "Map of the United Kingdom, " + map[bool]string{true: "hexagons", false: "places"}[x.layer.name == layerHeat] + " coloured by " + strings.ToLower(metricWords[x.metric]) + " contributed." + mostOf(c.Table, x.metric)
	if x.layer.name == layerHeat {
		return s.exploreHeat(ctx, x, c)
	}
	c.Keys = valueKeys(c.Table.values(), metricWords[x.metric], x.metric)
	return nil
}

// exploreHeat adds the classes of hexagons, by resolution.
func (s *Server) exploreHeat(ctx context.Context, x exploring, c *exploreContent) error {
	layers, err := tiles.ParseLayers(layerHeat)
	if err != nil {
		return err
	}
	q, err := tiles.NewQuery(layers, x.filter, data.View{Metric: x.metric})
	if err != nil {
		return err
	}
	shown, err := s.drawn.Shown(ctx, layers[0], q)
	if err != nil {
		return err
	}
	c.Map.Over = s.overTiles(layers, q)
	res := hex.ForZoom(stillZoom(boxOf(c.Map.Bounds)))
	c.Keys = heatKeys(shown, x.metric, res)
	view := url.Values{"metric": x.view["metric"]}
	c.Files = append(c.Files[:2:2], files("/api/v1/heat", x.filter, view, "geojson")...)
	return nil
}

// overTiles is the path of the tiles of layers.
func (s *Server) overTiles(layers []tiles.Layer, q tiles.Query) string {
	return strings.TrimPrefix(s.tileURL(layers, q), s.cfg.BaseURL)
}

// territoryPlaces are the territories that a filter leaves.
func territoryPlaces(x exploring) (places []place) {
	for _, r := range x.rows {
		f := x.filter
		if len(f.Territory) > 0 && !slices.Contains(f.Territory, r.ID) || len(f.Region) > 0 && !slices.Contains(f.Region, r.Region) ||
			len(x.areas) > 0 && !slices.ContainsFunc(x.areas, func(a data.AreaRow) bool { return a.Territory == r.ID }) {
			continue
		}
		places = append(places, place{string(r.ID), r.Name, welshName(r.Name, r.NameCy), r.RegionName, placeURL(string(r.ID))})
	}
	return places
}

func areaPlaces(areas []data.AreaRow, rows []data.TerritoryRow) (places []place) {
	names := map[geo.TerritoryID]string{}
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	for _, a := range areas {
		places = append(places, place{string(a.Code), a.Name, welshName(a.Name, a.NameCy), names[a.Territory], placeURL(string(a.Code))})
	}
	return places
}

// boxOf reads bounds as they stand in a page; empty for none.
func boxOf(bounds string) (b orb.Bound) {
	if bounds == "" {
		return b
	}
	b, _ = geo.ParseBBox(bounds) // written by formatBounds
	return b
}
