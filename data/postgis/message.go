package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlMessage        = query("message")
	sqlMessageSend    = query("message_send")
	sqlMessageDone    = query("message_done")
	sqlMessageKeepers = query("message_keepers")
)

// Tell sends a message to whoever keeps a record that somebody may read, once
// however often it is sent under one id. The errors are *[data.Invalid] and
// [data.ErrNotFound].
func (s *Store) Tell(ctx context.Context, by *data.Key, id string, k *data.Kind, ref, said string) error {
	if bad := data.CheckMessage(said); bad != nil {
		return bad
	}
	at := ownIdentity(by, k, ref)
	return wrap("tell", s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		if err := mayRead(ctx, tx, by, k, at); err != nil {
			return err
		}
		return sendMessage(ctx, tx, by, id, k.Name, at, said, "", "")
	}))
}

// Keepers is how many people sign in for the source of a record.
func (s *Store) Keepers(ctx context.Context, by *data.Key, k *data.Kind, ref string) (n int, err error) {
	at := ownIdentity(by, k, ref)
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error { return tx.QueryRow(ctx, sqlMessageKeepers, at.source).Scan(&n) })
	return n, wrap("keepers", err)
}

// Thread is a message that somebody wrote or may answer, after those that it
// answers; [data.ErrNotFound] for any other.
func (s *Store) Thread(ctx context.Context, by *data.Key, id string) (thread []data.Message, err error) {
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		thread, err = readThread(ctx, tx, by, id)
		return err
	})
	return thread, wrap("message", err)
}

func readThread(ctx context.Context, tx pgx.Tx, by *data.Key, id string) ([]data.Message, error) {
	rows, err := tx.Query(ctx, sqlMessage, pgx.StrictNamedArgs{"id": id, "account": by.ID, "source": by.Source, "everything": by.Role == data.RoleAdmin})
	if err != nil {
		return nil, err
	}
	thread, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m data.Message, err error) {
		err = row.Scan(&m.ID, &m.About.Kind, &m.About.Ref, &m.Text, &m.From, &m.Who, &m.Mine, &m.SentAt, &m.DoneAt)
		return m, err
	})
	if err == nil && len(thread) == 0 {
		err = data.ErrNotFound
	}
	return thread, err
}

// Deal notes that a message to somebody has been dealt with, with an answer to
// whoever wrote it if there is something to say.
func (s *Store) Deal(ctx context.Context, by *data.Key, id, answerID, said string) error {
	if said != "" {
		if bad := data.CheckMessage(said); bad != nil {
			return bad
		}
	}
	return wrap("deal with a message", s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		thread, err := readThread(ctx, tx, by, id)
		if err != nil {
			return err
		}
		m := thread[len(thread)-1]
		if m.Mine {
			return data.ErrNotFound
		}
		if said != "" {
			source, external := splitRef(m.About.Ref)
			if err := sendMessage(ctx, tx, by, answerID, m.About.Kind, identity{source, external}, said, m.From, id); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, sqlMessageDone, id, by.Name())
		return err
	}))
}

func sendMessage(ctx context.Context, tx pgx.Tx, by *data.Key, id, kind string, about identity, said, to, answers string) error {
	tag, err := tx.Exec(ctx, sqlMessageSend, pgx.StrictNamedArgs{"id": id, "kind": kind, "source": about.source, "external_id": about.id, "text": said, "from": by.ID, "to": null(to), "answers": null(answers)})
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return audit(ctx, tx, actorOf(by), "send a message", about.source+"//"+about.id, map[string]any{"kind": kind, "message": id})
}
