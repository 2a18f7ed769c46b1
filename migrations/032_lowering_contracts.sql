-- Two people lower the class of a restricted or secret contract too.
ALTER TABLE raw.lowering DROP CONSTRAINT lowering_kind_check;
ALTER TABLE raw.lowering ADD CONSTRAINT lowering_kind_check CHECK (kind IN ('activity', 'contract', 'contribution'));
