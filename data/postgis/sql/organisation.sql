-- One organisation that anyone may see: what it is, what its contracts secure,
-- what it published and took up, where it welcomes an approach on @day.
-- @id, @day.
-- Index: contract (buyer_id), (supplier_id); document, register_entry
-- (organisation_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
  'id', p.id, 'name', p.name, 'sector', p.sector, 'vcse', p.vcse, 'scale', p.scale,
  'roles', to_jsonb(array_remove(ARRAY[
    CASE WHEN EXISTS (SELECT FROM pub.fact f WHERE f.supplier_id = p.id) OR EXISTS (SELECT FROM pub.contract k WHERE k.supplier_id = p.id) THEN 'supplier' END,
    CASE WHEN p.sector IS NOT NULL THEN 'buyer' END,
    CASE WHEN EXISTS (SELECT FROM pub.activity a WHERE a.provider_id = p.id) OR EXISTS (SELECT FROM pub.fact f WHERE f.provider_id = p.id) THEN 'provider' END], NULL)),
  'territories', (SELECT to_jsonb(b.territories) FROM pub.buyer b WHERE b.id = p.id),
  'activities', (SELECT count(*) FROM pub.activity a WHERE a.provider_id = p.id),
  'contact', jsonb_build_object('url', p.url, 'identifiers', p.identifiers),
  'committed', (SELECT jsonb_build_object('contracts', count(DISTINCT k.id), 'commitments', count(m.id), 'pence', COALESCE(sum(m.value_pence), 0)) FROM pub.contract k LEFT JOIN pub.commitment m ON m.contract_id = k.id WHERE k.supplier_id = p.id),
  'secured', (SELECT jsonb_build_object('contracts', count(DISTINCT k.id), 'commitments', count(m.id), 'pence', COALESCE(sum(m.value_pence), 0)) FROM pub.contract k LEFT JOIN pub.commitment m ON m.contract_id = k.id WHERE k.buyer_id = p.id),
  'documents', (SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'title', d.title, 'url', d.url, 'year', d.year, 'on', d.published_on) ORDER BY d.published_on DESC NULLS LAST, d.title, d.id)
    FROM pub.document d WHERE d.organisation_id = p.id AND d.activity_id IS NULL),
  'adoptions', (SELECT jsonb_agg(jsonb_build_object('plan', COALESCE(l.title, a.plan_id), 'extent', a.extent, 'on', a.adopted_on, 'ended_on', a.ended_on) ORDER BY a.adopted_on DESC, a.id)
    FROM pub.adoption a LEFT JOIN pub.plan l ON l.id = a.plan_id WHERE a.organisation_id = p.id),
  'register', (SELECT jsonb_agg(jsonb_build_object('territory', g.territory_id, 'types', g.types, 'until', g.stale_on) ORDER BY g.territory_id, g.id)
    FROM pub.register_entry g WHERE g.organisation_id = p.id AND g.stale_on > @day::date)))
FROM pub.party p
WHERE p.id = @id::uuid
