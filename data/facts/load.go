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
		g := newGathered()
		all[i] = g
		wait.Go(func() {
			errs[i] = fill(i, g.add)
			g.endRun()
			g.open = nil
		})
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
	next := &Snapshot{dicts: new([columns]*dictionary)}
	for c := range columns {
		next.dicts[c] = newDictionary()
	}
	var runs []gatheredRun
	var sources []*segment
	var remap []*[columns][]uint32 // of each source
	total := 0
	for _, g := range all {
		codes := new([columns][]uint32)
		for c := range columns {
			values := g.values(c)
			codes[c] = make([]uint32, len(values))
			for code, v := range values[1:] {
				codes[c][code+1] = next.dicts[c].code([]byte(v))
			}
		}
		for i := range g.runs {
			runs, remap = append(runs, g.runs[i]), append(remap, codes)
			total += g.runs[i].n
		}
		g.texts, g.ids = [columns]textCoder{}, [columns]idCoder{}
	}
	if len(runs) >= 1<<rowBits/maxRows {
		return nil, fmt.Errorf("%d facts are more than the projection can number", total)
	}
	most := markJoint(runs, next.dicts[columnJoint])
	for i := range runs {
		sources = append(sources, &runs[i].segment)
		remap[i][columnJoint] = most
	}
	refs := order(sources, total)
	parts := make([]part, (len(refs)+fs.chunkRows-1)/fs.chunkRows)
	err := inParallel(len(parts), func(i int) error {
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
func markJoint(runs []gatheredRun, dict *dictionary) []uint32 {
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
	same := make([]uint32, len(dict.values))
	for i := range same {
		same[i] = uint32(i)
	}
	return same
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
	each := func(f func(run, row int, id *[16]byte, at uint64)) {
		for run := range runs {
			ids := runs[run].contributions
			for row := range ids {
				if h := hash(ids[row]); h>>32%shares == share && ids[row] != ([16]byte{}) {
					f(run, row, &ids[row], h&(bits-1))
				}
			}
		}
	}
	each(func(_, _ int, _ *[16]byte, at uint64) {
		word, bit := at>>6, uint64(1)<<(at&63)
		twice[word] |= seen[word] & bit
		seen[word] |= bit
	})
	firsts := map[[16]byte]ref{}
	each(func(run, row int, id *[16]byte, at uint64) {
		if twice[at>>6]&(1<<(at&63)) == 0 {
			return
		}
		here := ref{uint32(run), uint32(row)}
		if first, met := firsts[*id]; met {
			pairs = append(pairs, [2]ref{first, here})
		} else {
			firsts[*id] = here
		}
	})
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
