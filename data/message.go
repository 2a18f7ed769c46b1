package data

import (
	"strings"
	"time"
)

// Message is what somebody writes to whoever keeps a record, or answers.
type Message struct {
	ID     string
	About  KindRef // the record
	Text   string
	From   string // the account
	Who    string // whose that is
	Mine   bool   // whoever asks has written it
	SentAt time.Time
	DoneAt *time.Time // dealt with
}

// CheckMessage refuses a text that cannot be sent: none, one longer than 2,000
// characters, and one that holds personal details, since it is kept.
func CheckMessage(text string) *Invalid {
	if strings.TrimSpace(text) == "" {
		return Invalidf("text", "", "is missing: write what is wrong, and what is right")
	}
	if bad := checkText("text", text, 2000); bad != nil {
		return bad
	}
	for line := range strings.Lines(text) {
		if bad := checkImpersonal("text", line); bad != nil {
			return Invalidf("text", "", "the text holds personal details, which are not kept here: take out addresses, telephone numbers and the like")
		}
	}
	return nil
}
