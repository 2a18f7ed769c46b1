package postgis

import (
	"context"
	"errors"
	"strings"
	"time"

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

// Lowering is what was asked, and perhaps agreed, of the class of an activity.
type Lowering struct {
	Activity string // "SOURCE//ID"
	Name     string
	From, To data.Sensitivity
	Reason   string
	AskedBy  string
	AskedAt  time.Time
	AgreedBy string // empty: nobody has yet
	AgreedAt *time.Time
}

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
func (s *Store) Lowerings(ctx context.Context, who Actor) (out []Lowering, err error) {
	err = s.write(ctx, who, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlLowerings)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Lowering])
		return err
	})
	return out, wrap("lowerings", err)
}
