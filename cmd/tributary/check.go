package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"tributary/data"
	"tributary/data/facts"
	"tributary/data/postgis"
)

type checkCmd struct {
	Most int  `help:"How many faults to print; all are counted." default:"50"`
	JSON bool `help:"Print the faults as JSON: rules, how many faults there are, and the first of them."`
}

// checked is what the check found.
type checked struct {
	Rules  []string        `json:"rules"`
	Count  int             `json:"count"`
	Faults []postgis.Fault `json:"faults"`
}

// Run verifies everything that must hold over the whole database, and that the
// facts loaded into memory say the same, and says what does not.
func (cmd *checkCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	found := checked{Rules: append(postgis.Rules(), postgis.RuleProjection), Faults: []postgis.Fault{}}
	tell := func(f postgis.Fault) error {
		if found.Count++; found.Count <= cmd.Most {
			found.Faults = append(found.Faults, f)
		}
		return nil
	}
	began := con.steps()
	if err := o.CheckRules(ctx, postgis.Operator, began, tell); err != nil {
		return err
	}
	began(postgis.RuleProjection)
	if err := o.CheckProjection(ctx, facts.New(nil), tell); err != nil {
		return err
	}
	if cmd.JSON {
		enc := json.NewEncoder(con.out)
		enc.SetIndent("", " ")
		err = enc.Encode(found)
	} else {
		found.print(con)
	}
	if err == nil && found.Count > 0 {
		err = &errShown{errors.New("the database does not add up")}
	}
	return err
}

func (f checked) print(con *console) {
	for _, fault := range f.Faults {
		fmt.Fprintf(con.out, "%s: %s %s\n", fault.Rule, fault.Subject, fault.Detail)
	}
	if f.Count == 0 {
		fmt.Fprintf(con.out, "Everything adds up: %d rules hold.\n", len(f.Rules))
		return
	}
	fmt.Fprintf(con.out, "%s faults. Import what is named again, or restore a backup.\n", data.Thousands(f.Count))
}

// steps tells a person at a terminal what is being done, and for how long.
func (con *console) steps() func(what string) {
	f, ok := con.err.(*os.File)
	if !ok || !isTerminal(f) {
		return func(string) {}
	}
	started := time.Now()
	return func(what string) {
		fmt.Fprintf(f, "%4ds  %s\n", int(time.Since(started).Seconds()), what)
	}
}
