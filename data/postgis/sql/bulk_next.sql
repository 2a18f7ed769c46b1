-- The contributions after one, up to another, that were written since the search
-- for double counting was put aside, as "subject" of allocate_subjects.sql.
-- @after, @upto.
-- Index: contribution (id).
CREATE TEMP TABLE subject ON COMMIT DROP AS
SELECT c.id AS contribution_id, c.measure, c.activity_id AS own_activity_id, c.provider_id, c.contract_id, c.joint, c.share, c.additionality, c.state,
       c.delivered_from, COALESCE(c.delivered_to, c.delivered_from) AS delivered_until
FROM raw.contribution c
WHERE c.id > @after::uuid AND c.id <= @upto::uuid AND c.updated_at >= (SELECT since FROM raw.aside WHERE name = 'findings')
