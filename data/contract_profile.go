package data

// ContractRow is a contract in a list. Money is excluding VAT.
type ContractRow struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Kind        string   `json:"kind"`
	Buyer       Party    `json:"buyer"`
	Sector      string   `json:"sector,omitempty"`
	Supplier    Party    `json:"supplier"` // without an id: a sole trader
	Value       *Pence   `json:"value_pence"`
	StartsOn    Date     `json:"starts_on"`
	EndsOn      Date     `json:"ends_on,omitzero"`
	ClosedOn    Date     `json:"closed_on,omitzero"`
	Clause      bool     `json:"clause"`      // it has a clause on social value
	Territories []string `json:"territories"` // that it is delivered in
	Commitments int      `json:"commitments"`
	Committed   Pence    `json:"committed_pence"`
	Overdue     int      `json:"updates_overdue"`
	AuditedOn   Date     `json:"audited_on,omitzero"`
	AuditResult string   `json:"audit_result,omitempty"` // met, part_met, not_met
}

// ContractList is one page of contracts, the last to begin first.
type ContractList struct {
	Items   []ContractRow
	Matched int
	After   string // value of View.After for the next page; empty on the last
}

// ContractParams are the filter parameters of contracts. The period is that of
// their beginning.
var ContractParams = []string{"region", "territory", "sector", "buyer", "supplier", "from", "to", "period"}

// ContractProfile is everything that anyone may see of a contract.
type ContractProfile struct {
	ContractRow
	OCID     string            `json:"ocid,omitempty"` // Open Contracting id
	SignedOn Date              `json:"signed_on,omitzero"`
	Quantum  []CommitmentShown `json:"quantum"`
	Updates  []UpdateShown     `json:"updates"`
	Orders   []OrderShown      `json:"orders"` // to listed activities
	// Given is what was contributed under it, by state of evidence.
	Given Statement `json:"given"`
}

// CommitmentShown is a quantum that a contract secures, and the clause that does.
type CommitmentShown struct {
	ID       string   `json:"id"`
	Measure  string   `json:"measure,omitempty"`
	Name     string   `json:"name,omitempty"` // of the measure
	Quantity Quantity `json:"quantity_milli,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	Pence    Pence    `json:"pence,omitempty"`
	DueOn    Date     `json:"due_on,omitzero"`
	Clause   string   `json:"clause,omitempty"`
}

// UpdateShown is a progress update: submitted, late, due, overdue, or without a
// day on which it is due.
type UpdateShown struct {
	From        Date   `json:"from"`
	To          Date   `json:"to"`
	DueOn       Date   `json:"due_on,omitzero"`
	SubmittedOn Date   `json:"submitted_on,omitzero"`
	State       string `json:"state"`
}

// OrderShown is a Social Purchase Order to a listed activity, in its state.
type OrderShown struct {
	ID       string   `json:"id"`
	Activity Party    `json:"activity"`
	Type     string   `json:"type"`
	Quantity Quantity `json:"quantity_milli,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	Pence    Pence    `json:"pence,omitempty"`
	IssuedOn Date     `json:"issued_on,omitzero"`
	State    string   `json:"state"`
	Since    Date     `json:"since,omitzero"`
}
