-- Large loads: their parts bring the statistics up to date each time that the
-- tables have doubled, not grown by a fifth.
DROP FUNCTION raw.analyse_grown();
CREATE FUNCTION raw.analyse_grown(by_factor double precision) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t regclass;
BEGIN
  FOR t IN
    SELECT c.oid FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace IN ('raw'::regnamespace, 'pub'::regnamespace)
      AND pg_relation_size(c.oid) > 65536 + 8192 * by_factor * GREATEST(c.relpages, 0)
  LOOP
    EXECUTE format('ANALYZE %s', t);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION raw.analyse_grown(double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raw.analyse_grown(double precision) TO tributary_app;
CREATE OR REPLACE FUNCTION raw.analyse() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  ANALYZE pub.shape, pub.shape_piece, pub.shape_drawn, pub.postcode, pub.activity, pub.place, raw.activity, raw.place;
  PERFORM raw.analyse_grown(1.2);
END
$$;
