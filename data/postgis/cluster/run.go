package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience bounds a start: crash recovery may replay gigabytes.
const patience = 3 * time.Minute

// run starts the server and waits until it answers. A start can fail while
// remains of a killed server go away (its shared memory, its lock file), so a
// server that ends at once is started again a few times. Processes of the killed
// one that do not notice that it is gone, because they compute or hang, are
// ended: nothing that they do could be kept.
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
		c.endRemains()
		time.Sleep(time.Second)
	}
	if err != nil {
		return fmt.Errorf("PostgreSQL did not start: %w; its log is %s", err, c.logPath())
	}
	return nil
}

// atOnce is how long a server may take to end when it is told to do so at once.
const atOnce = 5 * time.Second

// end ends the server with a process id and returns when that is gone: until ctx
// is done it may write everything out, then it is told to end at once, and if it
// does not listen it is killed with all its processes.
func (c *Cluster) end(ctx context.Context, pid int, gone <-chan struct{}) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if syscall.Kill(pid, sig) != nil {
			break // it is gone
		}
		select {
		case <-gone:
			return
		case <-ctx.Done():
		}
		c.opt.Log.Warn("PostgreSQL does not end in time; it is ended the hard way, and recovers when it is started again", "process", pid, "told", sig)
		late, cancel := context.WithTimeout(context.Background(), atOnce)
		defer cancel()
		ctx = late
	}
	_ = syscall.Kill(pid, syscall.SIGKILL) // it may be gone
	select {
	case <-gone:
	case <-time.After(atOnce): // what the kernel does not end, nobody can
	}
	c.endRemains()
}

// endRemains ends processes on this directory whose server is gone, and returns
// when they have ended or that takes too long. The lock is ours and our server has
// ended, so they are nobody's.
func (c *Cluster) endRemains() {
	all, _ := filepath.Glob("/proc/[0-9]*") // the pattern is well formed
	var told []int
	for _, path := range all {
		pid, err := strconv.Atoi(filepath.Base(path))
		if err != nil || !c.isOurs(pid) {
			continue
		}
		c.opt.Log.Warn("ending a process of a PostgreSQL that was killed", "process", pid)
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			c.opt.Log.Warn("it could not be ended", "process", pid, "error", err)
		}
		told = append(told, pid)
	}
	for late := time.Now().Add(atOnce); slices.ContainsFunc(told, c.isOurs) && time.Now().Before(late); {
		time.Sleep(10 * time.Millisecond)
	}
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
	cmd.Env = append(cmd.Env, c.opt.Env...)
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
