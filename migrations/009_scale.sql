-- Ten million contributions: indexes for what is looked up one by one, and
-- statistics of every table that has grown.

-- Double counting looks for the like of each contribution.
DROP INDEX raw.contribution_activity_id_idx;
CREATE INDEX ON raw.contribution (activity_id, measure, delivered_from);
CREATE INDEX ON raw.contribution (provider_id, measure, delivered_from) WHERE provider_id IS NOT NULL;
CREATE INDEX ON raw.contribution ((delivered_to - delivered_from)) WHERE delivered_to IS NOT NULL;
CREATE INDEX ON raw.purchase_order (activity_id);

-- Brings the planner's statistics up to date after a large change: of the
-- tables that grew by a fifth since they were looked at, and of the boundaries
-- and activities always. Only the owner may analyse, and the application's role
-- owns nothing.
CREATE OR REPLACE FUNCTION raw.analyse() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t regclass;
BEGIN
  ANALYZE pub.shape, pub.shape_piece, pub.shape_drawn, pub.postcode, pub.activity, pub.place, raw.activity, raw.place;
  FOR t IN
    SELECT c.oid FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace IN ('raw'::regnamespace, 'pub'::regnamespace)
      AND pg_relation_size(c.oid) > 65536 + 8192 * 1.2 * GREATEST(c.relpages, 0)
  LOOP
    EXECUTE format('ANALYZE %s', t);
  END LOOP;
END
$$;

-- Only steps that were made up go: with all of the demonstration.
CREATE OR REPLACE FUNCTION raw.refuse_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.source = 'demonstration' THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'a step of an order cannot be changed';
END
$$;
CREATE INDEX ON raw.contribution (commitment_id) WHERE commitment_id IS NOT NULL;
