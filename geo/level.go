package geo

import "fmt"

// Level is the finest level at which a place may be shown to anyone, from a
// position down to the whole kingdom. Levels are ordered: a greater level is
// coarser.
type Level int

// The levels. Cell is an H3 resolution 8 cell (0.74 square kilometres on
// average), never a pin.
const (
	LevelExact Level = iota
	LevelCell
	LevelArea
	LevelTerritory
	LevelRegion
	LevelUK
)

var levelNames = [...]string{"exact", "cell", "area", "territory", "region", "uk"}

// String is the level's name in the API and the database.
func (l Level) String() string {
	if l < 0 || int(l) >= len(levelNames) {
		return fmt.Sprintf("Level(%d)", int(l))
	}
	return levelNames[l]
}

// MarshalText implements encoding.TextMarshaler.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *Level) UnmarshalText(b []byte) error {
	for i, n := range levelNames {
		if n == string(b) {
			*l = Level(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a level: use exact, cell, area, territory, region or uk", b)
}
