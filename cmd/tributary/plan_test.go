package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// imports is the floor plan: which rooms each room may import. A room that is
// not here may not be.
var imports = map[string][]string{
	"geo":                     {},
	"geo/hex":                 {"geo"},
	"data":                    {"geo", "geo/hex"},
	"data/reference":          {"data", "geo"},
	"data/reference/generate": {"data", "data/reference", "geo"},
	"data/demo":               {"data", "data/reference", "geo"},
	"data/facts":              {"data", "geo", "geo/hex"},
	"data/facts/factstest":    {"data"},
	"data/load":               {"data", "data/reference", "geo"},
	"data/postgis":            {"data", "data/reference", "geo", "geo/hex", "migrations"},
	"data/postgis/cluster":    {},
	"data/postgis/pgtest":     {"data/postgis", "data/postgis/cluster"},
	"migrations":              {},
	"tiles":                   {"data", "geo", "geo/hex"},
	"tiles/tiletest":          {"tiles"},
	"web":                     {"data", "geo", "geo/hex", "tiles", "web/issuer"},
	"web/mail":                {"data"},
	"web/mail/mailtest":       {},
	"web/issuer":              {},
	"cmd/tributary":           {"data", "data/demo", "data/facts", "data/load", "data/postgis", "data/postgis/cluster", "data/reference", "geo", "tiles", "web", "web/issuer", "web/mail"},
}

// onlyIn keeps each of these packages to as few rooms as can be, so that
// replacing it is a small change.
var onlyIn = map[string]string{
	"github.com/gorilla/mux":        "web",
	"github.com/twpayne/go-geom":    "data/postgis",
	"github.com/uber/h3-go/v4":      "geo/hex",
	"github.com/jackc/pgx/v5":       "data/postgis",
	"github.com/xuri/excelize/v2":   "data/load web", // reading, writing
	"github.com/alecthomas/kong":    "cmd/tributary",
	"github.com/wroge/wgs84":        "geo",
	"github.com/jackc/tern/v2":      "data/postgis",
	"github.com/maypok86/otter/v2":  "tiles",
	"github.com/coreos/go-oidc/v3":  "web",
	"github.com/go-jose/go-jose/v4": "web/issuer",
	"github.com/wneessen/go-mail":   "web/mail",
	"database/sql":                  "nowhere",
	"encoding/xml":                  "nowhere",
	"text/template":                 "nowhere",
	"plugin":                        "nowhere",
	"encoding/gob":                  "nowhere",
	"net/http/pprof":                "nowhere",
}

func TestFloorPlan(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}: {{join .Imports " "}}`, "tributary/...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		path, list, _ := strings.Cut(strings.TrimSpace(line), ": ")
		room := strings.TrimPrefix(path, "tributary/")
		allowed, planned := imports[room]
		if !planned {
			t.Errorf("the room %s is not in the floor plan", room)
		}
		for imp := range strings.FieldsSeq(list) {
			if other, ours := strings.CutPrefix(imp, "tributary/"); ours && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s, which the floor plan does not allow", room, other)
			}
			for pkg, where := range onlyIn {
				in := func(where string) bool { return room == where || strings.HasPrefix(room, where+"/") }
				if (imp == pkg || strings.HasPrefix(imp, pkg+"/")) && !slices.ContainsFunc(strings.Fields(where), in) {
					t.Errorf("%s imports %s, which belongs in %s", room, imp, where)
				}
			}
		}
	}
}
