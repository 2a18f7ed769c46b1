// Package factstest has what tests and benchmarks of the projection share.
package factstest

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sync"

	"tributary/data"
)

// Load is a load of the facts that fill gives with their values, which may be
// used again after each.
func Load(parts int, fill func(part int, add func(*data.Fact) error) error) data.FactLoad {
	var mu sync.Mutex
	seed := maphash.MakeSeed()
	met := map[int64]data.Fact{} // facts that a part met a number in first
	return data.FactLoad{
		Parts: parts,
		Fill: func(part int, add func(*data.Fact, data.FactAlike) error) error {
			var seen [data.FactGroups]map[int64]bool
			for g := range seen {
				seen[g] = map[int64]bool{}
			}
			return fill(part, func(f *data.Fact) error {
				alike, first := alike(seed, f), false
				for g, number := range alike {
					first = first || !seen[g][number]
					seen[g][number] = true
				}
				if first {
					whole := *f
					for c, v := range whole.Values {
						whole.Values[c] = slices.Clone(v)
					}
					mu.Lock()
					met[f.ID] = whole
					mu.Unlock()
				}
				bare := *f
				bare.Values = [data.FactColumns][]byte{}
				return add(&bare, alike)
			})
		},
		Whole: func(ids []int64, give func(*data.Fact) error) error {
			for _, id := range ids {
				if f, ok := met[id]; ok {
					if err := give(&f); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
}

// alike hashes the values of each group.
func alike(seed maphash.Seed, f *data.Fact) (numbers data.FactAlike) {
	var h maphash.Hash
	for g := range data.FactGroups {
		h.SetSeed(seed)
		for c := range data.FactColumns {
			if c.Group() != g {
				continue
			}
			size := int32(len(f.Values[c]))
			if f.Values[c] == nil {
				size = -1
			}
			h.Write(binary.BigEndian.AppendUint32(nil, uint32(size)))
			h.Write(f.Values[c])
		}
		numbers[g] = int64(h.Sum64())
	}
	return numbers
}
