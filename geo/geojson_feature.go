package geo

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/paulmach/orb"
)

type yieldFeature func(Feature, error) bool

// errStopped says that the caller wants no more.
var errStopped = errors.New("stopped")

// file reads top-level values until the end.
func (g *geojsonReader) file(yield yieldFeature) error {
	for first := true; ; first = false {
		if !first && !g.dec.More() {
			if err := g.end(); err != nil {
				return err
			}
			return nil
		}
		t, err := g.token()
		if err != nil {
			if first && errors.Is(err, io.ErrUnexpectedEOF) && g.dec.InputOffset() == 0 {
				return g.fatal(err, "the file is empty: give a GeoJSON FeatureCollection")
			}
			return err
		}
		if t != json.Delim('{') {
			return g.fault("the file does not begin as an object: give a GeoJSON FeatureCollection")
		}
		collection, err := g.top(yield)
		if errors.Is(err, errStopped) {
			return nil
		}
		if err != nil {
			return err
		}
		if collection {
			return g.end()
		}
	}
}

// top reads a FeatureCollection or a lone Feature, whose opening brace has been
// read. Members come in any order.
func (g *geojsonReader) top(yield yieldFeature) (collection bool, err error) {
	var f featureParts
	var kind string
	seen := make(map[string]bool)
	depth := g.depth - 1
	g.src.pass(g.dec.InputOffset())
	line := g.src.line
	err = g.object(func(key string) (err error) {
		seen[key] = true
		if seen["features"] && key != "type" && key != "features" && key != "crs" {
			return g.skip()
		}
		switch key {
		case "type":
			kind, err = g.text(`"type"`)
			return err
		case "features":
			// A collection may have an id or properties of its own.
			g.inside, g.index = false, 0
			return g.features(yield)
		case "crs":
			return g.readCRS()
		case "geometry", "properties", "id":
			if !g.inside {
				g.inside = true
				g.index++
			}
		}
		return f.member(g, key)
	})
	lone := g.inside
	if lone && err != nil {
		return false, g.recover(line, depth, err, yield)
	}
	g.inside = false
	switch {
	case err != nil:
		return false, err
	case kind == "FeatureCollection" && seen["features"]:
		return true, nil
	case kind == "Feature" && lone:
		return false, g.emit(f.feature(g, line), nil, yield)
	case kind == "":
		return false, g.fault(`there is no "type": give a GeoJSON FeatureCollection`)
	}
	return false, g.fault("%q without features is not a file of features: give a GeoJSON FeatureCollection", clip(kind))
}

// emit hands a feature or its fault over.
func (g *geojsonReader) emit(f Feature, err error, yield yieldFeature) error {
	g.inside = false
	g.src.begin(g.dec.InputOffset())
	if !yield(f, err) {
		return errStopped
	}
	return nil
}

// recover hands over a fault that spoils only its feature and reads on to the
// feature's end; it passes a fatal one on.
func (g *geojsonReader) recover(line, depth int, err error, yield yieldFeature) error {
	fault := (*GeoJSONError)(nil)
	if !errors.As(err, &fault) || fault.Fatal {
		return err
	}
	if err := g.skipTo(depth); err != nil {
		fault.Fatal = true // the first fault is the one to mend
		return fault
	}
	return g.emit(Feature{Index: g.index, Line: line}, err, yield)
}

// features reads the array of a FeatureCollection.
func (g *geojsonReader) features(yield yieldFeature) error {
	t, err := g.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return g.fault(`"features" must be a list: export the file again as GeoJSON`)
	}
	depth := g.depth
	for g.dec.More() {
		g.src.begin(g.dec.InputOffset())
		g.index++
		g.inside = true
		f, line, err := g.feature()
		if err != nil {
			err = g.recover(line, depth, err, yield)
		} else {
			err = g.emit(f, nil, yield)
		}
		if err != nil {
			return err
		}
	}
	_, err = g.token()
	return err
}

func (g *geojsonReader) feature() (Feature, int, error) {
	t, err := g.token()
	g.src.pass(g.dec.InputOffset())
	line := g.src.line
	if err != nil {
		return Feature{}, line, err
	}
	if t != json.Delim('{') {
		return Feature{}, line, g.fault("this is not a feature: each must be an object of type Feature")
	}
	var parts featureParts
	var kind string
	err = g.object(func(key string) (err error) {
		if key == "type" {
			kind, err = g.text(`"type"`)
			return err
		}
		return parts.member(g, key)
	})
	switch {
	case err != nil:
		return Feature{}, line, err
	case kind != "Feature":
		return Feature{}, line, g.fault("%q is not the type of a feature: each must be a Feature", clip(kind))
	case !parts.hasGeometry:
		return Feature{}, line, g.fault(`there is no "geometry": give one, or null`)
	}
	return parts.feature(g, line), line, nil
}

// featureParts is a feature being read.
type featureParts struct {
	id          string
	properties  map[string]any
	geometry    orb.Geometry
	hasGeometry bool
}

func (f *featureParts) feature(g *geojsonReader, line int) Feature {
	if g.crs == "" {
		g.crs = WGS84
	}
	return Feature{Index: g.index, Line: line, ID: f.id, Properties: f.properties, Geometry: f.geometry, CRS: g.crs, Guessed: g.guessed}
}

func (f *featureParts) member(g *geojsonReader, key string) error {
	switch key {
	case "id":
		t, err := g.token()
		if err != nil {
			return err
		}
		switch v := t.(type) {
		case string:
			f.id = v
		case json.Number:
			f.id = v.String()
		default:
			return g.fault(`"id" must be text or a number`)
		}
		return nil
	case "properties":
		v, err := g.value()
		if err != nil {
			return err
		}
		properties, ok := v.(map[string]any)
		if !ok && v != nil {
			return g.fault(`"properties" must be an object or null`)
		}
		f.properties = properties
		return nil
	case "geometry":
		t, err := g.token()
		if err != nil {
			return err
		}
		f.hasGeometry = true
		f.geometry, err = g.geometry(t, 1)
		return err
	}
	return g.skip()
}

// The spellings of a CRS name: "EPSG:27700", "urn:ogc:def:crs:EPSG::27700",
// "urn:ogc:def:crs:OGC:1.3:CRS84", "http://www.opengis.net/def/crs/EPSG/0/27700".
var crsName = regexp.MustCompile(`(?i)^(?:urn:(?:ogc|x-ogc):def:crs:|https?://www\.opengis\.net/def/crs/)?(EPSG|OGC)[:/][0-9.]*[:/]?(4326|27700|CRS84)$`)

// readCRS reads the "crs" member of GeoJSON 2008. Its links are not followed.
func (g *geojsonReader) readCRS() error {
	v, err := g.value()
	if err != nil || v == nil {
		return err
	}
	member, _ := v.(map[string]any)
	properties, _ := member["properties"].(map[string]any)
	name, _ := properties["name"].(string)
	m := crsName.FindStringSubmatch(strings.TrimSpace(name))
	if m == nil {
		return g.fatal(nil, "the coordinate reference system %q is not read: export the file in EPSG:4326 (or EPSG:27700)", clip(name))
	}
	crs := WGS84
	if m[2] == "27700" {
		crs = BritishNationalGrid
	}
	if g.crs != "" && g.crs != crs {
		return g.fatal(nil, `"crs" says %s after features that were read as %s: put "crs" before "features"`, crs, g.crs)
	}
	g.crs, g.named, g.guessed = crs, true, false
	return nil
}
