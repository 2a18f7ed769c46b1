package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
	"tributary/tiles"
)

// coverageContent is an office's page: where its plan is served and where not.
type coverageContent struct {
	Gap         *data.Gap // nil: no territory is chosen yet
	Territories []optionGroup
	Territory   string
	Name        string
	By          []option
	Baseline    string
	Period      string
	Worst       []data.GapCell
	Changed     []data.GapCell
	Priorities  []data.Named
	Places      []coverageRow
	Bare        []data.Named // places without an activity under any priority
	Map         *mapView     // nil where gaps are told by what is not drawn
	Key         exploreKey
	Note        boundaryNote
	FeedURL     string
	CompareURL  string
	PlaceURL    string
	Counts      []stateCount
	Reports     []reportLink
	Files       []file
	Rollout     [][]reportCell // of all territories, where none is chosen
	Demo        bool
}

// coverageRow is one place with its cell under each priority.
type coverageRow struct {
	Place data.Named
	Cells []data.GapCell
}

// stateCount is how many cells are in a state.
type stateCount struct {
	State data.GapState
	N     int
}

// reportLink is a report's sentence and where the whole of it is.
type reportLink struct{ Title, Sentence, URL string }

// coverageReports are those that an office reads beside its gaps.
var coverageReports = []string{"delivery", "threshold", "buyers", "joined-up", "at-risk", "untold", "unreached", "updates"}

// Coverage answers "/coverage".
func (s *Server) coverage(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, []string{"territory", "from", "to", "period", "sector", "type", "state", "as_at"}, "by", "baseline")
	if err != nil {
		return err
	}
	rows, err := s.src.Territories(r.Context(), data.Filter{})
	if err != nil {
		return err
	}
	regions, err := s.src.Regions(r.Context(), data.Filter{})
	if err != nil {
		return err
	}
	c := coverageContent{Territories: territoryOptions(q.filter, rows, regions), Baseline: q.view.Baseline, Period: r.URL.Query().Get("period")}
	for _, by := range data.GapPlaces {
		c.By = append(c.By, option{by, gapPlaceWords[by], by == q.view.By || by == "area" && q.view.By == ""})
	}
	names := namesOf(rows, regions, nil)
	switch len(q.filter.Territory) {
	case 0:
		if err := s.rolloutOf(r, names, &c); err != nil {
			return err
		}
		return s.pages.show(w, r, http.StatusOK, "coverage", frame{Title: "Coverage", Nav: "/coverage", Wide: true, Content: c})
	case 1:
		c.Territory = string(q.filter.Territory[0])
		c.Name = names["territory:"+c.Territory]
	default:
		return data.Invalidf("territory", "", "gaps are told for one territory at a time: choose one")
	}
	g, err := s.src.Gap(r.Context(), q.filter, q.view)
	if err == nil && q.view.By == "" && onePlace(g) {
		// One county alone has all of the need and all that was given.
		q.view.By = "cell"
		for i := range c.By {
			c.By[i].Chosen = c.By[i].Value == q.view.By
		}
		g, err = s.src.Gap(r.Context(), q.filter, q.view)
	}
	if err != nil {
		return err
	}
	c.Gap = &g
	c.lay()
	if err := s.coverageMap(r, q, rows, &c); err != nil {
		return err
	}
	if err := s.coverageMore(r, q, &c); err != nil {
		return err
	}
	return s.pages.show(w, r, http.StatusOK, "coverage", frame{Title: "Coverage in " + c.Name, Nav: "/coverage", Wide: true, Content: c})
}

// onePlace reports whether a gap is told of a single place.
func onePlace(g data.Gap) bool {
	return len(g.Cells) > 0 && !slices.ContainsFunc(g.Cells, func(c data.GapCell) bool { return c.Place != g.Cells[0].Place })
}

// lay turns the list of cells into a table of places by priorities.
func (c *coverageContent) lay() {
	n := map[data.GapState]int{}
	at := map[string]int{}
	for _, cell := range c.Gap.Cells {
		if !slices.ContainsFunc(c.Priorities, func(p data.Named) bool { return p.Code == cell.Priority }) {
			c.Priorities = append(c.Priorities, data.Named{Code: cell.Priority, Name: cell.PriorityName})
		}
		i, ok := at[cell.Place]
		if !ok {
			i = len(c.Places)
			at[cell.Place] = i
			c.Places = append(c.Places, coverageRow{Place: data.Named{Code: cell.Place, Name: cell.PlaceName}})
		}
		c.Places[i].Cells = append(c.Places[i].Cells, cell)
		n[cell.State]++
		if cell.Before != "" && cell.Before != cell.State {
			c.Changed = append(c.Changed, cell)
		}
	}
	empty := func(row coverageRow) bool {
		return !slices.ContainsFunc(row.Cells, func(cell data.GapCell) bool { return cell.State != data.GapNoActivity || cell.Count > 0 })
	}
	for _, row := range c.Places {
		if empty(row) {
			c.Bare = append(c.Bare, row.Place)
		}
	}
	c.Places = slices.DeleteFunc(c.Places, empty)
	for _, i := range c.Gap.Worst {
		c.Worst = append(c.Worst, c.Gap.Cells[i])
	}
	for _, state := range data.GapStates {
		c.Counts = append(c.Counts, stateCount{state, n[state]})
	}
}

// exploreKey is what the key of a map is made from.
type exploreKey struct {
	Keys  []keyGroup
	Layer string
}

// coverageMap is the map of the gaps as the map's own page has it. Target areas
// overlap, and have none.
func (s *Server) coverageMap(r *http.Request, q asked, rows []data.TerritoryRow, c *coverageContent) error {
	id := q.filter.Territory[0]
	c.FeedURL, c.PlaceURL = placeURL(string(id))+"/feed.atom", placeURL(string(id))
	c.CompareURL = pageURL("/compare", q.filter, nil)
	if q.view.By == "target_area" || len(c.Gap.Cells) == 0 {
		return nil
	}
	layers, err := tiles.ParseLayers(layerGaps)
	if err != nil {
		return err
	}
	query, err := tiles.NewQuery(layers, q.filter, q.view)
	if err != nil {
		return err
	}
	bounds, err := s.pages.boundsOf(r.Context(), q.filter, rows, nil)
	if err != nil {
		return err
	}
	c.Map = &mapView{Layer: layerGaps, Over: s.overTiles(layers, query), Bounds: bounds, Focus: string(id),
		Still: pageURL("/static-map.svg", q.filter, url.Values{"layer": {layerGaps}, "key": {"none"}}),
		Alt:   "Map of the places of " + c.Name + ", coloured by how they are served under its plan. The table says each in words."}
	c.Key = exploreKey{gapKeys(), layerGaps}
	c.Note, err = s.pages.boundaryNote(r)
	return err
}

// coverageMore adds the reports beside the gaps, and the files.
func (s *Server) coverageMore(r *http.Request, q asked, c *coverageContent) error {
	here := inTerritory(q.filter.Territory[0])
	here.AsAt = q.filter.AsAt
	for _, name := range coverageReports {
		k, _ := data.ReportNamed(name)
		report, err := s.src.Report(r.Context(), k, here, 0)
		if err != nil {
			return err
		}
		c.Reports = append(c.Reports, reportLink{k.Title, report.Sentence, pageURL("/reports/"+name, here, nil)})
	}
	view := url.Values{"by": {q.view.By}, "baseline": {q.view.Baseline}}
	for _, form := range []string{"csv", "xlsx", "json"} {
		c.Files = append(c.Files, file{fileWords[form], pageURL("/api/v1/gap."+form, q.filter, view)})
	}
	summary, err := s.src.Summary(r.Context(), here)
	c.Demo = summary.Demonstration
	return err
}

// fileWords are what forms of files are called.
var fileWords = map[string]string{"csv": "CSV", "xlsx": "XLSX", "json": "JSON", "geojson": "GeoJSON"}

// rolloutOf lists all territories, for choosing one.
func (s *Server) rolloutOf(r *http.Request, names map[string]string, c *coverageContent) error {
	k, _ := data.ReportNamed("rollout")
	report, err := s.src.Report(r.Context(), k, data.Filter{}, 0)
	if err != nil {
		return err
	}
	for _, row := range report.Rows {
		cells := map[string]reportCell{}
		for i, cell := range cellsOf(k, row, names) {
			cells[k.Columns[i].Name] = cell
		}
		id, _ := row[0].(string)
		name := cells["name"]
		name.URL = "/coverage?territory=" + url.QueryEscape(id)
		c.Rollout = append(c.Rollout, []reportCell{name, cells["body"], cells["plan"], cells["validated"], cells["received"]})
	}
	slices.SortFunc(c.Rollout, func(a, b []reportCell) int { return strings.Compare(a[0].Text, b[0].Text) })
	return nil
}

// gapPlaceWords and gapStateWords are what people call them.
var (
	gapPlaceWords = map[string]string{"area": "Districts or counties", "target_area": "Target areas", "cell": "Hexagons"}
	gapStateWords = map[data.GapState]string{data.GapNoActivity: "No activity", data.GapNoSupport: "Not supported", data.GapBelow: "Below need", data.GapBalanced: "Balanced", data.GapAbove: "Above need", data.GapFewData: "Too little data"}
	gapStateMeans = map[data.GapState]string{
		data.GapNoActivity: "no listed activity serves the priority there", data.GapNoSupport: "there is one, and it received nothing",
		data.GapBelow: "its share of what was given is clearly below its share of the need", data.GapBalanced: "no difference that the data can tell",
		data.GapAbove: "its share of what was given is clearly above its share of the need", data.GapFewData: "fewer than ten contributions to the priority, or nothing to measure need by",
	}
)

// gapScore says a score and its interval in points: "−12 points (−20 to −4)".
func gapScore(c data.GapCell) string {
	if c.Score == nil || c.Count == 0 {
		return ""
	}
	points := func(v float64) string {
		s := fixed(v*100, 0)
		if s == "-0" {
			return "0"
		}
		if s[0] == '-' {
			return "−" + s[1:]
		}
		return s
	}
	return points(*c.Score) + " points (" + points(*c.Lower) + " to " + points(*c.Upper) + ")"
}
