-- Refuses rows of governance whose body is not on record.
UPDATE staged s SET field = 'body', value = s.doc->>'body', reason = format('there is no policing body %s: give it first, or in the same programme', s.doc->>'body')
WHERE s.kind = 'governance' AND s.reason IS NULL AND NOT EXISTS (SELECT FROM pub.policing_body x WHERE x.id = s.doc->>'body')
