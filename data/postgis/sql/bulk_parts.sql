-- The parts of the subjects of bulk_next.sql that lie in a contract with a
-- demise. Makes "part".
CREATE TEMP TABLE part ON COMMIT DROP AS
SELECT a.contribution_id, a.geom
FROM subject s JOIN raw.allocation a USING (contribution_id)
WHERE s.contract_id IN (SELECT contract_id FROM raw.delivery_site WHERE demise_geom IS NOT NULL)
