package web

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"tributary/geo"
	"tributary/tiles"
)

// Where a place lies within what may be told of it changes no byte of any
// answer: neither distances from many sites, nor filters, zooms or boxes tell
// one position from another.
func TestPositionsMakeNoDifference(t *testing.T) {
	a := newAttacker(t)
	a.plant("organisation", map[string]string{"id": "builder", "name": "Builder Ltd", "kind": "supplier"}, false)
	put := func(shift float64) {
		for i, class := range []string{"s1", "s2", "s3"} {
			// Norwich, in the middle of a cell; a restricted and a secret one move further.
			lat, lon := 52.6309+shift*[]float64{0.0004, 0.05, 0.2}[i], 1.2974+shift*[]float64{0.0003, 0.07, 0.2}[i]
			at := map[string]string{"latitude": fmt.Sprintf("%.6f", lat), "longitude": fmt.Sprintf("%.6f", lon)}
			activity := map[string]string{"id": class, "name": "Group " + class, "provider": "Trust", "class": class, "status": "validated", "themes": "safer"}
			gift := map[string]string{"id": "g" + class, "supplier": "builder", "type": "donation_money", "value": "99", "delivered_from": "2025-05-01", "class": class}
			maps.Copy(activity, at)
			maps.Copy(gift, at)
			a.plant("activity", activity, false)
			a.plant("contribution", gift, false)
		}
	}
	put(0)
	sites := []string{}
	for i := range 40 {
		angle := float64(i) / 40 * 2 * math.Pi
		sites = append(sites, fmt.Sprintf("/api/v1/nearby?within=100&site=%.4f%%20%.4f", 52.63+0.1*math.Sin(angle)*float64(1+i%4), 1.3+0.1*math.Cos(angle)*float64(1+i%4)))
	}
	answers := func() map[string]string {
		out := map[string]string{}
		addresses := slices.DeleteFunc(append(a.addresses(), sites...), func(at string) bool { // workbooks say what tables do
			return uuids.MatchString(at) && !strings.Contains(at, "activities/") || strings.Contains(at, ".xlsx")
		})
		for at, w := range a.answers(addresses) {
			if w.Code != http.StatusOK {
				continue
			}
			out[at] = settled(unpacked(t, w.Body.Bytes()))
		}
		for z := maptile.Zoom(0); z <= geo.MaxZoom; z++ {
			for _, layer := range []string{"activities", "heat", "contributions", "territories", "areas"} {
				tile := maptile.At(orb.Point{1.2974, 52.6309}, z)
				w := httptest.NewRecorder()
				at := fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layer, z, tile.X, tile.Y)
				a.srv.ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
				out[at] = features(t, w)
			}
		}
		return out
	}
	before := answers()
	put(1)
	after := answers()
	compared := 0
	for at, text := range before {
		other, there := after[at]
		if !there {
			continue // an id that is another now
		}
		compared++
		if text != other {
			i := 0
			for i < min(len(text), len(other)) && text[i] == other[i] {
				i++
			}
			t.Errorf("%s differs:\n…%.200s\n…%.200s", at, text[max(0, i-60):], other[max(0, i-60):])
		}
	}
	if compared < 500 || !strings.Contains(before[sites[0]], "Group s1") {
		t.Errorf("only %d answers were compared, near: %.800s", compared, before[sites[0]])
	}
	t.Logf("%d answers were the same to the byte wherever a sensitive place lay", compared)
}

var changing = regexp.MustCompile(`"version":\d+|version \d+|20\d\d-\d\d-\d\dT[0-9:.]+Z|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[A-Z2-7]{16}|,\d+,\w+=|"(id|fact)":\d+|(?m)^\d+,`)

// settled is an answer without what changes with every write, versions, times
// and the ids of facts, and in whatever order those put its rows.
func settled(text string) string {
	rows := strings.FieldsFunc(strings.ReplaceAll(changing.ReplaceAllString(text, ""), "},{", "\n"), func(r rune) bool { return strings.ContainsRune("\n[]{}", r) })
	slices.Sort(rows)
	return strings.Join(rows, "\n")
}

// features are a tile's features without their ids.
func features(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code != http.StatusOK {
		return strconv.Itoa(w.Code)
	}
	layers, err := mvt.Unmarshal(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range layers {
		for _, f := range l.Features {
			delete(f.Properties, "id")
			out = append(out, fmt.Sprint(l.Name, f.Geometry, settled(fmt.Sprint(f.Properties))))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// figures are numbers as answers write them, and what stands for one of them.
var figures = regexp.MustCompile(`£?\d[\d,.]*( million| billion)?%?`)

// skeleton is an answer without its figures, its rows in order.
func skeleton(text string) []string {
	rows := strings.Split(figures.ReplaceAllString(text, "#"), "\n")
	slices.Sort(rows)
	return rows
}

// more are the rows that one skeleton has and the other does not, each as often.
func more(one, other []string) (out []string) {
	for len(one) > 0 {
		switch {
		case len(other) == 0 || one[0] < other[0]:
			out, one = append(out, one[0]), one[1:]
		case one[0] == other[0]:
			one, other = one[1:], other[1:]
		default:
			other = other[1:]
		}
	}
	return out
}

// everything asks every address that holds no id, by itself and about the time
// and place of what is planted, and tiles over Norfolk.
func (a *attacker) everything() map[string]string {
	a.t.Helper()
	out := map[string]string{}
	addresses := slices.DeleteFunc(a.addresses(), func(at string) bool { // workbooks say what tables do
		_, q, _ := strings.Cut(at, "?")
		return uuids.MatchString(at) || strings.Contains(at, ".xlsx") || q != "" && q != "territory=norfolk" && !strings.HasPrefix(q, "from=")
	})
	for at, w := range a.answers(addresses) {
		if w.Code == http.StatusOK {
			out[at] = settled(unpacked(a.t, w.Body.Bytes()))
		}
	}
	for _, z := range []maptile.Zoom{4, 9, 13} {
		tile := maptile.At(orb.Point{1.2931, 52.6317}, z)
		for _, layer := range tiles.Names() {
			at := fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layer, tile.Z, tile.X, tile.Y)
			w := httptest.NewRecorder()
			a.srv.ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
			out[at] = features(a.t, w)
		}
	}
	return out
}

// One secret record more changes figures of territories, regions and the
// kingdom, and adds a line without a name to the list of what was given; nothing
// else of any answer. One restricted record more adds lines, none of which says
// more than its area.
func TestOneRecordMoreOrLess(t *testing.T) {
	a := newAttacker(t)
	a.plant("organisation", map[string]string{"id": "builder", "name": "Builder Ltd", "kind": "supplier"}, false)
	put := func(id, class string, i int) {
		at := func(row map[string]string) map[string]string {
			row["latitude"], row["longitude"] = fmt.Sprintf("52.63%02d17", i), fmt.Sprintf("1.29%02d31", i)
			row["class"] = class
			return row
		}
		name := "Group " + id
		if class == "s3" {
			name = a.secret("group")
		}
		a.plant("activity", at(map[string]string{"id": id, "name": name, "provider": "Provider " + strconv.Itoa(i%2), "status": "validated", "themes": "safer"}), false)
		a.plant("contribution", at(map[string]string{"id": "g" + id, "supplier": "builder", "activity": id, "type": "donation_money", "value": strconv.Itoa(1000 + 37*i), "delivered_from": "2025-05-17"}), false)
	}
	// Company, so that none is alone where it is told.
	for i := range 4 {
		put(fmt.Sprint("open", i), "s0", i)
		put(fmt.Sprint("secret", i), "s3", i)
		put(fmt.Sprint("restricted", i), "s2", i)
	}
	before := a.everything()
	put("one", "s3", 9)
	after := a.everything()
	same, figuresOnly, lines := 0, 0, 0
	for at, text := range before {
		other := after[at]
		if text == other {
			same++
			continue
		}
		// Lists of what has a name, and tiles of what has a place, have no figure of it.
		for _, named := range []string{"/api/v1/activities.", "/api/v1/organisations", "/api/v1/contracts", "/api/v1/nearby", "/nearby", "/api/v1/search", "/search"} {
			if strings.HasPrefix(at, named) {
				t.Errorf("%s tells of a secret record: %.500s", at, other)
			}
		}
		layer, _, _ := strings.Cut(strings.TrimPrefix(at, "/tiles/"), "/")
		if strings.HasSuffix(at, ".mvt") && !slices.Contains([]string{"territories", "regions", "flows"}, layer) {
			t.Errorf("%s tells of a secret record", at)
		}
		added, gone := more(skeleton(other), skeleton(text)), more(skeleton(text), skeleton(other))
		lists := strings.HasPrefix(at, "/contributions") || strings.HasPrefix(at, "/api/v1/contributions")
		switch {
		case len(added) == 0 && len(gone) == 0:
			figuresOnly++
		case lists && len(gone) == 0:
			lines++
			for _, line := range added {
				if strings.Contains(line, "Builder") || strings.Contains(line, "Provider") || strings.Contains(line, "Norwich") {
					t.Errorf("%s tells who or where: %s", at, line)
				}
			}
		default:
			t.Errorf("%s differs in more than figures:\n+%.400s\n-%.400s", at, added, gone)
		}
	}
	if same < 100 || figuresOnly < 10 || lines == 0 {
		t.Errorf("%d answers the same, %d other in figures, %d with lines more: the test shows nothing", same, figuresOnly, lines)
	}
	t.Logf("with one secret record more %d answers are the same, %d differ in figures alone, %d have a line without a name", same, figuresOnly, lines)

	a.places = append(a.places, orb.Point{1.298831, 52.638817})
	put("more", "s2", 88)
	more2, changed := a.everything(), 0
	for at, text := range after {
		if other := more2[at]; other != text {
			changed++
			for _, line := range more(strings.Split(other, "\n"), strings.Split(text, "\n")) {
				for _, find := range a.search(at, line) {
					t.Error(find)
				}
				if strings.Contains(line, "52.6388") || strings.Contains(line, "1.2988") {
					t.Errorf("%s says where a restricted record is: %s", at, line)
				}
			}
		}
	}
	if changed < 20 || !strings.Contains(more2["/api/v1/activities.csv"], "Group more") {
		t.Errorf("only %d answers tell of a restricted record more", changed)
	}
	t.Logf("with one restricted record more %d answers differ, none says more than its area", changed)
}
