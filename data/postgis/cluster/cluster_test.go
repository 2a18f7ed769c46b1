package cluster

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// lines sends what is logged.
type lines chan string

// Write implements io.Writer.
func (l lines) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}

// A process that started the cluster waits for those that attached to it.
func TestAwaitIdle(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "tributary-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	logged := make(lines, 100)
	ctx := t.Context()
	c, err := Start(ctx, Options{Dir: dir, Ephemeral: true, Log: slog.New(slog.NewTextHandler(logged, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Stop(context.WithoutCancel(ctx))
	if err := c.AwaitIdle(ctx); err != nil {
		t.Errorf("nobody is connected: %v", err)
	}
	url, running := Attach(dir)
	if !running {
		t.Fatal("the cluster does not say that it runs")
	}
	other, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.AwaitIdle(ctx) }()
	for said := ""; !strings.Contains(said, "waiting for its end"); {
		select {
		case said = <-logged:
		case err := <-done:
			t.Fatalf("somebody is connected, and it did not wait: %v", err)
		}
	}
	if err := other.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := Start(ctx, Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "already uses the data directory") || !strings.Contains(err.Error(), "--data-dir") {
		t.Errorf("a second cluster on the directory: %v", err)
	}
	if err := c.Stop(ctx); err != nil {
		t.Error(err)
	}
	if _, running := Attach(dir); running {
		t.Error("a stopped cluster says that it runs")
	}
}

// connected is a cluster in a directory, and a connection to it.
func connected(t *testing.T) (*Cluster, string, *pgx.Conn) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "tributary-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := Start(t.Context(), Options{Dir: dir, Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	return c, dir, conn
}

// startsAgain starts and stops a cluster where one was.
func startsAgain(t *testing.T, dir string) {
	t.Helper()
	again, err := Start(t.Context(), Options{Dir: dir, Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// A process of the server hangs when that is killed: the next start ends it.
func TestStartAfterAKillThatLeavesSomebody(t *testing.T) {
	c, dir, conn := connected(t)
	defer conn.Close(context.WithoutCancel(t.Context()))
	if err := syscall.Kill(int(conn.PgConn().PID()), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-c.Done()
	c.release()
	startsAgain(t, dir)
}

// A server that hangs, all of it, is ended all the same, and nothing of it is left.
func TestStopOfAServerThatHangs(t *testing.T) {
	c, dir, conn := connected(t)
	client := int(conn.PgConn().PID())
	for _, pid := range []int{c.cmd.Process.Pid, client} {
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // no time at all to write everything out
	if err := c.Stop(ctx); err != nil {
		t.Error(err)
	}
	if at, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", client)); err == nil && at == c.data() {
		t.Error("a process of it is left")
	}
	startsAgain(t, dir)
}
