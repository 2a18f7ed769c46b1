package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
)

// accessContent is who has access.
type accessContent struct {
	Accounts    []accountRow
	Roles       []choice
	Territories []choice
	Form        map[string]string
	Errors      []formError
	Token       string
	Said        string
}

type accountRow struct {
	data.Account
	Whom string
	Seen string
	End  bool
}

// accessPage lists who has access, and gives it: GET and POST /work/access.
func (s *Server) accessPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	c := accessContent{Token: v.token(), Form: map[string]string{}}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		for _, name := range []string{"code", "role", "organisation", "label"} {
			c.Form[name] = strings.TrimSpace(r.PostForm.Get(name))
		}
		access := data.Key{Role: data.AccessRole(c.Form["role"]), Organisation: c.Form["organisation"], Territories: slices.Clone(r.PostForm["territory"])}
		err := s.src.GiveAccess(r.Context(), v.by(), c.Form["code"], c.Form["label"], access)
		var bad *data.Invalid
		switch {
		case errors.Is(err, data.ErrNotFound):
			err = nil
			c.Errors = append(c.Errors, formError{"code", "Nobody whom you may give access to has this code: ask them to read it out again.", "#code"})
		case errors.As(err, &bad):
			err = nil
			c.Errors = append(c.Errors, formError{bad.Field, sentenceCase(sentenceWord(spoken(bad.Field)) + ": " + bad.Reason), "#" + bad.Field})
		}
		if err != nil {
			return err
		}
		if len(c.Errors) == 0 {
			http.Redirect(w, r, "/work/access?given="+url.QueryEscape(c.Form["code"]), http.StatusSeeOther)
			return nil
		}
		status = http.StatusUnprocessableEntity
	} else {
		q, err := params(r, "given", "ended")
		if err != nil {
			return err
		}
		switch {
		case q.Get("given") != "":
			c.Said = "Access was given to " + q.Get("given") + "."
		case q.Get("ended") != "":
			c.Said = "The access of " + q.Get("ended") + " has ended."
		}
	}
	if err := s.accounts(r, v, &c); err != nil {
		return err
	}
	return s.showOwn(w, r, v, status, "workaccess", frame{Title: "Who has access", Wide: true, Content: c})
}

func (s *Server) accounts(r *http.Request, v *visit, c *accessContent) error {
	accounts, err := s.src.AccountsWithin(r.Context(), v.by())
	if err != nil {
		return err
	}
	for _, a := range accounts {
		row := accountRow{Account: a, Seen: longDate(a.SeenOn)}
		if a.Access != nil {
			row.Whom = strings.TrimSpace(data.ShortRef("", a.Access.Organisation) + " " + strings.Join(a.Access.Territories, ", "))
			row.End = a.ID != v.account.ID && (v.by().Role == data.RoleAdmin || v.by().MayGrant(a.Access) == nil)
		}
		c.Accounts = append(c.Accounts, row)
	}
	roles := []string{"provider", "supplier", "buyer", "office"}
	if v.by().Role == data.RoleAdmin {
		roles = append(roles, "hub", "admin")
	}
	c.Roles = choicesOf("", roles, []string{c.Form["role"]})
	territories := v.by().Territories
	if v.by().Role == data.RoleAdmin {
		rows, err := s.src.Territories(r.Context(), data.Filter{})
		if err != nil {
			return err
		}
		for _, t := range rows {
			territories = append(territories, string(t.ID))
		}
		slices.Sort(territories)
	}
	for _, t := range territories {
		c.Territories = append(c.Territories, choice{Value: t, Label: sentenceWord(strings.ReplaceAll(t, "-", " ")), Chosen: len(territories) == 1 || slices.Contains(r.PostForm["territory"], t)})
	}
	return nil
}

// endAccess takes access away: POST /work/access/end.
func (s *Server) endAccess(w http.ResponseWriter, r *http.Request, v *visit) error {
	code := r.PostForm.Get("code")
	if code == v.account.ID {
		return refusal(http.StatusConflict, "This is your own access", "Let somebody else end it.")
	}
	if err := s.src.TakeAccess(r.Context(), v.by(), code); err != nil {
		return err
	}
	http.Redirect(w, r, "/work/access?ended="+url.QueryEscape(code), http.StatusSeeOther)
	return nil
}
