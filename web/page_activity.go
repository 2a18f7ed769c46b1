package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
	"tributary/geo"
)

// activityContent is the page of one activity.
type activityContent struct {
	data.ActivityProfile
	Placed      []placedAt
	Map         *mapView
	Note        boundaryNote // about the map
	Statement   data.Statement
	Tables      []shareTable
	Series      []drawnSeries
	Savings     []data.ReportRow
	Works       []data.ReportRow // what is known of the measures that it serves
	Basket      basket
	Picked      bool
	Demo        bool
	PickURL     string // its page with it picked, or taken away
	AskURL      string // how to get in touch
	RowsURL     string // the contributions behind its figures, as a file
	PartsURL    string // and as a page
	ProviderURL string // empty for a sole trader
}

// A placedAt is one place of an activity with the names of where it lies.
type placedAt struct {
	data.Place
	AreaName      string
	TerritoryName string
	RegionName    string
}

// drawnSeries is an indicator with its picture.
type drawnSeries struct {
	data.IndicatorSeries
	Chart template.HTML
}

// activityPage answers "/activities/{id}".
func (s *Server) activityPage(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, nil, "pick")
	if err != nil {
		return err
	}
	activity, err := s.activityProfile(r)
	if err != nil {
		return err
	}
	c := activityContent{ActivityProfile: activity, Basket: basket{Picked: q.view.Picked}}
	here := activityURL(c.ID)
	c.AskURL = here + "/contact"
	if c.Picked = c.Basket.Has(c.ID); c.Picked {
		c.PickURL = queryURL(here, picks(c.Basket.Without(c.ID)))
	} else {
		c.PickURL = queryURL(here, picks(c.Basket.With(c.ID)))
	}
	if c.Demo, err = s.madeUp(r.Context()); err != nil {
		return err
	}
	for _, fill := range []func(context.Context, *activityContent) error{s.activityPlaces, s.activityFigures, s.activityMeasured} {
		if err := fill(r.Context(), &c); err != nil {
			return err
		}
	}
	if c.Map = activityMap(c); c.Map != nil {
		if c.Note, err = s.pages.boundaryNote(r); err != nil {
			return err
		}
	}
	return s.pages.show(w, r, http.StatusOK, "activity", frame{Title: c.Name, Nav: "/activities", Wide: true, Content: c})
}

// madeUp reports whether anything that is shown is made up, which pages with
// figures say.
func (s *Server) madeUp(ctx context.Context) (bool, error) {
	summary, err := s.src.Summary(ctx, data.Filter{})
	return summary.Demonstration, err
}

// activityProfile is the activity that a request's path names.
func (s *Server) activityProfile(r *http.Request) (data.ActivityProfile, error) {
	id := pathVar(r, "id")
	found, err := s.src.ActivityProfiles(r.Context(), []string{id})
	if err != nil {
		return data.ActivityProfile{}, err
	}
	if len(found) == 0 || found[0].ID != id {
		return data.ActivityProfile{}, fmt.Errorf("activity %q: %w", id, data.ErrNotFound)
	}
	return found[0], nil
}

func (s *Server) activityPlaces(ctx context.Context, c *activityContent) error {
	names, err := s.src.ValueNames(ctx, codesOf(c.Places))
	if err != nil {
		return err
	}
	parties, err := s.src.Parties(ctx, []string{c.Provider.ID})
	if err != nil {
		return err
	}
	if parties[c.Provider.ID] {
		c.ProviderURL = organisationURL(c.Provider.ID)
	}
	for _, p := range c.Places {
		c.Placed = append(c.Placed, placedAt{p, names[string(p.Area)], names[string(p.Territory)], names[string(p.Region)]})
	}
	return nil
}

// activityFigures adds what it received, from whom and in which state.
func (s *Server) activityFigures(ctx context.Context, c *activityContent) (err error) {
	f := data.Filter{Activity: []string{c.ID}}
	c.RowsURL, c.PartsURL = pageURL("/api/v1/contributions.csv", f, nil), pageURL("/contributions", f, nil)
	if c.Statement, err = data.AskStatement(ctx, s.src, f, data.BySupplier, data.ByType); err != nil {
		return err
	}
	c.Tables, err = s.tables(ctx, c.Statement, map[data.Dimension]string{data.BySupplier: "From whom", data.ByType: "What was given"})
	return err
}

// activityMeasured adds what was measured of it, and what is known of the
// measures that it serves.
func (s *Server) activityMeasured(ctx context.Context, c *activityContent) (err error) {
	f := data.Filter{Activity: []string{c.ID}}
	if c.Series, err = s.seriesOf(ctx, f); err != nil {
		return err
	}
	if c.Savings, err = s.reportRows(ctx, "savings", f); err != nil || len(c.Measures) == 0 {
		return err
	}
	works, err := s.reportRows(ctx, "what-works", data.Filter{Measure: c.Measures})
	for _, row := range works {
		if row.Count("measured") > 0 || len(row.List("insights")) > 0 {
			c.Works = append(c.Works, row)
		}
	}
	return err
}

// seriesOf draws the indicators of a filter.
func (s *Server) seriesOf(ctx context.Context, f data.Filter) ([]drawnSeries, error) {
	series, err := s.src.IndicatorSeries(ctx, f)
	out := make([]drawnSeries, len(series))
	for i, x := range series {
		out[i] = drawnSeries{x, drawSeries(x)}
	}
	return out, err
}

// reportRows are the rows of a report under a filter.
func (s *Server) reportRows(ctx context.Context, name string, f data.Filter) (rows []data.ReportRow, err error) {
	k, ok := data.ReportNamed(name)
	if !ok {
		return nil, errors.New("there is no report " + name)
	}
	report, err := s.src.Report(ctx, k, f, 0)
	report.Each(func(row data.ReportRow) { rows = append(rows, row) })
	return rows, err
}

// activityMap shows the first place of delivery, as finely as it may be shown.
func activityMap(c activityContent) *mapView {
	for _, at := range c.Placed {
		if at.Role != data.RoleDelivery && len(c.Placed) > 1 || at.Territory == "" {
			continue
		}
		m := &mapView{
			Still: queryURL("/static-map.svg", url.Values{"focus": {string(at.Territory)}}),
			Alt:   "Map showing " + at.TerritoryName + ", the police territory of this activity.",
			Tiles: data.Filter{Activity: []string{c.ID}}.Canonical(),
			Focus: string(at.Territory),
			Level: at.Level.String(),
		}
		if at.Position != nil && at.Level <= geo.LevelCell {
			m.Point = fmt.Sprintf("%.6f,%.6f", at.Position[0], at.Position[1])
		}
		return m
	}
	return nil
}

// Exposed reports whether a page's reader may be in danger.
func (c activityContent) Exposed() bool { return exposed(c.Serves, c.Name, c.Summary) }

// exposed reports whether an activity is for victims or survivors, by its
// measures or its words: its pages offer to be left quickly.
func exposed(serves []data.MeasureServed, texts ...string) bool {
	words := strings.ToLower(strings.Join(texts, " "))
	for _, word := range []string{"victim", "survivor", "domestic abuse", "slavery"} {
		if strings.Contains(words, word) {
			return true
		}
	}
	return slices.ContainsFunc(serves, func(m data.MeasureServed) bool {
		return slices.Contains(m.For, "victims_of_crime") || slices.Contains(m.For, "survivors_of_modern_slavery")
	})
}

// Site is the activity's own website, and SiteName what it is called; empty
// unless a page may link to it.
func (c activityContent) Site() string     { return data.WebAddress(c.URL) }
func (c activityContent) SiteName() string { return hostName(c.URL) }

// hostName is "example.org" of "https://www.example.org/x".
func hostName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// levelWhy says why a place is shown as finely as it is.
func levelWhy(l geo.Level) string {
	switch l {
	case geo.LevelExact:
		return "it is open to anyone"
	case geo.LevelCell:
		return "it needs care, such as a youth club or a school does, or its provider asked for that"
	case geo.LevelArea:
		return "it is of a restricted kind, such as work with offenders or victims, or no finer place is on record"
	}
	return "where it is could put somebody at risk, or no finer place is on record"
}
