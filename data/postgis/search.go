package postgis

import (
	"context"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"tributary/data"
	"tributary/geo"
)

var (
	sqlSearch         = query("search")
	sqlSearchPostcode = query("search_postcode")
)

// searchLimit is how many places a search offers; the page says when a name
// has more.
const searchLimit = 20

// Search finds what a person may mean by q: a postcode or its first half, a
// territory, region, area, town, activity or organisation by part of its name. An empty q
// finds nothing.
func (s *Store) Search(ctx context.Context, q string) (data.SearchResult, error) {
	res := data.SearchResult{Query: q, Items: []data.SearchItem{}}
	words := strings.ToLower(strings.Join(strings.Fields(q), " "))
	if words == "" {
		return res, nil
	}
	if len(words) > 100 {
		return res, data.Invalidf("q", q, "the search is too long: give a few words, a postcode or the name of a place")
	}
	if strings.ContainsFunc(q, unicode.IsControl) || !utf8.ValidString(q) {
		return res, data.Invalidf("q", strings.ToValidUTF8(q, "\uFFFD"), "the search holds an invisible control character, or bytes that are not text: type it again")
	}
	if err := s.searchPostcode(ctx, q, &res); err != nil {
		return res, wrap("search", err)
	}
	literal := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(words)
	rows, err := s.pub.Query(ctx, sqlSearch, pgx.StrictNamedArgs{"words": literal, "limit": searchLimit + 1})
	if err != nil {
		return res, wrap("search", err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i data.SearchItem, err error) {
		var radius float64
		err = row.Scan(&i.Kind, &i.ID, &i.Name, &i.Detail, &i.Territory, &i.Lon, &i.Lat, &radius, &i.Roles)
		if radius > 0 {
			i.Zoom = fitting(radius)
		}
		return i, err
	})
	if err != nil {
		return res, wrap("search", err)
	}
	if len(items) > searchLimit {
		items = items[:searchLimit]
		res.Note = strings.TrimSpace(fmt.Sprintf("%s More than %d places match: give a longer part of the name to see others.", res.Note, searchLimit))
	}
	res.Items = append(res.Items, items...)
	return res, nil
}

// searchPostcode looks for q as a postcode or an outward code, and says in the
// note why a well-formed one was not found.
func (s *Store) searchPostcode(ctx context.Context, q string, res *data.SearchResult) error {
	var postcode, outcode *string
	if p, err := geo.ParsePostcode(q); err == nil {
		postcode, outcode = null(string(p)), null(string(p.Outcode()))
	} else if o, err := geo.ParseOutcode(q); err == nil {
		outcode = null(string(o))
	} else {
		return nil
	}
	var loaded bool
	var kind, code *string
	var lon, lat *float64
	var territory string
	err := s.pub.QueryRow(ctx, sqlSearchPostcode, pgx.StrictNamedArgs{"postcode": postcode, "outcode": outcode}).
		Scan(&loaded, &kind, &code, &lon, &lat, &territory)
	switch {
	case err != nil:
		return err
	case kind == nil && !loaded:
		res.Note = "No postcodes have been loaded here yet, so search for a town or a territory instead."
		return nil
	case kind == nil:
		res.Note = fmt.Sprintf("%s is not in the postcodes loaded here.", strings.ToUpper(q))
		return nil
	case postcode != nil && *kind == "outcode":
		res.Note = fmt.Sprintf("%s is not in the postcodes loaded here; this is the middle of %s.", *postcode, *code)
	}
	zoom := 13.0
	if *kind == "outcode" {
		zoom = 11
	}
	res.Items = append(res.Items, data.SearchItem{Kind: data.SearchKind(*kind), ID: *code, Name: *code, Detail: "postcode",
		Lon: *lon, Lat: *lat, Zoom: zoom, Territory: geo.TerritoryID(territory)})
	return nil
}

// fitting is the map zoom at which a circle of a radius in metres fills about
// 500 screen pixels in the middle of the United Kingdom.
func fitting(radius float64) float64 {
	const metresAcross = pixel * 0.58 // at 54.5 degrees north, zoom 0
	z := math.Log2(metresAcross * 500 / (2 * max(radius, 100)))
	return math.Round(max(4, min(14, z))*10) / 10
}
