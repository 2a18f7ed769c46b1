package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tributary/data/postgis"
	"tributary/data/postgis/cluster"
)

// Database says where the records are kept.
type Database struct {
	DatabaseURL string `help:"Address of a PostgreSQL database with PostGIS, such as postgres://user@host/name. Empty: a private one in the data directory." env:"TRIBUTARY_DATABASE_URL" placeholder:"URL"`
	DataDir     string `help:"Directory of the private database." env:"TRIBUTARY_DATA_DIR" default:"${data_dir}" type:"path"`
}

// defaultDataDir is where the system or the user keeps such things.
func defaultDataDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/tributary"
	}
	if d := os.Getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "tributary")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "tributary-data"
	}
	return filepath.Join(home, ".local", "share", "tributary")
}

// opened is an open store and, if this process runs it, the cluster beneath.
type opened struct {
	*postgis.Store
	url     string
	cluster *cluster.Cluster
	// share: others that have attached may finish before the cluster stops.
	share func()
	// hurry is how long the cluster may take to write everything out when it is
	// stopped; 0: a minute.
	hurry time.Duration
}

// Close closes the store and stops the cluster.
func (o *opened) Close() error {
	o.Store.Close()
	if o.cluster == nil {
		return nil
	}
	o.share()
	ctx, cancel := context.WithTimeout(context.Background(), cmp.Or(o.hurry, time.Minute))
	defer cancel()
	return o.cluster.Stop(ctx)
}

// open connects to the database, migrated and with its reference. A private
// one is started; if attach is set and another tributary runs it, that one is
// used.
func (d Database) open(ctx context.Context, c *console, attach bool) (*opened, error) {
	url := d.DatabaseURL
	o := &opened{}
	if url == "" && attach {
		url, _ = cluster.Attach(d.DataDir)
	}
	if url == "" {
		cl, err := cluster.Start(ctx, cluster.Options{Dir: d.DataDir, Log: c.log})
		if err != nil {
			return nil, err
		}
		o.cluster, url = cl, cl.URL()
		o.share = func() {
			if !attach {
				return // a server that is told to stop does
			}
			if err := cl.AwaitIdle(ctx); err != nil && ctx.Err() == nil {
				c.log.Warn("who else uses the database cannot be told", "error", err)
			}
		}
	}
	fail := func(err error) (*opened, error) {
		if o.cluster != nil {
			err = errors.Join(err, o.cluster.Stop(context.WithoutCancel(ctx)))
		}
		return nil, err
	}
	if err := postgis.Migrate(ctx, url, c.log); err != nil {
		return fail(fmt.Errorf("preparing the database: %w", err))
	}
	s, err := postgis.Open(ctx, url)
	if err != nil {
		return fail(err)
	}
	o.Store, o.url = s, url
	if err := s.LoadReference(ctx, c.log); err != nil {
		s.Close()
		return fail(err)
	}
	if err := s.FinishBulk(ctx, postgis.Operator, c.log); err != nil {
		c.log.Error("a large load that was interrupted cannot be finished: 'tributary check' says what is wrong", "error", err)
	}
	return o, nil
}

type migrateCmd struct{}

// Run brings the database up to date.
func (*migrateCmd) Run(ctx context.Context, c *cli, con *console) (err error) {
	o, err := c.open(ctx, con, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	h, err := o.Health(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "The database is at migration %d (PostgreSQL %s, PostGIS %s).\n", h.Migration, h.PostgreSQL, h.PostGIS)
	return nil
}
