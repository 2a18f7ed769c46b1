package geo

import (
	"fmt"
	"strconv"

	"github.com/paulmach/orb/maptile"
)

// MaxZoom is the deepest zoom at which tiles are made; MapLibre overzooms from
// there. At zoom 14 a 512 pixel tile's pixel is about 3 metres wide in Norfolk.
const MaxZoom = 14

// ParseTile reads a tile address of the Web Mercator quad (EPSG:3857, XYZ
// order). It refuses zooms over [MaxZoom] and columns or rows outside the
// world at that zoom.
func ParseTile(z, x, y string) (maptile.Tile, error) {
	zz, err := strconv.ParseUint(z, 10, 8)
	if err != nil || zz > MaxZoom {
		return maptile.Tile{}, fmt.Errorf("zoom %q is not served: zooms run from 0 to %d", z, MaxZoom)
	}
	side := uint64(1) << zz
	xx, errX := strconv.ParseUint(x, 10, 32)
	yy, errY := strconv.ParseUint(y, 10, 32)
	if errX != nil || errY != nil || xx >= side || yy >= side {
		return maptile.Tile{}, fmt.Errorf("tile %s/%s/%s is outside the world: at zoom %d columns and rows run from 0 to %d", z, x, y, zz, side-1)
	}
	return maptile.New(uint32(xx), uint32(yy), maptile.Zoom(zz)), nil
}
