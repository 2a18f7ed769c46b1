package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"time"

	smtp "github.com/wneessen/go-mail"

	"tributary/data"
)

// Server is a mail server that takes mail by SMTP.
type Server struct {
	host     string
	options  []smtp.Option
	tls      *tls.Config
	ssl      bool // TLS from the start
	from     *mail.Address
	base     string // where the public reaches us
	hostname string // of that, for Message-IDs
}

// NewServer reads the address of a mail server: smtps://USER@HOST for TLS from
// the start, smtp://USER@HOST for STARTTLS, which a host on loopback alone may
// do without. The password, if not in the address, comes apart. From is whom
// mail is from, base where the public reaches us. The errors are *[data.Invalid]
// and do not repeat the address, which may hold the password.
func NewServer(address, password, from, base string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, data.Invalidf("smtp-url", "", "is no mail server: give smtp://USER@HOST:587 for STARTTLS, or smtps://USER@HOST:465")
	}
	s := &Server{host: u.Hostname(), base: base, tls: &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}}
	if s.from, err = mail.ParseAddress(from); err != nil {
		return nil, data.Invalidf("mail-from", from, "%q is nobody whom mail can be from: give an address such as 'Tributary <noreply@example.org>'", from)
	}
	site, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	s.hostname = site.Hostname()
	port := map[string]int{"smtp": 587, "smtps": 465}[u.Scheme]
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return nil, data.Invalidf("smtp-url", "", "has a port that is none: give 1 to 65535")
		}
	}
	policy := smtp.TLSMandatory
	if ip := net.ParseIP(s.host); s.host == "localhost" || ip != nil && ip.IsLoopback() {
		policy = smtp.TLSOpportunistic
	}
	s.options = []smtp.Option{smtp.WithPort(port), smtp.WithTimeout(30 * time.Second), smtp.WithTLSPolicy(policy), smtp.WithTLSConfig(s.tls), smtp.WithoutNoop()}
	if u.Scheme == "smtps" {
		s.ssl = true
		s.options = append(s.options, smtp.WithSSL())
	}
	if name := u.User.Username(); name != "" {
		if in, given := u.User.Password(); given {
			password = in
		}
		s.options = append(s.options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(name), smtp.WithPassword(password))
	}
	return s, nil
}

// Host is the mail server's name, which may be told.
func (s *Server) Host() string { return s.host }

// Send implements [Sender]. Errors of the server's are told by their code, for
// its words repeat addresses.
func (s *Server) Send(ctx context.Context, m *data.Mail) error {
	msg, err := s.message(m)
	if err != nil {
		return err
	}
	// The client leaves a connection open on which it failed.
	var conn net.Conn
	dial := func(ctx context.Context, network, address string) (c net.Conn, err error) {
		if s.ssl {
			c, err = (&tls.Dialer{Config: s.tls}).DialContext(ctx, network, address)
		} else {
			c, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		conn = c
		return c, err
	}
	client, err := smtp.NewClient(s.host, append(slices.Clone(s.options), smtp.WithDialContextFunc(dial))...)
	if err != nil {
		return err
	}
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() {
		return nil // what comes after, such as a goodbye, changes nothing
	}
	var failed *smtp.SendError
	if !errors.As(err, &failed) {
		return fmt.Errorf("the mail server %s: %w", s.host, err)
	}
	told := fmt.Errorf("the mail server %s answered %d", s.host, failed.ErrorCode())
	about := failed.Reason == smtp.ErrSMTPRcptTo || failed.Reason == smtp.ErrSMTPData || failed.Reason == smtp.ErrSMTPDataClose
	if about && !failed.IsTemp() && failed.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %w", ErrRefused, told)
	}
	return told
}

// message is a mail as it is sent.
func (s *Server) message(m *data.Mail) (*smtp.Msg, error) {
	msg := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from)
	if err := msg.To(m.Address); err != nil {
		return nil, fmt.Errorf("%w: this address cannot be written to", ErrRefused)
	}
	msg.SetMessageIDWithValue(m.MessageID + "@" + s.hostname)
	msg.SetDate()
	msg.SetGenHeader(smtp.Header("Auto-Submitted"), "auto-generated")
	stop := s.link("stop", m.Secret)
	if m.Kind == data.MailWaiting {
		// One click in a mail program (RFC 8058).
		msg.SetGenHeaderPreformatted(smtp.HeaderListUnsubscribe, "<"+stop+">")
		msg.SetGenHeaderPreformatted(smtp.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	subject, body := text(m, s.base, s.link("confirm", m.Secret), stop)
	msg.Subject(subject)
	msg.SetBodyString(smtp.TypeTextPlain, body)
	return msg, nil
}

func (s *Server) link(do, secret string) string {
	return s.base + "/mail/" + do + "?" + url.Values{"code": {secret}}.Encode()
}
