package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"tributary/data"
	"tributary/data/postgis"
)

type keyCmd struct {
	Create keyCreateCmd `cmd:"" help:"Make a key and print it, once."`
	List   keyListCmd   `cmd:"" help:"List the keys: whose they are and when they were used, never the secrets."`
	Revoke keyRevokeCmd `cmd:"" help:"End a key at once."`
}

// Help teaches by an example.
func (keyCmd) Help() string { return keyHelp }

// Help teaches by the same.
func (keyCreateCmd) Help() string { return keyHelp }

const keyHelp = `A key lets a machine write through the API, within its role and territories:

  tributary key create --role office --territory norfolk --label 'finance system'
  tributary key create --role supplier --organisation GB-COH-09506232 --expires 90d

  curl https://map.example.org/api/v1/contributions \
    -H "Authorization: Bearer $TRIBUTARY_KEY" -H "Idempotency-Key: $(uuidgen)" \
    -H 'Content-Type: application/json' \
    -d '{"id": "c1", "supplier": "GB-COH-09506232", "supplier_name": "Example Builders",
         "type": "donation_money", "value": 123450, "delivered_from": "2025-06-01", "territory": "norfolk"}'

Money is whole pence in JSON: 123450 is £1,234.50. The same request again, with
the same Idempotency-Key, writes nothing twice. A key is shown once and kept
nowhere: only its hash is. Give two keys the same --source to let one take over
from the other before it expires.`

type keyCreateCmd struct {
	Role         string   `help:"What the key may do: ${key_roles}." required:"" enum:"${key_roles_enum}" placeholder:"ROLE"`
	Territory    []string `help:"Territory that it may write for, such as norfolk. Repeat it. An office and a hub need one." placeholder:"ID"`
	Organisation string   `help:"Organisation that it acts for: an org-id such as GB-COH-09506232, or SOURCE//ID. A supplier, a provider and a buyer need one." placeholder:"ID"`
	Source       string   `help:"Source of all that it writes. Default: the organisation's id, else the key's." placeholder:"NAME"`
	Label        string   `help:"What it is for, in your own words."`
	Expires      string   `help:"How long it lasts: days such as 30d, 90d at most." default:"30d" placeholder:"DAYS"`
}

// keyRoles lists the roles of keys for --help.
func keyRoles(separator string) string {
	names := make([]string, len(data.KeyRoles))
	for i, r := range data.KeyRoles {
		names[i] = string(r)
	}
	return strings.Join(names, separator)
}

// Run makes a key and prints it.
func (cmd *keyCreateCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	life, err := days(cmd.Expires)
	if err != nil {
		return err
	}
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	k := &data.Key{Role: data.AccessRole(cmd.Role), Territories: cmd.Territory, Organisation: cmd.Organisation, Source: cmd.Source, Label: cmd.Label}
	secret, err := o.CreateKey(ctx, operator(), k, life)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.err, "The key %s, for the role %s%s, writes under the source %q until %s.\nIt is shown once: keep it where only the program that uses it can read it.\n",
		k.ID, k.Role, forWhom(k), k.Source, k.ExpiresAt.Format("2 January 2006"))
	_, err = fmt.Fprintln(con.out, secret)
	return err
}

// forWhom says for which organisation and territories a key is.
func forWhom(k *data.Key) string {
	var out string
	if k.Organisation != "" {
		out += " of " + data.ShortRef("", k.Organisation)
	}
	if len(k.Territories) > 0 {
		out += " in " + strings.Join(k.Territories, ", ")
	}
	return out
}

// days reads a number of days such as "30d".
func days(s string) (time.Duration, error) {
	n, err := strconv.Atoi(strings.TrimSuffix(s, "d"))
	if err != nil || n < 1 || time.Duration(n)*24*time.Hour > data.LongestKey {
		return 0, data.Invalidf("expires", s, "%q is not how long a key may last: give days from 1d to %dd", s, int(data.LongestKey.Hours()/24))
	}
	return time.Duration(n) * 24 * time.Hour, nil
}

// operator is who acts at this machine, by the name that it knows them by.
func operator() postgis.Actor {
	who := postgis.Operator
	if u, err := user.Current(); err == nil {
		who.Name += ":" + u.Username
	}
	return who
}

type keyListCmd struct{}

// Run lists the keys.
func (*keyListCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	keys, err := o.Keys(ctx, operator())
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(con.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tROLE\tFOR\tSOURCE\tSTATE\tLAST USED\tLABEL")
	for _, k := range keys {
		whom := strings.TrimSpace(forWhom(&k))
		if whom == "" {
			whom = "everyone, everywhere"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Role, whom, k.Source, keyState(&k, time.Now()), day(k.LastUsedAt, "never"), k.Label)
	}
	return w.Flush()
}

func keyState(k *data.Key, now time.Time) string {
	switch {
	case k.RevokedAt != nil:
		return "revoked " + day(k.RevokedAt, "")
	case !k.ExpiresAt.After(now):
		return "expired " + day(&k.ExpiresAt, "")
	}
	return "until " + day(&k.ExpiresAt, "")
}

func day(t *time.Time, never string) string {
	if t == nil {
		return never
	}
	return t.UTC().Format(time.DateOnly)
}

type keyRevokeCmd struct {
	ID string `arg:"" help:"Id of the key, as 'tributary key list' shows it."`
}

// Run ends a key.
func (cmd *keyRevokeCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	err = o.RevokeKey(ctx, operator(), cmd.ID)
	if errors.Is(err, data.ErrNotFound) {
		return data.Invalidf("id", cmd.ID, "there is no key %q: 'tributary key list' shows them", cmd.ID)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.out, "The key %s is revoked.\n", cmd.ID)
	return err
}
