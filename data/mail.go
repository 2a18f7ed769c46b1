package data

import (
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"strings"
	"time"
)

// MailHow is when somebody is told of what waits for them by mail.
type MailHow string

// The ways.
const (
	MailAtOnce MailHow = "at_once"
	MailDaily  MailHow = "daily"
)

// Subscription is what a person wants by mail.
type Subscription struct {
	Address     string
	How         MailHow
	ConfirmedAt *time.Time // by the link in a mail to the address
	SentAt      *time.Time // the last mail of what waits
	FailedAt    *time.Time // mail to the address was given up, because of Failure
	Failure     string
}

// ParseSubscription reads an address and a way as typed. The error is an
// *[Invalid].
func ParseSubscription(address, how string) (Subscription, error) {
	s := Subscription{Address: strings.TrimSpace(address), How: MailHow(how)}
	a, err := mail.ParseAddress(s.Address)
	if err != nil || a.Address != s.Address || len(s.Address) > 254 || !strings.Contains(s.Address[strings.LastIndexByte(s.Address, '@'):], ".") {
		return s, Invalidf("address", "", "is no e-mail address: give one such as team@example.org")
	}
	if s.How != MailAtOnce && s.How != MailDaily {
		return s, Invalidf("how", how, "choose when you want to hear of it")
	}
	return s, nil
}

// MailKind is what a mail is for.
type MailKind string

// The kinds of mail.
const (
	MailConfirm MailKind = "confirm" // is this your address?
	MailWaiting MailKind = "waiting" // this much waits for you
)

// Mail is one mail of the outbox, as it is tried.
type Mail struct {
	ID        int64
	Kind      MailKind
	Address   string
	Secret    string // of the links in it
	How       MailHow
	MessageID string // the same at every try
	Attempts  int    // with this one
	// Waiting counts all that waits, Fresh what has come since the mail before,
	// and Overdue that whose day has passed.
	Waiting, Fresh, Overdue int
}

// soonDays is how long before its day something that waits is told once more.
const soonDays = 7

// Overdue reports whether the day of something that waits has passed.
func (w *Waiting) Overdue(today Date) bool { return !w.On.IsZero() && w.On.Before(today) }

// Token tells what waits from other things, and from itself once its day is
// near and once it has passed. It says nothing of what it is.
func (w *Waiting) Token(today Date) string {
	stage := ""
	switch {
	case w.Overdue(today):
		stage = "past"
	case !w.On.IsZero() && !today.AddDays(soonDays).Before(w.On):
		stage = "soon"
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{w.Why, w.Kind, w.Ref, w.Other, stage}, "\n")))
	return hex.EncodeToString(sum[:12])
}
