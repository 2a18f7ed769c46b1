package data

import "strings"

// Subject is what a picture is made from: what may change under it. Several are
// joined by "or".
type Subject uint16

// The subjects of pictures.
const (
	OfActivities  Subject = 1 << iota // activities, where they are shown
	OfCounts                          // how many activities a region, territory or area has
	OfNeeds                           // what activities ask for, where they are shown
	OfStories                         // stories, where they are shown
	OfHubs                            // hubs
	OfTargetAreas                     // target areas
	OfFacts                           // what was contributed, and where
	OfShapes                          // boundaries, names and codes of places
	OfPlans                           // plans, their priorities and baselines of need

	OfEverything = OfActivities | OfCounts | OfNeeds | OfStories | OfHubs | OfTargetAreas | OfFacts | OfShapes | OfPlans
)

var subjectNames = []string{"activities", "counts", "needs", "stories", "hubs", "target_areas", "facts", "shapes", "plans"}

// String names the subjects.
func (s Subject) String() string {
	var names []string
	for i, name := range subjectNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}
