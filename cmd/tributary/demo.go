package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tributary/data"
	"tributary/data/demo"
	"tributary/data/postgis"
)

type demoCmd struct {
	Activities int    `help:"How many activities to make up." default:"2000"`
	Seed       uint64 `help:"The same seed makes the same records." default:"1"`
	Clear      bool   `help:"Close the made-up activities instead: they leave the map."`
}

// Run loads the made-up activities, or closes them.
func (cmd *demoCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	if cmd.Activities < 0 || cmd.Activities > 10_000_000 {
		return data.Invalidf("activities", fmt.Sprint(cmd.Activities), "give a whole number from 0 to 10000000")
	}
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	records := demo.Activities(cmd.Activities, cmd.Seed)
	if cmd.Clear {
		records = slices.Values[[]data.ActivityRecord](nil)
	}
	run := data.Import{Kind: "activities", Source: demo.Source, File: "tributary demo", Replace: true, Demonstration: true}
	atSea := 0
	res, err := o.ImportActivities(ctx, postgis.Operator, run, records, func(data.Refusal) error {
		atSea++ // the scatter around a coastal town may end in the water
		return nil
	})
	if err != nil {
		return err
	}
	if cmd.Clear {
		fmt.Fprintf(con.out, "%d made-up activities were closed.\n", res.Closed)
		return nil
	}
	fmt.Fprintf(con.out, "%d made-up activities are on the map (%d fell in the sea and were left out). 'tributary demo --clear' takes them away.\n", res.Placed, atSea)
	return nil
}
