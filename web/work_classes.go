package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"tributary/data"
)

// classesContent is what was asked of the classes of activities.
type classesContent struct {
	Asked    []loweringRow
	Activity string
	To       []choice
	Reason   string
	Errors   []formError
	Said     string
	Token    string
}

type loweringRow struct {
	Name, URL, From, To, Reason, Stands string
	Ref                                 string
	Agree                               bool // the visitor may agree
	Give                                bool // it may now be given its lower class
}

// classesPage lists what was asked and takes a request to lower a class: GET
// and POST /work/classes.
func (s *Server) classesPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	c := classesContent{Token: v.token()}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		c.Activity, c.Reason = strings.TrimSpace(r.PostForm.Get("activity")), strings.TrimSpace(r.PostForm.Get("reason"))
		to, err := data.ParseSensitivity(r.PostForm.Get("to"))
		if err != nil {
			err = data.Invalidf("to", r.PostForm.Get("to"), "choose the class that it may be given")
		} else {
			err = s.src.LowerClass(r.Context(), v.by(), c.Activity, to, c.Reason)
		}
		if err == nil {
			http.Redirect(w, r, "/work/classes?said=asked", http.StatusSeeOther)
			return nil
		}
		if c.Errors, err = classFault(err); err != nil {
			return err
		}
		status = http.StatusUnprocessableEntity
	} else {
		q, err := params(r, "activity", "said")
		if err != nil {
			return err
		}
		c.Activity = q.Get("activity")
		c.Said = map[string]string{"asked": "You have asked. Somebody else has to agree.", "agreed": "You have agreed. The activity may now be changed to its lower class."}[q.Get("said")]
	}
	c.To = choicesOf("classes", []string{"s0", "s1", "s2"}, []string{strings.ToLower(r.PostForm.Get("to"))})
	if err := s.lowerings(r, v, &c); err != nil {
		return err
	}
	return s.showOwn(w, r, v, status, "workclasses", frame{Title: "Classes of places", Content: c})
}

// classFault is what is wrong with a request, or an error that is not its
// fault.
func classFault(err error) ([]formError, error) {
	var bad *data.Invalid
	switch {
	case errors.Is(err, data.ErrNotFound):
		return []formError{{"activity", "There is no activity of yours by this id: begin from its page.", "#activity"}}, nil
	case errors.As(err, &bad):
		return []formError{{bad.Field, sentenceCase(bad.Field + ": " + bad.Reason), "#" + bad.Field}}, nil
	}
	return nil, err
}

func (s *Server) lowerings(r *http.Request, v *visit, c *classesContent) error {
	all, err := s.src.LoweringsFor(r.Context(), v.by())
	if err != nil {
		return err
	}
	class := func(s data.Sensitivity) string {
		return choicesOf("classes", []string{strings.ToLower(s.String())}, nil)[0].Label
	}
	for _, l := range all {
		row := loweringRow{Name: l.Name, Ref: l.Record, URL: recordURL("activity", data.ShortRef(v.by().Source, l.Record)), From: class(l.From), To: class(l.To), Reason: l.Reason, Stands: "Asked on " + longDate(l.AskedAt)}
		switch {
		case l.AgreedBy != "":
			row.Stands, row.Give = "Agreed on "+longDate(*l.AgreedAt), true
		case l.AskedBy == v.by().Name():
			row.Stands += " by you: somebody else has to agree"
		default:
			row.Agree = true
		}
		c.Asked = append(c.Asked, row)
	}
	return nil
}

// agreeClass agrees to what somebody else asked: POST /work/classes/agree.
func (s *Server) agreeClass(w http.ResponseWriter, r *http.Request, v *visit) error {
	err := s.src.AgreeLower(r.Context(), v.by(), r.PostForm.Get("activity"))
	var bad *data.Invalid
	if errors.As(err, &bad) {
		return refusal(http.StatusConflict, "This needs somebody else", sentenceCase(bad.Reason))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/work/classes?"+url.Values{"said": {"agreed"}}.Encode(), http.StatusSeeOther)
	return nil
}
