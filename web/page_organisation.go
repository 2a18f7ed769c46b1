package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"unicode"
	"unicode/utf8"

	"tributary/data"
)

// recordPageSize is the number of organisations or contracts on a page.
const recordPageSize = 30

func organisationURL(id string) string { return "/organisations/" + url.PathEscape(id) }

// isText reports whether a text can be read: no control characters, UTF-8.
func isText(s string) bool {
	return utf8.ValidString(s) && !slices.ContainsFunc([]rune(s), unicode.IsControl)
}

// recordsForm is the form over a list of records: part of a name, the place and
// a choice.
type recordsForm struct {
	Words       string
	Roles       []option
	Territories []optionGroup
	Sectors     []option
	Period      string
	Hidden      []field
	Chips       []chip
	ClearURL    string
	NextURL     string
	FirstURL    string
	Files       []file
	Demo        bool
}

// organisationsContent is the list of organisations.
type organisationsContent struct {
	recordsForm
	List data.OrganisationList
}

var roleWords = map[string]string{"supplier": "Suppliers", "buyer": "Public buyers", "provider": "Providers of activities"}

// organisationsPage answers "/organisations".
func (s *Server) organisationsPage(w http.ResponseWriter, r *http.Request) error {
	if tidy, changed := canonicalQuery(r.URL.Query(), nil); changed {
		http.Redirect(w, r, queryURL("/organisations", tidy), http.StatusSeeOther)
		return nil
	}
	q, query, err := s.organisationQuery(r)
	if err != nil {
		return err
	}
	q.view.Limit = recordPageSize
	c := organisationsContent{}
	if c.List, err = data.AskOrganisations(r.Context(), s.src, query, q.view); err != nil {
		return err
	}
	view := url.Values{"q": {query.Words}, "role": {query.Role}}
	if c.recordsForm, err = s.recordsForm(r, "/organisations", q, view, c.List.After); err != nil {
		return err
	}
	c.Words = query.Words
	for _, role := range data.OrganisationRoles {
		c.Roles = append(c.Roles, option{role, roleWords[role], role == query.Role})
	}
	return s.pages.show(w, r, http.StatusOK, "organisations", frame{Title: "Organisations", Nav: "/organisations", Wide: true, Content: c})
}

// recordsForm fills in what lists of records share.
func (s *Server) recordsForm(r *http.Request, path string, q asked, view url.Values, after string) (f recordsForm, err error) {
	rows, err := s.src.Territories(r.Context(), data.Filter{})
	if err != nil {
		return f, err
	}
	regions, err := s.src.Regions(r.Context(), data.Filter{})
	if err != nil {
		return f, err
	}
	names := namesOf(rows, regions, nil)
	parties, err := s.src.ValueNames(r.Context(), slices.Concat(q.filter.Buyer, q.filter.Supplier))
	if err != nil {
		return f, err
	}
	for id, name := range parties {
		names["buyer:"+id], names["supplier:"+id] = name, name
	}
	f.Territories = territoryOptions(q.filter, rows, regions)
	for _, v := range data.Sectors {
		f.Sectors = append(f.Sectors, option{v, offerWord(v), slices.Equal(q.filter.Sector, []string{v})})
	}
	f.Period = r.URL.Query().Get("period")
	values := q.filter.Values()
	for _, name := range data.ParamNames() {
		controlled := name == "territory" || name == "sector" && len(q.filter.Sector) < 2 || f.Period != "" && (name == "from" || name == "to")
		if v := values.Get(name); v != "" && !controlled {
			f.Hidden = append(f.Hidden, field{name, v})
		}
	}
	f.Chips, f.ClearURL = chipsOf(path, q.filter, view, names), path
	if after != "" {
		f.NextURL = listURL(path, r, after)
	}
	if q.view.After != "" {
		f.FirstURL = pageURL(path, q.filter, view)
	}
	for _, form := range []string{"csv", "xlsx", "json"} {
		f.Files = append(f.Files, file{fileWords[form], pageURL("/api/v1"+path+"."+form, q.filter, view)})
	}
	f.Demo, err = s.madeUp(r.Context())
	return f, err
}

// organisationContent is the page of one organisation.
type organisationContent struct {
	data.OrganisationProfile
	Sides       []organisationSide
	Contracts   data.ContractList
	MoreURL     string // all of its contracts
	Activities  data.ActivityList
	ListURL     string // all of its activities
	Threshold   []data.ReportRow
	Names       map[string]string
	Territories []data.Named
	Demo        bool
}

// organisationSide is what it did in one role.
type organisationSide struct {
	ID, Title, Says string
	Statement       *data.Statement
	Committed       *data.Committed
	Tables          []shareTable
	RowsURL         string
	FlowURL         string
	PartsURL        string
	ReviewURL       string // of its contracts, year by year; empty where it has none
}

// organisationPage answers "/organisations/{id}".
func (s *Server) organisationPage(w http.ResponseWriter, r *http.Request) error {
	o, err := s.organisationProfile(r)
	if err != nil {
		return err
	}
	c := organisationContent{OrganisationProfile: o}
	if err := s.organisationSides(r.Context(), &c); err != nil {
		return err
	}
	if err := s.organisationLists(r, &c); err != nil {
		return err
	}
	return s.pages.show(w, r, http.StatusOK, "organisation", frame{Title: o.Name, Nav: "/organisations", Wide: true, Content: c})
}

// organisationSides lays out what the organisation gave, brought and received.
func (s *Server) organisationSides(ctx context.Context, c *organisationContent) (err error) {
	for _, side := range []struct {
		id, title, says string
		st              *data.Statement
		committed       *data.Committed
		f               data.Filter
		tables          map[data.Dimension]string
	}{
		{"gave", "What it gave", "given by it as a supplier", c.Gave, &c.Committed, data.Filter{Supplier: []string{c.ID}}, map[data.Dimension]string{data.ByTerritory: "Where it was delivered", data.ByType: "What was given", data.ByActivity: "To which activities", data.ByBuyer: "Under whose contracts"}},
		{"brought", "What its contracts brought", "given under its contracts as a buyer", c.Brought, &c.Secured, data.Filter{Buyer: []string{c.ID}}, map[data.Dimension]string{data.ByTerritory: "Where it was delivered", data.ByPriority: "To which priorities", data.BySupplier: "By which suppliers", data.ByActivity: "To which activities"}},
		{"received", "What it received", "given to it and its activities", c.Received, nil, data.Filter{Provider: []string{c.ID}}, map[data.Dimension]string{data.ByTerritory: "Where it was delivered", data.ByType: "What was given", data.ByActivity: "To which activities", data.BySupplier: "By which suppliers"}},
	} {
		if side.st == nil {
			continue
		}
		out := organisationSide{ID: side.id, Title: side.title, Says: side.says, Statement: side.st, Committed: side.committed,
			RowsURL: pageURL("/api/v1/contributions.csv", side.f, nil), FlowURL: pageURL("/flows", side.f, nil), PartsURL: pageURL("/contributions", side.f, nil)}
		if side.committed != nil {
			out.ReviewURL = pageURL("/reports/annual-review", side.f, nil)
		}
		if out.Tables, err = s.tables(ctx, *side.st, side.tables); err != nil {
			return err
		}
		c.Sides = append(c.Sides, out)
	}
	return nil
}

// organisationLists adds its contracts, activities and thresholds.
func (s *Server) organisationLists(r *http.Request, c *organisationContent) (err error) {
	ctx, id := r.Context(), []string{c.ID}
	f := data.Filter{Supplier: id}
	if c.Has("buyer") {
		f = data.Filter{Buyer: id}
		if c.Threshold, err = s.reportRows(ctx, "threshold", f); err != nil {
			return err
		}
		c.Threshold = slices.DeleteFunc(c.Threshold, func(row data.ReportRow) bool { return row.Count("commitments") > 0 })
	}
	if c.Contracts, err = s.src.Contracts(ctx, f, data.View{Limit: 10}); err != nil {
		return err
	}
	c.MoreURL = pageURL("/contracts", f, nil)
	if c.OrganisationProfile.Activities > 0 {
		f := data.Filter{Provider: id}
		if c.Activities, err = s.src.Activities(ctx, f, data.View{Limit: 20, Sort: "name"}); err != nil {
			return err
		}
		c.ListURL = pageURL("/activities", f, nil)
	}
	codes := slices.Clone(c.OrganisationProfile.Territories)
	for _, w := range c.Register {
		codes = append(codes, w.Territory)
	}
	if c.Names, err = s.src.ValueNames(ctx, codes); err != nil {
		return err
	}
	for _, code := range c.OrganisationProfile.Territories {
		c.Territories = append(c.Territories, data.Named{Code: code, Name: cmp.Or(c.Names[code], code)})
	}
	c.Demo, err = s.madeUp(ctx)
	return err
}

// Site and SiteName are its own website; empty unless a page may link to it.
func (c organisationContent) Site() string     { return data.WebAddress(c.Contact.URL) }
func (c organisationContent) SiteName() string { return hostName(c.Contact.URL) }
