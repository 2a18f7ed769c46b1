package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/tiles"
	"tributary/tiles/tiletest"
)

// A tile of contributions through the door, and what its TileJSON says of what
// no tile shows.
func TestHeatTiles(t *testing.T) {
	s := given(t)
	// Norwich at zooms 6 and 12.
	for path, want := range map[string][2]float64{
		"/tiles/heat/6/32/20.mvt":               {2, 30003},
		"/tiles/heat/6/32/20.mvt?res=7":         {2, 30003},
		"/tiles/contributions/6/32/20.mvt":      {2, 30003},
		"/tiles/contributions/12/2062/1341.mvt": {1, 10001},
	} {
		code, body := got(s, path)
		if code != http.StatusOK {
			t.Errorf("%s: %d %s", path, code, body)
			continue
		}
		if err := tiles.Verify([]byte(body)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		layers, err := mvt.Unmarshal([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		var sum [2]float64
		for _, l := range layers {
			for _, f := range l.Features {
				sum[0], sum[1] = sum[0]+f.Properties["count"].(float64), sum[1]+f.Properties["pence"].(float64)
			}
		}
		if sum != want {
			t.Errorf("%s: %v, want %v", path, sum, want)
		}
	}
	code, body := got(s, "/tiles/heat,contributions.json")
	var about tiles.TileJSON
	if err := json.Unmarshal([]byte(body), &about); err != nil || code != http.StatusOK {
		t.Fatalf("%d %s: %v", code, body, err)
	}
	shown := about.Shown["heat"]
	figure := func(count, pence int64) data.Figure { return data.Figure{Count: count, Pence: data.Pence(pence)} }
	for name, test := range map[string][2]data.Figure{"total": {shown.Total, figure(4, 100010)}, "unallocated": {shown.Unallocated, figure(1, 40004)}, "withheld": {shown.Withheld, figure(1, 30003)},
		"withheld at 9": {shown.Cells[len(shown.Cells)-1].Withheld, figure(2, 50005)}} {
		if !test[0].Equal(test[1]) {
			t.Errorf("%s is %+v, want %+v", name, test[0], test[1])
		}
	}
	if len(shown.Cells) != 7 || shown.Cells[0].MinZoom != 0 || shown.Cells[6].MaxZoom != 14 || shown.Cells[6].Res != 9 {
		t.Errorf("the resolutions are %+v", shown.Cells)
	}
	if diff := cmp.Diff([]int64{20000}, shown.Cells[0].Breaks); diff != "" {
		t.Errorf("breaks (-want +got):\n%s", diff)
	}
}

// Bad addresses of tiles are refused by name, never by an empty tile.
func TestTilesAreRefused(t *testing.T) {
	s := given(t)
	for path, want := range map[string]string{
		"/tiles/rivers/6/32/20.mvt":                        "there is no layer",
		"/tiles/heat,heat/6/32/20.mvt":                     "asked for twice",
		"/tiles/heat/15/0/0.mvt":                           "zooms run from 0 to 14",
		"/tiles/heat/-1/0/0.mvt":                           "zooms run from 0 to 14",
		"/tiles/heat/2/4/0.mvt":                            "outside the world",
		"/tiles/heat/2/0/99999999999.mvt":                  "outside the world",
		"/tiles/heat/6/32/20.mvt?res=2":                    "not a resolution",
		"/tiles/heat/6/32/20.mvt?res=10":                   "not a resolution",
		"/tiles/heat/2/1/1.mvt?res=9":                      "too small for zoom 2",
		"/tiles/hubs/6/32/20.mvt?status=validated":         "does not apply",
		"/tiles/activities,heat/6/32/20.mvt?sector=police": "does not apply to the layer activities",
		"/tiles/activities/6/32/20.mvt?res=5":              "does not apply",
		"/tiles/gaps/6/32/20.mvt":                          "one territory at a time",
		"/tiles/gaps/6/32/20.mvt?territory=norfolk,kent":   "one territory at a time",
		"/tiles/heat/6/32/20.mvt?colour=red":               "not a parameter",
		"/tiles/heat/6/32/20.mvt?metric=quantity":          "name one",
		"/tiles/heat/6/32/20.mvt?state=claimed&from=soon":  "not a day",
		"/tiles/gaps.json":                                 "one territory at a time",
		"/style.json?metric=happiness":                     "not a metric",
	} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusBadRequest || w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s, want 400 with %q", path, w.Code, w.Body, want)
		}
	}
}

// Equal filters in other spellings are the same tile.
func TestFiltersShareTiles(t *testing.T) {
	s := given(t)
	tags := map[string]bool{}
	for _, path := range []string{
		"/tiles/heat/6/32/20.mvt?type=donation_money&territory=norfolk,kent", "/tiles/heat/6/32/20.mvt?territory=kent&territory=norfolk&type=donation_money&sector=",
		"/tiles/heat/6/32/20.mvt?territory=kent,norfolk,kent&type=donation_money&metric=count"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		tags[w.Header().Get("ETag")] = true
	}
	if kept, _ := s.tiles.Kept(); len(tags) != 1 || kept != 1 {
		t.Errorf("%d tags, %d tiles kept, want one", len(tags), kept)
	}
}

// Every layer at many zooms, as it is sent: the verifier and two decoders agree.
func TestDecodersAgreeOnEveryLayer(t *testing.T) {
	_, s := demonstration(t)
	encoded := map[string][]byte{}
	for _, l := range tiles.Layers {
		query := ""
		if l.Name == "gaps" {
			query = "?territory=norfolk"
		}
		for z := maptile.Zoom(0); z <= 14; z += 2 {
			for _, p := range []orb.Point{{1.2974, 52.6309}, {-0.12, 51.5}} {
				at := maptile.At(p, z)
				path := fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt%s", l.Name, at.Z, at.X, at.Y, query)
				code, body := got(s, path)
				if code != http.StatusOK && code != http.StatusNoContent {
					t.Fatalf("%s: %d %s", path, code, body)
				}
				if code == http.StatusOK {
					encoded[path] = []byte(body)
				}
			}
		}
	}
	if len(encoded) < 50 {
		t.Errorf("there are %d tiles", len(encoded))
	}
	tiletest.Agree(t, encoded)
}

// The style draws every layer that the question applies to, and MapLibre can
// read it. Those but the first are there to be switched on.
func TestStyle(t *testing.T) {
	_, s := demonstration(t)
	for query, want := range map[string][]string{
		"":                                {"territories", "activities", "areas-outline", "target-areas", "heat", "contributions", "flows", "needs", "stories", "hubs"},
		"?territory=norfolk&metric=count": {"gaps", "heat", "flows", "hubs"},
		"?theme=safer":                    {"activities", "heat", "needs"},
	} {
		code, body := got(s, "/style.json"+query)
		var style tiles.Style
		if err := json.Unmarshal([]byte(body), &style); err != nil || code != http.StatusOK {
			t.Fatalf("%s: %d %v", query, code, err)
		}
		drawn := map[string]tiles.StyleLayer{}
		for _, l := range style.Layers {
			drawn[l.ID] = l
			if hidden := l.Layout["visibility"] == "none"; l.Source != "" && hidden == (l.Source == "tributary") {
				t.Errorf("%s: the layer %s is hidden: %t", query, l.ID, hidden)
			}
		}
		for _, id := range want {
			if _, ok := drawn[id]; !ok {
				t.Errorf("%s: there is no layer %s", query, id)
			}
		}
		if _, ok := drawn["hubs"]; ok && strings.Contains(query, "theme") {
			t.Errorf("%s: hubs are drawn, to which it does not apply", query)
		}
		cmd := exec.CommandContext(t.Context(), "node", tiletest.App(t, "build/style.mjs"))
		cmd.Stdin = strings.NewReader(body)
		if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "" {
			t.Errorf("%s: %v\n%s", query, err, out)
		}
	}
}
