package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tributary/data"
	"tributary/data/reference"
	"tributary/geo"
)

// LedgerRecord is a record of some kind on its way in. Names gives the names
// of organisations that it refers to, by field: one that is not known yet is
// made with its name alone.
type LedgerRecord struct {
	Line   int
	Record data.Record
	Names  map[string]string
}

// LedgerSheet is the records of one kind: a file, or a sheet of a workbook.
type LedgerSheet struct {
	Kind    *data.Kind
	Records iter.Seq[LedgerRecord]
}

// LedgerRefusal is a row of a sheet that was not taken.
type LedgerRefusal struct {
	Kind *data.Kind
	data.Refusal
}

var (
	sqlLedgerStage    = query("ledger_stage")
	sqlLedgerRefuse   = query("ledger_refuse")
	sqlLedgerRefused  = query("ledger_refused")
	sqlLedgerStubs    = query("ledger_stubs")
	sqlLedgerCodes    = query("ledger_codes")
	sqlLedgerSecret   = query("ledger_secret")
	sqlLedgerMerge    = ledgerQueries("merge_")
	sqlLedgerMissing  = ledgerQueries("missing_")
	sqlLedgerCheck    = ledgerQueries("check_")
	sqlLedgerFollowUp = ledgerQueries("after_")
)

// ledgerQueries are the queries of a family that exist, by kind.
func ledgerQueries(prefix string) map[string]string {
	out := map[string]string{}
	for _, k := range data.Kinds {
		if _, err := sqlFiles.ReadFile("sql/" + prefix + k.Name + ".sql"); err == nil {
			out[k.Name] = query(prefix + k.Name)
		}
	}
	return out
}

// ImportLedger takes sheets of records in one transaction, kind after kind in
// the order of [data.Kinds], whatever the order of the sheets: references are
// resolved, rules checked, differences written, contributions split over
// places and published. The same sheets again change nothing. Rows that break
// a rule are handed to refused; whether the rest is kept is run.Keep's to say.
func (s *Store) ImportLedger(ctx context.Context, who Actor, run data.Import, sheets []LedgerSheet, refused func(LedgerRefusal) error) (data.ImportResult, error) {
	var res data.ImportResult
	started := time.Now()
	err := s.write(ctx, who, func(tx pgx.Tx) error {
		m := &merge{tx: tx, run: run, id: uuid.New()}
		if err := m.beginLedger(ctx); err != nil {
			return err
		}
		if err := m.ledger(ctx, sheets, &res); err != nil {
			return err
		}
		if err := m.ledgerRefusals(ctx, &res, refused); err != nil {
			return err
		}
		if err := m.allocate(ctx, &res); err != nil {
			return err
		}
		res.Kept = true
		if run.Keep != nil && !run.Keep(res) {
			res.Kept = false
			return errNotKept
		}
		return m.record(ctx, who, started, res)
	})
	if errors.Is(err, errNotKept) {
		err = nil
	}
	return res, wrap("import "+run.Kind, err)
}

func (m *merge) beginLedger(ctx context.Context) error {
	if err := lockImport(ctx, m.tx); err != nil {
		return err
	}
	_, err := m.tx.Exec(ctx, sqlLedgerStage)
	return err
}

// phases are the kinds that are written before the next ones are read, as
// those are read by what these say: territories name places, plans measures.
var phases = [][]string{
	{"territory"},
	{"policing_body", "governance", "procurement_group", "plan", "priority", "measure", "policy"},
}

func phase(k *data.Kind) int {
	for i, names := range phases {
		if slices.Contains(names, k.Name) {
			return i
		}
	}
	return len(phases)
}

// ledger stages and merges the sheets, phase after phase.
func (m *merge) ledger(ctx context.Context, sheets []LedgerSheet, res *data.ImportResult) error {
	n := 0
	for p := range len(phases) + 1 {
		now := slices.DeleteFunc(slices.Clone(sheets), func(s LedgerSheet) bool { return phase(s.Kind) != p })
		if len(now) == 0 {
			continue
		}
		if err := m.learn(ctx); err != nil {
			return err
		}
		for _, sheet := range now {
			if err := m.stageSheet(ctx, sheet, &n); err != nil {
				return err
			}
		}
		for _, sql := range []string{sqlLedgerStubs, sqlLedgerCodes} {
			if _, err := m.tx.Exec(ctx, sql, pgx.NamedArgs{"run": m.id}); err != nil {
				return err
			}
		}
		for _, k := range data.Kinds {
			if phase(k) != p {
				continue
			}
			if err := m.mergeKind(ctx, k, res); err != nil {
				return fmt.Errorf("%s: %w", k.Plural, err)
			}
		}
	}
	return nil
}

// learn reads the boundaries, names and measures that are on record. Before
// the first boundaries there are territories only.
func (m *merge) learn(ctx context.Context) (err error) {
	m.sets, err = currentSets(ctx, m.tx)
	if err != nil && m.run.Source != reference.Source {
		return err
	}
	if m.names, err = loadGazetteer(ctx, m.tx, m.sets); err != nil {
		return err
	}
	m.measures, err = loadMeasures(ctx, m.tx)
	return err
}

// stageSheet copies a sheet's records in as they are read.
func (m *merge) stageSheet(ctx context.Context, sheet LedgerSheet, n *int) error {
	next, stop := iter.Pull(sheet.Records)
	defer stop()
	var stubs [][]any // rows made beside the last record
	rows := pgx.CopyFromFunc(func() ([]any, error) {
		if len(stubs) > 0 {
			stub := stubs[0]
			stubs = stubs[1:]
			return stub, nil
		}
		rec, ok := next()
		if !ok {
			return nil, nil
		}
		*n++
		values := sheet.Kind.Values(rec.Record)
		bad := m.resolveValues(values)
		if bad == nil {
			bad = &data.Invalid{}
		}
		if c, ok := rec.Record.(*data.Contribution); ok {
			values["class"] = m.contributionClass(c, values)
		}
		m.spellRefs(sheet.Kind, values)
		doc, err := json.Marshal(values)
		if err != nil {
			return nil, err
		}
		source, id := m.run.Source, rec.Record.Key().ExternalID
		if sheet.Kind.Name == "organisation" {
			source, id = m.organisation(id)
		}
		row := *n
		for field, name := range rec.Names {
			if ref, ok := values[field].(data.Ref); ok {
				*n++
				stubSource, stubID, _ := strings.Cut(string(ref), "//")
				stub, err := json.Marshal(map[string]string{"name": name})
				if err != nil {
					return nil, err
				}
				stubs = append(stubs, []any{*n, rec.Line, "stub", stubSource, stubID, stub, nil, nil, nil})
			}
		}
		return []any{row, rec.Line, sheet.Kind.Name, source, id, doc, null(bad.Field), null(bad.Value), null(bad.Reason)}, nil
	})
	_, err := m.tx.CopyFrom(ctx, pgx.Identifier{"staged"}, []string{"n", "line", "kind", "own_source", "external_id", "doc", "field", "value", "reason"}, rows)
	return err
}

// contributionClass is the class that a contribution's own words and measure
// call for, S1 at least unless its file says S0.
func (m *merge) contributionClass(c *data.Contribution, values map[string]any) string {
	asked := data.S1Care
	if c.Class != "" {
		asked, _ = data.ParseSensitivity(c.Class) // of the vocabulary
	}
	var served []string
	if code, ok := values["measure"].(string); ok {
		served = []string{code}
	}
	class, _ := data.Classify(asked, []string{c.Title}, served, m.measures.classes)
	return strings.ToLower(class.String())
}

// spellRefs spells each reference of a record as "SOURCE//ID".
func (m *merge) spellRefs(k *data.Kind, values map[string]any) {
	for _, f := range k.Fields {
		ref, ok := values[f.Name].(data.Ref)
		if !ok {
			continue
		}
		source, id := m.run.Source, string(ref)
		if other, rest, found := strings.Cut(id, "//"); found && other != "" && !strings.HasSuffix(other, ":") {
			source, id = other, rest
		} else if f.Ref == "organisation" {
			source, id = m.organisation(id)
		}
		values[f.Name] = data.Ref(source + "//" + id)
	}
}

// organisation is the identity of an organisation that a file names: its
// org-id, which is the same for every source, or its id in this one.
func (m *merge) organisation(id string) (source, externalID string) {
	if org, err := data.ParseOrgID(id); err == nil {
		return orgIDSource, org
	}
	return m.run.Source, id
}

// orgIDSource is the source of organisations that are known by their org-id.
const orgIDSource = "org-id"

// resolveValues replaces spellings of territories, areas and measures by their
// ids and codes, and says of places what they are.
func (m *merge) resolveValues(values map[string]any) *data.Invalid {
	g := m.names
	one := func(field string, find func(string) (string, *data.Invalid)) *data.Invalid {
		s, ok := values[field].(string)
		if !ok {
			return nil
		}
		id, bad := find(s)
		if bad != nil {
			bad.Field = field
			return bad
		}
		values[field] = id
		return nil
	}
	for field, find := range map[string]func(string) (string, *data.Invalid){
		"territory": g.territory, "area_code": g.area, "residence_area": g.area, "measure": m.measures.code,
	} {
		if bad := one(field, find); bad != nil {
			return bad
		}
	}
	for field, find := range map[string]func(string) (string, *data.Invalid){
		"areas": g.areaOrTerritory, "territories": g.territory, "measures": m.measures.code, "places": g.weighted,
	} {
		list, ok := values[field].([]string)
		if !ok {
			continue
		}
		out := slices.Clone(list)
		for i, s := range list {
			id, bad := find(s)
			if bad != nil {
				bad.Field = field
				return bad
			}
			out[i] = id
		}
		values[field] = out
	}
	return nil
}

func (g gazetteer) territory(s string) (string, *data.Invalid) {
	rec := data.ActivityRecord{TerritoryCode: s}
	bad := g.resolve(&rec)
	return rec.TerritoryCode, bad
}

func (g gazetteer) area(s string) (string, *data.Invalid) {
	rec := data.ActivityRecord{AreaCode: s}
	bad := g.resolve(&rec)
	return rec.AreaCode, bad
}

func (g gazetteer) areaOrTerritory(s string) (string, *data.Invalid) {
	if id, bad := g.area(s); bad == nil {
		return id, nil
	}
	return g.territory(s)
}

// weighted reads "PLACE=WEIGHT" and spells it "kind:place=weight": an area, a
// territory, a postcode or an outward code.
func (g gazetteer) weighted(s string) (string, *data.Invalid) {
	place, weight, err := data.ParseWeighted(s)
	if err != nil {
		return "", data.Invalidf("places", s, "%v", err)
	}
	spell := func(kind, id string) (string, *data.Invalid) { return fmt.Sprintf("%s:%s=%d", kind, id, weight), nil }
	if p, err := geo.ParsePostcode(place); err == nil {
		return spell("postcode", string(p))
	}
	if id, bad := g.area(place); bad == nil {
		return spell("area", id)
	}
	if id, bad := g.territory(place); bad == nil {
		return spell("territory", id)
	}
	if o, err := geo.ParseOutcode(place); err == nil {
		return spell("outcode", string(o))
	}
	return "", data.Invalidf("places", place, "%q is no area, territory or postcode%s: give a code such as E07000148, norfolk or NR1 3JU", place, vintage(place))
}

// mergeKind checks and writes what was staged of a kind, and does what follows
// from it.
func (m *merge) mergeKind(ctx context.Context, k *data.Kind, res *data.ImportResult) error {
	var staged bool
	if err := m.tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM staged WHERE kind = $1)", k.Name).Scan(&staged); err != nil || !staged {
		return err
	}
	source := pgx.NamedArgs{"source": m.run.Source} // not every kind refers to others
	if sql, ok := sqlLedgerMissing[k.Name]; ok {
		if err := m.refuseMissing(ctx, k, sql, source); err != nil {
			return err
		}
	}
	if k.Name == "contribution" {
		if _, err := m.tx.Exec(ctx, sqlLedgerSecret, source); err != nil {
			return err
		}
	}
	if sql, ok := sqlLedgerCheck[k.Name]; ok {
		if _, err := m.tx.Exec(ctx, sql, source); err != nil {
			return err
		}
	}
	var given, added, changed int
	err := m.tx.QueryRow(ctx, sqlLedgerMerge[k.Name], pgx.NamedArgs{"source": m.run.Source, "run": m.id}).Scan(&given, &added, &changed)
	if err != nil {
		return err
	}
	res.Added, res.Changed, res.Unchanged = res.Added+added, res.Changed+changed, res.Unchanged+given-added-changed
	if sql, ok := sqlLedgerFollowUp[k.Name]; ok {
		_, err = m.tx.Exec(ctx, sql)
	}
	return err
}

// refuseMissing marks the staged rows whose references lead nowhere.
func (m *merge) refuseMissing(ctx context.Context, k *data.Kind, sql string, source pgx.NamedArgs) error {
	rows, err := m.tx.Query(ctx, sql, source)
	if err != nil {
		return err
	}
	var ns []int32
	var fields, values, reasons []string
	var n int32
	var line int
	var field, value string
	_, err = pgx.ForEachRow(rows, []any{&n, &line, &field, &value}, func() error {
		f, _ := k.Field(field)
		value = strings.TrimPrefix(value, m.run.Source+"//")
		ns, fields, values = append(ns, n), append(fields, field), append(values, value)
		reasons = append(reasons, fmt.Sprintf("there is no %s %q in this file or before: give it first, or name its source as SOURCE//%s", strings.ReplaceAll(f.Ref, "_", " "), value, value))
		return nil
	})
	if err != nil || len(ns) == 0 {
		return err
	}
	_, err = m.tx.Exec(ctx, sqlLedgerRefuse, pgx.StrictNamedArgs{"rows": ns, "fields": fields, "values": values, "reasons": reasons})
	return err
}

// ledgerRefusals hands over the rows that broke a rule.
func (m *merge) ledgerRefusals(ctx context.Context, res *data.ImportResult, refused func(LedgerRefusal) error) error {
	rows, err := m.tx.Query(ctx, sqlLedgerRefused)
	if err != nil {
		return err
	}
	var kind string
	var r LedgerRefusal
	_, err = pgx.ForEachRow(rows, []any{&kind, &r.Line, &r.Field, &r.Value, &r.Reason}, func() error {
		res.Refused++
		r.Kind, _ = data.KindNamed(kind)
		return refused(r)
	})
	return err
}
