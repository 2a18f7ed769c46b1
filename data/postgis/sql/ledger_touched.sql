-- The activities that were written. Which of them are new, their way in does
-- not tell.
SELECT a.source, a.external_id, false FROM touched t JOIN raw.activity a ON a.id = t.activity_id
