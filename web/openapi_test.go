package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3gen"

	"tributary/data"
	"tributary/data/postgis"
)

var update = flag.Bool("update", false, "write web/openapi.json again")

// paramMeanings describes every query parameter of the API.
var paramMeanings = map[string]string{
	"region": "GSS codes of regions, joined by commas: the place of delivery", "territory": "slugs of police territories, joined by commas: the place of delivery",
	"target_area": "codes of target areas, joined by commas: what lies in their areas, where that is told",
	"area":        "codes of areas, joined by commas: the place of delivery", "bbox": "west,south,east,north in degrees (EPSG:4326): the place of delivery",
	"theme": "healthier, safer, resilient; joined by commas", "measure": "codes of measures such as norfolk:PC1, joined by commas",
	"sector": "sectors of buyers, joined by commas: " + strings.Join(data.Sectors, ", "), "type": "types of contribution, joined by commas", "buyer": "ids of buyers, joined by commas", "supplier": "ids of suppliers, joined by commas",
	"standing": "standings, joined by commas; without it those that count: " + strings.Join(data.DefaultStandings, ", "), "from": "first day, month or year of delivery", "to": "last day, month or year of delivery",
	"period": "financial year or quarter: 2024-25, 2024-25-Q1", "as_at": "boundaries, plans and governance as they were on this day; today without it",
	"priority": "codes of priorities such as norfolk:preventing-crime, joined by commas", "state": "states of evidence, joined by commas; without it claimed and above",
	"beneficiary": "groups that measures are for, joined by commas",
	"site":        "postcodes, outward codes or positions (latitude longitude), joined by commas, at most 500", "within": "kilometres, 1 to 100; without it 25 around sites, 10 around a campus, 5 around a target area",
	"contract": "id of a contract: its places and measures count where none are named", "polygon": "corners of an area that was drawn, longitude and latitude, joined by commas: 1.2 52.6,1.4 52.6,1.3 52.7",
	"quantity": "how much is offered, with its unit: 20 hours",
	"dims":     "what a flow goes by: one or two dimensions joined by a comma, such as supplier_territory,territory or month", "top": "how many rows, the others added up; 20 without it, 0 for all",
	"by": "area, target_area, or cell: hexagons", "baseline": "code of an indicator with a value for each area; the population of towns without it",
	"status": "draft, submitted, validated, suspended, expired, closed; joined by commas. Without it all but closed", "provider": "ids of organisations, joined by commas",
	"activity": "ids of activities, joined by commas", "limit": "rows a page, 1 to 1000; 100 without it", "sort": "a field, with a minus before it for descending",
	"origin": "whose place the origin is: supplier_site, or buyer; supplier_site without it", "origin_region": "GSS codes of regions, joined by commas: the place of origin",
	"origin_territory": "slugs of police territories, joined by commas: the place of origin", "origin_area": "codes of areas, joined by commas: the place of origin",
	"res": "H3 resolution, 3 to 9 (of gaps 5 to 7); one that suits the box or the places without it", "metric": "count, pence or quantity; pence without it",
	"unit":  "of metric=quantity, such as hours; may be left out where there is one alone",
	"role":  "supplier, buyer or provider",
	"after": "where to go on, from \"next\" of the page before", "q": "what to look for",
}

// meaning describes a query parameter.
func meaning(name string) string {
	if other, ok := strings.CutPrefix(name, data.ComparePrefix); ok {
		return "on the other side: " + paramMeanings[other]
	}
	return paramMeanings[name]
}

// describe builds the API's description from the route table.
func describe(s *Server) (*openapi3.T, error) {
	doc := &openapi3.T{
		OpenAPI: "3.0.3",
		Info:    &openapi3.Info{Title: "Tributary", Version: "1", Description: "Where social value flows in the United Kingdom, and where it does not. Parameters that are not described are refused; a comma means or, different parameters mean and."},
		Paths:   openapi3.NewPaths(), Components: &openapi3.Components{Schemas: openapi3.Schemas{}},
	}
	gen := openapi3gen.NewGenerator(openapi3gen.UseAllExportedFields(), openapi3gen.SchemaCustomizer(customise))
	problem, err := gen.NewSchemaRefForValue(Problem{}, doc.Components.Schemas)
	if err != nil {
		return nil, err
	}
	doc.Components.Schemas["problem"] = problem
	problem = openapi3.NewSchemaRef("#/components/schemas/problem", problem.Value)
	for _, rt := range append(s.table(), s.posted()...) {
		if rt.kind == kindPage {
			continue
		}
		op := &openapi3.Operation{Summary: rt.summary, Responses: openapi3.NewResponses()}
		op.Responses.Delete("default")
		for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(rt.path, -1) {
			if name[1] != "format" && name[1] != "table" {
				op.AddParameter(openapi3.NewPathParameter(name[1]).WithSchema(openapi3.NewStringSchema()))
			}
		}
		for _, name := range append(append([]string{}, rt.filter...), rt.view...) {
			op.AddParameter(openapi3.NewQueryParameter(name).WithDescription(meaning(name)).WithSchema(openapi3.NewStringSchema()))
		}
		if rt.method != "" {
			body := openapi3.NewRequestBody().WithRequired(true).WithContent(openapi3.Content{})
			for _, media := range rt.takes {
				body.Content[media] = openapi3.NewMediaType().WithSchema(openapi3.NewStringSchema())
			}
			op.RequestBody = &openapi3.RequestBodyRef{Value: body}
		}
		content := openapi3.Content{}
		for _, form := range rt.forms {
			media := openapi3.NewMediaType()
			if form == typeJSON && rt.answer != nil {
				if media.Schema, err = gen.NewSchemaRefForValue(rt.answer, doc.Components.Schemas); err != nil {
					return nil, err
				}
			}
			content[form] = media
		}
		op.AddResponse(http.StatusOK, openapi3.NewResponse().WithDescription(rt.summary).WithContent(content))
		if strings.HasSuffix(rt.path, ".mvt") {
			op.AddResponse(http.StatusNoContent, openapi3.NewResponse().WithDescription("There is nothing in this tile"))
		}
		for status, words := range map[int]string{http.StatusBadRequest: "A parameter is wrong: the problem names it", http.StatusNotFound: "There is nothing here", http.StatusServiceUnavailable: "Try again in a few seconds"} {
			op.AddResponse(status, openapi3.NewResponse().WithDescription(words).WithContent(openapi3.Content{"application/problem+json": openapi3.NewMediaType().WithSchemaRef(problem)}))
		}
		doc.AddOperation(strings.NewReplacer("{format}", "", "{table}", "").Replace(rt.path), cmp.Or(rt.method, http.MethodGet), op)
	}
	describeWrites(doc, s, problem)
	return doc, doc.Validate(openapi3.NewLoader().Context)
}

// customise gives types that marshal themselves the form that they have.
func customise(_ string, t reflect.Type, _ reflect.StructTag, schema *openapi3.Schema) error {
	text := reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()
	if t.Implements(text) && t.Kind() != reflect.Pointer && t.String() != "time.Time" {
		*schema = *openapi3.NewStringSchema()
	}
	if t.Kind() == reflect.Interface {
		schema.Nullable = true // a cell of which nothing is known
	}
	return nil
}

func TestOpenAPIIsUpToDate(t *testing.T) {
	s := &Server{pages: &Pages{}, scope: data.Scope{Takes: postgis.ActivityParams}}
	doc, err := describe(s)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile("openapi.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(got, openAPIDocument) {
		t.Error("web/openapi.json is not what the route table says: run 'make generate'")
	}
	taken := append(append([]string{}, postgis.ActivityParams...), "limit", "sort", "after", "q", "by", "baseline", "site", "within", "quantity", "dims", "top")
	taken = append(taken, data.GapParams...)
	for _, k := range data.Reports {
		taken = append(taken, k.Takes...)
	}
	for _, name := range taken {
		if paramMeanings[name] == "" {
			t.Errorf("the parameter %s has no description", name)
		}
	}
}
