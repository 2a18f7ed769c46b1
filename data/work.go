package data

import (
	"crypto/rand"
	"strconv"
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

// rowsAnswer is the answer that says how many rows a draft has.
const rowsAnswer = "rows"

// Rows is how many rows the record has: an activity has one for each place.
func (d *Draft) Rows() int {
	n, err := strconv.Atoi(d.Answers[rowsAnswer])
	if err != nil {
		return 1
	}
	return min(max(n, 1), MaxDraftRows)
}

// MaxDraftRows is how many places people give on a page; files take more.
const MaxDraftRows = 50

// InRow is the name under which a column's answer for a row, from 1, is kept.
func InRow(column string, row int) string {
	if row <= 1 {
		return column
	}
	return column + "-" + strconv.Itoa(row)
}

// AddRow makes room for one more row.
func (d *Draft) AddRow() { d.Answers[rowsAnswer] = strconv.Itoa(d.Rows() + 1) }

// RemoveRow takes a row away, with its answers for the columns that differ
// between rows; those after it move up. The last one is only emptied.
func (d *Draft) RemoveRow(row int, columns []string) {
	last := d.Rows()
	for _, c := range columns {
		for n := row; n < last; n++ {
			d.Answers[InRow(c, n)] = d.Answers[InRow(c, n+1)]
		}
		delete(d.Answers, InRow(c, last))
	}
	d.Answers[rowsAnswer] = strconv.Itoa(max(1, last-1))
}

// SetRows takes the answers of several rows, by column; columns name those that
// may differ.
func (d *Draft) SetRows(rows []map[string]string, columns []string) {
	d.Answers[rowsAnswer] = strconv.Itoa(len(rows))
	for i, row := range rows {
		for _, c := range columns {
			if row[c] != "" {
				d.Answers[InRow(c, i+1)] = row[c]
			}
		}
	}
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
