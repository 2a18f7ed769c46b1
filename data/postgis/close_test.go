package postgis_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

// What goes on for several who ask ends with the store, whatever it waits for: a
// store that is closed does not wait for it.
func TestWhatIsSharedEndsWithTheStore(t *testing.T) {
	url := pgtest.URL(t)
	s, err := postgis.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	held, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close(context.WithoutCancel(t.Context()))
	if _, err := held.Exec(t.Context(), "BEGIN; LOCK TABLE pub.activity IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	asked := make(chan error)
	go func() {
		_, err := s.Nearby(context.WithoutCancel(t.Context()), data.Filter{}, []string{"52.6309 1.2974"}, data.Offer{}, 10, 1)
		asked <- err
	}()
	for waiting := 0; waiting == 0; {
		if err := held.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	if err := <-asked; err == nil || errors.Is(err, data.ErrUnavailable) {
		t.Errorf("it was not ended, but waited for the lock: %v", err)
	}
}
