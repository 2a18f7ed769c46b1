-- Refuses staged records whose published code is another source's.
UPDATE staged s SET field = 'id', value = s.external_id,
  reason = format('the code %s is taken by a record of the source %s: choose another, or give --source %s to change that one', s.external_id, p.source, p.source)
FROM raw.published_code p
WHERE s.reason IS NULL AND p.kind = s.kind AND p.code = s.external_id AND p.source <> s.own_source
