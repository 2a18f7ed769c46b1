package web

import (
	"net/http"
	"net/url"
	"strings"

	"tributary/data"
)

// contributionsShown is how many contributions stand on a page.
const contributionsShown = 50

// contributionsContent is the page of what lies behind a figure: the public parts
// of contributions, one a row.
type contributionsContent struct {
	Sentence string
	Evidence *evidence
	Panel    filterPanel
	Matched  int
	Rows     []contributionRow
	NextURL  string
	FirstURL string // set where this is not the first page
	MapURL   string
	FlowURL  string
	Files    []file
	Demo     bool
}

// contributionRow is one part of a contribution as people read it.
type contributionRow struct {
	data.PublicContribution
	What     string // its type, and how much
	Measure  string // its name
	State    string
	Where    string
	WhereURL string
	Withheld string // what may not be told
}

// contributionsPage answers "/contributions".
func (s *Server) contributionsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if tidy, changed := canonicalQuery(r.URL.Query(), nil); changed {
		http.Redirect(w, r, queryURL("/contributions", tidy), http.StatusSeeOther)
		return nil
	}
	if r.URL.Query().Get("q") != "" {
		http.Redirect(w, r, queryURL("/search", r.URL.Query()), http.StatusSeeOther)
		return nil
	}
	q, err := s.ask(r, data.FactParams, "after", "q")
	if err != nil {
		return err
	}
	q.view.Limit = contributionsShown
	page, err := s.src.Contributions(ctx, q.filter, q.view)
	if err != nil {
		return err
	}
	g, err := data.AskGiven(ctx, s.src, q.filter, data.ByRegion)
	if err != nil {
		return err
	}
	n, err := s.namesUnder(ctx, q.filter)
	if err != nil {
		return err
	}
	c := contributionsContent{Sentence: g.Sentence, Evidence: evidenceOf(g), Matched: page.Matched, MapURL: pageURL("/", q.filter, nil), FlowURL: pageURL("/flows", q.filter, nil),
		Files: files("/api/v1/contributions", q.filter, nil, "csv", "xlsx", "json")}
	if c.Panel, err = s.panel(ctx, "/contributions", q.filter, url.Values{}, data.FactParams, n); err != nil {
		return err
	}
	if c.Rows, err = s.contributionRows(r, page.Items); err != nil {
		return err
	}
	if page.After != "" {
		c.NextURL = pageURL("/contributions", q.filter, url.Values{"after": {page.After}})
	}
	if q.view.After != "" {
		c.FirstURL = pageURL("/contributions", q.filter, nil)
	}
	summary, err := s.src.Summary(ctx, data.Filter{})
	if err != nil {
		return err
	}
	c.Demo = summary.Demonstration
	return s.pages.show(w, r, http.StatusOK, "contributions", frame{Title: "Contributions", Nav: "/flows", Wide: true, Content: c})
}

// contributionRows says each part in words.
func (s *Server) contributionRows(r *http.Request, items []data.PublicContribution) ([]contributionRow, error) {
	var codes []string
	for _, c := range items {
		codes = append(codes, c.Territory, c.Region, c.Area, c.Measure)
	}
	names, err := s.src.ValueNames(r.Context(), codes)
	if err != nil {
		return nil, err
	}
	rows := make([]contributionRow, len(items))
	for i, c := range items {
		row := contributionRow{PublicContribution: c, What: words(valueWords, c.Type), State: words(valueWords, c.State)}
		if c.Unit != "" && c.Quantity != 0 {
			row.What += ", " + c.Quantity.String() + " " + strings.ReplaceAll(c.Unit, "_", " ")
		}
		row.Measure = names[c.Measure]
		switch {
		case c.Territory != "":
			row.Where, row.WhereURL = names[c.Territory], placeURL(c.Territory)
			if area := names[c.Area]; area != "" && area != row.Where {
				row.Where = area + ", " + row.Where
			}
		case c.Region != "":
			row.Where, row.WhereURL = names[c.Region], placeURL(c.Region)
		case c.Contribution == "":
			row.Where = "The United Kingdom"
		default:
			row.Where = "Nobody said where"
		}
		if c.Contribution == "" {
			row.Withheld = "Who gave it, and to whom, is withheld to keep people safe; the day is the first of its quarter or year."
		}
		rows[i] = row
	}
	return rows, nil
}
