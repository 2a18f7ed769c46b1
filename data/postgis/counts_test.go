package postgis_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/project"
	"pgregory.net/rapid"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	"tributary/geo"
	"tributary/web"
)

// exported is the whole export as rows by column: what the figures are held
// against, as it is made by another way than they are.
func exported(t *testing.T, s *postgis.Store, query string) (rows []map[string]string) {
	t.Helper()
	srv, err := web.NewServer(web.Config{BaseURL: "http://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20}, s)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/activities.csv?"+query, nil))
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(w.Body.Bytes(), []byte("\ufeff")))).ReadAll()
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("export: %d, %v", w.Code, err)
	}
	for _, r := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// mixture is a store with made-up activities of every class and status, some
// with several places, some with equal names.
func mixture(t *testing.T) *postgis.Store {
	t.Helper()
	s := pgtest.Store(t)
	var records []data.ActivityRecord
	for r := range demo.Activities(400, 3) {
		i := len(records)
		r.Line, r.Status = i, data.Statuses[i%len(data.Statuses)]
		if i%3 == 0 {
			r.Name = "The same name"
		}
		if i%5 == 0 {
			r.Role = data.RoleBase
		}
		records = append(records, r)
		if i%7 == 0 { // another place of the same activity, elsewhere
			second := r
			lon, lat := norwich[0]+0.0001*float64(i), norwich[1]
			second.Lon, second.Lat, second.Postcode, second.Role = &lon, &lat, "", data.RoleDelivery
			records = append(records, second)
		}
	}
	imported(t, s, data.Import{}, records...)
	return s
}

// kept reports whether a row of the export is of the filter's, read from the
// filter's own words.
func kept(f data.Filter, row map[string]string) bool {
	within := func(list []string, values ...string) bool {
		return len(list) == 0 || slices.ContainsFunc(values, func(v string) bool { return slices.Contains(list, v) })
	}
	switch {
	case row["role"] != "delivery" && row["role"] != "service_area":
		return false
	case len(f.Status) == 0 && row["status"] == "closed":
		return false
	}
	return within(words(f.Region), row["region"]) && within(words(f.Territory), row["territory"]) && within(words(f.Area), row["area"]) &&
		within(words(f.Theme), strings.Split(row["themes"], ";")...) && within(f.Measure, strings.Split(row["measures"], ";")...) &&
		within(words(f.Status), row["status"]) && within(f.Provider, row["provider"]) && within(f.Activity, row["activity"])
}

func words[T ~string](list []T) (out []string) {
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

// drawFilter is a filter of values that occur in the rows.
func drawFilter(t *rapid.T, rows []map[string]string) data.Filter {
	query := url.Values{}
	for _, p := range []struct{ name, column string }{
		{"region", "region"}, {"territory", "territory"}, {"area", "area"}, {"theme", "themes"}, {"measure", "measures"}, {"status", "status"}, {"provider", "provider"}, {"activity", "activity"},
	} {
		if rapid.IntRange(0, 3).Draw(t, "has "+p.name) > 0 {
			continue
		}
		var values []string
		for range rapid.IntRange(1, 3).Draw(t, "how many") {
			row := rapid.SampledFrom(rows).Draw(t, "like")
			if v := strings.Split(row[p.column], ";")[0]; v != "" {
				values = append(values, v)
			}
		}
		query.Set(p.name, strings.Join(values, ","))
	}
	f, _, err := data.ParseFilter(query, data.Scope{Takes: postgis.ActivityParams})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Every way of counting gives the same figures, those of the export.
func TestFiguresAgreeWithTheExport(t *testing.T) {
	s := mixture(t)
	all := exported(t, s, "status="+strings.Join(words(data.Statuses), ","))
	if len(all) < 200 {
		t.Fatalf("%d rows exported", len(all))
	}
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFilter(t, all)
		activities, providers, validated := map[string]bool{}, map[string]bool{}, map[string]bool{}
		places, byTerritory, byRegion, byArea := 0, map[string]int{}, map[string]int{}, map[string]int{}
		for _, row := range all {
			if !kept(f, row) {
				continue
			}
			places++
			byTerritory[row["territory"]]++
			byRegion[row["region"]]++
			if row["area"] != "" {
				byArea[row["area"]]++
			}
			activities[row["activity"]], providers[row["provider"]] = true, true
			if row["status"] == "validated" {
				validated[row["activity"]] = true
			}
		}
		sum, err := s.Summary(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		want := data.Counts{Activities: len(activities), Places: places, Validated: len(validated), Providers: len(providers), Withheld: sum.Withheld}
		if sum.Counts != want {
			t.Errorf("%s: the summary is %+v, the export %+v", f.Canonical(), sum.Counts, want)
		}
		territories, err := s.Territories(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		got, regionOf := map[string]int{}, map[string]int{}
		for _, r := range territories {
			if r.Places > 0 {
				got[string(r.ID)] = r.Places
				regionOf[string(r.Region)] += r.Places
			}
		}
		if !maps.Equal(got, byTerritory) {
			t.Errorf("%s: territories %v, want %v", f.Canonical(), got, byTerritory)
		}
		regions, err := s.Regions(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		got = map[string]int{}
		for _, r := range regions {
			if r.Places > 0 {
				got[string(r.Code)] = r.Places
			}
		}
		if !maps.Equal(got, byRegion) || !maps.Equal(got, regionOf) {
			t.Errorf("%s: regions %v, want %v, and the sums of their territories %v", f.Canonical(), got, byRegion, regionOf)
		}
		areas, err := s.Areas(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		got = map[string]int{}
		for _, r := range areas {
			if r.Places > 0 {
				got[string(r.Code)] = r.Places
			}
		}
		if !maps.Equal(got, byArea) {
			t.Errorf("%s: areas %v, want %v", f.Canonical(), got, byArea)
		}
		pages(t, s, f, slices.Sorted(maps.Keys(activities)))
	})
}

// pages reads a list page by page, in a drawn order and size, and holds it
// against the activities that it must have.
func pages(t *rapid.T, s *postgis.Store, f data.Filter, want []string) {
	view := data.View{Limit: rapid.SampledFrom([]int{1, 2, 7, 50, 1000}).Draw(t, "limit"), Sort: rapid.SampledFrom(append(postgis.ActivitySorts, "")).Draw(t, "sort")}
	if view.Limit < 7 && len(want) > 40 {
		view.Limit = 7
	}
	var got, keys []string
	for {
		page, err := s.Activities(t.Context(), f, view)
		if err != nil {
			t.Fatal(err)
		}
		if page.Matched != len(want) {
			t.Fatalf("%s: %d matched, want %d", f.Canonical(), page.Matched, len(want))
		}
		for _, a := range page.Items {
			got = append(got, a.ID)
			key := strings.ToLower(a.Name)
			if strings.HasSuffix(view.Sort, "updated") {
				key = a.Updated.UTC().Format("20060102150405.000000")
			}
			keys = append(keys, key+" "+a.ID)
		}
		if page.After == "" {
			break
		}
		if len(page.Items) != view.Limit {
			t.Fatalf("a page of %d that is not the last, want %d", len(page.Items), view.Limit)
		}
		view.After = page.After
	}
	if strings.HasPrefix(view.Sort, "-") {
		slices.Reverse(keys)
	}
	if !slices.IsSorted(keys) {
		t.Errorf("%s: by %q the pages are out of order", f.Canonical(), view.Sort)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: the pages by %q hold %d activities, want %d, each once", f.Canonical(), view.Sort, len(got), len(want))
	}
}

// The tiles of the whole country hold every place once, at every zoom.
func TestTilesAgreeWithTheExport(t *testing.T) {
	s := mixture(t)
	all := exported(t, s, "status="+strings.Join(words(data.Statuses), ","))
	country := orb.Bound{Min: orb.Point{-9, 49}, Max: orb.Point{2.1, 61.5}}
	filters := []data.Filter{{}, {Territory: []geo.TerritoryID{"norfolk", "kent"}}, {Status: []data.Status{data.StatusClosed, data.StatusDraft}}, {Theme: []data.Theme{data.ThemeSafer}, Region: []geo.RegionCode{"E12000006"}}}
	for _, f := range filters {
		want := 0
		for _, row := range all {
			if kept(f, row) {
				want++
			}
		}
		for z := maptile.Zoom(0); z <= 8; z++ {
			if got := total(t, s, z, country, f); got != want {
				t.Errorf("%s: the tiles of zoom %d hold %d places, want %d", f.Canonical(), z, got, want)
			}
		}
	}
}

// A box keeps what stands in it, as it is shown.
func TestBoxAgreesWithTheExport(t *testing.T) {
	s := mixture(t)
	list := map[string]orb.Point{}
	err := s.EachActivity(t.Context(), data.Filter{}, func(a data.Activity) error {
		for _, p := range a.Places {
			if p.Position != nil && p.Role == data.RoleDelivery {
				list[p.ID] = project.WGS84.ToMercator(*p.Position)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		w, so := rapid.Float64Range(-6, 1).Draw(t, "west"), rapid.Float64Range(50, 56).Draw(t, "south")
		box := orb.Bound{Min: orb.Point{w, so}, Max: orb.Point{w + rapid.Float64Range(0.01, 3).Draw(t, "wide"), so + rapid.Float64Range(0.01, 3).Draw(t, "high")}}
		inside := 0
		for _, p := range list {
			if (orb.Bound{Min: project.WGS84.ToMercator(box.Min), Max: project.WGS84.ToMercator(box.Max)}).Contains(p) {
				inside++
			}
		}
		sum, err := s.Summary(ctx, data.Filter{BBox: &box})
		if err != nil {
			t.Fatal(err)
		}
		// Places shown by area or territory stand at its label and count too.
		if sum.Places < inside || sum.Places > inside+len(list) {
			t.Errorf("%v: %d places, of them %d with a position inside", box, sum.Places, inside)
		}
		if again, err := s.Summary(ctx, data.Filter{BBox: &orb.Bound{Min: orb.Point{-9, 49}, Max: orb.Point{2.1, 61.5}}}); err != nil || again.Places < sum.Places {
			t.Errorf("the whole country has %d places, a part of it %d, %v", again.Places, sum.Places, err)
		}
	})
}

func FuzzCursor(f *testing.F) {
	id := "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	f.Add("name", "bmFtZSA2YmE3YjgxMC05ZGFkLTExZDEtODBiNC0wMGMwNGZkNDMwYzggeA")
	f.Add("-updated", strconv.Quote(id))
	f.Fuzz(func(t *testing.T, sort, s string) {
		key, i, err := postgis.ReadCursor(sort, s)
		if err != nil || s == "" {
			return
		}
		if strings.ContainsRune(*key, 0) || len(*i) != len(id) {
			t.Errorf("%q is read as %q, %q", s, *key, *i)
		}
		if _, _, err := postgis.ReadCursor(sort+"x", s); err == nil {
			t.Errorf("%q goes on in two orders", s)
		}
	})
}

func TestCursorsOfOthersAreRefused(t *testing.T) {
	s := pgtest.Store(t)
	var records []data.ActivityRecord
	for i := range 3 {
		records = append(records, record(i, fmt.Sprint(i), norwich[0], norwich[1]))
	}
	imported(t, s, data.Import{}, records...)
	first, err := s.Activities(t.Context(), data.Filter{}, data.View{Limit: 1, Sort: "name"})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]data.View{
		"of another order":  {Limit: 1, Sort: "updated", After: first.After},
		"of none":           {Limit: 1, Sort: "name", After: "abc"},
		"spoilt":            {Limit: 1, Sort: "name", After: first.After + "A"},
		"with a NUL":        {Limit: 1, Sort: "name", After: "bmFtZSA2YmE3YjgxMC05ZGFkLTExZDEtODBiNC0wMGMwNGZkNDMwYzggAA"},
		"without a day":     {Limit: 1, Sort: "updated", After: "dXBkYXRlZCA2YmE3YjgxMC05ZGFkLTExZDEtODBiNC0wMGMwNGZkNDMwYzggYWJj"},
		"in an order of no": {Limit: 1, Sort: "colour"},
	} {
		if _, err := s.Activities(t.Context(), data.Filter{}, v); err == nil || !strings.Contains(err.Error(), "after:") && !strings.Contains(err.Error(), "sort:") {
			t.Errorf("a cursor %s: %v, want a refusal", name, err)
		}
	}
}
