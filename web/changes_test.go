package web

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/data/postgis/pgtest"
)

// event is one server-sent event.
type event struct{ id, name, data string }

// listen opens a stream. What it tells is sent to the channel, which is closed
// at its end.
func listen(t *testing.T, url, last string) (events chan event, leave context.CancelFunc) {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/v1/changes", nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != typeEvents || res.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	events = make(chan event, 100)
	go func() {
		defer close(events)
		defer res.Body.Close()
		var e event
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			switch name, value, _ := strings.Cut(lines.Text(), ": "); name {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data = value
			case "":
				if e.name != "" {
					events <- e
				}
				e = event{}
			}
		}
	}()
	return events, leave
}

func next(t *testing.T, events chan event) event {
	t.Helper()
	select {
	case e, more := <-events:
		if !more {
			t.Fatal("the stream has ended")
		}
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("nothing is told")
	}
	return event{}
}

// started serves an instance on a listener, as the program does.
func started(t *testing.T, i *instance) (url string, server *http.Server) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server = HTTPServer(i.Server)
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return "http://" + l.Addr().String(), server
}

func (c *changes) gathering() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.armed
}

// A browser is told of the tiles that a commit touched, of what it missed while
// it was away, and of the end.
func TestChanges(t *testing.T) {
	i := newInstance(t, pgtest.URL(t))
	w := world{t, i.store}
	w.begin()
	i.current(t)
	url, server := started(t, i)
	for i.changes.gathering() { // that everything was loaded
		time.Sleep(10 * time.Millisecond)
	}

	if res, body := fetch(t, http.MethodHead, url+"/api/v1/changes", plain); res.StatusCode != http.StatusOK || body != "" {
		t.Errorf("HEAD: %d %q", res.StatusCode, body)
	}
	for _, bad := range []string{"?colour=red"} {
		if res, _ := fetch(t, http.MethodGet, url+"/api/v1/changes"+bad, plain); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d, want 400", bad, res.StatusCode)
		}
	}
	events, leave := listen(t, url, "")
	if e := next(t, events); e.name != "ready" || e.id == "" {
		t.Fatalf("the first event is %+v", e)
	}
	w.activity(1, spots[0], "s0", "validated", "safer")
	e := next(t, events)
	var told change
	if err := json.Unmarshal([]byte(e.data), &told); err != nil || e.name != "change" || e.id != fmt.Sprint(told.Version) {
		t.Fatalf("told %+v, %v", e, err)
	}
	at := maptile.At(spots[0], changeZoom)
	if got, want := told.Layers["activities"], fmt.Sprintf("%d/%d/%d", at.Z, at.X, at.Y); !slices.Equal(got, []string{want}) {
		t.Errorf("tiles of activities: %q, want %q", got, want)
	}
	if list, there := told.Layers["territories"]; !there || list != nil {
		t.Errorf("territories: %q %v, want all", list, there)
	}
	if _, there := told.Layers["heat"]; there {
		t.Errorf("heat is told of: %s", e.data)
	}

	leave()
	w.activity(2, spots[4], "s0", "validated", "safer")
	i.current(t)
	events, leave = listen(t, url, e.id)
	defer leave()
	if e := next(t, events); e.name != "ready" {
		t.Errorf("who comes back is told %+v", e)
	}
	kent := maptile.At(spots[4], changeZoom)
	if e := next(t, events); !strings.Contains(e.data, fmt.Sprintf(`"%d/%d/%d"`, kent.Z, kent.X, kent.Y)) {
		t.Errorf("who comes back is told %+v", e)
	}
	// A secret that was never shown is no event.
	w.activity(3, spots[0], "s3", "validated", "safer")
	w.activity(4, spots[4], "s0", "validated", "safer")
	if e := next(t, events); strings.Contains(e.data, fmt.Sprintf(`"%d/%d/%d"`, at.Z, at.X, at.Y)) {
		t.Errorf("a secret is told of: %s", e.data)
	}
	stopped := make(chan error)
	go func() { stopped <- server.Shutdown(t.Context()) }()
	for range events {
	}
	if err := <-stopped; err != nil {
		t.Errorf("stopping with a stream open: %v", err)
	}
}

// Who has missed too much is told to load everything, who reads too slowly is
// left, and there are no more streams than can be borne.
func TestStreamsAreBounded(t *testing.T) {
	c := newChanges()
	c.seen(1)
	slow, _, err := c.join(0)
	if err != nil {
		t.Fatal(err)
	}
	for v := int64(2); v < 2+remembered+10; v++ {
		c.touch(&data.Touched{Version: v, Places: []data.TouchedPlace{{Of: data.OfActivities, Box: orb.Bound{}, MaxZoom: 14}}})
		c.flush()
	}
	n := 0
	for range slow {
		n++
	}
	if n != backlog {
		t.Errorf("a stream that is not read got %d, want %d and its end", n, backlog)
	}
	for last, want := range map[int64]string{5: "event: reload", 2 + remembered + 5: "event: change", 2 + remembered + 9: "event: ready", 0: "event: ready"} {
		s, first, err := c.join(last)
		if err != nil || !strings.Contains(string(first), want) {
			t.Errorf("who saw %d is told %q, %v; want %s", last, first, err, want)
		}
		c.leave(s)
	}
	if _, first, _ := c.join(2 + remembered + 9); strings.Contains(string(first), "event: change") {
		t.Errorf("who is up to date is told %q", first)
	}
	for len(c.streams) < mostStreams {
		if _, _, err := c.join(0); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := c.join(0); err == nil {
		t.Error("one stream too many")
	}
	c.close()
	if len(c.streams) != 0 {
		t.Errorf("%d streams are left after the end", len(c.streams))
	}
}
