package data

import (
	"context"
	"slices"
)

// OrganisationRow is an organisation in a list, with what it gave, brought as a
// buyer, and received under the filter.
type OrganisationRow struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Sector     string   `json:"sector,omitempty"` // of a public buyer
	Roles      []string `json:"roles"`            // supplier, buyer, provider
	Activities int      `json:"activities"`       // listed
	Contracts  int      `json:"contracts"`        // as buyer or supplier
	Gave       Figure   `json:"gave"`
	Brought    Figure   `json:"brought"` // under its contracts
	Received   Figure   `json:"received"`
}

// OrganisationList is one page of organisations by name.
type OrganisationList struct {
	Items   []OrganisationRow
	Matched int
	After   string // value of View.After for the next page; empty on the last
}

// OrganisationQuery asks for organisations.
type OrganisationQuery struct {
	Filter Filter
	Words  string // part of the name
	Role   string // one of OrganisationRoles, or empty
	// Given are the ids that facts under the filter name in the role; nil where
	// the filter restricts nothing. See [AskOrganisations].
	Given []string
}

// OrganisationSource lists organisations, and answers what they gave.
type OrganisationSource interface {
	Asked
	Organisations(ctx context.Context, q OrganisationQuery, v View) (OrganisationList, error)
}

// inRole is by which dimension facts name an organisation in a role.
var inRole = map[string]Dimension{"supplier": BySupplier, "buyer": ByBuyer, "provider": ByProvider}

// AskOrganisations lists one page of organisations with their figures under the
// filter.
func AskOrganisations(ctx context.Context, src OrganisationSource, q OrganisationQuery, v View) (OrganisationList, error) {
	if q.Filter.Canonical() != "" {
		q.Given = []string{}
		for _, role := range OrganisationRoles {
			if q.Role != "" && q.Role != role {
				continue
			}
			b, err := src.Breakdown(ctx, q.Filter, inRole[role])
			if err != nil {
				return OrganisationList{}, err
			}
			for _, row := range b.Rows {
				q.Given = append(q.Given, row.Values[0])
			}
		}
		slices.Sort(q.Given)
		q.Given = slices.Compact(q.Given)
	}
	list, err := src.Organisations(ctx, q, v)
	if err != nil || len(list.Items) == 0 {
		return list, err
	}
	ids := make([]string, len(list.Items))
	for i, o := range list.Items {
		ids[i] = o.ID
	}
	for role, set := range map[string]func(*Filter, *OrganisationRow) *Figure{
		"supplier": func(f *Filter, o *OrganisationRow) *Figure { f.Supplier = ids; return &o.Gave },
		"buyer":    func(f *Filter, o *OrganisationRow) *Figure { f.Buyer = ids; return &o.Brought },
		"provider": func(f *Filter, o *OrganisationRow) *Figure { f.Provider = ids; return &o.Received },
	} {
		f := q.Filter
		set(&f, &OrganisationRow{})
		b, err := src.Breakdown(ctx, f, inRole[role])
		if err != nil {
			return list, err
		}
		for _, row := range b.Rows {
			if i := slices.Index(ids, row.Values[0]); i >= 0 {
				*set(&f, &list.Items[i]) = row.Figure
			}
		}
	}
	return list, nil
}

// AskOrganisation adds to a profile what the organisation gave, brought and
// received, by place, type and whom it went to or came from.
func AskOrganisation(ctx context.Context, src Asked, o *OrganisationProfile) (err error) {
	id := []string{o.ID}
	for _, side := range []struct {
		role string
		f    Filter
		to   **Statement
		dims []Dimension
	}{
		{"supplier", Filter{Supplier: id}, &o.Gave, []Dimension{ByTerritory, ByType, ByActivity, ByBuyer}},
		{"buyer", Filter{Buyer: id}, &o.Brought, []Dimension{ByTerritory, ByPriority, BySupplier, ByActivity}},
		{"provider", Filter{Provider: id}, &o.Received, []Dimension{ByTerritory, ByType, ByActivity, BySupplier}},
	} {
		if !o.Has(side.role) {
			continue
		}
		s, err := AskStatement(ctx, src, side.f, side.dims...)
		if err != nil {
			return err
		}
		*side.to = &s
	}
	return nil
}

// OrganisationParams are the filter parameters of organisations: those that
// figures of theirs are linked to.
var OrganisationParams = []string{"region", "territory", "sector", "type", "state", "from", "to", "period"}

// OrganisationRoles are what an organisation may be in.
var OrganisationRoles = []string{"supplier", "buyer", "provider"}

// OrganisationProfile is everything that anyone may see of an organisation.
// Sole traders have none.
type OrganisationProfile struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Sector      string       `json:"sector,omitempty"`
	Roles       []string     `json:"roles"`
	VCSE        bool         `json:"vcse"` // a voluntary, community or social enterprise
	Scale       string       `json:"scale,omitempty"`
	Territories []string     `json:"territories,omitempty"` // that a buyer buys for
	Contact     Contact      `json:"contact,omitzero"`
	Activities  int          `json:"activities"`
	Committed   Committed    `json:"committed"` // under its contracts as supplier
	Secured     Committed    `json:"secured"`   // as buyer
	Documents   []DocumentOf `json:"documents,omitempty"`
	Adoptions   []AdoptionOf `json:"adoptions,omitempty"`
	Register    []WelcomeOf  `json:"register,omitempty"`
	Gave        *Statement   `json:"gave,omitempty"`
	Brought     *Statement   `json:"brought,omitempty"`
	Received    *Statement   `json:"received,omitempty"`
}

// Committed is what contracts secure; it stands beside what was given, and is
// never added to it.
type Committed struct {
	Contracts   int   `json:"contracts"`
	Commitments int   `json:"commitments"`
	Pence       Pence `json:"pence"`
}

// DocumentOf is something that an organisation published: a pledge, a charter
// commitment, a yearly report.
type DocumentOf struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
	Year  int    `json:"year,omitempty"`
	On    Date   `json:"on,omitzero"`
}

// AdoptionOf is a plan's policy that an organisation took up.
type AdoptionOf struct {
	Plan    string `json:"plan"`
	Extent  string `json:"extent"` // full or part
	On      Date   `json:"on"`
	EndedOn Date   `json:"ended_on,omitzero"`
}

// WelcomeOf is a word in the Social Value register that an approach is welcome.
type WelcomeOf struct {
	Territory string   `json:"territory"`
	Types     []string `json:"types"`
	Until     Date     `json:"until"` // it goes stale on this day
}

// Has reports whether the organisation has a role.
func (o OrganisationProfile) Has(role string) bool {
	return slices.Contains(o.Roles, role)
}
