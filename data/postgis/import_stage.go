package postgis

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"tributary/data"
	geohex "tributary/geo/hex"
)

var stageColumns = []string{"line", "external_id", "name", "summary", "url", "provider", "provider_key", "themes", "measures",
	"status", "role", "class", "class_reasons", "geom", "cell", "method", "postcode", "outcode", "locality",
	"given_area", "given_territory", "place_key", "problem_field", "problem_value", "problem_reason", "n"}

// stage copies the records in as they are read.
func (m *merge) stage(ctx context.Context, records iter.Seq[data.ActivityRecord]) error {
	next, stop := iter.Pull(records)
	defer stop()
	n := 0
	rows := pgx.CopyFromFunc(func() ([]any, error) {
		rec, ok := next()
		if !ok {
			return nil, nil
		}
		n++
		row, err := m.staged(ctx, &rec, n)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", rec.Line, err)
		}
		return row, nil
	})
	if _, err := m.tx.CopyFrom(ctx, pgx.Identifier{"stage"}, stageColumns, rows); err != nil {
		return err
	}
	if _, err := m.tx.Exec(ctx, sqlStageKeyed); err != nil {
		return err
	}
	_, err := m.tx.Exec(ctx, "ANALYZE stage (n, external_id, provider_key, postcode, outcode)")
	return err
}

// staged is a record as a row of the stage. A secret record loses its position
// here, before anything of it is stored.
func (m *merge) staged(ctx context.Context, r *data.ActivityRecord, n int) ([]any, error) {
	problem := m.names.resolve(r)
	if bad := m.measures.resolve(r); problem == nil {
		problem = bad
	}
	if problem == nil {
		problem = &data.Invalid{}
	}
	class, reasons := r.Classify(m.measures.classes)
	key := placeKey(r, class)
	if class == data.S3Secret {
		placed := r.SaysWhere()
		var err error
		if r.TerritoryCode, err = m.secretTerritory(ctx, r); err != nil {
			return nil, err
		}
		if placed && r.TerritoryCode == "" && problem.Reason == "" {
			problem = data.Invalidf("territory", "", "the place is secret and its territory cannot be told: correct the postcode or the position, or give the territory instead of them")
		}
	}
	r.Guard(class)
	g, method := given(r)
	if class == data.S3Secret {
		method = string(data.MethodCode)
	}
	geometry, err := encode(g, sridWGS84)
	if err != nil {
		return nil, err
	}
	var cell *int64
	if p, ok := g.(orb.Point); ok {
		c, err := geohex.At(p, geohex.Finest)
		if err != nil {
			return nil, err
		}
		cell = (*int64)(&c)
	}
	return []any{r.Line, r.ExternalID, r.Name, r.Summary, r.URL, r.Provider, m.provider(r), list(r.Themes), list(r.Measures),
		string(r.Status), string(r.Role), int16(class), list(reasons), geometry, cell, null(method),
		null(string(r.Postcode)), null(string(r.Outcode)), null(r.Locality), null(r.AreaCode), null(r.TerritoryCode), key,
		null(problem.Field), null(problem.Value), null(problem.Reason), n}, nil
}

// provider is how the record's provider is known: by its org-id, by its id in
// this source, else by its name.
func (m *merge) provider(r *data.ActivityRecord) string {
	source, id := m.organisation(r.ProviderID)
	if id == "" {
		id = "name:" + strings.ToLower(r.Provider)
	}
	return source + "//" + id
}

// given is the position that the record itself gives, and how.
func given(r *data.ActivityRecord) (orb.Geometry, string) {
	switch g := r.Geometry.(type) {
	case orb.Point:
		return g, string(data.MethodCoordinates)
	case orb.Polygon, orb.MultiPolygon:
		return g, string(data.MethodPolygon)
	}
	if r.Lon != nil && r.Lat != nil {
		return orb.Point{*r.Lon, *r.Lat}, string(data.MethodCoordinates)
	}
	return nil, ""
}

// placeKey tells the places of one activity apart by what the file says of
// them, so that the same row finds the same place again. Of a secret place the
// role alone is kept.
func placeKey(r *data.ActivityRecord, class data.Sensitivity) string {
	if class == data.S3Secret {
		return string(r.Role)
	}
	h := md5.New() // a short name, not a safeguard
	fmt.Fprintf(h, "%s|%s|%s|%s|%s|%s|", r.Role, r.Postcode, r.Outcode, r.AreaCode, r.TerritoryCode, r.Locality)
	if g, _ := given(r); g != nil {
		fmt.Fprintf(h, "%v", g)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// secretTerritory finds the territory of a record whose position must not be
// stored, in a query of its own: "" where it gives too little or lies too far
// from any.
func (m *merge) secretTerritory(ctx context.Context, r *data.ActivityRecord) (string, error) {
	if r.TerritoryCode != "" {
		return r.TerritoryCode, nil
	}
	var lon, lat *float64
	switch g, _ := given(r); g := g.(type) {
	case orb.Point:
		lon, lat = &g[0], &g[1]
	case nil:
	default:
		c := g.Bound().Center()
		lon, lat = &c[0], &c[1]
	}
	outcode := r.Outcode
	if r.Postcode != "" {
		outcode = r.Postcode.Outcode()
	}
	var territory string
	err := m.pub.QueryRow(ctx, sqlSecretTerritory, pgx.StrictNamedArgs{"lon": lon, "lat": lat,
		"postcode": null(string(r.Postcode)), "outcode": null(string(outcode)), "territory_set": m.sets.Territory, "near": nearMetres}).Scan(&territory)
	return territory, err
}

var sqlSecretTerritory = query("secret_territory")
