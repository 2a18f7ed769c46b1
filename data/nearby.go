package data

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tributary/geo"
)

// Candidate is a listed activity in one place, with what a supplier would want
// to know before offering something.
type Candidate struct {
	Activity   string     `json:"activity"` // id
	Name       string     `json:"name"`
	Provider   Party      `json:"provider"`
	Status     Status     `json:"status"`
	Themes     []Theme    `json:"themes"`
	Measures   []string   `json:"measures"`
	Priorities []string   `json:"priorities"` // of plans in force where it is
	Level      string     `json:"level"`      // how finely its place is shown
	Point      orb.Point  `json:"-"`          // the public spot, EPSG:4326
	Territory  string     `json:"territory"`
	Area       string     `json:"area,omitempty"`
	Needs      []OpenNeed `json:"needs"`
	// Welcomes are the types of contribution that its provider's fresh register
	// entry says it welcomes.
	Welcomes   []string `json:"welcomes"`
	TargetArea bool     `json:"target_area"` // it lies in a public target area
	Supported  bool     `json:"supported"`   // it received something in the last twelve months
}

// OpenNeed is something that an activity asks for today.
type OpenNeed struct {
	Type     string   `json:"type"`
	Quantity Quantity `json:"quantity_milli,omitempty"` // 0: not told
	Unit     string   `json:"unit,omitempty"`
	Text     string   `json:"text,omitempty"`
}

// Offer is what a supplier has to give; empty fields do not restrict.
type Offer struct {
	Types    []string
	Measures []string
	Quantity Quantity
	Unit     string
}

// SiteAt is where a supplier starts from.
type SiteAt struct {
	Site      string    `json:"site"` // as it was asked
	Point     orb.Point `json:"point"`
	Territory string    `json:"territory,omitempty"`
	Area      string    `json:"area,omitempty"`
	// Matched is how many activities suit the site, those listed among them.
	Matched int `json:"matched"`
}

// Nearby is the answer to a supplier that asks what is near its sites.
type Nearby struct {
	Version  int64       `json:"version"`
	Sites    []SiteAt    `json:"sites"`
	Rows     []Match     `json:"rows"`     // by site, the best first
	InAreas  []Candidate `json:"in_areas"` // of which no distance may be told, by name
	Sentence string      `json:"sentence"`
}

// Relevant is what there is for a contract: activities with reasons.
type Relevant struct {
	Query    string  `json:"query"`
	Version  int64   `json:"version"`
	Rows     []Match `json:"rows"` // the best first
	Sentence string  `json:"sentence"`
}

// Match is an activity for a site, with why.
type Match struct {
	Site    string   `json:"site,omitempty"`
	Rank    int      `json:"rank"`
	Km      float64  `json:"distance_km"` // at the place's public precision
	Score   float64  `json:"score"`       // 0 to 100
	Reasons []string `json:"reasons"`
	Candidate
}

// The score's parts: a hundred points in all. Distance counts most and fades
// by a third with every four kilometres; a need that what is offered would
// meet counts next.
const (
	scoreDistance    = 40.0
	scoreFadeKm      = 10.0
	scoreNeed        = 25.0
	scoreWelcome     = 10.0
	scoreMeasure     = 10.0
	scorePriority    = 5.0
	scoreTargetArea  = 5.0
	scoreUnsupported = 5.0
)

// MaxNearKm is the widest that nearby looks, in kilometres.
const MaxNearKm = 100

// shownTo is how many of many sites one activity is offered to at most: five
// hundred sites do not all knock at one door.
const shownTo = 3

// score judges a candidate for an offer, its distance apart.
func (c *Candidate) score(o Offer) (points float64, reasons []string) {
	add := func(p float64, reason string, args ...any) {
		points += p
		reasons = append(reasons, fmt.Sprintf(reason, args...))
	}
	for _, n := range c.Needs {
		if len(o.Types) == 0 || slices.Contains(o.Types, n.Type) {
			what := strings.ReplaceAll(n.Type, "_", " ")
			switch {
			case n.Quantity == 0:
				add(scoreNeed, "asks for %s", what)
			case o.Quantity > 0 && o.Unit == n.Unit && o.Quantity > n.Quantity:
				add(scoreNeed*float64(n.Quantity)/float64(o.Quantity), "asks for %s %s of %s, less than is offered", n.Quantity, n.Unit, what)
			default:
				add(scoreNeed, "asks for %s %s of %s", n.Quantity, n.Unit, what)
			}
			break
		}
	}
	if len(c.Welcomes) > 0 && (len(o.Types) == 0 || slices.ContainsFunc(o.Types, func(t string) bool { return slices.Contains(c.Welcomes, t) })) {
		add(scoreWelcome, "its provider welcomes an approach")
	}
	if len(o.Measures) > 0 && slices.ContainsFunc(o.Measures, func(m string) bool { return slices.Contains(c.Measures, m) }) {
		add(scoreMeasure, "serves the measure that was asked for")
	}
	if len(c.Priorities) > 0 {
		add(scorePriority, "serves a priority of the plan in force")
	}
	if c.TargetArea {
		add(scoreTargetArea, "lies in a target area")
	}
	if !c.Supported {
		add(scoreUnsupported, "received nothing in the last twelve months")
	}
	return points, reasons
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

// Suits says which candidates a filter lets through: validated ones unless it
// names statuses; of its types, those that are asked for or welcome. Regions
// gives the region of each territory.
func Suits(f Filter, regions map[string]geo.RegionCode) func(*Candidate) bool {
	return func(c *Candidate) bool {
		if len(f.Status) == 0 && c.Status != StatusValidated {
			return false
		}
		return within(f.Status, c.Status) && within(f.Theme, c.Themes...) && within(f.Measure, c.Measures...) && within(f.Priority, c.Priorities...) &&
			within(f.Territory, geo.TerritoryID(c.Territory)) && within(f.Area, geo.AreaCode(c.Area)) && within(f.Region, regions[c.Territory]) &&
			within(f.Provider, c.Provider.ID) && within(f.Activity, c.Activity) &&
			(len(f.Type) == 0 || within(f.Type, c.Welcomes...) || slices.ContainsFunc(c.Needs, func(n OpenNeed) bool { return within(f.Type, n.Type) })) &&
			(f.BBox == nil || c.ranked() && f.BBox.Contains(c.Point))
	}
}

// within reports whether one of the values is wanted; nothing wanted restricts
// nothing.
func within[T comparable](want []T, have ...T) bool {
	return len(want) == 0 || slices.ContainsFunc(have, func(v T) bool { return slices.Contains(want, v) })
}

// ranked says whether a candidate may be ranked by distance: of one that is
// shown by its area or territory alone, no distance is told.
func (c *Candidate) ranked() bool { return c.Level == "exact" || c.Level == "cell" }

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

// Say makes the answer's sentence.
func (n *Nearby) Say(km float64) {
	matched := 0
	for _, s := range n.Sites {
		if s.Matched > 0 {
			matched++
		}
	}
	switch {
	case len(n.Sites) == 1 && matched == 0:
		n.Sentence = fmt.Sprintf("No validated activity within %v km of %s suits what is offered.", km, n.Sites[0].Site)
	case len(n.Sites) == 1:
		n.Sentence = fmt.Sprintf("%s within %v km of %s suit what is offered; the best is %s, %v km away.", counted(n.Sites[0].Matched, "validated activity", "validated activities"), km, n.Sites[0].Site, n.Rows[0].Name, n.Rows[0].Km)
	default:
		n.Sentence = fmt.Sprintf("Of %s, %s a validated activity within %v km that suits what is offered.", counted(len(n.Sites), "site", "sites"), hasHave(matched), km)
	}
	if len(n.InAreas) > 0 {
		n.Sentence += fmt.Sprintf(" %s more in the same areas may not be shown on the map.", Thousands(len(n.InAreas)))
	}
}

// Say makes the answer's sentence; where is " in Norfolk".
func (r *Relevant) Say(where string) {
	needs := 0
	for _, m := range r.Rows {
		if len(m.Needs) > 0 {
			needs++
		}
	}
	r.Sentence = fmt.Sprintf("%s%s to choose from, of which %s open needs.", isAre(len(r.Rows), "validated activity", "validated activities"), where, hasHave(needs))
}
