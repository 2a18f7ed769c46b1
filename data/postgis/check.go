package postgis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// Fault is a place where something that must hold does not.
type Fault struct {
	Rule    string `json:"rule"`
	Subject string `json:"subject"` // SOURCE//ID, or an id of the database
	Detail  string `json:"detail,omitempty"`
}

// rule is something that must hold over the whole database, and the queries that
// find where it does not, as a subject and a detail: over whole tables, and over
// the contributions between two ids, piece by piece, with what belongs to them.
// Either may be missing.
type rule struct{ holds, whole, piece string }

var rules = []rule{
	{holds: "a contribution is what its parts add up to", piece: query("holds_parts")},
	{holds: "every part is one public fact, no finer and no other than it may be", whole: query("holds_secret_facts"), piece: query("holds_facts")},
	{holds: "every public fact is of a part", whole: query("holds_orphan_facts")},
	{holds: "no public fact tells how many people", whole: query("holds_people")},
	{holds: "the totals agree", whole: query("holds_totals")},
	{holds: "what lies in a territory lies in its region", whole: query("holds_regions")},
	{holds: "what lies in an area lies in its territory", whole: query("holds_areas")},
	{holds: "what has a position lies in its territory, or near it", whole: query("holds_positions")},
	{holds: "every reference leads somewhere", whole: query("holds_references_of_few"), piece: query("holds_references")},
	{holds: "what is evidenced or audited has evidence", piece: query("holds_evidence")},
	{holds: "an order stands where its last step put it", whole: query("holds_orders")},
	{holds: "every step of an order follows one that allows it", whole: query("holds_steps")},
	{holds: "nothing was delivered under an order before it was accepted", whole: query("holds_delivered")},
	{holds: "a closed contract was audited", whole: query("holds_audits")},
	{holds: "one body governs a territory on any day", whole: query("holds_governance")},
	{holds: "a merger whose day has come is drawn", whole: query("holds_mergers")},
	{holds: "a listed activity shows each of its places, and no other is listed", whole: query("holds_listed")},
	{holds: "nothing secret has a position", whole: query("holds_secrets")},
	{holds: "every secret activity is withheld once", whole: query("holds_withheld")},
	{holds: "nothing is left aside by a large load", whole: query("holds_aside")},
}

// Rules names what Check verifies, in order.
func Rules() []string {
	names := make([]string, 0, len(rules)+1)
	for _, r := range rules {
		names = append(names, r.holds)
	}
	return append(names, ruleHidden, rulePeople)
}

// ruleHidden is verified by doing what makes it hold, which must change
// nothing.
const ruleHidden = "a secret fact hides among others"

// RuleProjection is what [Store.CheckProjection] verifies.
const RuleProjection = "the projection holds what the facts say"

// partsLooked is about how many parts with a position are looked at.
const partsLooked = 100_000

// Check verifies every rule over the whole database and yields what breaks
// one, by rule.
func (s *Store) Check(ctx context.Context, who Actor, yield func(Fault) error) error {
	return s.CheckRules(ctx, who, func(string) {}, yield)
}

// CheckRules is Check, and tells which rule it begins with. The rules are looked
// at a few at a time, all as of one snapshot; began and yield are called by one
// at a time.
func (s *Store) CheckRules(ctx context.Context, who Actor, began func(rule string), yield func(Fault) error) error {
	err := s.asOne(ctx, who, func(tx pgx.Tx, snapshot string) error {
		args, err := checkArgs(ctx, tx)
		if err != nil {
			return err
		}
		return s.verifyAll(ctx, who, snapshot, &checking{args: args, tx: tx, began: began, yield: yield})
	})
	if err != nil {
		return wrap("check", err)
	}
	err = s.write(ctx, who, func(tx pgx.Tx) error {
		if err := verifyDone(ctx, tx, began, yield); err != nil {
			return err
		}
		return errNotKept // a check changes nothing
	})
	if errors.Is(err, errNotKept) {
		err = nil
	}
	return wrap("check", err)
}

// verifyDone verifies what holds because it was done, by doing it again.
func verifyDone(ctx context.Context, tx pgx.Tx, began func(string), yield func(Fault) error) error {
	began(ruleHidden)
	if err := verifyHidden(ctx, tx, yield); err != nil {
		return err
	}
	began(rulePeople)
	return verifyPeople(ctx, tx, yield)
}

// asOne runs fn in a transaction that sees one snapshot, which others can share
// by its name while it lasts.
func (s *Store) asOne(ctx context.Context, who Actor, fn func(tx pgx.Tx, snapshot string) error) error {
	return pgx.BeginTxFunc(ctx, s.app, snapshots, func(tx pgx.Tx) error {
		var snapshot string
		if err := tx.QueryRow(ctx, "SELECT pg_export_snapshot()").Scan(&snapshot); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlAct, who.Name, who.Territories); err != nil {
			return err
		}
		return fn(tx, snapshot)
	})
}

// sharing runs fn in a transaction that sees what the snapshot's does.
func (s *Store) sharing(ctx context.Context, who Actor, snapshot string, fn func(pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, s.app, snapshots, func(tx pgx.Tx) error {
		if err := shareSnapshot(ctx, tx, snapshot); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlAct, who.Name, who.Territories); err != nil {
			return err
		}
		return fn(tx)
	})
}

// shareSnapshot makes a transaction see what another does. The statement takes
// no arguments; the name is the server's own.
func shareSnapshot(ctx context.Context, tx pgx.Tx, snapshot string) error {
	_, err := tx.Exec(ctx, "SET TRANSACTION SNAPSHOT '"+strings.ReplaceAll(snapshot, "'", "''")+"'")
	return err
}

// rulesAtOnce is how many rules are looked at at a time: each keeps a processor
// of the database busy.
const rulesAtOnce = 2

// pieceRows is how many contributions are looked at in one go: few enough that
// what is joined to them stays in memory, whatever there is in all.
const pieceRows = 100_000

// checking is a check that several goroutines work on.
type checking struct {
	args  pgx.NamedArgs // of rules over whole tables
	mu    sync.Mutex    // of all that follows
	tx    pgx.Tx        // finds where pieces end
	rule  int           // the next whose whole tables are to be looked at
	after uuid.UUID     // the last contribution of the piece before
	ended bool          // no more pieces
	began func(rule string)
	yield func(Fault) error
}

// look is a query of a rule, over whole tables or over a piece.
type look struct {
	holds, sql string
	args       pgx.NamedArgs
}

// next is what to look at next: whole tables first, then pieces, each by all its
// rules while it is in memory; nothing when there is no more.
func (c *checking) next(ctx context.Context) (looks []look, piece bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.rule < len(rules) {
		r := rules[c.rule]
		c.rule++
		c.began(r.holds)
		if r.whole != "" {
			return []look{{r.holds, r.whole, c.args}}, false, nil
		}
	}
	if c.ended {
		return nil, false, nil
	}
	upto := uuid.Max
	err = c.tx.QueryRow(ctx, sqlBulkUpto, pgx.StrictNamedArgs{"after": c.after, "most": pieceRows}).Scan(&upto)
	if errors.Is(err, pgx.ErrNoRows) {
		c.ended, err = true, nil // and what refers to contributions that there are none of
	}
	args := pgx.NamedArgs{"after": c.after, "upto": upto}
	c.after = upto
	for _, r := range rules {
		if r.piece != "" {
			looks = append(looks, look{r.holds, r.piece, args})
		}
	}
	return looks, true, err
}

// work looks at what is next until there is no more.
func (c *checking) work(ctx context.Context, tx pgx.Tx) error {
	for {
		looks, piece, err := c.next(ctx)
		if err != nil || len(looks) == 0 {
			return err
		}
		if piece {
			// It is read page by page: row by row in the order of ids takes three
			// times as long.
			if _, err := tx.Exec(ctx, "SET LOCAL enable_indexscan = off"); err != nil {
				return err
			}
		}
		for _, l := range looks {
			if err := c.verify(ctx, tx, l); err != nil {
				return err
			}
		}
	}
}

// verify yields what a look finds.
func (c *checking) verify(ctx context.Context, tx pgx.Tx, l look) error {
	rows, err := tx.Query(ctx, l.sql, l.args)
	if err != nil {
		return err
	}
	f := Fault{Rule: l.holds}
	var detail *string
	_, err = pgx.ForEachRow(rows, []any{&f.Subject, &detail}, func() error {
		f.Detail = text(detail)
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.yield(f)
	})
	return err
}

// verifyAll looks at every rule, with as many goroutines as rulesAtOnce.
func (s *Store) verifyAll(ctx context.Context, who Actor, snapshot string, c *checking) error {
	group, ctx := errgroup.WithContext(ctx)
	for range rulesAtOnce {
		group.Go(func() error {
			return s.sharing(ctx, who, snapshot, func(tx pgx.Tx) error {
				if err := checkSettings(ctx, tx); err != nil {
					return err
				}
				return c.work(ctx, tx)
			})
		})
	}
	return group.Wait()
}

// checkSettings gives a check's transaction the means that large joins need.
func checkSettings(ctx context.Context, tx pgx.Tx) error {
	for _, sql := range []string{"SET LOCAL work_mem = '512MB'", "SET LOCAL max_parallel_workers_per_gather = 0", "SET LOCAL jit = off"} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// checkArgs are the rules' arguments.
func checkArgs(ctx context.Context, tx pgx.Tx) (pgx.NamedArgs, error) {
	var parts float64
	if err := tx.QueryRow(ctx, "SELECT GREATEST(reltuples, 1) FROM pg_class WHERE oid = 'raw.allocation'::regclass").Scan(&parts); err != nil {
		return nil, err
	}
	return pgx.NamedArgs{"near": nearMetres, "lock": bulkLock, "percent": min(100, 100*partsLooked/parts)}, nil
}

// verifyHidden makes the secret facts rise again: those that change were shown
// where too few hide them, or coarser than they need.
func verifyHidden(ctx context.Context, tx pgx.Tx, yield func(Fault) error) error {
	if _, err := tx.Exec(ctx, sqlSecretYears); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, sqlPublishSecret)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return yield(Fault{Rule: ruleHidden, Subject: "the kingdom", Detail: fmt.Sprintf("%d facts are shown otherwise than they would be now", tag.RowsAffected())})
}
