package facts

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"tributary/data"
	"tributary/geo/hex"
)

// rowBits is how many bits number the rows of a load, by run and row of the run,
// beside the key's.
const rowBits = 29

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

// Load replaces all facts by those that there are at a version. What is given
// may be used again when the call that it was given to has returned. regions
// names the region of each territory.
//
// Until it returns, and if it fails, answers come from the facts before.
func (fs *Facts) Load(version int64, regions map[string]string, from data.FactLoad) error {
	fs.writing.Lock()
	defer fs.writing.Unlock()
	all := make([]*gathered, from.Parts)
	errs := make([]error, from.Parts)
	var wait sync.WaitGroup
	for i := range all {
		g := newGathered()
		all[i] = g
		wait.Go(func() {
			errs[i] = from.Fill(i, g.add)
			g.endRun()
			g.open = nil
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	next := &Snapshot{dicts: new([columns]*dictionary)}
	for c := range columns {
		next.dicts[c] = newDictionary()
	}
	said, err := next.translate(all, from.Whole)
	if err != nil {
		return err
	}
	if err := fs.build(next, all, said); err != nil {
		return err
	}
	next.version, next.regions = version, regions
	fs.fresh, fs.draining = map[int64]uint32{}, nil
	fs.publish(next)
	fs.tell(data.FactsTouched{Version: version, Whole: true})
	return nil
}

// translated says what the codes of a load's groups come to in the columns. The
// codes of a part's group stand from its base on.
type translated struct {
	base  [][groups]uint32
	codes [columns][]uint32
}

// translate finds what the codes of each part's groups come to: whole tells one
// fact of each number.
func (s *Snapshot) translate(all []*gathered, whole func(ids []int64, give func(*data.Fact) error) error) (*translated, error) {
	type place struct {
		group int
		code  uint32
	}
	of := map[int64][]place{}
	t := &translated{base: make([][groups]uint32, len(all))}
	var size [groups]uint32
	for part, g := range all {
		t.base[part] = size
		for group := range groups {
			// A number that parts share is looked up once for each: there are few.
			for _, m := range g.alike[group].met {
				if group == groupDay {
					day := dayValue(int32(m.number))
					t.codes[columnDay] = append(t.codes[columnDay], s.dicts[columnDay].code(day[:]))
				} else {
					of[m.fact] = append(of[m.fact], place{group, size[group]})
				}
				size[group]++
			}
		}
		g.alike = [groups]alikeCoder{}
	}
	if len(of) == 0 {
		return t, nil
	}
	for c := range data.FactColumns {
		t.codes[c] = make([]uint32, size[c.Group()])
	}
	err := whole(slices.Sorted(maps.Keys(of)), func(f *data.Fact) error {
		for _, p := range of[f.ID] {
			for c := range data.FactColumns {
				if int(c.Group()) == p.group {
					t.codes[c][p.code] = s.dicts[c].code(f.Values[c])
				}
			}
		}
		delete(of, f.ID)
		return nil
	})
	if err == nil && len(of) > 0 {
		err = fmt.Errorf("%d facts that were read are not there when their values are asked for", len(of))
	}
	return t, err
}

// build makes the parts of a snapshot of everything gathered.
func (fs *Facts) build(next *Snapshot, all []*gathered, said *translated) error {
	var runs []gatheredRun
	var sources []*segment
	var of []int // the part of each source
	total := 0
	for part, g := range all {
		for i := range g.runs {
			runs, of = append(runs, g.runs[i]), append(of, part)
			total += g.runs[i].n
		}
	}
	if len(runs) >= 1<<rowBits/maxRows {
		return fmt.Errorf("%d facts are more than the projection can number", total)
	}
	markJoint(runs, next.dicts[columnJoint])
	for i := range runs {
		sources = append(sources, &runs[i].segment)
	}
	refs := order(sources, total)
	parts := make([]part, (len(refs)+fs.chunkRows-1)/fs.chunkRows)
	err := inParallel(len(parts), func(i int) error {
		chunk := refs[i*fs.chunkRows : min(len(refs), (i+1)*fs.chunkRows)]
		seg, err := assemble(sources, chunk, said.columns(sources, of, chunk))
		parts[i] = part{seg: seg}
		return err
	})
	next.parts = append(parts, part{seg: &segment{}})
	return err
}

// columns writes the codes of a column for some rows, for assemble. The codes of
// a group are fetched once for all its columns.
func (t *translated) columns(sources []*segment, of []int, refs []ref) func(c int, values []uint32) {
	var fetched [groups][]uint32
	return func(c int, values []uint32) {
		if data.FactColumn(c) == columnJoint {
			fetch(sources, refs, c, values)
			return
		}
		group := groupOf(c)
		if fetched[group] == nil {
			fetched[group] = make([]uint32, len(refs))
			fetch(sources, refs, c, fetched[group])
			for i, r := range refs {
				fetched[group][i] += t.base[of[r.from]][group]
			}
		}
		codes := t.codes[c]
		for i, code := range fetched[group] {
			values[i] = codes[code]
		}
	}
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
// dict and writes them into the column of joints.
func markJoint(runs []gatheredRun, dict *dictionary) {
	// Shares of the hashes are worked on at the same time.
	const shares = 4
	pairs := make([][][2]ref, shares)
	inParallel(shares, func(share int) error {
		pairs[share] = alike(runs, uint64(share), shares)
		return nil
	})
	joint := make([][]uint32, len(runs))
	for i := range joint {
		joint[i] = make([]uint32, runs[i].n)
	}
	for _, p := range slices.Concat(pairs...) {
		first := p[0]
		code := dict.code(runs[first.from].contributions[first.row][:])
		joint[first.from][first.row], joint[p[1].from][p[1].row] = code, code
	}
	for i := range runs {
		runs[i].cols[columnJoint] = newCodes(joint[i])
		runs[i].contributions = nil
	}
}

// alike finds the rows of one contribution, of a share of them all: each row but
// the first, with the first.
func alike(runs []gatheredRun, share, shares uint64) (pairs [][2]ref) {
	// Most contributions are one fact. Those that are not have a hash that is met
	// twice, and few others do: they alone are compared.
	bits := uint64(1 << 10)
	for bits*shares < uint64(len(runs)*maxRows)*16 {
		bits *= 2
	}
	seen, twice := make([]uint64, bits/64), make([]uint64, bits/64)
	each := func(f func(run, row int, h uint64)) {
		for run := range runs {
			ids := runs[run].contributions
			for row := range ids {
				if h := hash(ids[row]); h>>32%shares == share && ids[row] != ([16]byte{}) {
					f(run, row, h)
				}
			}
		}
	}
	each(func(_, _ int, h uint64) {
		word, bit := h&(bits-1)>>6, uint64(1)<<(h&63)
		twice[word] |= seen[word] & bit
		seen[word] |= bit
	})
	type candidate struct {
		hash uint64
		ref
	}
	var candidates []candidate
	each(func(run, row int, h uint64) {
		if twice[h&(bits-1)>>6]&(1<<(h&63)) != 0 {
			candidates = append(candidates, candidate{h, ref{uint32(run), uint32(row)}})
		}
	})
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.from, b.from), cmp.Compare(a.row, b.row))
	})
	id := func(r ref) [16]byte { return runs[r.from].contributions[r.row] }
	first := 0
	for i, c := range candidates {
		if c.hash != candidates[first].hash {
			first = i
		}
		for _, before := range candidates[first:i] {
			if id(before.ref) == id(c.ref) {
				pairs = append(pairs, [2]ref{before.ref, c.ref})
				break
			}
		}
	}
	return pairs
}

// order lists the rows of all sources by key.
func order(sources []*segment, total int) []ref {
	all := make([]uint64, 0, total)
	for i, s := range sources {
		for row, key := range s.runKey {
			all = append(all, uint64(key)<<rowBits|uint64(i*maxRows+row))
		}
	}
	refs := make([]ref, len(all))
	for i, v := range radixSort(all) {
		at := v & (1<<rowBits - 1)
		refs[i] = ref{uint32(at / maxRows), uint32(at % maxRows)}
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

// hash mixes a UUID, whose bits may be anything but random.
func hash(id [16]byte) uint64 {
	h := uint64(0x9E3779B97F4A7C15)
	for _, v := range [2]uint64{binary.LittleEndian.Uint64(id[:8]), binary.LittleEndian.Uint64(id[8:])} {
		h ^= v
		h *= 0xFF51AFD7ED558CCD
		h ^= h >> 32
		h *= 0xC4CEB9FE1A85EC53
		h ^= h >> 29
	}
	return h
}
