package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/postgis"
	"tributary/web"
)

type demoCmd struct {
	Contributions int    `help:"How many contributions to make up, over six years; what they need is in proportion: about 1,500 activities for 10,000, 50,000 for ten million." default:"10000"`
	Seed          uint64 `help:"The same seed and --until make the same records." default:"1"`
	Until         string `help:"The day before which everything was given, such as 2026-01-01. Default: the first of this month." placeholder:"DAY"`
	Planted       string `help:"Write the cases that were put in on purpose to this file, one JSON object a line, each with what must be found: double counts, trees within a contract's demise, secret places, gaps …" placeholder:"FILE"`
	Force         bool   `help:"Load made-up records even beside real ones, where they would be in every figure."`
	Remove        bool   `help:"Take everything made up away instead, as if it had never been."`
}

const (
	// chunk is how many contributions are loaded in one transaction: few enough
	// that the change log lists their facts.
	chunk = 80_000
	// atOnce is how many of them at a time, where there are many: a part keeps
	// one processor of the database busy.
	atOnce = 2
	// many is from how many on indexes are built after the load.
	many = 200_000
)

// Run loads a made-up United Kingdom, or takes it away.
func (cmd *demoCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	if cmd.Contributions < 1 || cmd.Contributions > 100_000_000 {
		return data.Invalidf("contributions", fmt.Sprint(cmd.Contributions), "give a whole number from 1 to 100000000")
	}
	opt := demo.Options{Contributions: cmd.Contributions, Seed: cmd.Seed, Until: firstOfMonth(time.Now())}
	if cmd.Until != "" {
		if opt.Until, err = data.ParseDate(cmd.Until); err != nil {
			return err
		}
	}
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	l := &demoLoad{o: o, con: con, name: fmt.Sprintf("tributary demo --contributions %d --seed %d --until %s", cmd.Contributions, cmd.Seed, opt.Until)}
	if cmd.Remove {
		return l.remove(ctx)
	}
	if err := l.makeRoom(ctx, cmd.Force); err != nil {
		return err
	}
	l.world = demo.New(opt)
	if err := l.load(ctx); err != nil {
		return err
	}
	return cmd.writePlanted(l.world)
}

func firstOfMonth(t time.Time) data.Date { return data.NewDate(t.Year(), t.Month(), 1) }

// writePlanted writes the planted cases out.
func (cmd *demoCmd) writePlanted(w *demo.World) (err error) {
	if cmd.Planted == "" {
		return nil
	}
	f, err := os.Create(cmd.Planted)
	if err != nil {
		return fmt.Errorf("the planted cases: %w; name another file with --planted", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	enc := json.NewEncoder(f)
	for _, p := range w.Planted() {
		if err := enc.Encode(p); err != nil {
			return err
		}
	}
	return nil
}

// demoLoad is one demonstration on its way in.
type demoLoad struct {
	o     *opened
	con   *console
	world *demo.World
	name  string // the command that makes the same again
	// atSea counts what was left out: the scatter around a coastal town may end
	// in the water.
	atSea atomic.Int64
}

// makeRoom refuses to mix made-up records into real ones, and takes another
// demonstration away.
func (l *demoLoad) makeRoom(ctx context.Context, force bool) error {
	have, err := l.o.MadeUp(ctx, postgis.Operator, demo.Source)
	if err != nil {
		return err
	}
	if have.Beside && !force {
		return data.Invalidf("force", "", "the database holds records that are not made up, and made-up ones beside them would be in every figure: name another --data-dir, or give --force")
	}
	if have.By == "" || have.By == l.name {
		return nil
	}
	fmt.Fprintf(l.con.out, "Another demonstration is there (%s); it makes room.\n", have.By)
	return l.remove(ctx)
}

func (l *demoLoad) remove(ctx context.Context) error {
	n := 0
	bar := newCounter(l.con.err, "contributions removed", -1)
	err := l.o.RemoveMadeUp(ctx, postgis.Operator, demo.Source, func(removed int) {
		n += removed
		bar.at(int64(n), n)
	})
	bar.done()
	if err != nil {
		return err
	}
	fmt.Fprintf(l.con.out, "The demonstration is gone, with %s contributions.\n", data.Thousands(n))
	return nil
}

// load writes the world: plans, activities, what is few, then contributions,
// each part in a transaction of its own. Stopped half way, the same command
// goes on: what is there already is left as it is.
func (l *demoLoad) load(ctx context.Context) error {
	started := time.Now()
	if err := l.sheets(ctx, l.world.Plans(), false); err != nil {
		return err
	}
	run := data.Import{Kind: "activities", Source: demo.Source, File: l.name, Replace: true, Demonstration: true}
	placed, err := l.o.ImportActivities(ctx, postgis.Operator, run, l.world.Activities(), func(data.Refusal) error {
		l.atSea.Add(1)
		return nil
	})
	if err != nil {
		return err
	}
	if err := l.sheets(ctx, l.world.Sheets(), false); err != nil {
		return err
	}
	if l.world.Size() < many {
		err = l.contributions(ctx, false)
	} else {
		err = l.o.Bulk(ctx, postgis.Operator, l.con.log, func() error { return l.contributions(ctx, true) })
	}
	if err != nil {
		return err
	}
	if err := l.o.DemonstrationAccounts(ctx, postgis.Operator, web.DevelopmentIssuer, l.world.People()); err != nil {
		return err
	}
	fmt.Fprintf(l.con.out, "%s made-up activities and %s contributions are on the map, after %v.\n", data.Thousands(placed.Placed), data.Thousands(l.world.Contributions()), time.Since(started).Round(time.Second))
	if n := l.atSea.Load(); n > 0 {
		fmt.Fprintf(l.con.out, "%d records fell in the sea and were left out.\n", n)
	}
	fmt.Fprintf(l.con.out, "'%s' makes the same again; 'tributary demo --remove' takes them away.\n", l.name)
	return nil
}

// contributions loads the contributions in parts, two at a time if there are
// many.
func (l *demoLoad) contributions(ctx context.Context, bulk bool) error {
	n := l.world.Size()
	bar := newCounter(l.con.err, "contributions", int64(n))
	defer bar.done()
	parts, ctx := errgroup.WithContext(ctx)
	parts.SetLimit(1)
	if bulk {
		parts.SetLimit(atOnce)
	}
	var lock sync.Mutex
	loaded := 0
	for from := 0; from < n && ctx.Err() == nil; from += chunk {
		to := min(from+chunk, n)
		parts.Go(func() error {
			if err := l.sheets(ctx, l.world.Part(from, to), bulk); err != nil {
				return err
			}
			lock.Lock()
			defer lock.Unlock()
			loaded += to - from
			bar.at(int64(loaded), loaded)
			return nil
		})
	}
	return parts.Wait()
}

// sheets imports sheets as any import of records would.
func (l *demoLoad) sheets(ctx context.Context, sheets []demo.Sheet, bulk bool) error {
	var in []postgis.LedgerSheet
	for _, s := range sheets {
		kind, ok := data.KindNamed(s.Kind)
		if !ok {
			return fmt.Errorf("there is no kind %q", s.Kind)
		}
		in = append(in, postgis.LedgerSheet{Kind: kind, Records: ledgerRecords(s.Records)})
	}
	run := data.Import{Kind: "demonstration", Source: demo.Source, File: l.name, Bulk: bulk}
	_, err := l.o.ImportLedger(ctx, postgis.Operator, run, in, func(postgis.LedgerRefusal) error {
		l.atSea.Add(1) // as its activity did
		return nil
	})
	return err
}

func ledgerRecords(records iter.Seq[data.Record]) iter.Seq[postgis.LedgerRecord] {
	return func(yield func(postgis.LedgerRecord) bool) {
		n := 0
		for rec := range records {
			n++
			if !yield(postgis.LedgerRecord{Line: n, Record: rec}) {
				return
			}
		}
	}
}
