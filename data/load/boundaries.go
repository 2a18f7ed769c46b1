package load

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tributary/data"
	"tributary/data/reference"
	"tributary/geo"
)

// BoundaryOptions say what a boundary file cannot say itself.
type BoundaryOptions struct {
	Label, Source, Licence string
	ValidFrom              data.Date
	// Also is a second file, from which only the territories or regions that
	// the first lacks are taken: the countries, for Scotland and Northern
	// Ireland, beside a file of England's and Wales's police force areas.
	Also io.Reader
	// KeepMissing takes what is missing still from Current. What is kept may
	// overlap what is new, as its lines are others; the report notes it.
	KeepMissing bool
	// Current are the boundaries in force: of the same kind for KeepMissing, and
	// territories to find the territory of a district that nothing else tells.
	Current []data.BoundarySet
	// OverlapKM2 is the most ground, square kilometres, that two boundaries may
	// share: 0.1 if zero. Lines drawn at 20 metres differ by less.
	OverlapKM2 float64
}

// BoundaryReport says what a boundary file held.
type BoundaryReport struct {
	Kind     data.BoundaryKind
	Features int
	Vertices int
	Property string  // that gave the codes, as first met
	CRS      geo.CRS // of the file
	Guessed  bool    // the CRS was told by the size of the numbers alone
	// Also and Kept list codes taken from the second file and from the
	// boundaries in force.
	Also, Kept []string
	// PlacedBy counts districts by how their territory was found: "code",
	// "property" or "polygon".
	PlacedBy map[string]int
	// OtherVintage lists district codes that are not of 2025.
	OtherVintage []string
	// Notes are worth knowing and no reason to refuse.
	Notes    []string
	Problems []BoundaryProblem
}

// BoundaryProblem is one reason to refuse a boundary file.
type BoundaryProblem struct {
	Feature int // from 1; 0 for the file as a whole
	Line    int
	Code    string
	Reason  string
	Remedy  string
}

// String is one line for a person.
func (p BoundaryProblem) String() string {
	var where []string
	if p.Feature > 0 {
		where = append(where, fmt.Sprintf("feature %d", p.Feature))
	}
	if p.Code != "" {
		where = append(where, p.Code)
	}
	if len(where) == 0 {
		return p.Reason + ": " + p.Remedy
	}
	return strings.Join(where, ", ") + ": " + p.Reason + ": " + p.Remedy
}

// ErrBoundaries: the file was read and refused; its report says why.
var ErrBoundaries = errors.New("the boundaries were refused")

// Boundaries reads an official boundary file: GeoJSON in EPSG:4326 or 27700
// whose features carry an ONS code in a property of any of the usual names
// (PFA23CD, pfa16cd, gss, RGN22CD, LAD23CD, …; case does not matter). The codes
// tell the kind: territories, regions or districts. S92000003 and N92000002
// mean the territories of Scotland and Northern Ireland in a file of
// territories.
//
// Territories and regions must be complete, and no file may have unknown or
// repeated codes, rings that cross themselves, or boundaries that overlap by
// more than a little. All problems are gathered in the report before the file
// is refused with [ErrBoundaries]. Gaps between boundaries are allowed; finer
// validity is left to PostGIS's ST_IsValid when they are stored. The whole set
// is held in memory, twice while it is checked.
func Boundaries(r io.Reader, opt BoundaryOptions) (data.BoundarySet, *BoundaryReport, error) {
	b := newBoundaryReader(opt)
	features := b.read(r)
	b.kind(features)
	if b.report.Kind != "" {
		b.take(features)
		if opt.Also != nil {
			b.takeMissing(b.read(opt.Also))
		}
		b.complete()
		b.place()
		b.check()
	}
	if n := len(b.report.Problems); n > 0 {
		return data.BoundarySet{}, b.report, fmt.Errorf("%w for %d reasons; the first: %s", ErrBoundaries, n, b.report.Problems[0])
	}
	return b.set(), b.report, nil
}

type boundaryReader struct {
	opt    BoundaryOptions
	report *BoundaryReport
	codes  codeBook
	shapes []boundaryShape
	at     map[string]int // in shapes, by code
}

// boundaryShape is a shape and the feature it came from.
type boundaryShape struct {
	data.Shape
	feature    int
	line       int
	properties properties
}

func newBoundaryReader(opt BoundaryOptions) *boundaryReader {
	if opt.OverlapKM2 == 0 {
		opt.OverlapKM2 = 0.1
	}
	return &boundaryReader{opt: opt, codes: newCodeBook(), at: map[string]int{},
		report: &BoundaryReport{PlacedBy: map[string]int{}}}
}

func (b *boundaryReader) problem(feature, line int, code, remedy, reason string, args ...any) {
	b.report.Problems = append(b.report.Problems,
		BoundaryProblem{Feature: feature, Line: line, Code: code, Reason: fmt.Sprintf(reason, args...), Remedy: remedy})
}

// boundaryFeature is a feature with polygons and a code.
type boundaryFeature struct {
	geo.Feature
	properties properties
	code       string
	polygons   orb.MultiPolygon
}

func (b *boundaryReader) read(r io.Reader) []boundaryFeature {
	var out []boundaryFeature
	for f, err := range geo.ReadFeatures(r, geo.BoundaryLimits) {
		if err != nil {
			reason, remedy := err.Error(), ""
			if fault := (*geo.GeoJSONError)(nil); errors.As(err, &fault) {
				reason, remedy, _ = strings.Cut(fault.Reason, ": ")
			}
			b.problem(f.Index, f.Line, "", remedy, "%s", reason)
			continue
		}
		b.report.Features++
		if b.report.CRS == "" {
			b.report.CRS, b.report.Guessed = f.CRS, f.Guessed
		}
		bf := boundaryFeature{Feature: f, properties: lowerProperties(f.Properties)}
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			bf.polygons = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			bf.polygons = g
		}
		var property string
		bf.code, property = bf.properties.code()
		switch {
		case bf.polygons == nil:
			b.problem(f.Index, f.Line, bf.code, "give its outline", "a boundary must be a Polygon or MultiPolygon")
			continue
		case bf.code == "":
			b.problem(f.Index, f.Line, "", "add a property such as PFA23CD, RGN22CD or LAD23CD", "no property holds an ONS code")
			continue
		}
		if b.report.Property == "" {
			b.report.Property = property
		}
		out = append(out, bf)
	}
	return out
}

// kind decides what the file bounds by the codes that only one kind has.
func (b *boundaryReader) kind(features []boundaryFeature) {
	count := map[data.BoundaryKind]int{}
	for _, f := range features {
		count[kindOfCode(f.code)]++
	}
	most := 0
	for _, k := range []data.BoundaryKind{data.BoundaryTerritory, data.BoundaryDistrict, data.BoundaryRegion} {
		if count[k] > most {
			b.report.Kind, most = k, count[k]
		}
	}
	if b.report.Kind == "" && len(b.report.Problems) == 0 {
		b.problem(0, 0, "", "give police force areas (E23…), regions (E12…) or local authority districts (E06… to E09…)",
			"the codes tell no kind of boundary that is loaded")
	}
}

func (b *boundaryReader) take(features []boundaryFeature) {
	for _, f := range features {
		shape, hint := b.codes.shape(b.report.Kind, f.code, f.properties)
		if hint != "" {
			b.problem(f.Index, f.Line, f.code, hint, "the code is not one of a %s", b.report.Kind)
			continue
		}
		if i, ok := b.at[shape.Code]; ok {
			b.problem(f.Index, f.Line, f.code, "join the parts into one MultiPolygon, or remove one",
				"feature %d has the same code", b.shapes[i].feature)
			continue
		}
		b.add(shape, f)
	}
}

func (b *boundaryReader) add(shape data.Shape, f boundaryFeature) {
	shape.Geometry = geo.Wind(f.polygons)
	// Rockall has no neighbours and no places, and would be the only thing
	// outside the box that all else keeps to.
	shape.Geometry = slices.DeleteFunc(shape.Geometry, func(p orb.Polygon) bool { return !geo.UK.Intersects(p.Bound()) })
	if n := len(f.polygons) - len(shape.Geometry); n > 0 {
		b.report.Notes = append(b.report.Notes, fmt.Sprintf("%s: %d part(s) far out at sea were left out", shape.Name, n))
	}
	b.at[shape.Code] = len(b.shapes)
	b.shapes = append(b.shapes, boundaryShape{shape, f.Index, f.Line, f.properties})
}

// takeMissing takes from a second file what the first lacks and leaves the
// rest.
func (b *boundaryReader) takeMissing(features []boundaryFeature) {
	for _, f := range features {
		shape, hint := b.codes.shape(b.report.Kind, f.code, f.properties)
		if _, ok := b.at[shape.Code]; ok || hint != "" {
			continue
		}
		b.add(shape, f)
		b.report.Also = append(b.report.Also, shape.Code)
	}
}

// complete keeps what is missing, or says so.
func (b *boundaryReader) complete() {
	var missing []string
	for _, code := range b.codes.wanted(b.report.Kind) {
		if _, ok := b.at[code]; ok {
			continue
		}
		if !b.opt.KeepMissing || !b.keep(code) {
			missing = append(missing, code)
		}
	}
	if len(missing) > 0 {
		b.problem(0, 0, "", "add them from a second file, or keep the ones in force",
			"%d of kind %s are missing: %s", len(missing), b.report.Kind, strings.Join(missing, ", "))
	}
}

func (b *boundaryReader) keep(code string) bool {
	for _, set := range b.opt.Current {
		if set.Kind != b.report.Kind {
			continue
		}
		for _, s := range set.Shapes {
			if s.Code == code {
				b.at[code] = len(b.shapes)
				b.shapes = append(b.shapes, boundaryShape{Shape: s})
				b.report.Kept = append(b.report.Kept, code)
				return true
			}
		}
	}
	return false
}

// set is the result, in code order.
func (b *boundaryReader) set() data.BoundarySet {
	set := data.BoundarySet{Kind: b.report.Kind, Label: b.opt.Label, Source: b.opt.Source, Licence: b.opt.Licence,
		ValidFrom: b.opt.ValidFrom}
	for _, s := range b.shapes {
		set.Shapes = append(set.Shapes, s.Shape)
	}
	slices.SortFunc(set.Shapes, func(x, y data.Shape) int { return strings.Compare(x.Code, y.Code) })
	return set
}

// codeBook knows the codes of the reference.
type codeBook struct {
	territories map[string]data.Territory // by police force area code and, for two, country code
	regions     map[string]data.Region
	districts   map[string]data.District
}

func newCodeBook() codeBook {
	c := codeBook{map[string]data.Territory{}, map[string]data.Region{}, map[string]data.District{}}
	for _, t := range reference.Territories() {
		c.territories[t.Code] = t
		if t.Nation == "Scotland" || t.Nation == "Northern Ireland" {
			c.territories[string(t.Region)] = t
		}
	}
	for _, r := range reference.Regions() {
		c.regions[string(r.Code)] = r
	}
	for _, d := range reference.Districts() {
		c.districts[string(d.Code)] = d
	}
	return c
}

// wanted lists the codes of a complete set; districts change too often to have
// one.
func (c codeBook) wanted(kind data.BoundaryKind) (codes []string) {
	switch kind {
	case data.BoundaryTerritory:
		for _, t := range reference.Territories() {
			codes = append(codes, string(t.ID))
		}
	case data.BoundaryRegion:
		for _, r := range reference.Regions() {
			codes = append(codes, string(r.Code))
		}
	}
	return codes
}

// shape names what the code stands for, or gives a hint if it is not known.
func (c codeBook) shape(kind data.BoundaryKind, code string, p properties) (s data.Shape, hint string) {
	switch kind {
	case data.BoundaryTerritory:
		if t, ok := c.territories[code]; ok {
			return data.Shape{Code: string(t.ID), Name: t.Name, NameCy: t.NameCy}, ""
		}
	case data.BoundaryRegion:
		if r, ok := c.regions[code]; ok {
			return data.Shape{Code: code, Name: r.Name, NameCy: r.NameCy}, ""
		}
	case data.BoundaryDistrict:
		if d, ok := c.districts[code]; ok {
			return data.Shape{Code: code, Name: d.Name, NameCy: d.NameCy, Territory: d.Territory}, ""
		}
		if kindOfCode(code) == kind {
			name, nameCy := p.names(code)
			return data.Shape{Code: code, Name: name, NameCy: nameCy}, ""
		}
	}
	if k := kindOfCode(code); k != "" && k != kind {
		return s, fmt.Sprintf("it is one of a %s: import that in a file of its own", k)
	}
	return s, "it is of another vintage or kind: get the current file from the ONS Open Geography Portal"
}
