package facts

import (
	"math"
	"slices"

	"tributary/geo/hex"
)

// A ref names a row of one of several segments.
type ref struct {
	from uint32
	row  uint32
}

// assemble makes a sorted segment of at most maxRows rows in the order of their
// keys. column writes the codes of one column for them.
func assemble(sources []*segment, refs []ref, column func(c int, values []uint32)) (*segment, error) {
	out := &segment{n: len(refs), sorted: true}
	out.ids = idents{make([]uint32, 0, out.n), make([]uint8, 0, out.n)}
	out.pence.v, out.quantity.v = make([]int32, 0, out.n), make([]int32, 0, out.n)
	for _, r := range refs {
		s := sources[r.from]
		out.ids.append(s.ids.at(int(r.row)))
		out.pence.append(s.pence.at(int(r.row)))
		out.quantity.append(s.quantity.at(int(r.row)))
	}
	values := make([]uint32, out.n)
	for c := range columns {
		column(c, values)
		out.cols[c] = newCodes(values)
	}
	if err := out.makeRuns(sources, refs); err != nil {
		return nil, err
	}
	out.makeZones()
	out.makeSums()
	out.makeByID()
	return out, nil
}

// fetch writes the codes of a column as the sources have them.
func fetch(sources []*segment, refs []ref, c int, values []uint32) {
	for i, r := range refs {
		values[i] = sources[r.from].cols[c].at(int(r.row))
	}
}

func (s *segment) makeByID() {
	order := make([]uint64, s.n)
	for row := range order {
		order[row] = uint64(s.ids.at(row))<<16 | uint64(row)
	}
	slices.Sort(order)
	s.byID = make([]uint16, s.n)
	for i, v := range order {
		s.byID[i] = uint16(v)
	}
}

// makeRuns finds the runs of rows of one cell. A centre is taken over from the
// source that knows it.
func (s *segment) makeRuns(sources []*segment, refs []ref) error {
	last := ^hex.Key(0)
	s.extent = hex.Box{West: math.MaxInt32, South: math.MaxInt32, East: math.MinInt32, North: math.MinInt32}
	for i, r := range refs {
		from := sources[r.from]
		run := from.runOf(int(r.row))
		key := from.runKey[run]
		if key == last {
			continue
		}
		last = key
		var lon, lat int32
		if from.runLon != nil {
			lon, lat = from.runLon[run], from.runLat[run]
		} else {
			var err error
			if lon, lat, err = centre(key); err != nil {
				return err
			}
		}
		s.runKey, s.runStart = append(s.runKey, key), append(s.runStart, uint32(i))
		s.runLon, s.runLat = append(s.runLon, lon), append(s.runLat, lat)
		if key != 0 {
			s.extent = hex.Box{West: min(s.extent.West, lon), South: min(s.extent.South, lat), East: max(s.extent.East, lon), North: max(s.extent.North, lat)}
		}
	}
	s.runKey, s.runStart = slices.Clip(s.runKey), slices.Clip(append(s.runStart, uint32(s.n)))
	s.runLon, s.runLat = slices.Clip(s.runLon), slices.Clip(s.runLat)
	s.blockRun = make([]uint32, s.blocks())
	for b := range s.blockRun {
		s.blockRun[b] = uint32(s.runOf(b * blockRows))
	}
	return nil
}

func (s *segment) makeZones() {
	s.zones = make([][columns]uint64, s.blocks())
	for b := range s.zones {
		lo, hi := b*blockRows, min(s.n, (b+1)*blockRows)
		for c := range columns {
			switch col := &s.cols[c]; {
			case col.w8 != nil:
				s.zones[b][c] = occurring(col.w8[lo:hi])
			case col.w16 != nil:
				s.zones[b][c] = occurring(col.w16[lo:hi])
			default:
				s.zones[b][c] = occurring(col.w32[lo:hi])
			}
		}
	}
}

func occurring[W uint8 | uint16 | uint32](values []W) (bits uint64) {
	for _, v := range values {
		bits |= 1 << (v & 63)
	}
	return bits
}
