-- Parts with a position and no H3 cell yet.
SELECT a.contribution_id, a.n, ST_X(a.geom), ST_Y(a.geom)
FROM subject s JOIN raw.allocation a USING (contribution_id)
WHERE a.geom IS NOT NULL AND a.cell IS NULL
ORDER BY 1, 2
