package geo

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// geojsonReader walks the tokens of a file.
type geojsonReader struct {
	dec     *json.Decoder
	src     *trackedReader
	limits  GeoJSONLimits
	depth   int // of arrays and objects now open
	index   int // features begun
	inside  bool
	crs     CRS
	named   bool // crs was said by a member
	guessed bool
}

func newGeoJSONReader(r io.Reader, limits GeoJSONLimits) *geojsonReader {
	limits.Vertices = cmp.Or(limits.Vertices, 100_000)
	limits.FeatureBytes = cmp.Or(limits.FeatureBytes, 32<<20)
	if limits.Bound.IsZero() {
		limits.Bound = UK
	}
	src := &trackedReader{r: bufio.NewReader(r), budget: limits.FeatureBytes, allowance: limits.FeatureBytes, line: 1}
	g := &geojsonReader{dec: json.NewDecoder(src), src: src, limits: limits}
	g.dec.UseNumber()
	return g
}

// trackedReader skips a byte order mark, stops when one feature takes too many
// bytes, and keeps what the decoder has not passed yet, to count lines.
type trackedReader struct {
	r         *bufio.Reader
	started   bool
	budget    int64
	allowance int64
	pending   []byte
	line      int   // of the first pending byte
	offset    int64 // of the first pending byte, as the decoder counts
	mark      int64 // bytes before those the decoder sees
}

var errFeatureTooLong = errors.New("feature too long")

func (t *trackedReader) Read(p []byte) (int, error) {
	if !t.started {
		t.started = true
		if b, err := t.r.Peek(3); err == nil && bytes.Equal(b, []byte("\xef\xbb\xbf")) {
			t.mark = 3
			t.r.Discard(3)
		}
	}
	if t.budget <= 0 {
		return 0, errFeatureTooLong
	}
	// Full reads, as the decoder looks at all blank space again after each.
	n, err := io.ReadFull(t.r, p[:min(int64(len(p)), t.budget)])
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	t.budget -= int64(n)
	t.pending = append(t.pending, p[:n]...)
	return n, err
}

// pass forgets what lies before the decoder's offset.
func (t *trackedReader) pass(offset int64) {
	n := min(int(offset-t.offset), len(t.pending))
	t.line += bytes.Count(t.pending[:n], []byte{'\n'})
	t.pending = append(t.pending[:0], t.pending[n:]...)
	t.offset += int64(n)
}

// begin starts a new feature's allowance.
func (t *trackedReader) begin(offset int64) {
	t.pass(offset)
	t.budget = t.allowance
}

// fault is an error about the feature at hand, or the file if there is none.
func (g *geojsonReader) fault(format string, args ...any) *GeoJSONError {
	g.src.pass(g.dec.InputOffset())
	e := &GeoJSONError{Line: g.src.line, Offset: g.dec.InputOffset() + g.src.mark, Reason: fmt.Sprintf(format, args...)}
	if g.inside {
		e.Feature = g.index
	} else {
		e.Fatal = true
	}
	return e
}

func (g *geojsonReader) fatal(cause error, format string, args ...any) *GeoJSONError {
	e := g.fault(format, args...)
	e.Fatal, e.err = true, cause
	return e
}

// token is the next token; any error is fatal.
func (g *geojsonReader) token() (json.Token, error) {
	t, err := g.dec.Token()
	var syntax *json.SyntaxError
	switch {
	case err == nil:
	case errors.Is(err, errFeatureTooLong):
		return nil, g.fatal(err, "one feature takes more than %d bytes: simplify it, or split the file", g.limits.FeatureBytes)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, g.fatal(io.ErrUnexpectedEOF, "the file ends in the middle: get it again")
	case errors.As(err, &syntax):
		return nil, g.fatal(err, "this is not JSON (%v): export the file again as GeoJSON, UTF-8; NaN and Infinity are not numbers there", err)
	default:
		return nil, g.fatal(err, "reading failed: %v", err)
	}
	if d, ok := t.(json.Delim); ok {
		if d == '{' || d == '[' {
			g.depth++
		} else {
			g.depth--
		}
		if g.depth > maxNesting {
			return nil, g.fatal(nil, "values nest more than %d deep: remove the property that does", maxNesting)
		}
	}
	return t, nil
}

// skipTo reads on until only depth arrays and objects are open.
func (g *geojsonReader) skipTo(depth int) error {
	for g.depth > depth {
		if _, err := g.token(); err != nil {
			return err
		}
	}
	return nil
}

// skip reads over one value.
func (g *geojsonReader) skip() error {
	depth := g.depth
	if _, err := g.token(); err != nil {
		return err
	}
	return g.skipTo(depth)
}

// object calls member for each key of the object just opened, which must read
// the value. Keys given twice are refused: readers disagree about which counts.
func (g *geojsonReader) object(member func(key string) error) error {
	seen := make(map[string]bool)
	for {
		t, err := g.token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return nil // '}'
		}
		if seen[key] {
			return g.fault("%q is given twice: keep one", clip(key))
		}
		seen[key] = true
		if err := member(key); err != nil {
			return err
		}
	}
}

// text reads a value that must be a string.
func (g *geojsonReader) text(what string) (string, error) {
	t, err := g.token()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", g.fault("%s must be text: quote it", what)
	}
	return s, nil
}

// value reads any value as encoding/json would.
func (g *geojsonReader) value() (any, error) {
	t, err := g.token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		m := make(map[string]any)
		err := g.object(func(key string) (err error) {
			m[key], err = g.value()
			return err
		})
		return m, err
	case json.Delim('['):
		list := []any{}
		for g.dec.More() {
			v, err := g.value()
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := g.token()
		return list, err
	}
	return t, nil
}

// end demands that nothing follows.
func (g *geojsonReader) end() error {
	if _, err := g.dec.Token(); !errors.Is(err, io.EOF) {
		return g.fatal(nil, "there is text after the end of the GeoJSON: remove it")
	}
	return nil
}

// clip shortens what a file said before it is repeated in a message.
func clip(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
