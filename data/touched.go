package data

import (
	"github.com/paulmach/orb"

	"tributary/geo/hex"
)

// Touched says what a commit has changed of what anyone may see, and where it
// was before and is now.
type Touched struct {
	Version int64 // of the public data with the change
	// Whole may have changed anywhere.
	Whole  Subject
	Places []TouchedPlace
	Codes  []TouchedCode
}

// TouchedPlace is a box in which something of some subjects was or is shown.
type TouchedPlace struct {
	Of  Subject
	Box orb.Bound // EPSG:3857, metres; a point has no size
	// MinZoom and MaxZoom are the zooms at which it is drawn there.
	MinZoom, MaxZoom uint8
}

// TouchedCode is a region, territory or area whose figures have changed.
type TouchedCode struct {
	Of   Subject
	Code string
}

// Nothing reports whether nothing that is shown has changed.
func (t *Touched) Nothing() bool { return t.Whole == 0 && len(t.Places) == 0 && len(t.Codes) == 0 }

// FactsTouched says where facts have changed with a version: where those that
// are gone or changed were, and where those that are new or changed are. Facts
// without a cell, a territory or an area add 0 or "". Each is named once.
type FactsTouched struct {
	Version     int64
	Whole       bool // anywhere: all facts were loaded again
	Cells       []hex.Cell
	Territories []string
	Areas       []string
}
