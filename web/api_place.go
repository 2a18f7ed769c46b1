package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"tributary/data"
)

// placeSorts are the orders that the lists of places can be in.
var placeSorts = []string{"name", "-name", "activities", "-activities"}

// sortPlaces orders the rows of a list of places.
func sortPlaces[T any](rows []T, sort string, name func(T) string, n func(T) data.Counts) error {
	if sort == "" {
		sort = "name"
	}
	if !slices.Contains(placeSorts, sort) {
		return data.Invalidf("sort", sort, "%q is not an order of this list: use %s", sort, strings.Join(placeSorts, ", "))
	}
	slices.SortStableFunc(rows, func(a, b T) int {
		c := strings.Compare(name(a), name(b))
		if strings.TrimPrefix(sort, "-") == "activities" {
			if d := n(a).Activities - n(b).Activities; d != 0 {
				c = d
			}
		}
		if strings.HasPrefix(sort, "-") {
			return -c
		}
		return c
	})
	return nil
}

func (s *Server) territories(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, s.scope.Takes, "sort")
	if err != nil {
		return err
	}
	rows, err := s.src.Territories(r.Context(), q.filter)
	if err != nil {
		return err
	}
	if err := sortPlaces(rows, q.view.Sort, func(t data.TerritoryRow) string { return t.Name }, func(t data.TerritoryRow) data.Counts { return t.Counts }); err != nil {
		return err
	}
	switch q.format {
	case "csv", "xlsx":
		return s.territoriesTable(w, q.format, r, rows)
	case "geojson":
		return placesGeoJSON(s, w, r, data.BoundaryTerritory, rows, func(t data.TerritoryRow) string { return string(t.ID) })
	}
	return writeJSON(w, list[data.TerritoryRow]{Items: rows, Matched: len(rows)})
}

func (s *Server) territoriesTable(w http.ResponseWriter, format string, r *http.Request, rows []data.TerritoryRow) error {
	source, licence, err := s.attribution(r.Context(), data.BoundaryTerritory)
	if err != nil {
		return err
	}
	c, err := newTable(w, format, "territories", "territory", "code", "code_kind", "name", "name_cy", "force", "region", "region_name", "nation",
		"policing_body", "policing_body_kind", "activities", "places", "validated", "providers", "withheld", "boundary_source", "boundary_licence")
	if err != nil {
		return err
	}
	for _, t := range rows {
		if err := c.row(string(t.ID), t.Code, t.CodeKind, t.Name, t.NameCy, t.Force, string(t.Region), t.RegionName, t.Nation,
			t.Body.Name, string(t.Body.Kind), t.Activities, t.Places, t.Validated, t.Providers, t.Withheld, source, licence); err != nil {
			return err
		}
	}
	return c.close()
}

func (s *Server) regions(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, s.scope.Takes, "sort")
	if err != nil {
		return err
	}
	rows, err := s.src.Regions(r.Context(), q.filter)
	if err != nil {
		return err
	}
	if err := sortPlaces(rows, q.view.Sort, func(t data.RegionRow) string { return t.Name }, func(t data.RegionRow) data.Counts { return t.Counts }); err != nil {
		return err
	}
	switch q.format {
	case "csv", "xlsx":
		return s.regionsTable(w, q.format, r, rows)
	case "geojson":
		return placesGeoJSON(s, w, r, data.BoundaryRegion, rows, func(t data.RegionRow) string { return string(t.Code) })
	}
	return writeJSON(w, list[data.RegionRow]{Items: rows, Matched: len(rows)})
}

func (s *Server) regionsTable(w http.ResponseWriter, format string, r *http.Request, rows []data.RegionRow) error {
	source, licence, err := s.attribution(r.Context(), data.BoundaryRegion)
	if err != nil {
		return err
	}
	c, err := newTable(w, format, "regions", "region", "itl1_code", "nuts1_code", "name", "name_cy", "nation", "territories",
		"activities", "places", "validated", "providers", "withheld", "boundary_source", "boundary_licence")
	if err != nil {
		return err
	}
	for _, t := range rows {
		if err := c.row(string(t.Code), t.ITL1, t.NUTS1, t.Name, t.NameCy, t.Nation, len(t.Territories),
			t.Activities, t.Places, t.Validated, t.Providers, t.Withheld, source, licence); err != nil {
			return err
		}
	}
	return c.close()
}

func (s *Server) areas(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, s.scope.Takes, "sort")
	if err != nil {
		return err
	}
	rows, err := s.src.Areas(r.Context(), q.filter)
	if err != nil {
		return err
	}
	if err := sortPlaces(rows, q.view.Sort, func(t data.AreaRow) string { return t.Name }, func(t data.AreaRow) data.Counts { return t.Counts }); err != nil {
		return err
	}
	switch q.format {
	case "csv", "xlsx":
		return s.areasTable(w, q.format, r, rows)
	case "geojson":
		return placesGeoJSON(s, w, r, "area", rows, func(t data.AreaRow) string { return string(t.Code) })
	}
	return writeJSON(w, list[data.AreaRow]{Items: rows, Matched: len(rows)})
}

func (s *Server) areasTable(w http.ResponseWriter, format string, r *http.Request, rows []data.AreaRow) error {
	source, licence, err := s.attribution(r.Context(), "area")
	if err != nil {
		return err
	}
	c, err := newTable(w, format, "areas", "area", "name", "name_cy", "kind", "territory", "region",
		"activities", "places", "validated", "providers", "approximate", "boundary_source", "boundary_licence")
	if err != nil {
		return err
	}
	for _, a := range rows {
		if err := c.row(string(a.Code), a.Name, a.NameCy, string(a.Kind), string(a.Territory), string(a.Region),
			a.Activities, a.Places, a.Validated, a.Providers, a.Approximate, source, licence); err != nil {
			return err
		}
	}
	return c.close()
}

// attribution is who made the boundaries in force of a kind, and their
// licence.
func (s *Server) attribution(ctx context.Context, kind data.BoundaryKind) (source, licence string, err error) {
	sets, err := s.src.BoundarySets(ctx)
	if err != nil {
		return "", "", err
	}
	for _, b := range sets {
		area := b.Kind == data.BoundaryCountyOrUnitary || b.Kind == data.BoundaryDistrict
		if b.Kind == kind || kind == "area" && area {
			return b.Source, b.Licence, nil
		}
	}
	return "", "", nil
}

// placesGeoJSON writes the rows of a list of places with their boundaries.
func placesGeoJSON[T any](s *Server, w http.ResponseWriter, r *http.Request, kind data.BoundaryKind, rows []T, id func(T) string) error {
	source, _, err := s.attribution(r.Context(), kind)
	if err != nil {
		return err
	}
	by := make(map[string]T, len(rows))
	for _, row := range rows {
		by[id(row)] = row
	}
	g, err := newGeoJSON(w, source)
	if err != nil {
		return err
	}
	err = s.src.EachBoundary(r.Context(), string(kind), func(code string, geometry []byte) error {
		row, wanted := by[code]
		if !wanted {
			return nil
		}
		return g.feature(code, json.RawMessage(geometry), row)
	})
	if err != nil {
		return err
	}
	return g.close()
}

func (s *Server) place(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	p, err := s.src.Place(r.Context(), pathVar(r, "id"))
	if err != nil {
		return err
	}
	return writeJSON(w, p)
}
