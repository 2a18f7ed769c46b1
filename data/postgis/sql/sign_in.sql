-- Begins a session, and makes the account of whoever signs in first.
-- @id, @subject, @hash.
WITH whose AS (
  INSERT INTO raw.account (id, subject, seen_on) VALUES (@id, vault.keyed_subject(@subject), current_date)
  ON CONFLICT (subject) DO UPDATE SET seen_on = current_date
  RETURNING id
)
INSERT INTO raw.session (hash, account_id) SELECT @hash, id FROM whose RETURNING account_id
