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
)

// LedgerRecord is a record of some kind on its way in.
type LedgerRecord = data.Incoming

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
	sqlLedgerSecret   = ledgerQueries("ledger_secret_")
	sqlLedgerMerge    = ledgerQueries("merge_")
	sqlLedgerMissing  = ledgerQueries("missing_")
	sqlLedgerCheck    = ledgerQueries("check_")
	sqlLedgerFollowUp = ledgerQueries("after_")

	sqlValidationDecided = query("validation_decided")
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
		m := &merge{tx: tx, pub: s.pub, run: run, id: uuid.New()}
		if err := m.take(ctx, sheets, &res, refused); err != nil {
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
		return res, nil
	}
	if err == nil && slices.ContainsFunc(sheets, func(s LedgerSheet) bool { return s.Kind.Name == "territory" }) {
		// Their own transaction: a merger finds every place again.
		_, err = s.DrawMergers(ctx, who)
	}
	return res, wrap("import "+run.Kind, err)
}

// take is the one way of records into the ledger, from files and requests
// alike.
func (m *merge) take(ctx context.Context, sheets []LedgerSheet, res *data.ImportResult, refused func(LedgerRefusal) error) error {
	if err := m.beginLedger(ctx); err != nil {
		return err
	}
	if err := m.ledger(ctx, sheets, res, refused); err != nil {
		return err
	}
	if err := m.ledgerRefusals(ctx, res, refused); err != nil {
		return err
	}
	return m.allocate(ctx, res)
}

func (m *merge) beginLedger(ctx context.Context) error {
	if err := m.lockImport(ctx); err != nil {
		return err
	}
	// Statements that run for every row, such as the checks of references, are
	// planned once.
	for _, sql := range []string{"SET LOCAL plan_cache_mode = 'auto'", sqlLedgerStage, sqlChanged} {
		if _, err := m.tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// lockImport takes the lock of imports; the parts of a large load share it.
func (m *merge) lockImport(ctx context.Context) error {
	if !m.run.Bulk {
		return lockImport(ctx, m.tx)
	}
	for _, sql := range []string{sqlLockImportShared, "SET LOCAL work_mem = '128MB'"} {
		if _, err := m.tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// phases are the kinds that are written before the next ones are read, as
// those are read by what these say: territories name places, plans measures.
var phases = [][]string{
	{"territory"},
	{"policing_body", "governance", "procurement_group", "plan", "priority", "measure", "policy"},
	{"organisation", "site", "footprint"},
	{"activity"},
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
func (m *merge) ledger(ctx context.Context, sheets []LedgerSheet, res *data.ImportResult, refused func(LedgerRefusal) error) error {
	n := 0
	for p := range len(phases) + 1 {
		now := slices.DeleteFunc(slices.Clone(sheets), func(s LedgerSheet) bool { return phase(s.Kind) != p })
		if len(now) == 0 {
			continue
		}
		if err := m.learn(ctx); err != nil {
			return err
		}
		if now[0].Kind.Name == "activity" {
			if err := m.activitySheet(ctx, now[0], res, refused); err != nil {
				return err
			}
			continue
		}
		for _, sheet := range now {
			if err := m.stageSheet(ctx, sheet, &n); err != nil {
				return err
			}
		}
		for _, step := range []step{{"ANALYZE staged (n, kind, reason)", nil}, {sqlLedgerStubs, []any{pgx.NamedArgs{"run": m.id}}}, {sqlLedgerCodes, nil}} {
			if _, err := m.tx.Exec(ctx, step.sql, step.args...); err != nil {
				return err
			}
		}
		for _, k := range data.Kinds {
			if !slices.ContainsFunc(now, func(s LedgerSheet) bool { return s.Kind == k }) {
				continue
			}
			if err := m.mergeKind(ctx, k, res); err != nil {
				return fmt.Errorf("%s: %w", k.Plural, err)
			}
		}
	}
	return nil
}

// activitySheet takes a sheet of activities, which have places and so a way of
// their own.
func (m *merge) activitySheet(ctx context.Context, sheet LedgerSheet, res *data.ImportResult, refused func(LedgerRefusal) error) error {
	records := func(yield func(data.ActivityRecord) bool) {
		for rec := range sheet.Records {
			entry, ok := rec.Record.(*data.ActivityEntry)
			if ok && !yield(entry.Activity(rec.Line)) {
				return
			}
		}
	}
	var mine data.ImportResult
	err := m.activities(ctx, records, &mine, func(r data.Refusal) error { return refused(LedgerRefusal{Kind: sheet.Kind, Refusal: r}) })
	if err != nil {
		return err
	}
	res.Added, res.Changed, res.Unchanged, res.Refused = res.Added+mine.Added, res.Changed+mine.Changed, res.Unchanged+mine.Unchanged, res.Refused+mine.Refused
	return m.followActivities(ctx)
}

// learn reads the boundaries, names and measures that are on record. Before
// the first boundaries there are territories only.
func (m *merge) learn(ctx context.Context) (err error) {
	m.sets, err = currentSets(ctx, m.tx)
	if err != nil && m.run.Source != reference.Source {
		return err
	}
	var version string
	if m.by != nil { // nothing has been written before a request learns
		if err := m.tx.QueryRow(ctx, sqlGazetteerVersion).Scan(&version); err != nil {
			return err
		}
		var same bool
		if m.names, m.measures, same = m.store.learnt.recall(version, m.sets); same {
			return nil
		}
	}
	if m.names, err = loadGazetteer(ctx, m.tx, m.sets); err != nil {
		return err
	}
	if m.measures, err = loadMeasures(ctx, m.tx); err == nil && m.by != nil {
		m.store.learnt.keep(version, m.sets, m.names, m.measures)
	}
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
		switch r := rec.Record.(type) {
		case *data.Contribution:
			values["class"] = m.class(r.Class, r.Title, values)
		case *data.Contract:
			values["class"] = m.class(r.Class, r.Title, values)
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

// mergeKind checks and writes what was staged of a kind, and does what follows
// from it.
func (m *merge) mergeKind(ctx context.Context, k *data.Kind, res *data.ImportResult) error {
	source := pgx.NamedArgs{"source": m.run.Source} // not every kind refers to others
	if sql, ok := sqlLedgerMissing[k.Name]; ok {
		if err := m.refuseMissing(ctx, k, sql, source); err != nil {
			return err
		}
	}
	if err := m.refuseUnknown(ctx, k); err != nil {
		return err
	}
	if sql, ok := sqlLedgerSecret[k.Name]; ok {
		if _, err := m.tx.Exec(ctx, sql, source); err != nil {
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
		if _, err = m.tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if k.Name == "validation" && m.by != nil && added+changed > 0 {
		return m.decided(ctx)
	}
	return nil
}

// decided lets decisions on activities take effect. A file says the status of
// its activities itself.
func (m *merge) decided(ctx context.Context) error {
	for _, sql := range []string{"CREATE TEMP TABLE touched (activity_id uuid NOT NULL) ON COMMIT DROP", sqlValidationDecided} {
		if _, err := m.tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return publish(ctx, m.tx, m.sets)
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
		value = data.ShortRef(m.run.Source, value)
		ns, fields, values = append(ns, n), append(fields, field), append(values, value)
		reasons = append(reasons, nowhere(f, value))
		return nil
	})
	if err != nil || len(ns) == 0 {
		return err
	}
	_, err = m.tx.Exec(ctx, sqlLedgerRefuse, pgx.StrictNamedArgs{"rows": ns, "fields": fields, "values": values, "reasons": reasons})
	return err
}

// nowhere says that a reference leads to nothing.
func nowhere(f data.Field, value string) string {
	what := strings.ReplaceAll(f.Ref, "_", " ")
	if f.Ref == "organisation" {
		return fmt.Sprintf("there is no %s %q in this file or before: give it first, or its name beside it as %s%s", what, value, f.Name, data.NameSuffix)
	}
	if strings.Contains(value, "//") {
		return fmt.Sprintf("there is no %s %q: give it first", what, value)
	}
	return fmt.Sprintf("there is no %s %q in this file or before: give it first, or name its source as SOURCE//%s", what, value, value)
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
