-- The public facts as they lay under an earlier set of territories, with every
-- column that questions filter by; null is now. The place of delivery is that
-- of the day. Where it was another its area is told if the territory has since
-- become, whole, the one that it lies in now: police areas are made of whole
-- districts. Else area and territory together might tell more than either. The
-- place of origin is as it is now.
DROP FUNCTION pub.fact_at(integer);
CREATE FUNCTION pub.fact_at(territory_set integer)
RETURNS TABLE (id bigint, contribution_id uuid, level text, day date, pence bigint, quantity_milli bigint, unit text, type text, measure text, priority text,
  themes text[], beneficiaries text[], sector text, state text, standing text, territory_id text, region_code text, area_code text, cell bigint,
  supplier_id uuid, buyer_id uuid, provider_id uuid, activity_id uuid, contract_id uuid, supplier_territory text, buyer_territory text, supplier_area text, buyer_area text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT f.id, f.contribution_id, f.level, f.day, f.pence, f.quantity_milli, f.unit, f.type, f.measure, f.priority,
         f.themes, f.beneficiaries, f.sector, f.state, f.standing,
         CASE WHEN $1 IS NULL OR w.fact_id IS NULL THEN f.territory_id ELSE w.code END,
         CASE WHEN $1 IS NULL OR w.fact_id IS NULL THEN f.region_code ELSE (SELECT t.region_code FROM pub.territory t WHERE t.id = w.code) END,
         CASE WHEN $1 IS NULL OR w.fact_id IS NULL OR n.now = f.territory_id THEN f.area_code END, f.cell,
         f.supplier_id, f.buyer_id, f.provider_id, f.activity_id, f.contract_id, f.supplier_territory, f.buyer_territory, f.supplier_area, f.buyer_area
  FROM pub.fact f
  LEFT JOIN pub.fact_was w ON $1 IS NOT NULL AND w.set_id = $1 AND w.fact_id = f.id
  LEFT JOIN pub.territory_now n ON $1 IS NOT NULL AND n.id = w.code
$$;
