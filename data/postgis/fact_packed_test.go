package postgis_test

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"tributary/data"
)

// Facts that differ in any column differ in the number of the column's group, and
// in that of no other: a load takes facts with the same numbers for alike.
func TestNumbersTellEveryColumn(t *testing.T) {
	_, url := opened(t)
	conn := connect(t, url)
	if err := insertFacts(t.Context(), conn, rand.New(rand.NewPCG(1, 1)), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "UPDATE pub.fact SET level = 'area', cell = NULL"); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile("sql/fact_columns.sql")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Split(strings.Join(strings.Fields(string(list)), ""), ",")
	names = names[len(names)-int(data.FactColumns):]
	numbers := func() (n data.FactAlike) {
		t.Helper()
		var packed []byte
		if err := conn.QueryRow(t.Context(), "SELECT packed FROM pub.fact").Scan(&packed); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			n[i] = int64(binary.BigEndian.Uint64(packed[len(packed)-8*(len(n)-i):]))
		}
		return n
	}
	for i, name := range names {
		name, was := strings.TrimPrefix(name, "f."), numbers()
		value := "'another'"
		switch c := data.FactColumn(i); {
		case slices.Contains([]data.FactColumn{data.FactSupplier, data.FactBuyer, data.FactProvider, data.FactActivity, data.FactContract}, c):
			value = "gen_random_uuid()"
		case c == data.FactThemes || c == data.FactBeneficiaries:
			value = "'{another}'"
		}
		if _, err := conn.Exec(t.Context(), "UPDATE pub.fact SET "+name+" = "+value); err != nil {
			t.Fatal(err)
		}
		is := numbers()
		for group := range data.FactGroups {
			if want := group == data.FactColumn(i).Group(); (was[group] != is[group]) != want {
				t.Errorf("%s: the number of group %d changed: %t, want %t", name, group, !want, want)
			}
		}
	}
}
