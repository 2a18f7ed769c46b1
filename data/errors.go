package data

import (
	"errors"
	"fmt"
)

// The errors that callers tell apart. They are wrapped, so test with
// errors.Is. Anything else is a fault of ours and is answered as one.
var (
	// ErrNotFound: there is no such record, or none that may be shown.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the record's state does not allow what was asked.
	ErrConflict = errors.New("conflict")
	// ErrUnavailable: the database cannot answer now; trying again may help.
	ErrUnavailable = errors.New("unavailable")
	// ErrUnknownKey: no key was given, or none that is in force.
	ErrUnknownKey = errors.New("unknown key")
	// ErrSignedOut: nobody has signed in, or their session has run out.
	ErrSignedOut = errors.New("signed out")
	// ErrForbidden: the key's role does not allow what was asked.
	ErrForbidden = errors.New("forbidden")
	// ErrStale: the record is no longer as the writer has read it.
	ErrStale = errors.New("stale")
	// ErrUnconditional: the writer does not say which state it has read.
	ErrUnconditional = errors.New("unconditional")
	// ErrInFlight: a request with the same idempotency key is at work.
	ErrInFlight = errors.New("in flight")
	// ErrReused: the idempotency key belongs to another request.
	ErrReused = errors.New("idempotency key reused")
	// ErrChanging: data changed again and again between the parts of a question.
	ErrChanging = errors.New("changing")
	// ErrTooWide: the question is well formed but exceeds its budget.
	ErrTooWide = errors.New("too wide")
)

// Invalid says which field of a request, a file or a record is wrong, why, and
// what to do about it. Reason is a whole clause in plain English that ends
// with the remedy.
type Invalid struct {
	Field  string // the parameter, column or property
	Value  string // what was given, as given
	Reason string
}

// Error implements error.
func (e *Invalid) Error() string { return fmt.Sprintf("%s: %s", e.Field, e.Reason) }

// Invalidf makes an *[Invalid].
func Invalidf(field, value, format string, args ...any) *Invalid {
	return &Invalid{Field: field, Value: value, Reason: fmt.Sprintf(format, args...)}
}

// Refused are the rows of a request that were not taken, with everything that
// is wrong with each. Nothing of the request was written.
type Refused struct {
	Rows []Refusal
	// Why is [ErrForbidden] if the key may not do this, [ErrConflict] if what is
	// stored does not allow it, and nil if the rows themselves are wrong.
	Why error
}

// Error implements error.
func (e *Refused) Error() string {
	if len(e.Rows) == 0 {
		return "refused"
	}
	first := e.Rows[0]
	return fmt.Sprintf("refused: %s: %s", first.Field, first.Reason)
}

// Unwrap lets errors.Is tell why.
func (e *Refused) Unwrap() error { return e.Why }
