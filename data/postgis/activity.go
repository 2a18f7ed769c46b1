package postgis

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"tributary/data"
)

// sqlActivities is the list query by what it is sorted by.
var sqlActivities = map[string]string{
	"name":     query("activities_by_name"),
	"-name":    query("activities_by_name_down"),
	"updated":  query("activities_by_updated"),
	"-updated": query("activities_by_updated_down"),
}

// ActivitySorts are the orders that activities can be listed in.
var ActivitySorts = []string{"name", "-name", "updated", "-updated"}

// Activities lists one page of the activities under a filter. An unknown sort
// or a cursor that this list did not give is an *data.Invalid.
func (s *Store) Activities(ctx context.Context, f data.Filter, v data.View) (data.ActivityList, error) {
	n, err := s.counts(ctx, f)
	if err != nil {
		return data.ActivityList{}, wrap("activities", err)
	}
	total := n.of("uk", "uk")
	out := data.ActivityList{Items: []data.Activity{}, Matched: total.Activities, Withheld: total.Withheld}
	sort := v.Sort
	if sort == "" {
		sort = "name"
	}
	sql, ok := sqlActivities[sort]
	if !ok {
		return out, data.Invalidf("sort", sort, "%q is not an order of activities: use %s", sort, strings.Join(ActivitySorts, ", "))
	}
	key, id, err := readCursor(sort, v.After)
	if err != nil {
		return out, err
	}
	// One row more tells whether there is another page.
	args, err := filterArgs(f, pgx.StrictNamedArgs{"after_key": key, "after_id": id, "limit": v.Limit + 1})
	if err != nil {
		return out, err
	}
	rows, err := s.pub.Query(ctx, sql, args)
	if err != nil {
		return out, wrap("activities", err)
	}
	keys := []string{}
	out.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (a data.Activity, err error) {
		var k string
		err = row.Scan(append([]any{&k}, activityFields(&a)...)...)
		keys = append(keys, k)
		return a, err
	})
	if err != nil {
		return out, wrap("activities", err)
	}
	if len(out.Items) > v.Limit {
		out.Items = out.Items[:v.Limit]
		last := len(out.Items) - 1
		out.After = writeCursor(sort, keys[last], out.Items[last].ID)
	}
	return out, nil
}

// activityFields are where the columns of sql/activity_columns.sql go.
func activityFields(a *data.Activity) []any {
	return []any{&a.ID, &a.Name, &a.Summary, &a.URL, &a.Provider.ID, &a.Provider.Name, &a.Themes, &a.Measures, &a.Status, &a.Source, &a.Updated, &a.Places}
}

// EachActivity calls yield with every activity under a filter, by name, as
// they come: for exports, which have no pages.
func (s *Store) EachActivity(ctx context.Context, f data.Filter, yield func(data.Activity) error) error {
	args, err := filterArgs(f, pgx.StrictNamedArgs{"after_key": nil, "after_id": nil, "limit": nil})
	if err != nil {
		return err
	}
	rows, err := s.pub.Query(ctx, sqlActivities["name"], args)
	if err != nil {
		return wrap("activities", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a data.Activity
		var key string
		if err := rows.Scan(append([]any{&key}, activityFields(&a)...)...); err != nil {
			return wrap("activities", err)
		}
		if err := yield(a); err != nil {
			return err
		}
	}
	return wrap("activities", rows.Err())
}

// A cursor is the order, the id and the sort key of the last row of a page.
func writeCursor(sort, key, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(sort + " " + id + " " + key))
}

// updatedForm is how sql/activities_by_updated.sql spells its key.
const updatedForm = "2006-01-02T15:04:05.000000"

func readCursor(sort, s string) (key, id *string, err error) {
	if s == "" {
		return nil, nil, nil
	}
	bad := data.Invalidf("after", s, "this is not a place to go on from in this order: take it from the address in \"next\" of the page before")
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	parts := strings.SplitN(string(b), " ", 3)
	if err != nil || len(parts) != 3 || parts[0] != sort || !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 || !isID(parts[1]) {
		return nil, nil, bad
	}
	if strings.TrimPrefix(sort, "-") == "updated" {
		if _, err := time.Parse(updatedForm, parts[2]); err != nil {
			return nil, nil, bad
		}
	}
	return &parts[2], &parts[1], nil
}

// isID reports whether s is a record's id in its canonical spelling.
func isID(s string) bool {
	u, err := uuid.Parse(s)
	return err == nil && u.String() == s
}
