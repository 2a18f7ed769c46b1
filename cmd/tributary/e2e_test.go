package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is the real binary, built once for all tests.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "tributary-e2e-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "tributary")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// dataDir is a new directory that the postgres user can reach too.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "tributary-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// server is a running 'tributary serve'.
type server struct {
	t    *testing.T
	cmd  *exec.Cmd
	URL  string
	dir  string
	done chan error
	log  locked // what it has logged
}

// locked is a buffer that may be written to while it is read.
type locked struct {
	mu sync.Mutex
	b  strings.Builder
}

// Write implements io.Writer.
func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// start runs 'tributary serve' on a data directory and returns when it has
// printed its address.
func start(t *testing.T, dir string, more ...string) *server {
	t.Helper()
	s := &server{t: t, dir: dir, done: make(chan error, 1)}
	s.cmd = exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0", "--data-dir", dir}, more...)...)
	s.cmd.Stderr = &s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), "Tributary is at "); ok {
				found <- url
			}
		}
		s.done <- s.cmd.Wait()
	}()
	t.Cleanup(func() { s.cmd.Process.Kill() })
	select {
	case s.URL = <-found:
	case err := <-s.done:
		t.Fatalf("serve ended: %v\n%s", err, s.log.String())
	case <-lived(t, 5*time.Minute):
		_ = s.cmd.Process.Signal(syscall.SIGQUIT) // says where it is
		<-s.done
		log := s.log.String()
		t.Fatalf("serve printed no address within five minutes:\n%s", log[max(0, len(log)-20_000):])
	}
	return s
}

// stop ends the server with a signal and waits for its end.
func (s *server) stop(sig syscall.Signal) error {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
	select {
	case err := <-s.done:
		return err
	case <-lived(s.t, 3*time.Minute):
		_ = s.cmd.Process.Signal(syscall.SIGQUIT) // says where it is
		<-s.done
		log := s.log.String()
		s.t.Fatalf("serve did not end within three minutes:\n%s", log[max(0, len(log)-20_000):])
		return nil
	}
}

// lived is closed when this process has run for so long: a machine that holds it
// up holds up the server too.
func lived(t *testing.T, long time.Duration) <-chan struct{} {
	over, tick := make(chan struct{}), time.NewTicker(100*time.Millisecond)
	ticks := int(long / (100 * time.Millisecond))
	go func() {
		defer tick.Stop()
		for range ticks {
			select {
			case <-tick.C:
			case <-t.Context().Done():
				return
			}
		}
		close(over)
	}()
	return over
}

// get reads an address of the server.
func (s *server) get(path string, want int) string {
	s.t.Helper()
	res, err := http.Get(s.URL + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if res.StatusCode != want {
		s.t.Fatalf("GET %s: %d, want %d: %.300s", path, res.StatusCode, want, b)
	}
	return string(b)
}

// tributary runs a command to its end.
func tributary(dir string, args ...string) (string, error) {
	cmd := exec.Command(program, append(args, "--data-dir", dir)...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// territoryCount asks how many activities a territory has.
func (s *server) territoryCount(id string) int {
	s.t.Helper()
	var list struct{ Items []struct{ Activities int } }
	if err := json.Unmarshal([]byte(s.get("/api/v1/territories?territory="+id, http.StatusOK)), &list); err != nil {
		s.t.Fatal(err)
	}
	if len(list.Items) != 1 {
		s.t.Fatalf("%d territories called %s", len(list.Items), id)
	}
	return list.Items[0].Activities
}

const places = `Ref,Library name,Lat,Long,Post code
1,Millennium Library,52.6283,1.2917,
2,Nowhere Library,0,0,
3,Swapped Library,1.2917,52.6283,
4,"The ""Old"" Library",51.4545,-2.5879,
5,Unknown Postcode,,,ZE9 9ZZ
`

func TestFromAFileToTheMap(t *testing.T) {
	dir := dataDir(t)
	s := start(t, dir)
	if !strings.Contains(s.get("/", http.StatusOK), "tributary demo") {
		t.Error("the empty map does not say how to fill it")
	}
	file := filepath.Join(t.TempDir(), "places.csv")
	if err := os.WriteFile(file, []byte(places), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"import", "activities", file, "--map", "name=Library name", "--map", "id=Ref", "--class", "S0", "--set", "provider=Libraries"}
	out, err := tributary(dir, args...)
	if err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
	if n := s.territoryCount("norfolk"); n != 1 {
		t.Errorf("Norfolk has %d activities, want 1\n%s", n, out)
	}
	if n := s.territoryCount("avon-and-somerset"); n != 1 {
		t.Errorf("Avon and Somerset has %d activities, want 1", n)
	}
	refused := readCSV(t, strings.TrimSuffix(file, ".csv")+".refused.csv")
	if len(refused) != 4 {
		t.Errorf("%d lines in the file of refused rows, want a header and 3\n%v", len(refused), refused)
	}

	// Another import of the same file changes nothing; a second server on the
	// same directory is refused; a killed one loses nothing.
	if out, err := tributary(dir, args...); err != nil || !strings.Contains(out, "2 unchanged") {
		t.Errorf("the same file again: %v\n%s", err, out)
	}
	if out, err := tributary(dir, "serve", "--listen", "127.0.0.1:0"); err == nil || !strings.Contains(out, "already uses the data directory") {
		t.Errorf("a second server on the same directory: %v\n%s", err, out)
	}
	s.stop(syscall.SIGKILL)
	s = start(t, dir)
	if n := s.territoryCount("norfolk"); n != 1 {
		t.Errorf("after a kill Norfolk has %d activities, want 1", n)
	}
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Errorf("a stopped server ends with %v, want success", err)
	}
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestInTheBrowser runs the browser's own tests against the real program with
// made-up activities.
func TestInTheBrowser(t *testing.T) {
	if _, err := os.Stat("../../web/app/node_modules"); err != nil {
		t.Fatal("the web app's packages are not installed: run 'make test', which does that first")
	}
	dir := dataDir(t)
	s := start(t, dir, "--development-issuer")
	if out, err := tributary(dir, "demo"); err != nil {
		t.Fatalf("demo: %v\n%s", err, out)
	}
	// One postcode, of the middle of Norwich, so that a site can be given by it.
	postcodes := filepath.Join(t.TempDir(), "postcodes.csv")
	if err := os.WriteFile(postcodes, []byte("postcode,latitude,longitude\nNR1 3JU,52.6309,1.2974\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := tributary(dir, "import", "postcodes", postcodes); err != nil {
		t.Fatalf("postcodes: %v\n%s", err, out)
	}
	cmd := exec.Command("npm", "run", "--silent", "e2e")
	cmd.Dir = "../../web/app"
	cmd.Env = append(os.Environ(), "TRIBUTARY_URL="+s.URL)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("the browser's tests: %v\n%s", err, out)
	}
}
