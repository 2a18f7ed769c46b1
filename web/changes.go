package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/paulmach/orb/maptile"

	"tributary/data"
	"tributary/tiles"
)

const (
	// gather is how long changes are gathered before they are told together.
	gather = 200 * time.Millisecond
	// heartbeat is how often a stream says that it lives, and writeIn how long a
	// reader may take for what is sent.
	heartbeat, writeIn = 15 * time.Second, 10 * time.Second
	// mostStreams is how many may listen, backlog how many changes one may be
	// behind, and remembered how many are told again to who comes back.
	mostStreams, backlog, remembered = 1000, 16, 256
	// changeZoom is the zoom of the tiles that are told, each some 90 kilometres
	// wide, and mostTiles how many of a layer; of more, all are.
	changeZoom, mostTiles = 8, 64
)

const typeEvents = "text/event-stream"

// change is what browsers are told: which tiles of a layer to fetch again, as
// "z/x/y"; null is all of them. It says no more than fetching them would.
type change struct {
	Version int64               `json:"version"`
	Layers  map[string][]string `json:"layers"`
}

// changes tells streams what has changed of the tiles.
type changes struct {
	mu      sync.Mutex
	streams map[chan *told]struct{}
	closed  bool

	version int64 // that everything was told or gathered of
	since   int64 // the version that recent follows on
	recent  []*told
	// gathered are the tiles of each layer; of nil, all.
	gathered map[string]map[maptile.Tile]struct{}
	armed    bool
}

// told is a change as it is sent.
type told struct {
	version int64
	text    []byte
}

func newChanges() *changes {
	return &changes{streams: map[chan *told]struct{}{}, gathered: map[string]map[maptile.Tile]struct{}{}}
}

// touch gathers what a commit has touched.
func (c *changes) touch(t *data.Touched) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var anywhere data.Subject
	for _, code := range t.Codes {
		anywhere |= code.Of
	}
	for _, l := range tiles.Layers {
		if l.Of&t.Whole != 0 || l.Of&anywhere&data.OfCounts != 0 || l.Wide && l.Of&anywhere != 0 {
			c.gathered[l.Name] = nil
		}
		for i := range t.Places {
			c.gatherPlace(&l, &t.Places[i])
		}
	}
	c.version = max(c.version, t.Version)
	if len(c.gathered) > 0 && !c.armed {
		c.armed = true
		time.AfterFunc(gather, c.flush)
	}
}

func (c *changes) gatherPlace(l *tiles.Layer, p *data.TouchedPlace) {
	if l.Of&p.Of == 0 {
		return
	}
	list, begun := c.gathered[l.Name]
	if begun && list == nil {
		return
	}
	if list == nil {
		list = map[maptile.Tile]struct{}{}
		c.gathered[l.Name] = list
	}
	around := tiles.Around(p.Box, changeZoom, mostTiles)
	for _, at := range around {
		list[at] = struct{}{}
	}
	if l.Wide || around == nil || len(list) > mostTiles {
		c.gathered[l.Name] = nil
	}
}

// seen notes how far the database was looked at.
func (c *changes) seen(version int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since == 0 {
		c.since = version
	}
	c.version = max(c.version, version)
}

// flush tells what was gathered. A stream that is too far behind ends: who
// comes back is told what it missed.
func (c *changes) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armed = false
	e := change{Version: c.version, Layers: map[string][]string{}}
	for name, list := range c.gathered {
		if list == nil {
			e.Layers[name] = nil
			continue
		}
		for at := range list {
			e.Layers[name] = append(e.Layers[name], fmt.Sprintf("%d/%d/%d", at.Z, at.X, at.Y))
		}
		slices.Sort(e.Layers[name])
	}
	clear(c.gathered)
	body, err := json.Marshal(e)
	if err != nil {
		panic(err) // texts and numbers
	}
	t := &told{e.Version, fmt.Appendf(nil, "id: %d\nevent: change\ndata: %s\n\n", e.Version, body)}
	c.recent = append(c.recent, t)
	if len(c.recent) > remembered {
		c.since = c.recent[0].version
		c.recent = slices.Delete(c.recent, 0, 1)
	}
	for s := range c.streams {
		select {
		case s <- t:
		default:
			c.end(s)
		}
	}
}

func (c *changes) end(s chan *told) {
	if _, there := c.streams[s]; there {
		delete(c.streams, s)
		close(s)
	}
}

// join begins a stream for who was last told of a version; 0 is nobody. It says
// first where that one is: up to date, behind by some changes, or by too many.
func (c *changes) join(last int64) (s chan *told, first []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || len(c.streams) >= mostStreams {
		return nil, nil, fmt.Errorf("%d streams: %w", len(c.streams), data.ErrUnavailable)
	}
	s = make(chan *told, backlog)
	c.streams[s] = struct{}{}
	first = fmt.Appendf(nil, "retry: 3000\nid: %d\nevent: ready\ndata: {\"version\":%d}\n\n", max(last, c.version), c.version)
	switch {
	case last == 0:
	case c.since == 0 || last < c.since:
		first = fmt.Appendf(nil, "retry: 3000\nid: %d\nevent: reload\ndata: {\"version\":%d}\n\n", c.version, c.version)
	default:
		for _, t := range c.recent {
			if t.version > last {
				first = append(first, t.text...)
			}
		}
	}
	return s, first, nil
}

// leave ends a stream.
func (c *changes) leave(s chan *told) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end(s)
}

// close ends all streams, and takes no more.
func (c *changes) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, s := range slices.Collect(maps.Keys(c.streams)) {
		c.end(s)
	}
}

// changesStream tells a browser, for as long as it listens, which tiles are
// others now: server-sent events.
func (s *Server) changesStream(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.ask(r, nil); err != nil {
		return err
	}
	var last int64
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		var err error
		if last, err = strconv.ParseInt(id, 10, 64); err != nil || last < 0 {
			return data.Invalidf("Last-Event-ID", id, "%q is not the id of an event: leave it out, or give the last one", id)
		}
	}
	h := w.Header()
	h.Set("Content-Type", typeEvents)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	if requestOf(r.Context()).head {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	stream, first, err := s.changes.join(last)
	if err != nil {
		return err
	}
	defer s.changes.leave(stream)
	out := http.NewResponseController(w)
	send := func(b []byte) bool {
		if out.SetWriteDeadline(time.Now().Add(writeIn)) != nil {
			return false
		}
		_, err := w.Write(b)
		return err == nil && out.Flush() == nil
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for next := first; send(next); {
		select {
		case t, more := <-stream:
			if !more {
				return nil
			}
			next = t.text
		case <-beat.C:
			next = []byte(": still here\n\n")
		case <-r.Context().Done():
			return nil
		}
	}
	return nil // the client has gone
}
