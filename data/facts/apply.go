package facts

import (
	"cmp"
	"encoding/binary"
	"slices"

	"tributary/data"
	"tributary/geo/hex"
)

// stepChunks is how many sorted segments a change rewrites at most beside
// itself, so that no change waits long for another.
const stepChunks = 2

// dayValue spells a day as the dictionary holds it.
func dayValue(day int32) (b [4]byte) {
	binary.BigEndian.PutUint32(b[:], uint32(day))
	return b
}

func dayOf(value string) int32 { return int32(binary.BigEndian.Uint32([]byte(value))) }

// Apply takes what has changed since the snapshot's version. It either takes
// all of it or, with an error, nothing.
func (fs *Facts) Apply(changes data.FactChanges) error {
	fs.writing.Lock()
	defer fs.writing.Unlock()
	before := fs.current.Load()
	if before == nil {
		return errNotLoaded
	}
	all := slices.Concat(changes.Facts, changes.Others)
	centres := make([][2]int32, len(all))
	for i := range all {
		f := &all[i]
		err := checkFact(f)
		if err == nil {
			centres[i][0], centres[i][1], err = centre(f.Cell.Key())
		}
		if err != nil {
			return err
		}
	}
	w := newWork(fs, before)
	w.next.version = changes.Version
	if changes.Regions != nil {
		w.next.regions = changes.Regions
	}
	gone := slices.Clone(changes.Gone)
	for i := range changes.Facts {
		gone = append(gone, changes.Facts[i].ID)
	}
	w.remove(gone)
	others := make([]int64, len(changes.Others))
	for i := range changes.Others {
		others[i] = changes.Others[i].ID
	}
	touched := w.touched
	w.remove(others)
	w.touched = touched // they are where they were
	parts := map[[16]byte]int{}
	for i := range all {
		parts[all[i].Contribution]++
	}
	for i := range all {
		w.insert(&all[i], parts[all[i].Contribution] > 1, centres[i])
	}
	for i := range changes.Facts {
		f := &changes.Facts[i]
		w.touched.add(f.Cell.Key(), string(f.Values[data.FactTerritory]), string(f.Values[data.FactArea]))
	}
	fs.publish(w.next)
	fs.tell(w.touched.tidy(changes.Version))
	return fs.settle()
}

// work is a snapshot in the making.
type work struct {
	next     *Snapshot
	own      []bool // which bitmaps are ours to write in
	fresh    map[int64]uint32
	draining map[int64]uint32
	last     *segment // the last part's, ours to append to
	touched  touchedFacts
}

func newWork(fs *Facts, before *Snapshot) *work {
	next := *before
	next.parts = slices.Clone(before.parts)
	last := *next.parts[len(next.parts)-1].seg
	next.parts[len(next.parts)-1].seg = &last
	return &work{next: &next, own: make([]bool, len(next.parts)), fresh: fs.fresh, draining: fs.draining, last: &last}
}

// remove marks facts as gone, those that are kept.
func (w *work) remove(ids []int64) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	last := len(w.next.parts) - 1
	for _, id := range ids {
		if row, found := w.fresh[id]; found {
			w.lose(last, int(row))
		}
		if row, found := w.draining[id]; found {
			w.lose(last-1, int(row))
		}
	}
	for i := range w.next.parts[:w.next.sorted] {
		w.next.parts[i].seg.find(ids, func(row int) { w.lose(i, row) })
	}
}

// lose marks a row as gone.
func (w *work) lose(i, row int) {
	p := &w.next.parts[i]
	if p.isGone(row) {
		return
	}
	if !w.own[i] {
		gone := make([]uint64, (p.seg.n+63)/64)
		copy(gone, p.gone)
		p.gone, w.own[i] = gone, true
	}
	p.gone[row>>6] |= 1 << (row & 63)
	p.lost++
	value := func(c data.FactColumn) string { return w.next.values[c][p.seg.cols[c].at(row)] }
	w.touched.add(p.seg.key(row), value(data.FactTerritory), value(data.FactArea))
}

// chunkOf is the sorted part that a key belongs in, or -1 if there is none.
func (s *Snapshot) chunkOf(key hex.Key) int {
	if s.sorted == 0 {
		return -1
	}
	i, _ := slices.BinarySearchFunc(s.parts[:s.sorted], 0, func(p part, _ int) int {
		if p.seg.runKey[0] <= key {
			return -1
		}
		return 1
	})
	return max(i-1, 0)
}

// insert adds a fact to the last part.
func (w *work) insert(f *data.Fact, joint bool, centre [2]int32) {
	var values [columns]uint32
	for c := range f.Values {
		values[c] = w.next.dicts[c].code(f.Values[c])
	}
	day := dayValue(f.Day)
	values[columnDay] = w.next.dicts[columnDay].code(day[:])
	if f.Contribution != ([16]byte{}) {
		if joint {
			values[columnJoint] = w.next.dicts[columnJoint].code(f.Contribution[:])
		} else {
			values[columnJoint], _ = w.next.dicts[columnJoint].find(string(f.Contribution[:]))
		}
	}
	w.fresh[f.ID] = uint32(w.last.n)
	w.last.add(f, &values, f.Cell.Key())
	w.last.runLon, w.last.runLat = append(w.last.runLon, centre[0]), append(w.last.runLat, centre[1])
}

// Settle goes on working in what has changed, if there is some left to do.
// Answers stay the same.
func (fs *Facts) Settle() error {
	fs.writing.Lock()
	defer fs.writing.Unlock()
	if fs.current.Load() == nil {
		return nil
	}
	return fs.settle()
}

// settle works what is fresh into the sorted segments, and rewrites those of
// which much is gone, a few segments at a time. Answers stay the same.
func (fs *Facts) settle() error {
	s := fs.current.Load()
	if len(s.parts) == s.sorted+1 { // nothing is being worked in
		if s.parts[s.sorted].seg.n >= fs.freshRows {
			next := *s
			next.parts = append(slices.Clone(s.parts), part{seg: &segment{}})
			fs.fresh, fs.draining = map[int64]uint32{}, fs.fresh
			fs.publish(&next)
			s = &next
		} else {
			return fs.tidy(s)
		}
	}
	for {
		done, err := fs.drain(stepChunks)
		if err != nil || done {
			return err
		}
		// What is fresh may not pile up while the part before is worked in.
		if s := fs.current.Load(); s.parts[len(s.parts)-1].seg.n < fs.freshRows {
			return nil
		}
	}
}

// tidy rewrites the sorted segment that has lost most, if that is a quarter.
func (fs *Facts) tidy(s *Snapshot) error {
	worst := -1
	for i := range s.parts[:s.sorted] {
		if p := &s.parts[i]; p.lost*4 > p.seg.n && (worst < 0 || p.lost > s.parts[worst].lost) {
			worst = i
		}
	}
	if worst < 0 {
		return nil
	}
	next := *s
	made, err := fs.rewrite(&s.parts[worst], nil, nil)
	if err != nil {
		return err
	}
	next.parts = slices.Concat(s.parts[:worst], made, s.parts[worst+1:])
	fs.publish(&next)
	return nil
}

// drain works rows of the part before the last into most sorted segments, those
// first that get the most rows. It reports whether that part is gone.
func (fs *Facts) drain(most int) (done bool, err error) {
	s := fs.current.Load()
	at := len(s.parts) - 2
	from := &s.parts[at]
	byChunk := map[int][]ref{}
	for row := range from.seg.n {
		if !from.isGone(row) {
			c := s.chunkOf(from.seg.runKey[row])
			byChunk[c] = append(byChunk[c], ref{1, uint32(row)})
		}
	}
	chunks := make([]int, 0, len(byChunk))
	for c := range byChunk {
		chunks = append(chunks, c)
	}
	slices.SortFunc(chunks, func(a, b int) int { return cmp.Or(len(byChunk[b])-len(byChunk[a]), a-b) })
	done = len(chunks) <= most
	chunks = chunks[:min(most, len(chunks))]
	slices.Sort(chunks)

	next := *s
	next.parts = nil
	gone := make([]uint64, (from.seg.n+63)/64)
	copy(gone, from.gone)
	rest := part{seg: from.seg, gone: gone, lost: from.lost}
	copied := 0
	for _, c := range chunks {
		rows := byChunk[c]
		var old *part
		if c >= 0 {
			next.parts = append(next.parts, s.parts[copied:c]...)
			old, copied = &s.parts[c], c+1
		}
		made, err := fs.rewrite(old, from.seg, rows)
		if err != nil {
			return false, err
		}
		next.parts = append(next.parts, made...)
		for _, r := range rows {
			gone[r.row>>6] |= 1 << (r.row & 63)
		}
		rest.lost += len(rows)
	}
	next.parts = append(next.parts, s.parts[copied:at]...)
	if done {
		fs.draining = nil
	} else {
		next.parts = append(next.parts, rest)
	}
	next.parts = append(next.parts, s.parts[at+1])
	fs.publish(&next)
	return done, nil
}

// rewrite makes sorted segments of what is left of one, which may be nil, and
// rows of another.
func (fs *Facts) rewrite(old *part, fresh *segment, rows []ref) ([]part, error) {
	sources := []*segment{nil, fresh}
	slices.SortFunc(rows, func(a, b ref) int { return cmp.Compare(fresh.runKey[a.row], fresh.runKey[b.row]) })
	refs := rows
	if old != nil {
		sources[0] = old.seg
		refs = make([]ref, 0, old.seg.n-old.lost+len(rows))
		next := 0
		for run, key := range old.seg.runKey {
			for ; next < len(rows) && fresh.runKey[rows[next].row] < key; next++ {
				refs = append(refs, rows[next])
			}
			for row := int(old.seg.runStart[run]); row < int(old.seg.runStart[run+1]); row++ {
				if !old.isGone(row) {
					refs = append(refs, ref{0, uint32(row)})
				}
			}
		}
		refs = append(refs, rows[next:]...)
	}
	var made []part
	pieces := 1
	if len(refs) > 2*fs.chunkRows {
		pieces = (len(refs) + fs.chunkRows - 1) / fs.chunkRows
	}
	for i := range pieces {
		piece := refs[len(refs)*i/pieces : len(refs)*(i+1)/pieces]
		if len(piece) == 0 {
			continue
		}
		seg, err := assemble(sources, piece, func(c int, values []uint32) { fetch(sources, piece, c, values) })
		if err != nil {
			return nil, err
		}
		made = append(made, part{seg: seg})
	}
	return made, nil
}
