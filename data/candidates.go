package data

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// Candidates are every listed activity, found by place. They never change.
type Candidates struct {
	Version int64
	Day     Date // that needs and plans are open on
	all     []Candidate
	units   [][3]float64         // of each
	first   []int32              // the first place of each one's activity
	several []bool               // its activity has several places
	grid    map[[2]int16][]int32 // by tenths of a degree of latitude and longitude
}

// NewCandidates indexes candidates.
func NewCandidates(version int64, day Date, all []Candidate) *Candidates {
	c := &Candidates{Version: version, Day: day, all: all, units: make([][3]float64, len(all)), first: make([]int32, len(all)), several: make([]bool, len(all)), grid: map[[2]int16][]int32{}}
	seen := make(map[string]int32, len(all))
	for i := range all {
		at, there := seen[all[i].Activity]
		if !there {
			at = int32(i)
			seen[all[i].Activity] = at
		}
		c.first[i], c.units[i] = at, unit(all[i].Point)
		c.several[at], c.several[i] = c.several[at] || there, there
		if all[i].ranked() {
			at := square(all[i].Point)
			c.grid[at] = append(c.grid[at], int32(i))
		}
	}
	return c
}

func square(p orb.Point) [2]int16 {
	return [2]int16{int16(math.Floor(p[0] * 10)), int16(math.Floor(p[1] * 10))}
}

// Near lists, for each site, the best candidates within km kilometres that keep
// lets through, at most limit a site, best first, and notes how many suit each
// site. Of several sites each candidate is offered to the few that it suits
// best.
func (c *Candidates) Near(sites []SiteAt, o Offer, km float64, limit int, keep func(*Candidate) bool) []Match {
	s := newScores(c, o, keep)
	each := limit
	if len(sites) > 1 {
		each *= shownTo
	}
	var hits []hit
	for i := range sites {
		hits = c.around(hits, int32(i), &sites[i], km, each, s)
	}
	if len(sites) > 1 {
		hits = c.share(hits, limit)
	}
	slices.SortFunc(hits, func(a, b hit) int {
		if a.site != b.site {
			return cmp.Compare(a.site, b.site)
		}
		return c.better(a, b)
	})
	out := make([]Match, len(hits))
	for i, h := range hits {
		out[i] = Match{Site: sites[h.site].Site, Rank: 1, Km: h.km, Score: h.score, Candidate: c.all[h.at],
			Reasons: append([]string{fmt.Sprintf("%v km away", h.km)}, s.judged[h.at].reasons...)}
		if i > 0 && hits[i-1].site == h.site {
			out[i].Rank = out[i-1].Rank + 1
		}
	}
	return out
}

// hit is a candidate within reach of a site.
type hit struct {
	site, at  int32
	km, score float64
}

// better orders hits, the best first.
func (c *Candidates) better(a, b hit) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	if a.km != b.km {
		return cmp.Compare(a.km, b.km)
	}
	x, y := &c.all[a.at], &c.all[b.at]
	return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.Activity, y.Activity))
}

// share offers each activity to the few sites that it suits best, and each site
// at most limit of them.
func (c *Candidates) share(all []hit, limit int) []hit {
	slices.SortStableFunc(all, c.better) // equals stay in the order of the sites
	bySite, byActivity := map[int32]int{}, map[int32]int{}
	return slices.DeleteFunc(all, func(h hit) bool {
		if bySite[h.site] == limit || byActivity[c.first[h.at]] == shownTo {
			return true
		}
		bySite[h.site]++
		byActivity[c.first[h.at]]++
		return false
	})
}

// scores judges each candidate once, however many sites ask.
type scores struct {
	c       *Candidates
	offer   Offer
	keep    func(*Candidate) bool
	judged  []*judgement
	several map[int32]hit // kept for the next site
}

type judgement struct {
	kept    bool
	points  float64
	reasons []string
}

func newScores(c *Candidates, o Offer, keep func(*Candidate) bool) *scores {
	return &scores{c: c, offer: o, keep: keep, judged: make([]*judgement, len(c.all)), several: map[int32]hit{}}
}

func (s *scores) of(i int32) *judgement {
	j := s.judged[i]
	if j == nil {
		j = &judgement{kept: s.keep == nil || s.keep(&s.c.all[i])}
		s.judged[i] = j
		if j.kept {
			j.points, j.reasons = s.c.all[i].score(s.offer)
		}
	}
	return j
}

// around adds the best candidates around one site to hits, at most limit.
func (c *Candidates) around(hits []hit, n int32, site *SiteAt, km float64, limit int, s *scores) []hit {
	// A degree of latitude is 111.2 km or a little more; of longitude that times
	// its cosine.
	dLat := km / 111
	dLon := dLat / math.Cos(min(80, math.Abs(site.Point[1])+dLat)*math.Pi/180)
	low, high := square(orb.Point{site.Point[0] - dLon, site.Point[1] - dLat}), square(orb.Point{site.Point[0] + dLon, site.Point[1] + dLat})
	from := unit(site.Point)
	best := make(worstFirst, 0, limit)
	clear(s.several)
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			for _, i := range c.grid[[2]int16{x, y}] {
				d := c.distance(i, from)
				if d > km {
					continue
				}
				j := s.of(i)
				if !j.kept {
					continue
				}
				h := hit{n, i, d, tenths(j.points + scoreDistance*fade[int(d*10+0.5)])}
				if !c.several[i] {
					site.Matched++
					best.keep(c, h, limit)
				} else if old, there := s.several[c.first[i]]; !there || h.score > old.score {
					s.several[c.first[i]] = h
				}
			}
		}
	}
	for _, h := range s.several { // the better place of each activity
		site.Matched++
		best.keep(c, h, limit)
	}
	return append(hits, best...)
}

// worstFirst is a heap of the best hits, the worst of them on top.
type worstFirst []hit

// keep adds h if there is room or it is better than the worst.
func (w *worstFirst) keep(c *Candidates, h hit, limit int) {
	v := *w
	if len(v) < limit {
		v = append(v, h)
		for i := len(v) - 1; i > 0; {
			up := (i - 1) / 2
			if c.better(v[i], v[up]) <= 0 {
				break
			}
			v[i], v[up] = v[up], v[i]
			i = up
		}
		*w = v
		return
	}
	if limit == 0 || c.better(h, v[0]) >= 0 {
		return
	}
	v[0] = h
	for i := 0; ; {
		worst := i
		for _, down := range []int{2*i + 1, 2*i + 2} {
			if down < len(v) && c.better(v[down], v[worst]) > 0 {
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

// fade is how a site's points fade over each 100 metres.
var fade = func() (out [MaxNearKm*10 + 1]float64) {
	for i := range out {
		out[i] = math.Exp(-float64(i) / 10 / scoreFadeKm)
	}
	return out
}()

func tenths(f float64) float64 { return math.Round(f*10) / 10 }

// better orders matches, the best first.
func better(a, b Match) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Km, b.Km), strings.Compare(a.Name, b.Name), strings.Compare(a.Activity, b.Activity))
}

// InAreas lists the candidates that may be told by their area alone, and lie
// in an area or, failing that, a territory of the sites; unranked, by name.
func (c *Candidates) InAreas(sites []SiteAt, keep func(*Candidate) bool) []Candidate {
	areas, territories := map[string]bool{}, map[string]bool{}
	for _, s := range sites {
		areas[s.Area], territories[s.Territory] = s.Area != "", s.Territory != ""
	}
	seen := map[string]bool{}
	var out []Candidate
	for i := range c.all {
		a := &c.all[i]
		if a.ranked() || seen[a.Activity] || !(areas[a.Area] || a.Area == "" && territories[a.Territory]) || keep != nil && !keep(a) {
			continue
		}
		seen[a.Activity] = true
		out = append(out, *a)
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Activity, b.Activity))
	})
	return out
}

// Relevant lists the candidates that keep lets through for an offer, the best
// first, with reasons: what there is for a contract in some places.
func (c *Candidates) Relevant(o Offer, keep func(*Candidate) bool) []Match {
	s := newScores(c, o, keep)
	best := map[string]int32{}
	for i := range c.all {
		if j := s.of(int32(i)); j.kept {
			if _, there := best[c.all[i].Activity]; !there {
				best[c.all[i].Activity] = int32(i)
			}
		}
	}
	out := make([]Match, 0, len(best))
	for _, i := range best {
		m := Match{Score: tenths(s.judged[i].points), Reasons: s.judged[i].reasons, Candidate: c.all[i]}
		if m.Reasons == nil {
			m.Reasons = []string{}
		}
		out = append(out, m)
	}
	slices.SortFunc(out, better)
	for i := range out {
		out[i].Rank = i + 1
	}
	return out
}

// unit is a point as a vector of length one from the middle of the Earth.
func unit(p orb.Point) [3]float64 {
	sinLon, cosLon := math.Sincos(p[0] * math.Pi / 180)
	sinLat, cosLat := math.Sincos(p[1] * math.Pi / 180)
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// distance is how far a candidate is from a site in kilometres along the great
// circle, no finer than its place may be shown: to 100 metres where it is
// exact, to a kilometre within a cell.
func (c *Candidates) distance(i int32, from [3]float64) float64 {
	to := &c.units[i]
	x, y, z := from[0]-to[0], from[1]-to[1], from[2]-to[2]
	chord := x*x + y*y + z*z                                         // squared
	km := orb.EarthRadius / 1000 * math.Sqrt(chord) * (1 + chord/24) // the arc, to a millimetre over 100 km
	if c.all[i].Level == "exact" {
		return tenths(km)
	}
	return max(1, math.Round(km))
}
