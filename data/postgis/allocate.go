package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	geohex "tributary/geo/hex"
)

var (
	sqlAllocateSubjects    = query("allocate_subjects")
	sqlAllocateShares      = query("allocate_shares")
	sqlAllocateLocate      = query("allocate_locate")
	sqlAllocateTerritories = query("allocate_territories")
	sqlAllocateClear       = query("allocate_clear")
	sqlAllocatePart        = query("allocate_part")
	sqlAllocateWrite       = query("allocate_write")
	sqlAllocateCells       = query("allocate_cells")
	sqlAllocateSetCells    = query("allocate_set_cells")
	sqlAllocateCounts      = query("allocate_counts")
	sqlFindDoubles         = query("find_doubles")
	sqlDecideFindings      = query("decide_findings")
	sqlPublishFacts        = query("publish_facts")
	sqlRestateFacts        = query("restate_facts")
	sqlPublishSecret       = query("publish_secret")
	sqlPublishFactNames    = query("publish_fact_organisations")
	sqlPublishFactOrphans  = query("publish_fact_orphans")
	sqlLocateSites         = query("locate_sites")
	sqlLocateSitesWrite    = query("locate_sites_write")
)

// allocate splits the contributions that the import touched over their places,
// decides their standing and publishes their facts.
func (m *merge) allocate(ctx context.Context, res *data.ImportResult) error {
	if err := m.locateSites(ctx); err != nil {
		return err
	}
	for _, sql := range []string{"ANALYZE changed", sqlAllocateSubjects} {
		if _, err := m.tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	var touched bool
	if err := m.tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM subject)").Scan(&touched); err != nil || !touched {
		return err
	}
	area := pgx.StrictNamedArgs{"area_set": m.sets.Area}
	for _, step := range []step{
		{"ANALYZE subject (contribution_id, activity_id, supplier_id, contract_id, site_id, placed, stored, class, additionality)", nil}, {sqlAllocateShares, nil}, {"ANALYZE share", nil}, {sqlAllocateLocate, nil}, {sqlAllocateTerritories, []any{area}},
	} {
		if _, err := m.tx.Exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	if err := assign(ctx, m.tx, m.sets); err != nil {
		return err
	}
	for _, step := range []step{
		{"CREATE TEMP TABLE secret_year (year date NOT NULL) ON COMMIT DROP", nil},
		{"CREATE TEMP TABLE named (id uuid NOT NULL) ON COMMIT DROP", nil},
		{"CREATE TEMP TABLE people_group (territory_id text NOT NULL, measure text NOT NULL, quarter date NOT NULL) ON COMMIT DROP", nil},
		{sqlAllocateClear, nil},
		{sqlAllocatePart, []any{pgx.StrictNamedArgs{"near": float64(nearMetres)}}},
	} {
		if _, err := m.tx.Exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	if err := m.partCells(ctx); err != nil {
		return err
	}
	if err := m.findDoubles(ctx); err != nil {
		return err
	}
	if err := execute(ctx, m.tx, sqlDecideFindings, sqlPublishFacts, sqlRestateFacts, sqlPublishSecret, sqlPublishFactNames, sqlPublishFactOrphans); err != nil {
		return err
	}
	if err := m.countPeople(ctx); err != nil {
		return err
	}
	if _, err := m.tx.Exec(ctx, sqlPublishVersion); err != nil {
		return err
	}
	if err := pastFacts(ctx, m.tx); err != nil {
		return err
	}
	return m.tx.QueryRow(ctx, sqlAllocateCounts).Scan(&res.Placed, &res.Unplaced)
}

// countPeople counts the people again whom the subjects' facts are of, or were,
// unless a large load does so at its end.
func (m *merge) countPeople(ctx context.Context) error {
	if _, err := m.tx.Exec(ctx, sqlPeopleTouched); err != nil {
		return err
	}
	var due bool
	err := m.tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM people_group) AND NOT EXISTS (SELECT FROM raw.aside WHERE name = 'people')").Scan(&due)
	if err != nil || !due {
		return err
	}
	return countPeople(ctx, m.tx)
}

// findDoubles writes the parts and looks for double counting among them, unless
// a large load does so at its end.
func (m *merge) findDoubles(ctx context.Context) error {
	for _, sql := range []string{"ANALYZE part (contribution_id, territory_id, method)", sqlAllocateWrite} {
		if _, err := m.tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	var later bool
	if err := m.tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM raw.aside WHERE name = 'findings')").Scan(&later); err != nil || later {
		return err
	}
	_, err := m.tx.Exec(ctx, sqlFindDoubles)
	return err
}

// locateSites finds where the sites that changed are, and with them where
// their organisations are.
func (m *merge) locateSites(ctx context.Context) error {
	var touched bool
	err := m.tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM changed WHERE kind IN ('site', 'delivery_site', 'footprint'))").Scan(&touched)
	if err != nil || !touched {
		return err
	}
	area := pgx.StrictNamedArgs{"area_set": m.sets.Area}
	for _, step := range []step{{sqlLocateSites, nil}, {sqlAllocateTerritories, []any{area}}} {
		if _, err := m.tx.Exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	if err := assign(ctx, m.tx, m.sets); err != nil {
		return err
	}
	if _, err := m.tx.Exec(ctx, sqlLocateSitesWrite); err != nil {
		return err
	}
	_, err = m.tx.Exec(ctx, "DROP TABLE located, assigned")
	return err
}

// partCells makes the H3 cells of parts that have a position of their own.
func (m *merge) partCells(ctx context.Context) error {
	rows, err := m.tx.Query(ctx, sqlAllocateCells)
	if err != nil {
		return err
	}
	var lons, lats []float64
	var cells []int64
	var lon, lat float64
	_, err = pgx.ForEachRow(rows, []any{&lon, &lat}, func() error {
		c, err := geohex.At(orb.Point{lon, lat}, geohex.Finest)
		lons, lats, cells = append(lons, lon), append(lats, lat), append(cells, int64(c))
		return err
	})
	if err != nil || len(cells) == 0 {
		return err
	}
	_, err = m.tx.Exec(ctx, sqlAllocateSetCells, pgx.StrictNamedArgs{"lons": lons, "lats": lats, "cells": cells})
	return err
}
