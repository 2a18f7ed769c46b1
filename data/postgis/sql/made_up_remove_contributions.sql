-- Takes some of a source's contributions away, with all that hangs on them.
-- @source, @most: how many at most.
-- Index: contribution (source, external_id).
WITH few AS MATERIALIZED (
  SELECT id FROM raw.contribution WHERE source = @source LIMIT @most::integer
), evidence AS (
  DELETE FROM raw.evidence e USING few WHERE e.contribution_id = few.id
), review AS (
  DELETE FROM raw.review r USING few WHERE r.contribution_id = few.id
), allocation AS (
  DELETE FROM raw.allocation a USING few WHERE a.contribution_id = few.id RETURNING a.fact_id
), was AS (
  DELETE FROM pub.fact_was w USING allocation a WHERE w.fact_id = a.fact_id
), came AS (
  DELETE FROM pub.origin_was w USING allocation a WHERE w.fact_id = a.fact_id
), fact AS (
  DELETE FROM pub.fact f USING allocation a WHERE f.id = a.fact_id
)
DELETE FROM raw.contribution c USING few WHERE c.id = few.id
