package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A disk that is full, again and again, while clients write and read: reads go
// on, nothing that was acknowledged is lost, and writes go on when there is room
// again, without a person.
func TestDiskIsFull(t *testing.T) {
	dir := dataDir(t)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=500m,mode=0755", "tributary-test", dir).CombinedOutput(); err != nil {
		t.Skipf("no disk was filled: a small file system cannot be mounted here: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() }) // the next would fail if it were there still
	c := newChaos(t, dir)
	end := c.load()
	ballast := filepath.Join(dir, "ballast")
	read := 0
	for range chaosDisks {
		acked := c.wait(func(acked, _ int) int { return acked }, 5)
		if err := fill(ballast); err == nil {
			t.Fatal("the disk does not fill up")
		}
		c.wait(func(_, tries int) int { return tries }, 5)
		if status, _ := c.send(http.MethodGet, "/api/v1/territories", "", ""); status == http.StatusOK {
			read++
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		c.ready()
		if now := c.wait(func(acked, _ int) int { return acked }, 5); now <= acked {
			t.Errorf("%d writes acknowledged before the disk was full and %d after", acked, now)
		}
	}
	end()
	c.settled(map[string]int{"the disk is full": chaosDisks})
	if read == 0 {
		t.Error("nothing could be read while the disk was full")
	}
}

// wait waits until a count has grown by so much, and returns it.
func (c *chaos) wait(count func(acked, tries int) int, by int) int {
	c.t.Helper()
	acked, tries, _ := c.so()
	from := count(acked, tries)
	for began := time.Now(); time.Since(began) < 5*time.Minute; time.Sleep(50 * time.Millisecond) {
		acked, tries, _ := c.so()
		if n := count(acked, tries); n >= from+by {
			return n
		}
	}
	c.t.Fatalf("nothing goes on:\n%s", c.s.log.String())
	return 0
}

// fill writes a file until there is no room.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	block := make([]byte, 1<<20)
	for size := len(block); size > 0; {
		n, err := f.Write(block[:size])
		if err != nil && n == 0 {
			if size /= 16; size == 0 {
				return err
			}
		}
	}
	return nil
}
