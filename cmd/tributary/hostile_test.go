package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Settings and files that cannot work are refused with the remedy, before
// anything is started or written.
func TestSettingsAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "good.csv")
	const good = "id,name,lat,lon\n1,A,52.63,1.29\n"
	if err := os.WriteFile(file, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(filepath.Dir(file), "link.csv")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(filepath.Dir(file), "picture.csv")
	if err := os.WriteFile(picture, []byte("\x89PNG\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"serve", "--listen", "nonsense"}, []string{"nonsense", "127.0.0.1:8080"}},
		{[]string{"serve", "--tile-cache=-5"}, []string{"tile-cache", "megabytes"}},
		{[]string{"serve", "--public-url", "javascript:alert(1)"}, []string{"public-url", "https://map.example.org"}},
		{[]string{"serve", "--public-url", "https://user:word@map.example"}, []string{"public-url", "scheme and host alone"}},
		{[]string{"import", "activities", file, "--refused", file}, []string{"refused", "name another file"}},
		{[]string{"import", "activities", link, "--refused", file}, []string{"refused", "name another file"}},
		{[]string{"import", "activities", picture}, []string{"a PNG picture", "give a CSV"}},
		{[]string{"import", "activities", file, "--map", "name=Title"}, []string{"map", `no column "Title"`, `"id", "name"`}},
		{[]string{"import", "activities", file, "--map", "colour=name"}, []string{"map", `no field "colour"`, "the fields are"}},
		{[]string{"import", "activities", file, "--key", "Ref"}, []string{"key", `no column "Ref"`}},
		{[]string{"import", "activities", file, "--class", "S9"}, []string{"--class", "S0"}},
		{[]string{"import", "activities", filepath.Join(file, "nope")}, []string{"nope"}},
		{[]string{"demo", "--contributions=-1"}, []string{"contributions", "whole number"}},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		out, err := tributary(dir, c.args...)
		if err == nil {
			t.Errorf("%v was taken:\n%s", c.args, out)
		}
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%v: %q does not say %q", c.args, out, want)
			}
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%v made its data directory before it was refused", c.args)
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != good {
		t.Errorf("the file itself is now %q, %v", b, err)
	}
}

// manyPlaces writes a file that takes a while.
func manyPlaces(t *testing.T, n int) string {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("id,name,class,lat,lon\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,Activity %d,S%d,%.6f,%.6f\n", i, i, i%3, 51.5+float64(i%1000)*0.001, -2+float64(i/1000)*0.01)
	}
	path := filepath.Join(t.TempDir(), "many.csv")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// importing starts an import and returns when it says that it is placing.
func importing(t *testing.T, dir, file string) (cmd *exec.Cmd, rest *bufio.Reader) {
	t.Helper()
	cmd = exec.Command(program, "import", "activities", file, "--data-dir", dir)
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	rest = bufio.NewReader(pipe)
	for {
		line, err := rest.ReadString('\n')
		if err != nil {
			t.Fatalf("the import ended: %v", err)
		}
		if strings.Contains(line, "placing and merging") {
			return cmd, rest
		}
	}
}

// However an import ends before its end, nothing of it is there, and it can be
// run again.
func TestImportsThatAreEnded(t *testing.T) {
	dir := dataDir(t)
	s := start(t, dir)
	file := manyPlaces(t, 40_000)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		cmd, rest := importing(t, dir, file)
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		rest.WriteTo(&said)
		err := cmd.Wait()
		if err == nil || sig != syscall.SIGKILL && (cmd.ProcessState.ExitCode() != 130 || !strings.Contains(said.String(), "stopped")) {
			t.Errorf("%v: %v, %q, want to hear that it stopped", sig, err, said.String())
		}
		if n := s.territoryCount("avon-and-somerset"); n != 0 {
			t.Errorf("%v: %d activities of a part of the file", sig, n)
		}
	}
	// The server is killed under an import, which says so.
	cmd, rest := importing(t, dir, file)
	s.stop(syscall.SIGKILL)
	var said strings.Builder
	rest.WriteTo(&said)
	if err := cmd.Wait(); err == nil || !strings.Contains(said.String(), "nothing was imported") {
		t.Errorf("the server was killed: %v, %q", err, said.String())
	}
	s = start(t, dir)
	if n := s.territoryCount("avon-and-somerset"); n != 0 {
		t.Errorf("after the server was killed: %d activities of a part of the file", n)
	}
	// Two of the same file at the same time: one adds, the other finds all there.
	outs := make(chan string, 2)
	for range 2 {
		go func() {
			out, err := tributary(dir, "import", "activities", file)
			if err != nil {
				out += err.Error()
			}
			outs <- out
		}()
	}
	both := <-outs + <-outs
	if !strings.Contains(both, "40000 added") || !strings.Contains(both, "40000 unchanged") {
		t.Errorf("two importers of one file:\n%s", both)
	}
}

// A report is not lost because the refused rows cannot be written.
func TestRefusedRowsThatCannotBeWritten(t *testing.T) {
	dir := dataDir(t)
	file := filepath.Join(t.TempDir(), "some.csv")
	if err := os.WriteFile(file, []byte("id,name,lat,lon\n1,A,99,1.29\n2,B,52.63,1.29\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := tributary(dir, "import", "activities", file, "--refused", filepath.Join(dir, "no", "such", "folder.csv"))
	if err == nil || !strings.Contains(out, "1 added") || !strings.Contains(out, "name another file with --refused") {
		t.Errorf("%v\n%s", err, out)
	}
}
