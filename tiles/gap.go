package tiles

import (
	"context"
	"strconv"

	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/geo/hex"
)

// gaps encodes how the places of a territory are served: areas and target areas
// as the source draws them, hexagons here.
func (t *Tiles) gaps(ctx context.Context, at maptile.Tile, q Query) ([]byte, error) {
	v := data.View{By: q.By, Baseline: q.Baseline}
	if q.Res > 0 {
		v.Res = strconv.Itoa(q.Res)
	}
	g, err := t.src.Gap(ctx, q.Filter, v)
	if err != nil {
		return nil, err
	}
	if q.By != "cell" {
		return t.src.GapLayer(ctx, at, &g, q.By == "target_area")
	}
	w := windowOf(at)
	l := newWriter("gaps")
	id, name, priority, priorityName, state, gaps := l.key("id"), l.key("name"), l.key("priority"), l.key("priority_name"), l.key("state"), l.key("gaps")
	pence, contributions, activities := l.key("pence"), l.key("contributions"), l.key("activities")
	shares := map[string]uint32{}
	for _, n := range []string{"score", "lower", "upper", "flow_share", "need_share"} {
		shares[n] = l.key(n)
	}
	var ring [][2]int32
	for _, p := range g.Places() {
		c := p.Worst
		cell, err := hex.Parse(c.Place)
		if err != nil {
			return nil, err
		}
		o, err := t.outlines.of(cell)
		if err != nil {
			return nil, err
		}
		if ring = w.clip(o.ring, ring); len(ring) < 3 {
			continue
		}
		l.begin(geomPolygon, 0)
		l.unique(id, c.Place)
		l.text(name, c.PlaceName)
		l.text(priority, c.Priority)
		l.text(priorityName, c.PriorityName)
		l.text(state, string(c.State))
		l.whole(gaps, int64(p.Gaps))
		l.whole(pence, int64(c.Pence))
		l.whole(contributions, c.Count)
		l.whole(activities, int64(c.Activities))
		l.fraction(shares["score"], c.Score)
		l.fraction(shares["lower"], c.Lower)
		l.fraction(shares["upper"], c.Upper)
		l.fraction(shares["flow_share"], c.Flow)
		l.fraction(shares["need_share"], c.Need)
		l.ring(ring)
		l.end()
	}
	return l.layer(nil), nil
}
