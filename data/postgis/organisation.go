package postgis

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tributary/data"
)

var (
	sqlOrganisations = query("organisations")
	sqlOrganisation  = query("organisation")
	sqlParties       = query("parties")
)

// Organisations lists one page of the organisations of a question by name,
// without their figures.
func (s *Store) Organisations(ctx context.Context, q data.OrganisationQuery, v data.View) (data.OrganisationList, error) {
	out := data.OrganisationList{Items: []data.OrganisationRow{}}
	key, id, err := readCursor("name", v.After)
	if err != nil {
		return out, err
	}
	words := strings.ToLower(strings.Join(strings.Fields(q.Words), " "))
	args := pgx.StrictNamedArgs{
		"words": strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(words), "role": q.Role, "given": nil,
		"regions": some(q.Filter.Region), "territories": some(q.Filter.Territory), "sectors": some(q.Filter.Sector), "after_key": key, "after_id": id, "limit": v.Limit + 1,
	}
	if q.Given != nil {
		args["given"] = append(uuids(q.Given), uuid.Nil) // never empty, which would be all
	}
	rows, err := s.pub.Query(ctx, sqlOrganisations, args)
	if err != nil {
		return out, wrap("organisations", err)
	}
	keys := []string{}
	out.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (o data.OrganisationRow, err error) {
		var k string
		err = row.Scan(&k, &o.ID, &o.Name, &o.Sector, &o.Activities, &o.Contracts, &o.Roles, &out.Matched)
		keys = append(keys, k)
		return o, err
	})
	if err == nil && len(out.Items) > v.Limit {
		out.Items = out.Items[:v.Limit]
		out.After = writeCursor("name", keys[v.Limit-1], out.Items[v.Limit-1].ID)
	}
	return out, wrap("organisations", err)
}

// Organisation is one that anyone may see, without its statements;
// data.ErrNotFound if there is none, or it is a sole trader.
func (s *Store) Organisation(ctx context.Context, id string) (data.OrganisationProfile, error) {
	var o data.OrganisationProfile
	if !isID(id) {
		return o, fmt.Errorf("organisation %q: %w", id, data.ErrNotFound)
	}
	err := s.pub.QueryRow(ctx, sqlOrganisation, pgx.StrictNamedArgs{"id": id, "day": asAt(data.Filter{})}).Scan(&o)
	return o, wrap("organisation "+id, err)
}

// Parties are those of some organisations that have a profile: all that are
// named in public but sole traders.
func (s *Store) Parties(ctx context.Context, ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := s.pub.Query(ctx, sqlParties, uuids(ids))
	if err != nil {
		return nil, wrap("organisations", err)
	}
	var id string
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		out[id] = true
		return nil
	})
	return out, wrap("organisations", err)
}
