package data

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// OCDSContract is a contract as an Open Contracting release (OCDS 1.1) tells of
// it: its columns in a file's spelling, and in words what could not be taken.
type OCDSContract struct {
	Key    string // the process's ocid, and the contract's or award's id
	Title  string
	Values map[string]string // by column of a contract; "supplier_name" and "buyer_name" beside them
	Notes  []string
}

// The parts of a release that a contract is made of.
type (
	ocdsRelease struct {
		OCID      string         `json:"ocid"`
		Date      string         `json:"date"`
		Buyer     ocdsParty      `json:"buyer"`
		Parties   []ocdsParty    `json:"parties"`
		Tender    ocdsTender     `json:"tender"`
		Awards    []ocdsContract `json:"awards"`
		Contracts []ocdsContract `json:"contracts"`
	}
	ocdsParty struct {
		ID         ocdsText       `json:"id"`
		Name       string         `json:"name"`
		Identifier ocdsIdentifier `json:"identifier"`
	}
	ocdsIdentifier struct {
		Scheme string   `json:"scheme"`
		ID     ocdsText `json:"id"`
	}
	ocdsTender struct {
		Title    string `json:"title"`
		Category string `json:"mainProcurementCategory"`
	}
	// ocdsContract is a contract, or an award, which has suppliers and another
	// name for its period.
	ocdsContract struct {
		ID             ocdsText    `json:"id"`
		AwardID        ocdsText    `json:"awardID"`
		Title          string      `json:"title"`
		Status         string      `json:"status"`
		Value          *ocdsValue  `json:"value"`
		Period         ocdsPeriod  `json:"period"`
		ContractPeriod ocdsPeriod  `json:"contractPeriod"`
		DateSigned     string      `json:"dateSigned"`
		Suppliers      []ocdsParty `json:"suppliers"`
	}
	ocdsValue struct {
		Amount   json.Number `json:"amount"`
		Currency string      `json:"currency"`
	}
	ocdsPeriod struct {
		Start string `json:"startDate"`
		End   string `json:"endDate"`
	}
)

// ocdsText is an identifier, which the standard lets be a text or a number.
type ocdsText string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *ocdsText) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err == nil {
		*t = ocdsText(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("an id must be a text or a number, not %.40s", b)
	}
	*t = ocdsText(n)
	return nil
}

// ocdsDocument is a release, or a package of releases or records around it.
type ocdsDocument struct {
	ocdsRelease
	Releases []ocdsRelease `json:"releases"`
	Compiled *ocdsRelease  `json:"compiledRelease"`
	Records  []struct {
		Releases []ocdsRelease `json:"releases"`
		Compiled *ocdsRelease  `json:"compiledRelease"`
	} `json:"records"`
}

// ReadOCDS reads the contracts of an OCDS 1.1 release, release package, record
// or record package; of awards where there are no contracts. The error is an
// *[Invalid] of the field "release" that says what to do.
func ReadOCDS(text []byte) ([]OCDSContract, error) {
	var doc ocdsDocument
	in := json.NewDecoder(bytes.NewReader(text))
	if err := in.Decode(&doc); err != nil {
		return nil, Invalidf("release", "", "is not the JSON of an Open Contracting release: %v. Paste the whole of it, from the first { to the last }", ocdsFault(err))
	}
	if _, err := in.Token(); err != io.EOF {
		return nil, Invalidf("release", "", "has something after its last }: give one release, or a package of them")
	}
	var out []OCDSContract
	releases := doc.releases()
	if len(releases) == 0 {
		return nil, Invalidf("release", "", "has no ocid and no releases or records: give an Open Contracting release (OCDS 1.1), or a package of them")
	}
	for _, r := range releases {
		out = append(out, r.contracts()...)
	}
	if len(out) == 0 {
		return nil, Invalidf("release", "", "has neither a contract nor an award: a release of the tender alone tells nothing that could be recorded yet")
	}
	return latestOfEach(out), nil
}

// latestOfEach keeps the last word on each contract: a package tells of it again
// as it changes.
func latestOfEach(list []OCDSContract) (out []OCDSContract) {
	for _, c := range list {
		if i := slices.IndexFunc(out, func(o OCDSContract) bool { return o.Key == c.Key }); i >= 0 {
			out[i] = c
			continue
		}
		out = append(out, c)
	}
	return out
}

func ocdsFault(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("it ends too early")
	}
	return err
}

// releases are those of the document, in the order of their dates.
func (d *ocdsDocument) releases() (out []ocdsRelease) {
	add := func(compiled *ocdsRelease, releases []ocdsRelease) {
		if compiled != nil {
			out = append(out, *compiled)
			return
		}
		out = append(out, releases...)
	}
	if d.OCID != "" && d.Compiled == nil && len(d.Releases) == 0 {
		out = append(out, d.ocdsRelease)
	}
	add(d.Compiled, d.Releases)
	for _, r := range d.Records {
		add(r.Compiled, r.Releases)
	}
	slices.SortStableFunc(out, func(a, b ocdsRelease) int { return strings.Compare(a.Date, b.Date) })
	return out
}

func (r *ocdsRelease) contracts() (out []OCDSContract) {
	for _, c := range r.Contracts {
		if i := slices.IndexFunc(r.Awards, func(a ocdsContract) bool { return a.ID == c.AwardID && a.ID != "" }); i >= 0 {
			c = c.with(r.Awards[i])
		} else if len(r.Awards) == 1 {
			c = c.with(r.Awards[0])
		}
		out = append(out, r.contract(c, ""))
	}
	if len(out) > 0 {
		return out
	}
	for _, a := range r.Awards {
		a.Period = a.ContractPeriod
		out = append(out, r.contract(a, "The release tells of an award, and of no contract: check that it was signed."))
	}
	return out
}

// with is a contract with what only its award says.
func (c ocdsContract) with(award ocdsContract) ocdsContract {
	c.Suppliers = award.Suppliers
	if c.Title == "" {
		c.Title = award.Title
	}
	if c.Value == nil {
		c.Value = award.Value
	}
	if c.Period == (ocdsPeriod{}) {
		c.Period = award.ContractPeriod
	}
	return c
}

// contract is a contract in our columns.
func (r *ocdsRelease) contract(c ocdsContract, note string) OCDSContract {
	out := OCDSContract{Key: r.OCID + "/" + string(c.ID), Title: firstText(c.Title, r.Tender.Title), Values: map[string]string{}}
	say := func(format string, args ...any) { out.Notes = append(out.Notes, fmt.Sprintf(format, args...)) }
	if note != "" {
		say("%s", note)
	}
	set := func(column, value string) {
		if value != "" {
			out.Values[column] = value
		}
	}
	set("title", out.Title)
	set("ocid", r.OCID)
	switch r.Tender.Category {
	case "goods", "works", "services":
		set("kind", r.Tender.Category)
	default:
		say("What the contract is for (goods, works or services) is not said.")
	}
	r.takeParty("buyer", r.Buyer, set, say)
	if len(c.Suppliers) == 0 {
		say("No supplier is named.")
	} else {
		r.takeParty("supplier", c.Suppliers[0], set, say)
	}
	if len(c.Suppliers) > 1 {
		say("There are %d suppliers. The first is taken; record a contract for each of the others.", len(c.Suppliers))
	}
	takeValue(c.Value, set, say)
	for column, at := range map[string]string{"signed_on": c.DateSigned, "starts_on": c.Period.Start, "ends_on": c.Period.End} {
		day, err := ocdsDay(at)
		if err != nil {
			say("Its date %q is none: give the day yourself.", at)
		}
		set(column, day)
	}
	if c.Status == "cancelled" || c.Status == "unsuccessful" {
		say("The release says that it is %s.", c.Status)
	}
	slices.Sort(out.Notes)
	return out
}

// takeParty takes an organisation by its identifier, else by its name alone.
func (r *ocdsRelease) takeParty(column string, p ocdsParty, set func(column, value string), say func(string, ...any)) {
	for _, known := range r.Parties {
		if known.ID == p.ID && p.ID != "" {
			p.Name, p.Identifier = firstText(p.Name, known.Name), known.Identifier
		}
	}
	set(column+"_name", p.Name)
	for _, id := range []string{p.Identifier.Scheme + "-" + string(p.Identifier.ID), string(p.Identifier.ID), string(p.ID)} {
		if org, err := ParseOrgID(id); err == nil {
			set(column, org)
			return
		}
	}
	if p.Name != "" || p.ID != "" {
		say("The %s %s has no identifier that is known here: give its company or charity number.", column, firstText(p.Name, string(p.ID)))
	} else {
		say("No %s is named.", column)
	}
}

func takeValue(v *ocdsValue, set func(column, value string), say func(string, ...any)) {
	switch {
	case v == nil || v.Amount == "":
		say("Its value is not said.")
	case v.Currency != "" && v.Currency != "GBP":
		say("Its value is %s %s, and only pounds are recorded: give it in pounds.", v.Amount, v.Currency)
	default:
		pence, err := ParsePounds(v.Amount.String())
		if err != nil || pence < 0 {
			say("Its value %s is no amount of whole pence: give it yourself.", v.Amount)
			return
		}
		set("value", pence.Pounds())
		if v.Currency == "" {
			say("The currency of its value is not said: pounds are taken.")
		}
		say("Releases do not say whether a value is with VAT: check that this one excludes it.")
	}
}

// ocdsDay is the day of a date or a moment, in the United Kingdom.
func ocdsDay(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return DateOf(t.In(London())).String(), nil
	}
	d, err := ParseDate(s)
	if err != nil {
		return "", err
	}
	return d.String(), nil
}

func firstText(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}
