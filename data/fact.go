package data

import (
	"slices"

	"tributary/geo/hex"
)

// FactColumn is a column of the public facts that holds one of a list of
// values.
type FactColumn int

// The columns. Their order is that of sql/fact_columns.sql.
const (
	FactUnit FactColumn = iota
	FactType
	FactMeasure
	FactPriority
	FactThemes        // a set
	FactBeneficiaries // a set
	FactSector
	FactState
	FactStanding
	FactTerritory
	FactRegion
	FactArea
	FactSupplier // organisations, activities and contracts by their UUID
	FactBuyer
	FactProvider
	FactActivity
	FactContract
	FactSupplierTerritory
	FactSupplierArea
	FactBuyerTerritory
	FactBuyerArea
	FactColumns // how many
)

// FactGroup is columns whose values mostly come together, so that there are few
// combinations beside the facts.
type FactGroup int

// The groups: what was given, whence, where to, and by whose activity.
const (
	FactWhat FactGroup = iota
	FactOrigin
	FactPlace
	FactDoing
	FactGroups // how many
)

// Group is the group that a column belongs to.
func (c FactColumn) Group() FactGroup {
	switch c {
	case FactSector, FactSupplier, FactBuyer, FactContract, FactSupplierTerritory, FactSupplierArea, FactBuyerTerritory, FactBuyerArea:
		return FactOrigin
	case FactTerritory, FactRegion, FactArea:
		return FactPlace
	case FactProvider, FactActivity, FactThemes:
		return FactDoing
	}
	return FactWhat
}

// FactAlike is a number for each group. Facts that have the same number have the
// same values in the group's columns.
type FactAlike [FactGroups]int64

// FactLoad is where all facts are read from.
type FactLoad struct {
	// Parts are read at the same time.
	Parts int
	// Fill gives the facts of a part, in any order, without their values.
	Fill func(part int, add func(*Fact, FactAlike) error) error
	// Whole gives facts by id, with their values, when all parts have been read.
	Whole func(ids []int64, give func(*Fact) error) error
}

// Fact is one public fact: a part of a contribution, no finer than it may be
// shown.
type Fact struct {
	ID       int64
	Cell     hex.Cell // 0: none may be shown
	Day      int32    // of delivery, days since 1970-01-01
	Pence    int64
	Quantity int64 // thousandths of the unit
	// Contribution tells the parts of one contribution; zero for a secret one.
	Contribution [16]byte
	// Values are the bytes of each column's value: text as it is, the sixteen
	// bytes of a UUID, the members of a set, sorted and joined by NUL. Nil is
	// null.
	Values [FactColumns][]byte
}

// FactChanges is what happened between two versions of the facts.
type FactChanges struct {
	// Version that the facts are at with these changes.
	Version int64
	// Gone are the ids of facts that were deleted, or changed and so are in Facts
	// too. One that is not kept is passed over.
	Gone []int64
	// Facts are the facts that changed or are new, as they are now.
	Facts []Fact
	// Others are the other parts of their contributions, as they were and are.
	Others []Fact
	// Regions are those of the territories, if they may have changed.
	Regions map[string]string
}

// DefaultStandings count when a filter names none: social value, whether its
// activity was validated on the day or not.
var DefaultStandings = []string{"primary", "unvalidated"}

// CountedStates count when a filter names none: what is claimed and above.
// What is only committed stands beside, and what was rejected is left out.
var CountedStates = slices.DeleteFunc(slices.Clone(EvidenceStates), func(s string) bool { return s == "committed" || s == "rejected" })

// OfFacts is the filter as questions about facts understand it: states,
// standings and the origin that it leaves open take their defaults.
func (f Filter) OfFacts() Filter {
	if len(f.State) == 0 {
		f.State = CountedStates
	}
	if len(f.Standing) == 0 {
		f.Standing = DefaultStandings
	}
	if f.Origin == "" && len(f.OriginTerritory)+len(f.OriginRegion)+len(f.OriginArea) > 0 {
		f.Origin = OriginSupplierSite
	}
	return f
}

// Whose place the origin of a contribution is.
const (
	OriginSupplierSite = "supplier_site"
	OriginBuyer        = "buyer"
)

// ActivityParams are the filter parameters that activities are linked to.
var ActivityParams = []string{"region", "territory", "area", "bbox", "target_area", "theme", "priority", "measure", "status", "provider", "activity"}

// NeedParams are those of what activities need, StoryParams those of what is
// told of them.
var (
	NeedParams  = append(slices.Clone(ActivityParams), "type")
	StoryParams = ActivityParams
)

// FactParams are the filter parameters that facts are linked to: the status is
// that of the activity, where the fact tells it, and a target area holds what
// lies in its areas, where that is told. As at a day, the place of delivery is
// that of the boundaries then.
var FactParams = []string{"region", "territory", "area", "bbox", "target_area", "origin", "origin_region", "origin_territory", "origin_area",
	"sector", "theme", "priority", "measure", "type", "beneficiary", "state", "status", "standing",
	"buyer", "supplier", "provider", "activity", "from", "to", "period", "as_at"}
