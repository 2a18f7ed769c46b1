package tiles

import (
	"context"
	"slices"

	"tributary/data"
	"tributary/geo"
)

// Layer is something that can be asked for by name. Its encoded form may hold
// several MVT layers, such as outlines and their label points.
type Layer struct {
	Name        string
	Description string
	MinZoom     int
	// Takes names the filter parameters that what it shows is linked to.
	Takes []string
	// Of is everything that its tiles are made from: who keeps one lets go of it
	// when any of that changes there. A filter by target_area adds
	// data.OfTargetAreas, one by priority data.OfPlans. Any may depend on the day,
	// as what is open or in force does.
	Of data.Subject
	// Wide: what it shows may lie elsewhere than what it is made from.
	Wide  bool
	Parts []Part
	// Views names the parameters beside the filter that it takes.
	Views []string
}

func (l Layer) takes(name string) bool { return slices.Contains(l.Takes, name) }
func (l Layer) views(name string) bool { return slices.Contains(l.Views, name) }

// Part is one MVT layer.
type Part struct {
	ID          string
	Description string
	Geometry    string // "Point", "LineString" or "Polygon"
	MinZoom     int
	Fields      map[string]string // name → what it holds, with its unit
}

// Layers lists every layer in drawing order, the lowest first.
var Layers = []Layer{
	{
		Name: "regions", Description: "The 12 regions and nations of the United Kingdom", Takes: data.ActivityParams, Of: data.OfShapes | data.OfCounts,
		Parts: boundaryParts("regions", "Regions", map[string]string{
			"id": "GSS code", "name": "name", "name_cy": "Welsh name", "activities": "activities under the filter", "validated": "of them, validated"}),
	},
	{
		Name: "territories", Description: "The 45 police territories", Takes: data.ActivityParams, Of: data.OfShapes | data.OfCounts,
		Parts: boundaryParts("territories", "Police territories", map[string]string{
			"id": "slug", "name": "name", "name_cy": "Welsh name", "code": "police area code", "region": "GSS code of the region", "activities": "activities under the filter", "validated": "of them, validated"}),
	},
	{
		Name: "areas", Description: "Districts, or counties and unitary authorities where no districts were imported", MinZoom: 3, Takes: data.ActivityParams, Of: data.OfShapes | data.OfCounts,
		Parts: boundaryParts("areas", "Areas", map[string]string{
			"id": "code", "name": "name", "name_cy": "Welsh name", "territory": "slug of the territory", "activities": "activities under the filter", "validated": "of them, validated"}),
	},
	{
		Name: "target_areas", Description: "The target areas of public sets in force today, made of areas whose boundaries are loaded", MinZoom: 3,
		Takes: []string{"region", "territory", "area", "bbox", "target_area"}, Of: data.OfTargetAreas | data.OfShapes,
		Parts: []Part{
			{ID: "target_areas", Description: "Target areas", Geometry: "Polygon", Fields: targetAreaFields},
			{ID: "target_areas_label", Description: "Target areas: where their names stand", Geometry: "Point", Fields: targetAreaFields},
		},
	},
	{
		Name: "gaps", Description: "How the areas of one territory, its target areas or hexagons are served under its plan: under the priority that is named, else where they are served worst", MinZoom: 3,
		Takes: data.GapParams, Views: []string{"by", "baseline", "res"}, Of: data.OfFacts | data.OfActivities | data.OfPlans | data.OfTargetAreas | data.OfShapes, Wide: true,
		Parts: []Part{
			{ID: "gaps", Description: "Areas, target areas or hexagons", Geometry: "Polygon", Fields: gapFields},
			{ID: "gaps_label", Description: "Areas or target areas: where their names stand", Geometry: "Point", Fields: gapFields},
		},
	},
	{
		Name: "towns", Description: "Towns and villages, for finding one's way: the larger the lower the zoom (GeoNames, CC BY 4.0). No filter applies to them", MinZoom: 5,
		Takes: data.ParamNames(), Of: data.OfShapes,
		Parts: []Part{{ID: "towns", Description: "Towns and villages", Geometry: "Point", Fields: map[string]string{
			"name": "name", "population": "people, 0 where not known"}}},
	},
	{
		Name: "activities", Description: "Community activities where they are delivered, no finer than each may be shown", Takes: data.ActivityParams,
		Of: data.OfActivities | data.OfShapes,
		Parts: []Part{
			{ID: "activities", Description: "Activities; below zoom 14 those close together as one point with their count", Geometry: "Point", Fields: map[string]string{
				"count": "places of delivery that this point stands for", "validated": "of them, of validated activities",
				"id": "activity's id, if count is 1", "name": "activity's name, if count is 1", "status": "activity's status, if count is 1",
				"level": "exact, cell, area or territory: what the point stands for, if count is 1"}},
			{ID: "activity_cells", Description: "H3 cells (resolution 8) in which activities are shown no finer", Geometry: "Polygon", MinZoom: 11, Fields: map[string]string{
				"id": "H3 index", "count": "places of delivery in the cell"}},
		},
	},
	{
		Name: "heat", Description: "What was contributed, by H3 cell: each cell whole, in every tile that it touches", Takes: data.FactParams, Views: []string{"res", "metric", "unit"}, Of: data.OfFacts,
		Parts: []Part{
			{ID: "heat_withheld", Description: "Coarser cells in which something may not be told as finely; their figures stand in no cell of heat", Geometry: "Polygon", Fields: cellFields},
			{ID: "heat", Description: "Cells of the zoom's resolution", Geometry: "Polygon", Fields: cellFields},
		},
	},
	{
		Name: "contributions", Description: "What was contributed, at the centres of H3 cells: one by one from zoom 12 in tiles that hold up to 6,000 parts of contributions, else in sums; all add up to what may be shown by cell", Takes: data.FactParams, Of: data.OfFacts,
		Parts: []Part{{ID: "contributions", Description: "Contributions and parts of them, or their sums", Geometry: "Point", Fields: map[string]string{
			"count": "parts of contributions that this point stands for", "pence": "their value", "level": "exact or cell: how finely the place is told", "id": "H3 index, of a sum",
			"type": "type, of one", "measure": "measure's code, of one", "sector": "buyer's sector, of one", "state": "evidence state, of one", "standing": "why it counts, of one",
			"day": "day of delivery, of one", "quantity_milli": "how much, in thousandths of the unit, of one", "unit": "its unit"}}},
	},
	{
		Name: "flows", Description: "What goes from territory to territory, from where the supplier gives or the buyer is (origin); whole but for what is delivered nowhere that may be told", Takes: data.FactParams,
		Of: data.OfFacts | data.OfShapes, Wide: true,
		Parts: []Part{
			{ID: "flows", Description: "Curves from the origin to the place of delivery, between the points where the territories' names stand", Geometry: "LineString", Fields: flowFields},
			{ID: "flows_within", Description: "What stays in its territory, and, without an origin, what comes from nowhere that is told", Geometry: "Point", Fields: flowFields},
		},
	},
	{
		Name: "needs", Description: "What activities need and is open today, each at one place of its activity, no finer than that may be shown",
		Takes: data.NeedParams, Of: data.OfNeeds | data.OfActivities | data.OfShapes,
		Parts: []Part{{ID: "needs", Description: "Needs; below zoom 14 those close together as one point with their count", Geometry: "Point", Fields: map[string]string{
			"count": "needs that this point stands for", "id": "need's id, if count is 1", "activity": "activity's id, if count is 1", "name": "activity's name, if count is 1",
			"type": "type of contribution, if count is 1", "quantity_milli": "how much, in thousandths of the unit, if count is 1 and it is told", "unit": "its unit",
			"status": "open or part_met, if count is 1", "until": "last day, if count is 1 and it is told", "level": "exact, cell, area or territory, if count is 1"}}},
	},
	{
		Name: "stories", Description: "Stories, films and events that may be told, each at one place of its activity, or where its territory's or region's name stands",
		Takes: data.StoryParams, Of: data.OfStories | data.OfActivities | data.OfShapes,
		Parts: []Part{{ID: "stories", Description: "Stories; below zoom 14 those close together as one point with their count", Geometry: "Point", Fields: map[string]string{
			"count": "stories that this point stands for", "id": "document's id, if count is 1", "kind": "story, film or event, if count is 1", "title": "title, if count is 1", "url": "address, if count is 1",
			"activity": "activity's id, if count is 1", "published_on": "day, if count is 1 and it is told", "level": "exact, cell, area, territory or region: what the point stands for, if count is 1"}}},
	},
	{
		Name: "hubs", Description: "The active hubs, at their host's campus in the region where it has one, else where the region's name stands",
		Takes: []string{"region", "territory", "bbox"}, Of: data.OfHubs | data.OfShapes,
		Parts: []Part{{ID: "hubs", Description: "Hubs", Geometry: "Point", Fields: map[string]string{
			"id": "hub's id", "name": "host", "region": "GSS code of the region", "region_name": "name of the region", "commissioned_on": "day", "level": "exact or region: what the point stands for"}}},
	},
}

var gapFields = map[string]string{"id": "code", "name": "name", "priority": "priority's code", "priority_name": "priority's name",
	"state": "no_activity, activity_without_support, below_need, balanced, above_need or insufficient_data", "gaps": "priorities under which the place has no activity, no support or less than its need",
	"score": "share of the flow less share of the need", "lower": "lower end of its 95 % interval", "upper": "upper end", "flow_share": "share of the flow", "need_share": "share of the need",
	"pence": "received", "contributions": "distinct contributions", "activities": "listed activities that serve the priority"}

var flowFields = map[string]string{"id": "origin/destination", "origin": "slug of the territory", "origin_name": "its name", "destination": "slug of the territory of delivery", "destination_name": "its name",
	"count": "parts of contributions", "pence": "their value"}

var cellFields = map[string]string{"id": "H3 index", "count": "parts of contributions", "pence": "their value", "quantity_milli": "how much, in thousandths of the unit that was asked for"}

var targetAreaFields = map[string]string{"id": "code", "name": "name", "set": "name of the set", "basis": "deprivation, crime, serious_violence_assessment or custom", "plan": "plan's id"}

func boundaryParts(id, what string, fields map[string]string) []Part {
	return []Part{
		{ID: id, Description: what, Geometry: "Polygon", Fields: fields},
		{ID: id + "_label", Description: what + ": where their names stand", Geometry: "Point", Fields: map[string]string{
			"id": fields["id"], "name": "name", "name_cy": "Welsh name", "activities": fields["activities"]}},
	}
}

func find(name string) (Layer, bool) {
	for _, l := range Layers {
		if l.Name == name {
			return l, true
		}
	}
	return Layer{}, false
}

// Names lists the layers' names.
func Names() []string {
	names := make([]string, len(Layers))
	for i, l := range Layers {
		names[i] = l.Name
	}
	return names
}

// TileJSON describes layers to a map, in the form of TileJSON 3.0.0
// (https://github.com/mapbox/tilejson-spec).
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Description  string        `json:"description,omitempty"`
	Version      string        `json:"version"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"` // west, south, east, north; degrees
	Center       [3]float64    `json:"center"` // longitude, latitude, zoom
	Attribution  string        `json:"attribution,omitempty"`
	VectorLayers []VectorLayer `json:"vector_layers"`
	// Shown says, by layer, what those that are drawn from contributions show and
	// cannot show.
	Shown map[string]*Shown `json:"shown,omitempty"`
	// Undrawn is how many things have no place on the map, by layer, whatever the
	// filter: target areas of areas whose boundaries are not loaded, stories of
	// nowhere.
	Undrawn map[string]int `json:"undrawn,omitempty"`
}

// VectorLayer is one MVT layer in a [TileJSON].
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// Describe makes the TileJSON of layers whose tiles are found at url, a
// template with {z}, {x} and {y}.
func Describe(layers []Layer, url, attribution string) TileJSON {
	tj := TileJSON{
		TileJSON: "3.0.0", Version: "1.0.0", Scheme: "xyz", Tiles: []string{url}, MinZoom: geo.MaxZoom, MaxZoom: geo.MaxZoom,
		Bounds: [4]float64{geo.UK.Min[0], geo.UK.Min[1], geo.UK.Max[0], geo.UK.Max[1]}, Center: [3]float64{-3.4, 54.8, 4.6},
		Attribution: attribution,
	}
	for i, l := range layers {
		if i > 0 {
			tj.Name += ", "
		}
		tj.Name += l.Name
		tj.MinZoom = min(tj.MinZoom, l.MinZoom)
		for _, p := range l.Parts {
			tj.VectorLayers = append(tj.VectorLayers, VectorLayer{
				ID: p.ID, Description: p.Description, MinZoom: max(l.MinZoom, p.MinZoom), MaxZoom: geo.MaxZoom, Fields: p.Fields})
		}
	}
	if len(layers) == 1 {
		tj.Description = layers[0].Description
	}
	return tj
}

// Tell completes a description with what the layers show and cannot show.
func (t *Tiles) Tell(ctx context.Context, tj *TileJSON, layers []Layer, q Query) error {
	tj.Shown, tj.Undrawn = map[string]*Shown{}, map[string]int{}
	for _, l := range layers {
		shown, err := t.Shown(ctx, l, q)
		if err != nil {
			return err
		}
		if shown != nil {
			tj.Shown[l.Name] = shown
		}
		if l.Name == "target_areas" || l.Name == "stories" {
			if tj.Undrawn[l.Name], err = t.src.Undrawn(ctx, l.Name); err != nil {
				return err
			}
		}
	}
	return nil
}
