package load

import (
	"path/filepath"
	"sync/atomic"

	"tributary/data"
)

func openFeatures(path string, done *atomic.Int64) (rowSource, error) {
	return nil, data.Invalidf("file", filepath.Base(path), "GeoJSON cannot be read yet: give a CSV file")
}
