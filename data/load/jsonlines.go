package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"tributary/data"
)

// jsonLines is a file of JSON objects, one a line, as a table: the names of
// their members are the columns.
type jsonLines struct {
	name    string
	columns []string
	file    *os.File
	lines   *lineReader
}

// openJSONLines reads the file twice: a member may turn up for the first time
// in the last line.
func openJSONLines(path string, done *atomic.Int64) (*jsonLines, error) {
	j := &jsonLines{name: filepath.Base(path)}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the lines: %w", err)
	}
	j.file = file
	if err := j.findColumns(); err != nil {
		file.Close()
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		file.Close()
		return nil, fmt.Errorf("open the lines: %w", err)
	}
	done.Store(0)
	j.lines = newLineReader(countingReader{file, done})
	return j, nil
}

func (j *jsonLines) findColumns() error {
	j.lines = newLineReader(j.file)
	known := map[string]bool{}
	for {
		_, members, err := j.object()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if column := oneLine(name); !known[column] {
				known[column] = true
				j.columns = append(j.columns, column)
			}
		}
		if len(j.columns) > maxColumns {
			return data.Invalidf("file", j.name, "the lines have over %d different names: leave out those that are not needed", maxColumns)
		}
	}
	if len(j.columns) == 0 {
		return data.Invalidf("file", j.name, "no line of the file is a JSON object with a value: %s", accepted)
	}
	return nil
}

// object reads the next line that is not blank. A faulty one comes as a row
// with its problem and its text.
func (j *jsonLines) object() (Row, data.Members, error) {
	for {
		l, err := j.lines.next()
		if err != nil {
			return Row{}, nil, err // io.EOF as it is
		}
		row := Row{Line: l.number}
		text := l.text
		if l.number == 1 {
			text = bytes.TrimPrefix(text, utf8BOM)
		}
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		if l.tooLong {
			row.Problem = fmt.Sprintf("the line is longer than %d bytes: shorten it", maxLine)
			return row, nil, nil
		}
		members, err := data.ReadMembers(text)
		if err != nil {
			row.Problem, row.Fields = "the line is no record: "+err.Error(), []string{strings.ToValidUTF8(string(text), "\uFFFD")}
			return row, nil, nil
		}
		return row, members, nil
	}
}

func (j *jsonLines) header() (Row, error) { return Row{Fields: slices.Clone(j.columns)}, nil }

func (j *jsonLines) next() (Row, error) {
	row, members, err := j.object()
	if err != nil || row.Problem != "" {
		return row, err
	}
	row.JSON = make(data.Members, len(members))
	row.Fields = make([]string, len(j.columns))
	for name, raw := range members {
		column := oneLine(name)
		if _, twice := row.JSON[column]; twice {
			row.Problem = fmt.Sprintf("it has %q twice: give it once", column)
		}
		row.JSON[column] = raw
		row.Fields[slices.Index(j.columns, column)] = memberText(raw)
	}
	return row, nil
}

// memberText is a member as a table would show it.
func memberText(raw json.RawMessage) string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return string(raw)
	}
	return propertyText(v)
}

func (j *jsonLines) format() Format { return Format{Kind: KindJSONLines, Encoding: "UTF-8"} }

func (j *jsonLines) close() error { return j.file.Close() }

// jsonRefused writes refused rows as JSON Lines, each with what is wrong with
// it in front, so that they can be mended and imported again.
func jsonRefused(row Row, columns, reasons string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	member := func(name string, value any) error {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", name, text)
		return nil
	}
	for i, value := range []any{row.Line, columns, reasons} {
		if err := member(refusedColumns[i], value); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(row.JSON)) {
		if slices.Contains(refusedColumns, name) {
			continue // of an earlier round
		}
		if err := member(name, row.JSON[name]); err != nil {
			return nil, err
		}
	}
	if row.JSON == nil && len(row.Fields) > 0 {
		if err := member(refusedText, row.Fields[0]); err != nil {
			return nil, err
		}
	}
	b.WriteString("}\n")
	return b.Bytes(), nil
}

// refusedText holds a line that could not be read at all.
const refusedText = "refused_text"
