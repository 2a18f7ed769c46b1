package postgis

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data"
)

// sqlReports are the reports' queries by name: report_NAME.sql.
var sqlReports = func() map[string]string {
	out := map[string]string{}
	for _, k := range data.Reports {
		out[k.Name] = query("report_" + strings.ReplaceAll(k.Name, "-", "_"))
	}
	return out
}()

// Report answers one report under a filter, from what anyone may see; km is how
// far it looks, 0 as far as the report does by itself.
func (s *Store) Report(ctx context.Context, kind *data.ReportKind, f data.Filter, km float64) (data.Report, error) {
	out := data.Report{Kind: kind, Query: f.Canonical(), AsAt: data.DateOf(asAt(f)), Rows: [][]any{}}
	args, err := s.reportArgs(ctx, f)
	if err != nil {
		return out, wrap("report "+kind.Name, err)
	}
	if args["km"] = km; km == 0 {
		args["km"] = kind.Within
	}
	rows, err := s.pub.Query(ctx, sqlReports[kind.Name], args)
	if err != nil {
		return out, wrap("report "+kind.Name, err)
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return out, wrap("report "+kind.Name, err)
		}
		for i, v := range values {
			values[i] = plain(v)
		}
		out.Rows = append(out.Rows, values)
	}
	if err := rows.Err(); err != nil {
		return out, wrap("report "+kind.Name, err)
	}
	names, err := s.names(ctx, f)
	out.Say(data.In(f, names))
	return out, wrap("report "+kind.Name, err)
}

// reportArgs are the arguments of reports: the filter and the day.
func (s *Store) reportArgs(ctx context.Context, f data.Filter) (pgx.NamedArgs, error) {
	territories, _, err := s.setsAt(ctx, f)
	return pgx.NamedArgs{
		"regions": some(f.Region), "territories": some(f.Territory), "areas": some(f.Area), "sectors": some(f.Sector),
		"buyers": some(f.Buyer), "suppliers": some(f.Supplier), "measures": some(f.Measure), "types": some(f.Type), "themes": some(f.Theme), "activities": some(f.Activity),
		"priorities": some(f.Priority), "beneficiaries": some(f.Beneficiary),
		"states": some(f.State), "standings": standings(f), "from": day(f.From), "to": day(f.To), "day": asAt(f), "territory_set": territories,
	}, err
}

// standings are those that the filter names, else those that count.
func standings(f data.Filter) []string {
	if len(f.Standing) == 0 {
		return data.DefaultStandings
	}
	return slices.Clone(f.Standing)
}

// plain turns what the driver gives into the types of [data.Column].
func plain(v any) any {
	switch v := v.(type) {
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case []any:
		out := make([]string, len(v))
		for i, x := range v {
			out[i], _ = x.(string)
		}
		return out
	case time.Time:
		if v.Year() > 9000 || v.Year() < 1 {
			return nil
		}
		return v
	}
	return v
}
