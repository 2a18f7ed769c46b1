-- The account of a person of the demonstration, made if it is not there.
-- @id, @subject.
INSERT INTO raw.account (id, subject, demonstration) VALUES (@id, vault.keyed_subject(@subject), true)
ON CONFLICT (subject) DO UPDATE SET demonstration = true
RETURNING id
