package geo

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// coordinates is a "coordinates" array, flat, so that its type may come after
// it: nesting is 1 for a position, 2 for a list of them, up to 4.
type coordinates struct {
	nesting  int
	points   []orb.Point
	lines    []int // end of each list of positions, in points
	polygons []int // end of each list of lists, in lines
}

// geometry reads the geometry that begins with token t; nil for null.
func (g *geojsonReader) geometry(t json.Token, nesting int) (orb.Geometry, error) {
	if t == nil {
		return nil, nil
	}
	if t != json.Delim('{') {
		return nil, g.fault("the geometry is not an object: give a GeoJSON geometry, or null")
	}
	if nesting > maxGeometryNesting {
		return nil, g.fault("geometry collections nest more than %d deep: take them apart", maxGeometryNesting)
	}
	var kind string
	var c *coordinates
	var members orb.Collection
	err := g.object(func(key string) (err error) {
		switch key {
		case "type":
			kind, err = g.text(`the geometry's "type"`)
		case "coordinates":
			c, err = g.coordinates()
		case "geometries":
			members, err = g.geometries(nesting + 1)
		case "crs":
			err = g.fault(`a geometry has a "crs" of its own: say it once for the file`)
		default:
			err = g.skip()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if kind == "GeometryCollection" && c == nil && members != nil {
		return members, nil
	}
	if c == nil || members != nil {
		return nil, g.fault("a geometry of type %q without coordinates cannot be read: give Point, LineString, Polygon, their Multi forms or GeometryCollection", clip(kind))
	}
	return g.build(kind, c)
}

func (g *geojsonReader) geometries(nesting int) (orb.Collection, error) {
	t, err := g.token()
	if err != nil {
		return nil, err
	}
	if t != json.Delim('[') {
		return nil, g.fault(`"geometries" must be a list`)
	}
	members := orb.Collection{}
	vertices := 0
	for g.dec.More() {
		t, err := g.token()
		if err != nil {
			return nil, err
		}
		m, err := g.geometry(t, nesting)
		if err != nil {
			return nil, err
		}
		if m == nil {
			return nil, g.fault("a geometry in a collection is null: remove it")
		}
		// Each member counts itself; the sum is bounded too.
		vertices += vertexCount(m)
		if members = append(members, m); vertices > g.limits.Vertices {
			return nil, g.tooManyVertices()
		}
	}
	if _, err := g.token(); err != nil {
		return nil, err
	}
	if len(members) == 0 {
		return nil, g.fault("the geometry collection is empty: give null for no geometry")
	}
	return members, nil
}

func vertexCount(g orb.Geometry) (n int) {
	switch g := g.(type) {
	case orb.Point:
		return 1
	case orb.MultiPoint:
		return len(g)
	case orb.LineString:
		return len(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
	case orb.Polygon:
		for _, r := range g {
			n += len(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += vertexCount(p)
		}
	case orb.Collection:
		for _, m := range g {
			n += vertexCount(m)
		}
	}
	return n
}

func (g *geojsonReader) tooManyVertices() error {
	return g.fault("the geometry has more than %d vertices: simplify it", g.limits.Vertices)
}

func (g *geojsonReader) coordinates() (*coordinates, error) {
	t, err := g.token()
	if err != nil {
		return nil, err
	}
	if t != json.Delim('[') {
		return nil, g.fault("coordinates must be a list of numbers, not %v: for no geometry make the whole geometry null", describe(t))
	}
	c := &coordinates{}
	c.nesting, err = g.array(c, 1)
	return c, err
}

func describe(t json.Token) string {
	switch t.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "true or false"
	}
	return "an object"
}

// array reads the rest of an array of numbers or arrays and returns how deeply
// it nests.
func (g *geojsonReader) array(c *coordinates, level int) (nesting int, err error) {
	if level > maxGeometryNesting {
		return 0, g.fault("coordinates nest more than %d deep: no type of geometry does", maxGeometryNesting)
	}
	for {
		t, err := g.token()
		if err != nil {
			return 0, err
		}
		child := 0
		switch v := t.(type) {
		case json.Number:
			if nesting != 0 {
				return 0, g.fault("numbers and lists are mixed in the coordinates: give positions as [longitude, latitude]")
			}
			return 1, g.position(c, v)
		case json.Delim:
			if v == ']' {
				if nesting == 0 {
					return 0, g.fault("a list of coordinates is empty: for no geometry make the whole geometry null")
				}
				return nesting, nil
			}
			if v != '[' {
				return 0, g.fault("coordinates must be numbers, not an object")
			}
			if child, err = g.array(c, level+1); err != nil {
				return 0, err
			}
		default:
			return 0, g.fault("coordinates must be numbers, not %s: give positions as [longitude, latitude]", describe(t))
		}
		if nesting != 0 && nesting != child+1 {
			return 0, g.fault("coordinates nest unevenly: each type of geometry has one depth")
		}
		nesting = child + 1
		switch child {
		case 2:
			c.lines = append(c.lines, len(c.points))
		case 3:
			c.polygons = append(c.polygons, len(c.lines))
		}
	}
}

// position reads the rest of a position whose first number is x. Heights are
// read over.
func (g *geojsonReader) position(c *coordinates, x json.Number) error {
	if len(c.points) >= g.limits.Vertices {
		return g.tooManyVertices()
	}
	numbers := [2]json.Number{x}
	n := 1
	for {
		t, err := g.token()
		if err != nil {
			return err
		}
		if t == json.Delim(']') {
			break
		}
		v, ok := t.(json.Number)
		if !ok || n == 4 {
			return g.fault("a position must be two numbers, or three with a height: give [longitude, latitude]")
		}
		if n < 2 {
			numbers[n] = v
		}
		n++
	}
	if n < 2 {
		return g.fault("a position has one number: give [longitude, latitude]")
	}
	var p orb.Point
	for i, s := range numbers {
		v, err := strconv.ParseFloat(string(s), 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return g.fault("%s is too large for a coordinate: give degrees", clip(string(s)))
		}
		p[i] = v
	}
	p, err := g.place(p)
	if err != nil {
		return err
	}
	c.points = append(c.points, p)
	return nil
}

// place converts a position to EPSG:4326 and checks that it lies in the United
// Kingdom. The first one decides the system if no "crs" did.
func (g *geojsonReader) place(p orb.Point) (orb.Point, error) {
	grid := onGrid(p)
	if g.crs == "" {
		g.crs = WGS84
		if grid {
			g.crs, g.guessed = BritishNationalGrid, true
		}
	}
	if g.crs == BritishNationalGrid {
		if !gridBound.Contains(p) {
			return p, g.fault("easting %v, northing %v lie outside the British National Grid (0 to 700000, 0 to 1300000 metres): check the coordinate reference system", p[0], p[1])
		}
		p, grid = FromGrid(p), false
	}
	switch {
	case g.limits.Bound.Contains(p):
		return p, nil
	case grid:
		return p, g.fault("easting %v, northing %v are metres in a file in degrees: export it in EPSG:4326, or say EPSG:27700 in its crs member", p[0], p[1])
	case UK.Contains(orb.Point{p[1], p[0]}):
		return p, g.fault("longitude %v, latitude %v look swapped: give [longitude, latitude]", p[0], p[1])
	}
	return p, g.fault("longitude %v, latitude %v lies outside the United Kingdom (longitude -9 to 2.1, latitude 49 to 61.5): export the file in EPSG:4326 or EPSG:27700", p[0], p[1])
}

// build makes the geometry its type says.
func (g *geojsonReader) build(kind string, c *coordinates) (orb.Geometry, error) {
	nesting := map[string]int{"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3, "MultiPolygon": 4}[kind]
	switch nesting {
	case 0:
		return nil, g.fault("%q is not a type of geometry: give Point, LineString, Polygon, their Multi forms or GeometryCollection", clip(kind))
	case c.nesting:
	default:
		return nil, g.fault("the coordinates of a %s nest %d deep, not %d: check the type", kind, nesting, c.nesting)
	}
	switch kind {
	case "Point":
		return c.points[0], nil
	case "MultiPoint":
		return orb.MultiPoint(c.points), nil
	case "LineString":
		return g.line(c.points)
	case "MultiLineString":
		var out orb.MultiLineString
		for i, end := range c.lines {
			l, err := g.line(c.points[start(c.lines, i):end:end])
			if err != nil {
				return nil, err
			}
			out = append(out, l)
		}
		return out, nil
	case "Polygon":
		return g.polygon(c, 0, len(c.lines))
	}
	var out orb.MultiPolygon
	for i, end := range c.polygons {
		p, err := g.polygon(c, start(c.polygons, i), end)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func start(ends []int, i int) int {
	if i == 0 {
		return 0
	}
	return ends[i-1]
}

func (g *geojsonReader) line(points []orb.Point) (orb.LineString, error) {
	if len(points) < 2 {
		return nil, g.fault("a line has one point: give at least two")
	}
	return orb.LineString(points), nil
}

func (g *geojsonReader) polygon(c *coordinates, from, to int) (orb.Polygon, error) {
	p := make(orb.Polygon, 0, to-from)
	for i := from; i < to; i++ {
		r := orb.Ring(c.points[start(c.lines, i):c.lines[i]:c.lines[i]])
		if len(r) < 4 {
			return nil, g.fault("a ring has %d points: give at least four, the last like the first", len(r))
		}
		if r[0] != r[len(r)-1] {
			return nil, g.fault("a ring is not closed: its last point %v differs from its first %v", r[len(r)-1], r[0])
		}
		p = append(p, r)
	}
	return p, nil
}
