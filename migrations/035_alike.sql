-- What is read of a fact to keep all in memory: most of its columns come in few
-- combinations, so a load reads a number for each group of them, and the columns
-- of one fact of each number. A number is a hash: two of a hundred thousand
-- combinations have the same once in four thousand million databases.
-- The groups are those of data.FactGroup.
ALTER TABLE pub.fact
  ADD alike_what   bigint NOT NULL GENERATED ALWAYS AS (hash_record_extended(ROW(unit, type, measure, priority, beneficiaries, state, standing), 0)) STORED,
  ADD alike_origin bigint NOT NULL GENERATED ALWAYS AS (hash_record_extended(ROW(sector, supplier_id, buyer_id, contract_id, supplier_territory, supplier_area, buyer_territory, buyer_area), 0)) STORED,
  ADD alike_place  bigint NOT NULL GENERATED ALWAYS AS (hash_record_extended(ROW(territory_id, region_code, area_code), 0)) STORED,
  ADD alike_doing  bigint NOT NULL GENERATED ALWAYS AS (hash_record_extended(ROW(provider_id, activity_id, themes), 0)) STORED;
