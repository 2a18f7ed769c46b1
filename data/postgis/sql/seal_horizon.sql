-- Everything that this transaction's snapshot sees is sealed.
UPDATE audit.sealed SET horizon = pg_snapshot_xmin(pg_current_snapshot()) WHERE horizon <> pg_snapshot_xmin(pg_current_snapshot())
