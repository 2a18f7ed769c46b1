package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data/postgis/cluster"
)

// postmaster is the process of the private PostgreSQL.
func (c *chaos) postmaster() int {
	b, err := os.ReadFile(filepath.Join(c.dir, "postgres", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, _ := strconv.Atoi(first) // 0: it is just being written
	return pid
}

// children are the processes that the postmaster has started.
func (c *chaos) children() (pids []int) {
	parent := c.postmaster()
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, path := range stats {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		if len(f) > 1 && parent > 1 && f[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(strings.Split(path, "/")[2])
			pids = append(pids, pid)
		}
	}
	return pids
}

// sql runs a statement in the server's database, if that can be reached.
func (c *chaos) sql(sql string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	url, running := cluster.Attach(c.dir)
	if !running {
		return
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return
	}
	defer conn.Close(ctx)
	_, _ = conn.Exec(ctx, sql) // a fault may meet another one
}

// down ends the server, starts it again and returns how it ended.
func (c *chaos) down(sig syscall.Signal) error {
	err := c.s.stop(sig)
	c.up()
	return err
}

// faults are what goes wrong, by name.
func (c *chaos) faults() map[string]func() {
	signal := func(pids []int, sig syscall.Signal) {
		if len(pids) > 0 {
			_ = syscall.Kill(pids[c.random.IntN(len(pids))], sig) // it may have ended
		}
	}
	return map[string]func(){
		"a process of the database is killed": func() { signal(c.children(), syscall.SIGKILL) },
		"the database is killed": func() {
			if pid := c.postmaster(); pid > 1 {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			select {
			case <-c.s.done:
			case <-lived(c.t, 3*time.Minute):
				c.t.Fatal("the server does not notice that its database has ended")
			}
			c.up()
		},
		"the server is killed": func() { _ = c.down(syscall.SIGKILL) },
		"the server is told to stop": func() {
			if err := c.down(syscall.SIGTERM); err != nil {
				c.t.Errorf("told to stop, the server ended with %v", err)
			}
		},
		"every connection is cut": func() {
			c.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()")
		},
		"a connection is cut": func() {
			c.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() ORDER BY random() LIMIT 1")
		},
		"the tables are locked": func() {
			c.sql("BEGIN; LOCK TABLE raw.contribution, pub.fact IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.4); COMMIT")
		},
		"a process of it hangs": func() {
			if pids := c.children(); len(pids) > 0 {
				pid := pids[c.random.IntN(len(pids))]
				_ = syscall.Kill(pid, syscall.SIGSTOP)
				time.Sleep(time.Duration(100+c.random.IntN(400)) * time.Millisecond)
				_ = syscall.Kill(pid, syscall.SIGCONT)
			}
		},
		"all connections are taken": func() {
			url, running := cluster.Attach(c.dir)
			if !running {
				return
			}
			ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
			defer cancel()
			for range 120 {
				conn, err := pgx.Connect(ctx, url)
				if err != nil {
					break
				}
				defer conn.Close(context.Background())
			}
			time.Sleep(200 * time.Millisecond)
		},
		"an importer is killed": func() {
			cmd := exec.Command(program, "import", "activities", manyPlaces(c.t, 300), "--data-dir", c.dir)
			if err := cmd.Start(); err != nil {
				c.t.Fatal(err)
			}
			time.Sleep(time.Duration(50+c.random.IntN(1500)) * time.Millisecond)
			_ = cmd.Process.Kill() // it may have ended
			_ = cmd.Wait()
		},
		"two migrate at once": func() {
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { _, _ = tributary(c.dir, "migrate") })
			}
			both.Wait()
		},
	}
}
