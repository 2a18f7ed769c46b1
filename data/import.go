package data

import "iter"

// Import is one file of records on its way into the ledger.
type Import struct {
	Kind   string // "activities", "postcodes", …
	Source string // whose records they are; identity is (source, external id)
	File   string // name of the file, for the record
	SHA256 string // of the file's bytes, hexadecimal
	// Replace closes the records of the source that the file no longer has.
	Replace bool
	// Demonstration marks the records as made up.
	Demonstration bool
	// Bulk says that this is a part of a large load of contributions and their
	// evidence, which has put aside what it does once at its end.
	Bulk bool
	// Refused are the rows, and the number of those without an identity, that
	// were refused before they reached the store: what they stood for is
	// neither closed nor taken away, and its class is raised to theirs. Asked
	// after the last record; nil is none.
	Refused func() (rows iter.Seq2[RefusedRow, error], anonymous int)
	// Keep decides, when everything is written and counted, whether to commit.
	// Nil is yes; a dry run says no.
	Keep func(ImportResult) bool
}

// RefusedRow is what a refused row still tells.
type RefusedRow struct {
	ExternalID string
	Class      Sensitivity
}

// ImportResult counts what a file did. Added, Changed, Unchanged and Closed
// count records; the others count rows.
type ImportResult struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Closed    int `json:"closed"`
	Placed    int `json:"placed"`
	Unplaced  int `json:"unplaced"`
	Repeated  int `json:"repeated"` // rows that say again what another said
	Refused   int `json:"refused"`  // by the store; rows refused earlier are the reader's to count
	// NotClosed: Replace closed nothing, because rows without an identity were
	// refused and may have stood for any record.
	NotClosed bool `json:"not_closed,omitempty"`
	Kept      bool `json:"kept"` // committed
}

// Refusal is a row that was not taken, and why.
type Refusal struct {
	Line   int    `json:"line"` // of the file, from 1
	Field  string `json:"field"`
	Value  string `json:"value,omitempty"`
	Reason string `json:"reason"` // ends with the remedy
}
