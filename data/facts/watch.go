package facts

import (
	"slices"

	"tributary/data"
	"tributary/geo/hex"
)

// touchedFacts is what a change has touched so far.
type touchedFacts struct{ data.FactsTouched }

func (t *touchedFacts) add(key hex.Key, territory, area string) {
	t.Cells, t.Territories, t.Areas = append(t.Cells, key.Cell()), append(t.Territories, territory), append(t.Areas, area)
}

// tidy names each place once.
func (t touchedFacts) tidy(version int64) data.FactsTouched {
	t.Version = version
	slices.Sort(t.Cells)
	slices.Sort(t.Territories)
	slices.Sort(t.Areas)
	t.Cells, t.Territories, t.Areas = slices.Compact(t.Cells), slices.Compact(t.Territories), slices.Compact(t.Areas)
	return t.FactsTouched
}

// Watch calls f with every change from now on, one after the other, when
// answers are of its version already. F must not be long about it.
func (fs *Facts) Watch(f func(data.FactsTouched)) {
	fs.writing.Lock()
	defer fs.writing.Unlock()
	fs.watchers = append(fs.watchers, f)
}

func (fs *Facts) tell(t data.FactsTouched) {
	for _, f := range fs.watchers {
		f(t)
	}
}
