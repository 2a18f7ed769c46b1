package web

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/tiles"
)

// BenchmarkWarmTile asks for a warm tile over 64 connections that are kept
// alive, and in turn for the same bytes of a handler of net/http that does
// nothing else, and prints the share of that handler's requests a second: with
// a filter and without, whole and unchanged.
func BenchmarkWarmTile(b *testing.B) {
	hs, s := demonstration(b)
	told, stop := context.WithCancel(b.Context())
	defer stop()
	go func() { // as who follows does
		for told.Err() == nil {
			s.tiles.Seen(1, time.Now())
			time.Sleep(100 * time.Millisecond)
		}
	}()
	tile := maptile.At(orb.Point{-1.5, 52.6}, 5)
	path := fmt.Sprintf("/tiles/regions,territories,areas,activities/%d/%d/%d.mvt", tile.Z, tile.X, tile.Y)
	for _, run := range []struct {
		name, path string
		unchanged  bool
	}{
		{"plain", path, false},
		{"filtered", path + "?theme=safer&status=validated,submitted&territory=norfolk,suffolk", false},
		{"unchanged", path, true},
	} {
		b.Run(run.name, func(b *testing.B) {
			form := warm(b, s, run.path)
			bare := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				h := w.Header()
				h.Set("Content-Type", tileType)
				h.Set("Content-Encoding", "br")
				h.Set("ETag", form.Tag[0])
				if r.Header.Get("If-None-Match") == form.Tag[0] {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				h.Set("Content-Length", strconv.Itoa(len(form.Body)))
				w.Write(form.Body)
			}))
			bare.Start()
			defer bare.Close()
			request := "GET " + run.path + " HTTP/1.1\r\nHost: map.example\r\nUser-Agent: bench\r\nAccept-Encoding: gzip, deflate, br\r\n"
			if run.unchanged {
				request += "If-None-Match: " + form.Tag[0] + "\r\n"
			}
			request += "\r\n"
			var shares, floors []float64
			for b.Loop() {
				for range 7 {
					floor := rate(b, bare.Listener.Addr(), request)
					shares, floors = append(shares, rate(b, hs.Listener.Addr(), request)/floor), append(floors, floor)
				}
			}
			slices.Sort(shares)
			slices.Sort(floors)
			b.ReportMetric(shares[len(shares)/2], "tile/bare")
			b.ReportMetric(floors[len(floors)/2], "bare-req/s")
			b.ReportMetric(float64(len(form.Body)), "bytes")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// warm asks for a tile once, and returns it as browsers get it.
func warm(b *testing.B, s *Server, path string) *tiles.Form {
	b.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	s.ServeHTTP(w, r)
	if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != "br" {
		b.Fatalf("%s: %d %q", path, w.Code, w.Header())
	}
	return &tiles.Form{Body: bytes.Clone(w.Body.Bytes()), Tag: []string{w.Header().Get("ETag")}}
}

// rate is how many requests a second 64 connections get answered, for half a
// second.
func rate(b *testing.B, addr net.Addr, request string) float64 {
	b.Helper()
	const connections = 64
	var wait sync.WaitGroup
	var count atomic.Int64
	start := time.Now()
	end := start.Add(500 * time.Millisecond)
	for range connections {
		wait.Go(func() {
			if err := repeat(addr, request, end, &count); err != nil {
				b.Error(err)
			}
		})
	}
	wait.Wait()
	return float64(count.Load()) / time.Since(start).Seconds()
}

// repeat asks the same over one connection until the end.
func repeat(addr net.Addr, request string, end time.Time, count *atomic.Int64) error {
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 64<<10)
	ask := []byte(request)
	for time.Now().Before(end) {
		if _, err := conn.Write(ask); err != nil {
			return err
		}
		length := 0
		for {
			line, err := r.ReadSlice('\n')
			if err != nil {
				return err
			}
			if len(line) == 2 {
				break
			}
			if rest, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
				if length, err = strconv.Atoi(string(bytes.TrimSpace(rest))); err != nil {
					return err
				}
			}
		}
		if _, err := r.Discard(length); err != nil {
			return err
		}
		count.Add(1)
	}
	return nil
}
