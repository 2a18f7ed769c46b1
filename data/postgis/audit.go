package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"
)

var sqlAudit = query("audit")

// audit notes an action in the transaction that does it.
func audit(ctx context.Context, tx pgx.Tx, who Actor, action, subject string, detail any) error {
	_, err := tx.Exec(ctx, sqlAudit, who.Name, action, subject, detail)
	return err
}
