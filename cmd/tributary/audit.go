package main

import (
	"context"
	"errors"
	"fmt"

	"tributary/data"
	"tributary/data/postgis"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Follow the chain of hashes over the audit log and say what was changed, removed or put in another order."`
}

type auditVerifyCmd struct {
	Kept []string `help:"A seal that an earlier verify printed and that was kept elsewhere, as POSITION:HASH. It shows that the end of the log was not cut off." placeholder:"SEAL"`
}

// Run verifies the audit log and prints its last seal, to be kept elsewhere.
func (cmd *auditVerifyCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	var kept []postgis.Seal
	for _, text := range cmd.Kept {
		s, err := postgis.ParseSeal(text)
		if err != nil {
			return data.Invalidf("kept", text, "%v", err)
		}
		kept = append(kept, s)
	}
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	if _, err := o.SealAudit(ctx); err != nil {
		return err
	}
	faults := 0
	head, err := o.VerifyAudit(ctx, kept, func(f postgis.Fault) error {
		faults++
		_, err := fmt.Fprintf(con.out, "%s: %s\n", f.Subject, f.Detail)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "%s rows are sealed. Keep the last seal elsewhere: %s\n", data.Thousands(int(head.Position)), head)
	if faults > 0 {
		return &errShown{errors.New("the audit log is not as it was sealed")}
	}
	return nil
}
