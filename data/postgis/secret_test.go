package postgis_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/load"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
)

func TestSecretPlacesLeaveNoTrace(t *testing.T) {
	for kind, writeFile := range writers {
		t.Run(kind, func(t *testing.T) {
			list := canaries()
			s, url := storeWithPostcodes(t)
			logged := captureLog(t)
			path := filepath.Join(t.TempDir(), "canaries."+kind)
			writeFile(t, path, list)
			res := loaded(t, s, path, load.ActivityOptions{})
			wantRefused := 0
			for _, c := range list {
				if c.refused {
					wantRefused++
				}
			}
			if res.Refused != wantRefused || res.Added != len(list)-wantRefused {
				t.Errorf("%+v, want %d refused and the others added", res, wantRefused)
			}
			public := crawl(t, s, url)
			public["the program's log"] = logged.String()
			stored := dump(t, url)
			stored["the server's log"] = pgtest.Log(t)
			for _, c := range list {
				absent(t, public, c.name, c.traces(t))
				farFrom(t, s, c)
				if c.class == data.S3Secret {
					absent(t, stored, c.name, append(c.positions(t), "HIDDEN house of "+c.name, "HIDDEN Lane", "HIDDEN behind"))
				}
			}
			if !strings.Contains(public["GET /api/v1/activities.csv"], "CANARY restricted by class") {
				t.Error("a restricted activity is not listed: the crawl sees nothing")
			}
			if !strings.Contains(stored["raw.activity"], "CANARY by class") {
				t.Error("a secret activity is not stored: the dump sees nothing")
			}
		})
	}
}

// Columns that identify a row may hold its position.
func TestSecretKeysAreNotStored(t *testing.T) {
	list := canaries()[:7]
	s, url := storeWithPostcodes(t)
	path := filepath.Join(t.TempDir(), "canaries.csv")
	writers["csv"](t, path, list)
	loaded(t, s, path, load.ActivityOptions{Key: []string{"name", "latitude", "longitude", "postcode"}})
	stored := dump(t, url)
	for _, c := range list {
		absent(t, stored, c.name, c.positions(t))
	}
}

// A place that becomes secret takes back what was shown and stored of it, also
// when other rows of its activity were refused, and may be shown again when two
// people agree.
func TestSecretClassRaisedAndLowered(t *testing.T) {
	open := record(2, "a", 1.701117, 52.601213)
	open.Locality = "HIDDEN house of raised"
	second := record(3, "a", 1.72, 52.62)
	spoilt := second
	spoilt.Measures = []string{"norfolk:NOPE"}
	c := canary{name: "raised", class: data.S3Secret, at: orb.Point{1.701117, 52.601213}}
	as := func(r data.ActivityRecord, class data.Sensitivity) data.ActivityRecord {
		r.Class = class
		return r
	}
	for name, raised := range map[string][]data.ActivityRecord{
		"the row itself":                     {as(open, data.S3Secret)},
		"the row itself beside another":      {as(open, data.S3Secret), second},
		"another row of its activity":        {open, as(second, data.S3Secret)},
		"another that is refused":            {open, as(spoilt, data.S3Secret)},
		"its only row, refused":              {as(spoilt, data.S3Secret)},
		"the row beside one that is refused": {as(open, data.S3Secret), spoilt},
	} {
		for _, before := range []data.Sensitivity{data.S0Open, data.S1Care} {
			t.Run(fmt.Sprintf("%s from %v", name, before), func(t *testing.T) {
				s, url := storeWithPostcodes(t)
				imported(t, s, data.Import{}, as(open, before), as(second, before))
				if got := summary(t, s); got.Places != 2 {
					t.Fatalf("%d places are shown to begin with, want 2", got.Places)
				}
				imported(t, s, data.Import{}, raised...)
				everything := crawl(t, s, url)
				maps.Copy(everything, dump(t, url))
				absent(t, everything, c.name, c.traces(t))
				farFrom(t, s, c)
				if n := summary(t, s).Withheld; n != 1 {
					t.Errorf("%d activities withheld, want 1", n)
				}
				// A refused row keeps it secret; good ones open it again.
				imported(t, s, data.Import{}, open, spoilt)
				if n := summary(t, s).Withheld; n != 1 {
					t.Errorf("%d activities withheld after a refused row, want 1", n)
				}
				// Whoever gives it alone cannot lower it.
				imported(t, s, data.Import{}, open, second)
				everything = crawl(t, s, url)
				maps.Copy(everything, dump(t, url))
				absent(t, everything, c.name, c.traces(t))
				if n := summary(t, s).Withheld; n != 1 {
					t.Errorf("%d activities withheld after one person lowered it, want 1", n)
				}
				agreed(t, s, "test//a", data.S0Open)
				imported(t, s, data.Import{}, open, second)
				if got := summary(t, s); got.Withheld != 0 || got.Places != 2 {
					t.Errorf("lowered again: %+v, want two places shown", got.Counts)
				}
			})
		}
	}
}

// A secret row does not name a provider that others see.
func TestSecretRowsDoNotRenameProviders(t *testing.T) {
	s := pgtest.Store(t)
	open := record(2, "a", norwich[0], norwich[1])
	secret := record(3, "b", norwich[0], norwich[1])
	secret.Provider = "Norwich Refuge"
	imported(t, s, data.Import{}, open, secret)
	imported(t, s, data.Import{}, secret)
	list, err := s.Activities(t.Context(), data.Filter{}, data.View{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 1 || list.Items[0].Provider.Name != "Example Trust" {
		t.Errorf("listed %+v, want the open one by Example Trust", list.Items)
	}
}

// New boundaries find places again; secret ones stay without a position, and
// spots stay in their own territory and area.
func TestSecretPlacesUnderNewBoundaries(t *testing.T) {
	s, url := storeWithPostcodes(t)
	path := filepath.Join(t.TempDir(), "canaries.csv")
	list := canaries()
	writers["csv"](t, path, list)
	loaded(t, s, path, load.ActivityOptions{})
	imported(t, s, data.Import{}, care(200)...)
	sets, err := s.CurrentBoundaries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range sets {
		sets[i].Label += " again"
	}
	if _, err := s.LoadBoundaries(t.Context(), postgis.Operator, sets, true); err != nil {
		t.Fatal(err)
	}
	stored := dump(t, url)
	for _, c := range list {
		if c.class == data.S3Secret {
			absent(t, stored, c.name, c.positions(t))
		}
		farFrom(t, s, c)
	}
	spotsAtHome(t, url)
}

// care is n places of class S1, many of them at borders.
func care(n int) (out []data.ActivityRecord) {
	for i := range n {
		r := record(i, fmt.Sprint("care ", i), 0.70+0.003*float64(i%20), 52.35+0.002*float64(i/20))
		r.Class = data.S1Care
		out = append(out, r)
	}
	return out
}

func TestSpotsTellNothingOfThePosition(t *testing.T) {
	s, url := storeWithPostcodes(t)
	imported(t, s, data.Import{}, care(200)...)
	spotsAtHome(t, url)
	conn := connect(t, url)
	var split, cells int
	// One spot a cell, territory and area, however many positions there are.
	err := conn.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE spots > 1), count(*) FILTER (WHERE positions > 1)
		FROM (SELECT count(DISTINCT p.geom) AS spots, count(DISTINCT r.geom) AS positions
		      FROM pub.place p JOIN raw.place r USING (id) WHERE p.level = 'cell'
		      GROUP BY p.cell, p.territory_id, p.area_code) g`).Scan(&split, &cells)
	if err != nil {
		t.Fatal(err)
	}
	if split != 0 || cells == 0 {
		t.Errorf("%d cells of %d with several positions have several spots", split, cells)
	}
	var precise int
	if err := conn.QueryRow(t.Context(), `SELECT count(DISTINCT precision_m) FROM pub.place WHERE level = 'cell'`).Scan(&precise); err != nil {
		t.Fatal(err)
	}
	if precise != 1 {
		t.Errorf("%d different precisions of cells, want 1", precise)
	}
}

// spotsAtHome checks that every spot lies in the territory and area that it
// stands for.
func spotsAtHome(t *testing.T, url string) {
	t.Helper()
	var away, all int
	err := connect(t, url).QueryRow(t.Context(), `
		SELECT count(*) FILTER (WHERE NOT EXISTS (
		         SELECT FROM pub.shape s JOIN pub.boundary_set b ON b.id = s.set_id AND b.current
		         WHERE b.kind NOT IN ('region', CASE WHEN p.area_code IS NULL THEN '' ELSE 'territory' END)
		           AND s.code = COALESCE(p.area_code, p.territory_id) AND ST_DWithin(s.geom, ST_Transform(p.geom, 4326), 1e-9))),
		       count(*)
		FROM pub.place p WHERE p.level = 'cell'`).Scan(&away, &all)
	if err != nil {
		t.Fatal(err)
	}
	if away != 0 || all == 0 {
		t.Errorf("%d of %d spots lie outside their territory or area", away, all)
	}
}
