package data

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Kind describes one kind of record that can be written: what a file of it is
// called, its columns and their rules. Files, workbooks, templates, the API
// and the store all go by it, so a column is named once.
type Kind struct {
	Name   string // "contract"; also its table
	Plural string // "contracts"; its files and sheets
	About  string // one line for people
	Fields []Field
	typ    reflect.Type
}

// FieldType says how a field is written and stored.
type FieldType string

// The types of fields and how a spreadsheet writes them.
const (
	FieldText     FieldType = "text"
	FieldRef      FieldType = "reference" // another record's id
	FieldMoney    FieldType = "money"     // pounds with at most two decimals
	FieldQuantity FieldType = "quantity"  // at most three decimals
	FieldDate     FieldType = "date"      // 2025-04-01
	FieldYesNo    FieldType = "yes or no"
	FieldNumber   FieldType = "number"
	FieldWhole    FieldType = "whole number"
	FieldList     FieldType = "list" // joined by semicolons
)

// Field is one column.
type Field struct {
	Name     string
	Type     FieldType
	Required bool
	Max      int    // characters; 0 is no limit
	In       string // name of a vocabulary
	Ref      string // name of a kind
	Default  string // what an empty cell means
	Form     string // "orgid", "url", "postcode", "measure", "share", "sha256", "positive"
	index    []int
}

// Record is a record of any kind.
type Record interface {
	// Key is its identity.
	Key() *Identity
	// Check reports what is wrong between its fields; each by itself has been
	// checked already.
	Check() []*Invalid
}

// Key implements Record.
func (i *Identity) Key() *Identity { return i }

// Kinds lists every kind in an order in which each refers only to kinds before
// it, which is the order of loading.
var Kinds = []*Kind{
	kind[TerritoryRecord]("territory", "territories", "Police territories, where the 45 that come with the program change"),
	kind[PolicingBodyRecord]("policing_body", "policing_bodies", "Who answers for the policing of a territory: commissioners, mayors, boards"),
	kind[Governance]("governance", "governance", "Which body answers for which territory, from when"),
	kind[ProcurementGroup]("procurement_group", "procurement_groups", "Territories that buy together"),
	kind[Plan]("plan", "plans", "Strategic plans of policing bodies"),
	kind[Priority]("priority", "priorities", "The aims of plans"),
	kind[Measure]("measure", "measures", "The ways in which social value may be given under a plan"),
	kind[Policy]("policy", "policies", "What the social value policy of a plan fixes: thresholds, periods, fractions"),
	kind[Organisation]("organisation", "organisations", "Buyers, suppliers, providers, universities, partners"),
	kind[Site]("site", "sites", "Where organisations are: offices, depots, stations, campuses"),
	kind[Footprint]("footprint", "footprints", "Which areas and territories a buyer buys for"),
	kind[ActivityEntry]("activity", "activities", "Community activities and where they are; an activity in several places has a row for each"),
	kind[Funding]("funding", "funding", "Until when activities are funded, and why they closed"),
	kind[Need]("need", "needs", "What activities ask for"),
	kind[Validation]("validation", "validations", "Decisions that an activity is proven, with their expiry"),
	kind[TargetAreaSet]("target_area_set", "target_area_sets", "A policing body's choices of areas in need"),
	kind[TargetArea]("target_area", "target_areas", "The areas of those sets"),
	kind[RegisterEntry]("register_entry", "register_entries", "Who would welcome an approach, and with what"),
	kind[Adoption]("adoption", "adoptions", "Partners that took up a plan's policy, in full or in part"),
	kind[Contract]("contract", "contracts", "Contracts, grants, disposals and partnerships"),
	kind[DeliverySite]("delivery_site", "delivery_sites", "Where contracts are delivered, with the demise: what lies in it is in scope"),
	kind[Transaction]("transaction", "transactions", "Payments of buyers to suppliers, excluding VAT"),
	kind[Commitment]("commitment", "commitments", "What contracts secure: the quantum and its clause"),
	kind[PurchaseOrder]("purchase_order", "purchase_orders", "Social Purchase Orders"),
	kind[OrderEvent]("order_event", "order_events", "The steps of orders"),
	kind[Contribution]("contribution", "contributions", "What suppliers gave, where and when"),
	kind[Evidence]("evidence", "evidence", "What supports a claim"),
	kind[Review]("review", "reviews", "Decisions on findings: double counting, and what lies in a contract's demise"),
	kind[ProgressUpdate]("progress_update", "progress_updates", "Suppliers' reports on contracts"),
	kind[Audit]("audit", "audits", "Checks of contracts before they close"),
	kind[Hub]("hub", "hubs", "Regional research hubs"),
	kind[Indicator]("indicator", "indicators", "What hubs measure over years"),
	kind[Observation]("observation", "observations", "The values measured, with their intervals"),
	kind[SavingEstimate]("saving_estimate", "saving_estimates", "What agencies may have saved, as ranges with their source"),
	kind[Document]("document", "documents", "Pledges, charter commitments, yearly reports, resources, stories"),
	kind[AcademicLink]("academic_link", "academic_links", "Faculties and the activities that their students join"),
}

// KindNamed finds a kind by its name, plural or either with hyphens.
func KindNamed(name string) (*Kind, bool) {
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	for _, k := range Kinds {
		if k.Name == name || k.Plural == name {
			return k, true
		}
	}
	return nil, false
}

// ManyRows reports whether several rows of one id make one record: an activity
// has a row for each of its places.
func (k *Kind) ManyRows() bool { return k.Name == "activity" }

// RowFields are the columns that may differ between the rows of one record:
// those that say where.
func (k *Kind) RowFields() []string {
	if !k.ManyRows() {
		return nil
	}
	return []string{"role", "postcode", "area_code", "territory", "latitude", "longitude", "locality", "ground"}
}

// kind reads a record type's tags once, while the package's variables are
// made.
func kind[T any](name, plural, about string) *Kind {
	k := &Kind{Name: name, Plural: plural, About: about, typ: reflect.TypeFor[T]()}
	k.fields(k.typ, nil)
	return k
}

var fieldTypes = map[reflect.Type]FieldType{
	reflect.TypeFor[string]():   FieldText,
	reflect.TypeFor[Ref]():      FieldRef,
	reflect.TypeFor[Pence]():    FieldMoney,
	reflect.TypeFor[*Pence]():   FieldMoney,
	reflect.TypeFor[Quantity](): FieldQuantity,
	reflect.TypeFor[Date]():     FieldDate,
	reflect.TypeFor[bool]():     FieldYesNo,
	reflect.TypeFor[*float64](): FieldNumber,
	reflect.TypeFor[int]():      FieldWhole,
	reflect.TypeFor[[]string](): FieldList,
}

func (k *Kind) fields(t reflect.Type, at []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		index := append(slices.Clone(at), i)
		if sf.Anonymous {
			k.fields(sf.Type, index)
			continue
		}
		name := sf.Tag.Get("col")
		if name == "-" {
			continue
		}
		f := Field{Name: name, Type: fieldTypes[sf.Type], index: index}
		if f.Type == "" || name == "" {
			panic(fmt.Sprintf("data: field %s of %s has no column or a type that cannot be one", sf.Name, k.Name))
		}
		for rule := range strings.SplitSeq(sf.Tag.Get("is"), ",") {
			key, value, _ := strings.Cut(rule, "=")
			switch key {
			case "":
			case "required":
				f.Required = true
			case "max":
				f.Max, _ = strconv.Atoi(value) // 0, no limit, if it is no number
			case "in":
				f.In = value
			case "default":
				f.Default = value
			case "ref":
				f.Ref = value
			default:
				f.Form = key
			}
		}
		k.Fields = append(k.Fields, f)
	}
}

// Field finds a field by its column's name.
func (k *Kind) Field(name string) (Field, bool) {
	for _, f := range k.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Read makes a record from texts by column. Everything that is wrong with it
// is reported, one *[Invalid] each; the record is good only if nothing is.
func (k *Kind) Read(source string, get func(column string) string) (Record, []*Invalid) {
	v := reflect.New(k.typ)
	rec := v.Interface().(Record)
	rec.Key().Source = source
	var bad []*Invalid
	for _, f := range k.Fields {
		text := strings.TrimSpace(get(f.Name))
		if text == "" {
			text = f.Default
		}
		if text == "" {
			if f.Required {
				bad = append(bad, Invalidf(f.Name, "", "is missing: every %s needs one", strings.ReplaceAll(k.Name, "_", " ")))
			}
			continue
		}
		if err := f.read(text, v.Elem().FieldByIndex(f.index)); err != nil {
			bad = append(bad, &Invalid{Field: f.Name, Value: text, Reason: err.Error()})
		}
	}
	if len(bad) == 0 {
		bad = rec.Check()
	}
	return rec, bad
}

// Values is a record's fields as they are stored, by column: money in pence,
// quantities in thousandths, days as ISO dates. Fields that are not given are
// left out.
func (k *Kind) Values(rec Record) map[string]any {
	v := reflect.ValueOf(rec).Elem()
	out := map[string]any{}
	for _, f := range k.Fields {
		x := v.FieldByIndex(f.index)
		nothing := x.IsZero() && !(f.Required && f.Type == FieldMoney) // £0 that was told
		if nothing && f.Type != FieldYesNo {
			continue
		}
		out[f.Name] = x.Interface()
	}
	return out
}
