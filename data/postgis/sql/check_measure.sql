-- Refuses measures whose priority is not on record.
UPDATE staged s SET field = 'priority', value = s.doc->>'priority', reason = format('there is no priority %s: give it first, or in the same programme', s.doc->>'priority')
WHERE s.kind = 'measure' AND s.reason IS NULL AND NOT EXISTS (SELECT FROM pub.priority x WHERE x.code = s.doc->>'priority')
