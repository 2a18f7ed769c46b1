// Command tributary maps social value in the United Kingdom: it serves the
// map, its tiles and its API, imports people's files, and keeps the database
// it needs. 'tributary --help' lists what it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	_ "time/tzdata" // days are Europe/London, on any machine
)

// cli is the whole command line. Every flag has an environment variable of the
// same name with TRIBUTARY_ before it.
type cli struct {
	Database

	Verbose bool `help:"Log every request and step." short:"v" env:"TRIBUTARY_VERBOSE"`

	Serve   serveCmd   `cmd:"" help:"Serve the map, the tiles and the API. Starts a private PostgreSQL unless given one."`
	Import  importCmd  `cmd:"" help:"Import activities, boundaries, postcodes or any record of the ledger from a file."`
	Ask     askCmd     `cmd:"" help:"Ask a question and print the answer as a table, JSON or CSV: tributary ask delivery --territory norfolk."`
	Demo    demoCmd    `cmd:"" help:"Load a made-up United Kingdom, plainly marked, to try the map with; --remove takes it away."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to date and load the reference, then stop."`
	Key     keyCmd     `cmd:"" help:"Make, list and revoke the keys by which machines write through the API."`
	Account accountCmd `cmd:"" help:"List who has signed in, and give or take away their access."`
	Check   checkCmd   `cmd:"" help:"Verify that the whole database adds up, and say where it does not."`
	Class   classCmd   `cmd:"" help:"Lower the class of a restricted or secret record: one person asks, another agrees."`
	Backup  backupCmd  `cmd:"" help:"Back the whole database up, with a manifest of digests, while it is in use."`
	Restore restoreCmd `cmd:"" help:"Restore a backup into an empty database and verify every table."`
	Audit   auditCmd   `cmd:"" help:"Verify that nobody has changed what the audit log says."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	var shown *errShown
	switch {
	case err == nil:
	case errors.As(err, &shown):
		os.Exit(1)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "tributary: stopped")
		os.Exit(130)
	default:
		fmt.Fprintln(os.Stderr, "tributary:", err)
		os.Exit(1)
	}
}

// errShown is a failure that the user has read of already.
type errShown struct{ error }

// console is where a command writes.
type console struct {
	out, err io.Writer
	log      *slog.Logger
}

// run is the program without the process: it parses args, does what they say
// and returns when that is done or ctx is.
func run(ctx context.Context, args []string, out, errs io.Writer) error {
	var c cli
	exited := false
	parser, err := kong.New(&c,
		kong.Name("tributary"),
		kong.Description("Where is social value flowing in the United Kingdom, and where is it not?\n\nStart with 'tributary serve', then 'tributary demo' or 'tributary import activities FILE'."),
		kong.Writers(out, errs),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(int) { exited = true }),
		kong.Vars{"data_dir": defaultDataDir(), "fields": activityFieldList(), "kinds": kindList(), "key_roles": keyRoles(", "), "key_roles_enum": keyRoles(","), "questions": questionList()},
	)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if exited {
		return nil // --help has been printed
	}
	if err != nil {
		return fmt.Errorf("%w; 'tributary --help' explains", err)
	}
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: level}))
	slog.SetDefault(log)
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(&c, &console{out: out, err: errs, log: log})
}
