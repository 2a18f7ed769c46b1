package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience bounds a start: crash recovery may replay gigabytes.
const patience = 3 * time.Minute

// run starts the server and waits until it answers. A start can fail while
// remains of a killed server go away (its shared memory, its lock file), so a
// server that ends at once is started again a few times.
func (c *Cluster) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var err error
	for range 5 {
		if err = c.launch(); err != nil {
			return err
		}
		if err = c.await(ctx); err == nil || ctx.Err() != nil {
			break
		}
		time.Sleep(time.Second)
	}
	if err != nil {
		return fmt.Errorf("PostgreSQL did not start: %w; its log is %s", err, c.logPath())
	}
	return nil
}

func (c *Cluster) logPath() string { return filepath.Join(c.opt.Dir, "postgres.log") }

// launch starts the server process from a thread that lives as long as it
// does: the kernel sends the parent-death signal when the thread ends.
func (c *Cluster) launch() error {
	log, err := os.OpenFile(c.logPath(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	cmd := c.command("postgres", "-D", c.data(), "-k", c.sockets)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
	started, done := make(chan error), make(chan struct{})
	c.cmd, c.done = cmd, done
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer log.Close()
		err := cmd.Start()
		started <- err
		if err != nil {
			close(done)
			return
		}
		c.exit = cmd.Wait()
		close(done)
	}()
	return <-started
}

// await returns when the server answers, or why it never will.
func (c *Cluster) await(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-c.done:
			return fmt.Errorf("it ended (%v): %s", c.exit, c.lastWords())
		case <-ctx.Done():
			return errors.Join(ctx.Err(), c.cmd.Process.Signal(syscall.SIGQUIT))
		case <-tick.C:
		}
		conn, err := pgx.Connect(ctx, c.url("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
	}
}

// lastWords is the end of the server's log.
func (c *Cluster) lastWords() string {
	b, err := os.ReadFile(c.logPath())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " | ")
}
