CASE @by::text
  WHEN 'territory' THEN f.territory_id WHEN 'region' THEN f.region_code WHEN 'area' THEN f.area_code
  WHEN 'sector' THEN f.sector WHEN 'type' THEN f.type WHEN 'measure' THEN f.measure WHEN 'priority' THEN f.priority
  WHEN 'theme' THEN theme WHEN 'beneficiary' THEN beneficiary WHEN 'state' THEN f.state WHEN 'standing' THEN f.standing
  WHEN 'month' THEN to_char(f.day, 'YYYY-MM')
  WHEN 'quarter' THEN to_char(f.day - interval '3 months', 'YYYY-') || to_char(f.day + interval '9 months', 'YY') || to_char(date_trunc('month', f.day) - interval '3 months', '"-Q"Q')
  WHEN 'supplier' THEN f.supplier_id::text WHEN 'buyer' THEN f.buyer_id::text WHEN 'provider' THEN f.provider_id::text
  WHEN 'activity' THEN f.activity_id::text WHEN 'contract' THEN f.contract_id::text
  WHEN 'supplier_territory' THEN f.supplier_territory WHEN 'buyer_territory' THEN f.buyer_territory
  WHEN 'supplier_area' THEN f.supplier_area WHEN 'buyer_area' THEN f.buyer_area
  WHEN 'supplier_region' THEN (SELECT t.region_code FROM pub.territory t WHERE t.id = f.supplier_territory)
  WHEN 'buyer_region' THEN (SELECT t.region_code FROM pub.territory t WHERE t.id = f.buyer_territory)
END
