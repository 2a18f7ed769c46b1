package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tributary/data"
	"tributary/geo"
)

func (s *Server) activities(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, s.scope.Takes, "limit", "sort", "after")
	if err != nil {
		return err
	}
	if q.format != "json" {
		for _, name := range []string{"limit", "sort", "after"} {
			if v := r.URL.Query().Get(name); v != "" {
				return data.Invalidf(name, v, "does not apply to %s, which holds everything in one: leave it out, or ask for JSON", q.format)
			}
		}
	}
	switch q.format {
	case "csv", "xlsx":
		return s.activitiesTable(w, q.format, r, q.filter)
	case "geojson":
		return s.activitiesGeoJSON(w, r, q.filter)
	}
	page, err := s.src.Activities(r.Context(), q.filter, q.view)
	if err != nil {
		return err
	}
	out := list[data.Activity]{Items: page.Items, Matched: page.Matched, Withheld: page.Withheld}
	if page.After != "" {
		out.Next = nextPage("/api/v1/activities", q, page.After)
	}
	return writeJSON(w, out)
}

// nextPage is the address of the page after this one.
func nextPage(path string, q asked, after string) string {
	v := q.filter.Values()
	v.Set("after", after)
	if q.view.Limit != data.DefaultLimit {
		v.Set("limit", strconv.Itoa(q.view.Limit))
	}
	if q.view.Sort != "" {
		v.Set("sort", q.view.Sort)
	}
	return (&url.URL{Path: path, RawQuery: v.Encode()}).String()
}

func (s *Server) activity(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	a, err := s.activityProfile(r)
	if err != nil {
		return err
	}
	return writeJSON(w, a)
}

// activitiesCSV writes one row a place, so that an activity with two stands
// twice, told apart by its place_id.
func (s *Server) activitiesTable(w http.ResponseWriter, format string, r *http.Request, f data.Filter) error {
	c, err := newTable(w, format, "activities", "activity", "name", "summary", "url", "provider", "provider_name", "themes", "measures", "status",
		"place_id", "role", "level", "longitude", "latitude", "cell", "locality", "area", "territory", "region", "method", "precision_metres", "updated", "source")
	if err != nil {
		return err
	}
	err = s.src.EachActivity(r.Context(), f, func(a data.Activity) error {
		places := a.Places
		if len(places) == 0 {
			places = []data.Place{{}}
		}
		for _, p := range places {
			lon, lat := "", ""
			if p.Position != nil {
				lon, lat = degrees(p.Position[0]), degrees(p.Position[1])
			}
			err := c.row(a.ID, a.Name, a.Summary, a.URL, a.Provider.ID, a.Provider.Name, joined(a.Themes), strings.Join(a.Measures, ";"), string(a.Status),
				p.ID, string(p.Role), p.Level.String(), verbatim(lon), verbatim(lat), p.Cell, p.Locality, string(p.Area), string(p.Territory), string(p.Region),
				string(p.Method), p.PrecisionMetres, a.Updated.UTC().Format(time.RFC3339), a.Source)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.close()
}

// fixed writes a number with so many decimals.
func fixed(f float64, n int) string { return strconv.FormatFloat(f, 'f', n, 64) }

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func joined(themes []data.Theme) string {
	texts := make([]string, len(themes))
	for i, t := range themes {
		texts[i] = string(t)
	}
	return strings.Join(texts, ";")
}

// activityFeature is a place of an activity as a GeoJSON feature's properties.
type activityFeature struct {
	Activity string          `json:"activity"`
	Name     string          `json:"name"`
	Provider string          `json:"provider"`
	Themes   []data.Theme    `json:"themes"`
	Measures []string        `json:"measures"`
	Status   data.Status     `json:"status"`
	Role     data.Role       `json:"role"`
	Level    geo.Level       `json:"level"`
	Cell     string          `json:"cell,omitempty"`
	Area     geo.AreaCode    `json:"area,omitempty"`
	Terr     geo.TerritoryID `json:"territory"`
	Region   geo.RegionCode  `json:"region"`
	Method   data.Method     `json:"method"`
	Metres   int             `json:"precision_metres"`
	Source   string          `json:"source"`
}

// activitiesGeoJSON writes one feature a place; where a place may be shown no
// finer than its area, the geometry is null and the codes say where.
func (s *Server) activitiesGeoJSON(w http.ResponseWriter, r *http.Request, f data.Filter) error {
	g, err := newGeoJSON(w, "Tributary; levels other than exact are approximate on purpose")
	if err != nil {
		return err
	}
	err = s.src.EachActivity(r.Context(), f, func(a data.Activity) error {
		for _, p := range a.Places {
			geometry := json.RawMessage("null")
			if p.Position != nil {
				b, err := json.Marshal(map[string]any{"type": "Point", "coordinates": p.Position})
				if err != nil {
					return err
				}
				geometry = b
			}
			err := g.feature(p.ID, geometry, activityFeature{a.ID, a.Name, a.Provider.Name, a.Themes, a.Measures, a.Status,
				p.Role, p.Level, p.Cell, p.Area, p.Territory, p.Region, p.Method, p.PrecisionMetres, a.Source})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.close()
}

func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil, "q"); err != nil {
		return err
	}
	q := r.URL.Query().Get("q")
	if strings.TrimSpace(q) == "" {
		return data.Invalidf("q", q, "say what to look for: a postcode, or part of the name of a place or an activity")
	}
	res, err := s.src.Search(r.Context(), q)
	if err != nil {
		return err
	}
	return writeJSON(w, res)
}

func (s *Server) summary(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, s.scope.Takes)
	if err != nil {
		return err
	}
	sum, err := s.src.Summary(r.Context(), q.filter)
	if err != nil {
		return err
	}
	return writeJSON(w, sum)
}
