package postgis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// Fault is a place where something that must hold does not.
type Fault struct {
	Rule    string `json:"rule"`
	Subject string `json:"subject"` // SOURCE//ID, or an id of the database
	Detail  string `json:"detail,omitempty"`
}

// rule is something that must hold over the whole database, and the query that
// finds where it does not, as a subject and a detail.
type rule struct{ holds, sql string }

// rules are looked at one after another. Each is a query over whole tables, so
// that ten million contributions take minutes.
var rules = []rule{
	{"a contribution is what its parts add up to", query("holds_parts")},
	{"every part is one public fact, no finer and no other than it may be", query("holds_facts")},
	{"every public fact is of a part", query("holds_orphan_facts")},
	{"no public fact tells how many people", query("holds_people")},
	{"the totals agree", query("holds_totals")},
	{"what lies in a territory lies in its region", query("holds_regions")},
	{"what lies in an area lies in its territory", query("holds_areas")},
	{"what has a position lies in its territory, or near it", query("holds_positions")},
	{"every reference leads somewhere", query("holds_references")},
	{"what is evidenced or audited has evidence", query("holds_evidence")},
	{"an order stands where its last step put it", query("holds_orders")},
	{"every step of an order follows one that allows it", query("holds_steps")},
	{"nothing was delivered under an order before it was accepted", query("holds_delivered")},
	{"a closed contract was audited", query("holds_audits")},
	{"one body governs a territory on any day", query("holds_governance")},
	{"a merger whose day has come is drawn", query("holds_mergers")},
	{"a listed activity shows each of its places, and no other is listed", query("holds_listed")},
	{"nothing secret has a position", query("holds_secrets")},
	{"every secret activity is withheld once", query("holds_withheld")},
	{"nothing is left aside by a large load", query("holds_aside")},
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
		return s.verifyAll(ctx, who, snapshot, args, began, yield)
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

// verifyAll looks at every rule, those that take longest first.
func (s *Store) verifyAll(ctx context.Context, who Actor, snapshot string, args pgx.NamedArgs, began func(string), yield func(Fault) error) error {
	var one sync.Mutex
	var next atomic.Int32
	group, ctx := errgroup.WithContext(ctx)
	for range rulesAtOnce {
		group.Go(func() error {
			return s.sharing(ctx, who, snapshot, func(tx pgx.Tx) error {
				if err := checkSettings(ctx, tx); err != nil {
					return err
				}
				for {
					i := int(next.Add(1)) - 1
					if i >= len(rules) {
						return nil
					}
					one.Lock()
					began(rules[i].holds)
					one.Unlock()
					if err := verify(ctx, tx, rules[i], args, func(f Fault) error {
						one.Lock()
						defer one.Unlock()
						return yield(f)
					}); err != nil {
						return err
					}
				}
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

func verify(ctx context.Context, tx pgx.Tx, r rule, args pgx.NamedArgs, yield func(Fault) error) error {
	rows, err := tx.Query(ctx, r.sql, args)
	if err != nil {
		return err
	}
	f := Fault{Rule: r.holds}
	var detail *string
	_, err = pgx.ForEachRow(rows, []any{&f.Subject, &detail}, func() error {
		f.Detail = text(detail)
		return yield(f)
	})
	return err
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
