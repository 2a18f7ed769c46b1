-- Which of some organisations anyone may see a page of.
-- $1 ids.
SELECT id::text FROM pub.party WHERE id = ANY ($1::uuid[])
