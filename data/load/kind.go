package load

import (
	"archive/zip"
	"bytes"
	"strings"

	"tributary/data"
)

// Kind is the kind of a file that holds a table.
type Kind string

// The kinds.
const (
	KindText    Kind = "text" // CSV, TSV and their like
	KindXLSX    Kind = "xlsx"
	KindGeoJSON Kind = "geojson"
	// KindJSONLines is a JSON object a line.
	KindJSONLines Kind = "jsonl"
)

const accepted = "give a CSV, TSV, XLSX, JSON Lines or GeoJSON file"

// foreign lists files that are mistaken for tables, by their first bytes.
var foreign = []struct{ magic, what string }{
	{"%PDF", "a PDF document"},
	{"\xD0\xCF\x11\xE0", "an old or encrypted Excel workbook: save it as .xlsx without a password"},
	{"\xFF\xD8\xFF", "a JPEG picture"},
	{"\x89PNG", "a PNG picture"},
	{"GIF8", "a GIF picture"},
	{"\x1F\x8B", "a gzip archive: unpack it first"},
	{"BZh", "a bzip2 archive: unpack it first"},
	{"7z\xBC\xAF", "a 7-Zip archive: unpack it first"},
	{"PAR1", "a Parquet file"},
	{"SQLite format 3", "an SQLite database or a GeoPackage"},
	{`{\rtf`, "a rich-text document"},
	{"\x00\x00\x27\x0A", "a shapefile: convert it to GeoJSON"},
	{"fgb\x03", "a FlatGeobuf file: convert it to GeoJSON"},
	{"\x7FELF", "a program"},
}

// sniffKind tells the kind of a file by its first bytes, whatever its name
// says. zipped is called to look into a ZIP archive.
func sniffKind(name string, head []byte, zipped func() (*zip.ReadCloser, error)) (Kind, error) {
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return "", wrongKind(name, f.what)
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return sniffZIP(name, zipped)
	}
	if bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF")) {
		return KindText, nil
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))
	switch {
	case len(text) == 0:
		return "", data.Invalidf("file", name, "the file is empty: %s", accepted)
	case bytes.IndexByte(head, 0) >= 0:
		if bytes.Count(head, []byte{0}) >= len(head)/3 {
			return "", wrongKind(name, "UTF-16 text without a byte-order mark: save it as UTF-8")
		}
		return "", wrongKind(name, "binary data")
	case text[0] == '<':
		return "", wrongKind(name, markup(text))
	case text[0] == '{' || text[0] == '[':
		return sniffJSON(name, text)
	}
	return KindText, nil
}

func wrongKind(name, what string) error {
	return data.Invalidf("file", name, "the file is of the wrong kind, it looks like %s: %s", what, accepted)
}

func markup(text []byte) string {
	start := strings.ToLower(string(text[:min(len(text), 2000)]))
	switch {
	case strings.HasPrefix(start, "<!doctype html"), strings.Contains(start, "<html"):
		return "a web page (HTML), perhaps the page around the download"
	case strings.Contains(start, "<kml"):
		return "KML: convert it to GeoJSON"
	}
	return "XML"
}

func sniffZIP(name string, zipped func() (*zip.ReadCloser, error)) (Kind, error) {
	z, err := zipped()
	if err != nil {
		return "", wrongKind(name, "a damaged ZIP archive or workbook")
	}
	defer z.Close()
	what := "a ZIP archive: unpack it first"
	for _, f := range z.File {
		switch {
		case f.Name == "xl/workbook.xml":
			return KindXLSX, nil
		case f.Name == "xl/workbook.bin":
			what = "a binary Excel workbook (.xlsb): save it as .xlsx"
		case strings.HasPrefix(f.Name, "word/"):
			what = "a Word document"
		case f.Name == "mimetype":
			what = "an OpenDocument file: save it as .xlsx or CSV"
		}
	}
	return "", wrongKind(name, what)
}

// sniffJSON tells GeoJSON and JSON Lines from other JSON as far as the start of
// the file can say; their readers check the rest.
func sniffJSON(name string, text []byte) (Kind, error) {
	if text[0] == '[' {
		return "", wrongKind(name, "a JSON list: give one object a line, without brackets and commas around")
	}
	// An object that ends on its own line, and is no GeoJSON, is the first of
	// many.
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if members, err := data.ReadMembers(first); err == nil && isRecord(members) {
		return KindJSONLines, nil
	}
	for _, sign := range []string{`"FeatureCollection"`, `"Feature"`, `"features"`} {
		if bytes.Contains(text, []byte(sign)) {
			return KindGeoJSON, nil
		}
	}
	return "", wrongKind(name, "JSON that is neither a GeoJSON FeatureCollection nor one object a line")
}

// isRecord tells a record from a feature and from a package around many
// records, such as {"releases": [{…}]}.
func isRecord(members data.Members) bool {
	if kind := string(members["type"]); kind == `"FeatureCollection"` || kind == `"Feature"` {
		return false
	}
	lists := 0
	for _, value := range members {
		if value[0] != '[' {
			continue
		}
		lists++
		if inside := bytes.TrimLeft(value[1:], " \t"); inside[0] == '{' {
			return false
		}
	}
	return len(members) > lists || lists == 0
}
