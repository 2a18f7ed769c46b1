package data

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// NameSuffix makes the column that names the organisation of another column:
// "supplier_name" beside "supplier". An organisation that is not known yet is
// made from it; one without an id goes by its name.
const NameSuffix = "_name"

// maxJSONDepth is how deep a record may nest: a GeoJSON MultiPolygon has five
// levels, and everything else one.
const maxJSONDepth = 8

// Incoming is a record of some kind on its way in. Names gives the names of
// organisations that it refers to, by field: one that is not known yet is made
// with its name alone.
type Incoming struct {
	Line   int
	Record Record
	Names  map[string]string
}

// Members are the members of a JSON object as they stand, by name.
type Members map[string]json.RawMessage

// ReadMembers parses one JSON object. A name that is given twice, a value that
// nests too deep and text that is not UTF-8 are refused; so is anything after
// the object.
func ReadMembers(raw []byte) (Members, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("it is not UTF-8 text: encode it so")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	t, err := dec.Token()
	if err != nil {
		return nil, jsonFault(err)
	}
	if t != json.Delim('{') {
		return nil, errors.New("it is not a JSON object: give {\"id\": …}")
	}
	out := Members{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, jsonFault(err)
		}
		name, _ := t.(string) // what follows { or , is a name, or an error
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("it has %q twice: give it once", name)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, jsonFault(err)
		}
		if tooDeep(value) {
			return nil, fmt.Errorf("%q nests more than %d deep: give it plainly", name, maxJSONDepth)
		}
		out[name] = value
	}
	if _, err := dec.Token(); err != nil {
		return nil, jsonFault(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object: give one object")
	}
	return out, nil
}

func jsonFault(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON ends too early: check its brackets and quotation marks")
	}
	return fmt.Errorf("it is not JSON: %w", err)
}

// tooDeep counts the brackets of a valid JSON value.
func tooDeep(value []byte) bool {
	depth, inText := 0, false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '[' || c == '{':
			if depth++; depth > maxJSONDepth {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}

// Columns are the names that a file of the kind, or a JSON object, may have:
// its fields and those that name organisations.
func (k *Kind) Columns() []string {
	var names []string
	for _, f := range k.Fields {
		names = append(names, f.Name)
		if f.Ref == "organisation" {
			names = append(names, f.Name+NameSuffix)
		}
	}
	return names
}

// ReadJSON makes a record from a JSON object's members: the names are those of
// a file's columns, money is whole pence, a quantity a number with at most
// three decimals, a list an array of texts, and null means not given. Rules
// are those of [Kind.Read].
func (k *Kind) ReadJSON(source string, in Members) (Record, map[string]string, []*Invalid) {
	var bad []*Invalid
	columns := k.Columns()
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !slices.Contains(columns, name) {
			bad = append(bad, Invalidf(name, "", "is no field of %s: they have %s", strings.ReplaceAll(k.Plural, "_", " "), strings.Join(columns, ", ")))
		}
	}
	texts, names := map[string]string{}, map[string]string{}
	for _, f := range k.Fields {
		if raw, ok := in[f.Name]; ok {
			text, err := f.FromJSON(raw)
			if err != nil {
				bad = append(bad, &Invalid{Field: f.Name, Value: string(raw), Reason: err.Error()})
				text = "?" // it is there, only wrong
			}
			texts[f.Name] = text
		}
		if raw, ok := in[f.Name+NameSuffix]; ok && f.Ref == "organisation" {
			text, err := (Field{Type: FieldText}).FromJSON(raw)
			if err != nil {
				bad = append(bad, &Invalid{Field: f.Name + NameSuffix, Value: string(raw), Reason: err.Error()})
			}
			if text = strings.Join(strings.Fields(text), " "); text != "" {
				names[f.Name] = text
			}
		}
	}
	rec, more := k.Read(source, func(column string) string {
		if texts[column] == "" && names[column] != "" {
			return "name:" + strings.ToLower(names[column])
		}
		return texts[column]
	})
	for _, b := range more {
		// A field that could not be read has been reported.
		if !slices.ContainsFunc(bad, func(have *Invalid) bool { return have.Field == b.Field }) {
			bad = append(bad, b)
		}
	}
	return rec, names, bad
}

// FromJSON is a JSON value as the text that a file would have in this column.
func (f Field) FromJSON(raw json.RawMessage) (string, error) {
	if string(raw) == "null" {
		return "", nil
	}
	first := byte(0)
	if len(raw) > 0 {
		first = raw[0]
	}
	number := first == '-' || first >= '0' && first <= '9'
	text := func() (s string, err error) {
		if first != '"' {
			return "", fmt.Errorf("is %s: give a text in quotation marks", jsonType(first))
		}
		err = json.Unmarshal(raw, &s)
		return s, err
	}
	switch f.Type {
	case FieldMoney:
		if !number || bytes.ContainsAny(raw, ".eE") {
			return "", errors.New("is not whole pence: give an integer without quotation marks; £1,234.50 is 123450")
		}
		n, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil {
			return "", errors.New("is too much money: give pence below nine million million million")
		}
		return Pence(n).Pounds(), nil
	case FieldQuantity, FieldNumber, FieldWhole:
		if !number {
			return "", fmt.Errorf("is %s: give a number without quotation marks", jsonType(first))
		}
		if f.Type != FieldNumber && bytes.ContainsAny(raw, "eE") {
			return "", errors.New("is written with an exponent: give its digits")
		}
		return string(raw), nil
	case FieldYesNo:
		if first != 't' && first != 'f' {
			return "", fmt.Errorf("is %s: give true or false", jsonType(first))
		}
		return string(raw), nil
	case FieldList:
		return listFromJSON(raw, first)
	case FieldText:
		if f.Form == "polygon" {
			if first != '{' {
				return "", fmt.Errorf("is %s: give a GeoJSON Polygon or MultiPolygon", jsonType(first))
			}
			return string(raw), nil
		}
	}
	return text()
}

// listFromJSON joins an array of texts as a file does.
func listFromJSON(raw json.RawMessage, first byte) (string, error) {
	var items []json.RawMessage
	if first != '[' {
		return "", fmt.Errorf("is %s: give an array of texts", jsonType(first))
	}
	if err := json.Unmarshal(raw, &items); err != nil {
		return "", err
	}
	out := make([]string, len(items))
	for i, item := range items {
		if len(item) == 0 || item[0] != '"' {
			return "", errors.New("holds something else than texts: give an array of texts")
		}
		if err := json.Unmarshal(item, &out[i]); err != nil {
			return "", err
		}
		if strings.Contains(out[i], ";") {
			return "", fmt.Errorf("%q holds a semicolon, which parts the items of a list: leave it out", out[i])
		}
	}
	return strings.Join(out, ";"), nil
}

func jsonType(first byte) string {
	switch {
	case first == '"':
		return "a text"
	case first == '[':
		return "an array"
	case first == '{':
		return "an object"
	case first == 't' || first == 'f':
		return "true or false"
	}
	return "a number"
}

// WriteJSON writes a stored record, its fields by column as [Kind.Values] gives
// them, as the JSON object that [Kind.ReadJSON] reads: what is read back and
// written again is the same record. References of the source itself go by
// their id alone.
func (k *Kind) WriteJSON(source string, doc Members) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, f := range k.Fields {
		raw, ok := doc[f.Name]
		if !ok || string(raw) == "null" || string(raw) == "[]" {
			continue
		}
		value, err := f.toJSON(source, raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:", f.Name) // a column's name has nothing to escape
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (f Field) toJSON(source string, raw json.RawMessage) ([]byte, error) {
	switch {
	case f.Type == FieldQuantity:
		n, err := strconv.ParseInt(string(raw), 10, 64)
		return []byte(Quantity(n).String()), err
	case f.Type == FieldRef:
		var ref string
		if err := json.Unmarshal(raw, &ref); err != nil {
			return nil, err
		}
		return json.Marshal(ShortRef(source, ref))
	case f.Form == "polygon":
		var text string
		err := json.Unmarshal(raw, &text)
		return []byte(text), err
	case f.Name == "places":
		// The store notes what each place is: "area:E07000148=2".
		var places []string
		if err := json.Unmarshal(raw, &places); err != nil {
			return nil, err
		}
		for i, p := range places {
			_, places[i], _ = strings.Cut(p, ":")
		}
		return json.Marshal(places)
	}
	return bytes.Clone(raw), nil
}

// ShortRef is "SOURCE//ID" as the source itself writes it: without the source,
// and an org-id alone. An id that has "//" itself stays whole, as without its
// source it would name another's record, and so does one that begins or ends
// with a space, which reading takes away.
func ShortRef(source, ref string) string {
	for _, own := range []string{source, OrgIDSource} {
		if id, ok := strings.CutPrefix(ref, own+"//"); ok && !strings.Contains(id, "//") && id == strings.TrimSpace(id) {
			return id
		}
	}
	return ref
}

// MergePatch applies a JSON merge patch (RFC 7396) to an object's members: a
// null takes a member away, anything else replaces it. Members are replaced
// whole, as no field of a record is an object but a polygon.
func MergePatch(into, patch Members) Members {
	out := maps.Clone(into)
	for name, value := range patch {
		if string(value) == "null" {
			delete(out, name)
			continue
		}
		out[name] = value
	}
	return out
}
