package data

// Contract is an agreement under which a supplier owes social value: for
// services, goods or works, a grant, a disposal, or a partnership in place of
// a contract.
type Contract struct {
	Identity
	OCID     string `col:"ocid" is:"max=80"` // Open Contracting id, where there is one
	Kind     string `col:"kind" is:"in=contract_kinds,default=services"`
	Buyer    Ref    `col:"buyer" is:"required,ref=organisation"`
	Supplier Ref    `col:"supplier" is:"required,ref=organisation"`
	Title    string `col:"title" is:"required,max=300"`
	CPV      string `col:"cpv" is:"max=20"`
	Value    Pence  `col:"value"` // excluding VAT
	SignedOn Date   `col:"signed_on"`
	StartsOn Date   `col:"starts_on" is:"required"`
	EndsOn   Date   `col:"ends_on"`
	// ClosedOn ends it for good; an audit must have come first.
	ClosedOn Date `col:"closed_on"`
	SVClause bool `col:"sv_clause"` // it has a clause on social value
	// Areas are codes of the areas and territories that it is delivered in.
	Areas []string `col:"areas"`
	// Class is the sensitivity asked for; the words of its title only raise it.
	// A secret contract is not shown.
	Class string `col:"class" is:"in=classes"`
}

// DeliverySite is a place where a contract is delivered. Its demise is the
// ground that belongs to it: what is given there is in the contract's scope,
// and so no social value, unless a reviewer finds otherwise.
type DeliverySite struct {
	Identity
	Contract Ref    `col:"contract" is:"required,ref=contract"`
	Name     string `col:"name" is:"max=200"`
	Demise   string `col:"demise" is:"polygon"` // a GeoJSON Polygon or MultiPolygon, EPSG:4326
	Where
}

// Transaction is one payment of a buyer to a supplier, excluding VAT.
type Transaction struct {
	Identity
	Buyer    Ref   `col:"buyer" is:"required,ref=organisation"`
	Supplier Ref   `col:"supplier" is:"required,ref=organisation"`
	Day      Date  `col:"date" is:"required"`
	Amount   Pence `col:"amount" is:"required"`
	Contract Ref   `col:"contract" is:"ref=contract"` // empty: outside any contract
}

// Commitment is the quantum that a contract secures, and the clause that
// secures it.
type Commitment struct {
	Identity
	Contract Ref      `col:"contract" is:"required,ref=contract"`
	Measure  string   `col:"measure" is:"measure"`
	Quantity Quantity `col:"quantity" is:"positive"`
	Unit     string   `col:"unit" is:"max=40"`
	Value    Pence    `col:"value"`
	DueOn    Date     `col:"due_on"`
	Clause   string   `col:"clause" is:"max=200"`
}

// PurchaseOrder is a Social Purchase Order: a supplier's offer to an activity,
// under a commitment or voluntarily. Its state changes by events alone.
type PurchaseOrder struct {
	Identity
	Commitment Ref      `col:"commitment" is:"ref=commitment"`
	Activity   Ref      `col:"activity" is:"required,ref=activity"`
	Need       Ref      `col:"need" is:"ref=need"`
	Supplier   Ref      `col:"supplier" is:"required,ref=organisation"`
	Site       Ref      `col:"site" is:"ref=site"` // the supplier's site that gives
	Type       string   `col:"type" is:"required,in=contribution_types"`
	Quantity   Quantity `col:"quantity" is:"positive"`
	Unit       string   `col:"unit" is:"max=40"`
	Value      Pence    `col:"value"`
	IssuedOn   Date     `col:"issued_on"`
}

// OrderState is where a purchase order stands.
type OrderState string

// OrderSteps are the states that may follow each state. What is not here is
// final. A suspended order goes back to where it was taken from.
var OrderSteps = map[OrderState][]OrderState{
	"draft":       {"issued", "cancelled"},
	"issued":      {"accepted", "declined", "cancelled"},
	"accepted":    {"in_delivery", "suspended", "cancelled"},
	"in_delivery": {"delivered", "suspended", "cancelled"},
	"suspended":   {"accepted", "in_delivery", "cancelled"},
	"delivered":   {"confirmed", "in_delivery"},
	"confirmed":   {"evidenced"},
	"evidenced":   {"audited"},
	"audited":     {"closed"},
}

// OrderEvent is one step of an order, never changed afterwards.
type OrderEvent struct {
	Identity
	Order  Ref    `col:"order" is:"required,ref=purchase_order"`
	To     string `col:"state" is:"required,in=order_states"`
	Day    Date   `col:"date" is:"required"`
	Reason string `col:"reason" is:"max=1000"`
}

// ProgressUpdate is a supplier's report on a contract for a period.
type ProgressUpdate struct {
	Identity
	Contract    Ref    `col:"contract" is:"required,ref=contract"`
	PeriodStart Date   `col:"period_start" is:"required"`
	PeriodEnd   Date   `col:"period_end" is:"required"`
	DueOn       Date   `col:"due_on"`
	SubmittedOn Date   `col:"submitted_on"`
	Summary     string `col:"summary" is:"max=4000"`
}

// Audit is the check of what a contract delivered against what it owed.
type Audit struct {
	Identity
	Contract  Ref    `col:"contract" is:"required,ref=contract"`
	OpenedOn  Date   `col:"opened_on"`
	DecidedOn Date   `col:"decided_on" is:"required"`
	Result    string `col:"result" is:"required,in=audit_results"`
	Note      string `col:"note" is:"max=4000"`
}
