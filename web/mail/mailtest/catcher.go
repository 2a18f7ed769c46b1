// Package mailtest catches mail in tests: a mail server on loopback that keeps
// what it is sent.
package mailtest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
)

// Catcher is a mail server.
type Catcher struct {
	// Answer, if set before the first mail, is what is answered to an address, such
	// as "550 5.1.1 no such mailbox"; "" takes it.
	Answer func(address string) string
	// TLS, if set before the first mail, is offered by STARTTLS and asked for
	// before anything else.
	TLS *tls.Config
	// Login, if set before the first mail, is what AUTH PLAIN must give, in Base64.
	Login string
	// HangUp, if set, has the server end a connection after it has taken a mail and
	// before it says so; as often as it says.
	HangUp int

	listener net.Listener
	mu       sync.Mutex
	caught   []Caught
}

// Caught is a mail as it came.
type Caught struct {
	To     string
	Header mail.Header
	Text   string // the whole of it, with its header
	Secure bool
}

// New starts a catcher that ends with the test.
func New(t testing.TB) *Catcher {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Catcher{listener: l}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wait.Go(func() { c.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); wait.Wait() })
	return c
}

// Address is where the catcher listens.
func (c *Catcher) Address() string { return c.listener.Addr().String() }

// Mails are those that were caught since the last time.
func (c *Catcher) Mails() []Caught {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.caught
	c.caught = nil
	return out
}

func (c *Catcher) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	in := bufio.NewReader(conn)
	say := func(lines ...string) { fmt.Fprint(conn, strings.Join(lines, "\r\n")+"\r\n") }
	say("220 catcher")
	var to string
	secure, known := false, false
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		switch verb = strings.ToUpper(verb); {
		case verb == "EHLO" || verb == "HELO":
			offers := []string{"250-catcher"}
			if c.TLS != nil && !secure {
				offers = append(offers, "250-STARTTLS")
			}
			if c.Login != "" && (secure || c.TLS == nil) {
				offers = append(offers, "250-AUTH PLAIN")
			}
			say(append(offers, "250 8BITMIME")...)
		case verb == "STARTTLS":
			say("220 go on")
			conn, secure = tls.Server(conn, c.TLS), true
			in = bufio.NewReader(conn)
		case verb == "QUIT":
			say("221 bye")
			return
		case c.TLS != nil && !secure:
			say("530 5.7.0 STARTTLS first")
		case verb == "AUTH":
			if known = rest == "PLAIN "+c.Login; known {
				say("235 2.7.0 welcome")
			} else {
				say("535 5.7.8 who are you")
			}
		case !known && c.Login != "":
			say("530 5.7.0 AUTH first")
		case verb == "RCPT":
			to = strings.Trim(strings.TrimPrefix(rest, "TO:"), "<>")
			say(c.answer(to))
		case verb == "DATA":
			say("354 go on")
			text, err := readText(in)
			if err != nil || !c.keep(to, text, secure) {
				return
			}
			say("250 2.0.0 taken")
		default: // MAIL, RSET, NOOP
			say("250 2.0.0 yes")
		}
	}
}

// answer is what is said of a recipient.
func (c *Catcher) answer(to string) string {
	if c.Answer != nil {
		if said := c.Answer(to); said != "" {
			return said
		}
	}
	return "250 2.1.5 yes"
}

// readText reads a mail to its end, a line of a dot.
func readText(in *bufio.Reader) (string, error) {
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return text.String(), err
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
}

// keep keeps a mail, and reports whether to say so.
func (c *Catcher) keep(to, text string, secure bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := Caught{To: to, Text: text, Secure: secure}
	if read, err := mail.ReadMessage(strings.NewReader(text)); err == nil {
		m.Header = read.Header
	}
	c.caught = append(c.caught, m)
	c.HangUp--
	return c.HangUp < 0
}
