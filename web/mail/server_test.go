package mail

import (
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"tributary/data"
	"tributary/web/mail/mailtest"
)

const from = "Tributary <noreply@example.org>"

func TestServersAreReadFromTheirAddress(t *testing.T) {
	for address, field := range map[string]string{
		"smtp://mail.example.org": "", "smtps://me:secret@mail.example.org": "", "smtp://127.0.0.1:1025": "", "smtp://[::1]:25": "",
		"mail.example.org": "smtp-url", "http://mail.example.org": "smtp-url", "smtp://": "smtp-url", "smtp://me:secret@mail.example.org/box": "smtp-url", "smtp://me:secret@mail.example.org:0": "smtp-url", "smtp://me:secret@mail.example.org:70000": "smtp-url",
	} {
		_, err := NewServer(address, "", from, "https://map.example.org")
		var bad *data.Invalid
		if errors.As(err, &bad) != (field != "") || bad != nil && (bad.Field != field || strings.Contains(bad.Error()+bad.Value, "secret")) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := NewServer("smtp://mail.example.org", "", "nobody", "https://map.example.org"); err == nil {
		t.Error("mail may be from nobody")
	}
}

// A server that is not on loopback is never told anything in the clear, and a
// password goes through TLS alone.
func TestMailGoesThroughTLS(t *testing.T) {
	hs := httptest.NewTLSServer(nil)
	defer hs.Close()
	roots := x509.NewCertPool()
	roots.AddCert(hs.Certificate())
	c := mailtest.New(t)
	c.TLS, c.Login = hs.TLS.Clone(), base64.StdEncoding.EncodeToString([]byte("\x00me\x00secret"))
	c.TLS.NextProtos = nil
	m := &data.Mail{Kind: data.MailWaiting, Address: "team@example.org", Secret: "s", MessageID: "m", Waiting: 1}
	send := func(password string) error {
		s, err := NewServer("smtp://me@"+c.Address(), password, from, "https://map.example.org")
		if err != nil {
			t.Fatal(err)
		}
		s.tls.RootCAs = roots
		return s.Send(t.Context(), m)
	}
	if err := send("secret"); err != nil {
		t.Fatal(err)
	}
	if got := c.Mails(); len(got) != 1 || !got[0].Secure || got[0].To != m.Address {
		t.Errorf("caught %+v", got)
	}
	if err := send("wrong"); err == nil || errors.Is(err, ErrRefused) || strings.Contains(err.Error(), "wrong") || len(c.Mails()) != 0 {
		t.Errorf("a wrong password: %v", err)
	}
	s, err := NewServer("smtp://me:secret@"+c.Address(), "", from, "https://map.example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), m); err == nil {
		t.Error("a certificate that nobody vouches for is taken")
	}
}

// A server elsewhere that offers no TLS is sent nothing.
func TestMailNeedsTLSElsewhere(t *testing.T) {
	c := mailtest.New(t)
	_, port, _ := strings.Cut(c.Address(), ":")
	s, err := NewServer("smtp://localhost.localdomain:"+port, "", from, "https://map.example.org")
	if err != nil {
		t.Fatal(err)
	}
	s.host = "127.0.0.1"
	if err := s.Send(t.Context(), &data.Mail{Address: "team@example.org", MessageID: "m"}); err == nil || len(c.Mails()) != 0 {
		t.Errorf("in the clear: %v", err)
	}
}

// What a server has against an address is for good if it says so, and told by
// its code: its words repeat the address.
func TestRefusalsAreToldByTheirCode(t *testing.T) {
	c := mailtest.New(t)
	for answer, good := range map[string]bool{"550 5.1.1 no mailbox team@example.org": true, "451 4.7.1 later, team@example.org": false} {
		c.Answer = func(string) string { return answer }
		s, err := NewServer("smtp://"+c.Address(), "", from, "http://127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		err = s.Send(t.Context(), &data.Mail{Address: "team@example.org", MessageID: "m"})
		if err == nil || errors.Is(err, ErrRefused) != good || strings.Contains(err.Error(), "team@") || !strings.Contains(err.Error(), answer[:3]) {
			t.Errorf("%s: %v", answer, err)
		}
	}
}
