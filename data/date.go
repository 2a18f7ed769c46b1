package data

import (
	"fmt"
	"sync"
	"time"
)

// Date is a civil day in Europe/London, without a time of day. The zero Date
// means "not given".
type Date struct{ t time.Time }

// NewDate returns the day year-month-day.
func NewDate(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// DateOf returns the day of the midnight t, as databases give dates.
func DateOf(t time.Time) Date { return NewDate(t.Year(), t.Month(), t.Day()) }

// ParseDate reads "2025-04-01" (ISO 8601 calendar date).
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a day: give year-month-day, such as 2025-04-01", s)
	}
	return Date{t}, nil
}

// IsZero reports whether d is "not given".
func (d Date) IsZero() bool { return d.t.IsZero() }

// Time is d's midnight, UTC.
func (d Date) Time() time.Time { return d.t }

// London is where the readers are: times are shown as their clocks have them,
// or in UTC on a machine that knows no time zones.
var London = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return zone
})

// Today is the day that it is in London.
func Today() Date { return DateOf(time.Now().In(London())) }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.t.Before(e.t) }

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return Date{d.t.AddDate(0, 0, n)} }

// String is the ISO 8601 spelling, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; an empty text is the zero
// Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	*d = v
	return err
}
