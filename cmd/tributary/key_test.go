package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	dir := dataDir(t)
	out, err := tributary(dir, "key", "create", "--role", "office", "--territory", "Norfolk", "--label", "finance system", "--expires", "90d")
	secret := regexp.MustCompile(`trib_[A-Z2-7]{52}_[A-Z2-7]{7}`).FindString(out)
	if err != nil || secret == "" || !strings.Contains(out, "for the role office in norfolk") || !strings.Contains(out, "shown once") {
		t.Fatalf("create: %v\n%s", err, out)
	}
	id := regexp.MustCompile(`The key (k[a-z2-7]{9}),`).FindStringSubmatch(out)
	if id == nil {
		t.Fatalf("no id is shown:\n%s", out)
	}
	list, err := tributary(dir, "key", "list")
	if err != nil || !strings.Contains(list, id[1]) || !strings.Contains(list, "finance system") || !strings.Contains(list, "never") || strings.Contains(list, secret[5:20]) {
		t.Errorf("list: %v\n%s", err, list)
	}
	if out, err := tributary(dir, "key", "revoke", id[1]); err != nil || !strings.Contains(out, "is revoked") {
		t.Errorf("revoke: %v\n%s", err, out)
	}
	if list, err := tributary(dir, "key", "list"); err != nil || !strings.Contains(list, "revoked 2") {
		t.Errorf("list after it: %v\n%s", err, list)
	}
	for _, c := range []struct {
		says string
		args []string
	}{
		{"must be one of", []string{"create", "--role", "root"}},
		{"certain territories", []string{"create", "--role", "office"}},
		{"no police territory", []string{"create", "--role", "office", "--territory", "atlantis"}},
		{"acts for an organisation", []string{"create", "--role", "supplier"}},
		{"1d to 90d", []string{"create", "--role", "admin", "--expires", "91d"}},
		{"1d to 90d", []string{"create", "--role", "admin", "--expires", "0d"}},
		{"cannot be the source", []string{"create", "--role", "admin", "--source", "org-id"}},
		{"there is no key", []string{"revoke", "k000"}},
	} {
		if out, err := tributary(dir, append([]string{"key"}, c.args...)...); err == nil || !strings.Contains(out+err.Error(), c.says) {
			t.Errorf("key %v: %v\n%s", c.args, err, out)
		}
	}
	// Two organisations do not come to share a source by accident.
	if out, err := tributary(dir, "key", "create", "--role", "supplier", "--organisation", "GB-COH-09506232"); err != nil {
		t.Fatalf("supplier: %v\n%s", err, out)
	}
	if out, err := tributary(dir, "key", "create", "--role", "provider", "--organisation", "GB-COH-09506232"); err == nil || !strings.Contains(out+err.Error(), "--source") {
		t.Errorf("another role under the same source: %v\n%s", err, out)
	}
	if out, err := tributary(dir, "key", "create", "--role", "supplier", "--organisation", "GB-COH-09506232"); err != nil {
		t.Errorf("one that takes over from the first: %v\n%s", err, out)
	}
}
