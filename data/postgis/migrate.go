package postgis

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/tern/v2/migrate"

	"tributary/migrations"
)

// lockMigrate is the advisory lock that lets one process migrate at a time.
const lockMigrate = 0x7452_6962_7574_6172 // "tRibutar"

// Migrate brings the database at url up to the migrations that this binary
// carries. Several processes may call it at once: one works, the others wait.
// It refuses a database that is newer than the binary.
func Migrate(ctx context.Context, url string, log *slog.Logger) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connecting to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(lockMigrate)); err != nil {
		return err
	}
	if err := mayMigrate(ctx, conn); err != nil {
		return err
	}
	m, err := migrate.NewMigrator(ctx, conn, "public.tributary_schema_version")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if err := m.LoadMigrations(migrations.Files); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	have, err := m.GetCurrentVersion(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if int(have) > len(m.Migrations) {
		return fmt.Errorf("the database is at migration %d, this binary knows %d: run a newer tributary", have, len(m.Migrations))
	}
	m.OnStart = func(n int32, name, direction, _ string) {
		log.Info("migrating the database", "migration", n, "name", name)
	}
	if err := m.Migrate(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

var sqlMayMigrate = query("may_migrate")

// mayMigrate says what a new database lacks that only its administrator can
// give, in the words that give it.
func mayMigrate(ctx context.Context, conn *pgx.Conn) error {
	var user, database string
	var create, postgis, roles, there, available bool
	err := conn.QueryRow(ctx, sqlMayMigrate).Scan(&user, &database, &create, &postgis, &roles, &there, &available)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // it has been migrated before
	}
	if err != nil {
		return err
	}
	if !available {
		return errors.New("the database's server has no PostGIS: install it there (postgresql-15-postgis-3 or the like), or leave TRIBUTARY_DATABASE_URL out for a private database")
	}
	var wants []string
	if !create {
		wants = append(wants, "ALTER DATABASE "+pgx.Identifier{database}.Sanitize()+" OWNER TO "+pgx.Identifier{user}.Sanitize())
	}
	if !postgis {
		wants = append(wants, "CREATE EXTENSION postgis")
	}
	switch {
	case !roles && there: // another database made them
		wants = append(wants, "GRANT tributary_public, tributary_app TO "+pgx.Identifier{user}.Sanitize())
	case !roles:
		wants = append(wants, "ALTER ROLE "+pgx.Identifier{user}.Sanitize()+" CREATEROLE")
	}
	if len(wants) == 0 {
		return nil
	}
	return fmt.Errorf("%s may not prepare this database: let a superuser run there once: %s; then start again", user, strings.Join(wants, "; "))
}

// wanted is the newest migration that this binary carries.
func wanted() int {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return 0 // the pattern is well formed
	}
	return len(names)
}
