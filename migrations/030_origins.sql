-- Where a public fact came from under an earlier set of territories, where that
-- differs from now: the territories of the supplier and of the buyer. Null is
-- nowhere that can be told.
CREATE TABLE pub.origin_was (
  set_id             integer NOT NULL REFERENCES pub.boundary_set ON DELETE CASCADE,
  fact_id            bigint NOT NULL,
  supplier_territory text,
  buyer_territory    text,
  PRIMARY KEY (set_id, fact_id)
);
CREATE INDEX ON pub.origin_was (fact_id);

-- As before, and the place of origin is that of the day too. Its district is
-- that of now, as districts have sets of their own.
CREATE OR REPLACE FUNCTION pub.fact_at(territory_set integer)
RETURNS TABLE (id bigint, contribution_id uuid, level text, day date, pence bigint, quantity_milli bigint, unit text, type text, measure text, priority text,
  themes text[], beneficiaries text[], sector text, state text, standing text, territory_id text, region_code text, area_code text, cell bigint,
  supplier_id uuid, buyer_id uuid, provider_id uuid, activity_id uuid, contract_id uuid, supplier_territory text, buyer_territory text, supplier_area text, buyer_area text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT f.id, f.contribution_id, f.level, f.day, f.pence, f.quantity_milli, f.unit, f.type, f.measure, f.priority,
         f.themes, f.beneficiaries, f.sector, f.state, f.standing,
         CASE WHEN $1 IS NULL OR w.fact_id IS NULL THEN f.territory_id ELSE w.code END,
         CASE WHEN $1 IS NULL OR w.fact_id IS NULL THEN f.region_code ELSE (SELECT t.region_code FROM pub.territory t WHERE t.id = w.code) END,
         CASE WHEN $1 IS NULL OR w.fact_id IS NULL OR n.now = f.territory_id THEN f.area_code END, f.cell,
         f.supplier_id, f.buyer_id, f.provider_id, f.activity_id, f.contract_id,
         CASE WHEN $1 IS NULL OR o.fact_id IS NULL THEN f.supplier_territory ELSE o.supplier_territory END,
         CASE WHEN $1 IS NULL OR o.fact_id IS NULL THEN f.buyer_territory ELSE o.buyer_territory END,
         f.supplier_area, f.buyer_area
  FROM pub.fact f
  LEFT JOIN pub.fact_was w ON $1 IS NOT NULL AND w.set_id = $1 AND w.fact_id = f.id
  LEFT JOIN pub.origin_was o ON $1 IS NOT NULL AND o.set_id = $1 AND o.fact_id = f.id
  LEFT JOIN pub.territory_now n ON $1 IS NOT NULL AND n.id = w.code
$$;
