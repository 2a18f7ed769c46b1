package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"tributary/data"
	"tributary/geo"
)

// activityContent is the page of one activity.
type activityContent struct {
	data.Activity
	Placed   []placedAt
	Map      *mapView
	Note     boundaryNote // about the map
	SafeURL  string       // the activity's own site; empty unless it is http or https
	SiteName string
}

// A placedAt is one place of an activity with the names of where it lies.
type placedAt struct {
	data.Place
	TerritoryName string
	RegionName    string
}

// Activity answers "/activities/{id}".
func (p *Pages) Activity(w http.ResponseWriter, r *http.Request) error {
	return p.showActivity(w, r, pathVar(r, "id"))
}

func (p *Pages) showActivity(w http.ResponseWriter, r *http.Request, id string) error {
	activity, err := p.src.Activity(r.Context(), id)
	if err != nil {
		return fmt.Errorf("activity %q: %w", id, err)
	}
	rows, err := p.src.Territories(r.Context(), data.Filter{})
	if err != nil {
		return fmt.Errorf("activity %q: %w", id, err)
	}
	content := activityContent{Activity: activity}
	if u, err := url.Parse(activity.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		content.SafeURL, content.SiteName = u.String(), strings.TrimPrefix(u.Hostname(), "www.")
	}
	for _, place := range activity.Places {
		at := placedAt{Place: place}
		for _, row := range rows {
			if row.ID == place.Territory {
				at.TerritoryName, at.RegionName = row.Name, row.RegionName
			}
		}
		content.Placed = append(content.Placed, at)
	}
	if content.Map = activityMap(content); content.Map != nil {
		if content.Note, err = p.boundaryNote(r); err != nil {
			return fmt.Errorf("activity %q: %w", id, err)
		}
	}
	return p.show(w, r, http.StatusOK, "activity", frame{Title: activity.Name, Wide: true, Content: content})
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
			None:  noneColour,
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
