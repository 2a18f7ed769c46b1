package tiles

import (
	"testing"

	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"

	"tributary/geo"
)

// A point is in exactly one tile of each zoom, on the edges of tiles too, and in
// one that lies in that of the zoom before.
func TestPointsAreInOneTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string) int32 {
			edge := rapid.IntRange(1, 1<<geo.MaxZoom-1).Draw(t, name) << (worldBits - geo.MaxZoom)
			return int32(edge + rapid.SampledFrom([]int{0, 0, -1, 1, 8, -16, 4095}).Draw(t, name+" off"))
		}
		p := world{at("x"), at("y")}
		var above maptile.Tile
		for z := maptile.Zoom(0); z <= geo.MaxZoom; z++ {
			side := worldBits - int(z)
			here := maptile.New(uint32(p[0]>>side), uint32(p[1]>>side), z)
			found := 0
			for dx := -1; dx <= 1; dx++ {
				for dy := -1; dy <= 1; dy++ {
					x, y := int(here.X)+dx, int(here.Y)+dy
					if x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
						continue
					}
					if ux, uy, ok := windowOf(maptile.New(uint32(x), uint32(y), z)).holds(p); ok {
						if found++; ux < 0 || uy < 0 || ux >= extent || uy >= extent || dx != 0 || dy != 0 {
							t.Fatalf("zoom %d: %v is at %d, %d of the tile %d, %d away", z, p, ux, uy, dx, dy)
						}
					}
				}
			}
			if found != 1 || z > 0 && here.Parent() != above {
				t.Fatalf("zoom %d: %v is in %d tiles", z, p, found)
			}
			above = here
		}
	})
}

// What is left of a ring lies in the tile with its margin, and covers what the
// ring covers of it.
func TestClipping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := windowOf(maptile.New(5, 9, 5))
		side := int64(1) << (worldBits - 5)
		// A square that is larger or smaller than the tile, somewhere around it.
		size := rapid.Int64Range(side/64, 3*side).Draw(t, "size")
		x, y := rapid.Int64Range(w.west-2*side, w.west+2*side).Draw(t, "x"), rapid.Int64Range(w.north-2*side, w.north+2*side).Draw(t, "y")
		ring := []world{{int32(x), int32(y)}, {int32(x + size), int32(y)}, {int32(x + size), int32(y + size)}, {int32(x), int32(y + size)}}
		out := w.clip(ring, nil)
		units := func(v int64) int64 { return (v + 1<<w.shift>>1) >> w.shift }
		within := func(v int64) int64 { return min(max(units(v), -margin), extent+margin) }
		want := (within(x+size-w.west) - within(x-w.west)) * (within(y+size-w.north) - within(y-w.north))
		if got := area2(out) / 2; got != want {
			t.Fatalf("%v covers %d, want %d", out, got, want)
		}
		for _, p := range out {
			if p[0] < -margin || p[1] < -margin || p[0] > extent+margin || p[1] > extent+margin {
				t.Fatalf("%v lies outside", p)
			}
		}
	})
}
