package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"
)

var sqlCheck = query("check")

// Fault is a place where something that must hold does not.
type Fault struct {
	Rule    string `json:"rule"`
	Subject string `json:"subject"` // SOURCE//ID, or an id of the database
	Detail  string `json:"detail,omitempty"`
}

// Check verifies every rule over the whole database and yields what breaks
// one, by rule.
func (s *Store) Check(ctx context.Context, who Actor, yield func(Fault) error) error {
	return wrap("check", s.write(ctx, who, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlCheck)
		if err != nil {
			return err
		}
		var f Fault
		var detail *string
		_, err = pgx.ForEachRow(rows, []any{&f.Rule, &f.Subject, &detail}, func() error {
			f.Detail = text(detail)
			return yield(f)
		})
		return err
	}))
}
