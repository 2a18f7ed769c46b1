package main

import (
	"context"
	"errors"
	"fmt"

	"tributary/data"
	"tributary/data/postgis"
	"tributary/data/postgis/cluster"
)

type backupCmd struct {
	Dir string `arg:"" help:"Directory to make, for the dump and its manifest." type:"path"`
}

// Run backs the database up while others use it.
func (cmd *backupCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	bin, err := cluster.Programs()
	if err != nil {
		return err
	}
	if _, err := o.SealAudit(ctx); err != nil {
		return err
	}
	m, err := postgis.Backup(ctx, o.url, bin, cmd.Dir)
	if err != nil {
		return err
	}
	if _, err := postgis.ReadBackup(cmd.Dir); err != nil {
		return err
	}
	rows := int64(0)
	for _, t := range m.Tables {
		rows += t.Rows
	}
	_, err = fmt.Fprintf(con.out, "Backed up %s rows of %d tables to %s (%s KB) and read it back.\nIt holds everything, exact places too: keep it as you keep the database.\n",
		data.Thousands(int(rows)), len(m.Tables), cmd.Dir, data.Thousands(int(m.DumpBytes>>10)))
	return err
}

type restoreCmd struct {
	Dir string `arg:"" help:"Directory that 'tributary backup' made." type:"existingdir"`
}

// Run restores a backup into an empty database, holds every table against the
// manifest and brings it up to date.
func (cmd *restoreCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	if _, err := postgis.ReadBackup(cmd.Dir); err != nil {
		return err // before anything is made
	}
	bin, err := cluster.Programs()
	if err != nil {
		return err
	}
	url := c.DatabaseURL
	if url == "" {
		if _, running := cluster.Attach(c.DataDir); running {
			return errors.New("a server is running on this data directory: stop it, or give --data-dir a new one")
		}
		cl, err := cluster.Start(ctx, cluster.Options{Dir: c.DataDir, Log: con.log})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, cl.Stop(context.WithoutCancel(ctx))) }()
		url = cl.URL()
	}
	m, err := postgis.Restore(ctx, url, bin, cmd.Dir)
	if err != nil {
		return err
	}
	if err := postgis.Migrate(ctx, url, con.log); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.out, "Restored %d tables as they were on %s; the digest of each is that of the backup.\n", len(m.Tables), m.MadeAt.Format("2 January 2006 15:04 UTC"))
	return err
}
