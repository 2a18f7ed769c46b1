package postgis

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlOwn      = ledgerQueries("own_")
	sqlWaiting  = map[data.AccessRole]string{data.RoleProvider: query("waiting_provider"), data.RoleSupplier: query("waiting_supplier"), data.RoleBuyer: query("waiting_buyer"), data.RoleOffice: query("waiting_office"), data.RoleAdmin: query("waiting_office"), data.RoleHub: query("waiting_hub")}
	sqlHappened = query("happened")

	sqlWaitingMessage = query("waiting_message")
	sqlRefNames       = query("ref_names")

	sqlRefOfActivity = query("ref_of_activity")
)

// whose are the arguments that say whose records are asked for: an
// organisation's, those in an office's territories, or everything.
func whose(by *data.Key) pgx.NamedArgs {
	args := pgx.NamedArgs{"organisation": null(by.Organisation), "territories": []string(nil), "everything": by.Role == data.RoleAdmin, "source": by.Source, "account": by.ID}
	if by.Role == data.RoleOffice || by.Role == data.RoleHub {
		args["territories"] = by.Territories
	}
	return args
}

// Lists reports whether there are lists of somebody's records of a kind.
func (s *Store) Lists(k *data.Kind) bool { return sqlOwn[k.Name] != "" }

// Own lists records of a kind that are somebody's: their organisation's, those
// in their territories, or all of them; q is a part of their names. It returns
// how many there are in all, and at most limit of them from the offset on.
func (s *Store) Own(ctx context.Context, by *data.Key, k *data.Kind, q string, limit, offset int) (list []data.OwnRecord, matched int, err error) {
	sql, ok := sqlOwn[k.Name]
	if !ok {
		return nil, 0, data.ErrNotFound
	}
	args := whose(by)
	args["q"], args["limit"], args["offset"] = likeEscaper.Replace(q), limit, offset
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, args)
		if err != nil {
			return err
		}
		r := data.OwnRecord{Kind: k.Name}
		var about, state *string
		var day *time.Time
		var pence *int64
		_, err = pgx.ForEachRow(rows, []any{&r.Ref, &r.Name, &about, &state, &day, &pence, &matched}, func() error {
			r.About, r.State, r.On, r.Pence = text(about), text(state), dayOf(day), nil
			if pence != nil {
				p := data.Pence(*pence)
				r.Pence = &p
			}
			list = append(list, r)
			return nil
		})
		return err
	})
	return list, matched, wrap("own "+k.Plural, err)
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Waiting lists what waits for somebody, the most urgent first.
func (s *Store) Waiting(ctx context.Context, by *data.Key) (list []data.Waiting, err error) {
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		list, err = waiting(ctx, tx, by)
		return err
	})
	return list, wrap("waiting", err)
}

func waiting(ctx context.Context, tx pgx.Tx, by *data.Key) (list []data.Waiting, err error) {
	for _, sql := range []string{sqlWaitingMessage, sqlWaiting[by.Role]} {
		more, err := waitingBy(ctx, tx, sql, by)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

func waitingBy(ctx context.Context, tx pgx.Tx, sql string, by *data.Key) (list []data.Waiting, err error) {
	rows, err := tx.Query(ctx, sql, whose(by))
	if err != nil {
		return nil, err
	}
	var w data.Waiting
	var about, other *string
	var day *time.Time
	_, err = pgx.ForEachRow(rows, []any{&w.Why, &w.Kind, &w.Ref, &w.Name, &about, &day, &other, &w.At}, func() error {
		w.About, w.Other, w.On = text(about), text(other), dayOf(day)
		list = append(list, w)
		return nil
	})
	return list, err
}

// Record reads a record that somebody may read: their own, or one that their
// organisation is a party to. Ref is "SOURCE//ID", or the id alone in their own
// source. That it was read is noted.
func (s *Store) Record(ctx context.Context, by *data.Key, k *data.Kind, ref string) (stored *data.Stored, err error) {
	at := ownIdentity(by, k, ref)
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		if err := mayRead(ctx, tx, by, k, at); err != nil {
			return err
		}
		if stored, err = readStored(ctx, tx, k, at, by.Source); err != nil {
			return err
		}
		if stored == nil {
			return data.ErrNotFound
		}
		return audit(ctx, tx, actorOf(by), "read "+k.Name, at.source+"//"+at.id, map[string]any{})
	})
	return stored, wrap("read "+k.Name, err)
}

// mayRead is [data.ErrNotFound] unless a record is there that somebody may read;
// for an admin it need not be there.
func mayRead(ctx context.Context, tx pgx.Tx, by *data.Key, k *data.Kind, at identity) error {
	whose, err := belongings(ctx, tx, k.Name, []identity{at})
	if err != nil {
		return err
	}
	if b, there := whose[at]; by.Role != data.RoleAdmin && (!there || !by.Reads(k, b)) {
		return data.ErrNotFound
	}
	return nil
}

// Happened is the history of a record that somebody may read, the latest first.
func (s *Store) Happened(ctx context.Context, by *data.Key, k *data.Kind, ref string) (list []data.Happening, err error) {
	at := ownIdentity(by, k, ref)
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlHappened, pgx.StrictNamedArgs{"subject": at.source + "//" + at.id, "kind": spoken(k.Name), "plural": spoken(k.Plural)})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[data.Happening])
		return err
	})
	return list, wrap("history", err)
}

func ownIdentity(by *data.Key, k *data.Kind, ref string) identity {
	if k.Name == "organisation" {
		ref = data.OrganisationIn(by.Source, ref)
	}
	source, id := splitRef(refIn(by.Source, ref))
	return identity{source, id}
}

// dayOf is a day that may not be known.
func dayOf(t *time.Time) data.Date {
	if t == nil {
		return data.Date{}
	}
	return data.DateOf(*t)
}

// spoken is a name as actions have it.
func spoken(name string) string { return strings.ReplaceAll(name, "_", " ") }

// RefNames are what the records of references are called, by kind and
// "SOURCE//ID". Whoever asks has read a record that refers to them.
func (s *Store) RefNames(ctx context.Context, by *data.Key, refs []data.KindRef) (map[data.KindRef]string, error) {
	out := map[data.KindRef]string{}
	var kinds, sources, ids []string
	for _, r := range refs {
		source, id := splitRef(r.Ref)
		kinds, sources, ids = append(kinds, r.Kind), append(sources, source), append(ids, id)
	}
	err := s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlRefNames, pgx.StrictNamedArgs{"kinds": kinds, "sources": sources, "ids": ids})
		if err != nil {
			return err
		}
		var r data.KindRef
		var name string
		_, err = pgx.ForEachRow(rows, []any{&r.Kind, &r.Ref, &name}, func() error {
			out[r] = name
			return nil
		})
		return err
	})
	return out, wrap("names", err)
}

// ActivityRef is what a listed activity is called in references.
func (s *Store) ActivityRef(ctx context.Context, by *data.Key, id string) (ref string, err error) {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return "", data.ErrNotFound
	}
	return ref, wrap("activity", s.write(ctx, actorOf(by), func(tx pgx.Tx) error { return tx.QueryRow(ctx, sqlRefOfActivity, parsed).Scan(&ref) }))
}
