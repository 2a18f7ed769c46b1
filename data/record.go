package data

// Identity is who supplied a record and what they call it. Importing the same
// identity again updates the record.
type Identity struct {
	Source     string `col:"-"` // of the whole file or the key
	ExternalID string `col:"id" is:"required,max=200"`
}

// Ref names another record: its id in the same source, an organisation's
// org-id, or "SOURCE//ID" for another source's record.
type Ref string

// Organisation is a buyer, a supplier, a provider, a university or a partner;
// one may be several of these.
type Organisation struct {
	Identity
	Name string `col:"name" is:"required,max=200"`
	Kind string `col:"kind" is:"in=organisation_kinds"` // what it mainly is
	// Sector is a public buyer's.
	Sector string `col:"sector" is:"in=sectors"`
	// Identifiers by org-id scheme, such as GB-CHC-1090095 or GB-COH-09506232.
	Identifiers []string `col:"identifiers" is:"orgid"`
	VCSE        bool     `col:"vcse"` // voluntary, community or social enterprise
	Scale       string   `col:"scale" is:"in=scales"`
	// SoleTrader: its figures are a person's, and so shown no finer than a
	// territory.
	SoleTrader bool   `col:"sole_trader"`
	URL        string `col:"url" is:"url"`
}

// Site is a place of an organisation: where it is registered, where its people
// start from.
type Site struct {
	Identity
	Organisation Ref    `col:"organisation" is:"required,ref=organisation"`
	Name         string `col:"name" is:"max=200"`
	Role         string `col:"role" is:"in=site_roles,default=other"`
	Where
}

// Where is a position as a file gives it, in order of preference.
type Where struct {
	AreaCode  string   `col:"area_code" is:"max=200"`
	Territory string   `col:"territory" is:"max=200"`
	Latitude  *float64 `col:"latitude"`
	Longitude *float64 `col:"longitude"`
	Postcode  string   `col:"postcode" is:"postcode"`
}

// Footprint says that a buyer buys for an area or a territory. Footprints do
// not nest: a fire authority may straddle two territories.
type Footprint struct {
	Identity
	Buyer     Ref    `col:"buyer" is:"required,ref=organisation"`
	AreaCode  string `col:"area_code" is:"max=200"`
	Territory string `col:"territory" is:"max=200"`
}

// Funding says until when an activity is funded, or that it closed, and why:
// a gap that a closure left stays visible.
type Funding struct {
	Identity
	Activity    Ref    `col:"activity" is:"required,ref=activity"`
	FundedUntil Date   `col:"funded_until"` // its last day
	ClosedOn    Date   `col:"closed_on"`
	Reason      string `col:"reason" is:"max=1000"`
}

// Need is something that an activity asks for.
type Need struct {
	Identity
	Activity Ref      `col:"activity" is:"required,ref=activity"`
	Type     string   `col:"type" is:"required,in=contribution_types"`
	Quantity Quantity `col:"quantity" is:"positive"`
	Unit     string   `col:"unit" is:"max=40"`
	OpenFrom Date     `col:"open_from"`
	OpenTo   Date     `col:"open_to"`
	Status   string   `col:"status" is:"in=need_statuses,default=open"`
	Text     string   `col:"text" is:"max=1000"`
}

// Validation is somebody's decision that an activity is proven, until it
// expires.
type Validation struct {
	Identity
	Activity  Ref      `col:"activity" is:"required,ref=activity"`
	By        Ref      `col:"validated_by" is:"ref=organisation"`
	Decision  string   `col:"decision" is:"required,in=decisions"`
	DecidedOn Date     `col:"decided_on" is:"required"`
	ExpiresOn Date     `col:"expires_on"`
	Criteria  []string `col:"criteria"`
	Note      string   `col:"note" is:"max=1000"`
}

// TargetAreaSet is a policing body's choice of areas in need, versioned by its
// valid time. A set that is not public steers the office's own answers alone.
type TargetAreaSet struct {
	Identity
	Plan      string `col:"plan" is:"required,max=80"`
	Name      string `col:"name" is:"required,max=200"`
	Basis     string `col:"basis" is:"in=target_area_bases"`
	Public    bool   `col:"public"`
	ValidFrom Date   `col:"valid_from"`
	ValidTo   Date   `col:"valid_to"`
}

// TargetArea is one area of a set, by the codes of the areas it is made of.
type TargetArea struct {
	Identity
	Set   Ref      `col:"set" is:"required,ref=target_area_set"`
	Label string   `col:"label" is:"required,max=200"`
	Areas []string `col:"areas" is:"required"`
}

// RegisterEntry is an organisation's word that it would welcome an approach,
// and with which types of contribution. It goes stale when it is not
// confirmed.
type RegisterEntry struct {
	Identity
	Organisation Ref      `col:"organisation" is:"required,ref=organisation"`
	Territory    string   `col:"territory" is:"required,max=200"`
	Welcomes     bool     `col:"welcomes"`
	Types        []string `col:"types" is:"in=contribution_types"`
	Measures     []string `col:"measures"`
	Note         string   `col:"note" is:"max=1000"`
	ConfirmedOn  Date     `col:"confirmed_on" is:"required"`
	ReviewDueOn  Date     `col:"review_due_on"`
}

// Adoption is a partner's taking up of a plan's policy, in full or in part.
type Adoption struct {
	Identity
	Organisation Ref      `col:"organisation" is:"required,ref=organisation"`
	Plan         string   `col:"plan" is:"required,max=80"`
	Extent       string   `col:"extent" is:"required,in=extents"`
	Measures     []string `col:"measures"` // if in part
	Mutual       bool     `col:"mutual"`   // yearly reports are shared both ways
	AdoptedOn    Date     `col:"adopted_on" is:"required"`
	EndedOn      Date     `col:"ended_on"`
	ReportDueOn  Date     `col:"report_due_on"`
}

// Document is anything published that the model refers to: a civic university
// pledge, a supplier's charter commitment, a partner's yearly report, a
// resource for suppliers, a story. A story about an activity needs consent.
type Document struct {
	Identity
	Kind         string   `col:"kind" is:"required,in=document_kinds"`
	Title        string   `col:"title" is:"required,max=200"`
	URL          string   `col:"url" is:"url"`
	Organisation Ref      `col:"organisation" is:"ref=organisation"`
	Activity     Ref      `col:"activity" is:"ref=activity"`
	Territory    string   `col:"territory" is:"max=200"`
	Region       string   `col:"region" is:"max=20"`
	Measures     []string `col:"measures"`
	Clause       string   `col:"clause" is:"max=200"` // of a charter
	Year         int      `col:"year"`
	PublishedOn  Date     `col:"published_on"`
	Consent      string   `col:"consent" is:"max=200"` // where it is recorded
	Text         string   `col:"text" is:"max=4000"`
}

// AcademicLink joins a university's faculty to an activity.
type AcademicLink struct {
	Identity
	University Ref    `col:"university" is:"required,ref=organisation"`
	Faculty    string `col:"faculty" is:"max=200"`
	Activity   Ref    `col:"activity" is:"required,ref=activity"`
	Kind       string `col:"kind" is:"required,in=academic_kinds"`
}
