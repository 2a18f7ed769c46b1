package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlDraftBegin = query("draft_begin")
	sqlDraftRead  = query("draft_read")
	sqlDraftSave  = query("draft_save")
	sqlDraftSent  = query("draft_sent")
	sqlDraftDrop  = query("draft_drop")
	sqlDrafts     = query("drafts")
	sqlDraftSweep = query("draft_sweep")
)

// BeginDraft keeps a new draft of a person's, and lets go of those that nobody
// has touched for a month.
func (s *Store) BeginDraft(ctx context.Context, by *data.Key, d data.Draft) error {
	return wrap("begin a draft", s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlDraftSweep); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlDraftBegin, pgx.StrictNamedArgs{"id": d.ID, "account": by.ID, "journey": d.Journey, "given": members(d.Given), "answers": members(d.Answers),
			"record": null(d.Record), "etag": null(d.ETag), "before": null(string(d.Before))})
		return err
	}))
}

// members is never null, as a map that is nil would be.
func members(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// Draft reads a draft of a person's; [data.ErrNotFound] for one that is not
// there or another's.
func (s *Store) Draft(ctx context.Context, by *data.Key, id string) (d data.Draft, err error) {
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlDraftRead, pgx.StrictNamedArgs{"id": id, "account": by.ID})
		if err != nil {
			return err
		}
		d, err = pgx.CollectExactlyOneRow(rows, scanDraft)
		return err
	})
	return d, wrap("draft", err)
}

// Drafts lists what a person has begun and not sent, the latest first.
func (s *Store) Drafts(ctx context.Context, by *data.Key) (all []data.Draft, err error) {
	err = s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlDrafts, by.ID)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, scanDraft)
		return err
	})
	return all, wrap("drafts", err)
}

// SaveDraft keeps what a person has typed; [data.ErrConflict] if the draft has
// been sent meanwhile.
func (s *Store) SaveDraft(ctx context.Context, by *data.Key, id string, answers map[string]string) error {
	return wrap("save a draft", s.draft(ctx, by, sqlDraftSave, pgx.StrictNamedArgs{"id": id, "account": by.ID, "answers": members(answers)}))
}

// DraftSent notes that a draft has become a record.
func (s *Store) DraftSent(ctx context.Context, by *data.Key, id, etag string) error {
	return wrap("a draft was sent", s.draft(ctx, by, sqlDraftSent, pgx.StrictNamedArgs{"id": id, "account": by.ID, "etag": etag}))
}

// DropDraft throws a draft away.
func (s *Store) DropDraft(ctx context.Context, by *data.Key, id string) error {
	return wrap("drop a draft", s.draft(ctx, by, sqlDraftDrop, pgx.StrictNamedArgs{"id": id, "account": by.ID}))
}

// draft changes one draft, which must be there and not sent yet.
func (s *Store) draft(ctx context.Context, by *data.Key, sql string, args pgx.StrictNamedArgs) error {
	return s.write(ctx, actorOf(by), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sql, args)
		if err == nil && tag.RowsAffected() == 0 {
			return data.ErrConflict
		}
		return err
	})
}

func scanDraft(row pgx.CollectableRow) (d data.Draft, err error) {
	var record, etag, before, sentETag *string
	err = row.Scan(&d.ID, &d.Journey, &d.Given, &d.Answers, &record, &etag, &before, &d.UpdatedAt, &d.SentAt, &sentETag)
	d.Record, d.ETag, d.Before, d.SentETag = text(record), text(etag), []byte(text(before)), text(sentETag)
	return d, err
}
