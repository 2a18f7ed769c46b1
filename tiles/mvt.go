package tiles

import (
	"encoding/binary"
	"math"
)

// extent is how many units wide a tile is.
const extent = 4096

// The geometry types and commands of MVT 2.1, sections 4.3.4 and 4.3.3.
const (
	geomPoint   = 1
	geomLine    = 2
	geomPolygon = 3

	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// writer writes one layer of a tile in the form of Mapbox Vector Tile 2.1
// (https://github.com/mapbox/vector-tile-spec/tree/master/2.1), feature after
// feature. The bytes depend on what is written and its order alone. Texts must
// be valid UTF-8.
//
// A feature is begun, tagged, given its geometry and ended.
type writer struct {
	name     string
	keys     []string
	features []byte
	values   []byte
	count    uint32 // values
	numbers  map[uint64]uint32
	negative map[int64]uint32
	texts    map[string]uint32

	// The feature at work:
	id       uint64
	tags     []byte
	kind     byte
	geometry []byte
	at       [2]int32
	written  int
}

func newWriter(name string) *writer {
	return &writer{name: name, numbers: map[uint64]uint32{}, negative: map[int64]uint32{}, texts: map[string]uint32{}}
}

// key returns the number of a name for tags. Call it once a name.
func (w *writer) key(name string) uint32 {
	w.keys = append(w.keys, name)
	return uint32(len(w.keys) - 1)
}

// begin begins a feature of a geometry type; an id of 0 is none.
func (w *writer) begin(kind byte, id uint64) {
	w.kind, w.id, w.tags, w.geometry, w.at = kind, id, w.tags[:0], w.geometry[:0], [2]int32{}
}

// whole tags the feature with a whole number.
func (w *writer) whole(key uint32, v int64) {
	var n uint32
	var ok bool
	if v >= 0 {
		if n, ok = w.numbers[uint64(v)]; !ok {
			n = w.value(func(b []byte) []byte { return binary.AppendUvarint(append(b, 5<<3), uint64(v)) })
			w.numbers[uint64(v)] = n
		}
	} else if n, ok = w.negative[v]; !ok {
		n = w.value(func(b []byte) []byte { return binary.AppendVarint(append(b, 6<<3), v) })
		w.negative[v] = n
	}
	w.tag(key, n)
}

// text tags the feature with a text; "" is none.
func (w *writer) text(key uint32, v string) {
	if v == "" {
		return
	}
	n, ok := w.texts[v]
	if !ok {
		n = w.value(func(b []byte) []byte { return appendText(b, 1, v) })
		w.texts[v] = n
	}
	w.tag(key, n)
}

// fraction tags the feature with a number; nil is none.
func (w *writer) fraction(key uint32, v *float64) {
	if v != nil {
		w.tag(key, w.value(func(b []byte) []byte {
			return binary.LittleEndian.AppendUint64(append(b, 3<<3|1), math.Float64bits(*v))
		}))
	}
}

// unique tags the feature with a text that no other feature has.
func (w *writer) unique(key uint32, v string) {
	w.tag(key, w.value(func(b []byte) []byte { return appendText(b, 1, v) }))
}

func (w *writer) tag(key, value uint32) {
	w.tags = binary.AppendUvarint(binary.AppendUvarint(w.tags, uint64(key)), uint64(value))
}

// value adds a value to the layer's table and returns its number.
func (w *writer) value(spell func([]byte) []byte) uint32 {
	var room [64]byte
	w.values = appendBytes(w.values, 4, spell(room[:0]))
	w.count++
	return w.count - 1
}

// point gives the feature a point.
func (w *writer) point(x, y int32) {
	w.command(moveTo, 1)
	w.move(x, y)
}

// line gives the feature a line of two points or more.
func (w *writer) line(points [][2]int32) {
	w.command(moveTo, 1)
	w.move(points[0][0], points[0][1])
	w.command(lineTo, len(points)-1)
	for _, p := range points[1:] {
		w.move(p[0], p[1])
	}
}

// ring gives the feature an exterior ring: three or more points, the first not
// repeated, of a positive area by the surveyor's formula.
func (w *writer) ring(points [][2]int32) {
	w.line(points)
	w.command(closePath, 1)
}

func (w *writer) command(id, count int) {
	w.geometry = binary.AppendUvarint(w.geometry, uint64(count)<<3|uint64(id))
}

func (w *writer) move(x, y int32) {
	w.geometry = binary.AppendVarint(binary.AppendVarint(w.geometry, int64(x-w.at[0])), int64(y-w.at[1]))
	w.at = [2]int32{x, y}
}

// end writes the feature.
func (w *writer) end() {
	size := 2 + 1 + uvarintSize(len(w.tags)) + len(w.tags) + 1 + uvarintSize(len(w.geometry)) + len(w.geometry)
	if len(w.tags) == 0 {
		size -= 2
	}
	if w.id != 0 {
		size += 1 + uvarintSize(int(w.id))
	}
	b := binary.AppendUvarint(append(w.features, 2<<3|2), uint64(size))
	if w.id != 0 {
		b = binary.AppendUvarint(append(b, 1<<3), w.id)
	}
	if len(w.tags) > 0 {
		b = appendBytes(b, 2, w.tags)
	}
	b = append(b, 3<<3, w.kind)
	w.features = appendBytes(b, 4, w.geometry)
	w.written++
}

// layer appends the layer to a tile; one without features is not written.
func (w *writer) layer(tile []byte) []byte {
	if w.written == 0 {
		return tile
	}
	head := append(appendText(nil, 1, w.name), w.features...)
	for _, k := range w.keys {
		head = appendText(head, 3, k)
	}
	head = append(head, w.values...)
	head = binary.AppendUvarint(append(head, 5<<3), extent)
	head = binary.AppendUvarint(append(head, 15<<3), 2)
	return appendBytes(tile, 3, head)
}

func appendBytes(b []byte, field byte, v []byte) []byte {
	return append(binary.AppendUvarint(append(b, field<<3|2), uint64(len(v))), v...)
}

func appendText(b []byte, field byte, v string) []byte {
	return append(binary.AppendUvarint(append(b, field<<3|2), uint64(len(v))), v...)
}

func uvarintSize(v int) int {
	n := 1
	for u := uint64(v); u >= 0x80; u >>= 7 {
		n++
	}
	return n
}

// world is a position in whole units of which the world has 2^worldBits in each
// direction, from its north-western corner: about 4 centimetres at the equator.
// Positions are compared as whole numbers, so that a point lies in exactly one
// tile of each zoom, and two instances never differ.
const worldBits = 30

type world [2]int32

// worldOf projects a longitude and latitude to Web Mercator.
func worldOf(lon, lat float64) world {
	const size = 1 << worldBits
	x := (lon + 180) / 360
	s := math.Sin(lat * math.Pi / 180)
	y := 0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)
	unit := func(v float64) int32 { return int32(min(max(math.Floor(v*size), 0), size-1)) }
	return world{unit(x), unit(y)}
}
