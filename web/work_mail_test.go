package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"tributary/data/postgis"
	"tributary/web/mail"
	"tributary/web/mail/mailtest"
)

// post office of a test: a house, a catcher and a postman for each instance.
type postOffice struct {
	*house
	*mailtest.Catcher
	postmen []*mail.Postman
}

func newPostOffice(t *testing.T, instances int) *postOffice {
	t.Helper()
	o := &postOffice{house: newHouse(t), Catcher: mailtest.New(t)}
	server, err := mail.NewServer("smtp://"+o.Address(), "", "Tributary <noreply@example.org>", o.base)
	if err != nil {
		t.Fatal(err)
	}
	for range instances {
		s, err := postgis.Open(t.Context(), o.url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		o.postmen = append(o.postmen, &mail.Postman{Outbox: s, Sender: server, Log: slog.New(slog.DiscardHandler)})
	}
	return o
}

// round has every instance look at once, and returns the mails that came.
func (o *postOffice) round() []mailtest.Caught {
	o.t.Helper()
	var wait sync.WaitGroup
	for _, p := range o.postmen {
		wait.Go(func() {
			if err := p.Round(context.Background()); err != nil && !errors.Is(err, context.Canceled) {
				o.t.Log(err)
			}
		})
	}
	wait.Wait()
	return o.Mails()
}

// minutes later, everybody is looked at and every pause is over.
func (o *postOffice) later() {
	o.run("UPDATE raw.subscription SET look_at = now()")
	o.run("UPDATE raw.mail SET next_at = now()")
}

var links = regexp.MustCompile(`http://[^\s>]+`)

func (o *postOffice) linkIn(m mailtest.Caught, path string) string {
	o.t.Helper()
	for _, l := range links.FindAllString(strings.ReplaceAll(strings.ReplaceAll(m.Text, "=\r\n", ""), "=3D", "="), -1) {
		if strings.HasPrefix(l, o.base+path) {
			return strings.TrimPrefix(l, o.base)
		}
	}
	o.t.Fatalf("no link to %s in:\n%s", path, m.Text)
	return ""
}

// subscribed signs somebody up for mail and confirms their address.
func (o *postOffice) subscribed(name, address string) *browser {
	o.t.Helper()
	b := o.workers(name)[name]
	p := b.post("/work/mail", answers(tokenField, b.get("/work/mail").token(o.t), "address", address, "how", "at_once"))
	if !strings.Contains(p.body, "We are sending a link to <strong>"+address) {
		o.t.Fatalf("asked for mail: %d %s", p.StatusCode, problemsIn(p.body))
	}
	mails := o.round()
	if len(mails) != 1 || mails[0].To != address {
		o.t.Fatalf("asked for confirmation: %+v", mails)
	}
	if p := o.browser().post(o.linkIn(mails[0], "/mail/confirm"), nil); !strings.Contains(p.body, "Your address is confirmed") {
		o.t.Fatalf("confirming: %d %s", p.StatusCode, titleOf(p.body))
	}
	return b
}

// What waits is told once, by however many instances, and again only when
// something is new; it says how much, and nothing else.
func TestMailTellsOnceHowMuchWaits(t *testing.T) {
	o := newPostOffice(t, 3)
	o.subscribed("office", "team@example.org")
	provider := o.workers("provider")["provider"]
	provider.done("organisation", nil, answers("id", "GB-CHC-1090095", "name", "Example provider"))
	register := func(name, class string) {
		provider.done("register-activity", nil, answers("name", name, "summary", "Kickboxing in Tombland", "themes", "safer", "class", class, "territory", "norfolk"))
	}
	register("Sparrow Haven", "s2")
	o.later()
	mails := o.round()
	if len(mails) != 1 || mails[0].To != "team@example.org" {
		t.Fatalf("%d mails: %+v", len(mails), mails)
	}
	m := mails[0]
	if !strings.Contains(m.Text, "1 thing waits for you") || m.Header.Get("Message-Id") == "" || m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("the mail is\n%s", m.Text)
	}
	for _, secret := range []string{"Sparrow", "Kickboxing", "Tombland", "Example provider", "orfolk", "GB-CHC", "1090095", "s2", "estricted"} {
		if strings.Contains(m.Text, secret) {
			t.Errorf("the mail says %q:\n%s", secret, m.Text)
		}
	}
	o.later()
	if again := o.round(); len(again) != 0 {
		t.Errorf("told again: %+v", again)
	}
	register("Sparrow Nest", "s3")
	register("Sparrow Rest", "s0")
	o.later()
	if more := o.round(); len(more) != 1 || !strings.Contains(more[0].Text, "3 things wait for you") || !strings.Contains(more[0].Text, "2 of them") {
		t.Errorf("what is new: %+v", more)
	}
}

// A mail that fails is tried again later, under the same Message-ID; one that a
// server took and did not say so comes twice, as the same one. A mailbox that is
// not there is given up, and its owner sees that.
func TestMailIsTriedAgain(t *testing.T) {
	o := newPostOffice(t, 2)
	b := o.subscribed("office", "team@example.org")
	o.run("INSERT INTO raw.mail (account_id, kind, waiting, fresh) SELECT account_id, 'waiting', 3, 3 FROM raw.subscription")
	answer := "451 4.7.1 later"
	o.Answer = func(string) string { return answer }
	for range 3 {
		if got := o.round(); len(got) != 0 {
			t.Fatalf("taken: %+v", got)
		}
		if n := o.count("SELECT count(*) FROM raw.mail WHERE sent_at IS NULL AND failed_at IS NULL AND next_at > now() + interval '30 seconds'"); n != 1 {
			t.Fatalf("%d mails wait to be tried again", n)
		}
		o.later()
	}
	answer, o.HangUp = "", 1
	first := o.round()
	o.later()
	second := o.round()
	if len(first) != 1 || len(second) != 1 || first[0].Header.Get("Message-Id") != second[0].Header.Get("Message-Id") {
		t.Errorf("taken without a word, then again: %+v, %+v", first, second)
	}
	o.later()
	if third := o.round(); len(third) != 0 {
		t.Errorf("sent once more: %+v", third)
	}
	o.run("INSERT INTO raw.mail (account_id, kind, waiting, fresh) SELECT account_id, 'waiting', 3, 3 FROM raw.subscription")
	answer = "550 5.1.1 no such mailbox"
	o.round()
	for _, page := range []string{"/work", "/work/mail"} {
		if p := b.get(page); !strings.Contains(p.body, "Mail to team@example.org could not be delivered") {
			t.Errorf("%s does not say that mail was given up", page)
		}
	}
	answer = ""
	o.later()
	if got := o.round(); len(got) != 0 {
		t.Errorf("mail to whom it was given up: %+v", got)
	}
	b.post("/work/mail", answers(tokenField, b.get("/work/mail").token(t), "address", "team@example.org", "how", "daily"))
	if p := b.get("/work/mail"); !strings.Contains(p.body, "Mail goes to <strong>team@example.org") {
		t.Error("asked again, mail does not go on")
	}
}

// One click in a mail program, without a session, ends mail and forgets the
// address; looking at the link does nothing, and an address that nobody
// confirmed is sent nothing else.
func TestMailStopsByOneClick(t *testing.T) {
	o := newPostOffice(t, 1)
	b := o.subscribed("office", "team@example.org")
	o.run("INSERT INTO raw.mail (account_id, kind, waiting, fresh) SELECT account_id, 'waiting', 1, 1 FROM raw.subscription")
	m := o.round()[0]
	stop := strings.TrimSuffix(strings.TrimPrefix(m.Header.Get("List-Unsubscribe"), "<"+o.base), ">")
	if m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || stop != o.linkIn(m, "/mail/stop") {
		t.Fatalf("the headers are %v", m.Header)
	}
	if p := o.browser().get(stop); !strings.Contains(p.body, "Stop mail") || o.count("SELECT count(*) FROM raw.subscription") != 1 {
		t.Error("looking at the link stopped mail")
	}
	if p := o.browser().post(stop, url.Values{"List-Unsubscribe": {"One-Click"}}); p.StatusCode != http.StatusOK || o.count("SELECT count(*) FROM raw.subscription") != 0 {
		t.Errorf("one click: %d", p.StatusCode)
	}
	if p := o.browser().post(stop, nil); p.StatusCode != http.StatusNotFound {
		t.Errorf("a click on a link that is over: %d", p.StatusCode)
	}
	for _, bad := range []url.Values{answers("address", "team", "how", "daily"), answers("address", "a@b.org\r\nBcc: x@y.org", "how", "daily"), answers("address", "team@example.org")} {
		bad.Set(tokenField, b.get("/work/mail").token(t))
		if p := b.post("/work/mail", bad); p.StatusCode != http.StatusUnprocessableEntity || o.count("SELECT count(*) FROM raw.subscription") != 0 {
			t.Errorf("%v: %d", bad, p.StatusCode)
		}
	}
	// The address may be another's: they are asked so often and no more.
	for range 6 {
		b.post("/work/mail", answers(tokenField, b.get("/work/mail").token(t), "address", "stranger@example.org", "how", "at_once"))
		if asked := o.round(); len(asked) > 0 && strings.Contains(asked[0].Text, "for you in Tributary") {
			t.Error("a stranger is told what waits")
		}
	}
	if n := o.count("SELECT count(*) FROM raw.mail WHERE kind = 'confirm'"); n != 5 {
		t.Errorf("addresses were asked %d times", n)
	}
	if o.count("SELECT count(*) FROM audit.log WHERE detail::text LIKE '%example.org%'") != 0 {
		t.Error("the audit log holds an address")
	}
}
