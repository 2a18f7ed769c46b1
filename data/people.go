package data

// FewPeople is the least count of people that is told. Anything below may
// single somebody out, and is withheld.
const FewPeople = 10

// PeopleRounding is what counts of people are rounded to.
const PeopleRounding = 5

// UnitPeople is the unit of every public fact that counts people, however it
// was given: jobs, apprentices, places on a course. Its quantity is nowhere
// told but in the table of [ProtectPeople].
const UnitPeople = "people"

// NotCounted is what an answer says of people in place of their number.
type NotCounted struct {
	Count  *int64 `json:"count"` // always null
	Reason string `json:"reason"`
	See    string `json:"see"`
}

// PeopleNotCounted is the only answer to how many people are behind a figure.
func PeopleNotCounted() NotCounted {
	return NotCounted{nil, "people are counted in one fixed table alone, by territory or area, measure and quarter, where few of them are withheld", "/api/v1/people"}
}

// ProtectPeople decides what is told of a territory's count of people under
// one measure in one quarter, and of the parts that it is made of: its areas,
// and what lies in no known one. Nil is withheld: what is below [FewPeople],
// and beside it the smallest other part, or all of them where that would not
// leave each withheld part anywhere from 0 to 9, for somebody who knows this
// rule too. Everything else is rounded to [PeopleRounding].
func ProtectPeople(parts []int64) (total *int64, shown []*int64) {
	shown = make([]*int64, len(parts))
	var sum int64
	smallest, few := -1, 0
	for i, n := range parts {
		sum += n
		switch {
		case n < FewPeople:
			few++
		case smallest < 0 || n < parts[smallest]:
			smallest = i
		}
	}
	if sum < FewPeople {
		return nil, shown
	}
	total = rounded(sum)
	for i, n := range parts {
		if n >= FewPeople && (few == 0 || i != smallest) {
			shown[i] = rounded(n)
		}
	}
	if few > 0 && !leavesOpen(*total, shown, few) {
		clear(shown)
	}
	return total, shown
}

// leavesOpen reports whether what is told leaves each of so few parts, which
// are withheld beside the smallest other one, anywhere from 0 to 9.
func leavesOpen(total int64, shown []*int64, few int) bool {
	least, most := bounds(total) // what the withheld ones add up to
	smaller := int64(1 << 62)    // what the smallest other one is less than
	for _, n := range shown {
		if n != nil {
			low, high := bounds(*n)
			least, most = least-high, most-low
			smaller = min(smaller, low)
		}
	}
	// One may be 9 if the others may be 0 and the smallest other one 10; one may
	// be 0 if the others may hold the rest.
	return smaller > FewPeople && most >= FewPeople-1+FewPeople && least <= (FewPeople-1)*int64(few-1)+smaller-1
}

// bounds are what a count that is told may have been.
func bounds(told int64) (least, most int64) {
	return max(FewPeople, told-PeopleRounding/2), told + PeopleRounding/2
}

func rounded(n int64) *int64 {
	r := (n + PeopleRounding/2) / PeopleRounding * PeopleRounding
	return &r
}
