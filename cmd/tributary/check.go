package main

import (
	"context"
	"errors"
	"fmt"

	"tributary/data"
	"tributary/data/facts"
	"tributary/data/postgis"
)

type checkCmd struct {
	Most int `help:"How many faults to print; all are counted." default:"50"`
}

// Run verifies that the whole ledger adds up, and that the facts loaded into
// memory say the same, and prints what does not.
func (cmd *checkCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	faults := 0
	tell := func(f postgis.Fault) error {
		if faults++; faults <= cmd.Most {
			fmt.Fprintf(con.out, "%s: %s %s\n", f.Rule, f.Subject, f.Detail)
		}
		return nil
	}
	if err := o.Check(ctx, postgis.Operator, tell); err != nil {
		return err
	}
	if err := o.CheckProjection(ctx, facts.New(nil), tell); err != nil {
		return err
	}
	if faults > 0 {
		fmt.Fprintf(con.out, "%s faults. Import what is named again, or restore a backup.\n", data.Thousands(faults))
		return &errShown{errors.New("the ledger does not add up")}
	}
	fmt.Fprintln(con.out, "Everything adds up.")
	return nil
}
