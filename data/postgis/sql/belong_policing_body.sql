-- Whose the policing bodies are, and where they lie: in the territories that they answer for. Everyone knows them.
-- @sources, @ids: parallel arrays of identities.
-- Index: policing_body (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY(SELECT g.territory_id FROM pub.governance g WHERE g.body_id = r.external_id), NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       true AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.policing_body r ON (r.source, r.external_id) = (w.source, w.external_id)
