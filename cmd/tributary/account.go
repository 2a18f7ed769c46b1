package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"tributary/data"
)

type accountCmd struct {
	List  accountListCmd  `cmd:"" help:"List who has signed in and what they may do; those without access first."`
	Grant accountGrantCmd `cmd:"" help:"Give somebody access, in place of what they had."`
	End   accountEndCmd   `cmd:"" help:"Take somebody's access away and end their sessions."`
}

// Help teaches by an example.
func (accountCmd) Help() string { return accountHelp }

// Help teaches by the same.
func (accountGrantCmd) Help() string { return accountHelp }

const accountHelp = `People sign in with an OpenID Connect issuer (tributary serve --help). Whoever
signs in first has no access and is shown a code, such as pk3d9x2ab1: it is all
that is kept of them. Give the code access:

  tributary account grant pk3d9x2ab1 --role office --territory norfolk --label 'Norfolk office'
  tributary account grant pk3d9x2ab1 --role provider --organisation GB-CHC-1090095

Offices can give access within their territories on their own pages.`

type accountListCmd struct{}

// Run lists the accounts.
func (*accountListCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	accounts, err := o.Accounts(ctx, operator(), nil)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(con.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "CODE\tROLE\tFOR\tSOURCE\tLAST HERE\tLABEL")
	for _, a := range accounts {
		role, whom, source := "no access", "", ""
		if a.Access != nil {
			role, source = string(a.Access.Role), a.Access.Source
			if whom = strings.TrimSpace(forWhom(a.Access)); whom == "" {
				whom = "everyone, everywhere"
			}
		}
		seen := a.SeenOn.String()
		if a.SeenOn.IsZero() {
			seen = "never"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", a.ID, role, whom, source, seen, a.Label)
	}
	return w.Flush()
}

type accountGrantCmd struct {
	Code         string   `arg:"" help:"The code that the person was shown."`
	Role         string   `help:"What they may do: ${key_roles}." required:"" enum:"${key_roles_enum}" placeholder:"ROLE"`
	Territory    []string `help:"Territory that it is for, such as norfolk. Repeat it. An office and a hub need one." placeholder:"ID"`
	Organisation string   `help:"Organisation that they act for: an org-id such as GB-COH-09506232, or SOURCE//ID. A supplier, a provider and a buyer need one." placeholder:"ID"`
	Source       string   `help:"Source of all that they write. Default: the organisation's id, else their code." placeholder:"NAME"`
	Label        string   `help:"Whose it is, in your own words; shown to them and to offices."`
}

// Run gives access.
func (cmd *accountGrantCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	access := data.Key{Role: data.AccessRole(cmd.Role), Territories: cmd.Territory, Organisation: cmd.Organisation, Source: cmd.Source}
	err = o.Grant(ctx, operator(), nil, cmd.Code, cmd.Label, access)
	if errors.Is(err, data.ErrNotFound) {
		return noAccount(cmd.Code)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.out, "%s now has the role %s%s.\n", cmd.Code, access.Role, forWhom(&access))
	return err
}

func noAccount(code string) error {
	return data.Invalidf("code", code, "nobody has been shown the code %q: 'tributary account list' shows them", code)
}

type accountEndCmd struct {
	Code string `arg:"" help:"The person's code, as 'tributary account list' shows it."`
}

// Run takes access away.
func (cmd *accountEndCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	err = o.EndAccess(ctx, operator(), cmd.Code, nil)
	if errors.Is(err, data.ErrNotFound) {
		return data.Invalidf("code", cmd.Code, "nobody with the code %q has access: 'tributary account list' shows who has", cmd.Code)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.out, "%s has no access any longer, and is signed out.\n", cmd.Code)
	return err
}
