package data

import "fmt"

// Sensitivity is the class of a place: how much harm its position could do.
// Classes are ordered; a greater class is more sensitive.
type Sensitivity int

// The classes and the finest level at which each may be shown to anyone.
const (
	S0Open       Sensitivity = iota // park, arts centre: exact
	S1Care                          // youth club, school: an H3 resolution 8 cell
	S2Restricted                    // offender programme, victims' service: its area
	S3Secret                        // refuge, safe house: its territory; geometry is never stored
)

// String is "S0" to "S3".
func (s Sensitivity) String() string { return fmt.Sprintf("S%d", int(s)) }

// MarshalText implements encoding.TextMarshaler.
func (s Sensitivity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Sensitivity) UnmarshalText(b []byte) (err error) {
	*s, err = ParseSensitivity(string(b))
	return err
}

// ParseSensitivity reads "S0" to "S3".
func ParseSensitivity(s string) (Sensitivity, error) {
	if len(s) == 2 && (s[0] == 'S' || s[0] == 's') && s[1] >= '0' && s[1] <= '3' {
		return Sensitivity(s[1] - '0'), nil
	}
	return 0, fmt.Errorf("%q is not a sensitivity class: use S0 (open), S1 (care), S2 (restricted) or S3 (secret)", s)
}
