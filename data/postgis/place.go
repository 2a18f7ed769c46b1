package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/geo"
)

var (
	sqlArea      = query("area")
	sqlStories   = query("stories")
	sqlTerms     = query("terms")
	sqlDistricts = query("districts")
	sqlBreakdown = query("breakdown")
	sqlBounds    = query("bounds")
	sqlOutlines  = query("outlines")
	sqlDemo      = query("demonstration")
	sqlNames     = query("names")
)

// Place returns what the page of a territory (by its slug), of a region or of an
// area (by their codes) tells; data.ErrNotFound if id is none of them.
func (s *Store) Place(ctx context.Context, id string) (data.PlaceProfile, error) {
	var p data.PlaceProfile
	territories, err := s.Territories(ctx, data.Filter{})
	if err != nil {
		return p, err
	}
	var f data.Filter
	for _, t := range territories {
		if string(t.ID) == id {
			p.Territory, p.RegionName, p.Counts = &t.Territory, t.RegionName, t.Counts
			f.Territory = []geo.TerritoryID{t.ID}
		}
		if string(t.Region) == id {
			p.Territories = append(p.Territories, t)
		}
	}
	if p.Territory == nil {
		if err := s.region(ctx, id, &p); err != nil && !errors.Is(err, data.ErrNotFound) {
			return p, err
		}
		if p.Region == nil {
			return s.area(ctx, id)
		}
		f.Region = []geo.RegionCode{p.Region.Code}
	}
	for _, fill := range []func(context.Context, data.Filter, string, *data.PlaceProfile) error{s.fillTerms, s.fillDistricts, s.fillBreakdown, s.fillBounds} {
		if err := fill(ctx, f, id, &p); err != nil {
			return p, wrap("place "+id, err)
		}
	}
	names, err := s.names(ctx, f)
	p.Sentence = data.Sentence(f, p.Counts, 0, names)
	return p, wrap("place "+id, err)
}

func (s *Store) region(ctx context.Context, id string, p *data.PlaceProfile) error {
	regions, err := s.Regions(ctx, data.Filter{})
	if err != nil {
		return err
	}
	for _, r := range regions {
		if string(r.Code) == id {
			p.Region, p.Counts = &r.Region, r.Counts
			return nil
		}
	}
	return fmt.Errorf("place %q: %w", id, data.ErrNotFound)
}

// area returns what the page of an area tells. One that is not drawn has no
// figures: nothing is placed in it.
func (s *Store) area(ctx context.Context, id string) (data.PlaceProfile, error) {
	p := data.PlaceProfile{Area: &data.AreaRow{Code: geo.AreaCode(id)}, ByLevel: map[string]int{}, Terms: []data.Term{}, Districts: []data.District{}}
	a := p.Area
	err := s.pub.QueryRow(ctx, sqlArea, pgx.StrictNamedArgs{"code": id}).Scan(&a.Name, &a.NameCy, &a.Kind, &a.Territory, &p.TerritoryName, &a.Region, &p.RegionName, &p.Drawn)
	if err != nil || !p.Drawn {
		p.Sentence = fmt.Sprintf("Nothing is told by %s, because its outline is not loaded: see %s.", a.Name, p.TerritoryName)
		return p, wrap("place "+id, err)
	}
	f := data.Filter{Area: []geo.AreaCode{a.Code}}
	rows, err := s.Areas(ctx, f)
	if err != nil {
		return p, err
	}
	if len(rows) == 1 {
		*a, p.Counts = rows[0], rows[0].Counts
	}
	for _, fill := range []func(context.Context, data.Filter, string, *data.PlaceProfile) error{s.fillBreakdown, s.fillBounds} {
		if err := fill(ctx, f, id, &p); err != nil {
			return p, wrap("place "+id, err)
		}
	}
	names, err := s.names(ctx, f)
	p.Sentence = data.Sentence(f, p.Counts, 0, names)
	return p, wrap("place "+id, err)
}

// Stories lists what was published of the places of a filter.
func (s *Store) Stories(ctx context.Context, f data.Filter, limit int) ([]data.Story, error) {
	rows, err := s.pub.Query(ctx, sqlStories, pgx.StrictNamedArgs{"regions": some(f.Region), "territories": some(f.Territory), "areas": some(f.Area), "limit": limit})
	if err != nil {
		return nil, wrap("stories", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (st data.Story, err error) {
		var on *time.Time
		err = row.Scan(&st.Kind, &st.Title, &st.URL, &on, &st.Text, &st.Activity.ID, &st.Activity.Name)
		st.On = dateOf(on)
		return st, err
	})
	return out, wrap("stories", err)
}

func (s *Store) fillTerms(ctx context.Context, f data.Filter, _ string, p *data.PlaceProfile) error {
	rows, err := s.pub.Query(ctx, sqlTerms, pgx.StrictNamedArgs{"territories": some(f.Territory), "regions": some(f.Region)})
	if err != nil {
		return err
	}
	p.Terms, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t data.Term, err error) {
		var from, to *time.Time
		err = row.Scan(&t.Body.ID, &t.Body.Kind, &t.Body.Name, &t.Body.PlannedEnd, &t.Territory, &from, &to)
		if from != nil {
			t.ValidFrom = data.DateOf(*from)
		}
		if to != nil {
			t.ValidTo = data.DateOf(*to)
		}
		return t, err
	})
	return err
}

func (s *Store) fillDistricts(ctx context.Context, f data.Filter, _ string, p *data.PlaceProfile) error {
	p.Districts = []data.District{}
	if p.Territory == nil {
		return nil
	}
	rows, err := s.pub.Query(ctx, sqlDistricts, pgx.StrictNamedArgs{"territories": some(f.Territory)})
	if err != nil {
		return err
	}
	p.Districts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d data.District, err error) {
		err = row.Scan(&d.Code, &d.Name, &d.NameCy, &d.Kind, &d.Territory)
		return d, err
	})
	if err != nil {
		return err
	}
	p.ByArea, err = s.Areas(ctx, f)
	return err
}

func (s *Store) fillBreakdown(ctx context.Context, f data.Filter, _ string, p *data.PlaceProfile) error {
	args, err := s.filterArgsAt(ctx, f)
	if err != nil {
		return err
	}
	rows, err := s.pub.Query(ctx, sqlBreakdown, args)
	if err != nil {
		return err
	}
	p.ByLevel = map[string]int{}
	var field string
	var c data.Count
	_, err = pgx.ForEachRow(rows, []any{&field, &c.Value, &c.Activities}, func() error {
		switch field {
		case "status":
			p.ByStatus = append(p.ByStatus, c)
		case "theme":
			p.ByTheme = append(p.ByTheme, c)
		case "level":
			p.ByLevel[c.Value] = c.Activities
		}
		return nil
	})
	return err
}

func (s *Store) fillBounds(ctx context.Context, _ data.Filter, id string, p *data.PlaceProfile) error {
	b := &p.Bounds
	return s.pub.QueryRow(ctx, sqlBounds, pgx.StrictNamedArgs{"code": id}).
		Scan(&b.Min[0], &b.Min[1], &b.Max[0], &b.Max[1], &p.Approximate, &p.Boundary)
}

// Summary totals everything under a filter.
func (s *Store) Summary(ctx context.Context, f data.Filter) (data.Summary, error) {
	n, err := s.counts(ctx, f)
	if err != nil {
		return data.Summary{}, wrap("summary", err)
	}
	sum := data.Summary{Counts: n.of("uk", "uk")}
	for key, c := range n {
		if key[0] == "territory" && c.Activities > 0 {
			sum.Territories++
		}
	}
	if err := s.pub.QueryRow(ctx, sqlDemo).Scan(&sum.Demonstration); err != nil {
		return sum, wrap("summary", err)
	}
	names, err := s.names(ctx, f)
	sum.Sentence = data.Sentence(f, sum.Counts, sum.Territories, names)
	return sum, wrap("summary", err)
}

// Names gives the names of the places that a filter mentions, by code.
func (s *Store) Names(ctx context.Context, f data.Filter) (map[string]string, error) {
	names, err := s.names(ctx, f)
	return names, wrap("names", err)
}

// names is Names within another question.
func (s *Store) names(ctx context.Context, f data.Filter) (map[string]string, error) {
	codes := append(append(list(f.Region), list(f.Territory)...), list(f.Area)...)
	if len(codes) == 0 {
		return nil, nil
	}
	rows, err := s.pub.Query(ctx, sqlNames, codes)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	var code, name string
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error {
		names[code] = name
		return nil
	})
	return names, err
}

// Outlines returns boundaries as drawn on a small map of the country,
// EPSG:3857, without figures.
func (s *Store) Outlines(ctx context.Context, kinds ...data.BoundaryKind) ([]data.Outline, error) {
	rows, err := s.pub.Query(ctx, sqlOutlines, pgx.StrictNamedArgs{"kinds": list(kinds)})
	if err != nil {
		return nil, wrap("outlines", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o data.Outline, err error) {
		var b []byte
		if err = row.Scan(&o.ID, &o.Name, &b); err != nil {
			return o, err
		}
		g, err := decode(b)
		o.Geometry, _ = g.(orb.MultiPolygon) // the column's type
		return o, err
	})
	return out, wrap("outlines", err)
}
