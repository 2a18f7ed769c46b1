package data

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestKeySecrets(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		s := NewKeySecret()
		if seen[s] || !strings.HasPrefix(s, "trib_") || len(s) != len("trib_")+52+1+7 {
			t.Fatalf("secret %q", s)
		}
		seen[s] = true
		if _, err := KeyHash(s); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		// Whatever letter is misread, the checksum tells.
		for i := range len(s) {
			for _, c := range []byte{'A', '_', 'x'} {
				spoilt := s[:i] + string(c) + s[i+1:]
				if _, err := KeyHash(spoilt); spoilt != s && !errors.Is(err, ErrUnknownKey) {
					t.Fatalf("%q passes for %q", spoilt, s)
				}
			}
		}
	}
	for _, s := range []string{"", "trib_", "trib__", "trib_A_", strings.Repeat("_", 70), NewKeySecret()[1:], NewKeySecret() + "A"} {
		if _, err := KeyHash(s); !errors.Is(err, ErrUnknownKey) {
			t.Errorf("%q: %v, want an unknown key", s, err)
		}
	}
}

func TestKeysSayForWhom(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, field string // at fault, "" for a good key
		key         Key
	}{
		{"office", "", Key{Role: RoleOffice, Territories: []string{"norfolk"}}},
		{"supplier", "", Key{Role: RoleSupplier, Organisation: "org-id//GB-COH-09506232"}},
		{"supplier in a territory", "", Key{Role: RoleSupplier, Organisation: "org-id//GB-COH-09506232", Territories: []string{"kent"}}},
		{"admin", "", Key{Role: RoleAdmin}},
		{"nobody", "role", Key{Role: "root"}},
		{"the public", "role", Key{Role: RolePublic}},
		{"office of nowhere", "territory", Key{Role: RoleOffice}},
		{"hub of nowhere", "territory", Key{Role: RoleHub}},
		{"admin of somewhere", "territory", Key{Role: RoleAdmin, Territories: []string{"kent"}}},
		{"supplier for nobody", "organisation", Key{Role: RoleSupplier}},
		{"office for somebody", "organisation", Key{Role: RoleOffice, Territories: []string{"kent"}, Organisation: "a//b"}},
		{"everyone's source", "source", Key{Role: RoleAdmin, Source: OrgIDSource}},
		{"a source with a reference in it", "source", Key{Role: RoleAdmin, Source: "a//b"}},
		{"for too long", "expires", Key{Role: RoleAdmin, ExpiresAt: now.Add(LongestKey + time.Second)}},
		{"over", "expires", Key{Role: RoleAdmin, ExpiresAt: now}},
	} {
		if c.key.Source == "" {
			c.key.Source = "desk"
		}
		if c.key.ExpiresAt.IsZero() {
			c.key.ExpiresAt = now.Add(LongestKey)
		}
		var invalid *Invalid
		err := c.key.Check(now)
		if errors.As(err, &invalid) != (c.field != "") || invalid != nil && invalid.Field != c.field {
			t.Errorf("%s: %v, want %q at fault", c.name, err, c.field)
		}
	}
}

func TestOwningAndKnowing(t *testing.T) {
	contract, _ := KindNamed("contract")
	organisation, _ := KindNamed("organisation")
	office := &Key{Role: RoleOffice, Source: "opcc", Territories: []string{"norfolk", "suffolk"}}
	supplier := &Key{Role: RoleSupplier, Source: "acme", Organisation: "org-id//GB-COH-09506232"}
	here := &Key{Role: RoleSupplier, Source: "acme", Organisation: "org-id//GB-COH-09506232", Territories: []string{"norfolk"}}
	in := func(territories ...string) Belonging { return Belonging{Source: "x", Territories: territories} }
	mine := func(territories ...string) Belonging {
		return Belonging{Source: "x", Territories: territories, Owners: []string{"a//b", supplier.Organisation}}
	}
	for _, c := range []struct {
		name        string
		key         *Key
		kind        *Kind
		of          Belonging
		owns, knows bool
	}{
		{"an admin", &Key{Role: RoleAdmin}, contract, in(), true, true},
		{"an office at home", office, contract, in("norfolk"), true, true},
		{"in both", office, contract, in("norfolk", "suffolk"), true, true},
		{"partly elsewhere", office, contract, in("norfolk", "kent"), false, true},
		{"elsewhere", office, contract, in("kent"), false, false},
		{"nowhere", office, contract, in(), false, false},
		{"elsewhere, and public", office, contract, Belonging{Open: true, Territories: []string{"kent"}}, false, true},
		{"its own source's", office, contract, Belonging{Source: "opcc", Territories: []string{"kent"}}, false, true},
		{"its own source's organisation", office, organisation, Belonging{Source: "opcc", Open: true}, true, true},
		{"everyone's organisation", office, organisation, Belonging{Source: OrgIDSource, Owners: []string{supplier.Organisation}, Open: true}, false, true},
		{"a supplier's own", supplier, contract, mine("kent"), true, true},
		{"another supplier's", supplier, contract, in("norfolk"), false, false},
		{"one that it is party to", supplier, contract, Belonging{Owners: []string{"a//b"}, Parties: []string{supplier.Organisation}}, false, true},
		{"its own in its territory", here, contract, mine("norfolk"), true, true},
		{"its own elsewhere", here, contract, mine("kent"), false, true},
		{"itself", here, organisation, mine(), true, true},
	} {
		owns, why := c.key.Owns(c.kind, c.of)
		if owns != c.owns || owns == (why != nil) || c.key.Knows(c.of) != c.knows {
			t.Errorf("%s: owns %t (%v), knows %t", c.name, owns, why, c.key.Knows(c.of))
		}
	}
}
