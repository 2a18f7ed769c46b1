package tiles

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Verify reports what in a tile is not as Mapbox Vector Tile 2.1 demands
// (https://github.com/mapbox/vector-tile-spec/tree/master/2.1), nil if nothing,
// and more: what the specification merely advises, or leaves to decoders, is an
// error too, as we write tiles and have no need of leniency.
func Verify(tile []byte) error { return verifier{version: 2, strict: true}.tile(tile) }

// Valid reports what in a tile is not as version 1 or 2 of the specification
// demands.
func Valid(tile []byte, version int) error { return verifier{version: version}.tile(tile) }

// verifier verifies tiles.
type verifier struct {
	version int  // of the specification
	strict  bool // what is advised too
}

// advised is an error if what is advised is verified.
func (v verifier) advised(says string, args ...any) error {
	if !v.strict {
		return nil
	}
	return fmt.Errorf(says, args...)
}

func (v verifier) tile(tile []byte) error {
	names := map[string]bool{}
	return eachField(tile, func(number int, wire int, _ uint64, b []byte) error {
		if number != 3 || wire != 2 {
			return fmt.Errorf("field %d of the tile: it has layers alone, in field 3", number)
		}
		name, err := v.layer(b)
		switch {
		case err != nil:
			return fmt.Errorf("layer %q: %w", name, err)
		case names[name]:
			return fmt.Errorf("layer %q is there twice", name)
		}
		names[name] = true
		return nil
	})
}

// eachField yields the fields of a protocol buffer's message.
func eachField(b []byte, yield func(number, wire int, v uint64, b []byte) error) error {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 || tag>>3 == 0 || tag>>3 > 1<<29-1 {
			return errors.New("a field's number breaks off or is none")
		}
		b = b[n:]
		var v uint64
		var part []byte
		size := 0
		switch wire := int(tag & 7); wire {
		case 0:
			if v, size = binary.Uvarint(b); size <= 0 {
				return fmt.Errorf("field %d: a number breaks off", tag>>3)
			}
		case 1, 5:
			if size = 8; wire == 5 {
				size = 4
			}
			if len(b) < size {
				return fmt.Errorf("field %d breaks off", tag>>3)
			}
			part = b[:size]
		case 2:
			length, m := binary.Uvarint(b)
			if m <= 0 || length > uint64(len(b)-m) {
				return fmt.Errorf("field %d: it is said to be longer than what there is", tag>>3)
			}
			size = m + int(length)
			part = b[m:size]
		default:
			return fmt.Errorf("field %d is of the wire type %d", tag>>3, wire)
		}
		if err := yield(int(tag>>3), int(tag&7), v, part); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}

// layerParts is a layer, taken apart.
type layerParts struct {
	verifier
	name         string
	named        bool
	number       uint64 // its version
	versioned    bool
	extent       uint64
	features     [][]byte
	keys, values int
	keySeen      map[string]bool
	ids          map[uint64]bool
}

func (v verifier) layer(b []byte) (string, error) {
	l := layerParts{verifier: v, extent: extent, keySeen: map[string]bool{}, ids: map[uint64]bool{}}
	if err := eachField(b, l.take); err != nil {
		return l.name, err
	}
	switch {
	case !l.named:
		return "", errors.New("it has no name")
	case l.name == "":
		return "", errors.New("its name is empty")
	case !l.versioned:
		return l.name, errors.New("it has no version")
	case l.number != 2 && l.number != 1 || l.strict && l.number != 2:
		return l.name, fmt.Errorf("it is of version %d", l.number)
	case l.extent == 0:
		return l.name, errors.New("its extent is 0")
	case len(l.features) == 0:
		return l.name, l.advised("it has no features")
	}
	for i, f := range l.features {
		if err := l.feature(f); err != nil {
			return l.name, fmt.Errorf("feature %d: %w", i, err)
		}
	}
	return l.name, nil
}

func (l *layerParts) take(number, wire int, v uint64, b []byte) error {
	want := map[int]int{1: 2, 2: 2, 3: 2, 4: 2, 5: 0, 15: 0}
	w, known := want[number]
	switch {
	case !known:
		return fmt.Errorf("field %d is not known", number)
	case w != wire:
		return fmt.Errorf("field %d is of the wire type %d, want %d", number, wire, w)
	}
	switch number {
	case 1:
		if l.named {
			return errors.New("it has two names")
		}
		l.name, l.named = string(b), true
		if !utf8.Valid(b) {
			return errors.New("its name is not UTF-8")
		}
	case 2:
		l.features = append(l.features, b)
	case 3:
		if !utf8.Valid(b) {
			return errors.New("a key is not UTF-8")
		}
		l.keys++
		if l.keySeen[string(b)] {
			return l.advised("the key %q is there twice", b)
		}
		l.keySeen[string(b)] = true
	case 4:
		l.values++
		return verifyValue(b)
	case 5:
		l.extent = v
	case 15:
		l.number, l.versioned = v, true
	}
	return nil
}

// verifyValue demands exactly one value of a known type.
func verifyValue(b []byte) error {
	want := map[int]int{1: 2, 2: 5, 3: 1, 4: 0, 5: 0, 6: 0, 7: 0}
	n := 0
	err := eachField(b, func(number, wire int, v uint64, b []byte) error {
		w, known := want[number]
		switch {
		case !known:
			return fmt.Errorf("a value is of the unknown type %d", number)
		case w != wire:
			return fmt.Errorf("a value of the type %d is of the wire type %d, want %d", number, wire, w)
		case number == 1 && !utf8.Valid(b):
			return errors.New("a value is not UTF-8")
		case number == 7 && v > 1:
			return errors.New("a value is neither true nor false")
		}
		n++
		return nil
	})
	if err == nil && n != 1 {
		err = fmt.Errorf("a value has %d values: it must have one", n)
	}
	return err
}

func (l *layerParts) feature(b []byte) error {
	var kind uint64
	var geometry, tags []uint32
	has := map[int]bool{}
	err := eachField(b, func(number, wire int, v uint64, b []byte) (err error) {
		want := map[int]int{1: 0, 2: 2, 3: 0, 4: 2}
		w, known := want[number]
		switch {
		case !known:
			return fmt.Errorf("field %d is not known", number)
		case w != wire:
			return fmt.Errorf("field %d is of the wire type %d, want %d", number, wire, w)
		case has[number]:
			return fmt.Errorf("field %d is there twice", number)
		}
		has[number] = true
		switch number {
		case 1:
			if l.ids[v] {
				return l.advised("the id %d is there twice", v)
			}
			l.ids[v] = true
		case 2:
			tags, err = numbers(b)
		case 3:
			kind = v
		case 4:
			geometry, err = numbers(b)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := l.tags(tags); err != nil {
		return err
	}
	switch {
	case !has[4] || len(geometry) == 0:
		return errors.New("it has no geometry")
	case !has[3]:
		return errors.New("its geometry has no type")
	case kind > geomPolygon:
		return fmt.Errorf("its geometry is of the type %d: 1, 2 and 3 are known", kind)
	case kind == 0:
		return l.advised("its geometry is of no known type")
	}
	return l.geometry(byte(kind), geometry)
}

func numbers(b []byte) (out []uint32, err error) {
	for len(b) > 0 {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > 1<<32-1 {
			return nil, errors.New("a number breaks off or is too large")
		}
		out = append(out, uint32(v))
		b = b[n:]
	}
	return out, nil
}

// tags demands pairs of a key and a value that are there, each key once.
func (l *layerParts) tags(tags []uint32) error {
	if len(tags)%2 == 1 {
		return errors.New("its tags are an odd number")
	}
	seen := map[uint32]bool{}
	for i := 0; i < len(tags); i += 2 {
		switch {
		case int64(tags[i]) >= int64(l.keys):
			return fmt.Errorf("a tag has the key %d of %d", tags[i], l.keys)
		case int64(tags[i+1]) >= int64(l.values):
			return fmt.Errorf("a tag has the value %d of %d", tags[i+1], l.values)
		case seen[tags[i]] && l.strict:
			return fmt.Errorf("the key %d is tagged twice", tags[i])
		}
		seen[tags[i]] = true
	}
	return nil
}

// geometryReader goes over a geometry's commands.
type geometryReader struct {
	verifier
	rest []uint32
	at   [2]int64
}

// command reads a command and its points.
func (g *geometryReader) command() (id uint32, points [][2]int64, err error) {
	id, count := g.rest[0]&7, int(g.rest[0]>>3)
	g.rest = g.rest[1:]
	switch {
	case id == closePath:
		if count != 1 {
			return id, nil, fmt.Errorf("a ring is closed %d times", count)
		}
		return id, nil, nil
	case id != moveTo && id != lineTo:
		return id, nil, fmt.Errorf("the command %d is not known", id)
	case count == 0:
		return id, nil, errors.New("a command is for no points")
	case count > len(g.rest)/2:
		return id, nil, errors.New("a command's points break off")
	}
	for range count {
		for axis := range 2 {
			v := g.rest[axis]
			g.at[axis] += int64(int32(v>>1) ^ -int32(v&1))
			if most := int64(4 * extent); g.strict && (g.at[axis] > most || g.at[axis] < -most) {
				return id, nil, errors.New("a point lies far from the tile")
			}
		}
		g.rest = g.rest[2:]
		points = append(points, g.at)
	}
	return id, points, nil
}

func (v verifier) geometry(kind byte, geometry []uint32) error {
	g := &geometryReader{verifier: v, rest: geometry}
	if kind == geomPoint {
		id, _, err := g.command()
		switch {
		case err != nil:
			return err
		case id != moveTo || len(g.rest) > 0:
			return errors.New("a point is one move and nothing else")
		}
		return nil
	}
	exterior := false
	for len(g.rest) > 0 {
		id, start, err := g.command()
		switch {
		case err != nil:
			return err
		case id != moveTo || len(start) != 1:
			return errors.New("a line or ring begins with a move to one point")
		case len(g.rest) == 0:
			return errors.New("a line or ring ends where it begins")
		}
		id, points, err := g.command()
		switch {
		case err != nil:
			return err
		case id != lineTo:
			return errors.New("a line or ring goes on with lines")
		}
		for i, p := range points {
			if before := append(start, points...)[i]; p == before {
				return errors.New("a line has no length")
			}
		}
		if kind == geomLine {
			if v.version == 1 && len(g.rest) > 0 && g.rest[0]&7 == closePath {
				g.rest = g.rest[1:] // which was not forbidden yet
			}
			continue
		}
		if len(g.rest) == 0 {
			return errors.New("a ring is not closed")
		}
		if id, _, err = g.command(); err != nil {
			return err
		}
		if id != closePath {
			return errors.New("a ring is not closed")
		}
		if exterior, err = verifyRing(append(start, points...), exterior); err != nil {
			return err
		}
	}
	return nil
}

// verifyRing demands an area, and an exterior ring before interior ones; which
// it is goes by the sign of the area.
func verifyRing(ring [][2]int64, exterior bool) (bool, error) {
	if len(ring) < 3 {
		return exterior, fmt.Errorf("a ring has %d points: it must have three", len(ring))
	}
	if ring[0] == ring[len(ring)-1] {
		return exterior, errors.New("a ring repeats its first point")
	}
	sum := int64(0)
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p[0]*q[1] - q[0]*p[1]
	}
	switch {
	case sum == 0:
		return exterior, errors.New("a ring has no area")
	case sum < 0 && !exterior:
		return exterior, errors.New("a polygon begins with an interior ring")
	}
	return exterior || sum > 0, nil
}
