package main

import (
	"context"
	"io"
	"net/http"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"tributary/data/postgis/cluster"
)

// askedWhileItHangs need the database each time, in different ways: at once,
// shared with others who ask the same, as a stream of rows, as a stream of events.
var askedWhileItHangs = []string{
	"/api/v1/nearby?site=52.6309%201.2974", "/api/v1/territories?theme=safer", "/tiles/territories,activities/6/31/21.mvt",
	"/api/v1/activities.csv", "/api/v1/facts.csv", "/api/v1/changes", "/api/v1/territories?as_at=2024-01-01",
}

// A database that hangs keeps neither the server nor an importer from stopping,
// whatever is under way; afterwards everything is as after any other fault.
func TestStopWhileTheDatabaseHangs(t *testing.T) {
	for name, private := range map[string]bool{"its own": true, "another's": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := dataDir(t)
			args := []string{"--drain", "1s", "--drain-delay", "0s"}
			importer := []string{"--data-dir", dir}
			if !private {
				c, err := cluster.Start(t.Context(), cluster.Options{Dir: dir, Ephemeral: true})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { c.Stop(context.Background()) })
				args = append(args, "--database-url", c.URL())
				importer = []string{"--database-url", c.URL()}
			}
			c := newChaos(t, dir, args...)
			end := c.load()
			for _, path := range askedWhileItHangs {
				go c.asks(path)
			}
			c.wait(func(acked, _ int) int { return acked }, 3)
			loading := exec.Command(program, append([]string{"import", "activities", manyPlaces(t, 3000)}, importer...)...)
			if err := loading.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(300 * time.Millisecond)
			let := c.hang()
			defer let()
			time.Sleep(500 * time.Millisecond)
			began := time.Now()
			if err := loading.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if err := c.s.stop(syscall.SIGTERM); err != nil {
				t.Errorf("told to stop, the server ended with %v", err)
			}
			took := time.Since(began)
			_ = loading.Wait() // that it ends is what counts
			t.Logf("the server stopped after %.1f s, the importer after %.1f s", took.Seconds(), time.Since(began).Seconds())
			if left := c.processes(); private && len(left) > 0 {
				t.Errorf("%d processes of the database are left", len(left))
			}
			let()
			c.up()
			c.ready()
			end()
			c.settled(map[string]int{"stopped while the database hangs": 1})
		})
	}
}

// asks asks the same again and again, as long as there is load.
func (c *chaos) asks(path string) {
	for {
		select {
		case <-c.stop:
			return
		case <-time.After(10 * time.Millisecond):
		}
		res, err := http.Get("http://" + c.listen + path)
		if err != nil {
			continue
		}
		_, _ = io.Copy(io.Discard, res.Body) // it may break off
		res.Body.Close()
	}
}

// processes are those of the database.
func (c *chaos) processes() (pids []int) {
	if pid := c.postmaster(); pid > 1 && syscall.Kill(pid, 0) == nil {
		pids = append(pids, pid)
	}
	return append(pids, c.children()...)
}

// hang stops every process of the database where it is, until it is let.
func (c *chaos) hang() (let func()) {
	pids := c.processes()
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGSTOP) // it may have ended
	}
	pids = append(pids, c.children()...) // who was begun meanwhile
	return func() {
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGCONT) // it may have been ended
		}
	}
}
