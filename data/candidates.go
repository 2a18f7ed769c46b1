package data

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"tributary/geo"
)

// Candidates are every listed activity, found by place. They never change.
type Candidates struct {
	Version int64
	Day     Date // that needs and plans are open on
	// Regions are those of the territories, for [Suits].
	Regions map[string]geo.RegionCode
	all     []Candidate
	rank    []int32  // of each by name, as answers list what is equal
	first   []int32  // the first place of each one's activity
	places  []ranked // those that may be ranked, by square
	// Squares are tenths of a degree of longitude and latitude from the lowest;
	// the places of each begin where starts says.
	lowest [2]int
	size   [2]int
	starts []int32
	// unplaced are those that may not be ranked.
	unplaced []int32
}

// ranked is a candidate that may be ranked by distance.
type ranked struct {
	unit    [3]float64 // see unit
	at      int32      // in all
	exact   bool
	several bool // its activity has several places
}

// NewCandidates indexes candidates.
func NewCandidates(version int64, day Date, all []Candidate) *Candidates {
	c := &Candidates{Version: version, Day: day, all: all, rank: make([]int32, len(all)), first: make([]int32, len(all))}
	byName := make([]int32, len(all))
	seen := make(map[string]int32, len(all))
	several := make([]bool, len(all))
	var placed []int32
	for i := range all {
		byName[i] = int32(i)
		at, there := seen[all[i].Activity]
		if !there {
			at = int32(i)
			seen[all[i].Activity] = at
		}
		c.first[i] = at
		several[at] = several[at] || there
		if all[i].ranked() {
			placed = append(placed, int32(i))
		} else {
			c.unplaced = append(c.unplaced, int32(i))
		}
	}
	slices.SortStableFunc(byName, func(a, b int32) int {
		return cmp.Or(strings.Compare(all[a].Name, all[b].Name), strings.Compare(all[a].Activity, all[b].Activity))
	})
	for rank, i := range byName {
		c.rank[i] = int32(rank)
	}
	c.layOut(placed)
	for _, i := range placed {
		c.places = append(c.places, ranked{unit(all[i].Point), i, all[i].Level == "exact", several[c.first[i]]})
	}
	return c
}

// layOut makes the squares of the candidates that have a place, and sorts these
// by them.
func (c *Candidates) layOut(placed []int32) {
	if len(placed) == 0 {
		return
	}
	low, high := square(c.all[placed[0]].Point), square(c.all[placed[0]].Point)
	for _, i := range placed {
		q := square(c.all[i].Point)
		for n := range q {
			low[n], high[n] = min(low[n], q[n]), max(high[n], q[n])
		}
	}
	c.lowest, c.size = low, [2]int{high[0] - low[0] + 1, high[1] - low[1] + 1}
	slices.SortStableFunc(placed, func(a, b int32) int { return cmp.Compare(c.number(a), c.number(b)) })
	c.starts = make([]int32, c.size[0]*c.size[1]+1)
	for _, i := range placed {
		c.starts[c.number(i)+1]++
	}
	for n := range c.starts[1:] {
		c.starts[n+1] += c.starts[n]
	}
}

// number is the number of the square that a candidate lies in.
func (c *Candidates) number(i int32) int {
	q := square(c.all[i].Point)
	return (q[0]-c.lowest[0])*c.size[1] + q[1] - c.lowest[1]
}

func square(p orb.Point) [2]int {
	return [2]int{int(math.Floor(p[0] * 10)), int(math.Floor(p[1] * 10))}
}

// Near lists, for each site, the best candidates within km kilometres that keep
// lets through, at most limit a site, best first, and notes how many suit each
// site. Of several sites each candidate is offered to the few that it suits
// best.
func (c *Candidates) Near(sites []SiteAt, o Offer, km float64, limit int, keep func(*Candidate) bool) []Match {
	each := limit
	if len(sites) > 1 {
		each *= shownTo
	}
	hits := c.around(sites, newScores(c, o, keep), km, each)
	if len(sites) > 1 {
		hits = c.share(hits, len(sites), limit)
	}
	slices.SortFunc(hits, func(a, b hit) int {
		if a.site != b.site {
			return int(a.site - b.site)
		}
		return cmp.Compare(a.key, b.key)
	})
	out := make([]Match, len(hits))
	reasons := map[int32][]string{}
	for i, h := range hits {
		why, known := reasons[h.at]
		if !known {
			_, why = c.all[h.at].score(o)
			reasons[h.at] = why
		}
		out[i] = Match{Site: sites[h.site].Site, Rank: 1, Km: h.km(), Score: h.score(), Candidate: c.all[h.at]}
		out[i].Reasons = append(append(make([]string, 0, len(why)+1), fmt.Sprintf("%v km away", h.km())), why...)
		if i > 0 && hits[i-1].site == h.site {
			out[i].Rank = out[i-1].Rank + 1
		}
	}
	return out
}

// scores judges the candidates of each square once, however many sites ask.
type scores struct {
	c      *Candidates
	offer  Offer
	keep   func(*Candidate) bool
	judged []bool    // by square
	points []float64 // by place, the distance apart; negative: not kept
}

func newScores(c *Candidates, o Offer, keep func(*Candidate) bool) *scores {
	return &scores{c: c, offer: o, keep: keep, judged: make([]bool, len(c.starts)), points: make([]float64, len(c.places))}
}

// judge judges the candidates of a square.
func (s *scores) judge(square int) {
	for i := s.c.starts[square]; i < s.c.starts[square+1]; i++ {
		x := &s.c.all[s.c.places[i].at]
		if s.points[i] = -1; s.keep == nil || s.keep(x) {
			s.points[i] = x.judge(s.offer).points()
		}
	}
}

// around lists the best candidates around each site, at most limit of each.
func (c *Candidates) around(sites []SiteAt, s *scores, km float64, limit int) []hit {
	spans := make([][]span, len(sites))
	var fresh []int
	for i := range sites {
		spans[i] = c.spans(sites[i].Point, km)
		for _, x := range spans[i] {
			for q := x.from; q < x.to; q++ {
				if !s.judged[q] {
					s.judged[q] = true
					fresh = append(fresh, q)
				}
			}
		}
	}
	const few = 64 // are not worth a goroutine
	spread(len(fresh), few, func(n int) { s.judge(fresh[n]) })
	found := make([][]hit, len(sites))
	spread(len(sites), few/8, func(n int) {
		r := reach{c: c, scores: s, site: int32(n), from: unit(sites[n].Point), km: km, limit: limit}
		for _, x := range spans[n] {
			r.look(c.starts[x.from], c.starts[x.to])
		}
		found[n], sites[n].Matched = r.end(), sites[n].Matched+r.matched
	})
	return slices.Concat(found...)
}

// spread calls f for each number up to n, by several goroutines unless they are
// few.
func spread(n, few int, f func(int)) {
	if n <= few {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for {
				from := int(next.Add(16)) - 16
				if from >= n {
					return
				}
				for i := from; i < min(from+16, n); i++ {
					f(i)
				}
			}
		})
	}
	wait.Wait()
}

// span is squares with numbers that follow one another: from, up to but not
// including to.
type span struct{ from, to int }

// spans are the squares that may hold something within km kilometres.
func (c *Candidates) spans(p orb.Point, km float64) []span {
	// A degree of latitude is 111.2 km or a little more; of longitude that times
	// its cosine. A place within a cell may be told half a kilometre nearer.
	dLat := (km + 0.5) / 111
	dLon := dLat / math.Cos(min(80, math.Abs(p[1])+dLat)*math.Pi/180)
	low, high := square(orb.Point{p[0] - dLon, p[1] - dLat}), square(orb.Point{p[0] + dLon, p[1] + dLat})
	for n := range low {
		low[n], high[n] = max(low[n]-c.lowest[n], 0), min(high[n]-c.lowest[n], c.size[n]-1)
	}
	var out []span
	for x := low[0]; x <= high[0] && low[1] <= high[1]; x++ {
		out = append(out, span{x*c.size[1] + low[1], x*c.size[1] + high[1] + 1})
	}
	return out
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
	seen := map[int32]bool{}
	var in []int32
	for _, i := range c.unplaced {
		a := &c.all[i]
		if seen[c.first[i]] || !(areas[a.Area] || a.Area == "" && territories[a.Territory]) || keep != nil && !keep(a) {
			continue
		}
		seen[c.first[i]] = true
		in = append(in, i)
	}
	slices.SortFunc(in, func(a, b int32) int { return cmp.Compare(c.rank[a], c.rank[b]) })
	var out []Candidate
	for _, i := range in {
		out = append(out, c.all[i])
	}
	return out
}

// Relevant lists the candidates that keep lets through for an offer, the best
// first, with reasons: what there is for a contract in some places.
func (c *Candidates) Relevant(o Offer, keep func(*Candidate) bool) []Match {
	seen := map[int32]bool{}
	out := []Match{}
	for i := range c.all {
		if x := &c.all[i]; !seen[c.first[i]] && (keep == nil || keep(x)) {
			seen[c.first[i]] = true
			points, reasons := x.score(o)
			out = append(out, Match{Score: tenths(points), Reasons: reasons, Candidate: *x})
		}
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

const earthKm = orb.EarthRadius / 1000

// hundreds is how far away a candidate is in hundreds of metres along the great
// circle, by the square of the chord on a sphere of radius one; no finer than
// its place may be shown: to 100 metres where it is exact, to a kilometre
// within a cell.
func (p *ranked) hundreds(chord float64) int {
	km := earthKm * math.Sqrt(chord) * (1 + chord/24) // the arc, to a millimetre over 100 km
	if p.exact {
		return int(math.Round(km * 10))
	}
	return 10 * max(1, int(math.Round(km)))
}
