package postgis

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlBelong     = ledgerQueries("belong_")
	sqlRead       = ledgerQueries("read_")
	sqlLedgerRefs = query("ledger_refs")
)

// identity is (source, external id).
type identity struct{ source, id string }

// belongings tells whose records of a kind are, by identity; one that is not
// there is missing from the answer.
func belongings(ctx context.Context, tx pgx.Tx, kind string, of []identity) (map[identity]data.Belonging, error) {
	out := map[identity]data.Belonging{}
	sql, ok := sqlBelong[kind]
	if !ok || len(of) == 0 {
		return out, nil // of a kind without an answer nothing is anybody's but the admins'
	}
	sources, ids := make([]string, len(of)), make([]string, len(of))
	for i, o := range of {
		sources[i], ids[i] = o.source, o.id
	}
	rows, err := tx.Query(ctx, sql, pgx.StrictNamedArgs{"sources": sources, "ids": ids})
	if err != nil {
		return nil, err
	}
	var b data.Belonging
	_, err = pgx.ForEachRow(rows, []any{&b.Source, &b.ID, &b.Territories, &b.Owners, &b.Parties, &b.Open}, func() error {
		out[identity{b.Source, b.ID}] = b
		b = data.Belonging{}
		return nil
	})
	return out, err
}

// refuseUnknown refuses staged rows that refer to records that the key may not
// know of: to it, those are not there.
func (m *merge) refuseUnknown(ctx context.Context, k *data.Kind) error {
	if m.by == nil || m.by.Role == data.RoleAdmin {
		return nil
	}
	var fields []string
	for _, f := range k.Fields {
		if f.Ref != "" && f.Ref != "organisation" {
			fields = append(fields, f.Name)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	rows, err := m.tx.Query(ctx, sqlLedgerRefs, pgx.StrictNamedArgs{"kind": k.Name, "fields": fields, "source": m.by.Source})
	if err != nil {
		return err
	}
	type reference struct {
		n   int32
		f   data.Field
		ref string
		to  identity
	}
	byKind := map[string][]reference{}
	var n int32
	var field, ref string
	if _, err := pgx.ForEachRow(rows, []any{&n, &field, &ref}, func() error {
		f, _ := k.Field(field)
		source, id := splitRef(ref)
		byKind[f.Ref] = append(byKind[f.Ref], reference{n, f, ref, identity{source, id}})
		return nil
	}); err != nil {
		return err
	}
	var marks refusals
	for kind, refs := range byKind {
		of := make([]identity, len(refs))
		for i, r := range refs {
			of[i] = r.to
		}
		known, err := belongings(ctx, m.tx, kind, of)
		if err != nil {
			return err
		}
		for _, r := range refs {
			if b, there := known[r.to]; !there || !m.by.Knows(b) {
				marks.add(r.n, data.Invalidf(r.f.Name, r.ref, "%s", nowhere(r.f, r.ref)))
			}
		}
	}
	return marks.write(ctx, m.tx)
}

// refusals gathers marks for staged rows.
type refusals struct {
	rows                    []int32
	fields, values, reasons []string
}

func (r *refusals) add(n int32, bad *data.Invalid) {
	r.rows = append(r.rows, n)
	r.fields, r.values, r.reasons = append(r.fields, bad.Field), append(r.values, bad.Value), append(r.reasons, bad.Reason)
}

func (r *refusals) write(ctx context.Context, tx pgx.Tx) error {
	if len(r.rows) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, sqlLedgerRefuse, pgx.StrictNamedArgs{"rows": r.rows, "fields": r.fields, "values": r.values, "reasons": r.reasons})
	return err
}

// readStored reads a record as its source writes it, nil if there is none: a
// JSON object, or an array of them where several rows make one record.
func readStored(ctx context.Context, tx pgx.Tx, k *data.Kind, of identity, source string) (*data.Stored, error) {
	rows, err := tx.Query(ctx, sqlRead[k.Name], pgx.StrictNamedArgs{"source": of.source, "id": of.id})
	if err != nil {
		return nil, err
	}
	docs, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	out := &data.Stored{ID: of.id}
	var b bytes.Buffer
	for i, doc := range docs {
		var members data.Members
		if err := json.Unmarshal(doc, &members); err != nil {
			return nil, err
		}
		row, err := k.WriteJSON(source, members)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(row)
	}
	if out.JSON = b.Bytes(); len(docs) > 1 {
		out.JSON = slices.Concat([]byte("["), out.JSON, []byte("]"))
	}
	return out, nil
}
