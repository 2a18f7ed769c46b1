  f.id, f.cell, f.day, f.pence, f.quantity_milli, f.contribution_id, f.unit, f.type, f.measure, f.priority, f.themes, f.beneficiaries, f.sector, f.state, f.standing,
  f.territory_id, f.region_code, f.area_code, f.supplier_id, f.buyer_id, f.provider_id, f.activity_id, f.contract_id,
  f.supplier_territory, f.supplier_area, f.buyer_territory, f.buyer_area
