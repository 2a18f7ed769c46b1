package web

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"tributary/data"
)

// fieldSchema is what a field's JSON value looks like.
func fieldSchema(f data.Field) *openapi3.Schema {
	text := func() *openapi3.Schema {
		s := openapi3.NewStringSchema()
		if f.Max > 0 {
			s.WithMaxLength(int64(f.Max))
		}
		for _, v := range data.Vocabularies[f.In] {
			s.Enum = append(s.Enum, v)
		}
		return s
	}
	var s *openapi3.Schema
	switch f.Type {
	case data.FieldMoney:
		s = openapi3.NewInt64Schema()
		s.Description = "whole pence: 123450 is £1,234.50"
	case data.FieldQuantity:
		s = openapi3.NewFloat64Schema().WithMin(0)
		s.Description = "at most three decimals"
	case data.FieldDate:
		s = openapi3.NewStringSchema().WithFormat("date")
	case data.FieldYesNo:
		s = openapi3.NewBoolSchema()
	case data.FieldNumber:
		s = openapi3.NewFloat64Schema()
	case data.FieldWhole:
		s = openapi3.NewIntegerSchema()
	case data.FieldList:
		s = openapi3.NewArraySchema().WithItems(text())
	case data.FieldRef:
		s = text()
		s.Description = "id of one of the records of " + spoken(f.Ref) + ", or SOURCE//ID for another source's"
	default:
		s = text()
		if f.Form == "polygon" {
			s = openapi3.NewObjectSchema().WithAnyAdditionalProperties()
			s.Description = "a GeoJSON Polygon or MultiPolygon, EPSG:4326"
		}
	}
	if f.Default != "" {
		s.Default = f.Default
	}
	return s
}

// kindSchema is a record of a kind as an object; of a patch no field is
// required and each may be null.
func kindSchema(k *data.Kind, patch bool) *openapi3.Schema {
	out := openapi3.NewObjectSchema().WithoutAdditionalProperties()
	out.Description = k.About
	for _, f := range k.Fields {
		s := fieldSchema(f)
		s.Nullable = patch
		if patch {
			s.Default = nil
		}
		if f.Required && !patch && f.Ref != "organisation" {
			out.Required = append(out.Required, f.Name)
		}
		out.WithProperty(f.Name, s)
		if f.Ref == "organisation" {
			named := openapi3.NewStringSchema()
			named.Description = "name of the organisation, which is made of it if it is not known"
			named.Nullable = patch
			out.WithProperty(f.Name+data.NameSuffix, named)
		}
	}
	return out
}

// whenStatus says when a write is answered with each status.
var whenStatus = map[int]string{
	http.StatusBadRequest: "The request cannot be read", http.StatusUnauthorized: "No key in force", http.StatusForbidden: "The key may not do this",
	http.StatusNotFound: "There is nothing here, or it is another's", http.StatusConflict: "What is stored does not allow it, or a request with this Idempotency-Key is at work",
	http.StatusPreconditionFailed: "The record has changed since it was read", http.StatusRequestEntityTooLarge: "The body is too large",
	http.StatusUnsupportedMediaType: "The body is of another type", http.StatusUnprocessableEntity: "Rows are refused: the problem lists each; or the Idempotency-Key belongs to another request",
	http.StatusPreconditionRequired: "If-Match is missing", http.StatusServiceUnavailable: "Try again in a few seconds, with the same Idempotency-Key",
}

// describeWrites adds the routes that take a key.
func describeWrites(doc *openapi3.T, s *Server, problem *openapi3.SchemaRef) {
	doc.Components.SecuritySchemes = openapi3.SecuritySchemes{"key": &openapi3.SecuritySchemeRef{Value: openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer").
		WithDescription("A key made by 'tributary key create', within its role and territories")}}
	for _, k := range data.Kinds {
		doc.Components.Schemas[k.Name] = kindSchema(k, false).NewRef()
		doc.Components.Schemas[k.Name+"_patch"] = kindSchema(k, true).NewRef()
	}
	counts := openapi3.NewObjectSchema().WithProperty("errors", openapi3.NewArraySchema().WithItems(openapi3.NewObjectSchema().WithAnyAdditionalProperties()))
	counts.Required = []string{"added", "changed", "unchanged", "refused"}
	for _, name := range counts.Required {
		counts.WithProperty(name, openapi3.NewIntegerSchema())
	}
	doc.Components.Schemas["written"] = counts.NewRef()
	doc.Components.Responses = openapi3.ResponseBodies{}
	for status, words := range whenStatus {
		doc.Components.Responses[strconv.Itoa(status)] = &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription(words).WithContent(openapi3.Content{"application/problem+json": openapi3.NewMediaType().WithSchemaRef(problem)})}
	}
	whole := func(name string) *openapi3.SchemaRef {
		return openapi3.NewSchemaRef("#/components/schemas/"+name, doc.Components.Schemas[name].Value)
	}
	for _, rt := range s.writes() {
		method := rt.methods()[0]
		op := &openapi3.Operation{Summary: rt.summary, Responses: openapi3.NewResponses(), Security: openapi3.NewSecurityRequirements().With(openapi3.NewSecurityRequirement().Authenticate("key"))}
		op.Responses.Delete("default")
		for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(rt.path, -1) {
			op.AddParameter(openapi3.NewPathParameter(name[1]).WithSchema(openapi3.NewStringSchema()).WithDescription("the record's id, percent-encoded"))
		}
		for _, name := range rt.view {
			op.AddParameter(openapi3.NewQueryParameter(name).WithSchema(openapi3.NewBoolSchema()).WithDescription("keep the good rows when others are refused"))
		}
		header := func(name, words string, required bool) {
			op.AddParameter(openapi3.NewHeaderParameter(name).WithSchema(openapi3.NewStringSchema()).WithDescription(words).WithRequired(required))
		}
		statuses := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusBadRequest, http.StatusServiceUnavailable}
		answer, ok := whole(rt.of.Name), []int{http.StatusOK}
		if rt.of.ManyRows() {
			answer = oneOrMany(answer)
		}
		switch method {
		case http.MethodPost:
			header("Idempotency-Key", "a new random text for each new request, the same for its repetition", true)
			statuses = append(statuses, http.StatusConflict)
			ok = []int{http.StatusCreated, http.StatusOK}
			if rt.does != nil {
				ok, statuses = []int{http.StatusCreated}, append(statuses, http.StatusNotFound)
			}
		case http.MethodPut, http.MethodPatch:
			header("Idempotency-Key", "as with POST, if the request is to be repeated", false)
			header("If-Match", "the ETag of the record as it was read", method == http.MethodPatch)
			statuses = append(statuses, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
			if method == http.MethodPut {
				header("If-None-Match", "* to write only a new record", false)
				ok = append(ok, http.StatusCreated)
			}
		default:
			statuses = append(statuses, http.StatusNotFound)
		}
		if len(rt.takes) > 0 {
			statuses = append(statuses, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
			op.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).WithContent(requestContent(rt, whole))}
		}
		schema := answer
		if rt.answer != nil {
			schema = openapi3.NewObjectSchema().WithProperty("state", openapi3.NewStringSchema()).WithProperty("next", openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema())).
				WithProperty("steps", openapi3.NewArraySchema().WithItems(openapi3.NewObjectSchema().WithAnyAdditionalProperties())).NewRef()
		}
		if slices.Contains(rt.takes, typeJSONLines) {
			schema = openapi3.NewSchemaRef("", &openapi3.Schema{AnyOf: openapi3.SchemaRefs{answer, whole("written")}})
		}
		for _, status := range ok {
			words := rt.summary
			if method != http.MethodGet {
				words = map[int]string{http.StatusOK: "Nothing is new: the record as it is stored", http.StatusCreated: "Written: the record as it is stored, or counts of many"}[status]
			}
			op.AddResponse(status, openapi3.NewResponse().WithDescription(words).WithContent(openapi3.Content{typeJSON: openapi3.NewMediaType().WithSchemaRef(schema)}))
		}
		for _, status := range statuses {
			name := strconv.Itoa(status)
			op.Responses.Set(name, &openapi3.ResponseRef{Ref: "#/components/responses/" + name, Value: doc.Components.Responses[name].Value})
		}
		if item := doc.Paths.Value(rt.path); item != nil && item.GetOperation(method) != nil {
			// The public answer at the same address, told with the keyed one.
			public := item.GetOperation(method)
			public.Summary += "; with a key, the record as its writer may read it back"
			for name, response := range op.Responses.Map() {
				if public.Responses.Value(name) == nil {
					public.Responses.Set(name, response)
				}
			}
			continue
		}
		doc.AddOperation(rt.path, method, op)
	}
}

func requestContent(rt route, whole func(string) *openapi3.SchemaRef) openapi3.Content {
	content := openapi3.Content{}
	for _, media := range rt.takes {
		switch {
		case rt.does != nil:
			sub := openapi3.NewObjectSchema().WithoutAdditionalProperties()
			for _, name := range rt.does.fields {
				f, _ := rt.of.Field(name)
				sub.WithProperty(name, fieldSchema(f))
				if f.Required && name != "date" {
					sub.Required = append(sub.Required, name)
				}
			}
			content[media] = openapi3.NewMediaType().WithSchema(sub)
		case media == typeMergePatch:
			content[media] = openapi3.NewMediaType().WithSchemaRef(whole(rt.of.Name + "_patch"))
		case media == typeJSON && (rt.method == http.MethodPost || rt.of.ManyRows()):
			content[media] = openapi3.NewMediaType().WithSchemaRef(oneOrMany(whole(rt.of.Name)))
		case media == typeJSON:
			content[media] = openapi3.NewMediaType().WithSchemaRef(whole(rt.of.Name))
		default:
			content[media] = openapi3.NewMediaType().WithSchema(openapi3.NewStringSchema())
		}
	}
	return content
}

// oneOrMany is a record, or an array of them.
func oneOrMany(one *openapi3.SchemaRef) *openapi3.SchemaRef {
	many := openapi3.NewArraySchema()
	many.Items = one
	many.MaxItems = openapi3.Ptr(uint64(maxRecords))
	return openapi3.NewSchemaRef("", &openapi3.Schema{OneOf: openapi3.SchemaRefs{one, many.NewRef()}})
}

// describedStatuses are the statuses that a write says it may have.
func describedStatuses(doc *openapi3.T, rt route) []string {
	return slices.Sorted(maps.Keys(doc.Paths.Value(rt.path).GetOperation(rt.methods()[0]).Responses.Map()))
}
