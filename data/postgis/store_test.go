package postgis_test

import (
	"testing"

	"tributary/data/postgis/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestReferenceIsLoaded(t *testing.T) {
	s := pgtest.Store(t)
	h, err := s.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if h.Migration != h.Wanted {
		t.Errorf("the database is at migration %d, want %d", h.Migration, h.Wanted)
	}
	sets, err := s.BoundarySets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(sets) != 3 {
		t.Errorf("%d boundary sets in force, want region, territory and county_or_unitary", len(sets))
	}
}
