-- Shows every contribution that a finding holds in its evidence state.
UPDATE pub.fact f SET state = raw.shown_state(c.state, h.open, h.falls)
FROM raw.held h
JOIN raw.contribution c ON c.id = h.contribution_id
JOIN raw.allocation a ON a.contribution_id = c.id
WHERE f.id = a.fact_id AND f.state <> raw.shown_state(c.state, h.open, h.falls)
