package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tributary/data"
	"tributary/data/facts"
	"tributary/data/postgis"
	"tributary/data/postgis/pgtest"
	"tributary/geo"
	"tributary/geo/hex"
)

// following is a projection that follows a store until the test ends.
func following(t testing.TB, s *postgis.Store) *facts.Facts {
	t.Helper()
	fs := facts.New(s)
	ctx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := s.Follow(ctx, fs, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("following ended: %v", err)
		}
	})
	t.Cleanup(func() { stop(); wait.Wait() })
	return fs
}

// current waits until a projection is at the store's version.
func current(t interface {
	Fatal(...any)
	Context() context.Context
}, s *postgis.Store, fs *facts.Facts) *facts.Snapshot {
	v, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := fs.Await(ctx, v); err != nil {
		t.Fatal(err)
	}
	return fs.Snapshot()
}

var factNames = []string{"contribution_id", "level", "day", "pence", "quantity_milli", "unit", "type", "measure", "priority", "themes", "beneficiaries", "sector", "state", "standing",
	"territory_id", "region_code", "area_code", "cell", "supplier_id", "buyer_id", "provider_id", "activity_id", "contract_id", "supplier_territory", "supplier_area", "buyer_territory", "buyer_area"}

var factRegions = map[string]string{"norfolk": "E12000006", "suffolk": "E12000006", "kent": "E12000008"}

// factRow makes up a public fact from few values.
func factRow(r *rand.Rand) []any {
	pick := func(values ...any) any { return values[r.IntN(len(values))] }
	id := func(n int) any {
		if v := r.IntN(n + 1); v > 0 {
			return uuid.UUID{15: byte(v)}
		}
		return nil
	}
	level, territory, region, area, cell := "uk", any(nil), any(nil), any(nil), any(nil)
	switch r.IntN(8) {
	case 0:
	case 1:
		level, region = "region", "E12000006"
	default:
		name := pick("norfolk", "suffolk", "kent").(string)
		level, territory, region = "territory", name, factRegions[name]
		if r.IntN(4) > 0 {
			res := 8 + r.IntN(2)
			c, err := hex.At(orb.Point{1.2 + 0.1*r.Float64(), 52.6 + 0.1*r.Float64()}, res)
			if err != nil {
				panic(err)
			}
			level, cell, area = []string{"cell", "exact"}[res-8], int64(c), pick(nil, "E07000148", "E07000145")
		}
	}
	pence := int64(r.IntN(100000))
	if r.IntN(20) == 0 {
		pence *= 1e9
	}
	return []any{id(40), level, time.Date(2023, 1, 1+r.IntN(800), 0, 0, 0, 0, time.UTC), pence, int64(r.IntN(3) * 500), pick(nil, "hours", "trees"), pick("donation_money", "employment"),
		pick(nil, "norfolk:PC1"), pick(nil, "norfolk:preventing-crime"), pick([]string{}, []string{"safer"}, []string{"safer", "healthier"}, []string{"healthier", "safer"}), pick([]string{}, []string{"neet", "vcses"}),
		pick(nil, "police", "nhs"), pick("claimed", "audited", "rejected"), pick("primary", "unvalidated", "in_scope", "continued"),
		territory, region, area, cell, id(9), id(3), id(9), id(9), id(9), pick(nil, "kent", "norfolk"), pick(nil, "E07000148"), pick(nil, "kent", "norfolk"), pick(nil, "E07000145")}
}

func insertFacts(ctx context.Context, tx interface {
	CopyFrom(context.Context, pgx.Identifier, []string, pgx.CopyFromSource) (int64, error)
}, r *rand.Rand, n int) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"pub", "fact"}, factNames, pgx.CopyFromSlice(n, func(int) ([]any, error) { return factRow(r), nil }))
	return err
}

// drawFactFilter is a filter of values that made-up facts have.
func drawFactFilter(t *rapid.T) data.Filter {
	var f data.Filter
	some := func(name string, values ...string) []string {
		if rapid.IntRange(0, 4).Draw(t, "has "+name) > 0 {
			return nil
		}
		return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 2, rapid.ID).Draw(t, name)
	}
	id := uuid.UUID{15: 1}.String()
	for _, v := range some("region", "E12000006", "E12000008") {
		f.Region = append(f.Region, geo.RegionCode(v))
	}
	for _, v := range some("territory", "norfolk", "kent") {
		f.Territory = append(f.Territory, geo.TerritoryID(v))
	}
	for _, v := range some("area", "E07000148") {
		f.Area = append(f.Area, geo.AreaCode(v))
	}
	for _, v := range some("theme", "safer", "healthier") {
		f.Theme = append(f.Theme, data.Theme(v))
	}
	f.Sector, f.Priority, f.Measure = some("sector", "police", "nhs"), some("priority", "norfolk:preventing-crime"), some("measure", "norfolk:PC1")
	f.Type, f.Beneficiary, f.State = some("type", "employment", "donation_money"), some("beneficiary", "neet", "vcses"), some("state", "rejected", "claimed")
	f.Standing = some("standing", "primary", "continued")
	f.Supplier, f.Buyer, f.Provider, f.Activity = some("supplier", id, "x"), some("buyer", id), some("provider", id), some("activity", id)
	for _, v := range some("origin territory", "kent") {
		f.OriginTerritory = append(f.OriginTerritory, geo.TerritoryID(v))
	}
	for _, v := range some("origin region", "E12000006") {
		f.OriginRegion = append(f.OriginRegion, geo.RegionCode(v))
	}
	for _, v := range some("origin area", "E07000148", "E07000145") {
		f.OriginArea = append(f.OriginArea, geo.AreaCode(v))
	}
	if len(some("origin", "x")) > 0 {
		f.Origin = data.OriginBuyer
	}
	if len(some("days", "x")) > 0 {
		f.From = data.NewDate(2023, 5, 1)
		f.To = f.From.AddDays(rapid.IntRange(0, 400).Draw(t, "days"))
	}
	if len(some("box", "x")) > 0 {
		w, s := rapid.Float64Range(1.15, 1.3).Draw(t, "west"), rapid.Float64Range(52.55, 52.7).Draw(t, "south")
		f.BBox = &orb.Bound{Min: orb.Point{w, s}, Max: orb.Point{w + 0.05, s + 0.05}}
	}
	return f
}

// sameAnswers holds the answers of a snapshot against SQL over the facts, at the
// same version.
func sameAnswers(t *rapid.T, s *postgis.Store, snap *facts.Snapshot, f data.Filter) {
	ctx := t.Context()
	totals, err := s.Totals(ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(totals, snap.Totals(f)); diff != "" {
		t.Fatalf("totals of %s (-SQL +memory):\n%s", f.Canonical(), diff)
	}
	q := data.HeatQuery{Filter: f, Res: rapid.IntRange(hex.Coarsest, hex.Finest).Draw(t, "res"), Metric: rapid.SampledFrom([]data.Metric{data.MetricPence, data.MetricQuantity}).Draw(t, "metric")}
	if q.Metric == data.MetricQuantity {
		q.Unit = rapid.SampledFrom([]string{"hours", "bricks"}).Draw(t, "unit")
	}
	heat, err := s.Heat(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(heat, snap.Heat(q)); diff != "" {
		t.Fatalf("heat of %s at %d (-SQL +memory):\n%s", f.Canonical(), q.Res, diff)
	}
	by := rapid.SliceOfNDistinct(rapid.SampledFrom(data.Dimensions), 1, 3, rapid.ID).Draw(t, "by")
	breakdown, err := s.Breakdown(ctx, f, by...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(breakdown, snap.Breakdown(f, by...)); diff != "" {
		t.Fatalf("%v of %s (-SQL +memory):\n%s", by, f.Canonical(), diff)
	}
	var res *int
	if n := rapid.IntRange(4, 7).Draw(t, "gap res"); n > 4 {
		res = &n
	}
	_, sums, err := s.GapSums(ctx, res, f)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sums[0], snap.GapSums(res, f), cmpopts.EquateApprox(1e-9, 0), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("gap sums of %s (-SQL +memory):\n%s", f.Canonical(), diff)
	}
}

// persistent does something that a step before may have cut the connection of.
func persistent(do func() error) (err error) {
	for range 20 {
		if err = do(); !errors.Is(err, data.ErrUnavailable) {
			break
		}
	}
	return err
}

// Through inserts, changes, deletions, re-assignment, rollbacks, imports, lost
// connections and restarts the projection answers what SQL over the facts does,
// and two of them agree.
func TestProjectionFollows(t *testing.T) {
	s, url := opened(t)
	imported(t, s, data.Import{}, record(2, "garden", norwich[0], norwich[1]))
	taken(t, s, organisations, contract)
	first, second := following(t, s), following(t, s)
	conn := connect(t, url)
	steps := map[string]func(ctx context.Context, r *rand.Rand) error{
		"insert": func(ctx context.Context, r *rand.Rand) error { return insertFacts(ctx, conn, r, 1+r.IntN(200)) },
		"change": func(ctx context.Context, r *rand.Rand) error {
			_, err := conn.Exec(ctx, `UPDATE pub.fact SET pence = pence + 1, state = 'evidenced' WHERE id % 7 = $1`, r.IntN(7))
			return err
		},
		"move": func(ctx context.Context, r *rand.Rand) error { // to another territory, and cell
			_, err := conn.Exec(ctx, `UPDATE pub.fact f SET territory_id = 'kent', region_code = 'E12000008', area_code = NULL, cell = (SELECT g.cell FROM pub.fact g WHERE g.id > f.id ORDER BY g.id LIMIT 1)
				WHERE id % 11 = $1 AND level IN ('cell', 'exact')`, r.IntN(11))
			return err
		},
		"delete": func(ctx context.Context, r *rand.Rand) error {
			_, err := conn.Exec(ctx, `DELETE FROM pub.fact WHERE id % 5 = $1`, r.IntN(5))
			return err
		},
		"roll back": func(ctx context.Context, r *rand.Rand) error {
			tx, err := conn.Begin(ctx)
			if err != nil {
				return err
			}
			if err := insertFacts(ctx, tx, r, 30); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM pub.fact WHERE id % 3 = 0`); err != nil {
				return err
			}
			return tx.Rollback(ctx)
		},
		"savepoints": func(ctx context.Context, r *rand.Rand) error {
			return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
				if err := insertFacts(ctx, tx, r, 10); err != nil {
					return err
				}
				inner, err := tx.Begin(ctx)
				if err != nil {
					return err
				}
				if err := insertFacts(ctx, inner, r, 10); err != nil {
					return err
				}
				if r.IntN(2) == 0 {
					return inner.Rollback(ctx)
				}
				return inner.Commit(ctx)
			})
		},
		"bulk": func(ctx context.Context, r *rand.Rand) error {
			return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, "SET LOCAL tributary.bulk = on"); err != nil {
					return err
				}
				return insertFacts(ctx, tx, r, 50)
			})
		},
		"empty": func(ctx context.Context, r *rand.Rand) error {
			_, err := conn.Exec(ctx, "TRUNCATE pub.fact")
			return err
		},
		"lose connections": func(ctx context.Context, r *rand.Rand) error {
			_, err := conn.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'tributary_app'`)
			return err
		},
		"import": func(ctx context.Context, r *rand.Rand) error {
			var batch []map[string]string
			for i := range 1 + r.IntN(5) {
				batch = append(batch, map[string]string{"id": fmt.Sprint("c", i), "supplier": "builder", "type": "donation_money", "value": fmt.Sprint(1 + r.IntN(1000)), "delivered_from": "2023-06-01",
					"activity": []string{"", "garden"}[r.IntN(2)], "places": []string{"", "norfolk; kent=2", "E07000148", "NR1 3JU"}[r.IntN(4)]})
			}
			k, _ := data.KindNamed("contribution")
			var in []postgis.LedgerRecord
			for i, row := range batch {
				rec, _ := k.Read("test", func(c string) string { return row[c] })
				in = append(in, postgis.LedgerRecord{Line: i, Record: rec})
			}
			return persistent(func() error {
				_, err := s.ImportLedger(ctx, postgis.Operator, data.Import{Kind: "test", Source: "test"}, []postgis.LedgerSheet{{Kind: k, Records: slices.Values(in)}}, func(postgis.LedgerRefusal) error { return nil })
				return err
			})
		},
		"count the log": func(ctx context.Context, r *rand.Rand) error {
			return persistent(func() error { return postgis.TidyChanges(ctx, s) })
		},
	}
	names := []string{"insert", "insert", "insert", "change", "change", "move", "move", "delete", "roll back", "savepoints", "bulk", "empty", "lose connections", "import", "count the log"}
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			name := rapid.SampledFrom(names).Draw(t, "step")
			if err := steps[name](t.Context(), r); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		a, b := current(t, s, first), current(t, s, second)
		if a.Version() != b.Version() {
			t.Fatalf("versions %d and %d", a.Version(), b.Version())
		}
		f := drawFactFilter(t)
		sameAnswers(t, s, a, f)
		if diff := cmp.Diff(a.Breakdown(f, data.ByArea, data.BySupplier), b.Breakdown(f, data.ByArea, data.BySupplier)); diff != "" {
			t.Fatalf("two projections differ (-first +second):\n%s", diff)
		}
	})
	// And one that starts now.
	fresh := current(t, s, following(t, s))
	if diff := cmp.Diff(first.Snapshot().Breakdown(data.Filter{}, data.ByType, data.ByTerritory, data.ByMonth), fresh.Breakdown(data.Filter{}, data.ByType, data.ByTerritory, data.ByMonth)); diff != "" {
		t.Errorf("after a restart (-before +after):\n%s", diff)
	}
}

// Of two transactions the second to write commits first: both arrive.
func TestCommitsOutOfOrder(t *testing.T) {
	s, url := opened(t)
	fs := following(t, s)
	r := rand.New(rand.NewPCG(1, 1))
	slow, fast := connect(t, url), connect(t, url)
	begun := func(conn *pgx.Conn) pgx.Tx {
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := insertFacts(t.Context(), tx, r, 1); err != nil {
			t.Fatal(err)
		}
		return tx
	}
	a := begun(slow)
	for n := 1; n <= 3; n++ {
		if err := begun(fast).Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := current(t, s, fs).Len(); got != n {
			t.Fatalf("%d facts, want %d, while an earlier transaction is open", got, n)
		}
	}
	if err := postgis.TidyChanges(t.Context(), s); err != nil { // counts only what is over
		t.Fatal(err)
	}
	if err := a.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := current(t, s, fs).Len(); got != 4 {
		t.Errorf("%d facts, want 4", got)
	}
	other := following(t, s)
	if x, y := current(t, s, fs), current(t, s, other); x.Version() != y.Version() || x.Len() != y.Len() {
		t.Errorf("versions %d and %d, %d and %d facts", x.Version(), y.Version(), x.Len(), y.Len())
	}
}

// While many write at once, whatever version an answer of either projection
// names, the other and SQL answer the same at it.
func TestVersionsAreComparable(t *testing.T) {
	s, url := opened(t)
	first, second := following(t, s), following(t, s)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var writers sync.WaitGroup
	for w := range 4 {
		conn := connect(t, url)
		writers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for range 100 {
				err := insertFacts(ctx, conn, r, 1+r.IntN(3))
				if err == nil {
					_, err = conn.Exec(ctx, "SELECT pg_notify('tributary', '')")
				}
				if err == nil && r.IntN(3) == 0 {
					_, err = conn.Exec(ctx, `DELETE FROM pub.fact WHERE id = (SELECT id FROM pub.fact WHERE id % 4 = $1 ORDER BY random() LIMIT 1)`, w)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	type seen map[int64]data.Totals
	watch := func(ask func() (data.Totals, error)) (seen, error) {
		out := seen{}
		for {
			v, err := ask()
			if err != nil && !errors.Is(err, data.ErrUnavailable) {
				return out, err
			}
			if was, ok := out[v.Version]; ok && !cmp.Equal(was, v) {
				return out, fmt.Errorf("version %d has two answers: %s", v.Version, cmp.Diff(was, v))
			}
			if err == nil {
				out[v.Version] = v
			}
			select {
			case <-done:
				return out, nil
			case <-time.After(time.Millisecond):
			}
		}
	}
	var watched [3]seen
	var watchers sync.WaitGroup
	for i, ask := range []func() (data.Totals, error){
		func() (data.Totals, error) { return first.Totals(ctx, data.Filter{}) },
		func() (data.Totals, error) { return second.Totals(ctx, data.Filter{}) },
		func() (data.Totals, error) { return s.Totals(ctx, data.Filter{}) },
	} {
		watchers.Go(func() {
			var err error
			if watched[i], err = watch(ask); err != nil {
				t.Error(err)
			}
		})
	}
	watchers.Wait()
	met := 0
	for v, a := range watched[0] {
		for _, other := range watched[1:] {
			if b, ok := other[v]; ok {
				met++
				if diff := cmp.Diff(a, b); diff != "" {
					t.Errorf("version %d (-one +other):\n%s", v, diff)
				}
			}
		}
	}
	t.Logf("%d, %d and %d versions, of which %d were seen by two", len(watched[0]), len(watched[1]), len(watched[2]), met)
	if met == 0 {
		t.Error("no version was seen by two")
	}
	a, b := current(t, s, first), current(t, s, second)
	if diff := cmp.Diff(a.Totals(data.Filter{}), b.Totals(data.Filter{})); diff != "" {
		t.Errorf("in the end (-first +second):\n%s", diff)
	}
}

// What was swept while a reader was away is loaded again.
func TestSweptLogIsLoadedAgain(t *testing.T) {
	s, url := opened(t)
	conn := connect(t, url)
	r := rand.New(rand.NewPCG(1, 1))
	fs := facts.New(nil)
	f := postgis.NewFollower(s, fs)
	catchUp := func() {
		t.Helper()
		if err := f.CatchUp(t.Context(), conn); err != nil {
			t.Fatal(err)
		}
	}
	catchUp()
	for range 3 {
		if err := insertFacts(t.Context(), conn, r, 5); err != nil {
			t.Fatal(err)
		}
	}
	version, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "UPDATE raw.change SET at = at - interval '1 year'"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := postgis.TidyChanges(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if left := query(t, url, "SELECT count(*)::text FROM raw.change"); left != "0" {
		t.Fatalf("%s rows of the log are left, want 0", left)
	}
	if v, err := s.Version(t.Context()); err != nil || v != version {
		t.Errorf("the version is %d after the sweep, %v, want %d", v, err, version)
	}
	for catchUp(); fs.Snapshot().Version() < version; catchUp() {
		time.Sleep(10 * time.Millisecond) // loads rest
	}
	if got := fs.Snapshot(); got.Len() != 15 || got.Version() != version {
		t.Errorf("%d facts at version %d, want 15 at %d", got.Len(), got.Version(), version)
	}
}

// forgetful is a projection that loses a penny.
type forgetful struct{ *facts.Facts }

func (f forgetful) Load(version int64, regions map[string]string, from data.FactLoad) error {
	fill := from.Fill
	from.Fill = func(part int, add func(*data.Fact, data.FactAlike) error) error {
		return fill(part, func(fact *data.Fact, alike data.FactAlike) error {
			if fact.ID == 7 {
				fact.Pence--
			}
			return add(fact, alike)
		})
	}
	return f.Facts.Load(version, regions, from)
}

func TestCheckComparesTheProjection(t *testing.T) {
	s, url := opened(t)
	if err := insertFacts(t.Context(), connect(t, url), rand.New(rand.NewPCG(1, 1)), 500); err != nil {
		t.Fatal(err)
	}
	for want, p := range map[int]interface {
		postgis.Projection
		Breakdown(context.Context, data.Filter, ...data.Dimension) (data.Breakdown, error)
	}{0: facts.New(nil), 1: forgetful{facts.New(nil)}} {
		var found []postgis.Fault
		if err := s.CheckProjection(t.Context(), p, func(f postgis.Fault) error { found = append(found, f); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(found) != want {
			t.Errorf("%d faults, want %d: %v", len(found), want, found)
		}
	}
}

// A database that was restored on another server, which has seen fewer
// transactions, goes on counting.
func TestVersionAfterARestore(t *testing.T) {
	s, url := opened(t)
	conn := connect(t, url)
	last := int64(0)
	rises := func(when string) {
		t.Helper()
		v, err := s.Version(t.Context())
		if err != nil || v <= last {
			t.Errorf("%s the version is %d, %v, after %d", when, v, err, last)
		}
		last = v
	}
	rises("at first")
	for _, sql := range []string{"UPDATE raw.change SET xid = '900000000001'", "UPDATE pub.version SET counted = '900000000000', swept = '800000000000'"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := insertFacts(t.Context(), conn, rand.New(rand.NewPCG(1, 1)), 5); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := postgis.TidyChanges(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	rises("after the restore")
	fs := following(t, s)
	if err := insertFacts(t.Context(), conn, rand.New(rand.NewPCG(1, 1)), 5); err != nil {
		t.Fatal(err)
	}
	rises("after another change")
	if got := current(t, s, fs); got.Len() != 10 || got.Version() != last {
		t.Errorf("%d facts at version %d, want 10 at %d", got.Len(), got.Version(), last)
	}
}

// An import in many parts does not keep the machine loading.
func TestLoadsRest(t *testing.T) {
	s, url := opened(t)
	conn := connect(t, url)
	fs := facts.New(nil)
	f := postgis.NewFollower(s, fs)
	step := func(want int) {
		t.Helper()
		if err := f.CatchUp(t.Context(), conn); err != nil {
			t.Fatal(err)
		}
		if got := fs.Snapshot().Len(); got != want {
			t.Errorf("%d facts, want %d", got, want)
		}
	}
	step(0)
	if _, err := conn.Exec(t.Context(), "SET tributary.bulk = on"); err != nil {
		t.Fatal(err)
	}
	if err := insertFacts(t.Context(), conn, rand.New(rand.NewPCG(1, 1)), 5); err != nil {
		t.Fatal(err)
	}
	f.Took(time.Hour)
	step(0)
	f.Took(0)
	step(5)
}

// Only those who may see everything see what was shown before.
func TestChangeLogIsNotPublic(t *testing.T) {
	url := pgtest.URL(t)
	conn := as(t, url, "tributary_public")
	if _, err := conn.Exec(t.Context(), "SELECT FROM raw.change"); code(err) != denied {
		t.Errorf("the public role reads the change log: %v", err)
	}
	var v int64
	if err := conn.QueryRow(t.Context(), "SELECT pub.version_now()").Scan(&v); err != nil {
		t.Error(err)
	}
}
