package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"tributary/data"
)

type classCmd struct {
	Lower classLowerCmd `cmd:"" help:"Ask that an activity, a contract or a contribution of class S2 or S3 may be given a lower one, with the reason."`
	Agree classAgreeCmd `cmd:"" help:"Agree to what somebody else asked."`
	List  classListCmd  `cmd:"" help:"List what was asked and agreed."`
}

// Help says who may do what.
func (classCmd) Help() string {
	return `Anybody who may write a record may raise its class. Lowering a restricted or a
secret one needs two people, told apart by the names that this machine knows
them by:

  tributary class lower council//77 --to S1 --reason 'the service has moved to the library'
  tributary class agree council//77        # somebody else

Then give the record again with its lower class: where a secret one was is not
kept. Words and measures still raise it. A contribution (--kind contribution) may
also be given as low as two people have agreed for its activity.`
}

type classLowerCmd struct {
	Record string `arg:"" help:"The record, as SOURCE//ID."`
	Kind   string `help:"What it is: activity, contract or contribution." default:"activity" enum:"activity,contract,contribution"`
	To     string `help:"The class that it may be given: S0, S1 or S2." required:"" placeholder:"CLASS"`
	Reason string `help:"Why." required:""`
}

// Run asks.
func (cmd *classLowerCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	to, err := data.ParseSensitivity(cmd.To)
	if err != nil {
		return data.Invalidf("to", cmd.To, "%v", err)
	}
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	if err := o.AskToLower(ctx, operator(), cmd.Kind, cmd.Record, to, cmd.Reason); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.out, "Asked. Somebody else agrees with: tributary class agree %s --kind %s\n", cmd.Record, cmd.Kind)
	return err
}

type classAgreeCmd struct {
	Record string `arg:"" help:"The record, as SOURCE//ID."`
	Kind   string `help:"What it is: activity, contract or contribution." default:"activity" enum:"activity,contract,contribution"`
}

// Run agrees.
func (cmd *classAgreeCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	if err := o.AgreeToLower(ctx, operator(), cmd.Kind, cmd.Record); err != nil {
		return err
	}
	_, err = fmt.Fprintln(con.out, "Agreed. Give the "+cmd.Kind+" again with its lower class.")
	return err
}

type classListCmd struct{}

// Run lists.
func (*classListCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	list, err := o.Lowerings(ctx, operator())
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(con.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "KIND\tRECORD\tCLASS\tTO\tASKED BY\tON\tAGREED BY\tREASON")
	for _, l := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Kind, l.Record, l.From, l.To, l.AskedBy, day(&l.AskedAt, ""), l.AgreedBy, l.Reason)
	}
	return w.Flush()
}
