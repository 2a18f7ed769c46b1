// Package cluster runs a private PostgreSQL with PostGIS from the machine's
// own binaries: made in a data directory on first use, reached over a Unix
// socket only, started and stopped with the process that asked for it.
//
// PostgreSQL refuses to run as root, so root runs it as the postgres user.
// Start reading at Start.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options say where a cluster lives and how careful it must be.
type Options struct {
	// Dir holds everything: it is made if absent, and belongs to one process
	// at a time.
	Dir string
	// Ephemeral trades durability for speed: no fsync. For tests alone.
	Ephemeral bool
	// Env is what the server's environment has besides. For tests alone.
	Env []string
	// Log receives a line for each step that takes a person's time.
	Log *slog.Logger
}

// Cluster is a running PostgreSQL.
type Cluster struct {
	opt     Options
	bin     binaries
	as      *syscall.Credential // nil: the same user
	lock    *os.File
	sockets string
	cmd     *exec.Cmd
	done    chan struct{} // closed when the server process has ended
	exit    error         // why, once done is closed
}

// database and owner are the cluster's one database and its superuser, who can
// only come through the socket.
const (
	database = "tributary"
	owner    = "tributary"
)

// Start makes the cluster on first use and starts it. It returns when the
// server answers. Stop it with Stop; if this process dies without, the server
// is told to stop by the kernel.
//
// It fails with a clear message when another process uses the directory, when
// the machine has no PostgreSQL with PostGIS, or when the directory was made
// by a PostgreSQL version that the machine does not have.
func Start(ctx context.Context, opt Options) (*Cluster, error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(opt.Dir)
	if err != nil {
		return nil, err
	}
	opt.Dir = dir
	c := &Cluster{opt: opt, done: make(chan struct{})}
	if err := c.prepare(); err != nil {
		c.release()
		return nil, err
	}
	if err := c.run(ctx); err != nil {
		c.release()
		return nil, err
	}
	if err := c.createDatabase(ctx); err != nil {
		return nil, errors.Join(err, c.Stop(context.WithoutCancel(ctx)))
	}
	if err := os.WriteFile(filepath.Join(c.opt.Dir, addressFile), []byte(c.URL()), 0o600); err != nil {
		return nil, errors.Join(err, c.Stop(context.WithoutCancel(ctx)))
	}
	return c, nil
}

// URL is the address of the cluster's database for its owner.
func (c *Cluster) URL() string { return c.url(database) }

// Done is closed when the server process has ended, asked or not.
func (c *Cluster) Done() <-chan struct{} { return c.done }

// Version is the major version of PostgreSQL.
func (c *Cluster) Version() int { return c.bin.major }

// Bin is the folder of the programs that belong to this server, such as psql
// and pg_dump.
func (c *Cluster) Bin() string { return c.bin.dir }

// Stop ends the server: connections are cut, what is committed is kept. It has
// until ctx is done, a minute at most, to write everything out; then it is ended
// at once, and the next start makes the files good from the log.
func (c *Cluster) Stop(ctx context.Context) error {
	defer c.release()
	if c.cmd == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	c.end(ctx, c.cmd.Process.Pid, c.done)
	return nil
}

// AwaitIdle returns when nobody is connected any more, or ctx is done: other
// processes may have attached.
func (c *Cluster) AwaitIdle(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for said := false; ; said = true {
		var others int
		err := conn.QueryRow(ctx, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()").Scan(&others)
		if err != nil || others == 0 {
			return err
		}
		if !said {
			c.opt.Log.Info("another tributary is using the database that this one started; waiting for its end")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.done:
			return nil
		case <-tick.C:
		}
	}
}

func (c *Cluster) url(db string) string {
	return fmt.Sprintf("postgres:///%s?host=%s&user=%s&port=5432", db, c.sockets, owner)
}

func (c *Cluster) data() string { return filepath.Join(c.opt.Dir, "postgres") }

// prepare claims the directory and makes the cluster's files if it has none.
func (c *Cluster) prepare() error {
	if err := os.MkdirAll(c.opt.Dir, 0o755); err != nil {
		return fmt.Errorf("data directory: %w; name another with --data-dir or TRIBUTARY_DATA_DIR", err)
	}
	if err := c.claim(); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		as, err := unprivileged()
		if err != nil {
			return err
		}
		c.as = as
	}
	want := 0
	if b, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION")); err == nil {
		want, _ = strconv.Atoi(strings.TrimSpace(string(b)))
	}
	bin, err := find(want)
	if err != nil {
		return err
	}
	c.bin = bin
	// A socket's whole path must fit in 107 bytes, so it never lies in the
	// data directory.
	if c.sockets, err = os.MkdirTemp("/tmp", "tributary-"); err != nil {
		return err
	}
	if c.as != nil {
		if err := os.Chown(c.sockets, int(c.as.Uid), int(c.as.Gid)); err != nil {
			return err
		}
	}
	if want != 0 {
		return c.stopOrphan()
	}
	return c.initialise()
}

// claim takes the directory's lock, which the kernel drops with the process.
func (c *Cluster) claim() error {
	path := filepath.Join(c.opt.Dir, "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("data directory %s: %w; name another with --data-dir or TRIBUTARY_DATA_DIR", c.opt.Dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(path)
		f.Close()
		return fmt.Errorf("another tributary (process %s) already uses the data directory %s: stop it, or give this one a directory of its own with --data-dir or TRIBUTARY_DATA_DIR",
			strings.TrimSpace(string(holder)), c.opt.Dir)
	}
	c.lock = f
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	return err
}

func (c *Cluster) release() {
	if c.sockets != "" {
		os.RemoveAll(c.sockets)
	}
	if c.lock != nil {
		os.Remove(filepath.Join(c.opt.Dir, addressFile))
		c.lock.Close()
		c.lock = nil
	}
}

// unprivileged is the user that root runs PostgreSQL as.
func unprivileged() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, errors.New("PostgreSQL refuses to run as root and this machine has no postgres user: run 'make setup', or run tributary as an ordinary user")
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// initialise makes the cluster's files under a temporary name and moves them
// into place, so that a killed start leaves nothing half made.
func (c *Cluster) initialise() error {
	c.opt.Log.Info("making a private PostgreSQL cluster, once", "directory", c.data(), "version", c.bin.major)
	making := c.data() + ".making"
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	if err := os.Mkdir(making, 0o700); err != nil {
		return err
	}
	if c.as != nil {
		if err := os.Chown(making, int(c.as.Uid), int(c.as.Gid)); err != nil {
			return err
		}
	}
	args := []string{"-D", making, "-U", owner, "-E", "UTF8", "--locale=C.UTF-8", "-k",
		"--auth-local=trust", "--auth-host=reject"}
	if c.opt.Ephemeral {
		args = append(args, "--no-sync")
	}
	cmd := c.command("initdb", args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		if c.as != nil && strings.Contains(string(out), "ermission denied") {
			return fmt.Errorf("the postgres user cannot reach %s: choose a data directory outside private folders with --data-dir or TRIBUTARY_DATA_DIR", c.opt.Dir)
		}
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	conf := filepath.Join(making, "postgresql.auto.conf")
	if err := os.WriteFile(conf, []byte(settings(c.opt.Ephemeral)), 0o600); err != nil {
		return err
	}
	return os.Rename(making, c.data())
}

// settings suit a map service on a small machine; statements are kept out of
// the log, as their values may be positions.
func settings(ephemeral bool) string {
	s := `listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = '512MB'
effective_cache_size = '4GB'
work_mem = '32MB'
maintenance_work_mem = '256MB'
max_wal_size = '4GB'
checkpoint_timeout = '15min'
random_page_cost = 1.1
jit = off
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
tcp_user_timeout = 10000
`
	if ephemeral {
		s += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = '128MB'\n"
	}
	return s
}

// stopOrphan ends a server that a killed tributary left on this directory.
// The lock is ours, so nobody else's server can be there.
func (c *Cluster) stopOrphan() error {
	pidfile := filepath.Join(c.data(), "postmaster.pid")
	b, err := os.ReadFile(pidfile)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || !c.isOurs(pid) {
		return nil // a stale file; the server itself removes it
	}
	c.opt.Log.Warn("stopping a PostgreSQL that an earlier tributary left running", "process", pid)
	gone := make(chan struct{})
	go func() {
		for c.isOurs(pid) {
			time.Sleep(100 * time.Millisecond)
		}
		close(gone)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c.end(ctx, pid, gone)
	return nil
}

// isOurs reports whether a process that has not ended is a PostgreSQL on this
// directory: the id may be another's by now.
func (c *Cluster) isOurs(pid int) bool {
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil || !strings.HasPrefix(string(comm), "postgres") {
		return false
	}
	at, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	here, err := os.Stat(c.data())
	return err == nil && os.SameFile(at, here)
}

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin.dir, name), args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	// A process group of its own: a terminal's Ctrl-C stops tributary, which
	// stops the server in its own time.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as, Setpgid: true}
	return cmd
}

// createDatabase makes the database unless it is there.
func (c *Cluster) createDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).Scan(&there)
	if err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{database}.Sanitize())
	return err
}

// addressFile holds the address of the running server, for other commands of
// the same user on the same machine.
const addressFile = "address"

// Attach returns the address of the cluster that another process is running in
// a data directory, or false if none is.
func Attach(dir string) (url string, running bool) {
	b, err := os.ReadFile(filepath.Join(dir, addressFile))
	if err != nil {
		return "", false
	}
	f, err := os.Open(filepath.Join(dir, "lock"))
	if err != nil {
		return "", false
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil {
		return "", false // nobody holds the directory: the file is left over
	}
	return strings.TrimSpace(string(b)), true
}
