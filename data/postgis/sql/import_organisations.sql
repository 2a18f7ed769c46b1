-- Adds and renames the organisations behind the placed rows; the last row of
-- the file that names one wins, but a secret row names only one that is new:
-- the name of a known one may be public. Activities of a renamed one are
-- touched. A provider's key is "SOURCE//ID": one with an org-id is the same for
-- every source.
-- Index: organisation (source, external_id).
WITH named AS (
  INSERT INTO raw.organisation AS o (source, external_id, name, kind)
  SELECT DISTINCT ON (p.provider_key) raw.ref_source(p.provider_key), raw.ref_id(p.provider_key), p.provider, 'provider'
  FROM placed p
  WHERE p.reason IS NULL
    AND (p.class < 3 OR NOT EXISTS (SELECT FROM raw.organisation k WHERE (k.source, k.external_id) = (raw.ref_source(p.provider_key), raw.ref_id(p.provider_key))))
  ORDER BY p.provider_key, p.class = 3, p.line DESC
  ON CONFLICT (source, external_id) DO UPDATE SET name = EXCLUDED.name WHERE o.name <> EXCLUDED.name
  RETURNING id
)
INSERT INTO touched (activity_id)
SELECT a.id FROM raw.activity a JOIN named ON named.id = a.provider_id
