package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"tributary/data"
	"tributary/geo"
)

// features is a GeoJSON file as a table: its properties are the columns, and a
// feature's id is one of them if there is no property of that name.
type features struct {
	name    string
	columns []string
	index   map[string]int
	idAt    int // column of the features' own id; -1 for none
	file    *os.File
	pull    func() (geo.Feature, error, bool)
	stop    func()
}

// openFeatures reads the file twice: GeoJSON has no header, and a property may
// turn up for the first time in the last feature.
func openFeatures(path string, done *atomic.Int64) (*features, error) {
	f := &features{name: filepath.Base(path), idAt: -1}
	if err := f.findColumns(path); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the features: %w", err)
	}
	f.file = file
	done.Store(0)
	f.pull, f.stop = iter.Pull2(geo.ReadFeatures(countingReader{file, done}, geo.GeoJSONLimits{}))
	return f, nil
}

func (f *features) findColumns(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the features: %w", err)
	}
	defer file.Close()
	f.index = map[string]int{}
	ids, empty := false, true
	for feature, err := range geo.ReadFeatures(file, geo.GeoJSONLimits{}) {
		empty = false
		if fault := (*geo.GeoJSONError)(nil); errors.As(err, &fault) && !fault.Fatal {
			continue
		}
		if err != nil {
			return data.Invalidf("file", f.name, "the GeoJSON cannot be read: %v", err)
		}
		ids = ids || feature.ID != ""
		for _, name := range slices.Sorted(maps.Keys(feature.Properties)) {
			f.add(name)
		}
		if len(f.columns) > maxColumns {
			return data.Invalidf("file", f.name, "the features have over %d different properties: leave out those that are not needed", maxColumns)
		}
	}
	if empty {
		return data.Invalidf("file", f.name, "the file has no features: %s", accepted)
	}
	if _, taken := f.index["id"]; ids && !taken {
		f.idAt = len(f.columns)
		f.columns = append(f.columns, "id")
	}
	return nil
}

// add makes a column of a property. Names that differ only in blanks are one.
func (f *features) add(name string) {
	if _, known := f.index[name]; known {
		return
	}
	column := oneLine(name)
	at, known := f.index[column]
	if !known {
		at = len(f.columns)
		f.columns = append(f.columns, column)
	}
	f.index[column], f.index[name] = at, at
}

func (f *features) header() (Row, error) {
	return Row{Fields: slices.Clone(f.columns)}, nil
}

func (f *features) next() (Row, error) {
	feature, err, more := f.pull()
	if !more {
		return Row{}, io.EOF
	}
	if err != nil {
		fault := (*geo.GeoJSONError)(nil)
		if errors.As(err, &fault) && !fault.Fatal {
			return Row{Line: feature.Index, Problem: fmt.Sprintf("%s (the feature begins on line %d)", fault.Reason, feature.Line)}, nil
		}
		return Row{}, fmt.Errorf("read the features: %w", err)
	}
	row := Row{Line: feature.Index, Fields: make([]string, len(f.columns)), Geometry: feature.Geometry}
	for name, v := range feature.Properties {
		if i, ok := f.index[name]; ok {
			row.Fields[i] = propertyText(v)
		}
	}
	if f.idAt >= 0 {
		row.Fields[f.idAt] = feature.ID
	}
	return row, nil
}

// propertyText is a property as a table would show it: nothing for null, lists
// with semicolons between.
func propertyText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		parts := make([]string, len(v))
		for i, p := range v {
			parts[i] = propertyText(p)
		}
		return strings.Join(parts, ";")
	case map[string]any:
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(b)
	}
	return fmt.Sprint(v)
}

func (f *features) format() Format { return Format{Kind: KindGeoJSON, Encoding: "UTF-8"} }

func (f *features) close() error {
	f.stop()
	return f.file.Close()
}
