// Package tiletest holds tiles against the specification and against two
// decoders that others wrote: orb, and @mapbox/vector-tile under Node, which
// the web app's packages bring.
package tiletest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"

	"tributary/tiles"
)

// App is a path within web/app; the test fails if it is not there.
func App(t testing.TB, path string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	p := filepath.Join(filepath.Dir(here), "../../web/app", path)
	if _, err := os.Stat(p); err != nil {
		t.Fatalf("%v: 'npm ci --ignore-scripts' in web/app installs it", err)
	}
	return p
}

// layer is a layer as both decoders tell it.
type layer struct {
	Name     string    `json:"name"`
	Version  int       `json:"version"`
	Extent   int       `json:"extent"`
	Features []feature `json:"features"`
}

type feature struct {
	ID         float64        `json:"id"`
	Kind       int            `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   [][][2]float64 `json:"geometry"` // points, lines or rings
}

// Agree fails the test unless every tile, by its name, is as the specification
// demands and both decoders see the same in it.
func Agree(t testing.TB, encoded map[string][]byte) {
	t.Helper()
	names := slices.Sorted(maps.Keys(encoded))
	dir := t.TempDir()
	for i, name := range names {
		if err := tiles.Verify(encoded[name]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)), encoded[name], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	App(t, "node_modules/@mapbox/vector-tile")
	cmd := exec.CommandContext(t.Context(), "node", App(t, "build/decode.mjs"), dir, strconv.Itoa(len(names)))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("decoding with Node: %v", err)
	}
	lines := bytes.Split(bytes.TrimSuffix(out, []byte("\n")), []byte("\n"))
	if len(lines) != len(names) {
		t.Fatalf("Node decoded %d tiles of %d", len(lines), len(names))
	}
	for i, name := range names {
		var theirs []layer
		if err := json.Unmarshal(lines[i], &theirs); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ours, err := orbLayers(encoded[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(ours, theirs); diff != "" {
			t.Errorf("%s: the decoders disagree (-orb +vector-tile):\n%.3000s", name, diff)
		}
	}
}

func orbLayers(tile []byte) ([]layer, error) {
	decoded, err := mvt.Unmarshal(tile)
	if err != nil {
		return nil, err
	}
	out := []layer{}
	for _, l := range decoded {
		to := layer{Name: l.Name, Version: int(l.Version), Extent: int(l.Extent), Features: []feature{}}
		for _, f := range l.Features {
			g := feature{Properties: map[string]any{}}
			maps.Copy(g.Properties, f.Properties)
			if id, ok := f.ID.(float64); ok {
				g.ID = id
			}
			if g.Kind, g.Geometry, err = parts(f.Geometry); err != nil {
				return nil, err
			}
			to.Features = append(to.Features, g)
		}
		out = append(out, to)
	}
	slices.SortFunc(out, func(a, b layer) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	return out, nil
}

// parts are the points, lines or rings of a geometry, and its MVT type.
func parts(g orb.Geometry) (kind int, out [][][2]float64, err error) {
	add := func(points []orb.Point) {
		part := make([][2]float64, len(points))
		for i, p := range points {
			part[i] = p
		}
		out = append(out, part)
	}
	switch g := g.(type) {
	case orb.Point:
		add([]orb.Point{g})
		return 1, out, nil
	case orb.MultiPoint:
		for _, p := range g {
			add([]orb.Point{p})
		}
		return 1, out, nil
	case orb.LineString:
		add(g)
		return 2, out, nil
	case orb.MultiLineString:
		for _, l := range g {
			add(l)
		}
		return 2, out, nil
	case orb.Polygon:
		for _, r := range g {
			add(r)
		}
		return 3, out, nil
	case orb.MultiPolygon:
		for _, p := range g {
			for _, r := range p {
				add(r)
			}
		}
		return 3, out, nil
	}
	return 0, nil, fmt.Errorf("a geometry of the type %T", g)
}
