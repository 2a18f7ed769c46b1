package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"tributary/data"
)

// Subscriptions keep who is told by mail of what waits for them. The store
// implements it.
type Subscriptions interface {
	Subscription(ctx context.Context, by *data.Key) (*data.Subscription, error)
	Subscribe(ctx context.Context, by *data.Key, want data.Subscription) error
	Unsubscribe(ctx context.Context, by *data.Key) error
	// ConfirmMail and UnsubscribeMail are for whoever has the link of a mail.
	ConfirmMail(ctx context.Context, secret string) error
	UnsubscribeMail(ctx context.Context, secret string) error
}

// mailContent is what somebody wants by mail.
type mailContent struct {
	Now     *data.Subscription
	Sent    string
	Address string
	How     []choice
	Errors  []formError
	Said    string
	Token   string
}

var mailWays = []choice{
	{Value: string(data.MailAtOnce), Label: "At once", Hint: "Within a minute or two of something new."},
	{Value: string(data.MailDaily), Label: "Once a day", Hint: "In the morning, if something new has come."},
}

// mailPage shows and takes what somebody wants by mail: GET and POST /work/mail.
func (s *Server) mailPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	c := mailContent{Token: v.token()}
	status, how := http.StatusOK, ""
	var err error
	if r.Method == http.MethodPost {
		c.Address, how = r.PostForm.Get("address"), r.PostForm.Get("how")
		var want data.Subscription
		if want, err = data.ParseSubscription(c.Address, how); err == nil {
			err = s.src.Subscribe(r.Context(), v.by(), want)
		}
		if err == nil {
			http.Redirect(w, r, "/work/mail?said=saved", http.StatusSeeOther)
			return nil
		}
		var bad *data.Invalid
		if !errors.As(err, &bad) {
			return err
		}
		c.Errors = []formError{{bad.Field, sentenceCase(sentenceWord(bad.Field) + ": " + bad.Reason), "#" + bad.Field}}
		status = http.StatusUnprocessableEntity
	} else {
		q, err := params(r, "said")
		if err != nil {
			return err
		}
		c.Said = map[string]string{"saved": "What you want is noted.", "stopped": "No more mail will be sent, and your address is forgotten."}[q.Get("said")]
	}
	if c.Now, err = s.src.Subscription(r.Context(), v.by()); err != nil {
		return err
	}
	if c.Now != nil && status == http.StatusOK {
		c.Address, how = c.Now.Address, string(c.Now.How)
	}
	if c.Now != nil && c.Now.SentAt != nil {
		c.Sent = moment(*c.Now.SentAt)
	}
	for _, way := range mailWays {
		way.Chosen = way.Value == how
		c.How = append(c.How, way)
	}
	return s.showOwn(w, r, v, status, "workmail", frame{Title: "Mail", Content: c})
}

// stopMail forgets the visitor's address: POST /work/mail/stop.
func (s *Server) stopMail(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.src.Unsubscribe(r.Context(), v.by()); err != nil && !errors.Is(err, data.ErrNotFound) {
		return err
	}
	http.Redirect(w, r, "/work/mail?said=stopped", http.StatusSeeOther)
	return nil
}

// mailLinks lists the addresses that mails link to. Whoever has a link may use
// it, without signing in; only a click on its page does something, since mail
// programs look at links by themselves.
func (s *Server) mailLinks() []route {
	if !s.cfg.Mail {
		return nil
	}
	pair := func(path string, page linkPage) []route {
		handle := func(w http.ResponseWriter, r *http.Request) error { return s.mailLink(w, r, page) }
		return []route{{path: path, kind: kindPage, rule: ruleAnyone, handle: handle}, {method: http.MethodPost, path: path, kind: kindPage, rule: ruleAnyone, handle: handle}}
	}
	return append(
		pair("/mail/confirm", linkPage{Title: "Confirm your address", About: "Mail of how many things wait for you will be sent to it.", Verb: "Confirm it", Done: "Your address is confirmed", After: "You will be told by mail when something waits for you.", do: s.src.ConfirmMail}),
		pair("/mail/stop", linkPage{Title: "No more mail", About: "Your address will be forgotten. What waits for you stays in Your work.", Verb: "Stop mail", Done: "Mail has been stopped", After: "Your address is forgotten.", do: s.src.UnsubscribeMail})...)
}

// linkPage is a page that a mail links to, with its one button.
type linkPage struct {
	Title, About, Verb string
	Done, After        string // said when it is done
	URL                string // where the button leads; "" once it is done
	do                 func(ctx context.Context, secret string) error
}

// mailLink shows a mail's link, and follows it when its button is pressed. A
// mail program's one click (RFC 8058) comes here too, from anywhere and without
// cookies: the code says enough.
func (s *Server) mailLink(w http.ResponseWriter, r *http.Request, page linkPage) error {
	w.Header().Set("Cache-Control", "no-store")
	q, err := params(r, "code")
	if err != nil {
		return err
	}
	code := q.Get("code")
	if code == "" || len(code) > 200 {
		return data.Invalidf("code", "", "is missing: use the whole link of the mail")
	}
	page.URL = r.URL.Path + "?" + url.Values{"code": {code}}.Encode()
	if r.Method == http.MethodPost {
		if err := page.do(r.Context(), code); errors.Is(err, data.ErrNotFound) {
			return refusal(http.StatusNotFound, "This link is no longer valid", "The address it was for has been changed or forgotten. Sign in and see what you are sent under Your work, Mail.")
		} else if err != nil {
			return err
		}
		page.URL, page.Title = "", page.Done
	}
	return s.pages.showPrivate(w, http.StatusOK, "maillink", frame{Title: page.Title, Nav: "/work", Content: page})
}
