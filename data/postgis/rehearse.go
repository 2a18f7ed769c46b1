package postgis

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var sqlWouldShow = query("would_show")

// errRehearsed undoes what was written only to see what would become of it.
var errRehearsed = errors.New("only rehearsed")

// WouldShow is what anyone would see of an activity if w were done: it is done,
// looked at and undone, so that the answer follows the same rules. The error is
// what [Store.Write] would return.
func (s *Store) WouldShow(ctx context.Context, w data.Write) (shown data.Shown, err error) {
	w.Once, w.Answer = nil, func(data.Written) (data.Answer, error) { return data.Answer{}, nil }
	id := w.ID
	if id == "" {
		id = w.Records[0].Record.Key().ExternalID
	}
	err = s.write(ctx, actorOf(w.By), func(tx pgx.Tx) error {
		m := s.merger(tx, w)
		if _, _, err := m.attempt(ctx, w); err != nil {
			return err
		}
		at := m.identity(w.Kind, id)
		if err := tx.QueryRow(ctx, sqlWouldShow, pgx.StrictNamedArgs{"source": at.source, "id": at.id}).Scan(&shown.Class, &shown.Reasons, &shown.Places); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return shown, wrap("rehearse "+w.Action, err)
}
