package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tributary/data"
	"tributary/geo"
)

// RecordSource answers what there is to know of single records, for their pages
// and the API.
type RecordSource interface {
	data.OrganisationSource
	// ActivityProfiles are in the order of ids, without those that may not be
	// seen.
	ActivityProfiles(ctx context.Context, ids []string) ([]data.ActivityProfile, error)
	// IndicatorSeries are of the activities, territories and areas of a filter.
	IndicatorSeries(ctx context.Context, f data.Filter) ([]data.IndicatorSeries, error)
	// Validity lists validations that were decided, or end, between two days.
	Validity(ctx context.Context, territory geo.TerritoryID, since, until data.Date) ([]data.Validity, error)
	// Stories are of the places of a filter, the last first.
	Stories(ctx context.Context, f data.Filter, limit int) ([]data.Story, error)
	// Parties are those of some organisations that have a profile.
	Parties(ctx context.Context, ids []string) (map[string]bool, error)
	// Organisation and Contract are without their statements; data.ErrNotFound
	// when there is none that may be shown.
	Organisation(ctx context.Context, id string) (data.OrganisationProfile, error)
	Contract(ctx context.Context, id string) (data.ContractProfile, error)
	Contracts(ctx context.Context, f data.Filter, v data.View) (data.ContractList, error)
}

// organisationQuery parses what a request asks of organisations.
func (s *Server) organisationQuery(r *http.Request) (asked, data.OrganisationQuery, error) {
	q, err := s.ask(r, data.OrganisationParams, "q", "role", "limit", "after")
	query := data.OrganisationQuery{Filter: q.filter, Words: strings.TrimSpace(r.URL.Query().Get("q")), Role: r.URL.Query().Get("role")}
	switch {
	case err != nil:
	case len(query.Words) > maxQueryRunes || !isText(query.Words):
		err = data.Invalidf("q", "", "is no part of a name: give at most %d letters", maxQueryRunes)
	case query.Role != "" && !slices.Contains(data.OrganisationRoles, query.Role):
		err = data.Invalidf("role", query.Role, "%q is no role: use %s", query.Role, strings.Join(data.OrganisationRoles, ", "))
	}
	return q, query, err
}

// organisations lists organisations.
func (s *Server) organisations(w http.ResponseWriter, r *http.Request) error {
	q, query, err := s.organisationQuery(r)
	if err != nil {
		return err
	}
	if tabular(q.format) {
		return s.organisationsTable(w, r, q, query)
	}
	page, err := data.AskOrganisations(r.Context(), s.src, query, q.view)
	if err != nil {
		return err
	}
	answer := list[data.OrganisationRow]{Items: page.Items, Matched: page.Matched}
	if page.After != "" {
		answer.Next = listURL("/api/v1/organisations", r, page.After)
	}
	return writeJSON(w, answer)
}

// listURL is the address of a list's next page: the question as it was asked,
// from another place on.
func listURL(path string, r *http.Request, after string) string {
	v := r.URL.Query()
	v.Set("after", after)
	return queryURL(path, v)
}

func (s *Server) organisationsTable(w http.ResponseWriter, r *http.Request, q asked, query data.OrganisationQuery) error {
	if q.view.After != "" {
		return data.Invalidf("after", q.view.After, "a table is whole and has no pages: leave it out")
	}
	out, err := newTable(w, q.format, "organisations", "id", "name", "roles", "sector", "activities", "contracts", "gave_pounds", "brought_pounds", "received_pounds", "url", "source", "licence")
	if err != nil {
		return err
	}
	for v := (data.View{Limit: data.MaxLimit}); ; {
		page, err := data.AskOrganisations(r.Context(), s.src, query, v)
		if err != nil {
			return err
		}
		for _, o := range page.Items {
			if err := out.row(o.ID, o.Name, strings.Join(o.Roles, ";"), o.Sector, o.Activities, o.Contracts, verbatim(o.Gave.Pence.Pounds()), verbatim(o.Brought.Pence.Pounds()), verbatim(o.Received.Pence.Pounds()),
				s.cfg.BaseURL+organisationURL(o.ID), "Tributary", s.cfg.BaseURL+"/data#licences"); err != nil {
				return err
			}
		}
		if v.After = page.After; v.After == "" {
			return out.close()
		}
	}
}

// organisation tells everything of one.
func (s *Server) organisation(w http.ResponseWriter, r *http.Request) error {
	o, err := s.organisationProfile(r)
	if err != nil {
		return err
	}
	return writeJSON(w, o)
}

// organisationProfile is the organisation of an address, with what it gave,
// brought and received.
func (s *Server) organisationProfile(r *http.Request) (data.OrganisationProfile, error) {
	if _, err := s.ask(r, nil); err != nil {
		return data.OrganisationProfile{}, err
	}
	o, err := s.src.Organisation(r.Context(), pathVar(r, "id"))
	if err == nil {
		err = data.AskOrganisation(r.Context(), s.src, &o)
	}
	return o, err
}

// contracts lists contracts.
func (s *Server) contracts(w http.ResponseWriter, r *http.Request) error {
	q, err := s.ask(r, data.ContractParams, "limit", "after")
	if err != nil {
		return err
	}
	if tabular(q.format) {
		return s.contractsTable(w, r, q)
	}
	page, err := s.src.Contracts(r.Context(), q.filter, q.view)
	if err != nil {
		return err
	}
	answer := list[data.ContractRow]{Items: page.Items, Matched: page.Matched}
	if page.After != "" {
		answer.Next = listURL("/api/v1/contracts", r, page.After)
	}
	return writeJSON(w, answer)
}

func (s *Server) contractsTable(w http.ResponseWriter, r *http.Request, q asked) error {
	if q.view.After != "" {
		return data.Invalidf("after", q.view.After, "a table is whole and has no pages: leave it out")
	}
	out, err := newTable(w, q.format, "contracts", "id", "title", "kind", "buyer_id", "buyer", "sector", "supplier_id", "supplier", "value_pounds", "starts_on", "ends_on", "closed_on", "clause", "territories",
		"commitments", "committed_pounds", "updates_overdue", "audited_on", "audit_result", "url", "source", "licence")
	if err != nil {
		return err
	}
	for v := (data.View{Limit: data.MaxLimit}); ; {
		page, err := s.src.Contracts(r.Context(), q.filter, v)
		if err != nil {
			return err
		}
		for _, c := range page.Items {
			value := verbatim("")
			if c.Value != nil {
				value = verbatim(c.Value.Pounds())
			}
			if err := out.row(c.ID, c.Title, c.Kind, c.Buyer.ID, c.Buyer.Name, c.Sector, c.Supplier.ID, c.Supplier.Name, value, verbatim(c.StartsOn.String()), verbatim(c.EndsOn.String()), verbatim(c.ClosedOn.String()),
				strconv.FormatBool(c.Clause), strings.Join(c.Territories, ";"), c.Commitments, verbatim(c.Committed.Pounds()), c.Overdue, verbatim(c.AuditedOn.String()), c.AuditResult,
				s.cfg.BaseURL+contractURL(c.ID), "Tributary", s.cfg.BaseURL+"/data#licences"); err != nil {
				return err
			}
		}
		if v.After = page.After; v.After == "" {
			return out.close()
		}
	}
}

// contract tells everything of one.
func (s *Server) contract(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	c, err := s.contractProfile(r.Context(), pathVar(r, "id"))
	if err != nil {
		return err
	}
	return writeJSON(w, c)
}

// contractProfile is a contract with what was given under it.
func (s *Server) contractProfile(ctx context.Context, id string) (data.ContractProfile, error) {
	c, err := s.src.Contract(ctx, id)
	if err != nil {
		return c, err
	}
	c.Given, err = data.AskContractStatement(ctx, s.src, data.Filter{Buyer: []string{c.Buyer.ID}}, c.ID, data.ByType, data.ByMeasure, data.ByActivity)
	return c, err
}
