package data

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"
)

// AccessRole is what somebody may be. A machine's key has one; what each may
// do is in access.go.
type AccessRole string

// The roles.
const (
	RolePublic   AccessRole = "public"   // anyone, without a key: what may be shown
	RoleSupplier AccessRole = "supplier" // an organisation's own orders and contributions
	RoleProvider AccessRole = "provider" // an organisation's own activities, and its word on orders
	RoleBuyer    AccessRole = "buyer"    // an organisation's own contracts
	RoleOffice   AccessRole = "office"   // a policing body's: everything in its territories
	RoleHub      AccessRole = "hub"      // a research hub's: indicators and what they measure
	RoleAdmin    AccessRole = "admin"    // everything, everywhere
)

// KeyRoles are the roles that a key may have.
var KeyRoles = []AccessRole{RoleSupplier, RoleProvider, RoleBuyer, RoleOffice, RoleHub, RoleAdmin}

// LongestKey is how long a key may last.
const LongestKey = 90 * 24 * time.Hour

// Key lets a machine write. Its secret is shown once, when it is made, and
// kept nowhere.
type Key struct {
	ID   string     `json:"id"`
	Role AccessRole `json:"role"`
	// Territories are those that it may write for; none is all for an admin,
	// and no limit for those who write for their own organisation alone.
	Territories []string `json:"territories"`
	// Organisation is whom it acts for, as "SOURCE//ID"; "" for nobody.
	Organisation string `json:"organisation,omitempty"`
	// Source is that of every record that it writes.
	Source     string     `json:"source"`
	Label      string     `json:"label,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	RevokedAt  *time.Time `json:"revoked_at,omitempty"`
	LastUsedAt *time.Time `json:"last_used_at,omitempty"`
	// Person: it is no key but what somebody who has signed in may do.
	Person bool `json:"-"`
}

// Name is how the audit log names who acts.
func (k *Key) Name() string {
	if k.Person {
		return "person:" + k.ID
	}
	return "key:" + k.ID
}

// OrgIDSource is the source of organisations that are known by their org-id,
// the same for everyone.
const OrgIDSource = "org-id"

// OrganisationIn is the identity, "SOURCE//ID", of an organisation that a
// source calls id: its org-id, or its id in that source, or another's as given.
func OrganisationIn(source, id string) string {
	if org, err := ParseOrgID(id); err == nil {
		return OrgIDSource + "//" + org
	}
	if other, rest, found := strings.Cut(id, "//"); found && other != "" && rest != "" && !strings.HasSuffix(other, ":") {
		return id
	}
	return source + "//" + id
}

// Check refuses a key that would say too much or too little.
func (k *Key) Check(now time.Time) error {
	if err := k.CheckAccess(); err != nil {
		return err
	}
	if life := k.ExpiresAt.Sub(now); life <= 0 || life > LongestKey {
		return Invalidf("expires", life.Round(time.Hour).String(), "a key lasts from now to at most %d days: give, for instance, 30d", int(LongestKey.Hours()/24))
	}
	return nil
}

// CheckAccess is Check without how long it lasts.
func (k *Key) CheckAccess() error {
	if !slices.Contains(KeyRoles, k.Role) {
		return Invalidf("role", string(k.Role), "%q is no role that may write: use %s", k.Role, joinRoles(KeyRoles))
	}
	needsTerritory := k.Role == RoleOffice || k.Role == RoleHub
	if needsTerritory && len(k.Territories) == 0 {
		return Invalidf("territory", "", "the role %s is for certain territories: name each, such as norfolk", k.Role)
	}
	if k.Role == RoleAdmin && len(k.Territories) > 0 {
		return Invalidf("territory", strings.Join(k.Territories, ","), "an admin is for every territory: leave them out, or make it an office")
	}
	acts := k.Role == RoleSupplier || k.Role == RoleProvider || k.Role == RoleBuyer
	if acts && k.Organisation == "" {
		return Invalidf("organisation", "", "a %s acts for an organisation: name it by its org-id, such as GB-COH-09506232, or as SOURCE//ID", k.Role)
	}
	if !acts && k.Organisation != "" {
		return Invalidf("organisation", k.Organisation, "the role %s acts for no single organisation: leave it out", k.Role)
	}
	if k.Source == "" || k.Source == OrgIDSource || len(k.Source) > 100 || strings.Contains(k.Source, "//") || strings.ContainsFunc(k.Source, func(r rune) bool { return r < ' ' }) {
		return Invalidf("source", k.Source, "%q cannot be the source of a key's records: give a short name of your own, without //, other than %s", k.Source, OrgIDSource)
	}
	if len(k.Label) > 200 {
		return Invalidf("label", "", "is longer than 200 characters: shorten it")
	}
	return nil
}

func joinRoles(roles []AccessRole) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// keyPrefix begins every key, so that a search for leaked secrets finds it.
const keyPrefix = "trib_"

// keyBase spells the checksum: capitals and digits, as crypto/rand.Text.
var keyBase = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewKeyID makes an id for a key, which may be shown.
func NewKeyID() string { return "k" + strings.ToLower(rand.Text()[:9]) }

// NewKeySecret makes a key's secret: the prefix, 260 random bits, and a
// checksum that tells a key from something that only looks like one.
func NewKeySecret() string {
	body := keyPrefix + rand.Text() + rand.Text()
	return body + "_" + keyChecksum(body)
}

func keyChecksum(body string) string {
	return keyBase.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body))))
}

// KeyHash is what is kept of a secret: its SHA-256. A slow hash guards words
// that people choose; 260 random bits need none, and a slow one would let
// anybody keep the server busy. The error says that the text is no key at all,
// which its checksum tells without a look into the database.
func KeyHash(secret string) ([]byte, error) {
	body, sum, found := strings.Cut(strings.TrimPrefix(secret, keyPrefix), "_")
	if !found || !strings.HasPrefix(secret, keyPrefix) || keyChecksum(keyPrefix+body) != sum {
		return nil, fmt.Errorf("%w: its checksum is wrong", ErrUnknownKey)
	}
	h := sha256.Sum256([]byte(secret))
	return h[:], nil
}
