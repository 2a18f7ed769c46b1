package postgis

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var includeLine = regexp.MustCompile(`(?m)^\s*-- include (\w+)(?: (@\w+))?$`)

// query returns the text of sql/NAME.sql. A line "-- include OTHER" stands for
// the text of sql/OTHER.sql, so that the filter is written once; with an
// argument after it, that takes the place of @by in the text. It runs while
// the package's variables are made: a missing file is a build that cannot
// start, not an error that a request meets.
func query(name string) string {
	b, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("postgis: no query %q: %v", name, err))
	}
	return includeLine.ReplaceAllStringFunc(string(b), func(line string) string {
		m := includeLine.FindStringSubmatch(line)
		if text := query(m[1]); m[2] == "" {
			return text
		} else {
			return strings.ReplaceAll(text, "@by", m[2])
		}
	})
}

var (
	sqlAct     = query("act")
	sqlHealth  = query("health")
	sqlVersion = query("version")
	sqlExists  = query("exists")
)
