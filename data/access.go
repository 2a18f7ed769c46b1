package data

import (
	"slices"
	"strings"
)

// Deeds are what a role may do with a kind of record, of its own.
type Deeds uint8

// The deeds. What may be written may be read back.
const (
	Create Deeds = 1 << iota
	Update
	Read

	cr  = Create | Read // told once and never changed
	ur  = Update | Read
	cur = Create | Update | Read
)

// access is the one table of who may write what. Admins may do everything.
// Which records are somebody's own is told by the record's territories and
// owners, see [Belonging]: an office's and a hub's lie in the key's
// territories, a supplier's, a provider's and a buyer's belong to the key's
// organisation. A kind that is not here is the admins' alone, and a test says
// that it is missing.
var access = map[string]map[AccessRole]Deeds{
	// Territories, the bodies that may govern them and who buys together are the
	// admins': they are named by everyone. Who governs a territory its office says.
	"territory":         {},
	"policing_body":     {},
	"governance":        {RoleOffice: cur},
	"procurement_group": {},
	"plan":              {RoleOffice: cur},
	"priority":          {RoleOffice: cur},
	"measure":           {RoleOffice: cur},
	"policy":            {RoleOffice: cur},

	"organisation":    {RoleSupplier: ur | Create, RoleProvider: cur, RoleBuyer: cur, RoleOffice: cur},
	"site":            {RoleSupplier: cur, RoleProvider: cur, RoleBuyer: cur, RoleOffice: cur},
	"footprint":       {RoleBuyer: cur, RoleOffice: cur},
	"activity":        {RoleProvider: cur, RoleOffice: cur},
	"funding":         {RoleProvider: cur, RoleOffice: cur},
	"need":            {RoleProvider: cur, RoleOffice: cur},
	"validation":      {RoleOffice: cur}, // nobody validates themselves
	"target_area_set": {RoleOffice: cur},
	"target_area":     {RoleOffice: cur},
	"register_entry":  {RoleSupplier: cur, RoleProvider: cur, RoleBuyer: cur, RoleOffice: cur},
	"adoption":        {RoleBuyer: cur, RoleOffice: cur},
	"contract":        {RoleBuyer: cur, RoleOffice: cur},
	"delivery_site":   {RoleBuyer: cur, RoleOffice: cur},
	"transaction":     {RoleBuyer: cur, RoleOffice: cur},
	"commitment":      {RoleBuyer: cur, RoleOffice: cur},
	"purchase_order":  {RoleSupplier: cur, RoleOffice: cur},
	"order_event":     {RoleSupplier: cr, RoleProvider: cr, RoleBuyer: cr, RoleOffice: cr}, // see steps
	"contribution":    {RoleSupplier: cur, RoleOffice: cur},                                // see claims
	"evidence":        {RoleSupplier: cur, RoleProvider: cur, RoleOffice: cur},
	"review":          {RoleOffice: cur},
	"progress_update": {RoleSupplier: cur, RoleBuyer: cur, RoleOffice: cur},
	"audit":           {RoleBuyer: cur, RoleOffice: cur},
	"hub":             {},
	"indicator":       {RoleHub: cur},
	"observation":     {RoleHub: cur},
	"saving_estimate": {RoleHub: cur, RoleOffice: cur},
	"document":        {RoleSupplier: cur, RoleProvider: cur, RoleBuyer: cur, RoleOffice: cur},
	"academic_link":   {RoleHub: cur, RoleOffice: cur},
}

// placeless are the kinds that lie in no territory: a role that is held to
// territories may write its own source's records of them.
var placeless = map[string]bool{"organisation": true, "indicator": true}

// steps says who may take an order to each state, besides offices and admins:
// nobody confirms their own delivery.
var steps = map[string][]AccessRole{
	"issued":      {RoleSupplier},
	"accepted":    {RoleProvider},
	"declined":    {RoleProvider},
	"in_delivery": {RoleSupplier, RoleProvider},
	"delivered":   {RoleSupplier},
	"confirmed":   {RoleProvider},
	"evidenced":   {RoleSupplier, RoleProvider},
	"suspended":   {RoleSupplier, RoleProvider, RoleBuyer},
	"cancelled":   {RoleSupplier, RoleProvider, RoleBuyer},
	"closed":      {RoleBuyer},
}

// RuledKind reports whether the table has a rule for a kind.
func RuledKind(kind string) bool {
	_, ok := access[kind]
	return ok
}

// May reports whether a role may do a deed with any record of a kind at all.
func (r AccessRole) May(d Deeds, kind *Kind) bool {
	return r == RoleAdmin || access[kind.Name][r]&d == d
}

// Belonging says whose a stored record is and where it lies.
type Belonging struct {
	Source, ID  string
	Territories []string // it lies in all of these
	Owners      []string // organisations that may write it, as "SOURCE//ID"
	Parties     []string // organisations that it is about, who may know of it
	Open        bool     // anyone may know of it
}

// Owns reports whether a record is one that the key may write, and if not, why
// not in words for whoever tried.
func (k *Key) Owns(kind *Kind, b Belonging) (bool, *Invalid) {
	switch k.Role {
	case RoleAdmin:
		return true, nil
	case RoleOffice, RoleHub:
		return k.ownsByPlace(kind, b)
	}
	if !slices.Contains(b.Owners, k.Organisation) {
		return false, Invalidf(ownerField(kind), "", "is another organisation's: this writes for %s alone", k.Organisation)
	}
	if len(k.Territories) > 0 && !placeless[kind.Name] {
		return k.ownsByPlace(kind, b)
	}
	return true, nil
}

func (k *Key) ownsByPlace(kind *Kind, b Belonging) (bool, *Invalid) {
	if placeless[kind.Name] {
		if b.Source != k.Source && !slices.Contains(b.Owners, k.Organisation) {
			return false, Invalidf("id", b.ID, "is known to everyone by its org-id: only the organisation itself and admins change it")
		}
		return true, nil
	}
	if len(b.Territories) == 0 {
		return false, Invalidf("territory", "", "the record lies in no territory, so nobody can tell whose it is: say where it is, or let an admin write it")
	}
	for _, t := range b.Territories {
		if !slices.Contains(k.Territories, t) {
			return false, Invalidf("territory", t, "the record lies in %s, and this is for %s alone", t, strings.Join(k.Territories, ", "))
		}
	}
	return true, nil
}

// ownerField is the field that says whose a record is.
func ownerField(k *Kind) string {
	for _, name := range []string{"supplier", "buyer", "provider", "organisation", "university", "contract", "order", "contribution", "activity"} {
		if _, ok := k.Field(name); ok {
			return name
		}
	}
	return "id"
}

// Knows reports whether a record may be known to the key, so that its own
// records may refer to it. To whom it is not known it does not exist.
func (k *Key) Knows(b Belonging) bool {
	if k.Role == RoleAdmin || b.Open || b.Source == k.Source {
		return true
	}
	if k.Organisation != "" {
		return slices.Contains(b.Owners, k.Organisation) || slices.Contains(b.Parties, k.Organisation)
	}
	return slices.ContainsFunc(b.Territories, func(t string) bool { return slices.Contains(k.Territories, t) })
}

// MaySay refuses what a record says that is not for the key's role to say: the
// steps of others, and evidence for one's own claims.
func (k *Key) MaySay(rec Record) *Invalid {
	if k.Role == RoleAdmin || k.Role == RoleOffice {
		return nil
	}
	switch r := rec.(type) {
	case *OrderEvent:
		if !slices.Contains(steps[r.To], k.Role) {
			return Invalidf("state", r.To, "a %s does not make an order %s: %s", k.Role, r.To, whoSteps(r.To))
		}
	case *Contribution:
		if r.State != "claimed" {
			return Invalidf("state", r.State, "a %s claims; others confirm, evidence and audit: leave the state out", k.Role)
		}
	case *ActivityEntry:
		if r.Status == string(StatusValidated) || r.Status == string(StatusExpired) {
			return Invalidf("status", r.Status, "a %s does not validate its own activities: give submitted, and let an office decide", k.Role)
		}
	case *Evidence:
		if r.ConfirmedBy != "" && (k.Role != RoleProvider || OrganisationIn(k.Source, string(r.ConfirmedBy)) != k.Organisation) {
			return Invalidf("confirmed_by", string(r.ConfirmedBy), "a provider confirms, for itself alone: leave it out")
		}
	}
	return nil
}

func whoSteps(state string) string {
	who := append(slices.Clone(steps[state]), RoleOffice)
	return "this is for the role " + strings.ReplaceAll(joinRoles(who), ", ", " or ")
}
