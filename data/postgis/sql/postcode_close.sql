-- Takes away the postcodes that a newer list no longer has.
DELETE FROM pub.postcode p WHERE NOT EXISTS (SELECT FROM postcode_stage s WHERE s.postcode = p.postcode)
