package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

// kingdomServer is a server over a whole made-up world with contracts, orders and
// contributions, made once for tests that only read.
var kingdomServer struct {
	sync.Once
	server *Server
}

func kingdom(t testing.TB) *Server {
	t.Helper()
	kingdomServer.Do(func() {
		ctx := context.Background()
		store, err := postgis.Open(ctx, pgtest.Shared(t))
		if err != nil {
			t.Fatal(err)
		}
		populate(t, store, demo.New(demo.Options{Contributions: 1500, Seed: 3, Until: data.DateOf(time.Now())}))
		kingdomServer.server, err = NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, store)
		if err != nil {
			t.Fatal(err)
		}
	})
	if kingdomServer.server == nil {
		t.Fatal("there is no server: see the first test that asked for it")
	}
	return kingdomServer.server
}

// populate puts a made-up world into a store.
func populate(t testing.TB, store *postgis.Store, w *demo.World) {
	t.Helper()
	ctx := context.Background()
	take := func(sheets []demo.Sheet) {
		t.Helper()
		var in []postgis.LedgerSheet
		for _, sheet := range sheets {
			k, _ := data.KindNamed(sheet.Kind)
			in = append(in, postgis.LedgerSheet{Kind: k, Records: func(yield func(postgis.LedgerRecord) bool) {
				for rec := range sheet.Records {
					if !yield(postgis.LedgerRecord{Line: 1, Record: rec}) {
						return
					}
				}
			}})
		}
		_, err := store.ImportLedger(ctx, postgis.Operator, data.Import{Kind: "demonstration", Source: demo.Source}, in, func(r postgis.LedgerRefusal) error {
			return fmt.Errorf("%s %s %q: %s", r.Kind.Name, r.Field, r.Value, r.Reason)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	take(w.Plans())
	run := data.Import{Kind: "activities", Source: demo.Source, Demonstration: true}
	if _, err := store.ImportActivities(ctx, postgis.Operator, run, w.Activities(), func(data.Refusal) error { return nil }); err != nil {
		t.Fatal(err)
	}
	take(w.Sheets())
	take(w.Part(0, w.Size()))
}

// answered reads what the API answers to an address.
func answered[T any](t *testing.T, s *Server, path string) (v T) {
	t.Helper()
	code, body := got(s, path)
	if err := json.Unmarshal([]byte(body), &v); code != http.StatusOK || err != nil {
		t.Fatalf("GET %s: %d, %v: %.300s", path, code, err, body)
	}
	return v
}

// page reads a page that must answer, and holds to what every page must.
func pageOf(t *testing.T, s *Server, path string) string {
	t.Helper()
	code, body := got(s, path)
	if code != http.StatusOK {
		t.Fatalf("GET %s: %d: %.300s", path, code, body)
	}
	checkHTML(t, body)
	return body
}

// escaped is a text as pages have it.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&#34;").Replace(s)
}
