package web

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
)

// shownSites is how many sites' activities the page lists; files have all.
const shownSites = 20

// nearbyContent is a supplier's page: what is near its sites.
type nearbyContent struct {
	Sites    string // as typed, one a line
	Types    []option
	Themes   []option
	Within   []option
	Quantity string
	Problem  *data.Invalid
	Answer   *data.Nearby
	Groups   []nearbyGroup
	More     int           // sites that are in the files alone
	Map      template.HTML // drawn; empty if there is nothing to draw
	Files    []file
	offer    url.Values // what is offered, for the words of a first message
	WiderURL string     // the same question further out; empty where it is
	AnyURL   string     // and of any offer
}

// AskURL is how to get in touch about an activity with what is offered.
func (c nearbyContent) AskURL(id string) string { return queryURL(activityURL(id)+"/contact", c.offer) }

// OrderURL begins a Social Purchase Order for an activity of what is offered.
func (c nearbyContent) OrderURL(id string) string { return orderURL(id, c.offer) }

// nearbyGroup is one site with what suits it.
type nearbyGroup struct {
	Site string
	At   data.SiteAt
	Rows []nearbyRow
}

// nearbyRow is one activity, with its number on the map.
type nearbyRow struct {
	data.Match
	Number int
}

// nearbyDistances are the distances to choose from, kilometres.
var nearbyDistances = []int{5, 10, 25, 50, 100}

// nearbyPage answers "/nearby".
func (s *Server) nearbyPage(w http.ResponseWriter, r *http.Request) error {
	// A box of several lines gives a site a line.
	side := r.Clone(r.Context())
	query := r.URL.Query()
	for name, values := range query { // a form sends what was left empty too
		if len(values) == 1 && values[0] == "" {
			query.Del(name)
		}
	}
	if query.Has("site") {
		query.Set("site", strings.Join(strings.FieldsFunc(query.Get("site"), func(c rune) bool { return c == '\n' || c == '\r' || c == ',' || c == ';' }), ","))
	}
	if _, err := url.ParseQuery(r.URL.RawQuery); err == nil {
		side.URL.RawQuery = query.Encode()
	}
	q, err := s.ask(side, data.NearbyParams, "site", "within", "quantity")
	status := http.StatusOK
	c := nearbyContent{Sites: strings.ReplaceAll(query.Get("site"), ",", "\n"), Quantity: query.Get("quantity")}
	if err == nil && len(q.view.Sites) > 0 {
		err = s.nearbyFound(r, q, &c)
	}
	if err != nil {
		if !errors.As(err, &c.Problem) || !slices.Contains([]string{"site", "within", "quantity", "type", "theme"}, c.Problem.Field) {
			return err
		}
		status = http.StatusBadRequest
	}
	c.choices(query)
	title := "Find activities near your sites"
	if c.Problem != nil {
		title = "Error: " + title
	}
	return s.pages.show(w, r, status, "nearby", frame{Title: title, Nav: "/nearby", Wide: true, Content: c})
}

// choices are what the form offers, with what was chosen.
func (c *nearbyContent) choices(query url.Values) {
	for _, t := range data.ContributionTypes {
		c.Types = append(c.Types, option{t, offerWord(t), query.Get("type") == t})
	}
	for _, t := range data.Themes {
		c.Themes = append(c.Themes, option{string(t), themeWord(t), query.Get("theme") == string(t)})
	}
	within := cmp.Or(query.Get("within"), strconv.Itoa(data.DefaultNearKm))
	for _, km := range nearbyDistances {
		v := strconv.Itoa(km)
		c.Within = append(c.Within, option{v, v + " kilometres", v == within})
	}
}

// offerWord is "Professional advice pro bono" for professional_advice_pro_bono.
func offerWord(code string) string {
	words := plainCode(code)
	return strings.ToUpper(words[:1]) + words[1:]
}

// nearbyFound asks, and groups what is found by site.
func (s *Server) nearbyFound(r *http.Request, q asked, c *nearbyContent) error {
	const each = 10
	n, err := s.src.Nearby(r.Context(), q.filter, q.view.Sites, q.offer(), cmp.Or(q.view.Within, data.DefaultNearKm), each)
	if err != nil {
		return err
	}
	c.Answer = &n
	query := r.URL.Query()
	c.offer = url.Values{"type": {strings.Join(q.filter.Type, ",")}, "quantity": {query.Get("quantity")}}
	if q.view.Within < data.MaxNearKm {
		c.WiderURL = queryURL("/nearby", query, url.Values{"within": {strconv.Itoa(data.MaxNearKm)}})
	}
	if query.Get("type") != "" || query.Get("theme") != "" {
		c.AnyURL = queryURL("/nearby", url.Values{"site": query["site"], "within": query["within"]})
	}
	c.More = max(0, len(n.Sites)-shownSites)
	for _, at := range n.Sites[:len(n.Sites)-c.More] {
		c.Groups = append(c.Groups, nearbyGroup{Site: at.Site, At: at})
	}
	number := 0
	for _, m := range n.Rows {
		i := slices.IndexFunc(c.Groups, func(g nearbyGroup) bool { return g.Site == m.Site })
		if i >= 0 {
			number++
			c.Groups[i].Rows = append(c.Groups[i].Rows, nearbyRow{m, number})
		}
	}
	view := url.Values{"site": {strings.Join(q.view.Sites, ",")}}
	if q.view.Within > 0 {
		view.Set("within", degrees(q.view.Within))
	}
	if q.view.Quantity > 0 {
		view.Set("quantity", strings.TrimSpace(q.view.Quantity.String()+" "+q.view.Unit))
	}
	for _, form := range []string{"csv", "xlsx", "geojson"} {
		c.Files = append(c.Files, file{fileWords[form], pageURL("/api/v1/nearby."+form, q.filter, view)})
	}
	paths, err := s.pages.outlinePaths(r.Context())
	if err != nil {
		return err
	}
	c.Map = drawNearby(paths, c.Groups)
	return nil
}

// nearbyUpload takes a file of sites and leads to the page that answers it, so
// that the answer has an address of its own.
func (s *Server) nearbyUpload(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	refuse := func(invalid *data.Invalid) error {
		c := nearbyContent{Problem: invalid}
		c.choices(url.Values{})
		return s.pages.show(w, r, http.StatusBadRequest, "nearby", frame{Title: "Error: Find activities near your sites", Nav: "/nearby", Wide: true, Content: c})
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	f, _, err := r.FormFile("sites")
	if err != nil {
		return refuse(data.Invalidf("sites", "", "choose a CSV file of at most 500 rows, with a column postcode, or latitude and longitude"))
	}
	defer f.Close()
	sites, err := data.ReadSites(f)
	var invalid *data.Invalid
	if errors.As(err, &invalid) {
		return refuse(invalid)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, queryURL("/nearby", url.Values{"site": {strings.Join(sites, ",")}}), http.StatusSeeOther)
	return nil
}

// drawNearby draws sites and numbered activities among the territories'
// outlines, with a scale.
func drawNearby(paths []outlinePath, groups []nearbyGroup) template.HTML {
	if len(paths) == 0 || !slices.ContainsFunc(groups, func(g nearbyGroup) bool { return len(g.Rows) > 0 }) { // a site alone says nothing
		return ""
	}
	place := placer(paths)
	box := orb.Bound{Min: place(groups[0].At.Point), Max: place(groups[0].At.Point)}
	for _, g := range groups {
		box = box.Extend(place(g.At.Point))
		for _, m := range g.Rows {
			box = box.Extend(place(m.Point))
		}
	}
	box = squarish(box.Pad(1.5))
	width, height := box.Max[0]-box.Min[0], box.Max[1]-box.Min[1]
	unit := width / 100
	var b bytes.Buffer
	openSVG(&b, box.Min[0], box.Min[1], width, height, "Your sites and the activities that suit them, by their numbers in the list")
	for _, p := range paths {
		if p.bound.Intersects(box) {
			fmt.Fprintf(&b, `<path fill="#f7f5ef" stroke="#7a8790" stroke-width="%.3f" d="%s"><title>%s</title></path>`, unit/4, p.d, html.EscapeString(p.name))
		}
	}
	for _, g := range groups {
		for _, m := range slices.Backward(g.Rows) { // the best on top
			at := place(m.Point)
			fmt.Fprintf(&b, `<g><title>%d: %s</title><circle cx="%.3f" cy="%.3f" r="%.3f" fill="#5b2a6b" stroke="#fff" stroke-width="%.3f"/><text x="%.3f" y="%.3f" font-size="%.3f" text-anchor="middle" font-weight="700" font-family="Noto Sans, Arial, sans-serif" fill="#fff">%d</text></g>`,
				m.Number, html.EscapeString(m.Name), at[0], at[1], 2.2*unit, unit/3, at[0], at[1]+0.85*unit, 2.4*unit, m.Number)
		}
	}
	for _, g := range groups {
		at := place(g.At.Point)
		fmt.Fprintf(&b, `<rect x="%.3f" y="%.3f" width="%.3f" height="%.3f" fill="#0b0c0c" stroke="#fff" stroke-width="%.3f" transform="rotate(45 %.3f %.3f)"><title>%s</title></rect>`,
			at[0]-1.4*unit, at[1]-1.4*unit, 2.8*unit, 2.8*unit, unit/3, at[0], at[1], html.EscapeString(g.Site))
	}
	drawScale(&b, box, place, groups[0].At.Point)
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // drawn above; every name is escaped
}

// drawScale draws a bar of a round number of kilometres at the foot of a map.
func drawScale(b *bytes.Buffer, box orb.Bound, place func(orb.Point) orb.Point, at orb.Point) {
	width := box.Max[0] - box.Min[0]
	unit := width / 100
	perKm := (place(at)[1] - place(orb.Point{at[0], at[1] + 1})[1]) / 111.2 // a degree of latitude
	km := 1.0
	for _, round := range []float64{1, 2, 5, 10, 20, 50, 100, 200} {
		if round*perKm < width/3 {
			km = round
		}
	}
	x, y := box.Min[0]+2*unit, box.Max[1]-3*unit
	fmt.Fprintf(b, `<g stroke="#0b0c0c" stroke-width="%.3f"><path fill="none" d="M%.3f %.3fv%.3fh%.3fv%.3f"/></g><text x="%.3f" y="%.3f" font-size="%.3f" font-family="Noto Sans, Arial, sans-serif">%v km</text>`,
		unit/3, x, y-unit, unit, km*perKm, -unit, x, y-1.6*unit, 2.4*unit, km)
}
