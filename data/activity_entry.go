package data

import (
	"strings"

	"tributary/geo"
)

// ActivityEntry is an [ActivityRecord] in the columns of a record of the
// ledger: a row for each place of the activity. Files of other people's making
// are read into an ActivityRecord directly, with more tolerance.
type ActivityEntry struct {
	Identity
	Name       string   `col:"name" is:"required,max=200"`
	Summary    string   `col:"summary" is:"max=4000"`
	URL        string   `col:"url" is:"url"`
	Provider   string   `col:"provider" is:"max=200"`
	ProviderID string   `col:"provider_id" is:"max=200"`
	Themes     []string `col:"themes" is:"in=themes"`
	Measures   []string `col:"measures"`
	Status     string   `col:"status" is:"in=statuses,default=submitted"`
	Role       string   `col:"role" is:"in=activity_roles,default=delivery"`
	Class      string   `col:"class" is:"in=classes,default=s1"`
	Where
	Locality string `col:"locality" is:"max=200"`
	// Ground is drawn, for an activity that is not at a point.
	Ground string `col:"ground" is:"polygon"`
}

// Activity is the entry as an [ActivityRecord] of a line of a file.
func (e *ActivityEntry) Activity(line int) ActivityRecord {
	class, _ := ParseSensitivity(e.Class) // of the vocabulary
	r := ActivityRecord{
		Line: line, ExternalID: e.ExternalID, Name: e.Name, Summary: e.Summary, URL: e.URL, Provider: e.Provider, ProviderID: e.ProviderID,
		Measures: e.Measures, Status: Status(e.Status), Role: Role(e.Role), Class: class,
		Lon: e.Longitude, Lat: e.Latitude, AreaCode: e.AreaCode, TerritoryCode: e.Territory, Locality: e.Locality,
	}
	for _, t := range e.Themes {
		r.Themes = append(r.Themes, Theme(t))
	}
	if p, err := geo.ParsePostcode(e.Postcode); err == nil {
		r.Postcode = p
	} else if o, err := geo.ParseOutcode(e.Postcode); err == nil {
		r.Outcode = o
	}
	if e.Ground != "" {
		r.Geometry, _ = geo.ReadGeometry(strings.NewReader(e.Ground), geo.GeoJSONLimits{}) // the field has been checked
	}
	return r
}

// Check implements Record.
func (e *ActivityEntry) Check() []*Invalid {
	r := e.Activity(0)
	return r.Validate()
}
