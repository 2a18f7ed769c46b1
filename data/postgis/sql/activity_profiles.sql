-- Activities with everything else that anyone may see of them, in the order of
-- @ids: how they were validated (what was refused is not told), what they need
-- on @day and later, the measures that they serve, what they are funded until,
-- their stories, whom they teach, and how to reach who runs them.
-- @ids, @day.
-- Index: need, validation, document (activity_id); organisation by primary key.
SELECT
  -- include activity_columns
  , jsonb_strip_nulls(jsonb_build_object(
    'validations', (SELECT jsonb_agg(jsonb_build_object('by', v.validated_by, 'on', v.decided_on, 'until', v.expires_on, 'criteria', v.criteria) ORDER BY v.decided_on DESC, v.id)
      FROM pub.validation v WHERE v.activity_id = a.id AND v.decision = 'validated' AND v.decided_on <= @day::date),
    'needs', (SELECT jsonb_agg(jsonb_build_object('id', n.id, 'type', n.type, 'quantity_milli', n.quantity_milli, 'unit', n.unit, 'from', n.open_from, 'until', n.open_to, 'text', n.text) ORDER BY n.type, n.id)
      FROM pub.need n WHERE n.activity_id = a.id AND n.status IN ('open', 'part_met') AND COALESCE(n.open_to, 'infinity') >= @day::date),
    'serves', (SELECT jsonb_agg(jsonb_build_object('code', m.code, 'name', m.name, 'priority', r.code, 'priority_name', r.name, 'plan', l.title, 'types', m.types, 'units', m.units, 'for', m.beneficiaries, 'frameworks', m.frameworks) ORDER BY l.title, r.position, m.position, m.code)
      FROM pub.measure m JOIN pub.priority r ON r.code = m.priority_code JOIN pub.plan l ON l.id = r.plan_id WHERE m.code = ANY (a.measures)),
    'funded_until', (SELECT max(f.funded_until) FROM pub.funding f WHERE f.activity_id = a.id),
    'closed', (SELECT jsonb_build_object('on', f.closed_on, 'reason', f.reason) FROM pub.funding f WHERE f.activity_id = a.id AND f.closed_on IS NOT NULL ORDER BY f.closed_on DESC LIMIT 1),
    'stories', (SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'title', d.title, 'url', d.url, 'on', d.published_on, 'text', d.text) ORDER BY d.published_on DESC NULLS LAST, d.title, d.id)
      FROM pub.document d WHERE d.activity_id = a.id AND d.kind IN ('story', 'film', 'event', 'press', 'visit')),
    'students', (SELECT jsonb_agg(jsonb_build_object('university', l.university, 'faculty', l.faculty, 'kind', l.kind) ORDER BY l.university, l.faculty, l.id) FROM pub.academic_link l WHERE l.activity_id = a.id),
    'contact', (SELECT jsonb_build_object('url', w.url, 'identifiers', w.identifiers,
        'welcomes', (SELECT jsonb_agg(DISTINCT t) FROM pub.register_entry g CROSS JOIN unnest(g.types) t WHERE g.organisation_id = w.id AND g.stale_on > @day::date),
        'registered', EXISTS (SELECT FROM pub.register_entry g WHERE g.organisation_id = w.id AND g.stale_on > @day::date))
      FROM pub.party w WHERE w.id = o.id)))
FROM unnest(@ids::uuid[]) WITH ORDINALITY AS wanted (id, position)
JOIN pub.activity a ON a.id = wanted.id
JOIN pub.organisation o ON o.id = a.provider_id
ORDER BY wanted.position
