package web

import "net/http"

// visitor is what the layout says of whoever has signed in.
type visitor struct {
	Name, Role, Token string
	Demonstration     bool
}

func (v *visit) shown() *visitor {
	out := &visitor{Name: v.account.Label, Token: v.token(), Demonstration: v.account.Demonstration}
	if out.Name == "" {
		out.Name = v.account.ID
	}
	if v.by() != nil {
		out.Role = string(v.by().Role)
	}
	return out
}

// showOwn renders a page for whoever has signed in, which nobody else may keep.
// It is not compressed: its length would tell what is beside the form's token
// (BREACH).
func (s *Server) showOwn(w http.ResponseWriter, r *http.Request, v *visit, status int, name string, f frame) error {
	f.Visitor, f.Nav = v.shown(), "/work"
	return s.pages.showPrivate(w, status, name, f)
}

// workContent is the first page of somebody's work.
type workContent struct {
	NoAccess bool
	Code     string
}

// work answers "/work".
func (s *Server) work(w http.ResponseWriter, r *http.Request, v *visit) error {
	if _, err := params(r); err != nil {
		return err
	}
	c := workContent{NoAccess: v.by() == nil, Code: v.account.ID}
	return s.showOwn(w, r, v, http.StatusOK, "work", frame{Title: "Your work", Content: c})
}
