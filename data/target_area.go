package data

// TargetAreaRow is a public target area.
type TargetAreaRow struct {
	Code  string   `json:"code"`
	Name  string   `json:"name"`
	Set   string   `json:"set"`
	Basis string   `json:"basis"` // deprivation, crime, serious_violence_assessment or custom
	Areas []string `json:"areas"` // codes of those that it is made of
	// Drawn: all of its areas are those in force, so what lies in it is known.
	Drawn bool `json:"drawn"`
}
