package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlKeyInsert      = query("key_insert")
	sqlKeySourceTaken = query("key_source_taken")
	sqlKeys           = query("keys")
	sqlKeyRevoke      = query("key_revoke")
	sqlKeyInForce     = query("key_in_force")
)

// CreateKey keeps a new key of a role, for territories that may be spelt as
// people do, which lasts so long by the database's clock, and returns its secret,
// which is kept nowhere. Without a source
// its records go under its organisation's id or its own; a source that
// somebody else's key has must be meant. The errors are *[data.Invalid].
func (s *Store) CreateKey(ctx context.Context, who Actor, k *data.Key, life time.Duration) (secret string, err error) {
	k.ID, secret = data.NewKeyID(), data.NewKeySecret()
	hash, err := data.KeyHash(secret)
	if err != nil {
		return "", err
	}
	given := k.Source != ""
	return secret, wrap("create a key", s.write(ctx, who, func(tx pgx.Tx) error {
		if err := placeAccess(ctx, tx, k, k.ID); err != nil {
			return err
		}
		now, _, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		k.CreatedAt, k.ExpiresAt = now.UTC(), now.UTC().Add(life)
		if err := k.Check(now); err != nil {
			return err
		}
		var taken bool
		args := pgx.NamedArgs{"source": k.Source, "role": string(k.Role), "organisation": null(k.Organisation), "territories": list(k.Territories)}
		if err := tx.QueryRow(ctx, sqlKeySourceTaken, args).Scan(&taken); err != nil {
			return err
		}
		if taken && !given {
			return data.Invalidf("source", k.Source, "another key writes under the source %q: name one with --source, the same one if the two may change each other's records", k.Source)
		}
		args["id"], args["hash"], args["label"], args["by"] = k.ID, hash, null(k.Label), who.Name
		args["created"], args["expires"] = k.CreatedAt, k.ExpiresAt
		if _, err := tx.Exec(ctx, sqlKeyInsert, args); err != nil {
			return err
		}
		return audit(ctx, tx, who, "create key", k.ID, k)
	}))
}

// Keys lists every key, the newest first.
func (s *Store) Keys(ctx context.Context, who Actor) (keys []data.Key, err error) {
	err = s.write(ctx, who, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlKeys)
		if err != nil {
			return err
		}
		keys, err = pgx.CollectRows(rows, scanKey)
		return err
	})
	return keys, wrap("keys", err)
}

// RevokeKey ends a key for good. [data.ErrNotFound] if there is none.
func (s *Store) RevokeKey(ctx context.Context, who Actor, id string) error {
	return wrap("revoke a key", s.write(ctx, who, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, sqlKeyRevoke, id).Scan(&id); err != nil {
			return err
		}
		return audit(ctx, tx, who, "revoke key", id, map[string]any{})
	}))
}

// KeyInForce finds the key of a secret, and notes that it was used.
// [data.ErrUnknownKey] for all that is none, or no longer.
func (s *Store) KeyInForce(ctx context.Context, secret string) (*data.Key, error) {
	hash, err := data.KeyHash(secret)
	if err != nil {
		return nil, err
	}
	rows, err := s.app.Query(ctx, sqlKeyInForce, hash)
	if err != nil {
		return nil, wrap("key", err)
	}
	keys, err := pgx.CollectRows(rows, scanKey)
	if err != nil {
		return nil, wrap("key", err)
	}
	if len(keys) == 0 {
		return nil, data.ErrUnknownKey
	}
	return &keys[0], nil
}

func scanKey(row pgx.CollectableRow) (k data.Key, err error) {
	var organisation, label *string
	err = row.Scan(&k.ID, &k.Role, &k.Territories, &organisation, &k.Source, &label, &k.CreatedAt, &k.ExpiresAt, &k.RevokedAt, &k.LastUsedAt)
	k.Organisation, k.Label = text(organisation), text(label)
	return k, err
}
