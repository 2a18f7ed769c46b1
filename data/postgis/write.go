package postgis

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlLedgerChanged = query("ledger_changed")
	sqlLedgerTouched = query("ledger_touched")
	sqlLockSoon      = query("lock_import_soon")
	sqlWriteRun      = query("write_run")
	sqlOrderHistory  = query("order_history")
)

// maxWriters is how many requests write at a time. They take turns at the lock
// of imports, so that more would only keep connections from others.
const maxWriters = 4

// actorOf is who acts with a key. The rules must see everything to be right,
// such as a secret activity behind a reference; what the key may write and know
// is checked on what is stored, in the same transaction.
func actorOf(k *data.Key) Actor { return Actor{Name: k.Name(), Territories: "*"} }

// Write does what a request asks, once: records go the way of imports, and the
// answer is kept with them in one transaction. The error is a *[data.Refused]
// with everything that is wrong, [data.ErrNotFound] for a record that is not
// there or not the key's, [data.ErrInFlight], [data.ErrReused], or what Change
// returned; nothing was written then. [data.ErrUnavailable] says that it is not
// known whether anything was: the same request again finds out.
func (s *Store) Write(ctx context.Context, w data.Write) (data.Answer, error) {
	if mayJoin(w) {
		return s.join(ctx, w)
	}
	waits, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case s.writers <- struct{}{}:
		defer func() { <-s.writers }()
	case <-waits.Done():
		return data.Answer{}, fmt.Errorf("%w: waiting for other writers: %w", data.ErrUnavailable, waits.Err())
	}
	return s.alone(ctx, w)
}

// alone does one request in a transaction of its own. A row is seen to be
// forbidden only once it is written: with Partial, the rest is then written
// again without it.
func (s *Store) alone(ctx context.Context, w data.Write) (data.Answer, error) {
	left, before := w, tally{}
	for {
		var answer data.Answer
		var out []data.Refusal
		err := s.write(ctx, actorOf(w.By), func(tx pgx.Tx) (err error) {
			m := s.merger(tx, w)
			m.tally = before
			answer, out, err = m.attempt(ctx, left)
			if errors.Is(err, errWithout) {
				before = m.tally
			}
			if err == nil && w.Rehearse {
				return errRehearsed
			}
			return err
		})
		if errors.Is(err, errRehearsed) {
			return answer, nil
		}
		if !errors.Is(err, errWithout) {
			return answer, wrap(w.Action, err)
		}
		rest := slices.DeleteFunc(slices.Clone(left.Records), func(in data.Incoming) bool {
			return slices.ContainsFunc(out, func(r data.Refusal) bool { return r.Line == in.Line })
		})
		if len(rest) == len(left.Records) {
			return answer, fmt.Errorf("%s: refused rows that are not in the request: %v", w.Action, out)
		}
		left.Records, left.Refused = rest, append(slices.Clone(left.Refused), out...)
	}
}

// errWithout: the same again without the rows at fault.
var errWithout = errors.New("again without the refused rows")

// tally counts the rows that are refused for what the key may not do, and those
// that should be new and are not.
type tally struct{ forbidden, conflicts int }

func (s *Store) merger(tx pgx.Tx, w data.Write) *merge {
	return &merge{tx: tx, pub: s.pub, run: data.Import{Kind: w.Kind.Plural, Source: w.By.Source}, id: uuid.New(), by: w.By, store: s}
}

// attempt does what a request asks in a transaction. The rows that are found to
// be not allowed once they are written come back with errWithout.
func (m *merge) attempt(ctx context.Context, w data.Write) (answer data.Answer, out []data.Refusal, err error) {
	answer, done, err := m.earlier(ctx, w)
	if done || err != nil {
		return answer, nil, err
	}
	started := time.Now()
	if err := m.lock(ctx); err != nil {
		return answer, nil, err
	}
	if w.Change != nil {
		if w.Records, err = m.made(ctx, w); err != nil {
			return answer, nil, err
		}
	}
	refused, err := m.takeRecords(ctx, w)
	if err != nil {
		return answer, nil, err
	}
	if out, err = m.notAllowed(ctx, w); err != nil {
		return answer, nil, err
	}
	if len(out) > 0 && w.Partial {
		return answer, out, errWithout
	}
	written := m.count(w, refused)
	if all := append(refused, out...); len(all) > 0 && (!w.Partial || written.Result.Added+written.Result.Changed+written.Result.Unchanged == 0) {
		return answer, nil, m.refused(all)
	}
	if answer, err = m.answer(ctx, w, written); err != nil {
		return answer, nil, err
	}
	return answer, nil, m.note(ctx, w, started, written.Result)
}

// lock takes the lock of imports, or gives up soon: a request does not wait for
// an import of millions.
func (m *merge) lock(ctx context.Context) error {
	for _, sql := range []string{sqlLockSoon, sqlLockImport} {
		if _, err := m.tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// refused are the rows in the order of the request, and why if the rows
// themselves are not wrong.
func (m *merge) refused(rows []data.Refusal) error {
	slices.SortStableFunc(rows, func(a, b data.Refusal) int { return cmp.Compare(a.Line, b.Line) })
	out := &data.Refused{Rows: rows}
	switch {
	case m.forbidden == len(rows):
		out.Why = data.ErrForbidden
	case m.conflicts == len(rows):
		out.Why = data.ErrConflict
	}
	return out
}

// made is the new form of the one record that a request names.
func (m *merge) made(ctx context.Context, w data.Write) ([]data.Incoming, error) {
	stored, err := m.own(ctx, w.Kind, m.identity(w.Kind, w.ID))
	if err != nil {
		return nil, err
	}
	return w.Change(stored)
}

// identity is who a record is that the key calls id.
func (m *merge) identity(k *data.Kind, id string) identity {
	if k.Name == "organisation" {
		source, id := m.organisation(id)
		return identity{source, id}
	}
	return identity{m.by.Source, id}
}

// own reads a stored record that the key may write; nil if there is none.
// Another's is as one that is not there, and cannot be made.
func (m *merge) own(ctx context.Context, k *data.Kind, at identity) (*data.Stored, error) {
	whose, err := belongings(ctx, m.tx, k.Name, []identity{at})
	if err != nil {
		return nil, err
	}
	if b, there := whose[at]; there {
		if ok, _ := m.by.Owns(k, b); !ok {
			return nil, data.ErrNotFound
		}
	}
	return readStored(ctx, m.tx, k, at, m.by.Source)
}

// takeRecords sends the records the way of imports, but for those that would
// say what is not for the key to say, or change what is not the key's.
func (m *merge) takeRecords(ctx context.Context, w data.Write) (refused []data.Refusal, err error) {
	refused = append(refused, w.Refused...)
	of := make([]identity, len(w.Records))
	for i, in := range w.Records {
		of[i] = m.identity(w.Kind, in.Record.Key().ExternalID)
	}
	if m.stored, err = belongings(ctx, m.tx, w.Kind.Name, of); err != nil {
		return refused, err
	}
	var good []data.Incoming
	for i, in := range w.Records {
		bad := w.By.MaySay(in.Record)
		if b, there := m.stored[of[i]]; there && bad == nil {
			_, bad = w.By.Owns(w.Kind, b)
		}
		if bad != nil {
			m.forbidden++
			refused = append(refused, data.Refusal{Line: in.Line, Field: bad.Field, Value: bad.Value, Reason: bad.Reason})
			continue
		}
		good = append(good, in)
	}
	if len(good) == 0 {
		return refused, nil
	}
	sheet := LedgerSheet{Kind: w.Kind, Records: slices.Values(good)}
	if err = m.take(ctx, []LedgerSheet{sheet}, &data.ImportResult{}, func(r LedgerRefusal) error {
		refused = append(refused, r.Refusal)
		return nil
	}); err != nil {
		return refused, err
	}
	return refused, m.look(ctx, w.Kind)
}

// look reads what was written, and which of it is new.
func (m *merge) look(ctx context.Context, k *data.Kind) error {
	sql, args := sqlLedgerChanged, []any{k.Name}
	if k.ManyRows() {
		sql, args = sqlLedgerTouched, nil
	}
	rows, err := m.tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	m.wrote = map[identity]bool{}
	var at identity
	var added bool
	_, err = pgx.ForEachRow(rows, []any{&at.source, &at.id, &added}, func() error {
		_, before := m.stored[at]
		m.wrote[at] = !before
		return nil
	})
	return err
}

// notAllowed looks at what was written, as it is now stored: the rows that are
// not the key's to write, and those that should have been new and were not.
func (m *merge) notAllowed(ctx context.Context, w data.Write) (out []data.Refusal, err error) {
	if len(m.wrote) == 0 {
		return nil, nil
	}
	var of []identity
	for at := range m.wrote {
		of = append(of, at)
	}
	whose := map[identity]data.Belonging{}
	if w.By.Role != data.RoleAdmin {
		if whose, err = belongings(ctx, m.tx, w.Kind.Name, of); err != nil {
			return nil, err
		}
	}
	said := map[identity]bool{}
	for _, in := range w.Records {
		at := m.identity(w.Kind, in.Record.Key().ExternalID)
		added, wrote := m.wrote[at]
		if !wrote || said[at] {
			continue
		}
		said[at] = true
		if !added && w.Change == nil {
			m.conflicts++
			out = append(out, data.Refusal{Line: in.Line, Field: "id", Value: at.id, Reason: fmt.Sprintf("there is a %s %q already, and it says something else: read it, and change it with PUT or PATCH", strings.ReplaceAll(w.Kind.Name, "_", " "), at.id)})
			continue
		}
		if ok, why := w.By.Owns(w.Kind, whose[at]); !ok {
			m.forbidden++
			out = append(out, data.Refusal{Line: in.Line, Field: why.Field, Value: why.Value, Reason: why.Reason})
		}
	}
	return out, nil
}

// count says what became of a request's records.
func (m *merge) count(w data.Write, refused []data.Refusal) data.Written {
	out := data.Written{Refused: refused}
	bad := map[int]bool{}
	for _, r := range refused {
		bad[r.Line] = true
	}
	counted := map[identity]bool{}
	for _, in := range w.Records {
		at := m.identity(w.Kind, in.Record.Key().ExternalID)
		if bad[in.Line] || counted[at] {
			continue
		}
		counted[at] = true
		switch added, wrote := m.wrote[at]; {
		case added:
			out.Result.Added++
		case wrote:
			out.Result.Changed++
		default:
			out.Result.Unchanged++
		}
	}
	out.Result.Refused = len(bad)
	return out
}

// answer makes a request's answer, keeps it for repetitions and notes what was
// done.
func (m *merge) answer(ctx context.Context, w data.Write, written data.Written) (answer data.Answer, err error) {
	var ids []string
	for _, in := range w.Records {
		if id := in.Record.Key().ExternalID; !slices.Contains(ids[max(0, len(ids)-1):], id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 1 && len(written.Refused) == 0 {
		stored, err := readStored(ctx, m.tx, w.Kind, m.identity(w.Kind, ids[0]), w.By.Source)
		if err != nil {
			return answer, err
		}
		if stored == nil {
			return answer, fmt.Errorf("%s %s was written and is not there", w.Kind.Name, ids[0])
		}
		stored.ID, stored.Added = ids[0], written.Result.Added > 0
		written.Records = []data.Stored{*stored}
	}
	if answer, err = w.Answer(written); err != nil {
		return answer, err
	}
	if err := m.keep(ctx, w, answer); err != nil {
		return answer, err
	}
	subject := w.By.Source
	if len(ids) == 1 {
		subject += "//" + ids[0]
	}
	return answer, audit(ctx, m.tx, actorOf(w.By), w.Action, subject, map[string]any{"run": m.id, "ids": ids, "report": written.Result})
}

// note keeps the run that the written records name as theirs.
func (m *merge) note(ctx context.Context, w data.Write, started time.Time, res data.ImportResult) error {
	var digest string
	if w.Once != nil {
		digest = hex.EncodeToString(w.Once.Digest[:])
	}
	_, err := m.tx.Exec(ctx, sqlWriteRun, pgx.StrictNamedArgs{
		"id": m.id, "kind": w.Kind.Plural, "source": w.By.Source, "sha256": digest, "actor": actorOf(w.By).Name, "took": time.Since(started), "report": res,
	})
	return err
}

// ReadRecord reads a record back for a key that may write it, and notes so, as
// it may say exactly where something is. [data.ErrNotFound] for one that is
// not there or not the key's.
func (s *Store) ReadRecord(ctx context.Context, by *data.Key, k *data.Kind, id string) (*data.Stored, error) {
	var stored *data.Stored
	err := s.write(ctx, actorOf(by), func(tx pgx.Tx) (err error) {
		m := &merge{tx: tx, run: data.Import{Source: by.Source}, by: by}
		at := m.identity(k, id)
		if stored, err = m.own(ctx, k, at); err != nil {
			return err
		}
		if stored == nil {
			return data.ErrNotFound
		}
		return audit(ctx, tx, actorOf(by), "read "+k.Name, at.source+"//"+at.id, map[string]any{})
	})
	return stored, wrap("read "+k.Name, err)
}

// OrderHistory tells where an order stands to those who may take its steps.
func (s *Store) OrderHistory(ctx context.Context, by *data.Key, id string) (h data.OrderHistory, err error) {
	source, id := splitRef(refIn(by.Source, id))
	at := identity{source, id}
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		whose, err := belongings(ctx, tx, "purchase_order", []identity{at})
		if err != nil {
			return err
		}
		if b, there := whose[at]; !there || !by.Knows(b) {
			return data.ErrNotFound
		}
		return tx.QueryRow(ctx, sqlOrderHistory, pgx.StrictNamedArgs{"source": at.source, "id": at.id}).Scan(&h.State, &h.Next, &h.Steps)
	})
	return h, wrap("steps", err)
}

// splitRef parts "SOURCE//ID".
func splitRef(ref string) (source, id string) {
	source, id, _ = strings.Cut(ref, "//")
	return source, id
}

// refIn spells a reference of a source as "SOURCE//ID".
func refIn(source, id string) string {
	if other, rest, found := strings.Cut(id, "//"); found && other != "" && rest != "" && !strings.HasSuffix(other, ":") {
		return id
	}
	return source + "//" + id
}
