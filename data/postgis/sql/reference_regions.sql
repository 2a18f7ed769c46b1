-- Brings the regions and the law of the nations up to date.
-- $1: them as JSON.
WITH doc AS (SELECT $1::jsonb AS d),
region AS (
  INSERT INTO pub.region (code, itl1, nuts1, name, name_cy, nation)
  SELECT r->>'code', r->>'itl1_code', r->>'nuts1_code', r->>'name', r->>'name_cy', r->>'nation'
  FROM doc, jsonb_array_elements(d->'regions') r
  ON CONFLICT (code) DO UPDATE SET itl1 = EXCLUDED.itl1, nuts1 = EXCLUDED.nuts1, name = EXCLUDED.name, name_cy = EXCLUDED.name_cy, nation = EXCLUDED.nation
)
INSERT INTO pub.regime (nation, instruments, plan_name, body_name, serious_violence_duty, note)
SELECT r->>'nation', ARRAY(SELECT jsonb_array_elements_text(r->'instruments')), r->>'plan_name', r->>'body_name', (r->>'serious_violence_duty')::boolean, COALESCE(r->>'note', '')
FROM doc, jsonb_array_elements(d->'regimes') r
ON CONFLICT (nation) DO UPDATE SET instruments = EXCLUDED.instruments, plan_name = EXCLUDED.plan_name, body_name = EXCLUDED.body_name,
  serious_violence_duty = EXCLUDED.serious_violence_duty, note = EXCLUDED.note
