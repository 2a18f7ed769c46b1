package tiles

// Style is a MapLibre style document (version 8): enough to look at the layers
// in any client. The map page adds its own interaction.
type Style struct {
	Version int               `json:"version"`
	Name    string            `json:"name"`
	Center  [2]float64        `json:"center"`
	Zoom    float64           `json:"zoom"`
	Sources map[string]Vector `json:"sources"`
	Layers  []StyleLayer      `json:"layers"`
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

// DefaultStyle draws territories, regions and activities from tiles at url, a
// template with {z}, {x} and {y}. It names no glyphs: MapLibre draws the
// letters in the browser with the fonts of the page.
func DefaultStyle(url, attribution string) Style {
	single := []any{"==", []any{"get", "count"}, 1}
	return Style{
		Version: 8, Name: "Tributary", Center: [2]float64{-3.4, 54.8}, Zoom: 4.6,
		Sources: map[string]Vector{"tributary": {Type: "vector", Tiles: []string{url}, MaxZoom: 14, Attribution: attribution, PromoteID: "id"}},
		Layers: []StyleLayer{
			{ID: "sea", Type: "background", Paint: map[string]any{"background-color": "#dbe7ee"}},
			{ID: "territories", Type: "fill", Source: "tributary", SourceLayer: "territories", Paint: map[string]any{"fill-color": "#f7f5ef"}},
			{ID: "territories-outline", Type: "line", Source: "tributary", SourceLayer: "territories", Paint: map[string]any{"line-color": "#7a8790", "line-width": 0.8}},
			{ID: "regions-outline", Type: "line", Source: "tributary", SourceLayer: "regions", Paint: map[string]any{"line-color": "#46525a", "line-width": 1.4}},
			{ID: "activity-cells", Type: "fill", Source: "tributary", SourceLayer: "activity_cells", MinZoom: 11, Paint: map[string]any{"fill-color": "#1d70b8", "fill-opacity": 0.15}},
			{ID: "activities", Type: "circle", Source: "tributary", SourceLayer: "activities", Paint: map[string]any{
				"circle-color": "#1d70b8", "circle-stroke-color": "#ffffff", "circle-stroke-width": 1,
				"circle-blur":   []any{"case", []any{"all", single, []any{"!=", []any{"get", "level"}, "exact"}}, 0.8, 0},
				"circle-radius": []any{"case", single, 5, []any{"min", 26, []any{"+", 8, []any{"*", 2, []any{"ln", []any{"get", "count"}}}}}}}},
			{ID: "territories-name", Type: "symbol", Source: "tributary", SourceLayer: "territories_label", Layout: map[string]any{
				"text-field": []any{"get", "name"}, "text-font": []string{"Noto Sans"}, "text-size": 12}, Paint: map[string]any{
				"text-halo-color": "#ffffff", "text-halo-width": 1.5}},
		},
	}
}
