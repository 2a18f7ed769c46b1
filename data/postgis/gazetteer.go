package postgis

import (
	"context"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlGazetteer        = query("gazetteer")
	sqlGazetteerVersion = query("gazetteer_version")
)

// gazetteer resolves what people write for a territory or an area: its id, its
// code or its name.
type gazetteer struct {
	territories map[string]string // spelling → id
	areas       map[string]area   // spelling → area
}

type area struct{ code, territory string }

// ambiguous marks a name that several areas have.
var ambiguous = area{code: "?"}

func spelling(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	return strings.ReplaceAll(s, "&", "and")
}

// gazetteerCache keeps the last names and measures, which hundreds of writes
// share: nobody changes those that are made.
type gazetteerCache struct {
	mu       sync.Mutex
	version  string
	sets     sets
	names    gazetteer
	measures measures
}

// recall is what was learnt last, if nothing has changed since.
func (c *gazetteerCache) recall(version string, of sets) (gazetteer, measures, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.names, c.measures, c.version == version && c.sets == of
}

func (c *gazetteerCache) keep(version string, of sets, names gazetteer, known measures) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.version, c.sets, c.names, c.measures = version, of, names, known
}

func loadGazetteer(ctx context.Context, tx pgx.Tx, s sets) (gazetteer, error) {
	g := gazetteer{territories: map[string]string{}, areas: map[string]area{}}
	rows, err := tx.Query(ctx, sqlGazetteer, pgx.StrictNamedArgs{"area_set": s.Area})
	if err != nil {
		return g, err
	}
	var kind, spelt, code, territory string
	_, err = pgx.ForEachRow(rows, []any{&kind, &spelt, &code, &territory}, func() error {
		key := spelling(spelt)
		if kind == "territory" {
			g.territories[key] = code
			return nil
		}
		a := area{code, territory}
		if old, there := g.areas[key]; there && old != a {
			a = ambiguous
		}
		g.areas[key] = a
		return nil
	})
	return g, err
}

// resolve replaces the record's spellings by ids, or says what is wrong with
// them.
func (g gazetteer) resolve(r *data.ActivityRecord) *data.Invalid {
	if r.TerritoryCode != "" {
		id, ok := g.territories[spelling(r.TerritoryCode)]
		if !ok {
			return data.Invalidf("territory", r.TerritoryCode, "%q is no police territory%s: give its id (norfolk), code (E23000024) or name; /api/v1/territories lists all 45", r.TerritoryCode, vintage(r.TerritoryCode))
		}
		r.TerritoryCode = id
	}
	if r.AreaCode == "" {
		return nil
	}
	a, ok := g.areas[spelling(r.AreaCode)]
	switch {
	case !ok:
		return data.Invalidf("area_code", r.AreaCode, "%q is no district in force%s: give a district's 2025 code such as E07000148; /api/v1/areas lists them", r.AreaCode, vintage(r.AreaCode))
	case a == ambiguous:
		return data.Invalidf("area_code", r.AreaCode, "several areas are called %q: give the code", r.AreaCode)
	case r.TerritoryCode != "" && r.TerritoryCode != a.territory:
		return data.Invalidf("area_code", r.AreaCode, "%q lies in %s, not in %s: correct one of the two", r.AreaCode, a.territory, r.TerritoryCode)
	}
	r.AreaCode, r.TerritoryCode = a.code, a.territory
	return nil
}

// vintage recognises the form of a code that the reference does not have.
func vintage(code string) string {
	c := strings.ToUpper(strings.TrimSpace(code))
	if len(c) != 9 || strings.Trim(c[1:], "0123456789") != "" {
		return ""
	}
	switch c[:3] {
	case "E06", "E07", "E08", "E09", "W06", "S12", "N09":
		return " (it has the form of a district's code, perhaps of another year)"
	case "E23", "W15", "S23":
		return " (it has the form of a police area's code, perhaps of another year)"
	case "E12", "W92", "S92", "N92":
		return " (it has the form of a region's code)"
	}
	return ""
}
