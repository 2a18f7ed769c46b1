package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"tributary/tiles"
)

// BenchmarkWarmTile asks for a warm tile over 64 connections that are kept
// alive, and in turn for the same bytes of a handler of net/http that does
// nothing else, and prints the share of that handler's requests a second: with
// a filter and without, whole and unchanged; and, where nginx is installed,
// both as a share of what that serves of the same file with gzip_static.
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
		name, path, coding string
		unchanged          bool
	}{
		{"plain", path, "br", false},
		{"filtered", path + "?theme=safer&status=validated,submitted&territory=norfolk,suffolk", "br", false},
		{"unchanged", path, "br", true},
		{"gzip", path, "gzip", false},
	} {
		b.Run(run.name, func(b *testing.B) {
			form := warm(b, s, run.path, run.coding)
			bare := httptest.NewServer(bareTile(form, run.coding))
			defer bare.Close()
			request := "GET " + run.path + " HTTP/1.1\r\nHost: map.example\r\nUser-Agent: bench\r\nAccept-Encoding: " + accepting[run.coding] + "\r\n"
			if run.unchanged {
				request += "If-None-Match: " + form.Tag[0] + "\r\n"
			}
			request += "\r\n"
			var nginx net.Addr
			if run.coding == "gzip" {
				nginx = startNginx(b, run.path, form.Body)
			}
			var shares, floors, beside, bareBeside []float64
			for b.Loop() {
				for range 7 {
					floor, ours := rate(b, bare.Listener.Addr(), request), rate(b, hs.Listener.Addr(), request)
					shares, floors = append(shares, ours/floor), append(floors, floor)
					if nginx != nil {
						static := rate(b, nginx, request)
						beside, bareBeside = append(beside, ours/static), append(bareBeside, floor/static)
					}
				}
			}
			report := func(values []float64, unit string) {
				if len(values) > 0 {
					slices.Sort(values)
					b.ReportMetric(values[len(values)/2], unit)
				}
			}
			report(shares, "tile/bare")
			report(floors, "bare-req/s")
			report(beside, "tile/nginx")
			report(bareBeside, "bare/nginx")
			b.ReportMetric(float64(len(form.Body)), "bytes")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// accepting is how a request says that it takes a coding.
var accepting = map[string]string{"br": "gzip, deflate, br", "gzip": "gzip"}

// bareTile is the floor: a handler that writes the same bytes and nothing else.
func bareTile(form *tiles.Form, coding string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", tileType)
		h.Set("Content-Encoding", coding)
		h.Set("ETag", form.Tag[0])
		if r.Header.Get("If-None-Match") == form.Tag[0] {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Length", strconv.Itoa(len(form.Body)))
		w.Write(form.Body)
	})
}

// startNginx serves the bytes of a tile that is compressed already with nginx,
// where it is installed; nil where it is not.
func startNginx(b *testing.B, path string, body []byte) net.Addr {
	b.Helper()
	if _, err := exec.LookPath("nginx"); err != nil {
		b.Log("nginx is not installed, so there is no ratio to it")
		return nil
	}
	dir := b.TempDir()
	file := filepath.Join(dir, filepath.FromSlash(path))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	addr := free.Addr()
	free.Close()
	config := fmt.Sprintf(`daemon off; worker_processes auto; pid %[1]s/pid; error_log stderr crit; events { worker_connections 256; }
		http { access_log off; default_type %[2]s; client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
		server { listen %[3]s; root %[1]s; gzip_static on; keepalive_requests 100000000; } }`, dir, tileType, addr)
	if os.Getuid() == 0 {
		config = "user root; " + config
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, body, 0o644), os.WriteFile(file+".gz", body, 0o644), os.WriteFile(filepath.Join(dir, "conf"), []byte(config), 0o644)); err != nil {
		b.Fatal(err)
	}
	server := exec.Command("nginx", "-p", dir, "-c", filepath.Join(dir, "conf"), "-e", "stderr")
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		server.Process.Signal(syscall.SIGTERM)
		server.Wait()
	})
	for range 100 {
		if conn, err := net.Dial(addr.Network(), addr.String()); err == nil {
			conn.Close()
			return addr
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatal("nginx does not answer")
	return nil
}

// warm asks for a tile once, and returns it as browsers get it.
func warm(b *testing.B, s *Server, path, coding string) *tiles.Form {
	b.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accepting[coding])
	s.ServeHTTP(w, r)
	if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != coding {
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
