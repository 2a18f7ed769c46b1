// Package tiles turns a tile address into bytes: which layers there are, what
// they hold and at which zooms, how several become one tile, and the TileJSON
// and the style that tell a map of them.
//
// It asks a [Source] for encoded layers and knows nothing of SQL or HTTP. Tiles
// are Mapbox Vector Tiles 2.1, extent 4096, drawn 512 pixels wide. Start
// reading at layer.go.
package tiles

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
)

// Source is what tiles draw on.
type Source interface {
	// Layer encodes one layer of one tile under a filter: zero or more MVT layers,
	// whose concatenation is a tile. The bytes are the same for the same data.
	Layer(ctx context.Context, layer string, t maptile.Tile, f data.Filter) ([]byte, error)
	// Undrawn is how many things of a layer have no place on the map.
	Undrawn(ctx context.Context, layer string) (int, error)
	// Gap answers where a territory's priorities are served, and GapLayer encodes
	// its areas, or its target areas.
	Gap(ctx context.Context, f data.Filter, v data.View) (data.Gap, error)
	GapLayer(ctx context.Context, t maptile.Tile, g *data.Gap, targets bool) ([]byte, error)
	Cells
}

// Cells answers what was contributed where, which is encoded here.
type Cells interface {
	Heat(ctx context.Context, q data.HeatQuery) (data.Heat, error)
	Points(ctx context.Context, q data.PointQuery) (data.FactPoints, error)
	Breakdown(ctx context.Context, f data.Filter, by ...data.Dimension) (data.Breakdown, error)
	// LabelPoints are where the names of territories stand, EPSG:4326, and
	// ValueNames what they are.
	LabelPoints(ctx context.Context) (map[string]orb.Point, error)
	ValueNames(ctx context.Context, values []string) (map[string]string, error)
}

// Tiles makes whole tiles. A tile is whole or it is an error.
type Tiles struct {
	src      Source
	outlines outlines
	// mostSingles is how many contributions a tile tells one by one at most.
	mostSingles int
}

// New makes Tiles that draw on src.
func New(src Source) *Tiles { return &Tiles{src: src, mostSingles: mostSingles} }

// mostBytes is how large a tile may be before it is compressed.
const mostBytes = 2 << 20

// Tile encodes the named layers of a tile, in the order given, each once. A
// tile with nothing in it is empty bytes; one that is too large is an error.
func (t *Tiles) Tile(ctx context.Context, layers []Layer, at maptile.Tile, q Query) ([]byte, error) {
	var out []byte
	for _, l := range layers {
		if int(at.Z) < l.MinZoom {
			continue
		}
		b, err := t.layer(ctx, l, at, q)
		if err != nil {
			return nil, fmt.Errorf("layer %s of tile %d/%d/%d: %w", l.Name, at.Z, at.X, at.Y, err)
		}
		if out = append(out, b...); len(out) > mostBytes {
			return nil, invalid("layer", l.Name, "this tile is larger than %d MB with the layer %s: ask for a deeper zoom, fewer layers or a narrower filter", mostBytes>>20, l.Name)
		}
	}
	return out, nil
}

func (t *Tiles) layer(ctx context.Context, l Layer, at maptile.Tile, q Query) ([]byte, error) {
	switch l.Name {
	case "heat":
		return t.heat(ctx, at, q)
	case "contributions":
		return t.contributions(ctx, at, q)
	case "flows":
		return t.flows(ctx, at, q)
	case "gaps":
		return t.gaps(ctx, at, q)
	}
	return t.src.Layer(ctx, l.Name, at, q.Filter)
}

// Params are the filter parameters that some layer takes, in the order of the
// documentation.
func Params() []string {
	return slices.DeleteFunc(data.ParamNames(), func(name string) bool {
		return !slices.ContainsFunc(Layers, func(l Layer) bool { return l.Name != "towns" && slices.Contains(l.Takes, name) })
	})
}

// ParseLayers reads "territories,activities": known layers, each once.
func ParseLayers(s string) ([]Layer, error) {
	var out []Layer
	seen := map[string]bool{}
	for name := range strings.SplitSeq(s, ",") {
		l, ok := find(name)
		switch {
		case !ok:
			return nil, fmt.Errorf("there is no layer %q: layers are %s", name, strings.Join(Names(), ", "))
		case seen[name]:
			return nil, fmt.Errorf("layer %q is asked for twice: name it once", name)
		}
		seen[name] = true
		out = append(out, l)
	}
	return out, nil
}
