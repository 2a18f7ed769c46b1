package facts

import (
	"slices"

	"tributary/geo/hex"
)

// Touched says where facts have changed with a version: where those that are
// gone or changed were, and where those that are new or changed are. Facts
// without a cell, a territory or an area add 0 or "". Each is named once.
type Touched struct {
	Version     int64
	Whole       bool // anywhere: all facts were loaded again
	Cells       []hex.Cell
	Territories []string
	Areas       []string
}

// tidy names each place once.
func (t Touched) tidy(version int64) Touched {
	t.Version = version
	slices.Sort(t.Cells)
	slices.Sort(t.Territories)
	slices.Sort(t.Areas)
	t.Cells, t.Territories, t.Areas = slices.Compact(t.Cells), slices.Compact(t.Territories), slices.Compact(t.Areas)
	return t
}

// Watch calls f with every change from now on, one after the other, when
// answers are of its version already. F must not be long about it.
func (fs *Facts) Watch(f func(Touched)) {
	fs.writing.Lock()
	defer fs.writing.Unlock()
	fs.watchers = append(fs.watchers, f)
}

func (fs *Facts) tell(t Touched) {
	for _, f := range fs.watchers {
		f(t)
	}
}
