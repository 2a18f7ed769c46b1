-- What facts are linked to target areas and to activities' statuses by: the
-- areas that target areas are made of, the first of them with an area that is
-- not in force, and the listed activities of a status.
-- @target_areas, @statuses: null for none.
SELECT ARRAY(SELECT DISTINCT unnest(t.areas) FROM pub.target_area t WHERE t.code = ANY (@target_areas::text[]) ORDER BY 1),
       (SELECT min(t.code) FROM pub.target_area t WHERE t.code = ANY (@target_areas)
          AND NOT t.areas <@ ARRAY(SELECT sh.code FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id WHERE s.current AND s.kind IN ('county_or_unitary', 'district'))),
       ARRAY(SELECT a.id FROM pub.activity a WHERE a.status = ANY (@statuses::text[]))
