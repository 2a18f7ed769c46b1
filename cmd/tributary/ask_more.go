package main

import (
	"context"
	"os"

	"github.com/paulmach/orb"

	"tributary/data"
)

// compare prints two places or two periods side by side.
func (cmd *askCmd) compare(ctx context.Context, con *console, o *opened) error {
	query := cmd.query()
	for name, value := range cmd.With {
		query.Set(data.ComparePrefix+name, value)
	}
	first, second, err := data.SecondSide(query)
	if err != nil {
		return err
	}
	scope := data.Scope{Takes: data.FactParams, Exists: o.Exists}
	var f [2]data.Filter
	for i, side := range []map[string][]string{first, second} {
		if f[i], _, err = data.ParseFilter(side, scope); err != nil {
			return err
		}
	}
	if cmd.By == "" {
		cmd.By = string(data.ByType)
	}
	by, err := data.ParseDimensions(cmd.By, f[0])
	if err != nil {
		return err
	}
	c, err := data.Compare(ctx, o, f[0], f[1], by, cmd.Top)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(con.out, c)
	}
	return cmd.print(con.out, c.Report())
}

// offer is what a supplier would give.
func (cmd *askCmd) offer(f data.Filter) (data.Offer, error) {
	o := data.Offer{Types: f.Type, Measures: f.Measure}
	var err error
	if cmd.Quantity != "" {
		o.Quantity, o.Unit, err = data.ParseAmount(cmd.Quantity)
	}
	return o, err
}

// nearby prints what is near a supplier's sites, for what it offers.
func (cmd *askCmd) nearby(ctx context.Context, con *console, o *opened) error {
	f, _, err := data.ParseFilter(cmd.query(), data.Scope{Takes: data.NearbyParams, Exists: o.Exists})
	if err != nil {
		return err
	}
	sites := cmd.Site
	if cmd.Sites != "" {
		file, err := os.Open(cmd.Sites)
		if err != nil {
			return err
		}
		defer file.Close()
		read, err := data.ReadSites(file)
		if err != nil {
			return err
		}
		sites = append(sites, read...)
	}
	if len(sites) == 0 || len(sites) > data.MaxSites {
		return data.Invalidf("site", "", "there are %d: give 1 to %d, with --site 'NR1 3JU' or --sites FILE", len(sites), data.MaxSites)
	}
	km := cmd.Within
	if km == 0 {
		km = data.DefaultNearKm
	}
	if km < 1 || km > data.MaxNearKm {
		return data.Invalidf("within", "", "give kilometres from 1 to %d", data.MaxNearKm)
	}
	offer, err := cmd.offer(f)
	if err != nil {
		return err
	}
	n, err := o.Nearby(ctx, f, sites, offer, km, max(1, cmd.Limit))
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(con.out, n)
	}
	return cmd.print(con.out, data.MatchReport("nearby", n.Sentence, n.Rows))
}

// relevant prints what there is for a contract, or in some places.
func (cmd *askCmd) relevant(ctx context.Context, con *console, o *opened) error {
	f, _, err := data.ParseFilter(cmd.query(), data.Scope{Takes: data.RelevantParams, Exists: o.Exists})
	if err != nil {
		return err
	}
	offer, err := cmd.offer(f)
	if err != nil {
		return err
	}
	var drawn orb.Ring
	if cmd.Polygon != "" {
		if drawn, err = data.ParsePolygon(cmd.Polygon); err != nil {
			return err
		}
	}
	a, err := o.Relevant(ctx, f, offer, cmd.Contract, drawn)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(con.out, a)
	}
	return cmd.print(con.out, data.MatchReport("relevant", a.Sentence, a.Rows))
}

// reconcile prints whether every way of adding up comes to the ledger.
func (cmd *askCmd) reconcile(ctx context.Context, con *console, o *opened) error {
	f, _, err := data.ParseFilter(cmd.query(), data.Scope{Takes: data.FactParams, Exists: o.Exists})
	if err != nil {
		return err
	}
	a, err := data.Reconcile(ctx, o, f)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(con.out, a)
	}
	return cmd.print(con.out, a.Report())
}
