package load

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// packed writes a workbook with one sheet whose rows are what repeats times
// of piece make, between before and after, and with the other parts given.
func packed(t *testing.T, before, piece string, times int, after string, others map[string]string) string {
	t.Helper()
	const ns = `http://schemas.openxmlformats.org/`
	parts := map[string]string{
		"[Content_Types].xml": `<Types xmlns="` + ns + `package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="` + ns + `package/2006/relationships"><Relationship Id="r1" Type="` + ns + `officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="` + ns + `package/2006/relationships"><Relationship Id="r1" Type="` + ns + `officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="` + ns + `spreadsheetml/2006/main" xmlns:r="` + ns + `officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
	}
	for name, text := range others {
		parts[name] = text
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	z := zip.NewWriter(out)
	add := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range parts {
		add(name, text)
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`<worksheet xmlns="` + ns + `spreadsheetml/2006/main"><sheetData>`, before} {
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	for range times {
		if _, err := io.WriteString(w, piece); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(w, after); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	sheetEnd = `</sheetData></worksheet>`
	twoRows  = `<row r="1"><c t="inlineStr"><is><t>id</t></is></c></row><row r="2"><c t="inlineStr"><is><t>a > b <!-- "> -- <x> -->c</t></is></c></row>`
)

func TestWorkbooksThatUnfold(t *testing.T) {
	megabyte := strings.Repeat("A", 1<<20)
	for name, c := range map[string]struct {
		path func(t *testing.T) string
		want string // in the error; empty: it can be read
	}{
		"a plain one": {func(t *testing.T) string { return packed(t, twoRows, "", 0, sheetEnd, nil) }, ""},
		"an endless cell": {func(t *testing.T) string {
			return packed(t, `<row r="1"><c t="inlineStr"><is><t>`, megabyte, 12, `</t></is></c></row>`+sheetEnd, nil)
		}, "a cell or a tag has more than"},
		"an endless tag": {func(t *testing.T) string { return packed(t, `<row r="1" x="`, megabyte, 12, `"/>`+sheetEnd, nil) }, "a cell or a tag has more than"},
		"an endless row": {func(t *testing.T) string {
			return packed(t, `<row r="1">`, `<c t="inlineStr"><is><t>x</t></is></c>`, 1<<19, `</row>`+sheetEnd, nil)
		}, "a row has more than"},
		"elements without end": {func(t *testing.T) string { return packed(t, `<row r="1">`, `<c>`, 1<<10, sheetEnd, nil) }, "nest more than 64 deep"},
		"a picture of nothing": {func(t *testing.T) string {
			return packed(t, twoRows, "", 0, sheetEnd, map[string]string{"xl/media/image1.png": strings.Repeat(megabyte, 65)})
		}, "unpacks to more than"},
		"a document type": {func(t *testing.T) string {
			return packed(t, twoRows, "", 0, sheetEnd, map[string]string{"xl/styles.xml": `<!DOCTYPE x [<!ENTITY a "b">]><x/>`})
		}, "document type"},
		"a sheet that breaks off": {func(t *testing.T) string { return packed(t, twoRows, "", 0, `<row r="3"><c`, nil) }, "ends in the middle"},
		"a sheet with a tear":     {func(t *testing.T) string { return packed(t, `</row></x></x></x>`+twoRows, "", 0, sheetEnd, nil) }, "not well-formed"},
	} {
		t.Run(name, func(t *testing.T) {
			path := c.path(t)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			table, err := OpenTable(path, TableOptions{})
			runtime.ReadMemStats(&after)
			if table != nil {
				table.Close()
			}
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "save the sheet as CSV")) {
				t.Errorf("error %v, want %q and the remedy", err, c.want)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
				t.Errorf("%d MB were allocated", used>>20)
			}
		})
	}
}
