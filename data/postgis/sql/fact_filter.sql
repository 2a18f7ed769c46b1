  -- The filter of the reports over facts f: those that count, on the days and
  -- in the places asked for.
  CASE WHEN @states::text[] IS NULL THEN f.state <> 'rejected' ELSE f.state = ANY (@states) END
  AND (@types::text[] IS NULL OR f.type = ANY (@types)) AND f.standing = ANY (@standings::text[])
  AND (@from::date IS NULL OR f.day >= @from) AND (@to::date IS NULL OR f.day <= @to)
  AND (@regions::text[] IS NULL OR f.region_code = ANY (@regions))
  AND (@territories::text[] IS NULL OR f.territory_id = ANY (@territories))
  AND (@areas::text[] IS NULL OR f.area_code = ANY (@areas))
  AND (@sectors::text[] IS NULL OR f.sector = ANY (@sectors))
  AND (@buyers::text[] IS NULL OR f.buyer_id::text = ANY (@buyers))
  AND (@suppliers::text[] IS NULL OR f.supplier_id::text = ANY (@suppliers))
  AND (@measures::text[] IS NULL OR f.measure = ANY (@measures))
