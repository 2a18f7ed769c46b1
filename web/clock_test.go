package web

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// clocked says of every function that reads this machine's clock why it does no
// harm if that is wrong. What is kept, and what runs out, goes by the database's:
// sessions, keys, idempotency keys, drafts, what is due.
var clocked = map[string]string{
	"data/postgis/backup.go Backup":                    "a note in the manifest",
	"data/postgis/import_activity.go ImportActivities": "how long an import took",
	"data/postgis/ledger.go ImportLedger":              "how long an import took",
	"data/postgis/import_postcode.go ImportPostcodes":  "how long an import took",
	"data/postgis/write.go attempt":                    "how long a write took",
	"data/postgis/write_join.go attemptAll":            "how long a write took",
	"data/postgis/nearby.go candidates":                "which day a memory is of: it is read again the next",
	"data/postgis/counts.go asAt":                      "which day a question is about if it does not say: today",
	"data/postgis/counts.go countsNow":                 "which day a memory is of",
	"data/postgis/follow.go":                           "how long ago, by the monotonic clock",
	"tiles/cache.go":                                   "how long ago, by the monotonic clock, and the day that tiles of today end",
	"web/pages_filter.go":                              "which periods a form offers",
	"web/observe.go observe":                           "how long an answer took",
	"web/limit.go":                                     "how long ago, by the monotonic clock",
	"web/changes.go":                                   "a deadline of a write, by the monotonic clock",
	"data/date.go Today":                               "the day that a form offers, and of which a mail says what is due",
	"web/feed.go feed":                                 "the quarter that a feed is of",
}

// No correctness rests on this machine's clock: each function that reads it is
// listed with the reason why it may be wrong.
func TestWhichClock(t *testing.T) {
	set, found, used := token.NewFileSet(), 0, map[string]bool{}
	for _, room := range []string{"data", "tiles", "web", "geo"} {
		err := filepath.WalkDir(filepath.Join("..", room), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && slices.Contains([]string{"app", "dist", "demo", "pgtest", "cluster", "issuer"}, d.Name()) {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil || !bytes.Contains(text, []byte("time.")) {
				return err
			}
			file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, decl := range file.Decls {
				f, ok := decl.(*ast.FuncDecl)
				if !ok {
					continue
				}
				ast.Inspect(f, func(n ast.Node) bool {
					call, ok := n.(*ast.CallExpr)
					if !ok {
						return true
					}
					var b bytes.Buffer
					if err := printer.Fprint(&b, set, call.Fun); err != nil || b.String() != "time.Now" {
						return true
					}
					found++
					at := filepath.ToSlash(strings.TrimPrefix(path, "../"))
					for _, name := range []string{at + " " + f.Name.Name, at} {
						if clocked[name] != "" {
							used[name] = true
							return true
						}
					}
					t.Errorf("%s reads the machine's clock: ask the database for now(), or say in clocked why it may be wrong", at+" "+f.Name.Name)
					return true
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range clocked {
		if !used[name] {
			t.Errorf("%s does not read the clock any more: take it out", name)
		}
	}
	if found < 10 {
		t.Errorf("only %d functions were found", found)
	}
	t.Logf("%d readings of the machine's clock, none of which anything kept depends on", found)
}
