package data

import (
	"crypto/rand"
	"strings"
	"time"
)

// Draft is what somebody has typed of a record and not sent yet. Its id is also
// the idempotency key by which it is sent.
type Draft struct {
	ID      string
	Journey string
	Given   map[string]string // fields that were settled when it was begun, by column
	Answers map[string]string // as typed, by column, in a file's spelling
	// Record is the record that it changes, with its entity tag and its JSON as
	// they were read; "" for a new one.
	Record, ETag string
	Before       []byte
	UpdatedAt    time.Time
	SentAt       *time.Time
	SentETag     string // of the record as it was sent
}

// NewDraftID makes an id for a draft, and for the record that it becomes.
func NewDraftID() string { return strings.ToLower(rand.Text()) }

// Value is what a draft says of a column.
func (d *Draft) Value(column string) string {
	if v, ok := d.Given[column]; ok {
		return v
	}
	return d.Answers[column]
}

// Waiting is something that waits for somebody: why, of which record, by when.
type Waiting struct {
	Why   string // "order_issued"; the pages have words for each
	Kind  string // of the record
	Ref   string // "SOURCE//ID"
	Name  string
	About string    // whom else or what it is about
	On    Date      // since when, or by when
	Other string    // another record's "SOURCE//ID", where two are meant
	At    time.Time // of the last change, to put the newest first
}

// OwnRecord is a row of a list of somebody's records.
type OwnRecord struct {
	Kind  string
	Ref   string // "SOURCE//ID"
	Name  string
	About string
	State string
	On    Date
	Pence *Pence
}

// Happening is one line of a record's history.
type Happening struct {
	At     time.Time
	Actor  string // "person:p…", "key:k…", "operator:…"
	Label  string // whose it is, if that is known
	Action string
}

// MayStep reports whether a role may take an order to a state.
func (r AccessRole) MayStep(state string) bool {
	if r == RoleOffice || r == RoleAdmin {
		return true
	}
	for _, role := range steps[state] {
		if role == r {
			return true
		}
	}
	return false
}

// Reads reports whether the key may read the whole of a record: its own, one
// that its organisation is a party to, or one of its territories. That a record
// may be known of is not enough, as it may say where something is.
func (k *Key) Reads(kind *Kind, b Belonging) bool {
	if own, _ := k.Owns(kind, b); own {
		return true
	}
	if k.Organisation == "" {
		return false
	}
	for _, p := range b.Parties {
		if p == k.Organisation {
			return true
		}
	}
	return false
}

// KindRef names a record of a kind.
type KindRef struct{ Kind, Ref string }
