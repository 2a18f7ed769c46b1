-- Takes every record of a source away but its contributions, which went before,
-- and what was published of them. References are looked at when all is gone, so
-- the order does not matter; one from another source fails it.
-- @source.
WITH academic_link AS (
  DELETE FROM raw.academic_link WHERE source = @source
), document AS (
  DELETE FROM raw.document WHERE source = @source
), saving_estimate AS (
  DELETE FROM raw.saving_estimate WHERE source = @source
), observation AS (
  DELETE FROM raw.observation WHERE source = @source
), indicator AS (
  DELETE FROM raw.indicator WHERE source = @source
), hub AS (
  DELETE FROM raw.hub WHERE source = @source
), audit AS (
  DELETE FROM raw.audit WHERE source = @source
), progress_update AS (
  DELETE FROM raw.progress_update WHERE source = @source
), review AS (
  DELETE FROM raw.review WHERE source = @source
), evidence AS (
  DELETE FROM raw.evidence WHERE source = @source
), order_event AS (
  DELETE FROM raw.order_event WHERE source = @source
), purchase_order AS (
  DELETE FROM raw.purchase_order WHERE source = @source
), commitment AS (
  DELETE FROM raw.commitment WHERE source = @source
), transaction AS (
  DELETE FROM raw.transaction WHERE source = @source
), delivery_site AS (
  DELETE FROM raw.delivery_site WHERE source = @source
), contract AS (
  DELETE FROM raw.contract WHERE source = @source
), adoption AS (
  DELETE FROM raw.adoption WHERE source = @source
), register_entry AS (
  DELETE FROM raw.register_entry WHERE source = @source
), target_area AS (
  DELETE FROM raw.target_area WHERE source = @source
), target_area_set AS (
  DELETE FROM raw.target_area_set WHERE source = @source
), validation AS (
  DELETE FROM raw.validation WHERE source = @source
), funding AS (
  DELETE FROM raw.funding WHERE source = @source
), need AS (
  DELETE FROM raw.need WHERE source = @source
), footprint AS (
  DELETE FROM raw.footprint WHERE source = @source
), site AS (
  DELETE FROM raw.site WHERE source = @source
), activity AS (
  DELETE FROM raw.activity WHERE source = @source RETURNING id
), listed AS (
  DELETE FROM pub.activity p USING activity a WHERE p.id = a.id
), policy AS (
  DELETE FROM raw.policy WHERE source = @source
), measure AS (
  DELETE FROM raw.measure WHERE source = @source
), priority AS (
  DELETE FROM raw.priority WHERE source = @source
), plan AS (
  DELETE FROM raw.plan WHERE source = @source RETURNING external_id
), published AS (
  DELETE FROM pub.plan p USING plan l WHERE p.id = l.external_id
), account AS (
  DELETE FROM raw.account WHERE demonstration
), run AS (
  DELETE FROM raw.import_run WHERE source = @source
)
DELETE FROM raw.organisation WHERE source = @source
