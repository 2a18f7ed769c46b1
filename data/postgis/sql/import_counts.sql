-- What a file would do, or did: activities added, changed and unchanged; rows
-- placed, refused, without a place, and repeated.
SELECT count(*) FILTER (WHERE i.added) AS added,
       count(*) FILTER (WHERE NOT i.added AND t.activity_id IS NOT NULL) AS changed,
       count(*) FILTER (WHERE NOT i.added AND t.activity_id IS NULL) AS unchanged,
       (SELECT count(*) FROM placed WHERE reason IS NULL AND territory_id IS NOT NULL) AS placed,
       (SELECT count(*) FROM placed WHERE reason IS NULL AND territory_id IS NULL) AS unplaced,
       (SELECT count(*) FROM placed WHERE reason IS NOT NULL) AS refused,
       (SELECT count(*) FROM placed WHERE reason IS NULL AND territory_id IS NOT NULL) - (SELECT count(*) FROM incoming_place) AS repeated
FROM incoming i
LEFT JOIN touched t USING (activity_id)
