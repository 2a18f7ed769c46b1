package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data/postgis/cluster"
)

// How much goes wrong; 'make chaos' takes it as N.
var (
	faultsToMake = flag.Int("faults", chaosFaults, "how many faults TestChaos makes")
	faultsFor    = flag.Duration("for", 6*time.Hour, "how long TestChaos makes faults at most")
)

// chaos is a server under load that faults are made to, and what its clients
// know.
type chaos struct {
	t      *testing.T
	dir    string
	listen string
	args   []string // of the server, besides
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
	c.s = start(c.t, c.dir, append([]string{"--listen", c.listen}, c.args...)...)
}

// ready waits until the server says that it is.
func (c *chaos) ready() {
	c.t.Helper()
	for range 6000 { // five minutes and more of this process
		time.Sleep(50 * time.Millisecond)
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

// newChaos starts a server on a data directory, with a key to it.
func newChaos(t *testing.T, dir string, args ...string) *chaos {
	t.Helper()
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &chaos{t: t, dir: dir, listen: port.Addr().String(), args: args, stop: make(chan struct{}), random: rand.New(rand.NewPCG(7, uint64(time.Now().UnixNano())))}
	port.Close()
	c.up()
	out, err := tributary(c.dir, "key", "create", "--role", "admin", "--source", "chaos")
	if err != nil {
		t.Fatal(out)
	}
	c.key = regexp.MustCompile(`trib_[A-Z2-7_]+`).FindString(out)
	return c
}

// load lets clients write and read until the returned function is called.
func (c *chaos) load() (end func()) {
	var clients sync.WaitGroup
	for w := range 3 {
		clients.Go(func() { c.writes(w) })
	}
	clients.Go(c.reads)
	return func() {
		close(c.stop)
		clients.Wait()
	}
}

// so is how many writes were acknowledged so far, how many requests were not,
// and how many answers cannot be right.
func (c *chaos) so() (acked, tries, wrong int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.acked), c.tries, len(c.wrong)
}

// Faults of every kind, at random, while clients write and read: every write
// that was acknowledged is there, none is there twice, no answer is wrong, and
// each time the server is back without a person.
func TestChaos(t *testing.T) {
	c := newChaos(t, dataDir(t))
	end := c.load()
	faults := c.faults()
	names := slices.Sorted(maps.Keys(faults))
	counted := map[string]int{}
	began := time.Now()
	for i := range *faultsToMake {
		if time.Since(began) > *faultsFor {
			break
		}
		name := names[i%len(names)]
		if i >= len(names) {
			name = names[c.random.IntN(len(names))]
		}
		time.Sleep(time.Duration(c.random.IntN(300)) * time.Millisecond)
		faults[name]()
		c.ready()
		if counted[name]++; (i+1)%50 == 0 {
			acked, tries, wrong := c.so()
			t.Logf("%d faults so far, %d writes acknowledged, %d requests repeated, %d answers wrong", i+1, acked, tries, wrong)
		}
	}
	end()
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
	made := 0
	for _, n := range counted {
		made += n
	}
	text, _ := json.Marshal(counted)
	c.t.Logf("%d faults survived: %d writes acknowledged and there once, none lost, %d requests repeated; %s", made, len(c.acked), c.tries, text)
	if c.tries == 0 {
		c.t.Error("no request met a fault: the test shows nothing")
	}
}
