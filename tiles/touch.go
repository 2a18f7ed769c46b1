package tiles

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/geo"
)

const (
	// halfWorld is half the width of EPSG:3857, metres.
	halfWorld = 20037508.342789244
	// buffer is how far around a tile it shows things, as a share of its side.
	buffer = float64(margin) / extent
)

// span is the columns and rows of tiles, at a zoom, that show something of a
// box: those that it lies in, and those that it is next to.
type span struct{ minX, minY, maxX, maxY uint32 }

func spanOf(b orb.Bound, z int) span {
	side := math.Exp2(float64(z))
	at := func(metres float64) float64 { return (metres + halfWorld) / (2 * halfWorld) * side }
	clamp := func(v float64) uint32 { return uint32(min(max(math.Floor(v), 0), side-1)) }
	return span{
		clamp(at(b.Min.X()) - buffer), clamp(at(-b.Max.Y()) - buffer),
		clamp(at(b.Max.X()) + buffer), clamp(at(-b.Min.Y()) + buffer),
	}
}

func (s span) holds(t maptile.Tile) bool {
	return t.X >= s.minX && t.X <= s.maxX && t.Y >= s.minY && t.Y <= s.maxY
}

func (s span) tiles() int { return int(s.maxX-s.minX+1) * int(s.maxY-s.minY+1) }

// Around lists the tiles of a zoom that show something of a box, EPSG:3857; nil if
// there are more than most.
func Around(b orb.Bound, z maptile.Zoom, most int) []maptile.Tile {
	s := spanOf(b, int(z))
	if s.tiles() > most {
		return nil
	}
	out := make([]maptile.Tile, 0, s.tiles())
	for x := s.minX; x <= s.maxX; x++ {
		for y := s.minY; y <= s.maxY; y++ {
			out = append(out, maptile.New(x, y, z))
		}
	}
	return out
}

// touchedBy reports whether a tile may be another after a commit, as far as can
// be told before it is made.
func (r *Request) touchedBy(t *data.Touched) bool {
	if r.of&t.Whole != 0 {
		return true
	}
	for i := range t.Places {
		p := &t.Places[i]
		if r.of&p.Of != 0 && (r.wide || uint8(r.At.Z) >= p.MinZoom && uint8(r.At.Z) <= p.MaxZoom && spanOf(p.Box, int(r.At.Z)).holds(r.At)) {
			return true
		}
	}
	return r.wide && slices.ContainsFunc(t.Codes, func(c data.TouchedCode) bool { return r.of&c.Of != 0 })
}

// index finds the tiles that are kept by what they show.
type index struct {
	at   [geo.MaxZoom + 1]map[uint64][]*entry // by column and row
	code map[string]map[*entry]struct{}       // a region's may be all there are
	wide map[*entry]struct{}
}

func newIndex() index {
	x := index{code: map[string]map[*entry]struct{}{}, wide: map[*entry]struct{}{}}
	for z := range x.at {
		x.at[z] = map[uint64][]*entry{}
	}
	return x
}

func place(t maptile.Tile) uint64 { return uint64(t.X)<<32 | uint64(t.Y) }

func (x *index) add(e *entry) {
	t := e.req.At
	x.at[t.Z][place(t)] = append(x.at[t.Z][place(t)], e)
	for _, c := range e.codes {
		if x.code[c] == nil {
			x.code[c] = map[*entry]struct{}{}
		}
		x.code[c][e] = struct{}{}
	}
	if e.req.wide {
		x.wide[e] = struct{}{}
	}
}

func (x *index) remove(e *entry) {
	at, k := x.at[e.req.At.Z], place(e.req.At)
	if list := slices.DeleteFunc(at[k], func(o *entry) bool { return o == e }); len(list) > 0 {
		at[k] = list
	} else {
		delete(at, k)
	}
	for _, c := range e.codes {
		if delete(x.code[c], e); len(x.code[c]) == 0 {
			delete(x.code, c)
		}
	}
	delete(x.wide, e)
}

// touched yields, once each, the tiles that a commit has touched.
func (x *index) touched(t *data.Touched, drop func(*entry)) {
	hit := map[*entry]struct{}{}
	one := func(e *entry, of data.Subject) {
		if e.req.of&of != 0 {
			hit[e] = struct{}{}
		}
	}
	hold := func(list []*entry, of data.Subject) {
		for _, e := range list {
			one(e, of)
		}
	}
	if t.Whole != 0 {
		for z := range x.at {
			for _, list := range x.at[z] {
				hold(list, t.Whole)
			}
		}
	}
	all := t.Whole
	for i := range t.Places {
		all |= t.Places[i].Of
		x.touchedPlace(&t.Places[i], hold)
	}
	for _, c := range t.Codes {
		all |= c.Of
		for e := range x.code[c.Code] {
			one(e, c.Of)
		}
	}
	for e := range x.wide {
		one(e, all)
	}
	for e := range hit {
		drop(e)
	}
}

func (x *index) touchedPlace(p *data.TouchedPlace, hold func([]*entry, data.Subject)) {
	for z := int(p.MinZoom); z <= min(int(p.MaxZoom), geo.MaxZoom); z++ {
		s := spanOf(p.Box, z)
		if s.tiles() > len(x.at[z]) {
			for _, list := range x.at[z] {
				if s.holds(list[0].req.At) {
					hold(list, p.Of)
				}
			}
			continue
		}
		for col := s.minX; col <= s.maxX; col++ {
			for row := s.minY; row <= s.maxY; row++ {
				hold(x.at[z][uint64(col)<<32|uint64(row)], p.Of)
			}
		}
	}
}
