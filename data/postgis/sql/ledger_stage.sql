-- Records of any kind on their way in. A row with a reason is refused.
CREATE TEMP TABLE staged (
  n integer PRIMARY KEY, line integer NOT NULL, kind text NOT NULL, own_source text NOT NULL, external_id text NOT NULL,
  doc jsonb NOT NULL, field text, value text, reason text
) ON COMMIT DROP
