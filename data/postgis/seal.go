package postgis

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var (
	sqlSealLock    = query("seal_lock")
	sqlSealNext    = query("seal_next")
	sqlSealHorizon = query("seal_horizon")
	sqlSealHead    = query("seal_head")
	sqlSealChain   = query("seal_chain")
	sqlSealMissing = query("seal_missing")
)

const (
	sealLock  = 7303
	sealMost  = 10_000 // rows in one transaction
	sealEvery = time.Second
	// lastSeal is how long the last sealing may take.
	lastSeal = time.Second
)

// Seal is a link of the chain over the audit log: its hash is the SHA-256 of
// the link before and of the row. Whoever keeps one elsewhere can tell that
// nothing up to it was changed since.
type Seal struct {
	Position int64
	Hash     []byte
}

// String is "POSITION:HASH", as [ParseSeal] reads it.
func (s Seal) String() string {
	return strconv.FormatInt(s.Position, 10) + ":" + hex.EncodeToString(s.Hash)
}

// ParseSeal reads "POSITION:HASH".
func ParseSeal(text string) (s Seal, err error) {
	position, hash, _ := strings.Cut(text, ":")
	s.Position, err = strconv.ParseInt(position, 10, 64)
	if err == nil {
		s.Hash, err = hex.DecodeString(hash)
	}
	if err != nil || s.Position < 1 || len(s.Hash) != sha256.Size {
		return s, fmt.Errorf("%q is no seal: give POSITION:HASH as 'audit verify' prints it", text)
	}
	return s, nil
}

// logRow is a row of the audit log.
type logRow struct {
	id                             int64
	at                             time.Time
	actor, action, subject, detail string
}

// link is the hash of a row and of the link before.
func (r *logRow) link(before []byte) []byte {
	h := sha256.New()
	h.Write(before)
	var n [8]byte
	for _, v := range []int64{r.id, r.at.UnixMicro()} {
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	for _, text := range []string{r.actor, r.action, r.subject, r.detail} {
		binary.BigEndian.PutUint64(n[:], uint64(len(text)))
		h.Write(n[:])
		h.Write([]byte(text))
	}
	return h.Sum(nil)
}

// SealAudit seals what is committed of the audit log and not sealed yet, and
// returns how many rows that was. One process at a time does it; for others it
// is done.
func (s *Store) SealAudit(ctx context.Context) (rows int, err error) {
	for {
		n, err := s.sealSome(ctx)
		rows += n
		if err != nil || n < sealMost {
			return rows, wrap("seal the audit log", err)
		}
	}
}

// sealSome seals up to sealMost rows, as of one snapshot.
func (s *Store) sealSome(ctx context.Context) (n int, err error) {
	err = pgx.BeginTxFunc(ctx, s.app, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		var mine bool
		if err := tx.QueryRow(ctx, sqlSealLock, sealLock).Scan(&mine); err != nil || !mine {
			return err
		}
		head, err := sealHead(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlSealNext, pgx.StrictNamedArgs{"most": sealMost})
		if err != nil {
			return err
		}
		var links [][]any
		var r logRow
		_, err = pgx.ForEachRow(rows, []any{&r.id, &r.at, &r.actor, &r.action, &r.subject, &r.detail}, func() error {
			head = Seal{head.Position + 1, r.link(head.Hash)}
			links = append(links, []any{head.Position, r.id, head.Hash})
			return nil
		})
		if n = len(links); err != nil || n == 0 {
			return err
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"audit", "seal"}, []string{"position", "log_id", "hash"}, pgx.CopyFromRows(links)); err != nil {
			return err
		}
		if n == sealMost {
			return nil // there may be more
		}
		_, err = tx.Exec(ctx, sqlSealHorizon)
		return err
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.ConstraintName == "seal_pkey" {
		return 0, nil // who had the turn before has sealed them since the snapshot
	}
	return n, err
}

// sealHead is the last link; before the first one it is position 0.
func sealHead(ctx context.Context, tx pgx.Tx) (head Seal, err error) {
	err = tx.QueryRow(ctx, sqlSealHead).Scan(&head.Position, &head.Hash)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return head, err
}

// KeepSealing seals the audit log each second until ctx is done, and then once
// more, so that an orderly stop leaves nothing unsealed.
func (s *Store) KeepSealing(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSeal)
		defer cancel()
		if _, err := s.SealAudit(last); err != nil {
			log.Warn("the last rows of the audit log are sealed at the next start", "error", err)
		}
	}()
	failing := false
	for {
		rows, err := s.SealAudit(ctx)
		if s.unsealed.Store(int64(rows)); err != nil {
			s.unsealed.Store(-1)
		}
		if err != nil && ctx.Err() == nil && !failing {
			log.Error("the audit log is not being sealed; trying again each second", "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Unsealed is how many rows [Store.KeepSealing] last found unsealed; -1 if it
// could not look.
func (s *Store) Unsealed() map[string]float64 {
	return map[string]float64{"": float64(s.unsealed.Load())}
}

// VerifyAudit follows the chain over the whole audit log and yields what was
// changed, removed, put in another order or never sealed. Each of kept, seals
// that were noted elsewhere, must be in the chain. It returns the last link.
func (s *Store) VerifyAudit(ctx context.Context, kept []Seal, yield func(Fault) error) (head Seal, err error) {
	err = pgx.BeginTxFunc(ctx, s.app, snapshots, func(tx pgx.Tx) error {
		head, err = followChain(ctx, tx, kept, yield)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlSealMissing)
		if err != nil {
			return err
		}
		var id int64
		var action string
		_, err = pgx.ForEachRow(rows, []any{&id, &action}, func() error {
			return yield(Fault{ruleSealed, fmt.Sprintf("row %d", id), action + ": it is not sealed"})
		})
		return err
	})
	return head, wrap("verify the audit log", err)
}

const ruleSealed = "the audit log is as it was sealed"

// followChain computes every link again from the stored one before it, so that
// each fault is told once, where it is.
func followChain(ctx context.Context, tx pgx.Tx, kept []Seal, yield func(Fault) error) (head Seal, err error) {
	rows, err := tx.Query(ctx, sqlSealChain)
	if err != nil {
		return head, err
	}
	defer rows.Close()
	missing := map[int64][]byte{}
	for _, k := range kept {
		missing[k.Position] = k.Hash
	}
	for rows.Next() {
		var s Seal
		var r logRow
		var there bool
		var at *time.Time
		var texts [4]*string
		if err := rows.Scan(&s.Position, &r.id, &s.Hash, &there, &at, &texts[0], &texts[1], &texts[2], &texts[3]); err != nil {
			return head, err
		}
		subject := fmt.Sprintf("row %d", r.id)
		what := ""
		switch {
		case s.Position != head.Position+1:
			what = fmt.Sprintf("the links %d to %d are gone", head.Position+1, s.Position-1)
		case !there:
			what = "it is gone"
		default:
			r.at, r.actor, r.action, r.subject, r.detail = *at, *texts[0], *texts[1], *texts[2], *texts[3]
			if !bytes.Equal(r.link(head.Hash), s.Hash) {
				what = "it, or its link, is not what was sealed"
			}
		}
		if what != "" {
			if err := yield(Fault{ruleSealed, subject, what}); err != nil {
				return head, err
			}
		}
		if bytes.Equal(missing[s.Position], s.Hash) {
			delete(missing, s.Position)
		}
		head = s
	}
	for position := range missing {
		if err := yield(Fault{ruleSealed, fmt.Sprintf("seal %d", position), "the chain no longer has the seal that was kept"}); err != nil {
			return head, err
		}
	}
	return head, rows.Err()
}
