package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// binaries are the programs of one PostgreSQL version that has PostGIS.
type binaries struct {
	dir   string
	major int
}

// oldest is the oldest PostgreSQL that the migrations work with.
const oldest = 15

var errNoPostgres = errors.New("this machine has no PostgreSQL with PostGIS: run 'make setup' (it installs the distribution's postgresql and postgis packages), or give TRIBUTARY_DATABASE_URL")

// find looks for the server programs where distributions put them, newest
// first, and asks each which version it is. want is a major version that an
// existing data directory insists on, or 0.
func find(want int) (binaries, error) {
	var found []binaries
	for _, dir := range candidates() {
		b, ok := probe(dir)
		if ok && (want == 0 || b.major == want) {
			return b, nil
		}
		if ok {
			found = append(found, b)
		}
	}
	if want != 0 && len(found) > 0 {
		return binaries{}, fmt.Errorf("the data directory was made by PostgreSQL %d, but this machine has %d: install PostgreSQL %d with PostGIS, or dump and restore into a new directory", want, found[0].major, want)
	}
	return binaries{}, errNoPostgres
}

func candidates() []string {
	var dirs []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"} {
		got, _ := filepath.Glob(pattern) // the pattern is well formed
		for i := len(got) - 1; i >= 0; i-- {
			dirs = append(dirs, got[i])
		}
	}
	if path, err := exec.LookPath("pg_config"); err == nil {
		if out, err := exec.Command(path, "--bindir").Output(); err == nil {
			dirs = append(dirs, strings.TrimSpace(string(out)))
		}
	}
	return dirs
}

func probe(dir string) (binaries, bool) {
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return binaries{}, false
	}
	fields := strings.Fields(string(out)) // postgres (PostgreSQL) 15.18 (Debian …)
	if len(fields) < 3 {
		return binaries{}, false
	}
	number, _, _ := strings.Cut(fields[2], ".")
	major, err := strconv.Atoi(number)
	if err != nil || major < oldest {
		return binaries{}, false
	}
	share := filepath.Join("/usr/share/postgresql", strconv.Itoa(major))
	if out, err := exec.Command(filepath.Join(dir, "pg_config"), "--sharedir").Output(); err == nil {
		share = strings.TrimSpace(string(out))
	}
	if _, err := os.Stat(filepath.Join(share, "extension", "postgis.control")); err != nil {
		return binaries{}, false
	}
	return binaries{dir: dir, major: major}, true
}

// Programs is the folder of the newest PostgreSQL's programs on this machine,
// such as pg_dump, which reads older servers too.
func Programs() (dir string, err error) {
	b, err := find(0)
	return b.dir, err
}
