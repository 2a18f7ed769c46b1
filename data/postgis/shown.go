package postgis

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"tributary/data"
	"tributary/geo"
	geohex "tributary/geo/hex"
)

var (
	sqlShownActivities  = query("shown_activities")
	sqlShownLabels      = query("shown_labels")
	sqlShownStories     = query("shown_stories")
	sqlShownHubs        = query("shown_hubs")
	sqlShownTargetAreas = query("shown_target_areas")
)

// shown is what the map shows where, as at the follower's snapshot: the change
// log says which has changed, never where it was.
type shown struct {
	activities  map[uuid.UUID][]spot
	labels      map[string]orb.Point // of regions, territories and areas
	regions     map[string]string    // of territories
	stories     map[uuid.UUID]thing
	hubs        map[uuid.UUID]thing
	targetAreas map[uuid.UUID]thing
}

// spot is one place of an activity.
type spot struct {
	at    orb.Point // EPSG:3857
	cell  geohex.Cell
	codes [3]string // territory, region, area
}

// thing is a story, a hub or a target area: it stands at an activity, at the
// label of a place, in a box, or in several of these.
type thing struct {
	activity *uuid.UUID
	code     string
	box      orb.Bound
	hash     int64 // of everything else about it
}

// changed is what the log says has changed of what is shown, facts apart.
type changed struct {
	whole      data.Subject
	of         map[uuid.UUID]data.Subject // what has changed of activities
	things     data.Subject               // of which kinds of thing any may have changed
	storiesOf  []uuid.UUID                // stories of these activities
	everything bool                       // nothing is known
}

// note adds a row of the log.
func (c *changed) note(r *changeRow) {
	add := func(of data.Subject) {
		if r.whole {
			c.whole |= of
			return
		}
		for _, id := range r.activities {
			c.of[id] |= of
		}
	}
	switch r.kind {
	case "places", "activities":
		add(data.OfActivities | data.OfCounts)
	case "needs":
		add(data.OfNeeds)
	case "stories":
		if r.whole {
			c.things |= data.OfStories
		} else {
			c.storiesOf = append(c.storiesOf, r.activities...)
			add(data.OfStories)
		}
	case "hubs":
		c.things |= data.OfHubs
	case "target_areas":
		c.things |= data.OfTargetAreas
	case "plans":
		c.whole |= data.OfPlans
	case "reference":
		c.whole |= data.OfShapes
	}
}

// nothing reports whether nothing has changed that this looks at.
func (c *changed) nothing() bool {
	return c.whole == 0 && c.things == 0 && len(c.of) == 0 && !c.everything
}

// read reads what there is now of what has changed. What it returns brings x up
// to date and says where everything was and is; it cannot fail, so that x and
// whoever is told are never apart.
func (x *shown) read(ctx context.Context, tx pgx.Tx, c *changed) (apply func(t *data.Touched), err error) {
	if c.everything || c.whole&data.OfShapes != 0 {
		fresh, err := readShown(ctx, tx)
		return func(t *data.Touched) {
			*x = *fresh
			t.Whole = data.OfEverything
		}, err
	}
	var ids []uuid.UUID // whose places may be others; null is all
	if c.whole&data.OfActivities == 0 {
		ids = []uuid.UUID{}
		for id, of := range c.of {
			if of&data.OfActivities != 0 {
				ids = append(ids, id)
			}
		}
	}
	now, err := shownActivities(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	type update struct {
		of   data.Subject
		old  *map[uuid.UUID]thing
		now  map[uuid.UUID]thing
		part bool // of some activities alone
	}
	var updates []update
	for _, k := range []struct {
		of  data.Subject
		sql string
		old *map[uuid.UUID]thing
	}{{data.OfStories, sqlShownStories, &x.stories}, {data.OfHubs, sqlShownHubs, &x.hubs}, {data.OfTargetAreas, sqlShownTargetAreas, &x.targetAreas}} {
		var of []uuid.UUID
		part := c.things&k.of == 0
		if part && (k.of != data.OfStories || len(c.storiesOf) == 0) {
			continue
		}
		if part {
			of = c.storiesOf
		}
		things, err := shownThings(ctx, tx, k.sql, of)
		if err != nil {
			return nil, err
		}
		updates = append(updates, update{k.of, k.old, things, part})
	}
	return func(t *data.Touched) {
		t.Whole |= c.whole
		x.touchActivities(t, c.of)
		if ids == nil {
			x.activities = now
		}
		for _, id := range ids {
			delete(x.activities, id)
		}
		maps.Copy(x.activities, now)
		x.touchActivities(t, c.of)
		for _, u := range updates {
			if u.part {
				maps.DeleteFunc(*u.old, func(_ uuid.UUID, s thing) bool { return s.activity != nil && slices.Contains(c.storiesOf, *s.activity) })
				maps.Copy(*u.old, u.now)
				continue
			}
			x.touchThings(t, u.of, *u.old, u.now)
			*u.old = u.now
		}
	}, nil
}

// touchActivities says where activities are shown as x knows it.
func (x *shown) touchActivities(t *data.Touched, of map[uuid.UUID]data.Subject) {
	for id, of := range of {
		for _, s := range x.activities[id] {
			x.touchSpot(t, of&^data.OfCounts, s)
			if of&data.OfCounts != 0 {
				for _, code := range s.codes {
					t.Codes = append(t.Codes, data.TouchedCode{Of: data.OfCounts, Code: code})
				}
			}
		}
	}
}

func (x *shown) touchSpot(t *data.Touched, of data.Subject, s spot) {
	t.Places = append(t.Places, data.TouchedPlace{Of: of, Box: orb.Bound{Min: s.at, Max: s.at}, MaxZoom: geo.MaxZoom})
	if s.cell != 0 && of&data.OfActivities != 0 {
		if box, err := cellBox(s.cell); err == nil {
			t.Places = append(t.Places, data.TouchedPlace{Of: data.OfActivities, Box: box, MinZoom: cellsFrom, MaxZoom: geo.MaxZoom})
		}
	}
}

// cellsFrom is the zoom from which the outlines of cells are drawn.
const cellsFrom = 11

// touchThings says where things that differ were and are.
func (x *shown) touchThings(t *data.Touched, of data.Subject, old, now map[uuid.UUID]thing) {
	for id, was := range old {
		if is, there := now[id]; !there || !is.same(was) {
			x.touchThing(t, of, was)
		}
	}
	for id, is := range now {
		if was, there := old[id]; !there || !is.same(was) {
			x.touchThing(t, of, is)
		}
	}
}

func (s thing) same(o thing) bool {
	return s.hash == o.hash && s.code == o.code && s.box == o.box && (s.activity == nil) == (o.activity == nil) && (s.activity == nil || *s.activity == *o.activity)
}

func (x *shown) touchThing(t *data.Touched, of data.Subject, s thing) {
	if s.activity != nil {
		for _, p := range x.activities[*s.activity] {
			x.touchSpot(t, of, p)
		}
	}
	if label, known := x.labels[s.code]; known {
		t.Places = append(t.Places, data.TouchedPlace{Of: of, Box: orb.Bound{Min: label, Max: label}, MaxZoom: geo.MaxZoom})
	}
	if s.box != (orb.Bound{}) {
		t.Places = append(t.Places, data.TouchedPlace{Of: of, Box: s.box, MaxZoom: geo.MaxZoom})
	}
}

// touchFacts says where facts have changed, as they are drawn at each zoom: in
// a cell of the zoom's resolution, no finer than their own.
func (x *shown) touchFacts(t *data.Touched, f *data.FactsTouched) {
	if f.Whole {
		t.Whole |= data.OfFacts
		return
	}
	for from := 0; from <= geo.MaxZoom; {
		res, to := geohex.ForZoom(from), from
		for to < geo.MaxZoom && geohex.ForZoom(to+1) == res {
			to++
		}
		drawn := map[geohex.Key]bool{}
		for _, c := range f.Cells {
			if key := c.Key(); c != 0 {
				drawn[key.Parent(min(res, key.Res()))] = true
			}
		}
		for key := range drawn {
			if box, err := cellBox(key.Cell()); err == nil {
				t.Places = append(t.Places, data.TouchedPlace{Of: data.OfFacts, Box: box, MinZoom: uint8(from), MaxZoom: uint8(to)})
			}
		}
		from = to + 1
	}
	regions := map[string]bool{}
	for _, code := range f.Territories {
		regions[x.regions[code]] = true
	}
	for _, code := range slices.Concat(f.Territories, f.Areas, slices.Collect(maps.Keys(regions))) {
		t.Codes = append(t.Codes, data.TouchedCode{Of: data.OfFacts, Code: code})
	}
}

// cellBox is the box around a cell, EPSG:3857.
func cellBox(c geohex.Cell) (orb.Bound, error) {
	outline, err := c.Outline()
	if err != nil {
		return orb.Bound{}, err
	}
	return project.Polygon(outline, project.WGS84.ToMercator).Bound(), nil
}

// readShown reads everything that is shown.
func readShown(ctx context.Context, tx pgx.Tx) (*shown, error) {
	x := &shown{labels: map[string]orb.Point{}, regions: map[string]string{}}
	rows, err := tx.Query(ctx, sqlShownLabels)
	if err != nil {
		return nil, err
	}
	var code, region string
	var at orb.Point
	_, err = pgx.ForEachRow(rows, []any{&code, &at[0], &at[1], &region}, func() error {
		x.labels[code] = at
		if region != "" {
			x.regions[code] = region
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if x.activities, err = shownActivities(ctx, tx, nil); err != nil {
		return nil, err
	}
	if x.stories, err = shownThings(ctx, tx, sqlShownStories, nil); err != nil {
		return nil, err
	}
	if x.hubs, err = shownThings(ctx, tx, sqlShownHubs, nil); err != nil {
		return nil, err
	}
	x.targetAreas, err = shownThings(ctx, tx, sqlShownTargetAreas, nil)
	return x, err
}

// shownActivities reads the spots of some activities; nil is all.
func shownActivities(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (map[uuid.UUID][]spot, error) {
	out := map[uuid.UUID][]spot{}
	if ids != nil && len(ids) == 0 {
		return out, nil
	}
	rows, err := tx.Query(ctx, sqlShownActivities, pgx.StrictNamedArgs{"activities": ids})
	if err != nil {
		return nil, err
	}
	codes := map[string]string{} // one copy of each
	one := func(s string) string {
		if _, there := codes[s]; !there {
			codes[s] = s
		}
		return codes[s]
	}
	var id uuid.UUID
	var s spot
	_, err = pgx.ForEachRow(rows, []any{&id, &s.at[0], &s.at[1], &s.cell, &s.codes[0], &s.codes[1], &s.codes[2]}, func() error {
		if math.IsNaN(s.at[0] + s.at[1]) {
			return nil
		}
		s.codes = [3]string{one(s.codes[0]), one(s.codes[1]), one(s.codes[2])}
		out[id] = append(out[id], s)
		return nil
	})
	return out, err
}

// shownThings reads things, of some activities alone unless ids is nil.
func shownThings(ctx context.Context, tx pgx.Tx, sql string, ids []uuid.UUID) (map[uuid.UUID]thing, error) {
	rows, err := tx.Query(ctx, sql, pgx.StrictNamedArgs{"activities": ids})
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID]thing{}
	var id uuid.UUID
	var s thing
	_, err = pgx.ForEachRow(rows, []any{&id, &s.activity, &s.code, &s.box.Min[0], &s.box.Min[1], &s.box.Max[0], &s.box.Max[1], &s.hash}, func() error {
		out[id] = s
		return nil
	})
	return out, err
}
