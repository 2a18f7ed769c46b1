package web

import (
	"context"
	"net/url"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/tiles"
)

// exploreFlows tells where value goes from and to.
func (s *Server) exploreFlows(ctx context.Context, x exploring, c *exploreContent) error {
	by, err := data.ParseDimensions(flowDims(x.filter), x.filter)
	if err != nil {
		return err
	}
	f, err := s.flowOf(ctx, x.filter, by, data.DefaultTop)
	if err != nil {
		return err
	}
	points, err := s.src.LabelPoints(ctx)
	if err != nil {
		return err
	}
	g, err := data.AskGiven(ctx, s.src, x.filter, data.ByTerritory)
	if err != nil {
		return err
	}
	c.Evidence = evidenceOf(g)
	if c.Time, err = s.timelineOf(ctx, x.path, x.filter, x.view); err != nil {
		return err
	}
	c.Sentence, c.NoMatch = f.Sentence, f.Total.Count == 0
	c.Table = flowTable(f, labelPoints(points))
	c.Map.Bounds = formatBounds(boundOfArrows(c.Table.Rows))
	c.Keys = flowKeys()
	c.Map.Alt = "Map of the largest flows between police territories. The table has the figures."
	c.Files = files("/api/v1/flow", x.filter, url.Values{"dims": {flowDims(x.filter)}, "top": {"0"}}, "csv", "xlsx", "geojson")
	return nil
}

// flowDims is from whose place flows go.
func flowDims(f data.Filter) string {
	if f.Origin == data.OriginBuyer {
		return "buyer_territory,territory"
	}
	return "supplier_territory,territory"
}

// labelPoints are where the names of places stand, EPSG:4326, by code.
type labelPoints map[string]orb.Point

// at is "longitude,latitude"; empty for a place that is not known.
func (p labelPoints) at(code string) string {
	at, ok := p[code]
	if !ok {
		return ""
	}
	return decimals(at.Lon(), 4) + "," + decimals(at.Lat(), 4)
}

// flowTable is the table of the largest flows, with the ends of each arrow.
func flowTable(f data.Flow, points labelPoints) exploreTable {
	t := exploreTable{Title: "The largest flows", Columns: []column{{Name: "name", Label: "From and to"}, {Name: "value", Label: "Value", Numeric: true}, {Name: "share", Label: "Share", Numeric: true}, {Name: "count", Label: "Contributions", Numeric: true}}}
	cells := func(g data.Figure, share float64) []tableCell {
		return []tableCell{moneyCell("Value", g.Pence), {Label: "Share", Numeric: true, Text: fixed(share*100, 1) + "%", sort: share}, countCell("Contributions", int(g.Count))}
	}
	for _, r := range f.Rows {
		value := int64(r.Pence)
		row := tableRow{ID: strings.Join(r.Values, "/"), Name: strings.Join(r.Names, " to "), Value: &value, Cells: cells(r.Figure, r.Share), URL: contributionsURL(r.Link)}
		row.From, row.To = points.at(r.Values[0]), points.at(r.Values[1])
		t.Rows = append(t.Rows, row)
	}
	for _, rest := range restOf(f) {
		t.Rest = append(t.Rest, tableRow{Name: rest.name, Cells: cells(rest.Figure, rest.share)})
	}
	t.Rest = append(t.Rest, tableRow{Name: "All of it", Cells: cells(f.Total, 1)})
	t.Note = "Flows go from the supplier’s site, where it is told, to the place of delivery."
	return t
}

// boundOfArrows is the box of the ends of all arrows, with room for their bends;
// empty where there are none.
func boundOfArrows(rows []tableRow) (box orb.Bound) {
	for _, row := range rows {
		from, okFrom := readPoint(row.From)
		to, okTo := readPoint(row.To)
		if !okFrom || !okTo {
			continue
		}
		if box.IsZero() {
			box = from.Bound()
		}
		box = box.Extend(from).Extend(to)
	}
	if box.IsZero() {
		return box
	}
	return box.Pad(0.6)
}

// flowRest is what no row of a flow shows.
type flowRest struct {
	name string
	data.Figure
	share float64
}

func restOf(f data.Flow) (out []flowRest) {
	for _, x := range []flowRest{{name: plural(f.Others, "smaller flow", "smaller flows"), Figure: f.Other}, {name: "Nobody said where", Figure: f.Unallocated}, {name: "May not be shown as finely", Figure: f.Withheld}} {
		if x.Count > 0 {
			if f.Total.Pence > 0 {
				x.share = float64(x.Pence) / float64(f.Total.Pence)
			}
			out = append(out, x)
		}
	}
	return out
}

// exploreGaps tells how the places of a territory are served under its plan.
func (s *Server) exploreGaps(ctx context.Context, x exploring, c *exploreContent) error {
	if len(x.filter.Territory) != 1 {
		c.Sentence = "Gaps are told for one police territory at a time, under its own plan."
		c.Hint = "Choose a police territory in the filters and apply them, or select one in the table."
		c.Table = exploreTable{Title: "Choose a territory", Columns: []column{{Name: "name", Label: "Police territory"}, {Name: "within", Label: "Region"}}}
		for _, p := range territoryPlaces(x) {
			link := queryURL(x.path, x.filter.Values(), x.view, url.Values{"territory": {p.code}, "sort": nil})
			c.Table.Rows = append(c.Table.Rows, tableRow{ID: p.code, Name: p.name, NameCy: p.nameCy, URL: link, Cells: []tableCell{textCell("Region", p.within)}})
		}
		c.Map.Alt = "Map of the 45 police territories."
		return nil
	}
	var by data.View
	g, err := s.src.Gap(ctx, x.filter, by)
	if err == nil && onePlace(g) {
		// One county alone has all of the need and all that was given.
		by.By = "cell"
		g, err = s.src.Gap(ctx, x.filter, by)
	}
	if err != nil {
		return err
	}
	c.Sentence, c.NoMatch = g.Sentence, len(g.Cells) == 0
	c.Table = gapPlacesTable(&g, by.By == "cell")
	c.Keys = gapKeys()
	c.Map.Alt = "Map of the places of the territory, coloured by how they are served under its plan. The table says each in words."
	c.Files = files("/api/v1/gap", x.filter, url.Values{"by": {by.By}}, "csv", "xlsx", "json")
	layers, err := tiles.ParseLayers(layerGaps)
	if err != nil {
		return err
	}
	q, err := tiles.NewQuery(layers, x.filter, by)
	c.Map.Over = s.overTiles(layers, q)
	return err
}

// gapPlacesTable lists each place where it stands worst.
func gapPlacesTable(g *data.Gap, cells bool) exploreTable {
	t := exploreTable{Title: "How each place is served", Columns: []column{{Name: "name", Label: "Place"}, {Name: "state", Label: "Worst state"}, {Name: "priority", Label: "Priority"}, {Name: "gaps", Label: "Priorities with a gap", Numeric: true}, {Name: "value", Label: "Received under it", Numeric: true}}}
	for _, p := range g.Places() {
		w, link := p.Worst, ""
		if !cells {
			link = placeURL(w.Place)
		}
		t.Rows = append(t.Rows, tableRow{ID: w.Place, Name: w.PlaceName, URL: link, State: string(w.State), Cells: []tableCell{
			textCell("Worst state", gapStateWords[w.State]), textCell("Priority", w.PriorityName), countCell("Priorities with a gap", p.Gaps), moneyCell("Received under it", w.Pence)}})
	}
	t.Note = "Need is measured by " + g.Baseline.Title + ". A gap is no activity, no support, or clearly less than the need."
	return t
}

// exploreTargetAreas tells what was given in target areas, where their areas are
// those in force.
func (s *Server) exploreTargetAreas(ctx context.Context, x exploring, g data.Given, c *exploreContent) error {
	targets, err := s.src.TargetAreas(ctx, x.filter)
	if err != nil {
		return err
	}
	given := map[string]data.GivenRow{}
	for _, r := range g.Rows {
		given[r.Code] = r
	}
	t := exploreTable{Title: "Contributions in target areas", Columns: []column{{Name: "name", Label: "Target area"}, {Name: "set", Label: "Set"}, {Name: "basis", Label: "Chosen for"}, {Name: "value", Label: "Value", Numeric: true}, {Name: "count", Label: "Contributions", Numeric: true}}}
	undrawn := 0
	for _, target := range targets {
		row := tableRow{ID: target.Code, Name: target.Name, Cells: []tableCell{textCell("Set", target.Set), textCell("Chosen for", words(basisWords, target.Basis)), {Label: "Value", Numeric: true, Text: "not known", Zero: true, sort: -1}, {Label: "Contributions", Numeric: true, Text: "not known", Zero: true, sort: -1}}}
		if target.Drawn {
			var sum data.Figure
			for _, code := range target.Areas {
				sum.Add(given[code].Figure)
			}
			row.Value = valueOf(data.GivenRow{Figure: sum}, x.metric)
			row.Cells[2], row.Cells[3] = moneyCell("Value", sum.Pence), countCell("Contributions", int(sum.Count))
		} else {
			undrawn++
		}
		t.Rows = append(t.Rows, row)
	}
	t.Note = "Target areas may overlap, so the column adds up to more or less than the total."
	if undrawn > 0 {
		c.Hint = plural(undrawn, "target area is", "target areas are") + " made of areas whose boundaries are not loaded here, so what was given there is not known and they are not on the map. Whoever runs this service can import the boundaries of those areas, mostly districts."
		c.HintURL, c.HintLink = "/help#import", "How importing works"
	}
	if len(targets) == 0 {
		c.Hint = "No target areas are on record here. They come with a territory’s plan."
	}
	c.Table = t
	layers, err := tiles.ParseLayers(layerTargetAreas)
	if err != nil {
		return err
	}
	// Their tiles know of places alone.
	q, err := tiles.NewQuery(layers, data.Filter{Region: x.filter.Region, Territory: x.filter.Territory, Area: x.filter.Area, TargetArea: x.filter.TargetArea}, data.View{})
	c.Map.Over = s.overTiles(layers, q)
	return err
}

var basisWords = map[string]string{"serious_violence_assessment": "Serious violence", "custom": "Other reasons"}

// contributionsURL is the page of the contributions behind a figure, from the
// API's address of the same.
func contributionsURL(api string) string {
	return strings.Replace(api, "/api/v1/contributions", "/contributions", 1)
}
