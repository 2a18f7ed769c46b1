package web

import (
	"net/http"
	"net/url"
	"slices"

	"tributary/data"
)

// people lists the pages of those who sign in. Each says which roles may see it;
// none is anyone who has signed in.
func (s *Server) people() []route {
	get := func(path string, roles []data.AccessRole, handle func(http.ResponseWriter, *http.Request, *visit) error) route {
		return route{path: path, kind: kindPage, rule: ruleSignedIn, roles: roles, handle: s.signedIn(roles, handle)}
	}
	post := func(path string, roles []data.AccessRole, handle func(http.ResponseWriter, *http.Request, *visit) error) route {
		rt := get(path, roles, handle)
		rt.method = http.MethodPost
		return rt
	}
	both := func(path string, roles []data.AccessRole, handle func(http.ResponseWriter, *http.Request, *visit) error) []route {
		return []route{get(path, roles, handle), post(path, roles, handle)}
	}
	givers := []data.AccessRole{data.RoleOffice, data.RoleAdmin}
	contractors := append(slices.Clone(buyers), data.RoleOffice, data.RoleAdmin)
	classers := []data.AccessRole{data.RoleProvider, data.RoleOffice, data.RoleAdmin}
	var mail []route
	if s.cfg.Mail {
		mail = append(both("/work/mail", data.KeyRoles, s.mailPage), post("/work/mail/stop", data.KeyRoles, s.stopMail))
	}
	return slices.Concat(mail, []route{
		get("/work", nil, s.work),
		post("/sign-out", nil, s.signOut),
		get("/work/new/{journey}", data.KeyRoles, s.startJourney),
		post("/work/new/{journey}", data.KeyRoles, s.beginDraft),
		get("/work/drafts/{id}/check", data.KeyRoles, s.checkPage),
		get("/work/drafts/{id}/done", data.KeyRoles, s.donePage),
		post("/work/drafts/{id}/send", data.KeyRoles, s.sendDraft),
		post("/work/drafts/{id}/undo", data.KeyRoles, s.undoDraft),
		post("/work/drafts/{id}/drop", data.KeyRoles, s.dropDraft),
		get("/work/lists/{kind}", data.KeyRoles, s.ownList),
		post("/work/records/{kind}/{id}/change", data.KeyRoles, s.changeRecord),
		get("/work/records/{kind}/{id}", data.KeyRoles, s.recordPage),
		get("/work/upload/{kind}/{id}", data.KeyRoles, s.uploadedPage),
		get("/work/upload/{kind}/{id}/refused", data.KeyRoles, s.refusedRows),
		post("/work/upload/{kind}/{id}/send", data.KeyRoles, s.sendUpload),
		post("/work/access/end", givers, s.endAccess),
		post("/work/classes/agree", classers, s.agreeClass),
	}, both("/work/drafts/{id}/{page}", data.KeyRoles, s.questionsPage), both("/work/access", givers, s.accessPage), both("/work/classes", classers, s.classesPage),
		both("/work/tell", data.KeyRoles, s.tellPage), both("/work/messages/{id}", data.KeyRoles, s.messagePage),
		both("/work/contract-from-release", contractors, s.ocdsPage), both("/work/upload/{kind}", data.KeyRoles, s.uploadPage))
}

// entrance lists the addresses by which people come in.
func (s *Server) entrance() []route {
	out := []route{
		{path: "/sign-in", kind: kindPage, rule: ruleAnyone, handle: s.signInPage},
		{path: "/sign-in/start", kind: kindPage, rule: ruleAnyone, handle: s.begin},
		{path: signInBack, kind: kindPage, rule: ruleAnyone, handle: s.returned},
	}
	if s.signIn.development == nil {
		return out
	}
	plain := func(h http.HandlerFunc) func(http.ResponseWriter, *http.Request) error {
		return func(w http.ResponseWriter, r *http.Request) error {
			h(w, r)
			return nil
		}
	}
	dev := s.signIn.development
	return append(out,
		route{path: developmentPath + "/.well-known/openid-configuration", kind: kindOps, rule: ruleAnyone, handle: plain(dev.Discovery)},
		route{path: developmentPath + "/keys", kind: kindOps, rule: ruleAnyone, handle: plain(dev.Keys)},
		route{path: developmentPath + "/authorize", kind: kindPage, rule: ruleAnyone, handle: s.choosePerson},
		route{method: http.MethodPost, path: developmentPath + "/authorize", kind: kindPage, rule: ruleAnyone, handle: s.chosePerson},
		route{method: http.MethodPost, path: developmentPath + "/token", kind: kindOps, rule: ruleAnyone, handle: plain(dev.Token)},
	)
}

// signInPage answers "/sign-in".
func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) error {
	q, err := params(r, "to", "signed-out")
	if err != nil {
		return err
	}
	content := map[string]any{"On": s.signIn.on(), "Development": s.signIn.development != nil, "Out": q.Has("signed-out"),
		"StartURL": "/sign-in/start?" + url.Values{"to": {ownPath(q.Get("to"))}}.Encode()}
	return s.pages.show(w, r, http.StatusOK, "signin", frame{Title: "Sign in", Nav: "/work", Content: content})
}

// choosePerson is where the development issuer asks who to be.
func (s *Server) choosePerson(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if _, err := s.signIn.development.Asked(q); err != nil {
		return notSignedIn(sentenceCase(err.Error()))
	}
	var hidden []field
	for name := range q {
		hidden = append(hidden, field{name, q.Get(name)})
	}
	content := map[string]any{"People": s.signIn.development.People(), "Hidden": hidden, "Action": developmentPath + "/authorize"}
	return s.pages.show(w, r, http.StatusOK, "development", frame{Title: "Who do you want to be?", Content: content})
}

// chosePerson goes back as the person chosen.
func (s *Server) chosePerson(w http.ResponseWriter, r *http.Request) error {
	if err := s.origin.Check(r); err != nil {
		return notSignedIn("Choose a person on this server's own page.")
	}
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if err := r.ParseForm(); err != nil {
		return notSignedIn("The form cannot be read: go back and choose again.")
	}
	asked, err := s.signIn.development.Asked(r.PostForm)
	if err != nil {
		return notSignedIn(sentenceCase(err.Error()))
	}
	to, err := s.signIn.development.Choose(asked, r.PostForm.Get("subject"))
	if err != nil {
		return notSignedIn(sentenceCase(err.Error()))
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
