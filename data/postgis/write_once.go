package postgis

import (
	"bytes"
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlOnceTry    = query("once_try")
	sqlOnceAnswer = query("once_answer")
	sqlOnceKeep   = query("once_keep")
)

// earlier finds what a request was answered before. If it was not, no other of
// the same key can begin before this transaction ends. Nothing here waits, so
// that no two writers can wait for each other.
func (m *merge) earlier(ctx context.Context, w data.Write) (answer data.Answer, done bool, err error) {
	if w.Once == nil {
		return answer, false, nil
	}
	args := pgx.StrictNamedArgs{"by": w.By.ID, "key": w.Once.Key}
	look := func() error {
		var digest []byte
		err := m.tx.QueryRow(ctx, sqlOnceAnswer, args).Scan(&digest, &answer.Status, &answer.Location, &answer.ETag, &answer.Body)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return nil
		case err != nil:
			return err
		case !bytes.Equal(digest, w.Once.Digest[:]):
			return data.ErrReused
		}
		done, answer.Replayed = true, true
		return nil
	}
	if err := look(); err != nil || done {
		return answer, done, err
	}
	var ours bool
	if err := m.tx.QueryRow(ctx, sqlOnceTry, args).Scan(&ours); err != nil {
		return answer, false, err
	}
	if !ours {
		return answer, false, data.ErrInFlight
	}
	// It may have ended between the two.
	err = look()
	return answer, done, err
}

// keep keeps a request's answer, in the transaction that does what it says.
func (m *merge) keep(ctx context.Context, w data.Write, answer data.Answer) error {
	if w.Once == nil {
		return nil
	}
	_, err := m.tx.Exec(ctx, sqlOnceKeep, pgx.StrictNamedArgs{"by": w.By.ID, "key": w.Once.Key, "digest": w.Once.Digest[:],
		"status": answer.Status, "location": answer.Location, "etag": answer.ETag, "body": answer.Body})
	return err
}
