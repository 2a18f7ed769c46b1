package postgis

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlSubscription        = query("subscription")
	sqlSubscriptionSave    = query("subscription_save")
	sqlSubscriptionAsked   = query("subscription_asked")
	sqlSubscriptionConfirm = query("subscription_confirm")
	sqlSubscriptionDrop    = query("subscription_drop")
	sqlSubscriptionDue     = query("subscription_due")
	sqlSubscriptionLooked  = query("subscription_looked")
	sqlSubscriptionSweep   = query("subscription_sweep")
	sqlMailWrite           = query("mail_write")
	sqlMailClaim           = query("mail_claim")
	sqlMailSent            = query("mail_sent")
	sqlMailAgain           = query("mail_again")
	sqlMailFailed          = query("mail_failed")
	sqlMailCounts          = query("mail_counts")
)

// postman acts for the mail.
var postman = Actor{Name: "mail", Territories: "*"}

// mostAsked is how often somebody may have an address asked within a day: the
// address may be another's.
const mostAsked = 5

// Subscription is what a person wants by mail; nil if nothing.
func (s *Store) Subscription(ctx context.Context, by *data.Key) (out *data.Subscription, err error) {
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlSubscription, by.ID)
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (sub data.Subscription, err error) {
			var failure *string
			err = row.Scan(&sub.Address, &sub.How, &sub.ConfirmedAt, &sub.FailedAt, &failure, &sub.SentAt)
			sub.Failure = text(failure)
			return sub, err
		})
		if len(found) > 0 {
			out = &found[0]
		}
		return err
	})
	return out, wrap("subscription", err)
}

// Subscribe notes what a person wants by mail. An address that they have not
// confirmed is sent a mail that asks for that. [data.Invalid] if they have had
// addresses asked too often.
func (s *Store) Subscribe(ctx context.Context, by *data.Key, want data.Subscription) error {
	return wrap("subscribe", s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		confirmed := false
		args := pgx.StrictNamedArgs{"account": by.ID, "address": want.Address, "how": string(want.How), "secret": data.NewSessionSecret()}
		if err := tx.QueryRow(ctx, sqlSubscriptionSave, args).Scan(&confirmed); err != nil {
			return err
		}
		if !confirmed {
			var asked int
			if err := tx.QueryRow(ctx, sqlSubscriptionAsked, by.ID).Scan(&asked); err != nil {
				return err
			}
			if asked >= mostAsked {
				return data.Invalidf("address", "", "we have sent %d mails today that ask for confirmation: look for the last one, or try again tomorrow", mostAsked)
			}
			if err := writeMail(ctx, tx, by.ID, data.MailConfirm, 0, 0, 0); err != nil {
				return err
			}
		}
		return audit(ctx, tx, actorOf(by), "ask for mail", by.ID, map[string]any{"how": want.How})
	}))
}

// Unsubscribe forgets a person's address.
func (s *Store) Unsubscribe(ctx context.Context, by *data.Key) error {
	return wrap("unsubscribe", s.write(ctx, actorOf(by), func(tx pgx.Tx) error { return dropSubscription(ctx, tx, by.ID, "") }))
}

// ConfirmMail confirms an address, and UnsubscribeMail forgets it, by the secret
// in the links of a mail. [data.ErrNotFound] if no address has it any longer.
func (s *Store) ConfirmMail(ctx context.Context, secret string) error {
	return wrap("confirm an address", s.write(ctx, postman, func(tx pgx.Tx) error {
		var account string
		if err := tx.QueryRow(ctx, sqlSubscriptionConfirm, secret).Scan(&account); err != nil {
			return err
		}
		return audit(ctx, tx, postman, "confirm an address", account, map[string]any{})
	}))
}

// UnsubscribeMail is described with [Store.ConfirmMail].
func (s *Store) UnsubscribeMail(ctx context.Context, secret string) error {
	return wrap("unsubscribe", s.write(ctx, postman, func(tx pgx.Tx) error { return dropSubscription(ctx, tx, "", secret) }))
}

func dropSubscription(ctx context.Context, tx pgx.Tx, account, secret string) error {
	if err := tx.QueryRow(ctx, sqlSubscriptionDrop, pgx.StrictNamedArgs{"account": null(account), "secret": null(secret)}).Scan(&account); err != nil {
		return err
	}
	return audit(ctx, tx, postman, "stop mail", account, map[string]any{})
}

func writeMail(ctx context.Context, tx pgx.Tx, account string, kind data.MailKind, waiting, fresh, overdue int) error {
	_, err := tx.Exec(ctx, sqlMailWrite, pgx.StrictNamedArgs{"account": account, "kind": string(kind), "waiting": waiting, "fresh": fresh, "overdue": overdue})
	return err
}

// WriteMail looks at one person whose time has come, and puts a mail into the
// outbox if something waits for them that they have not been told of: what was
// told and the mail change together or not at all. It reports whether there was
// somebody to look at.
func (s *Store) WriteMail(ctx context.Context) (looked bool, err error) {
	err = s.write(ctx, postman, func(tx pgx.Tx) error {
		k := data.Key{Person: true}
		var told []string
		var organisation *string
		err := tx.QueryRow(ctx, sqlSubscriptionDue).Scan(&k.ID, &told, &k.Role, &k.Territories, &organisation, &k.Source)
		if errors.Is(err, pgx.ErrNoRows) {
			_, err = tx.Exec(ctx, sqlSubscriptionSweep)
			return err
		}
		if err != nil {
			return err
		}
		looked, k.Organisation = true, text(organisation)
		found, err := waiting(ctx, tx, &k)
		if err != nil {
			return err
		}
		known := map[string]bool{}
		for _, t := range told {
			known[t] = true
		}
		today := data.Today()
		var tokens []string
		fresh, overdue := 0, 0
		for _, w := range found {
			t := w.Token(today)
			tokens = append(tokens, t)
			if !known[t] {
				fresh++
			}
			if w.Overdue(today) {
				overdue++
			}
		}
		if _, err := tx.Exec(ctx, sqlSubscriptionLooked, pgx.StrictNamedArgs{"account": k.ID, "told": list(tokens)}); err != nil {
			return err
		}
		if fresh == 0 {
			return nil
		}
		return writeMail(ctx, tx, k.ID, data.MailWaiting, len(found), fresh, overdue)
	})
	return looked, wrap("write mail", err)
}

// ClaimMail takes the next mail to be sent from the outbox, for longer than a
// try may take; nil if there is none.
func (s *Store) ClaimMail(ctx context.Context) (m *data.Mail, err error) {
	err = s.write(ctx, postman, func(tx pgx.Tx) error {
		var out data.Mail
		err := tx.QueryRow(ctx, sqlMailClaim).Scan(&out.ID, &out.Kind, &out.Address, &out.Secret, &out.How, &out.MessageID, &out.Waiting, &out.Fresh, &out.Overdue, &out.Attempts)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		m = &out
		return err
	})
	if err != nil {
		return nil, wrap("claim mail", err)
	}
	return m, nil
}

// MailSent notes that a mail server took a mail.
func (s *Store) MailSent(ctx context.Context, m *data.Mail) error {
	return wrap("a mail was sent", s.postman(ctx, sqlMailSent, m.ID, m.MessageID))
}

// MailLater has a mail tried again after a while.
func (s *Store) MailLater(ctx context.Context, m *data.Mail, after time.Duration) error {
	return wrap("a mail waits", s.postman(ctx, sqlMailAgain, pgx.StrictNamedArgs{"id": m.ID, "message_id": m.MessageID, "seconds": after.Seconds()}))
}

// MailFailed gives a mail up, and all mail to its address until its owner asks
// again. They are told why.
func (s *Store) MailFailed(ctx context.Context, m *data.Mail, why string) error {
	return wrap("a mail failed", s.postman(ctx, sqlMailFailed, pgx.StrictNamedArgs{"id": m.ID, "message_id": m.MessageID, "why": why}))
}

func (s *Store) postman(ctx context.Context, sql string, args ...any) error {
	return s.write(ctx, postman, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
}

// Mails are how many mails are to be sent, and to how many people mail was given
// up.
func (s *Store) Mails(ctx context.Context) (unsent, givenUp int, err error) {
	err = s.write(ctx, postman, func(tx pgx.Tx) error { return tx.QueryRow(ctx, sqlMailCounts).Scan(&unsent, &givenUp) })
	return unsent, givenUp, wrap("mails", err)
}
