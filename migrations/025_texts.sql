-- What is said of a place that may not be shown exactly must not say where it
-- is: a postcode is shortened to its outward half; coordinates, grid
-- references, three words, streets and numbers of houses are left out.
CREATE FUNCTION pub.without_position(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN regexp_replace(regexp_replace(said,
    '\m([A-Z]{1,2}[0-9][0-9A-Z]?)[ \u00A0-]?[0-9][A-Z]{2}\M', '\1', 'gi'),
    '[-+]?[0-9]{1,2}[.,][0-9]{3,}°?( ?[NSEW])?|[0-9]{1,2}° ?[0-9]{1,2}[''′][^ ,;]*|\m[HNST][A-HJ-Z] ?[0-9]{3,5} ?[0-9]{3,5}\M|/{3}[a-z]+\.[a-z]+\.[a-z]+', '…', 'g');
-- Of a text, streets too; a name may hold such words for other reasons.
CREATE FUNCTION pub.without_place(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN regexp_replace(pub.without_position(said),
    '\m[0-9]+[A-Za-z]?,? +([A-Z][[:alpha:]''’.-]* +){1,3}(Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Crescent|Terrace|Mews|Row|Grove|Court|Place|Square|Gardens|Walk|Parade|Way|Hill|Green)\M|\m([A-Z][[:alpha:]''’.-]* +){1,3}(Street|Road|Lane|Avenue|Crescent|Terrace|Mews)\M', '…', 'g');
-- An address of the web may hold a position, and leads to one.
CREATE FUNCTION pub.url_without_place(url text, class smallint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN class = 0 THEN url
              WHEN class >= 2 OR pub.without_place(replace(replace(url, '+', ' '), '%20', ' ')) <> replace(replace(url, '+', ' '), '%20', ' ') OR url ~* 'maps?\.|/maps?\M|what3words|openstreetmap|goo\.gl|w3w' THEN ''
              ELSE url END;

DO $$
BEGIN
  EXECUTE format('CREATE POLICY shown ON raw.activity FOR SELECT TO %I USING (true)', current_user);
END
$$;
UPDATE pub.activity p
SET name = pub.without_position(r.name), summary = pub.without_place(r.summary), url = pub.url_without_place(r.url, r.class)
FROM raw.activity r WHERE r.id = p.id AND r.class > 0;

CREATE OR REPLACE VIEW pub.need WITH (security_barrier) AS
SELECT n.id, n.activity_id, n.type, n.quantity_milli, n.unit, n.open_from, n.open_to, COALESCE(n.status, 'open') AS status, CASE WHEN r.class = 0 THEN n.text ELSE pub.without_place(n.text) END AS text
FROM raw.need n JOIN pub.activity a ON a.id = n.activity_id JOIN raw.activity r ON r.id = a.id;
CREATE OR REPLACE VIEW pub.funding WITH (security_barrier) AS
SELECT f.id, f.activity_id, f.funded_until, f.closed_on, CASE WHEN r.class = 0 THEN f.reason ELSE pub.without_place(f.reason) END AS reason
FROM raw.funding f JOIN pub.activity a ON a.id = f.activity_id JOIN raw.activity r ON r.id = a.id;
