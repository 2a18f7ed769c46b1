package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tributary/data/postgis"
)

const (
	fairRate    = 20 // of each client, a second
	fairClients = 8
	fairAsks    = 15 // of each client, within its budget
)

// crowd is a server behind a proxy, with clients of many networks.
type crowd struct {
	*ledger
	hs *httptest.Server
}

func newCrowd(t testing.TB, rate int) *crowd {
	t.Helper()
	l := newLedger(t)
	l.activities()
	srv, err := NewServer(Config{BaseURL: "https://map.example", Params: postgis.ActivityParams, TileCacheBytes: 1 << 20, ClientRate: rate, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}, l.store)
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(srv)
	t.Cleanup(hs.Close)
	return &crowd{l, hs}
}

// asks sends a request from a network and returns its status; 0 is no answer.
func (c *crowd) asks(client *http.Client, network int, path string) int {
	req, err := http.NewRequest(http.MethodGet, c.hs.URL+path, nil)
	if err != nil {
		return 0
	}
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("203.%d.113.7", network))
	res, err := client.Do(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0
	}
	return res.StatusCode
}

// abuse asks for whole lists, many at a time, until it is told to stop, and
// counts how many it got and how many it was refused.
func (c *crowd) abuse(got, refused *atomic.Int64) (stop func()) {
	done := make(chan struct{})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			for {
				select {
				case <-done:
					return
				default:
				}
				switch c.asks(client, 0, "/api/v1/areas.csv") {
				case http.StatusOK:
					got.Add(1)
				case http.StatusTooManyRequests:
					refused.Add(1)
				}
			}
		})
	}
	return func() { close(done); all.Wait() }
}

// others ask what people ask, side by side, and return how long each answer took
// and how many were not 200.
func (c *crowd) others() (took []time.Duration, wrong int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	paths := []string{"/api/v1/regions", "/api/v1/summary?territory=norfolk", "/tiles/territories/6/32/20.mvt", "/api/v1/activities?limit=5"}
	for n := range fairClients {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			for i := range fairAsks {
				began := time.Now()
				status := c.asks(client, 1+n, paths[(n+i)%len(paths)])
				mu.Lock()
				if took = append(took, time.Since(began)); status != http.StatusOK {
					wrong++
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return took, wrong
}

// One client that asks for everything at once gets its share and no more, is
// refused the rest at once, and nobody else is refused anything.
func TestOneClientDoesNotTakeTheOthersShare(t *testing.T) {
	c := newCrowd(t, fairRate)
	var got, refused atomic.Int64
	began := time.Now()
	stop := c.abuse(&got, &refused)
	took, wrong := c.others()
	stop()
	// What it may have by then: what it had saved up, and what came in meanwhile.
	most := int64((fairRate*burstSeconds+time.Since(began).Seconds()*fairRate)/costWhole) + 1
	if wrong > 0 || len(took) != fairClients*fairAsks {
		t.Errorf("%d of %d requests of others were not answered 200", wrong, len(took))
	}
	if n := got.Load(); n == 0 || n > most {
		t.Errorf("the one got %d answers, its share is %d", n, most)
	}
	if refused.Load() < int64(len(took)) {
		t.Errorf("the one was refused %d times only: it did not press", refused.Load())
	}
	t.Logf("one client got %d whole lists and was refused %d; %d requests of %d others were all answered", got.Load(), refused.Load(), len(took), fairClients)
}

// How much later others are answered while one client asks for everything: the
// ratio of their 99th percentiles.
func BenchmarkOthersUnderAbuse(b *testing.B) {
	c := newCrowd(b, fairRate)
	p99 := func() float64 {
		took, wrong := c.others()
		if wrong > 0 {
			b.Fatalf("%d were not answered", wrong)
		}
		slices.Sort(took)
		return took[len(took)*99/100].Seconds()
	}
	p99() // what is kept is kept
	for b.Loop() {
		time.Sleep(burstSeconds * time.Second) // budgets fill up again
		alone := p99()
		time.Sleep(burstSeconds * time.Second)
		var got, refused atomic.Int64
		stop := c.abuse(&got, &refused)
		beside := p99()
		stop()
		b.ReportMetric(alone*1000, "ms-p99-alone")
		b.ReportMetric(beside*1000, "ms-p99-beside")
		b.ReportMetric(beside/alone, "ratio")
	}
}
