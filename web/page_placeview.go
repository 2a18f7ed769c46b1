package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"tributary/data"
)

// placeViewContent is one of the elements of a place beside its activities.
type placeViewContent struct {
	placeContent
	View      string
	Code      string // as filters and addresses have it
	Param     string // the filter's parameter that names it: territory, region, area
	Demo      bool
	Statement data.Statement
	Tables    []shareTable
	Delivery  []data.ReportRow
	Sectors   []sectorRow
	Bare      []data.ReportRow // over the threshold, without a commitment
	AtRisk    []data.ReportRow
	Series    []drawnSeries
	Measured  []data.ReportRow
	Savings   []data.ReportRow
	Works     []data.ReportRow
	Hubs      []string
	Stories   []data.Story
	Register  []data.ReportRow
	Adoption  []data.ReportRow
	Said      []reportLink // reports in a sentence
	Links     []file       // where there is more
	Compare   compareForm
}

// sectorRow is a sector of public buyers with who of it is engaged.
type sectorRow struct {
	Sector      string
	Engaged     int
	NotYet      []data.ReportRow
	Pence       data.Pence
	BuyersCount int
}

// listedBodies is how many of a list's rows a view of a place shows.
const listedBodies = 12

// placePage answers "/places/{id}" in one of its views.
func (s *Server) placePage(w http.ResponseWriter, r *http.Request) error {
	view := r.URL.Query().Get("view")
	if view == "" {
		return s.pages.Place(w, r)
	}
	if _, err := s.ask(r, nil, "view"); err != nil {
		return err
	}
	fill, ok := map[string]func(context.Context, data.Filter, *placeViewContent) error{
		"collaborations": s.placeCollaborations, "measurement": s.placeMeasurement, "engagement": s.placeEngagement,
	}[view]
	if !ok {
		return data.Invalidf("view", view, "%q is no view of a place: use collaborations, measurement or engagement, or leave it out for the activities", view)
	}
	id := pathVar(r, "id")
	profile, err := s.src.Place(r.Context(), id)
	if err != nil {
		return err
	}
	c := placeViewContent{placeContent: placeContent{PlaceProfile: profile, Tabs: placeTabs(id, view)}, View: view, Code: id}
	where := c.identify()
	switch {
	case profile.Territory != nil:
		c.Param = "territory"
	case profile.Region != nil:
		c.Param = "region"
	default:
		c.Param = "area"
	}
	if c.Demo, err = s.madeUp(r.Context()); err != nil {
		return err
	}
	if profile.Area == nil || profile.Drawn {
		if err := fill(r.Context(), where, &c); err != nil {
			return err
		}
	}
	title := map[string]string{"collaborations": "Collaborations in ", "measurement": "Measurement in ", "engagement": "Engagement in "}[view] + c.Name
	return s.pages.show(w, r, http.StatusOK, "placeview", frame{Title: title, Wide: true, Content: c})
}

// placeCollaborations tells what flows into a place, and which contracts and
// bodies it comes from, or does not.
func (s *Server) placeCollaborations(ctx context.Context, f data.Filter, c *placeViewContent) (err error) {
	dims := []data.Dimension{data.BySector, data.ByPriority, data.ByType, data.BySupplier}
	if c.Statement, err = data.AskStatement(ctx, s.src, f, dims...); err != nil {
		return err
	}
	titles := map[data.Dimension]string{data.BySector: "By sector of the buyer", data.ByPriority: "By priority", data.ByType: "What was given", data.BySupplier: "By supplier"}
	if c.Tables, err = s.tables(ctx, c.Statement, titles); err != nil {
		return err
	}
	c.Links = []file{{"As flows", pageURL("/flows", f, nil)}, {"Every part", pageURL("/contributions", f, nil)}, {"Every part, CSV", pageURL("/api/v1/contributions.csv", f, nil)}}
	if c.Param == "area" {
		return nil
	}
	if c.Compare, err = s.compareFormOf(ctx, f); err != nil {
		return err
	}
	if c.Delivery, err = s.reportRows(ctx, "delivery", f); err != nil {
		return err
	}
	buyers, err := s.reportRows(ctx, "buyers", f)
	if err != nil {
		return err
	}
	c.sectors(buyers)
	if c.Bare, err = s.reportRows(ctx, "threshold", f); err != nil {
		return err
	}
	c.Bare = slices.DeleteFunc(c.Bare, func(row data.ReportRow) bool { return row.Text("duty") != "sought" || row.Count("commitments") > 0 })
	if c.AtRisk, err = s.reportRows(ctx, "at-risk", f); err != nil {
		return err
	}
	c.Links = append(c.Links, file{"Contracts", pageURL("/contracts", f, nil)}, file{"Organisations", pageURL("/organisations", f, nil)})
	if c.Param == "territory" {
		c.Links = append(c.Links, file{"Gaps", pageURL("/coverage", f, nil)})
	}
	return nil
}

// sectors puts public bodies together by sector, those with the most that bring
// nothing yet first.
func (c *placeViewContent) sectors(buyers []data.ReportRow) {
	for _, sector := range data.Sectors {
		row := sectorRow{Sector: sector}
		for _, b := range buyers {
			if b.Text("sector") != sector {
				continue
			}
			row.BuyersCount++
			row.Pence += b.Pence("total")
			if b.Value("engaged") == true {
				row.Engaged++
			} else {
				row.NotYet = append(row.NotYet, b)
			}
		}
		c.Sectors = append(c.Sectors, row)
	}
	slices.SortStableFunc(c.Sectors, func(a, b sectorRow) int { return a.Engaged - b.Engaged })
}

// placeMeasurement tells what was measured there over the years.
func (s *Server) placeMeasurement(ctx context.Context, f data.Filter, c *placeViewContent) (err error) {
	if c.Series, err = s.seriesOf(ctx, f); err != nil || c.Param == "area" {
		return err
	}
	if c.Measured, err = s.reportRows(ctx, "measurement", f); err != nil {
		return err
	}
	// Those of the place itself are drawn above.
	c.Measured = slices.DeleteFunc(c.Measured, func(row data.ReportRow) bool { return row.Text("subject_id") == c.Code })
	if c.Savings, err = s.reportRows(ctx, "savings", f); err != nil {
		return err
	}
	rollout, err := s.reportRows(ctx, "rollout", f)
	for _, row := range rollout {
		if hub := row.Text("hub"); hub != "" && !slices.Contains(c.Hubs, hub) {
			c.Hubs = append(c.Hubs, hub)
		}
	}
	c.Links = []file{{"The whole report", pageURL("/reports/measurement", f, nil)}, {"What works, by measure", pageURL("/reports/what-works", f, nil)}, {"Estimated savings", pageURL("/reports/savings", f, nil)}}
	return err
}

// placeEngagement tells who is told of it, and who welcomes an approach.
func (s *Server) placeEngagement(ctx context.Context, f data.Filter, c *placeViewContent) (err error) {
	if c.Stories, err = s.src.Stories(ctx, f, 20); err != nil {
		return err
	}
	for _, name := range []string{"untold", "register", "adoption", "campus"} {
		k, _ := data.ReportNamed(name)
		if c.Param == "area" && !slices.Contains(k.Takes, "area") {
			continue
		}
		report, err := s.src.Report(ctx, k, f, 0)
		if err != nil {
			return err
		}
		c.Said = append(c.Said, reportLink{k.Title, report.Sentence, pageURL("/reports/"+name, f, nil)})
		if name == "register" {
			report.Each(func(row data.ReportRow) {
				if row.Value("fresh") == true {
					c.Register = append(c.Register, row)
				}
			})
		}
		if name == "adoption" {
			report.Each(func(row data.ReportRow) { c.Adoption = append(c.Adoption, row) })
		}
	}
	return nil
}

// First are the first rows of a list, and how many there are beyond.
func (placeViewContent) First(rows []data.ReportRow) []data.ReportRow {
	return rows[:min(len(rows), listedBodies)]
}

// ReportURL is the whole of a report of the place.
func (c placeViewContent) ReportURL(name string) string {
	return queryURL("/reports/"+name, url.Values{c.Param: {c.Code}})
}
