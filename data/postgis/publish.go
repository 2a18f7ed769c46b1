package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	geohex "tributary/geo/hex"
)

var (
	sqlPublishCells      = query("publish_cells")
	sqlPublishSpots      = query("publish_spots")
	sqlPublishClear      = query("publish_clear")
	sqlPublishActivities = query("publish_activities")
	sqlPublishPlaces     = query("publish_places")
	sqlPublishOrphans    = query("publish_orphans")
	sqlPublishEmptyCells = query("publish_cells_orphans")
	sqlPublishWithheld   = query("publish_withheld")
	sqlPublishVersion    = query("publish_version")
)

// publish makes the public form of the activities in the table "touched" from
// their raw form, in the same transaction: what anyone may see is a function
// of what is stored, and nothing else writes it.
func publish(ctx context.Context, tx pgx.Tx, s sets) error {
	var touched bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM touched)").Scan(&touched); err != nil || !touched {
		return err
	}
	if err := publishCells(ctx, tx); err != nil {
		return err
	}
	by := pgx.StrictNamedArgs{"territory_set": s.Territory, "area_set": s.Area}
	steps := []step{
		{"ANALYZE touched", nil},
		{sqlPublishSpots, []any{by}},
		{"ANALYZE spot", nil},
		{sqlPublishClear, nil},
		{sqlPublishActivities, nil},
		{sqlPublishPlaces, []any{by}},
		{sqlPublishOrphans, nil},
		{sqlPublishEmptyCells, nil},
		{"DELETE FROM pub.withheld", nil},
		{sqlPublishWithheld, nil},
		{sqlPublishVersion, nil},
	}
	for _, step := range steps {
		if _, err := tx.Exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// publishCells makes the outlines of cells that are shown for the first time.
func publishCells(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, sqlPublishCells)
	if err != nil {
		return err
	}
	cells, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(cells) == 0 {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"pub", "cell"}, []string{"cell", "centre", "outline"},
		pgx.CopyFromSlice(len(cells), func(i int) ([]any, error) {
			c := geohex.Cell(cells[i])
			p, err := c.Centre()
			if err != nil {
				return nil, err
			}
			o, err := c.Outline()
			if err != nil {
				return nil, err
			}
			centre, err := encode(p, sridWGS84)
			if err != nil {
				return nil, err
			}
			outline, err := encode(o, sridWGS84)
			return []any{cells[i], centre, outline}, err
		}))
	return err
}
