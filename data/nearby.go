package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

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

// ParseAmount reads how much is offered, "20 hours".
func ParseAmount(s string) (Quantity, string, error) {
	number, unit, _ := strings.Cut(strings.TrimSpace(s), " ")
	n, err := ParseQuantity(number)
	if err != nil {
		return 0, "", Invalidf("quantity", s, "%q is not how much is offered: give a number and its unit, such as 20 hours", s)
	}
	return n, unit, nil
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
	Contract string  `json:"contract,omitempty"` // its title, if one was named
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

// judgement is why an offer suits a candidate, the distance apart.
type judgement struct {
	need        *OpenNeed // that the offer would meet
	meets       float64   // of the offer: 1 unless less is asked for
	welcome     bool
	measure     bool
	priority    bool
	targetArea  bool
	unsupported bool
}

// judge judges a candidate for an offer.
func (c *Candidate) judge(o Offer) judgement {
	j := judgement{
		welcome:  len(c.Welcomes) > 0 && (len(o.Types) == 0 || within(o.Types, c.Welcomes...)),
		measure:  len(o.Measures) > 0 && within(o.Measures, c.Measures...),
		priority: len(c.Priorities) > 0, targetArea: c.TargetArea, unsupported: !c.Supported,
	}
	for i := range c.Needs {
		if n := &c.Needs[i]; within(o.Types, n.Type) {
			j.need, j.meets = n, 1
			if n.Quantity > 0 && o.Unit == n.Unit && o.Quantity > n.Quantity {
				j.meets = float64(n.Quantity) / float64(o.Quantity)
			}
			break
		}
	}
	return j
}

// points are the judgement's share of the score.
func (j judgement) points() (sum float64) {
	sum = scoreNeed * j.meets
	for _, p := range []struct {
		is     bool
		points float64
	}{{j.welcome, scoreWelcome}, {j.measure, scoreMeasure}, {j.priority, scorePriority}, {j.targetArea, scoreTargetArea}, {j.unsupported, scoreUnsupported}} {
		if p.is {
			sum += p.points
		}
	}
	return sum
}

// reasons says the judgement in words.
func (j judgement) reasons() []string {
	out := []string{}
	if n := j.need; n != nil {
		what := strings.ReplaceAll(n.Type, "_", " ")
		switch {
		case n.Quantity == 0:
			out = append(out, "asks for "+what)
		case j.meets < 1:
			out = append(out, fmt.Sprintf("asks for %s %s (%s), less than is offered", n.Quantity, n.Unit, what))
		default:
			out = append(out, fmt.Sprintf("asks for %s %s (%s)", n.Quantity, n.Unit, what))
		}
	}
	for _, r := range []struct {
		is   bool
		says string
	}{
		{j.welcome, "its provider welcomes an approach"}, {j.measure, "serves the measure that was asked for"},
		{j.priority, "serves a priority of the plan in force"}, {j.targetArea, "lies in a target area"},
		{j.unsupported, "received nothing in the last twelve months"},
	} {
		if r.is {
			out = append(out, r.says)
		}
	}
	return out
}

// score is a candidate's judgement in points and in words.
func (c *Candidate) score(o Offer) (points float64, reasons []string) {
	j := c.judge(o)
	return j.points(), j.reasons()
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

// Within reports whether the candidate's public spot lies in a polygon; nil is
// anywhere. Of one that is shown by its area or territory alone nobody may tell.
func (c *Candidate) Within(polygon orb.Ring) bool {
	return polygon == nil || c.ranked() && planar.RingContains(polygon, c.Point)
}

// maxPolygon bounds the corners of a polygon that is drawn for a question.
const maxPolygon = 500

// ParsePolygon reads "1.2 52.6,1.4 52.6,1.3 52.7": the corners of a polygon,
// longitude first as GeoJSON has it. The last need not repeat the first.
func ParsePolygon(s string) (orb.Ring, error) {
	var ring orb.Ring
	for corner := range strings.SplitSeq(s, ",") {
		var p orb.Point
		f := strings.Fields(corner)
		if len(f) != 2 {
			return nil, Invalidf("polygon", s, "%q is no corner: give longitude and latitude, corners joined by commas, such as 1.2 52.6,1.4 52.6,1.3 52.7", corner)
		}
		for i := range f {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				return nil, Invalidf("polygon", s, "%q is no number of degrees", f[i])
			}
			p[i] = v
		}
		if err := geo.CheckPoint(p[0], p[1]); err != nil {
			return nil, Invalidf("polygon", s, "%v", err)
		}
		if ring = append(ring, p); len(ring) > maxPolygon {
			return nil, Invalidf("polygon", "", "has more than %d corners: draw it more simply", maxPolygon)
		}
	}
	if !ring.Closed() {
		ring = append(ring, ring[0])
	}
	if len(ring) < 4 {
		return nil, Invalidf("polygon", s, "has only %d corners: give at least three", len(ring)-1)
	}
	return ring, nil
}

// FormatPolygon spells a polygon as [ParsePolygon] reads it.
func FormatPolygon(ring orb.Ring) string {
	corners := make([]string, 0, len(ring))
	for _, p := range ring[:len(ring)-1] {
		corners = append(corners, strconv.FormatFloat(p[0], 'f', -1, 64)+" "+strconv.FormatFloat(p[1], 'f', -1, 64))
	}
	return strings.Join(corners, ",")
}

// within reports whether one of the values is wanted; nothing wanted restricts
// nothing.
func within[T comparable](want []T, have ...T) bool {
	return len(want) == 0 || slices.ContainsFunc(have, func(v T) bool { return slices.Contains(want, v) })
}

// ranked says whether a candidate may be ranked by distance: of one that is
// shown by its area or territory alone, no distance is told.
func (c *Candidate) ranked() bool { return c.Level == "exact" || c.Level == "cell" }

// What nearby and relevant take of the filter.
var (
	NearbyParams   = []string{"type", "measure", "theme", "priority", "status", "provider"}
	RelevantParams = []string{"region", "territory", "area", "bbox", "type", "measure", "theme", "priority", "status", "provider"}
)

// MatchReport is matches as a table.
func MatchReport(name, sentence string, rows []Match) Report {
	k := &ReportKind{Name: name, Title: "Activities that suit", Columns: []Column{{"site", ColumnText, "Site"}, {"rank", ColumnCount, "Rank"}, {"activity_id", ColumnText, "Id"}, {"activity", ColumnText, "Activity"},
		{"provider_id", ColumnText, "Provider's id"}, {"provider", ColumnText, "Provider"}, {"distance_km", ColumnNumber, "Kilometres"}, {"score", ColumnNumber, "Score"}, {"reasons", ColumnList, "Reasons"},
		{"needs", ColumnList, "Needs"}, {"measures", ColumnList, "Measures"}, {"territory", ColumnText, "Territory"}, {"area", ColumnText, "Area"}, {"page", ColumnText, "Page"}}}
	r := Report{Kind: k, Sentence: sentence}
	for _, m := range rows {
		var km any
		if m.Site != "" {
			km = m.Km
		}
		needs := make([]string, len(m.Needs))
		for i, n := range m.Needs {
			if needs[i] = n.Type; n.Quantity > 0 {
				needs[i] += " " + n.Quantity.String() + " " + n.Unit
			}
		}
		r.Rows = append(r.Rows, []any{m.Site, int64(m.Rank), m.Activity, m.Name, m.Provider.ID, m.Provider.Name, km, m.Score, m.Reasons, needs, m.Measures, m.Territory, m.Area, "/activities/" + m.Activity})
	}
	return r
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
		n.Sentence = fmt.Sprintf("%s within %v km of %s what is offered; the best is %s, %v km away.", counted(n.Sites[0].Matched, "validated activity", "validated activities"), km, n.Sites[0].Site+map[bool]string{true: " suits", false: " suit"}[n.Sites[0].Matched == 1], n.Rows[0].Name, n.Rows[0].Km)
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
	if r.Contract != "" {
		where += " for the contract “" + r.Contract + "”"
	}
	r.Sentence = fmt.Sprintf("%s%s to choose from, of which %s open needs.", isAre(len(r.Rows), "validated activity", "validated activities"), where, hasHave(needs))
}
