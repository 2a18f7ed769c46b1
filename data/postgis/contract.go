package postgis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlContracts = query("contracts")
	sqlContract  = query("contract")
)

// Contracts lists one page of the contracts under a filter, the last to begin
// first.
func (s *Store) Contracts(ctx context.Context, f data.Filter, v data.View) (data.ContractList, error) {
	out := data.ContractList{Items: []data.ContractRow{}}
	skip := int64(0)
	if v.After != "" {
		var err error
		if skip, err = strconv.ParseInt(v.After, 36, 32); err != nil || skip < 0 {
			return out, data.Invalidf("after", v.After, "%q is no place to go on from: take it from next of the page before", v.After)
		}
	}
	args := pgx.StrictNamedArgs{"regions": some(f.Region), "territories": some(f.Territory), "sectors": some(f.Sector), "buyers": some(f.Buyer), "suppliers": some(f.Supplier),
		"from": day(f.From), "to": day(f.To), "day": asAt(f), "skip": skip, "limit": v.Limit}
	rows, err := s.pub.Query(ctx, sqlContracts, args)
	if err != nil {
		return out, wrap("contracts", err)
	}
	out.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (data.ContractRow, error) {
		var c contractScan
		err := row.Scan(append([]any{&out.Matched}, c.fields()...)...)
		return c.row(), err
	})
	if next := int(skip) + len(out.Items); err == nil && next < out.Matched {
		out.After = strconv.FormatInt(int64(next), 36)
	}
	return out, wrap("contracts", err)
}

// Contract is one that anyone may see, without what was given under it;
// data.ErrNotFound if there is none, or it is secret.
func (s *Store) Contract(ctx context.Context, id string) (data.ContractProfile, error) {
	var p data.ContractProfile
	if !isID(id) {
		return p, fmt.Errorf("contract %q: %w", id, data.ErrNotFound)
	}
	var c contractScan
	var signed *time.Time
	err := s.pub.QueryRow(ctx, sqlContract, pgx.StrictNamedArgs{"id": id, "day": asAt(data.Filter{})}).
		Scan(append(c.fields(), &p.OCID, &signed, &p.Quantum, &p.Updates, &p.Orders)...)
	p.ContractRow, p.SignedOn = c.row(), dateOf(signed)
	return p, wrap("contract "+id, err)
}

// contractScan is where the columns of sql/contract_columns.sql go.
type contractScan struct {
	data.ContractRow
	starts, ends, closed, audited *time.Time
}

func (c *contractScan) fields() []any {
	return []any{&c.ID, &c.Title, &c.Kind, &c.Buyer.ID, &c.Buyer.Name, &c.Sector, &c.Supplier.ID, &c.Supplier.Name, &c.Value, &c.starts, &c.ends, &c.closed, &c.Clause, &c.Territories,
		&c.Commitments, &c.Committed, &c.Overdue, &c.audited, &c.AuditResult}
}

func (c *contractScan) row() data.ContractRow {
	c.StartsOn, c.EndsOn, c.ClosedOn, c.AuditedOn = dateOf(c.starts), dateOf(c.ends), dateOf(c.closed), dateOf(c.audited)
	return c.ContractRow
}

// dateOf is a day of the database; zero for null.
func dateOf(t *time.Time) data.Date {
	if t == nil {
		return data.Date{}
	}
	return data.DateOf(*t)
}
