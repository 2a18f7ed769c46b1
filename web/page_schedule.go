package web

import (
	"net/http"
	"net/url"
	"strings"

	"tributary/data"
)

// scheduleContent is the schedule of activities and measures for a contract.
type scheduleContent struct {
	profiled
	Title   string // of the contract, in the reader's words
	Rows    []scheduleRow
	Files   []file
	BackURL string
}

// scheduleRow is one activity of a schedule.
type scheduleRow struct {
	activityRow
	DropURL string
}

// maxTitle bounds what a reader may call a schedule.
const maxTitle = 200

// pickedOf reads what a page is to show of a basket: the picked activities, and
// the list to go back to, under the filter that it had. A form's spelling is
// sent on to the tidy one; then done is true.
func (s *Server) pickedOf(w http.ResponseWriter, r *http.Request, path string, views ...string) (c profiled, back string, done bool, err error) {
	query := r.URL.Query()
	query.Del("after") // of the list that the form stood on
	if tidy, changed := canonicalQuery(query, map[string]string{"sort": "name"}); changed || r.URL.Query().Has("after") {
		http.Redirect(w, r, queryURL(path, tidy), http.StatusSeeOther)
		return c, "", true, nil
	}
	q, err := s.ask(r, s.scope.Takes, append([]string{"pick", "sort"}, views...)...)
	if err != nil {
		return c, "", false, err
	}
	c.Picked = q.view.Picked
	if c.Demo, err = s.madeUp(r.Context()); err != nil {
		return c, "", false, err
	}
	c.Activities, err = s.src.ActivityProfiles(r.Context(), c.Picked)
	c.Gone = len(c.Picked) - len(c.Activities)
	view := c.view()
	view.Set("sort", q.view.Sort)
	if q.filter.Canonical() == "" {
		q.filter.Status = []data.Status{data.StatusValidated}
	}
	return c, pageURL("/activities", q.filter, view), false, err
}

// schedule answers "/schedule".
func (s *Server) schedulePage(w http.ResponseWriter, r *http.Request) error {
	c, back, done, err := s.pickedOf(w, r, "/schedule", "title")
	if done || err != nil {
		return err
	}
	content := scheduleContent{profiled: c, BackURL: back, Title: strings.TrimSpace(r.URL.Query().Get("title"))}
	if len(content.Title) > maxTitle {
		return data.Invalidf("title", "", "is too long: give at most %d letters", maxTitle)
	}
	rows, err := s.activityRows(r.Context(), c.Picked, c.basket)
	if err != nil {
		return err
	}
	title := url.Values{"title": {content.Title}}
	for _, row := range rows {
		content.Rows = append(content.Rows, scheduleRow{row, queryURL("/schedule", picks(c.Without(row.ID)), title)})
	}
	if len(rows) > 0 {
		activities := url.Values{"activity": {c.Value()}}
		for _, form := range []string{"csv", "xlsx", "json"} {
			content.Files = append(content.Files, file{fileWords[form], queryURL("/api/v1/schedule."+form, activities)})
		}
	}
	name := "Schedule of activities"
	if content.Title != "" {
		name += " for " + content.Title
	}
	return s.pages.show(w, r, http.StatusOK, "schedule", frame{Title: name, Nav: "/activities", Wide: true, Content: content})
}
