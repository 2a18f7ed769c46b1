package facts

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"tributary/data"
	"tributary/geo/hex"
)

// rowBits is how many bits number the rows of a load, beside the key's.
const rowBits = 29

// gathered is what one part of a load has brought so far, with codes of its
// own.
type gathered struct {
	seg           segment
	dicts         [columns]*dictionary
	last          [columns]lastCode
	contributions [][16]byte
}

// lastCode saves looking up a value that is the same as in the row before.
type lastCode struct {
	value string
	code  uint32
}

// add takes one fact.
func (g *gathered) add(f *data.Fact) error {
	if err := checkFact(f); err != nil {
		return err
	}
	var values [columns]uint32
	for c := range f.Values {
		v := f.Values[c]
		if v == nil {
			continue
		}
		last := &g.last[c]
		if last.code == 0 || last.value != string(v) {
			last.code = g.dicts[c].code(v)
			last.value = g.dicts[c].values[last.code]
		}
		values[c] = last.code
	}
	day := dayValue(f.Day)
	values[columnDay] = g.dicts[columnDay].code(day[:])
	g.seg.add(f, &values, f.Cell.Key())
	g.contributions = append(g.contributions, f.Contribution)
	return nil
}

// checkFact refuses what no fact of ours is.
func checkFact(f *data.Fact) error {
	if f.ID < 0 || f.ID > maxIdent {
		return fmt.Errorf("fact %d: ids run from 0 to %d", f.ID, int64(maxIdent))
	}
	if f.Cell != 0 && f.Cell.Key().Cell() != f.Cell {
		return fmt.Errorf("fact %d: %x is no H3 cell of resolution %d or coarser", f.ID, int64(f.Cell), hex.Finest)
	}
	return nil
}

// Load replaces all facts by those that fill gives, at a version. It calls fill
// once for each part, at the same time; each gives its facts, in any order, to
// its add. What add is given may be used again when it has returned. regions
// names the region of each territory.
//
// Until it returns, and if it fails, answers come from the facts before.
func (fs *Facts) Load(version int64, regions map[string]string, parts int, fill func(part int, add func(*data.Fact) error) error) error {
	fs.writing.Lock()
	defer fs.writing.Unlock()
	all := make([]*gathered, parts)
	errs := make([]error, parts)
	var wait sync.WaitGroup
	for i := range all {
		g := &gathered{}
		for c := range g.dicts {
			g.dicts[c] = newDictionary()
		}
		all[i] = g
		wait.Go(func() { errs[i] = fill(i, g.add) })
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	next, err := fs.build(all)
	if err != nil {
		return err
	}
	next.version, next.regions = version, regions
	fs.fresh, fs.draining = map[int64]uint32{}, nil
	fs.publish(next)
	fs.tell(data.FactsTouched{Version: version, Whole: true})
	return nil
}

// build makes a snapshot of everything gathered.
func (fs *Facts) build(all []*gathered) (*Snapshot, error) {
	total := 0
	sources := make([]*segment, len(all))
	for i, g := range all {
		sources[i] = &g.seg
		total += g.seg.n
	}
	if total >= 1<<rowBits {
		return nil, fmt.Errorf("%d facts are more than the projection can number", total)
	}
	next := &Snapshot{dicts: new([columns]*dictionary)}
	remap := make([][columns][]uint32, len(all))
	for c := range columns {
		next.dicts[c] = newDictionary()
		for i, g := range all {
			remap[i][c] = make([]uint32, len(g.dicts[c].values))
			for code, v := range g.dicts[c].values[1:] {
				remap[i][c][code+1] = next.dicts[c].code([]byte(v))
			}
		}
	}
	joint, err := markJoint(all, next.dicts[columnJoint])
	if err != nil {
		return nil, err
	}
	for i := range all {
		remap[i][columnJoint] = joint
	}
	refs := order(sources)
	parts := make([]part, (len(refs)+fs.chunkRows-1)/fs.chunkRows)
	err = inParallel(len(parts), func(i int) error {
		chunk := refs[i*fs.chunkRows : min(len(refs), (i+1)*fs.chunkRows)]
		seg, err := assemble(sources, remap, chunk)
		parts[i] = part{seg: seg}
		return err
	})
	next.parts = append(parts, part{seg: &segment{}})
	return next, err
}

// inParallel does n jobs with as many goroutines as there are processors.
func inParallel(n int, job func(i int) error) error {
	workers := min(n, runtime.GOMAXPROCS(0))
	errs := make([]error, workers)
	var next atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				errs[w] = job(i)
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// markJoint gives the contributions that several facts are parts of codes in
// dict and writes them into the column of joints. It returns the codes as they
// are, for remapping.
func markJoint(all []*gathered, dict *dictionary) ([]uint32, error) {
	total := 0
	for _, g := range all {
		total += len(g.contributions)
	}
	starts := make([]int, len(all))
	flat := make([][16]byte, 0, total)
	for i, g := range all {
		starts[i] = len(flat)
		flat = append(flat, g.contributions...)
		g.contributions = nil
	}
	joint := make([]uint32, total)
	// A table of rows by their contribution, open addressing; shares of the
	// hash space are worked on at the same time.
	size := 1 << 14
	for size < total*4 {
		size *= 2
	}
	const shares = 16
	firsts := make([][]uint32, shares) // pairs: the first row, and one like it
	err := inParallel(shares, func(share int) error {
		table := make([]uint32, size/shares)
		mask := uint64(len(table) - 1)
		for row, id := range flat {
			if id == ([16]byte{}) {
				continue
			}
			h := hash(id)
			if int(h>>60) != share {
				continue
			}
			slot := h & mask
			for table[slot] != 0 && flat[table[slot]-1] != id {
				slot = (slot + 1) & mask
			}
			if first := table[slot]; first == 0 {
				table[slot] = uint32(row + 1)
			} else {
				firsts[share] = append(firsts[share], first-1, uint32(row))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, pairs := range firsts {
		for p := range slices.Chunk(pairs, 2) {
			code := dict.code(flat[p[0]][:])
			joint[p[0]], joint[p[1]] = code, code
		}
	}
	for i, g := range all {
		g.seg.cols[columnJoint] = newCodes(joint[starts[i] : starts[i]+g.seg.n])
	}
	same := make([]uint32, len(dict.values))
	for i := range same {
		same[i] = uint32(i)
	}
	return same, nil
}

// hash mixes a UUID, whose bits may be anything but random.
func hash(id [16]byte) uint64 {
	h := uint64(0x9E3779B97F4A7C15)
	for _, b := range [2]uint64{le(id[:8]), le(id[8:])} {
		h ^= b
		h *= 0xFF51AFD7ED558CCD
		h ^= h >> 32
		h *= 0xC4CEB9FE1A85EC53
		h ^= h >> 29
	}
	return h
}

func le(b []byte) uint64 {
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// order lists the rows of all sources by key.
func order(sources []*segment) []ref {
	var all []uint64
	var of []ref
	for i, s := range sources {
		for row, key := range s.runKey {
			all = append(all, uint64(key)<<rowBits|uint64(len(of)))
			of = append(of, ref{uint32(i), uint32(row)})
		}
	}
	refs := make([]ref, len(all))
	for i, v := range radixSort(all) {
		refs[i] = of[v&(1<<rowBits-1)]
	}
	return refs
}

// radixSort sorts by the bits of the key, eleven at a time; equal keys keep
// their order. It returns one of two arrays that it works with.
func radixSort(values []uint64) []uint64 {
	other := make([]uint64, len(values))
	for shift := rowBits; shift < 64; shift += 11 {
		var counts [1 << 11]int
		for _, v := range values {
			counts[v>>shift&(1<<11-1)]++
		}
		if len(values) > 0 && counts[values[0]>>shift&(1<<11-1)] == len(values) {
			continue // all the same
		}
		at := 0
		for i, n := range counts {
			counts[i] = at
			at += n
		}
		for _, v := range values {
			d := v >> shift & (1<<11 - 1)
			other[counts[d]] = v
			counts[d]++
		}
		values, other = other, values
	}
	return values
}
