package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
)

var sqlTileGaps = query("tile_gaps")

// GapLayer encodes the areas of a gap, or its target areas, in one tile with how
// each is served where it is served worst.
func (s *Store) GapLayer(ctx context.Context, t maptile.Tile, g *data.Gap, targets bool) (b []byte, err error) {
	var places, names, priorities, priorityNames, states []string
	var gaps, activities []int
	var scores, lowers, uppers, flows, needs []*float64
	var pence, contributions []int64
	for _, p := range g.Places() {
		c := p.Worst
		places, names, priorities, priorityNames = append(places, c.Place), append(names, c.PlaceName), append(priorities, c.Priority), append(priorityNames, c.PriorityName)
		states, gaps, activities = append(states, string(c.State)), append(gaps, p.Gaps), append(activities, c.Activities)
		scores, lowers, uppers, flows, needs = append(scores, c.Score), append(lowers, c.Lower), append(uppers, c.Upper), append(flows, c.Flow), append(needs, c.Need)
		pence, contributions = append(pence, int64(c.Pence)), append(contributions, c.Count)
	}
	err = s.pub.QueryRow(ctx, sqlTileGaps, pgx.StrictNamedArgs{
		"z": t.Z, "x": t.X, "y": t.Y, "drawn": drawnZoom(int(t.Z)), "day": g.AsAt.Time(), "targets": targets,
		"places": places, "names": names, "priorities": priorities, "priority_names": priorityNames, "states": states, "gaps": gaps,
		"scores": scores, "lowers": lowers, "uppers": uppers, "flows": flows, "needs": needs, "pence": pence, "contributions": contributions, "activities": activities,
	}).Scan(&b)
	return b, wrap("tile layer gaps", err)
}
