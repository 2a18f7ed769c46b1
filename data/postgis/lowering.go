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

// AskToLower asks that an activity of class S2 or S3, as "SOURCE//ID", may be
// given a lower one. Nothing changes until somebody else agrees and the
// activity is given again: what a secret one's place was is not known. The
// errors are *[data.Invalid].
func (s *Store) AskToLower(ctx context.Context, who Actor, activity string, to data.Sensitivity, reason string) error {
	if to >= data.S3Secret {
		return data.Invalidf("to", to.String(), "S3 is the highest class: give S0, S1 or S2")
	}
	if strings.TrimSpace(reason) == "" {
		return data.Invalidf("reason", "", "say why it may be lowered: the reason is kept")
	}
	source, id := splitRef(activity)
	return wrap("ask to lower a class", s.write(ctx, who, func(tx pgx.Tx) error {
		var n int64
		err := tx.QueryRow(ctx, sqlLoweringAsk, pgx.StrictNamedArgs{"source": source, "id": id, "class": int16(to), "reason": reason, "by": who.Name}).Scan(&n)
		if errors.Is(err, pgx.ErrNoRows) {
			return data.Invalidf("activity", activity, "there is no activity %q of class S2 or S3 above %s: give it as SOURCE//ID", activity, to)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, who, "ask to lower class", activity, map[string]any{"to": to, "reason": reason})
	}))
}

// AgreeToLower agrees to what another person asked of an activity.
func (s *Store) AgreeToLower(ctx context.Context, who Actor, activity string) error {
	source, id := splitRef(activity)
	err := s.write(ctx, who, func(tx pgx.Tx) error {
		var class int16
		err := tx.QueryRow(ctx, sqlLoweringAgree, pgx.StrictNamedArgs{"source": source, "id": id, "by": who.Name}).Scan(&class)
		if errors.Is(err, pgx.ErrNoRows) {
			return data.Invalidf("activity", activity, "nobody has asked to lower %q: ask first", activity)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, who, "agree to lower class", activity, map[string]any{"to": data.Sensitivity(class)})
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.ConstraintName == "two_people" {
		err = data.Invalidf("activity", activity, "who asked to lower %q cannot agree to it: somebody else must", activity)
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

// LowerClass is [Store.AskToLower] by somebody who may write the activity;
// [data.ErrNotFound] for another's.
func (s *Store) LowerClass(ctx context.Context, by *data.Key, activity string, to data.Sensitivity, reason string) error {
	at, err := s.ownActivity(ctx, by, activity)
	if err != nil {
		return wrap("ask to lower a class", err)
	}
	return s.AskToLower(ctx, actorOf(by), at, to, reason)
}

// AgreeLower is [Store.AgreeToLower] by somebody who may write the activity;
// [data.ErrNotFound] for another's.
func (s *Store) AgreeLower(ctx context.Context, by *data.Key, activity string) error {
	at, err := s.ownActivity(ctx, by, activity)
	if err != nil {
		return wrap("agree to lower a class", err)
	}
	return s.AgreeToLower(ctx, actorOf(by), at)
}

// LoweringsFor lists what was asked of the activities that somebody may write.
func (s *Store) LoweringsFor(ctx context.Context, by *data.Key) ([]data.Lowering, error) {
	all, err := s.Lowerings(ctx, actorOf(by))
	if err != nil {
		return nil, err
	}
	var out []data.Lowering
	for _, l := range all {
		if _, err := s.ownActivity(ctx, by, l.Activity); err == nil {
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
