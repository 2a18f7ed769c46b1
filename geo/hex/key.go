package hex

import (
	"math"
	"math/bits"

	"github.com/paulmach/orb"
)

// A Key places a cell of resolution 9 or coarser in depth-first order: all
// cells beneath a parent stand together, the parent itself last. Sorted by key,
// the cells of every coarser resolution are contiguous ranges, and finding a
// parent is one "or". The zero Key is no cell; it sorts first.
//
// It holds, from bit 34 down, a set bit, the base cell (7 bits) and nine digits
// of three bits, where 7 stands for "no digit".
type Key uint64

const (
	keyBits  = 34
	keyShift = 18 // of the ninth digit in an H3 index
)

// Key is the cell's key. A cell finer than [Finest] has that of its parent
// there; anything that is not an H3 cell index has none.
func (c Cell) Key() Key {
	if c < 0 || uint64(c)>>59 != 1 {
		return 0
	}
	return 1<<keyBits | Key(uint64(c)>>keyShift)&(1<<keyBits-1)
}

// Res is the resolution of the key's cell.
func (k Key) Res() int {
	return Finest - bits.TrailingZeros64(^uint64(k))/3
}

// Parent is the key of the parent at a resolution. A key that is coarser
// already stays.
func (k Key) Parent(res int) Key { return k | (1<<(3*(Finest-res)) - 1) }

// Cell is the cell of a key; the zero Key has none.
func (k Key) Cell() Cell {
	if k == 0 {
		return 0
	}
	return Cell(1<<59 | uint64(k.Res())<<52 | uint64(k&(1<<keyBits-1))<<keyShift | (1<<keyShift - 1))
}

// Box is a box in units of a ten-millionth of a degree (about a centimetre),
// in which centres of cells are compared, so that every way of asking gives the
// same answer.
type Box struct{ West, South, East, North int32 }

// NewBox returns the points of b, EPSG:4326, with its edges.
func NewBox(b orb.Bound) Box {
	return Box{
		West: int32(math.Ceil(b.Min.Lon() * 1e7)), South: int32(math.Ceil(b.Min.Lat() * 1e7)),
		East: int32(math.Floor(b.Max.Lon() * 1e7)), North: int32(math.Floor(b.Max.Lat() * 1e7)),
	}
}

// Holds reports whether a point lies in the box or on its edge.
func (b Box) Holds(lon, lat int32) bool {
	return lon >= b.West && lon <= b.East && lat >= b.South && lat <= b.North
}

// Overlaps reports whether two boxes have a point in common.
func (b Box) Overlaps(c Box) bool {
	return b.West <= c.East && c.West <= b.East && b.South <= c.North && c.South <= b.North
}

// Around is a box that holds the centres of everything beneath any cell of a
// resolution that touches b: three edges of a cell further in each direction,
// which is more than a cell is wide and its descendants stick out.
func Around(b orb.Bound, res int) Box {
	km := 3 * edgeKm[res]
	north := min(b.Max.Lat()+km/111.2, 85)
	south := max(b.Min.Lat()-km/111.2, -85)
	east := km / 111.2 / math.Cos(max(math.Abs(north), math.Abs(south))*math.Pi/180)
	return NewBox(orb.Bound{Min: orb.Point{max(b.Min.Lon()-east, -180), south}, Max: orb.Point{min(b.Max.Lon()+east, 180), north}})
}

// CentreE7 is the cell's centre in units of a ten-millionth of a degree.
func (c Cell) CentreE7() (lon, lat int32, err error) {
	p, err := c.Centre()
	return int32(math.Round(p.Lon() * 1e7)), int32(math.Round(p.Lat() * 1e7)), err
}

// edgeKm is the average length of a cell's edge by resolution.
var edgeKm = [...]float64{Coarsest: 68.979, 26.072, 9.854, 3.725, 1.406, 0.531, 0.201}

// areaKm2 is the average area of a cell by resolution.
var areaKm2 = [...]float64{Coarsest: 12393, 1770.3, 252.90, 36.129, 5.1613, 0.73733, 0.10533}

// AreaKm2 is the average area of a cell of a resolution in use.
func AreaKm2(res int) float64 { return areaKm2[res] }

// zoomRes are the resolutions at which a map of each zoom is drawn, so that a
// cell is 7 to 25 pixels wide.
var zoomRes = [...]int{3, 3, 3, 3, 4, 5, 5, 6, 6, 7, 8, 8, 9, 9, 9}

// ForZoom returns the resolution at which a map of a zoom is drawn.
func ForZoom(z int) int { return zoomRes[min(z, len(zoomRes)-1)] }

// Suits returns the resolution at which a box is best looked at: the finest
// whose cells over it are no more than some two thousand.
func Suits(b orb.Bound) int {
	const most = 2000
	height := (b.Max.Lat() - b.Min.Lat()) * 111.2
	width := (b.Max.Lon() - b.Min.Lon()) * 111.2 * math.Cos(b.Center().Lat()*math.Pi/180)
	for res := Finest; res > Coarsest; res-- {
		reach := edgeKm[res] * 2 // cells that only touch the box
		if (width+reach)*(height+reach)/areaKm2[res] <= most {
			return res
		}
	}
	return Coarsest
}
