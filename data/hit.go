package data

import (
	"cmp"
	"math"
	"slices"
)

// hit is a candidate within reach of a site. Its key is the smaller the better
// it is: the higher the score, the shorter the distance, the earlier the name.
type hit struct {
	key      uint64
	site, at int32
}

// A key holds, from the top, the tenths of a point that the score lacks to a
// hundred, the distance in hundreds of metres, and the rank of the name.
const (
	keyKm    = 32
	keyScore = keyKm + 12
	fullMark = 1000
)

func (h hit) score() float64 { return float64(fullMark-int64(h.key>>keyScore)) / 10 }
func (h hit) km() float64    { return float64(h.key>>keyKm&(1<<(keyScore-keyKm)-1)) / 10 }

// share offers each activity to the few sites that it suits best, and each site
// at most limit of them.
func (c *Candidates) share(all []hit, sites, limit int) []hit {
	slices.SortFunc(all, func(a, b hit) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return int(a.site - b.site)
	})
	bySite, byActivity := make([]int, sites), make([]uint8, len(c.all))
	return slices.DeleteFunc(all, func(h hit) bool {
		if bySite[h.site] == limit || byActivity[c.first[h.at]] == shownTo {
			return true
		}
		bySite[h.site]++
		byActivity[c.first[h.at]]++
		return false
	})
}

// reach is the best around one site.
type reach struct {
	c       *Candidates
	scores  *scores
	site    int32
	from    [3]float64
	km      float64
	limit   int
	matched int
	best    worstFirst
	several map[int32]hit // of activities in several places, by their first
}

// look considers the places from one up to another.
func (r *reach) look(from, to int32) {
	// The square of the longest chord that may count, with half a kilometre for
	// what is told by the kilometre.
	longest := (r.km + 0.6) / earthKm
	longest *= longest
	for i := from; i < to; i++ {
		p := &r.c.places[i]
		points := r.scores.points[i]
		x, y, z := r.from[0]-p.unit[0], r.from[1]-p.unit[1], r.from[2]-p.unit[2]
		chord := x*x + y*y + z*z
		if points < 0 || chord > longest {
			continue
		}
		hundreds := p.hundreds(chord)
		if float64(hundreds)/10 > r.km {
			continue
		}
		lacks := fullMark - int64(math.Round((points+scoreDistance*fade[hundreds])*10))
		h := hit{uint64(lacks)<<keyScore | uint64(hundreds)<<keyKm | uint64(r.c.rank[p.at]), r.site, p.at}
		if !p.several {
			r.matched++
			r.best.keep(h, r.limit)
			continue
		}
		if r.several == nil {
			r.several = map[int32]hit{}
		}
		if old, there := r.several[r.c.first[p.at]]; !there || h.key < old.key {
			r.several[r.c.first[p.at]] = h
		}
	}
}

// end adds the best place of each activity in several, and returns the best.
func (r *reach) end() []hit {
	r.matched += len(r.several)
	for _, h := range r.several {
		r.best.keep(h, r.limit)
	}
	return r.best
}

// worstFirst is a heap of the best hits, the worst of them on top.
type worstFirst []hit

// keep adds h if there is room or it is better than the worst.
func (w *worstFirst) keep(h hit, limit int) {
	v := *w
	if len(v) < limit {
		v = append(v, h)
		for i := len(v) - 1; i > 0; {
			up := (i - 1) / 2
			if v[i].key <= v[up].key {
				break
			}
			v[i], v[up] = v[up], v[i]
			i = up
		}
		*w = v
		return
	}
	if limit == 0 || h.key >= v[0].key {
		return
	}
	v[0] = h
	for i := 0; ; {
		worst := i
		for _, down := range []int{2*i + 1, 2*i + 2} {
			if down < len(v) && v[down].key > v[worst].key {
				worst = down
			}
		}
		if worst == i {
			return
		}
		v[i], v[worst] = v[worst], v[i]
		i = worst
	}
}
