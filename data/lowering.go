package data

import "time"

// Lowering is what was asked, and perhaps agreed, of the class of an activity or
// a contribution.
type Lowering struct {
	Kind     string // "activity" or "contribution"
	Record   string // "SOURCE//ID"
	Name     string
	From, To Sensitivity
	Reason   string
	AskedBy  string
	AskedAt  time.Time
	AgreedBy string // empty: nobody has yet
	AgreedAt *time.Time
}
