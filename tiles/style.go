package tiles

import (
	"maps"

	"tributary/data"
	"tributary/geo"
)

// Style is a MapLibre style document (version 8): enough to look at the layers
// in any client. The map page adds its own interaction.
type Style struct {
	Version int               `json:"version"`
	Name    string            `json:"name"`
	Center  [2]float64        `json:"center"`
	Zoom    float64           `json:"zoom"`
	Sources map[string]Vector `json:"sources"`
	Layers  []StyleLayer      `json:"layers"`

	attribution string
}

// Vector is a vector source.
type Vector struct {
	Type        string   `json:"type"`
	Tiles       []string `json:"tiles"`
	MinZoom     int      `json:"minzoom"`
	MaxZoom     int      `json:"maxzoom"`
	Attribution string   `json:"attribution,omitempty"`
	PromoteID   string   `json:"promoteId"`
}

// StyleLayer is one layer of a style.
type StyleLayer struct {
	ID          string         `json:"id"`
	Type        string         `json:"type"`
	Source      string         `json:"source,omitempty"`
	SourceLayer string         `json:"source-layer,omitempty"`
	MinZoom     float64        `json:"minzoom,omitempty"`
	Filter      any            `json:"filter,omitempty"`
	Layout      map[string]any `json:"layout,omitempty"`
	Paint       map[string]any `json:"paint,omitempty"`
}

// StyleGroups are the layers that a style draws, those joined that share a
// source, the lowest first.
var StyleGroups = []string{"regions,territories,activities", "areas", "target_areas", "gaps", "heat", "contributions", "flows", "needs", "stories", "hubs"}

// ramp is the colours of classes, the least first: as many as classes can be.
// Neighbours differ in normal and colour-blind sight and in grey; a test of the
// pages holds that.
var ramp = []string{"#e8e395", "#99cc93", "#50b09a", "#008fa7", "#006ba7", "#00488e", "#112464"}

// ClassColour is the colour of class i, from 0, of n: a few use the whole range,
// a single one the middle.
func ClassColour(i, n int) string {
	if n < 2 {
		return ramp[len(ramp)/2]
	}
	return ramp[min(i, n-1)*(len(ramp)-1)/(n-1)]
}

// GapColours are those of the states of gaps.
var GapColours = map[data.GapState]string{data.GapNoActivity: "#8a1f11", data.GapNoSupport: "#d4351c", data.GapBelow: "#f0a38f", data.GapBalanced: "#f3f2f1", data.GapAbove: "#7fb3d8", data.GapFewData: "#b1b4b6"}

// NewStyle begins a style. It names no glyphs: MapLibre draws the letters in the
// browser with the fonts of the page.
func NewStyle(attribution string) Style {
	return Style{Version: 8, Name: "Tributary", Center: [2]float64{-3.4, 54.8}, Zoom: 4.6, attribution: attribution, Sources: map[string]Vector{},
		Layers: []StyleLayer{{ID: "sea", Type: "background", Paint: map[string]any{"background-color": "#dbe7ee"}}}}
}

// Add draws one of [StyleGroups] from tiles at url, a template with {z}, {x} and
// {y}. All but the first are there to be switched on. Shown gives the classes of
// what has some.
func (s *Style) Add(group, url string, shown *Shown) {
	name, hidden := group, map[string]any{"visibility": "none"}
	if group == StyleGroups[0] {
		name, hidden = "tributary", nil
	}
	s.Sources[name] = Vector{Type: "vector", Tiles: []string{url}, MaxZoom: geo.MaxZoom, Attribution: s.attribution, PromoteID: "id"}
	for _, l := range styleLayers(group, shown) {
		l.Source = name
		if l.SourceLayer == "" {
			l.SourceLayer = name
		}
		if hidden != nil {
			l.Layout = withAll(l.Layout, hidden)
		}
		s.Layers = append(s.Layers, l)
	}
}

func withAll(m, more map[string]any) map[string]any {
	out := maps.Clone(m)
	if out == nil {
		out = map[string]any{}
	}
	maps.Copy(out, more)
	return out
}

// styleLayers are the layers that draw a group.
func styleLayers(group string, shown *Shown) []StyleLayer {
	single := []any{"==", []any{"get", "count"}, 1}
	grown := func(least, most float64) []any {
		return []any{"case", single, least, []any{"min", most, []any{"+", least + 3, []any{"*", 2, []any{"ln", []any{"get", "count"}}}}}}
	}
	circles := func(colour string, radius any) map[string]any {
		return map[string]any{"circle-color": colour, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1, "circle-radius": radius}
	}
	names := map[string]any{"text-field": []any{"get", "name"}, "text-font": []string{"Noto Sans"}, "text-size": 12}
	halo := map[string]any{"text-halo-color": "#ffffff", "text-halo-width": 1.5}
	switch group {
	case StyleGroups[0]:
		points := circles("#1d70b8", grown(5, 26))
		points["circle-blur"] = []any{"case", []any{"all", single, []any{"!=", []any{"get", "level"}, "exact"}}, 0.8, 0}
		return []StyleLayer{
			{ID: "territories", Type: "fill", SourceLayer: "territories", Paint: map[string]any{"fill-color": "#f7f5ef"}},
			{ID: "territories-outline", Type: "line", SourceLayer: "territories", Paint: map[string]any{"line-color": "#7a8790", "line-width": 0.8}},
			{ID: "regions-outline", Type: "line", SourceLayer: "regions", Paint: map[string]any{"line-color": "#46525a", "line-width": 1.4}},
			{ID: "activity-cells", Type: "fill", SourceLayer: "activity_cells", MinZoom: 11, Paint: map[string]any{"fill-color": "#1d70b8", "fill-opacity": 0.15}},
			{ID: "activities", Type: "circle", SourceLayer: "activities", Paint: points},
			{ID: "territories-name", Type: "symbol", SourceLayer: "territories_label", Layout: names, Paint: halo},
		}
	case "areas":
		return []StyleLayer{
			{ID: "areas-outline", Type: "line", MinZoom: 5, Paint: map[string]any{"line-color": "#b1b4b6", "line-width": 0.6}},
			{ID: "areas-name", Type: "symbol", SourceLayer: "areas_label", MinZoom: 7, Layout: names, Paint: halo},
		}
	case "target_areas":
		return []StyleLayer{
			{ID: "target-areas", Type: "fill", MinZoom: 5, Paint: map[string]any{"fill-color": "#912b88", "fill-opacity": 0.15}},
			{ID: "target-areas-outline", Type: "line", MinZoom: 5, Paint: map[string]any{"line-color": "#912b88", "line-width": 1.2}},
			{ID: "target-areas-name", Type: "symbol", SourceLayer: "target_areas_label", MinZoom: 7, Layout: names, Paint: halo},
		}
	case "gaps":
		colour := []any{"match", []any{"get", "state"}}
		for _, state := range data.GapStates {
			colour = append(colour, string(state), GapColours[state])
		}
		return []StyleLayer{
			{ID: "gaps", Type: "fill", MinZoom: 5, Paint: map[string]any{"fill-color": append(colour, "#ffffff"), "fill-opacity": 0.7, "fill-outline-color": "#505a5f"}},
			{ID: "gaps-name", Type: "symbol", SourceLayer: "gaps_label", MinZoom: 7, Layout: names, Paint: halo},
		}
	case "heat":
		return []StyleLayer{
			{ID: "heat-withheld", Type: "fill", SourceLayer: "heat_withheld", Paint: map[string]any{"fill-color": "#505a5f", "fill-opacity": 0.25}},
			{ID: "heat", Type: "fill", Paint: map[string]any{"fill-color": shown.colours(), "fill-opacity": 0.7}},
		}
	case "flows":
		wide := []any{"interpolate", []any{"linear"}, []any{"log10", []any{"max", 1, []any{"get", "pence"}}}, 3, 0.5, 9, 8}
		return []StyleLayer{
			{ID: "flows", Type: "line", Paint: map[string]any{"line-color": "#00703c", "line-opacity": 0.5, "line-width": wide}},
			{ID: "flows-within", Type: "circle", SourceLayer: "flows_within", Paint: circles("#00703c", wide)},
		}
	}
	colour := map[string]string{"contributions": "#0b4375", "needs": "#f47738", "stories": "#d53880", "hubs": "#28a197"}[group]
	radius := any(grown(4, 22))
	if group == "hubs" {
		radius = 8
	}
	return []StyleLayer{{ID: group, Type: "circle", Paint: circles(colour, radius)}}
}

// colours are the colours of cells: by zoom, as its resolution has classes of
// its own.
func (s *Shown) colours() any {
	if s == nil || len(s.Cells) == 0 {
		return ramp[0]
	}
	field := string(s.Metric)
	if s.Metric == data.MetricQuantity {
		field = "quantity_milli"
	}
	classes := func(breaks []int64) any {
		if len(breaks) < 2 {
			return ClassColour(0, 1)
		}
		e := []any{"step", []any{"get", field}, ramp[0]}
		for i, b := range breaks[1:] {
			e = append(e, b, ClassColour(i+1, len(breaks)))
		}
		return e
	}
	if len(s.Cells) == 1 {
		return classes(s.Cells[0].Breaks)
	}
	byZoom := []any{"step", []any{"zoom"}, classes(s.Cells[0].Breaks)}
	for _, c := range s.Cells[1:] {
		byZoom = append(byZoom, c.MinZoom, classes(c.Breaks))
	}
	return byZoom
}
