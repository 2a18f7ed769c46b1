package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data/postgis/cluster"
)

// How much goes wrong; 'make chaos' takes it as N.
var faultsToMake = flag.Int("faults", chaosFaults, "how many faults TestChaos makes")

// chaos is a server under load that faults are made to, and what its clients
// know.
type chaos struct {
	t      *testing.T
	dir    string
	listen string
	key    string
	s      *server
	random *rand.Rand

	mu    sync.Mutex
	acked []string // contributions that the server has acknowledged
	tries int      // requests that were not
	wrong []string // answers that cannot be right
	stop  chan struct{}
}

// send asks once; a status of 0 is no answer at all.
func (c *chaos) send(method, path, body, once string) (int, string) {
	req, err := http.NewRequest(method, "http://"+c.listen+path, strings.NewReader(body))
	if err != nil {
		c.t.Error(err)
		return 0, ""
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "application/json")
	if once != "" {
		req.Header.Set("Idempotency-Key", once)
	}
	client := http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(b)
}

// writes acknowledges one contribution after the other, repeating each with its
// key until it is.
func (c *chaos) writes(writer int) {
	for i := 0; ; i++ {
		id := fmt.Sprintf("w%d-%d", writer, i)
		body := fmt.Sprintf(`{"id":%q,"supplier":"GB-COH-09506232","supplier_name":"Example Builders","type":"donation_money","value":100,"delivered_from":"2025-06-01","territory":"norfolk"}`, id)
		for {
			status, text := c.send(http.MethodPost, "/api/v1/contributions", body, id)
			c.mu.Lock()
			switch {
			case status == http.StatusCreated:
				c.acked = append(c.acked, id)
			case status != 0 && status != http.StatusServiceUnavailable && status != http.StatusConflict && status != http.StatusRequestTimeout:
				c.wrong = append(c.wrong, fmt.Sprintf("%s: %d %.200s", id, status, text))
			default:
				c.tries++
			}
			c.mu.Unlock()
			if status == http.StatusCreated {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		select {
		case <-c.stop:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// reads asks for what was acknowledged: whatever is answered must have it.
func (c *chaos) reads() {
	for {
		select {
		case <-c.stop:
			return
		case <-time.After(30 * time.Millisecond):
		}
		c.mu.Lock()
		id := ""
		if n := len(c.acked); n > 0 {
			id = c.acked[rand.IntN(n)]
		}
		c.mu.Unlock()
		if id == "" {
			continue
		}
		status, text := c.send(http.MethodGet, "/api/v1/contributions/"+id, "", "")
		if status == http.StatusOK && strings.Contains(text, id) || status == 0 || status == http.StatusServiceUnavailable || status == http.StatusRequestTimeout {
			continue
		}
		c.mu.Lock()
		c.wrong = append(c.wrong, fmt.Sprintf("acknowledged %s is read as %d %.200s", id, status, text))
		c.mu.Unlock()
	}
}

// up starts the server, as whatever supervises it would.
func (c *chaos) up() {
	c.t.Helper()
	c.s = start(c.t, c.dir, "--listen", c.listen)
}

// ready waits until the server says that it is.
func (c *chaos) ready() {
	c.t.Helper()
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(50 * time.Millisecond) {
		if status, _ := c.send(http.MethodGet, "/readyz", "", ""); status == http.StatusOK {
			return
		}
		select {
		case err := <-c.s.done: // it gave up, and is started again
			c.s.done <- err
			c.up()
		default:
		}
	}
	c.t.Fatalf("the server did not come back by itself:\n%s", c.s.log.String())
}

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
			case <-time.After(time.Minute):
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

// Faults of every kind, at random, while clients write and read: every write
// that was acknowledged is there, none is there twice, no answer is wrong, and
// each time the server is back without a person.
func TestChaos(t *testing.T) {
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &chaos{t: t, dir: dataDir(t), listen: port.Addr().String(), stop: make(chan struct{}), random: rand.New(rand.NewPCG(7, uint64(time.Now().UnixNano())))}
	port.Close()
	c.up()
	out, err := tributary(c.dir, "key", "create", "--role", "admin", "--source", "chaos")
	if err != nil {
		t.Fatal(out)
	}
	c.key = regexp.MustCompile(`trib_[A-Z2-7_]+`).FindString(out)
	var clients sync.WaitGroup
	for w := range 3 {
		clients.Go(func() { c.writes(w) })
	}
	clients.Go(c.reads)
	faults := c.faults()
	var names []string
	for name := range faults {
		names = append(names, name)
	}
	slices.Sort(names)
	counted := map[string]int{}
	for i := range *faultsToMake {
		name := names[i%len(names)]
		if i >= len(names) {
			name = names[c.random.IntN(len(names))]
		}
		time.Sleep(time.Duration(c.random.IntN(300)) * time.Millisecond)
		faults[name]()
		c.ready()
		counted[name]++
	}
	close(c.stop)
	clients.Wait()
	c.settled(counted)
}

// settled holds what the clients know against what the database has.
func (c *chaos) settled(counted map[string]int) {
	c.t.Helper()
	for _, w := range c.wrong {
		c.t.Error(w)
	}
	if len(c.wrong) > 0 {
		c.t.Log(regexp.MustCompile(`(?m)^.*level=ERROR.*$`).FindAllString(c.s.log.String(), 20))
	}
	url, _ := cluster.Attach(c.dir)
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		c.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(context.Background(), "SELECT external_id FROM raw.contribution WHERE source = 'chaos'")
	if err != nil {
		c.t.Fatal(err)
	}
	stored, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		c.t.Fatal(err)
	}
	slices.Sort(stored)
	slices.Sort(c.acked)
	if !slices.Equal(stored, c.acked) {
		c.t.Errorf("%d contributions are stored, %d were acknowledged", len(stored), len(c.acked))
	}
	var audited, kept int
	if err := conn.QueryRow(context.Background(), "SELECT (SELECT count(*) FROM audit.log WHERE action = 'create contributions'), (SELECT count(*) FROM raw.idempotency)").Scan(&audited, &kept); err != nil {
		c.t.Fatal(err)
	}
	if audited != len(c.acked) || kept != len(c.acked) {
		c.t.Errorf("%d writes in the audit log, %d answers kept, %d acknowledged", audited, kept, len(c.acked))
	}
	for _, args := range [][]string{{"check"}, {"audit", "verify"}} {
		if out, err := tributary(c.dir, args...); err != nil {
			c.t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
	text, _ := json.Marshal(counted)
	c.t.Logf("%d faults survived: %d writes acknowledged and there once, %d requests repeated; %s", *faultsToMake, len(c.acked), c.tries, text)
	if c.tries == 0 {
		c.t.Error("no request met a fault: the test shows nothing")
	}
}

// A migration that is killed anywhere, again and again, ends at the same
// schema as one that is left alone.
func TestMigrationsKilledHalfWay(t *testing.T) {
	dir := dataDir(t)
	c, err := cluster.Start(t.Context(), cluster.Options{Dir: dir, Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Stop(context.Background())
	conn, err := pgx.Connect(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	schema := func(name string) string {
		out, err := exec.Command(filepath.Join(c.Bin(), "pg_dump"), "--schema-only", "--dbname="+strings.Replace(c.URL(), "///tributary", "///"+name, 1)).Output()
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`(?m)^\\(un)?restrict .*$`).ReplaceAllString(string(out), "")
	}
	migrate := func(name string) *exec.Cmd {
		return exec.Command(program, "migrate", "--database-url", strings.Replace(c.URL(), "///tributary", "///"+name, 1))
	}
	make := func(name string) {
		if _, err := conn.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
	}
	make("whole")
	began := time.Now()
	if out, err := migrate("whole").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	took := time.Since(began)
	want := schema("whole")
	killed := 0
	for n := 0; killed < chaosMigrations; n++ {
		name := fmt.Sprint("half", n)
		make(name)
		for range 3 {
			cmd := migrate(name)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(rand.Int64N(int64(took))))
			if cmd.Process.Kill() == nil && cmd.Wait() != nil {
				killed++
			}
		}
		if out, err := migrate(name).CombinedOutput(); err != nil {
			t.Fatalf("after it was killed: %v\n%s", err, out)
		}
		if got := schema(name); got != want {
			t.Error("a migration that was killed ends at another schema")
		}
		if _, err := conn.Exec(t.Context(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d migrations killed half way", killed)
}
