package postgis_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tributary/data"
	"tributary/data/load"
	"tributary/data/postgis"
)

// guessed are the ids that whoever knows a canary's name finds by trying: its
// key's plain hash, and that hashed again.
func guessed(c canary) []string {
	plain := sha256.Sum256([]byte(c.row["name"] + " | " + c.row["postcode"]))
	id := "sha256:" + hex.EncodeToString(plain[:])
	again := sha256.Sum256([]byte(id))
	return []string{hex.EncodeToString(plain[:]), hex.EncodeToString(again[:])}
}

// An id that is made of what its row says is not found by trying: not in any
// row that roles of ours may read, nor where another database has the same
// file. The file updates the same records as long as the database lives, also
// after its secret has been replaced.
func TestIDsAreNotGuessed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "canaries.csv")
	list := canaries()
	writers["csv"](t, path, list)
	opt := load.ActivityOptions{Key: []string{"name", "postcode"}}
	ids := "SELECT COALESCE(string_agg(external_id, ' ' ORDER BY external_id), '') FROM raw.activity"
	var last string
	for range 2 {
		s, url := storeWithPostcodes(t)
		if last != "" { // tests' databases are copies of one, and so have its secret
			asked(t, url, "SELECT vault.rotate()::text")
		}
		loaded(t, s, path, opt)
		stored := dump(t, url)
		for _, c := range list {
			absent(t, stored, c.name, guessed(c))
		}
		got := asked(t, url, ids)[0]
		if n := strings.Count(got, "keyed:"); n != len(strings.Fields(got)) || n < 5 || got == last {
			t.Errorf("the ids are %.300s", got)
		}
		last = got
		secondTime(t, s, path, opt)
	}

	s, url := storeWithPostcodes(t)
	// As a database has them that was made before there were secrets.
	loaded(t, s, path, opt)
	plain := map[string]string{}
	for _, c := range list {
		id := "sha256:" + guessed(c)[0]
		plain[id] = asked(t, url, "WITH k AS (UPDATE raw.activity SET external_id = '"+id+"' WHERE external_id = vault.keyed('"+id+"') RETURNING id) SELECT COALESCE(string_agg(id::text, ''), '') FROM k")[0]
	}
	asked(t, url, "SELECT vault.key_ids()", "SELECT ''")
	for id, record := range plain {
		if record != "" && asked(t, url, "SELECT count(*)::text FROM raw.activity WHERE id = '"+record+"' AND external_id = vault.keyed('"+id+"')")[0] != "1" {
			t.Errorf("the record of %s is not keyed as a new one would be", id)
		}
	}
	secondTime(t, s, path, opt)

	secret := asked(t, url, "SELECT external_id FROM raw.activity WHERE class = 3 LIMIT 1")[0]
	if err := s.AskToLower(t.Context(), postgis.Operator, "activity", "canaries//"+secret, data.S2Restricted, "it has moved"); err != nil {
		t.Fatal(err)
	}
	before := asked(t, url, ids)[0]
	if n := asked(t, url, "SELECT vault.rotate()::text")[0]; n != "2" {
		t.Errorf("%s secrets after one more was made", n)
	}
	for id := range strings.FieldsSeq(asked(t, url, ids)[0]) {
		if strings.Contains(before, id) {
			t.Errorf("%s is keyed with the secret before alone", id)
		}
	}
	secondTime(t, s, path, opt)
	if asks, err := s.Lowerings(t.Context(), postgis.Operator); err != nil || len(asks) != 1 {
		t.Errorf("what was asked is %v, %v", asks, err)
	}
}

// Nobody finds who has signed in by trying what an issuer may call them, and
// everybody is who they were: after the secret has been replaced, and where they
// signed in before there was one.
func TestPeopleAreNotGuessed(t *testing.T) {
	s, url := opened(t)
	const issuer, subject = "https://issuer.example", "ann@example.org"
	in := func() (account string) {
		t.Helper()
		secret, err := s.SignIn(t.Context(), issuer, subject)
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.SessionInForce(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	stored := func() string {
		return asked(t, url, "SELECT string_agg(encode(subject, 'hex'), ' ') FROM raw.account")[0]
	}
	plain := hex.EncodeToString(data.SubjectHash(issuer, subject))
	first := in()
	before := stored()
	if before == plain {
		t.Error("the plain hash of a person is stored")
	}
	if again := in(); again != first {
		t.Errorf("one person is %s and %s", first, again)
	}
	if n := asked(t, url, "SELECT vault.rotate()::text")[0]; n != "2" {
		t.Errorf("%s secrets after one more was made", n)
	}
	if after := stored(); after == before || len(after) != 64 {
		t.Errorf("with another secret %s is stored as %s", before, after)
	}
	if again := in(); again != first {
		t.Errorf("after the secret was replaced %s is %s", first, again)
	}
	// As a database has it that was made before there were secrets.
	migration, err := os.ReadFile("../../migrations/036_keyed_subjects.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(migration), "DO $$")
	keys, _, found := strings.Cut(rest, "$$;")
	if !found {
		t.Fatal("the migration keys nobody")
	}
	asked(t, url, "UPDATE raw.account SET subject = '\\x"+plain+"'", "SELECT ''")
	asked(t, url, "DO $$"+keys+"$$", "SELECT ''")
	if again := in(); again != first {
		t.Errorf("who signed in before there were secrets is %s, was %s", again, first)
	}
}

// secondTime imports a file again, which must change nothing.
func secondTime(t *testing.T, s *postgis.Store, path string, opt load.ActivityOptions) {
	t.Helper()
	if res := loaded(t, s, path, opt); res.Added != 0 || res.Changed != 0 || res.Unchanged == 0 {
		t.Errorf("the second time: %+v", res)
	}
}

// No role reads the secrets, and the public one cannot ask either.
func TestSecretsAreNotRead(t *testing.T) {
	_, url := opened(t)
	for role, may := range map[string]string{"tributary_public": denied, "tributary_app": ""} {
		conn := as(t, url, role)
		for sql, want := range map[string]string{
			"SELECT * FROM vault.secret": denied, "UPDATE vault.secret SET made_at = made_at": denied, "DELETE FROM vault.secret": denied,
			"SELECT vault.rotate()": denied, "SELECT vault.keyed_on('x', 0)": denied, "SELECT vault.key_ids()": denied, "SELECT vault.keyed('x')": may,
			"SELECT vault.keyed_subject('x')": may,
		} {
			if _, err := conn.Exec(t.Context(), sql); code(err) != want {
				t.Errorf("%s as %s: %v", sql, role, err)
			}
		}
	}
}
