package data

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Write is one request to write records of a kind by a key: all of them in one
// transaction, or with Partial those that can be.
type Write struct {
	By     *Key
	Kind   *Kind
	Action string // "create contributions", for the audit log
	// Records are new: one that is there already, and differs, is refused.
	Records []Incoming
	Refused []Refusal // rows of the request that could not even be read
	// ID and Change, instead of Records, name one record and make its new form
	// from the stored one, nil if there is none.
	ID     string
	Change func(*Stored) ([]Incoming, error)
	// Partial keeps the good rows when others are refused.
	Partial bool
	// Rehearse does everything but keep it: the answer tells what would be.
	Rehearse bool
	// Once makes a second request of the same key answer what the first did;
	// nil is a request that may be repeated safely as it is.
	Once *Once
	// Answer makes what is answered, and kept for a repetition. It runs before
	// the commit.
	Answer func(Written) (Answer, error)
}

// Once names a request: the key that its client gave it, and a digest of
// everything in it.
type Once struct {
	Key    string
	Digest [sha256.Size]byte
}

// Stored is a record as it is stored and shown to those who may write it.
type Stored struct {
	ID    string
	JSON  []byte // as Kind.WriteJSON; an array if several rows make the record
	Added bool   // by this request
}

// ETag is the strong entity tag of the record's JSON.
func (s Stored) ETag() string {
	sum := sha256.Sum256(s.JSON)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// Written is what a request did.
type Written struct {
	Result  ImportResult
	Refused []Refusal // with Partial
	// Records are what was written, if it was one record.
	Records []Stored
}

// Answer is what a request is answered, now and when it is repeated.
type Answer struct {
	Status   int
	Location string
	ETag     string
	Body     []byte
	Replayed bool // this is the answer to an earlier request
}

// OrderHistory is an order's state, the states that may follow, and its steps
// so far.
type OrderHistory struct {
	State string          `json:"state"`
	Next  []string        `json:"next"` // empty: the state is final
	Steps json.RawMessage `json:"steps"`
}
