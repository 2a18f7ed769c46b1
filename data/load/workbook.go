package load

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A workbook is packed, so a small one can unfold without end, and the library
// that reads it holds a cell, a row and most parts whole in memory. These are
// far above anything that Excel writes: a cell has at most 32,767 characters.
const (
	maxWorkbookParts   = 10_000
	maxWorkbookSheet   = 1 << 30   // bytes of a sheet, unpacked; it is read from disk
	maxWorkbookStrings = 256 << 20 // of the shared strings, which are indexed
	maxWorkbookOthers  = 64 << 20  // of all other parts together
	maxWorkbookToken   = 256 << 10 // of a tag, or the text between two
	maxWorkbookRow     = 16 << 20  // of a row with everything in it
	maxWorkbookDepth   = 64        // of elements in one another
)

// checkWorkbook unpacks every part of a workbook once, a piece at a time, and
// says what cannot be read in bounded memory, or not to its end.
func checkWorkbook(path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	if len(z.File) > maxWorkbookParts {
		return fmt.Errorf("it has %d parts, and at most %d are read", len(z.File), maxWorkbookParts)
	}
	others := int64(maxWorkbookOthers)
	for _, f := range z.File {
		if err := checkPart(f, &others); err != nil {
			return fmt.Errorf("its part %q: %w", f.Name, err)
		}
	}
	return nil
}

func checkPart(f *zip.File, others *int64) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	name := strings.ToLower(f.Name)
	limit := others
	switch sheet, text := int64(maxWorkbookSheet), int64(maxWorkbookStrings); {
	case strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml"):
		limit = &sheet
	case name == "xl/sharedstrings.xml":
		limit = &text
	}
	var scan io.Writer = io.Discard
	x := &xmlScan{}
	if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
		scan = x
	}
	n, err := io.Copy(scan, io.LimitReader(in, *limit+1))
	if *limit -= n; err != nil {
		return err
	}
	if *limit < 0 {
		return errors.New("it unpacks to more than can be read")
	}
	return x.end()
}

// xmlScan looks through XML as it comes by for what would have to be held in
// memory whole, and for elements that do not end: the library takes damage in
// the middle of a sheet for its end.
type xmlScan struct {
	inTag, quoted bool
	quote         byte
	token         int    // bytes since the tag or the text began
	tag           []byte // the start of the tag, as far as its kind shows
	last          byte
	depth, row    int // row: bytes since the row began, or 0 outside
}

// Write implements io.Writer; it fails at what may not be.
func (x *xmlScan) Write(b []byte) (int, error) {
	for i, c := range b {
		if err := x.next(c); err != nil {
			return i, err
		}
	}
	return len(b), nil
}

func (x *xmlScan) next(c byte) error {
	if x.token++; x.token > maxWorkbookToken {
		return fmt.Errorf("a cell or a tag has more than %d kB", maxWorkbookToken>>10)
	}
	if x.row > 0 {
		if x.row++; x.row > maxWorkbookRow {
			return fmt.Errorf("a row has more than %d MB", maxWorkbookRow>>20)
		}
	}
	switch {
	case !x.inTag:
		if c == '<' {
			x.inTag, x.token, x.tag = true, 0, x.tag[:0]
		}
		return nil
	case x.quoted:
		x.quoted = c != x.quote
	case (c == '"' || c == '\'') && !x.special():
		x.quoted, x.quote = true, c
	case c == '>' && x.closes():
		x.inTag, x.token = false, 0
		return x.element()
	}
	if len(x.tag) < 16 {
		x.tag = append(x.tag, c)
	}
	if x.special() && len(x.tag) == 16 {
		// A comment ends with "-->": keep its last two bytes.
		x.tag[14], x.tag[15] = x.tag[15], c
	}
	x.last = c
	return nil
}

// special reports whether the tag is a comment, a declaration or an
// instruction.
func (x *xmlScan) special() bool { return len(x.tag) > 0 && (x.tag[0] == '!' || x.tag[0] == '?') }

// closes reports whether a > ends the tag.
func (x *xmlScan) closes() bool {
	s := string(x.tag)
	switch {
	case strings.HasPrefix(s, "!--"):
		return len(s) >= 5 && strings.HasSuffix(s, "--")
	case strings.HasPrefix(s, "!["):
		return strings.HasSuffix(s, "]]")
	}
	return true
}

// element notes that a tag has ended.
func (x *xmlScan) element() error {
	name, _, _ := strings.Cut(strings.TrimPrefix(string(x.tag), "/"), " ")
	name = name[strings.IndexByte(name, ':')+1:]
	switch {
	case strings.HasPrefix(string(x.tag), "!DOCTYPE"):
		return errors.New("it has a document type, which no workbook needs")
	case x.special():
	case len(x.tag) == 0:
		return errors.New("it is not well-formed XML")
	case x.tag[0] == '/':
		if x.depth--; x.depth < 0 {
			return errors.New("it is not well-formed XML")
		}
		if name == "row" {
			x.row = 0
		}
	case x.last != '/':
		if x.depth++; x.depth > maxWorkbookDepth {
			return fmt.Errorf("its elements nest more than %d deep", maxWorkbookDepth)
		}
		if name == "row" {
			x.row = 1
		}
	}
	return nil
}

// end says whether everything that began has ended.
func (x *xmlScan) end() error {
	if x.inTag || x.depth != 0 {
		return errors.New("it ends in the middle")
	}
	return nil
}
