package postgis_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tributary/data"
	"tributary/data/postgis"
)

func TestKeysAreKeptAsHashes(t *testing.T) {
	s, url := opened(t)
	k := &data.Key{Role: data.RoleOffice, Territories: []string{"Suffolk", "norfolk", "E23000024"}}
	secret, err := s.CreateKey(t.Context(), postgis.Operator, k, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if len(k.Territories) != 2 || k.Source != k.ID {
		t.Errorf("territories %v, source %q", k.Territories, k.Source)
	}
	// Neither the secret nor a part of it is anywhere.
	for _, table := range []string{"raw.api_key", "audit.log"} {
		if got := asked(t, url, "SELECT x::text FROM "+table+" x"); len(got) == 0 || strings.Contains(strings.Join(got, " "), secret[5:25]) {
			t.Errorf("%s holds %v", table, got)
		}
	}
	used := func() string {
		return asked(t, url, "SELECT COALESCE(last_used_at::text, 'never') FROM raw.api_key")[0]
	}
	if used() != "never" {
		t.Errorf("a new key was used %s", used())
	}
	got, err := s.KeyInForce(t.Context(), secret)
	if err != nil || got.ID != k.ID || got.Role != data.RoleOffice {
		t.Fatalf("in force: %+v, %v", got, err)
	}
	first := used()
	if _, err := s.KeyInForce(t.Context(), secret); err != nil || first == "never" || used() != first {
		t.Errorf("used %s, then %s: %v; want it noted once a minute", first, used(), err)
	}
	conn := connect(t, url)
	if _, err := conn.Exec(t.Context(), "UPDATE raw.api_key SET last_used_at = now() - interval '61 seconds'"); err != nil {
		t.Fatal(err)
	}
	old := used()
	if _, err := s.KeyInForce(t.Context(), secret); err != nil || used() == old {
		t.Errorf("a minute later it was used %s: %v", used(), err)
	}
	if err := s.RevokeKey(t.Context(), postgis.Operator, k.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.KeyInForce(t.Context(), secret); !errors.Is(err, data.ErrUnknownKey) {
		t.Errorf("a revoked key: %v", err)
	}
	if err := s.RevokeKey(t.Context(), postgis.Operator, "k0"); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("a key that there is not: %v", err)
	}
	const check = "23514"
	for _, sql := range []string{
		"UPDATE raw.api_key SET expires_at = created_at + interval '91 days'", "UPDATE raw.api_key SET territories = '{}'",
		"UPDATE raw.api_key SET role = 'admin'", "UPDATE raw.api_key SET hash = 'x'",
	} {
		if _, err := conn.Exec(t.Context(), sql); code(err) != check {
			t.Errorf("%s: %v, want a refusal", sql, err)
		}
	}
	for _, sql := range []string{"SELECT * FROM raw.api_key", "SELECT * FROM raw.idempotency", "SELECT * FROM raw.key_in_force('x')"} {
		if _, err := as(t, url, "tributary_public").Exec(t.Context(), sql); code(err) != denied {
			t.Errorf("the public role: %s: %v", sql, err)
		}
	}
}
