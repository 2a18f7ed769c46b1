package facts

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tributary/data"
	"tributary/geo/hex"
)

// gapTally adds up rows by priority and place: an area, or a cell.
type gapTally struct {
	seg  *segment
	res  *int // of cells; nil: by area
	slot map[uint64]int
	// places are the codes of areas, or the keys of cells, that were found, and
	// sums what each priority received in each; 0 is no place that may be shown.
	places []uint64
	sums   [][]gapSum
	// joint are contributions of several parts that were found, some more than
	// once.
	joint      []gapJoint
	priorities int
	areas      []int // slot of each code of an area, and one
}

type gapSum struct {
	alone, parts, pence int64
	squares             float64
}

func (s *gapSum) join(o gapSum) {
	s.alone += o.alone
	s.parts += o.parts
	s.pence += o.pence
	s.squares += o.squares
}

// gapJoint is a contribution of several parts, by its code.
type gapJoint struct {
	place        uint64
	priority     uint32
	contribution uint32
}

func (a gapJoint) compare(b gapJoint) int {
	return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.priority, b.priority), cmp.Compare(a.contribution, b.contribution))
}

func (t *gapTally) begin(_ int, p *part) { t.seg = p.seg }

// at is what the priorities received in a place.
func (t *gapTally) at(place uint64) []gapSum {
	n, known := t.slot[place]
	if !known {
		n = len(t.places)
		t.slot[place] = n
		t.places, t.sums = append(t.places, place), append(t.sums, make([]gapSum, t.priorities))
	}
	return t.sums[n]
}

func (t *gapTally) boxless(base int, offsets []uint16) { t.rows(base, offsets) }

func (t *gapTally) rows(base int, offsets []uint16) {
	if t.res != nil {
		t.cells(base, offsets)
		return
	}
	areas := &t.seg.cols[data.FactArea]
	for i, o := range offsets {
		area := areas.at(base + int(o))
		n := t.areas[area]
		if n == 0 {
			t.at(uint64(area))
			n = t.slot[uint64(area)] + 1
			t.areas[area] = n
		}
		t.add(uint64(area), t.sums[n-1], base, offsets[i:i+1])
	}
}

// cells adds rows by the cell that they lie in, run after run.
func (t *gapTally) cells(base int, offsets []uint16) {
	run := base + int(offsets[0])
	if t.seg.sorted {
		run = int(t.seg.blockRun[base/blockRows])
	}
	for len(offsets) > 0 {
		for t.seg.runEnd(run) <= base+int(offsets[0]) {
			run++
		}
		n := 1
		for n < len(offsets) && int(offsets[n]) < t.seg.runEnd(run)-base {
			n++
		}
		place := uint64(0)
		if key := t.seg.runKey[run]; key != 0 && key.Res() >= *t.res {
			place = uint64(key.Parent(*t.res))
		}
		t.add(place, t.at(place), base, offsets[:n])
		offsets = offsets[n:]
	}
}

// add adds rows to the sums of the place that they lie in.
func (t *gapTally) add(place uint64, sums []gapSum, base int, offsets []uint16) {
	for _, o := range offsets {
		row := base + int(o)
		priority := t.seg.cols[data.FactPriority].at(row)
		if priority == 0 {
			continue
		}
		pence, sum := t.seg.pence.at(row), &sums[priority]
		sum.parts++
		sum.pence += pence
		sum.squares += float64(pence) * float64(pence)
		if code := t.seg.cols[columnJoint].at(row); code == 0 {
			sum.alone++
		} else {
			t.joint = append(t.joint, gapJoint{place, priority, code})
		}
	}
}

// GapSums sums what each priority received in each area, or in each cell of a
// resolution if res is not nil.
func (s *Snapshot) GapSums(res *int, f data.Filter) []data.GapSum {
	priorities, areas := s.values[data.FactPriority], s.values[data.FactArea]
	tally := func() *gapTally {
		return &gapTally{res: res, slot: map[uint64]int{}, priorities: len(priorities), areas: make([]int, len(areas))}
	}
	all := tally()
	for _, t := range scan(s, s.compile(f), tally) {
		all.joint = append(all.joint, t.joint...)
		for n, place := range t.places {
			sums := all.at(place)
			for priority, x := range t.sums[n] {
				sums[priority].join(x)
			}
		}
	}
	slices.SortFunc(all.joint, gapJoint.compare)
	for _, x := range slices.Compact(all.joint) {
		all.at(x.place)[x.priority].alone++
	}
	out := []data.GapSum{}
	for n, place := range all.places {
		label := ""
		switch {
		case res == nil:
			label = areas[place]
		case place != 0:
			label = hex.Key(place).Cell().String()
		}
		for priority, x := range all.sums[n] {
			if x.parts > 0 {
				out = append(out, data.GapSum{Priority: priorities[priority], Place: label, Contributions: x.alone, Parts: x.parts, Pence: data.Pence(x.pence), Squares: x.squares})
			}
		}
	}
	slices.SortFunc(out, func(a, b data.GapSum) int {
		return cmp.Or(strings.Compare(a.Priority, b.Priority), strings.Compare(a.Place, b.Place))
	})
	return out
}

// GapSums sums what priorities received by area or cell under several filters,
// as of one version.
func (fs *Facts) GapSums(ctx context.Context, res *int, filters ...data.Filter) (version int64, sums [][]data.GapSum, err error) {
	s := fs.current.Load()
	if s == nil {
		if fs.answers == nil {
			return 0, nil, errNotLoaded
		}
		return fs.answers.GapSums(ctx, res, filters...)
	}
	for _, f := range filters {
		sums = append(sums, s.GapSums(res, f))
	}
	return s.version, sums, nil
}
