package facts

import (
	"slices"
	"sort"

	"tributary/data"
	"tributary/geo/hex"
)

// The columns of codes: those of data, the day, and the contribution of facts
// that share theirs with another fact (null for one that stands alone).
const (
	columnDay   = data.FactColumns
	columnJoint = data.FactColumns + 1
	columns     = int(data.FactColumns + 2)
)

// blockRows is how many rows are looked at in one go, so that what a step
// leaves for the next is still in the fastest cache.
const blockRows = 4096

// segment is facts as columns. One that is sorted, by the key of the cell, never
// changes; one that is not grows at its end.
//
// A run is neighbouring rows of one cell; in a segment that is not sorted each
// row is a run. The centre of each run's cell is kept beside its key.
type segment struct {
	n               int
	ids             idents
	cols            [columns]codes
	pence, quantity amounts

	runKey         []hex.Key
	runStart       []uint32 // if sorted: and n at the end
	runLon, runLat []int32  // ten-millionths of a degree; nil while a load is gathered

	// Of a sorted segment:
	sorted   bool
	extent   hex.Box           // of the centres of its cells
	byID     []uint16          // its rows in the order of their ids
	blockRun []uint32          // the run that each block begins in
	zones    [][columns]uint64 // which codes occur in each block, by code modulo 64
	sums     *segment          // see makeSums; nil if there are none
	joint    []uint16          // if there are sums: the rows that share their contribution

	// Of sums alone, by row: how many facts it stands for, and how many of them
	// share their contribution with no other.
	weights, alone []uint32
}

// maxRows is how many rows a sorted segment has at most, so that two bytes
// number them.
const maxRows = 1 << 16

// blocks is how many blocks the rows make.
func (s *segment) blocks() int { return (s.n + blockRows - 1) / blockRows }

// runOf is the run that a row lies in.
func (s *segment) runOf(row int) int {
	if !s.sorted {
		return row
	}
	i, found := slices.BinarySearch(s.runStart, uint32(row))
	if found {
		return i
	}
	return i - 1
}

// runEnd is the row after the last of a run.
func (s *segment) runEnd(run int) int {
	if !s.sorted {
		return run + 1
	}
	return int(s.runStart[run+1])
}

func (s *segment) key(row int) hex.Key { return s.runKey[s.runOf(row)] }

// find calls found with the rows of a sorted segment that have one of the ids,
// which are sorted.
func (s *segment) find(ids []int64, found func(row int)) {
	at := func(i int) int64 { return s.ids.at(int(s.byID[i])) }
	low, _ := slices.BinarySearch(ids, at(0))
	high, _ := slices.BinarySearch(ids, at(s.n-1)+1)
	ids = ids[low:high]
	first := 0
	for _, id := range ids {
		if len(ids) < s.n/16 {
			first += sort.Search(s.n-first, func(i int) bool { return at(first+i) >= id })
		} else {
			for at(first) < id {
				first++
			}
		}
		if at(first) == id {
			found(int(s.byID[first]))
		}
	}
}

// add appends a fact to a segment that is not sorted, without its centre.
func (s *segment) add(f *data.Fact, values *[columns]uint32, key hex.Key) {
	s.ids.append(f.ID)
	for c := range values {
		s.cols[c].append(values[c])
	}
	s.pence.append(f.Pence)
	s.quantity.append(f.Quantity)
	s.runKey = append(s.runKey, key)
	s.n++
}

// centre finds the centre of a key's cell; no cell is nowhere.
func centre(key hex.Key) (lon, lat int32, err error) {
	if key == 0 {
		return 0, 0, nil
	}
	return key.Cell().CentreE7()
}
