package mail

import (
	"fmt"
	"strings"

	"tributary/data"
)

// text is a mail's subject and text. It counts what waits and says no more.
func text(m *data.Mail, base, confirm, stop string) (subject, body string) {
	var b strings.Builder
	if m.Kind == data.MailConfirm {
		fmt.Fprintf(&b, "Somebody who works with Tributary asked for mail to this address, of how many things wait for them.\n\nIf that was you, confirm it:\n%s\n\nIf it was not, do nothing: the address is forgotten within a week. Or now:\n%s\n", confirm, stop)
		return "Is this your address?", b.String()
	}
	fmt.Fprintf(&b, "%s for you in Tributary.\n", things(m.Waiting))
	if m.Fresh < m.Waiting {
		fmt.Fprintf(&b, "%d of them came, or came near their day, since the last mail.\n", m.Fresh)
	}
	if m.Overdue > 0 {
		fmt.Fprintf(&b, "Past their day: %d.\n", m.Overdue)
	}
	when := "at once"
	if m.How == data.MailDaily {
		when = "once a day"
	}
	fmt.Fprintf(&b, "\nSee what they are:\n%s/work\n\nYou asked to be told %s. No more mail:\n%s\nAnother time or address:\n%s/work/mail\n", base, when, stop, base)
	return things(m.Waiting) + " for you", b.String()
}

func things(n int) string {
	if n == 1 {
		return "1 thing waits"
	}
	return fmt.Sprintf("%d things wait", n)
}
