// Package mail tells people by e-mail how many things wait for them: it looks
// for whom that is, writes the mails and hands them to a mail server by SMTP.
//
// It must not say what waits, nor where: mail is read by others than those it
// is for. Start reading at [Postman].
//
// A mail is claimed in the database before it is tried, so two servers never
// try one at the same time. Whoever dies, or loses the connection, between a
// mail server's taking a mail and the note of that, has it tried once more
// after the claim has run out, under the same Message-ID: at least once, and
// recognisable as the same.
package mail

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tributary/data"
)

// Outbox keeps who wants mail, and the mails. The store implements it.
type Outbox interface {
	// WriteMail looks at one person whose time has come, and reports whether there
	// was one.
	WriteMail(ctx context.Context) (bool, error)
	// ClaimMail takes the next mail to be sent; nil if there is none.
	ClaimMail(ctx context.Context) (*data.Mail, error)
	MailSent(ctx context.Context, m *data.Mail) error
	MailLater(ctx context.Context, m *data.Mail, after time.Duration) error
	// MailFailed gives a mail up; its owner is told why.
	MailFailed(ctx context.Context, m *data.Mail, why string) error
}

// Sender hands mails to a mail server. [Server] is one.
type Sender interface {
	Send(ctx context.Context, m *data.Mail) error
}

// ErrRefused: the mail server will not take mail for this address, now or later.
var ErrRefused = errors.New("the mail server refused")

// Postman sends what the outbox has.
type Postman struct {
	Outbox Outbox
	Sender Sender
	Log    *slog.Logger
}

const (
	// every is how often the postman looks, and tryFor how long a try may take:
	// less than a claim lasts.
	every, tryFor = 10 * time.Second, 2 * time.Minute
)

// pauses are how long a mail rests after each try that failed; after the last
// it is given up, some two days later.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// Run sends mail until ctx is done.
func (p *Postman) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := p.Round(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("mail could not be sent; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Round writes the mails that are due and tries those that are to be sent. The
// error is of the outbox, or of a mail server that could not be reached: what is
// left waits.
func (p *Postman) Round(ctx context.Context) error {
	for looked := true; looked; {
		var err error
		if looked, err = p.Outbox.WriteMail(ctx); err != nil {
			return err
		}
	}
	for {
		m, err := p.Outbox.ClaimMail(ctx)
		if m == nil || err != nil {
			return err
		}
		if err := p.try(ctx, m); err != nil {
			return err
		}
	}
}

// try sends a mail and notes how that went, also while the server stops: a mail
// that went out and is not noted would go out again.
func (p *Postman) try(ctx context.Context, m *data.Mail) error {
	sending, cancel := context.WithTimeout(ctx, tryFor)
	err := p.Sender.Send(sending, m)
	cancel()
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), tryFor)
	defer cancel()
	switch {
	case err == nil:
		return p.Outbox.MailSent(noting, m)
	case errors.Is(err, ErrRefused):
		p.Log.Warn("a mail was refused and given up; its owner sees that", "mail", m.ID, "error", err)
		return p.Outbox.MailFailed(noting, m, "The mail server refused it.")
	case m.Attempts > len(pauses):
		p.Log.Warn("a mail was given up; its owner sees that", "mail", m.ID, "tries", m.Attempts, "error", err)
		return p.Outbox.MailFailed(noting, m, "The mail server could not be reached, or put it off, for two days.")
	}
	return errors.Join(err, p.Outbox.MailLater(noting, m, pauses[m.Attempts-1]))
}
