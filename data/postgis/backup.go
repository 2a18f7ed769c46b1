package postgis

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	sqlTableNames  = query("table_names")
	sqlTableDigest = query("table_digest")
)

// The files of a backup.
const (
	backupDump     = "database.dump"
	backupManifest = "manifest.json"
	backupDigest   = "manifest.sha256"
)

// Manifest says what a backup holds, so that a restored database can be held
// against it.
type Manifest struct {
	MadeAt     time.Time              `json:"made_at"`
	Migration  int                    `json:"migration"`
	PostgreSQL string                 `json:"postgresql"`
	PostGIS    string                 `json:"postgis"`
	DumpSHA256 string                 `json:"dump_sha256"`
	DumpBytes  int64                  `json:"dump_bytes"`
	Seal       string                 `json:"seal,omitempty"` // the audit log's last
	Tables     map[string]TableDigest `json:"tables"`
}

// TableDigest is what a table holds, whatever the order of its rows.
type TableDigest struct {
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"`
}

// Backup writes the database at url into the directory dir, which it makes:
// a dump by pg_dump of the folder bin, and a manifest with the digest of the
// dump and of every table, as of the same moment. Others read and write
// meanwhile.
func Backup(ctx context.Context, url, bin, dir string) (m Manifest, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return m, fmt.Errorf("%w: name a directory that is not there yet", err)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return m, fmt.Errorf("connecting to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = pgx.BeginTxFunc(ctx, conn, snapshots, func(tx pgx.Tx) error {
		var snapshot string
		if err := tx.QueryRow(ctx, "SELECT pg_export_snapshot()").Scan(&snapshot); err != nil {
			return err
		}
		m.MadeAt = time.Now().UTC().Truncate(time.Second)
		if err := tx.QueryRow(ctx, sqlHealth).Scan(&m.PostgreSQL, &m.PostGIS, &m.Migration); err != nil {
			return err
		}
		head, err := sealHead(ctx, tx)
		if err != nil {
			return err
		}
		if head.Position > 0 {
			m.Seal = head.String()
		}
		if m.Tables, err = tableDigests(ctx, tx); err != nil {
			return err
		}
		return pgTool(ctx, bin, "pg_dump", "--dbname="+url, "--snapshot="+snapshot, "--format=custom", "--schema=raw", "--schema=pub", "--schema=audit", "--schema=vault", "--schema=public", "--file="+filepath.Join(dir, backupDump))
	})
	if err != nil {
		return m, errors.Join(fmt.Errorf("backup: %w", err), os.RemoveAll(dir))
	}
	if m.DumpSHA256, m.DumpBytes, err = fileDigest(filepath.Join(dir, backupDump)); err != nil {
		return m, err
	}
	return m, writeManifest(dir, m)
}

func writeManifest(dir string, m Manifest) error {
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	for name, content := range map[string][]byte{backupManifest: text, backupDigest: []byte(hex.EncodeToString(sum[:]) + "  " + backupManifest + "\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ReadBackup reads the manifest of a backup and holds every file against its
// digest: a byte that is another is refused.
func ReadBackup(dir string) (m Manifest, err error) {
	text, err := os.ReadFile(filepath.Join(dir, backupManifest))
	if err != nil {
		return m, fmt.Errorf("this is no backup: %w", err)
	}
	want, err := os.ReadFile(filepath.Join(dir, backupDigest))
	if err != nil {
		return m, fmt.Errorf("this is no backup: %w", err)
	}
	sum := sha256.Sum256(text)
	if string(want) != hex.EncodeToString(sum[:])+"  "+backupManifest+"\n" {
		return m, errors.New("the backup is damaged: its manifest is not what its digest says; use another backup")
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("the backup's manifest: %w", err)
	}
	digest, size, err := fileDigest(filepath.Join(dir, backupDump))
	if err != nil {
		return m, err
	}
	if digest != m.DumpSHA256 || size != m.DumpBytes {
		return m, errors.New("the backup is damaged: its dump is not what its manifest says; use another backup")
	}
	return m, nil
}

// Restore puts a backup into the empty database at url, and holds every table
// against the manifest. Migrate brings an older one up to date afterwards.
func Restore(ctx context.Context, url, bin, dir string) (m Manifest, err error) {
	if m, err = ReadBackup(dir); err != nil {
		return m, err
	}
	if m.Migration > wanted() {
		return m, fmt.Errorf("the backup is at migration %d, this binary knows %d: restore it with a newer tributary", m.Migration, wanted())
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return m, fmt.Errorf("connecting to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var empty bool
	if err := conn.QueryRow(ctx, "SELECT NOT EXISTS (SELECT FROM pg_namespace WHERE nspname IN ('raw', 'pub', 'audit', 'vault'))").Scan(&empty); err != nil {
		return m, err
	}
	if !empty {
		return m, errors.New("there are records in this database already: restore into an empty one, such as a new --data-dir")
	}
	// What the dump takes for granted: the roles of the cluster, and PostGIS, whose
	// own objects no dump holds.
	for _, sql := range []string{
		"CREATE EXTENSION IF NOT EXISTS postgis",
		"DO $$ DECLARE r text; BEGIN FOREACH r IN ARRAY ARRAY['tributary_public', 'tributary_app'] LOOP IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', r); END IF; IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN EXECUTE format('GRANT %I TO %I', r, current_user); END IF; END LOOP; END $$",
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return m, fmt.Errorf("preparing the database: %w", err)
		}
	}
	list, err := restorable(ctx, bin, filepath.Join(dir, backupDump))
	if err != nil {
		return m, err
	}
	defer os.Remove(list)
	if err := pgTool(ctx, bin, "pg_restore", "--dbname="+url, "--no-owner", "--exit-on-error", "--single-transaction", "--use-list="+list, filepath.Join(dir, backupDump)); err != nil {
		return m, err
	}
	var got map[string]TableDigest
	err = pgx.BeginTxFunc(ctx, conn, snapshots, func(tx pgx.Tx) (err error) {
		got, err = tableDigests(ctx, tx)
		return err
	})
	if err != nil {
		return m, err
	}
	for _, name := range slices.Sorted(maps.Keys(m.Tables)) {
		if got[name] != m.Tables[name] {
			return m, fmt.Errorf("the table %s has %d rows of digest %s, the backup had %d of %s: do not use what was restored", name, got[name].Rows, got[name].Digest, m.Tables[name].Rows, m.Tables[name].Digest)
		}
	}
	return m, nil
}

// restorable writes the dump's list of contents without the schema public
// itself, which is there, and returns its path.
func restorable(ctx context.Context, bin, dump string) (path string, err error) {
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "pg_restore"), "--list", dump).Output()
	if err != nil {
		return "", fmt.Errorf("pg_restore --list: %w", err)
	}
	var keep []string
	for line := range strings.Lines(string(out)) {
		if !strings.Contains(line, " SCHEMA - public ") && !strings.Contains(line, " COMMENT - SCHEMA public ") {
			keep = append(keep, line)
		}
	}
	f, err := os.CreateTemp("", "tributary-restore-")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(strings.Join(keep, ""))
	return f.Name(), errors.Join(err, f.Close())
}

// pgTool runs a program of PostgreSQL and returns what it says if it fails.
func pgTool(ctx context.Context, bin, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(bin, name), args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(said.String()))
	}
	return nil
}

// tableDigests are the digests of every table.
func tableDigests(ctx context.Context, tx pgx.Tx) (map[string]TableDigest, error) {
	rows, err := tx.Query(ctx, sqlTableNames)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	out := map[string]TableDigest{}
	for _, name := range names {
		schema, table, _ := strings.Cut(name, ".")
		var d TableDigest
		sql := strings.ReplaceAll(sqlTableDigest, "some_table", pgx.Identifier{schema, table}.Sanitize())
		if err := tx.QueryRow(ctx, sql).Scan(&d.Rows, &d.Digest); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = d
	}
	return out, nil
}

func fileDigest(path string) (digest string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}
