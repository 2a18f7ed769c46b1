package tiles

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/maypok86/otter/v2"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
)

// Encoded is a finished tile: its bytes as they are and gzipped, and a strong
// entity tag of each.
type Encoded struct {
	Identity, Gzip       []byte
	IdentityTag, GzipTag string
}

// Cache keeps finished tiles, bounded by their bytes, and makes each once
// however many ask at the same time. A tile belongs to the version of the data
// that it was made from, so a change is never hidden by it.
type Cache struct {
	tiles *Tiles
	kept  *otter.Cache[string, Encoded]
}

// NewCache keeps up to capacity bytes of tiles.
func NewCache(t *Tiles, capacity int) (*Cache, error) {
	kept, err := otter.New(&otter.Options[string, Encoded]{
		MaximumWeight: uint64(capacity),
		Weigher: func(key string, e Encoded) uint32 {
			return uint32(len(key) + len(e.Identity) + len(e.Gzip) + 128)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("tile cache: %w", err)
	}
	return &Cache{tiles: t, kept: kept}, nil
}

// Tile returns a tile as at a version of the data.
func (c *Cache) Tile(ctx context.Context, version int64, layers []Layer, at maptile.Tile, f data.Filter) (Encoded, error) {
	var key strings.Builder
	fmt.Fprintf(&key, "%d/", version)
	for _, l := range layers {
		key.WriteString(l.Name + ",")
	}
	fmt.Fprintf(&key, "/%d/%d/%d?%s", at.Z, at.X, at.Y, f.Canonical())
	return c.kept.Get(ctx, key.String(), otter.LoaderFunc[string, Encoded](func(ctx context.Context, _ string) (Encoded, error) {
		b, err := c.tiles.Tile(ctx, layers, at, f)
		if err != nil {
			return Encoded{}, err
		}
		return encode(b)
	}))
}

// encode finishes a tile. The tag is the hash of the bytes, which are the same
// for the same data, and names the encoding.
func encode(b []byte) (Encoded, error) {
	sum := sha256.Sum256(b)
	tag := hex.EncodeToString(sum[:12])
	e := Encoded{Identity: b, IdentityTag: `"` + tag + `"`, GzipTag: `"` + tag + `-gz"`}
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, 6)
	if err != nil {
		return e, err
	}
	if _, err := w.Write(b); err != nil {
		return e, err
	}
	if err := w.Close(); err != nil {
		return e, err
	}
	e.Gzip = z.Bytes()
	return e, nil
}
