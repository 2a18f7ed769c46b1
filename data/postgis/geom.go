package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
	"github.com/twpayne/go-geom/encoding/wkbcommon"
)

// The spatial reference systems in the database.
const (
	sridWGS84    = 4326
	sridMercator = 3857
)

// registerGeometry makes PostGIS geometry travel as binary EWKB both ways, in
// COPY too. The type's id differs by database, so each connection asks.
func registerGeometry(ctx context.Context, conn *pgx.Conn) error {
	var oid, array uint32
	err := conn.QueryRow(ctx, "SELECT 'geometry'::regtype::oid, 'geometry[]'::regtype::oid").Scan(&oid, &array)
	if err != nil {
		return fmt.Errorf("this database has no PostGIS: %w", err)
	}
	g := &pgtype.Type{Name: "geometry", OID: oid, Codec: pgtype.ByteaCodec{}}
	conn.TypeMap().RegisterType(g)
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "_geometry", OID: array, Codec: &pgtype.ArrayCodec{ElementType: g}})
	return nil
}

// limits bound what a forged element count can make the decoder allocate:
// points in a line, rings in a polygon, polygons in a collection. go-geom's
// default is no limit, and 77 bytes then ask for 64 GiB.
var limits = [...]int{-1, 1 << 22, 1 << 18, 1 << 18}

func init() { wkbcommon.MaxGeometryElements = limits } // go-geom reads it from a package variable alone

// encode writes a point, polygon or multipolygon as EWKB; nil as nil.
func encode(g orb.Geometry, srid int) ([]byte, error) {
	var t geom.T
	switch g := g.(type) {
	case nil:
		return nil, nil
	case orb.Point:
		t = geom.NewPointFlat(geom.XY, []float64{g[0], g[1]}).SetSRID(srid)
	case orb.Polygon:
		p := geom.NewPolygon(geom.XY).SetSRID(srid)
		if _, err := p.SetCoords(polygonCoords(g)); err != nil {
			return nil, err
		}
		t = p
	case orb.MultiPolygon:
		coords := make([][][]geom.Coord, len(g))
		for i, p := range g {
			coords[i] = polygonCoords(p)
		}
		m := geom.NewMultiPolygon(geom.XY).SetSRID(srid)
		if _, err := m.SetCoords(coords); err != nil {
			return nil, err
		}
		t = m
	default:
		return nil, fmt.Errorf("a %s cannot be stored: use Point, Polygon or MultiPolygon", g.GeoJSONType())
	}
	return ewkb.Marshal(t, ewkb.NDR)
}

func polygonCoords(p orb.Polygon) [][]geom.Coord {
	coords := make([][]geom.Coord, len(p))
	for i, ring := range p {
		coords[i] = make([]geom.Coord, len(ring))
		for j, pt := range ring {
			coords[i][j] = geom.Coord{pt[0], pt[1]}
		}
	}
	return coords
}

// decode reads EWKB of a point, polygon or multipolygon; polygons come back as
// multipolygons.
func decode(b []byte) (orb.Geometry, error) {
	if b == nil {
		return nil, nil
	}
	t, err := ewkb.Unmarshal(b)
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case *geom.Point:
		return orb.Point{t.X(), t.Y()}, nil
	case *geom.Polygon:
		return orb.MultiPolygon{orbPolygon(t)}, nil
	case *geom.MultiPolygon:
		out := make(orb.MultiPolygon, t.NumPolygons())
		for i := range out {
			out[i] = orbPolygon(t.Polygon(i))
		}
		return out, nil
	}
	return nil, fmt.Errorf("unexpected geometry %T", t)
}

func orbPolygon(p *geom.Polygon) orb.Polygon {
	out := make(orb.Polygon, p.NumLinearRings())
	for i := range out {
		ring := p.LinearRing(i)
		out[i] = make(orb.Ring, ring.NumCoords())
		for j := range out[i] {
			c := ring.Coord(j)
			out[i][j] = orb.Point{c[0], c[1]}
		}
	}
	return out
}
