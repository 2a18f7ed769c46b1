package tiles

import (
	"errors"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// codesIn are the ids of the boundaries that a tile shows with figures beside
// them: of regions, territories and areas, and of their label points. So the
// tiles that a figure stands in are known exactly, and from the tile itself.
func codesIn(tile []byte) ([]string, error) {
	var codes []string
	err := fields(tile, func(n protowire.Number, layer []byte) error {
		if n != 3 { // layers
			return nil
		}
		ids, err := idsIn(layer)
		codes = append(codes, ids...)
		return err
	})
	slices.Sort(codes)
	return slices.Compact(codes), err
}

// idsIn are the texts that a boundary layer's features have as their id.
func idsIn(layer []byte) ([]string, error) {
	var name string
	var features, values [][]byte
	id, keys := -1, 0
	err := fields(layer, func(n protowire.Number, b []byte) error {
		switch n {
		case 1:
			name = string(b)
		case 2:
			features = append(features, b)
		case 3:
			if string(b) == "id" {
				id = keys
			}
			keys++
		case 4:
			values = append(values, b)
		}
		return nil
	})
	switch strings.TrimSuffix(name, "_label") {
	case "regions", "territories", "areas":
	default:
		return nil, err
	}
	used := make([]bool, len(values))
	for _, feature := range features {
		if err == nil {
			err = fields(feature, func(n protowire.Number, tags []byte) error {
				if n == 2 {
					return tagged(tags, id, used)
				}
				return nil
			})
		}
	}
	var out []string
	for i, b := range values {
		if used[i] && err == nil {
			err = fields(b, func(n protowire.Number, text []byte) error {
				if n == 1 {
					out = append(out, string(text))
				}
				return nil
			})
		}
	}
	return out, err
}

// tagged marks the values that a feature's tags, pairs of key and value, give
// to a key.
func tagged(tags []byte, key int, used []bool) error {
	for len(tags) > 0 {
		k, n := protowire.ConsumeVarint(tags)
		if n < 0 {
			return errNotATile
		}
		v, m := protowire.ConsumeVarint(tags[n:])
		if m < 0 {
			return errNotATile
		}
		tags = tags[n+m:]
		if int(k) == key && v < uint64(len(used)) {
			used[v] = true
		}
	}
	return nil
}

var errNotATile = errors.New("this is not a vector tile")

// fields yields the fields of a message that are of bytes.
func fields(b []byte, yield func(protowire.Number, []byte) error) error {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return errNotATile
		}
		b = b[n:]
		if kind != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(number, kind, b); n < 0 {
				return errNotATile
			}
			b = b[n:]
			continue
		}
		v, n := protowire.ConsumeBytes(b)
		if n < 0 {
			return errNotATile
		}
		b = b[n:]
		if err := yield(number, v); err != nil {
			return err
		}
	}
	return nil
}
