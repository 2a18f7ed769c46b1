package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tributary/data"
)

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
	Whom     string
	Waiting  []waitingRow
	Drafts   []draftRow
	Do       []doRow
	Lists    []link
	Access   bool
	Near     bool
	Classes  bool
	Mail     bool   // mail can be sent
	MailFor  string // to whom none is sent any longer; "" if all is well
}

// waitingRow is something that waits for somebody, and what they can do.
type waitingRow struct {
	What, Name, About, Day string
	Overdue                bool
	URL                    string
	Act                    action
}

type draftRow struct{ Title, Day, URL string }

type doRow struct{ URL, Title, About string }

// waitingWords say what waits and by which journey it is dealt with.
var waitingWords = map[string]struct{ words, journey, field, verb string }{
	"order_draft":          {"Order not issued yet", "step", "order", "Issue it"},
	"order_issued":         {"Order to accept or decline", "step", "order", "Answer it"},
	"order_accepted":       {"Order to deliver", "step", "order", "Say where it stands"},
	"order_in_delivery":    {"Order in delivery", "step", "order", "Say where it stands"},
	"order_suspended":      {"Suspended order", "step", "order", "Say where it stands"},
	"order_delivered":      {"Delivery to confirm", "step", "order", "Confirm it"},
	"order_evidenced":      {"Order to audit", "step", "order", "Audit it"},
	"delivery_unclaimed":   {"Delivery not claimed", "claim", "order", "Claim it"},
	"evidence_missing":     {"Claim without evidence", "evidence", "contribution", "Add evidence"},
	"finding_suspected":    {"Suspected", "review", "contribution", "Decide"},
	"finding_confirmed":    {"Confirmed, with time to put right", "review", "contribution", "Decide"},
	"update_due":           {"Progress to report", "", "", ""},
	"update_overdue":       {"Progress overdue", "", "", ""},
	"register_stale":       {"Register entry to confirm", "", "", ""},
	"need_over":            {"Need whose time is over", "", "", ""},
	"validation_expires":   {"Validation expires", "validate", "activity", "Decide"},
	"activity_submitted":   {"Activity to decide on", "validate", "activity", "Decide"},
	"lowering_asked":       {"Class to lower, if you agree", "", "", ""},
	"contract_uncommitted": {"Contract over the threshold, without a commitment", "commitment", "contract", "Add a commitment"},
	"contract_unaudited":   {"Contract to audit before it closes", "audit", "contract", "Audit it"},
	"contract_open":        {"Audited contract to close", "", "", ""},
	"message":              {"Message about a record of yours", "", "", ""},
	"message_answer":       {"Answer to your message", "", "", ""},
	"indicator_unobserved": {"Indicator without a value of the last year", "observation", "indicator", "Record one"},
}

// work answers "/work".
func (s *Server) work(w http.ResponseWriter, r *http.Request, v *visit) error {
	_, err := params(r)
	if err != nil {
		return err
	}
	c := workContent{NoAccess: v.by() == nil, Code: v.account.ID}
	if by := v.by(); by != nil {
		if c.Whom, err = s.whomFor(r, v); err != nil {
			return err
		}
		c.Access = by.Role == data.RoleOffice || by.Role == data.RoleAdmin
		c.Near = by.Role == data.RoleSupplier
		c.Classes = c.Access || by.Role == data.RoleProvider
		if err := s.waiting(r, v, &c); err != nil {
			return err
		}
		if c.Mail = s.cfg.Mail; c.Mail {
			sub, err := s.src.Subscription(r.Context(), by)
			if err != nil {
				return err
			}
			if sub != nil && sub.FailedAt != nil {
				c.MailFor = sub.Address
			}
		}
		for i := range journeys {
			if j := &journeys[i]; j.open(by.Role) && len(j.given) == 0 {
				c.Do = append(c.Do, doRow{"/work/new/" + j.name, j.title, j.about})
			}
		}
		c.Do = append(c.Do, byFile(by.Role)...)
		for _, k := range data.Kinds {
			if s.mayLook(by, k.Name) {
				c.Lists = append(c.Lists, link{"/work/lists/" + k.Name, sentenceWord(spoken(k.Plural))})
			}
		}
	}
	return s.showOwn(w, r, v, http.StatusOK, "work", frame{Title: "Your work", Content: c})
}

// byFile are what a role can do with a file or a release.
func byFile(role data.AccessRole) (out []doRow) {
	if j, _ := journeyNamed("contract"); j.open(role) {
		out = append(out, doRow{"/work/contract-from-release", "Take a contract from a release", "Paste an Open Contracting release (OCDS), and check what it says."})
	}
	for _, u := range uploads {
		if slices.Contains(u.roles, role) || role == data.RoleAdmin {
			out = append(out, doRow{"/work/upload/" + u.kind, u.title, "From CSV, XLSX or GeoJSON; you see what it would do first."})
		}
	}
	return out
}

// whomFor says for whom somebody acts.
func (s *Server) whomFor(r *http.Request, v *visit) (string, error) {
	by := v.by()
	if by.Role == data.RoleAdmin {
		return "Everyone, everywhere", nil
	}
	var parts []string
	if by.Organisation != "" {
		name, err := s.organisationName(r, v)
		if err != nil {
			return "", err
		}
		parts = append(parts, name)
	}
	for _, t := range by.Territories {
		parts = append(parts, sentenceWord(strings.ReplaceAll(t, "-", " ")))
	}
	return strings.Join(parts, ", "), nil
}

// waiting fills in what waits for somebody, and what they have not sent.
func (s *Server) waiting(r *http.Request, v *visit, c *workContent) error {
	by := v.by()
	list, err := s.src.Waiting(r.Context(), by)
	if err != nil {
		return err
	}
	for _, wait := range list {
		words := waitingWords[wait.Why]
		row := waitingRow{What: words.words, Name: wait.Name, About: sentenceWord(spoken(wait.About)), Day: longDate(wait.On), Overdue: wait.Overdue(data.Today()),
			URL: recordURL(wait.Kind, data.ShortRef(by.Source, wait.Ref))}
		switch wait.Why {
		case "lowering_asked":
			row.URL = "/work/classes"
		case "message", "message_answer":
			row.URL, row.About = messageURL(wait.Other), sentenceWord(spoken(wait.Kind))
		}
		if j, ok := journeyNamed(words.journey); ok && j.open(by.Role) {
			row.Act = action{URL: "/work/new/" + j.name, Label: words.verb, Fields: []field{{words.field, wait.Ref}}}
			if words.journey == "review" {
				row.Act.Fields = append(row.Act.Fields, field{"finding", wait.About})
				if wait.Other != "" {
					row.Act.Fields = append(row.Act.Fields, field{"other", wait.Other})
				}
			}
		}
		c.Waiting = append(c.Waiting, row)
	}
	drafts, err := s.src.Drafts(r.Context(), by)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if j, ok := journeyNamed(d.Journey); ok {
			c.Drafts = append(c.Drafts, draftRow{j.title, longDate(d.UpdatedAt), draftPath(d.ID, "check")})
		}
	}
	return nil
}

// HRef is the address by which an action begins, with what it is about.
func (a action) HRef() string {
	q := url.Values{}
	for _, f := range a.Fields {
		q.Set(f.Name, f.Value)
	}
	return queryURL(a.URL, q)
}
