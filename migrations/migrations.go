// Package migrations holds the numbered, forward-only SQL that makes
// Tributary's database, embedded in the binary. Each file runs in a
// transaction of its own; a file that has been released is never edited.
package migrations

import "embed"

// Files are the migrations, NNN_name.sql.
//
//go:embed *.sql
var Files embed.FS
