package web

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"tributary/data"
)

// A basket holds the activities that a reader has picked, in the order of
// picking. It lives in the addresses of pages, as "pick", and nowhere else.
type basket struct {
	Picked []string
	Hidden []string // those that the page has no check-box for
}

// mostPicked is how many activities fit an address; mostCompared, a page.
const mostPicked, mostCompared = 60, 4

var idPattern = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// parsePicks reads the ids of picked activities, joined by commas.
func parsePicks(value string) (ids []string, err error) {
	for id := range strings.SplitSeq(value, ",") {
		switch {
		case id == "" || slices.Contains(ids, id):
		case !idPattern.MatchString(id):
			return nil, data.Invalidf("pick", value, "%q is no activity's id: pick activities from their list", id)
		default:
			ids = append(ids, id)
		}
	}
	if len(ids) > mostPicked {
		return nil, data.Invalidf("pick", "", "%d activities are too many to collect in one address: pick at most %d", len(ids), mostPicked)
	}
	return ids, nil
}

// view is the basket as a parameter of pages.
func (b basket) view() url.Values { return picks(b.Picked) }

func picks(ids []string) url.Values { return url.Values{"pick": {strings.Join(ids, ",")}} }

// Has reports whether an activity is picked.
func (b basket) Has(id string) bool { return slices.Contains(b.Picked, id) }

// Value is the basket as a field of a form.
func (b basket) Value() string { return strings.Join(b.Picked, ",") }

// With and Without are the basket's ids with one more, or one less.
func (b basket) With(id string) []string {
	if b.Has(id) {
		return b.Picked
	}
	return append(slices.Clone(b.Picked), id)
}

func (b basket) Without(id string) []string {
	return slices.DeleteFunc(slices.Clone(b.Picked), func(p string) bool { return p == id })
}

// ValueWithout is Value without one of them.
func (b basket) ValueWithout(id string) string { return strings.Join(b.Without(id), ",") }

// ScheduleURL is the page of the schedule of what is picked.
func (b basket) ScheduleURL() string { return queryURL("/schedule", b.view()) }

// CompareURL is the page that sets them side by side.
func (b basket) CompareURL() string { return queryURL("/activities/compare", b.view()) }

// profiled are the profiles of what is picked, and how many of them are not
// listed, or not any more.
type profiled struct {
	basket
	Activities []data.ActivityProfile
	Gone       int
	Demo       bool
}
