package main

import (
	"context"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/web"
	"tributary/web/mail"
)

// Mail says how people are told by e-mail of what waits for them.
type Mail struct {
	SMTPURL          string `name:"smtp-url" help:"Mail server by which people who want that are told how many things wait for them: smtp://USER@HOST:587 with STARTTLS, or smtps://USER@HOST:465. Empty: no mail. A host on loopback may do without TLS." env:"TRIBUTARY_SMTP_URL" placeholder:"URL"`
	SMTPPasswordFile string `name:"smtp-password-file" help:"File that holds the mail server's password, or give the password as TRIBUTARY_SMTP_PASSWORD." env:"TRIBUTARY_SMTP_PASSWORD_FILE" placeholder:"FILE"`
	MailFrom         string `help:"Whom mail is from, such as 'Tributary <noreply@example.org>'." env:"TRIBUTARY_MAIL_FROM" placeholder:"ADDRESS"`
}

// server is the mail server, nil without one, for a server that is reached at
// base.
func (m Mail) server(base string) (*mail.Server, error) {
	if m.SMTPURL == "" {
		if m.MailFrom != "" || m.SMTPPasswordFile != "" {
			return nil, data.Invalidf("smtp-url", "", "is missing: name the mail server, or leave the other settings of mail out")
		}
		return nil, nil
	}
	if m.MailFrom == "" {
		return nil, data.Invalidf("mail-from", "", "is missing: say whom mail is from, such as 'Tributary <noreply@example.org>'")
	}
	password, err := secretOf("smtp-password-file", m.SMTPPasswordFile, "TRIBUTARY_SMTP_PASSWORD")
	if err != nil {
		return nil, err
	}
	return mail.NewServer(m.SMTPURL, password, m.MailFrom, base)
}

// sendMail sends mail until ctx is done.
func sendMail(ctx context.Context, con *console, s *postgis.Store, to *mail.Server, srv *web.Server) {
	srv.Metrics().Gauge("tributary_mail", "Mails to be sent, and people to whom mail was given up.", []string{"state"}, func() map[string]float64 {
		unsent, givenUp, err := s.Mails(ctx)
		if err != nil {
			return nil
		}
		return map[string]float64{"unsent": float64(unsent), "given_up": float64(givenUp)}
	})
	con.log.Info("people can be told by mail of what waits for them", "server", to.Host())
	(&mail.Postman{Outbox: s, Sender: to, Log: con.log}).Run(ctx)
}
