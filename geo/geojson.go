package geo

import (
	"fmt"
	"io"
	"iter"

	"github.com/paulmach/orb"
)

// CRS names a coordinate reference system that files may be in.
type CRS string

// The systems: degrees, longitude first, and metres, easting first.
const (
	WGS84               CRS = "EPSG:4326"
	BritishNationalGrid CRS = "EPSG:27700"
)

// GeoJSONLimits bounds what is read from a file that nobody vouches for. Zero
// means the default.
type GeoJSONLimits struct {
	// Vertices is the most that one geometry may have: 100,000.
	Vertices int
	// FeatureBytes is the most text that one feature, with the space before it,
	// may take: 32 MiB. It bounds the memory used, whatever the file's length.
	FeatureBytes int64
	// Bound is where positions may lie, EPSG:4326: [UK].
	Bound orb.Bound
}

// BoundaryLimits are the limits for boundary files, where one geometry may be
// all of Scotland in full detail, with Rockall.
var BoundaryLimits = GeoJSONLimits{Vertices: 2_000_000, FeatureBytes: 256 << 20,
	Bound: orb.Bound{Min: orb.Point{-14, UK.Min[1]}, Max: UK.Max}}

// Nesting beyond these is refused: of arrays in coordinates and of geometry
// collections, and of anything at all.
const (
	maxGeometryNesting = 4
	maxNesting         = 32
)

// Feature is one GeoJSON feature (RFC 7946, section 3.2).
type Feature struct {
	Index      int            // 1 for the file's first feature
	Line       int            // where it begins, from 1
	ID         string         // as text, if it was a number; "" if none
	Properties map[string]any // values as encoding/json gives them, numbers as json.Number
	Geometry   orb.Geometry   // EPSG:4326, nil if null
	CRS        CRS            // what the file had: Geometry has been converted
	// Guessed: the file named no CRS and its magnitudes said which. GeoJSON
	// without one is EPSG:4326, so only the grid is ever guessed.
	Guessed bool
}

// GeoJSONError says what is wrong with a file, where, and what to do about it.
type GeoJSONError struct {
	Feature int    // from 1; 0 if outside any feature
	Line    int    // from 1
	Offset  int64  // bytes from the start of the file
	Reason  string // a clause that ends with the remedy
	// Fatal: nothing after this can be read. Otherwise the feature is lost and
	// the next one follows.
	Fatal bool
	err   error
}

// Error implements error.
func (e *GeoJSONError) Error() string {
	if e.Feature > 0 {
		return fmt.Sprintf("feature %d (line %d, byte %d): %s", e.Feature, e.Line, e.Offset, e.Reason)
	}
	return fmt.Sprintf("line %d, byte %d: %s", e.Line, e.Offset, e.Reason)
}

// Unwrap returns the reader's own error, if one is the cause.
func (e *GeoJSONError) Unwrap() error { return e.err }

// ReadFeatures reads a FeatureCollection, a Feature or a sequence of Features
// (one after another, as in GeoJSON Text Sequences without the marks) without
// holding more than one feature in memory.
//
// It is strict where libraries are lenient (they make null coordinates the
// Gulf of Guinea): positions are two or more finite numbers within the United
// Kingdom, lines have two points, rings four and are closed, arrays nest as the
// type says, nothing is empty or null but a whole geometry. Rings are neither
// turned nor checked for crossings. A "crs" member (of the 2008 format) is
// believed if it names EPSG:4326, CRS84 or EPSG:27700 and refused otherwise;
// no address in it is ever followed. Positions that are plainly grid metres in
// a file without one are taken so.
//
// A faulty feature yields a [*GeoJSONError] and a Feature with its Index and
// Line; after a Fatal one the sequence ends.
func ReadFeatures(r io.Reader, limits GeoJSONLimits) iter.Seq2[Feature, error] {
	return func(yield func(Feature, error) bool) {
		g := newGeoJSONReader(r, limits)
		if err := g.file(yield); err != nil {
			yield(Feature{Index: g.index}, err)
		}
	}
}

// ReadGeometry reads one GeoJSON geometry object and nothing else, under the
// same rules as [ReadFeatures].
func ReadGeometry(r io.Reader, limits GeoJSONLimits) (orb.Geometry, error) {
	g := newGeoJSONReader(r, limits)
	t, err := g.token()
	if err != nil {
		return nil, err
	}
	geometry, err := g.geometry(t, 1)
	if err != nil {
		return nil, err
	}
	if geometry == nil {
		return nil, g.fault("the geometry is null: give one with coordinates")
	}
	return geometry, g.end()
}
