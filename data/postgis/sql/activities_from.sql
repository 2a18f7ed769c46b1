FROM pub.activity a JOIN pub.organisation o ON o.id = a.provider_id
WHERE EXISTS (SELECT FROM pub.place p WHERE p.activity_id = a.id AND
  -- include filter
)
