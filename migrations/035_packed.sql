-- What a load of the facts into memory reads, as one value of a fixed length, as
-- half of what reading costs is by the column: the id, the cell (0: none), the day
-- since 2000-01-01, pence, thousandths, the contribution (nil: a secret one), and
-- four numbers that facts have in common that are alike in the columns of a group.
-- The columns of one fact of each number are read whole. The groups are those of
-- data.FactGroup; a number is a hash: two of a hundred thousand combinations have
-- the same once in four thousand million databases.
ALTER TABLE pub.fact ADD packed bytea NOT NULL GENERATED ALWAYS AS (
  int8send(id) || int8send(COALESCE(cell, 0)) || int4send(day - date '2000-01-01') || int8send(pence) || int8send(quantity_milli)
  || uuid_send(COALESCE(contribution_id, '00000000-0000-0000-0000-000000000000'))
  || int8send(hash_record_extended(ROW(unit, type, measure, priority, beneficiaries, state, standing), 0))
  || int8send(hash_record_extended(ROW(sector, supplier_id, buyer_id, contract_id, supplier_territory, supplier_area, buyer_territory, buyer_area), 0))
  || int8send(hash_record_extended(ROW(territory_id, region_code, area_code), 0))
  || int8send(hash_record_extended(ROW(provider_id, activity_id, themes), 0))) STORED;
