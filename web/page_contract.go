package web

import (
	"cmp"
	"net/http"
	"net/url"

	"tributary/data"
)

func contractURL(id string) string { return "/contracts/" + url.PathEscape(id) }

// contractsContent is the list of contracts.
type contractsContent struct {
	recordsForm
	List data.ContractList
}

// contractsPage answers "/contracts".
func (s *Server) contractsPage(w http.ResponseWriter, r *http.Request) error {
	if tidy, changed := canonicalQuery(r.URL.Query(), nil); changed {
		http.Redirect(w, r, queryURL("/contracts", tidy), http.StatusSeeOther)
		return nil
	}
	q, err := s.ask(r, data.ContractParams, "after")
	if err != nil {
		return err
	}
	q.view.Limit = recordPageSize
	c := contractsContent{}
	if c.List, err = s.src.Contracts(r.Context(), q.filter, q.view); err != nil {
		return err
	}
	if c.recordsForm, err = s.recordsForm(r, "/contracts", q, nil, c.List.After); err != nil {
		return err
	}
	return s.pages.show(w, r, http.StatusOK, "contracts", frame{Title: "Contracts", Nav: "/organisations", Wide: true, Content: c})
}

// contractContent is the page of one contract.
type contractContent struct {
	data.ContractProfile
	Tables      []shareTable
	Territories []data.Named
	Standing    string // what its dates and audit say, in words
	Demo        bool
}

// contractPage answers "/contracts/{id}".
func (s *Server) contractPage(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	profile, err := s.contractProfile(r.Context(), pathVar(r, "id"))
	if err != nil {
		return err
	}
	c := contractContent{ContractProfile: profile, Standing: contractStanding(profile.ContractRow)}
	titles := map[data.Dimension]string{data.ByType: "What was given", data.ByMeasure: "Under which measures", data.ByActivity: "To which activities"}
	if c.Tables, err = s.tables(r.Context(), profile.Given, titles); err != nil {
		return err
	}
	names, err := s.src.ValueNames(r.Context(), profile.Territories)
	if err != nil {
		return err
	}
	for _, t := range profile.Territories {
		c.Territories = append(c.Territories, data.Named{Code: t, Name: cmp.Or(names[t], t)})
	}
	if c.Demo, err = s.madeUp(r.Context()); err != nil {
		return err
	}
	return s.pages.show(w, r, http.StatusOK, "contract", frame{Title: c.Title, Nav: "/organisations", Wide: true, Content: c})
}

var auditWords = map[string]string{"met": "met", "part_met": "met in part", "not_met": "not met"}

// contractStanding says where a contract stands.
func contractStanding(c data.ContractRow) string {
	switch {
	case !c.ClosedOn.IsZero() && c.AuditResult != "":
		return "Closed on " + longDate(c.ClosedOn) + " after its audit: what it owed was " + auditWords[c.AuditResult]
	case !c.ClosedOn.IsZero():
		return "Closed on " + longDate(c.ClosedOn)
	case c.AuditResult != "":
		return "Audited on " + longDate(c.AuditedOn) + ", not closed yet: what it owed was " + auditWords[c.AuditResult]
	}
	return "Not closed; an audit comes before that"
}
