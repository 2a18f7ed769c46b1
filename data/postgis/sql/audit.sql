-- Notes an action in the audit log.
-- $1 actor, $2 action, $3 subject, $4 detail.
INSERT INTO audit.log (actor, action, subject, detail) VALUES ($1, $2, $3, $4)
