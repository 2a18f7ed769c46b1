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
