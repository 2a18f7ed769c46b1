package main

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// The dashboard asks for figures that the server has, all of them; and a server
// that is told to stop says so before it refuses.
func TestDashboardAndDrain(t *testing.T) {
	s := start(t, dataDir(t), "--metrics", "127.0.0.1:0", "--drain-delay", "3s")
	s.get("/api/v1/territories", http.StatusOK)
	at := regexp.MustCompile(`metrics are at (http://[^/]+)/metrics`).FindStringSubmatch(s.log.String())
	if at == nil {
		t.Fatalf("it does not say where its metrics are:\n%s", s.log.String())
	}
	read := func(path string) []byte {
		res, err := http.Get(at[1] + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", path, res.StatusCode, err)
		}
		return b
	}
	has := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z_]+)[ {]`).FindAllSubmatch(read("/metrics"), -1) {
		has[string(m[1])] = true
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(read("/dashboard.json"), &board); err != nil || len(board.Panels) < 8 {
		t.Fatalf("%d panels, %v", len(board.Panels), err)
	}
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			for _, name := range regexp.MustCompile(`\b(tributary|process|go)_[a-z_]+`).FindAllString(target.Expr, -1) {
				if !has[name] {
					t.Errorf("%s asks for %s, which the server does not have", p.Title, name)
				}
			}
		}
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for status := 0; status != http.StatusServiceUnavailable; time.Sleep(20 * time.Millisecond) {
		res, err := http.Get(s.URL + "/readyz")
		if err != nil {
			t.Fatalf("it refused before it said that it stops: %v", err)
		}
		status = res.StatusCode
		res.Body.Close()
	}
	s.get("/api/v1/territories", http.StatusOK) // it answers others still
	if err := <-s.done; err != nil {
		t.Errorf("it ended with %v", err)
	}
}
