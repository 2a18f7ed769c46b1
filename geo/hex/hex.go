// Package hex is the only room that speaks H3 (through cgo). It turns points
// into cells and cells into outlines, and says which resolution suits a zoom.
//
// h3-go panics or exits on some bad arguments, so everything is checked before
// it crosses. Cells are Uber H3 indexes, https://h3geo.org, held as int64 so
// that PostgreSQL's bigint holds the same bits.
package hex

import (
	"fmt"

	"github.com/paulmach/orb"
	h3 "github.com/uber/h3-go/v4"

	"tributary/geo"
)

// Resolutions in use. A place is indexed at Finest; a place that may be shown
// no finer than a cell is shown at Public.
const (
	Finest   = 9 // 0.105 square kilometres on average
	Public   = 8 // 0.737 square kilometres on average
	Coarsest = 3
)

// Cell is an H3 index. Its sign bit is never set, so it orders the same as a
// bigint.
type Cell int64

// At returns the cell of resolution res that holds a longitude and latitude in
// the United Kingdom (EPSG:4326).
func At(p orb.Point, res int) (Cell, error) {
	if err := geo.CheckPoint(p.Lon(), p.Lat()); err != nil {
		return 0, err
	}
	if res < Coarsest || res > Finest {
		return 0, fmt.Errorf("H3 resolution %d is not in use: resolutions run from %d to %d", res, Coarsest, Finest)
	}
	c, err := h3.LatLngToCell(h3.NewLatLng(p.Lat(), p.Lon()), res)
	if err != nil {
		return 0, fmt.Errorf("H3 cell of %v: %w", p, err)
	}
	return Cell(c), nil
}

// Parse reads the hexadecimal spelling of a cell.
func Parse(s string) (Cell, error) {
	c := h3.CellFromString(s)
	if len(s) > 16 || !c.IsValid() {
		return 0, fmt.Errorf("%q is not an H3 cell", s)
	}
	return Cell(c), nil
}

// String is the hexadecimal spelling.
func (c Cell) String() string { return h3.Cell(c).String() }

// Resolution is the cell's resolution.
func (c Cell) Resolution() int { return h3.Cell(c).Resolution() }

// Parent returns the cell of a coarser resolution that the index names as
// parent. H3 parents hold their children by index, not by geometry.
func (c Cell) Parent(res int) (Cell, error) {
	if !h3.Cell(c).IsValid() || res < 0 || res > c.Resolution() {
		return 0, fmt.Errorf("cell %s has no parent of resolution %d", c, res)
	}
	p, err := h3.Cell(c).Parent(res)
	return Cell(p), err
}

// Centre is the cell's centre, EPSG:4326.
func (c Cell) Centre() (orb.Point, error) {
	if !h3.Cell(c).IsValid() {
		return orb.Point{}, fmt.Errorf("%x is not an H3 cell", int64(c))
	}
	ll, err := h3.Cell(c).LatLng()
	return orb.Point{ll.Lng, ll.Lat}, err
}

// Outline is the cell's outline, EPSG:4326, closed and counter-clockwise.
func (c Cell) Outline() (orb.Polygon, error) {
	if !h3.Cell(c).IsValid() {
		return nil, fmt.Errorf("%x is not an H3 cell", int64(c))
	}
	b, err := h3.Cell(c).Boundary()
	if err != nil {
		return nil, err
	}
	ring := make(orb.Ring, 0, len(b)+1)
	for _, ll := range b {
		ring = append(ring, orb.Point{ll.Lng, ll.Lat})
	}
	return orb.Polygon{append(ring, ring[0])}, nil
}
