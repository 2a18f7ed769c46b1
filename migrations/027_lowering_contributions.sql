-- Two people lower the class of a restricted or secret contribution too.
ALTER TABLE raw.lowering ADD kind text NOT NULL DEFAULT 'activity' CHECK (kind IN ('activity', 'contribution'));
ALTER TABLE raw.lowering ALTER kind DROP DEFAULT;
DROP INDEX raw.lowering_one;
CREATE UNIQUE INDEX lowering_one ON raw.lowering (kind, source, external_id) WHERE ended_at IS NULL;
