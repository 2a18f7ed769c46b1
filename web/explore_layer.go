package web

import (
	"net/url"
	"slices"
	"strings"

	"tributary/data"
)

// A layerKind is one thing that the map shows, with the question behind it. The
// sentence, the table and the files are of the same question.
type layerKind struct {
	name, label string
	takes       []string            // filter parameters
	metrics     []string            // what its colours may stand for, the default first
	by          data.Dimension      // the places that its table goes by; "" where it goes by something else
	kinds       []data.BoundaryKind // the boundaries that it is drawn with
}

// The layers that the page treats apart.
const (
	layerHeat        = "heat"
	layerTargetAreas = "target_areas"
	layerActivities  = "activities"
	layerFlows       = "flows"
	layerGaps        = "gaps"
)

// ofActivities is the map of activities, as pages about them lead to it.
var ofActivities = url.Values{"layer": {layerActivities}}

// metricPerHead is pence by the people of a place.
const metricPerHead = "per_head"

var areaKinds = []data.BoundaryKind{data.BoundaryCountyOrUnitary, data.BoundaryDistrict}

// layerKinds are the layers in the order of the page, the default first.
var layerKinds = []layerKind{
	{layerHeat, "Heat map", data.FactParams, []string{"pence", "count"}, data.ByTerritory, nil},
	{"territories", "Territories", data.FactParams, []string{"pence", "count", metricPerHead}, data.ByTerritory, []data.BoundaryKind{data.BoundaryTerritory}},
	{"areas", "Districts and counties", data.FactParams, []string{"pence", "count", metricPerHead}, data.ByArea, areaKinds},
	{layerTargetAreas, "Target areas", data.FactParams, []string{"pence", "count"}, data.ByArea, areaKinds},
	{layerFlows, "Flows", data.FactParams, nil, "", nil},
	{layerActivities, "Activities", data.ActivityParams, nil, "", nil},
	{layerGaps, "Gaps", data.GapParams, nil, "", areaKinds},
}

// ofGiven reports whether the layer tells what was contributed.
func (l layerKind) ofGiven() bool { return slices.Equal(l.takes, data.FactParams) }

// layerNamed finds a layer; "" is the first.
func layerNamed(name string) (layerKind, error) {
	if name == "" {
		return layerKinds[0], nil
	}
	var known []string
	for _, l := range layerKinds {
		if l.name == name {
			return l, nil
		}
		known = append(known, l.name)
	}
	return layerKind{}, data.Invalidf("layer", name, "%q is not a layer of this map: use %s", name, strings.Join(known, ", "))
}

// metricNamed is what the layer's colours stand for; "" is the default.
func (l layerKind) metricNamed(name string) (string, error) {
	switch {
	case name == "" && len(l.metrics) > 0:
		return l.metrics[0], nil
	case name == "" || slices.Contains(l.metrics, name):
		return name, nil
	case len(l.metrics) == 0:
		return "", data.Invalidf("metric", name, "the colours of the layer %s stand for one thing alone: leave it out", l.name)
	case name == metricPerHead && l.name == layerHeat:
		_, err := data.ParseMetric(name)
		return "", err
	}
	return "", data.Invalidf("metric", name, "%q is nothing that the layer %s is coloured by: use %s", name, l.name, strings.Join(l.metrics, ", "))
}

// metricWords say what colours stand for.
var metricWords = map[string]string{"pence": "Pounds", "count": "Contributions", metricPerHead: "Pounds per head"}

// A wayLink is one of several ways to look, as a link.
type wayLink struct {
	Label, URL string
	Chosen     bool
}

// layerChoices lead to the other layers under what of the filter applies to
// them. lost are the words for what does not apply to one of them.
func layerChoices(path string, f data.Filter, view url.Values, now layerKind) (choices []wayLink, lost string) {
	values := f.Values()
	var gone []string
	for _, l := range layerKinds {
		kept := url.Values{}
		for name, v := range values {
			if slices.Contains(l.takes, name) {
				kept[name] = v
			} else if word := strings.ToLower(words(paramWords, name)); !slices.Contains(gone, word) {
				gone = append(gone, word)
			}
		}
		if l.name == layerGaps && len(f.Territory) > 1 {
			kept.Del("territory")
		}
		own := url.Values{"layer": {l.name}, "view": view["view"]}
		if l.name == layerKinds[0].name {
			own.Del("layer")
		}
		if m := view.Get("metric"); slices.Contains(l.metrics, m) {
			own.Set("metric", m)
		}
		choices = append(choices, wayLink{l.label, queryURL(path, kept, own), l.name == now.name})
	}
	slices.Sort(gone)
	return choices, strings.Join(gone, ", ")
}

// metricChoices lead to the other things that the layer's colours may stand for.
func metricChoices(path string, f data.Filter, view url.Values, l layerKind, metric string) (choices []wayLink) {
	if len(l.metrics) < 2 {
		return nil
	}
	for i, m := range l.metrics {
		own := url.Values{"layer": view["layer"], "view": view["view"], "sort": view["sort"], "metric": {m}}
		if i == 0 {
			own.Del("metric")
		}
		choices = append(choices, wayLink{metricWords[m], pageURL(path, f, own), m == metric})
	}
	return choices
}
