-- Refuses policies whose plan is not on record.
UPDATE staged s SET field = 'plan', value = s.doc->>'plan', reason = format('there is no plan %s: give it first, or in the same programme', s.doc->>'plan')
WHERE s.kind = 'policy' AND s.reason IS NULL AND NOT EXISTS (SELECT FROM pub.plan x WHERE x.id = s.doc->>'plan')
