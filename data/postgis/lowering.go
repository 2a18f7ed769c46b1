package postgis

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tributary/data"
)

var (
	sqlLoweringAsk    = query("lowering_ask")
	sqlLoweringAgree  = query("lowering_agree")
	sqlLoweringRaised = query("lowering_raised")
	sqlLowerings      = query("lowerings")
)

// AskToLower asks that a record of class S2 or S3, as "SOURCE//ID", may be given
// a lower one; its kind is "activity", "contract" or "contribution". Nothing changes until
// somebody else agrees and the record is given again: what a secret one's place
// was is not known. The errors are *[data.Invalid].
func (s *Store) AskToLower(ctx context.Context, who Actor, kind, record string, to data.Sensitivity, reason string) error {
	if to >= data.S3Secret {
		return data.Invalidf("to", to.String(), "S3 is the highest class: give S0, S1 or S2")
	}
	if strings.TrimSpace(reason) == "" {
		return data.Invalidf("reason", "", "say why it may be lowered: the reason is kept")
	}
	source, id := splitRef(record)
	return wrap("ask to lower a class", s.write(ctx, who, func(tx pgx.Tx) error {
		var n int64
		err := tx.QueryRow(ctx, sqlLoweringAsk, pgx.StrictNamedArgs{"kind": kind, "source": source, "id": id, "class": int16(to), "reason": reason, "by": who.Name}).Scan(&n)
		if errors.Is(err, pgx.ErrNoRows) {
			return data.Invalidf(kind, record, "there is no %s %q of class S2 or S3 above %s: give it as SOURCE//ID", kind, record, to)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, who, "ask to lower class", record, map[string]any{"kind": kind, "to": to, "reason": reason})
	}))
}

// AgreeToLower agrees to what another person asked of a record.
func (s *Store) AgreeToLower(ctx context.Context, who Actor, kind, record string) error {
	source, id := splitRef(record)
	err := s.write(ctx, who, func(tx pgx.Tx) error {
		var class int16
		err := tx.QueryRow(ctx, sqlLoweringAgree, pgx.StrictNamedArgs{"kind": kind, "source": source, "id": id, "by": who.Name}).Scan(&class)
		if errors.Is(err, pgx.ErrNoRows) {
			return data.Invalidf(kind, record, "nobody has asked to lower the %s %q: ask first", kind, record)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, who, "agree to lower class", record, map[string]any{"kind": kind, "to": data.Sensitivity(class)})
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.ConstraintName == "two_people" {
		err = data.Invalidf(kind, record, "who asked to lower %q cannot agree to it: somebody else must", record)
	}
	return wrap("agree to lower a class", err)
}

// Lowerings lists what was asked and has not ended.
func (s *Store) Lowerings(ctx context.Context, who Actor) (out []data.Lowering, err error) {
	err = s.write(ctx, who, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlLowerings)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[data.Lowering])
		return err
	})
	return out, wrap("lowerings", err)
}

// LowerClass is [Store.AskToLower] of an activity by somebody who may write the activity;
// [data.ErrNotFound] for another's.
func (s *Store) LowerClass(ctx context.Context, by *data.Key, activity string, to data.Sensitivity, reason string) error {
	at, err := s.ownActivity(ctx, by, activity)
	if err != nil {
		return wrap("ask to lower a class", err)
	}
	return s.AskToLower(ctx, actorOf(by), "activity", at, to, reason)
}

// AgreeLower is [Store.AgreeToLower] of an activity by somebody who may write the activity;
// [data.ErrNotFound] for another's.
func (s *Store) AgreeLower(ctx context.Context, by *data.Key, activity string) error {
	at, err := s.ownActivity(ctx, by, activity)
	if err != nil {
		return wrap("agree to lower a class", err)
	}
	return s.AgreeToLower(ctx, actorOf(by), "activity", at)
}

// LoweringsFor lists what was asked of the activities that somebody may write.
func (s *Store) LoweringsFor(ctx context.Context, by *data.Key) ([]data.Lowering, error) {
	all, err := s.Lowerings(ctx, actorOf(by))
	if err != nil {
		return nil, err
	}
	var out []data.Lowering
	for _, l := range all {
		if l.Kind != "activity" {
			continue
		}
		if _, err := s.ownActivity(ctx, by, l.Record); err == nil {
			out = append(out, l)
		} else if !errors.Is(err, data.ErrNotFound) {
			return nil, wrap("lowerings", err)
		}
	}
	return out, nil
}

// ownActivity is the "SOURCE//ID" of an activity that somebody may write.
func (s *Store) ownActivity(ctx context.Context, by *data.Key, ref string) (string, error) {
	k, _ := data.KindNamed("activity")
	at := ownIdentity(by, k, ref)
	err := s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		whose, err := belongings(ctx, tx, k.Name, []identity{at})
		if err != nil {
			return err
		}
		b, there := whose[at]
		if own, _ := by.Owns(k, b); !there || !own {
			return data.ErrNotFound
		}
		return nil
	})
	return at.source + "//" + at.id, err
}
