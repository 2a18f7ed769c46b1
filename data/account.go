package data

import (
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"strings"
	"time"
)

// Account is a person who signs in. They are known by what their issuer calls
// them, of which only a hash is kept; the id is what others call them by.
type Account struct {
	ID string
	// Access is what they may do, as a key's; nil if nobody has given any.
	Access *Key
	// Label says whose it is, in the words of who gave access.
	Label         string
	Demonstration bool
	GrantedBy     string
	GrantedAt     *time.Time
	CreatedAt     time.Time
	SeenOn        Date // the last day they signed in
}

// NewAccountID makes an id for an account, which may be shown.
func NewAccountID() string { return "p" + strings.ToLower(rand.Text()[:9]) }

// SubjectHash is what the database is told of a person: the SHA-256 of their
// issuer and of what that calls them. It keeps that keyed with a secret of its own.
func SubjectHash(issuer, subject string) []byte {
	h := sha256.Sum256([]byte(issuer + "\n" + subject))
	return h[:]
}

// NewSessionSecret makes what a session's cookie holds: 260 random bits.
func NewSessionSecret() string { return rand.Text() + rand.Text() }

// SessionHash is what is kept of a session's secret.
func SessionHash(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

// MayGrant refuses access that is not for the granter to give: an office gives
// it within its territories, and not to admins and hubs.
func (k *Key) MayGrant(to *Key) *Invalid {
	if k.Role == RoleAdmin {
		return nil
	}
	if k.Role != RoleOffice {
		return Invalidf("role", string(to.Role), "only offices and admins give access")
	}
	if to.Role == RoleAdmin || to.Role == RoleHub {
		return Invalidf("role", string(to.Role), "only an admin gives access to a %s", to.Role)
	}
	if len(to.Territories) == 0 {
		return Invalidf("territory", "", "an office gives access within its territories: name those of %s", strings.Join(k.Territories, ", "))
	}
	for _, t := range to.Territories {
		if !slices.Contains(k.Territories, t) {
			return Invalidf("territory", t, "%s is not one of yours: choose from %s", t, strings.Join(k.Territories, ", "))
		}
	}
	return nil
}

// DemonstrationPerson is somebody made up who may be signed in as where the
// development issuer is on.
type DemonstrationPerson struct {
	Subject string // what the issuer calls them
	Name    string
	About   string // one line: what they may do
	Access  Key
}
