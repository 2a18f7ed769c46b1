package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"
)

// Who asks is the nearest address that no trusted proxy stands for; what a
// client says of itself is not believed.
func TestWhoAsks(t *testing.T) {
	l := newLimiter(10, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32")})
	for _, c := range []struct{ from, says, want string }{
		{"203.0.113.7:1", "", "203.0.113.0/24"},
		{"203.0.113.7:1", "198.51.100.1", "203.0.113.0/24"},
		{"10.1.2.3:1", "198.51.100.1", "198.51.100.0/24"},
		{"10.1.2.3:1", "1.1.1.1, 198.51.100.1", "198.51.100.0/24"},
		{"10.1.2.3:1", "198.51.100.1, 10.9.9.9", "198.51.100.0/24"},
		{"10.1.2.3:1", "rubbish", "10.1.2.0/24"},
		{"10.1.2.3:1", "", "10.1.2.0/24"},
		{"127.0.0.1:1", "", ""},
		{"[::1]:1", "", ""},
		{"[::1]:1", "198.51.100.1", ""}, // no proxy that was named
		{"127.0.0.1:1", "2001:db8:1:1ff::9", "2001:db8:1:100::/56"},
		{"[2001:db8::1%25eth0]:1", "", "2001:db8::/56"},
		{"[::ffff:203.0.113.7]:1", "", "203.0.113.0/24"},
		{"nonsense", "", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.from
		if c.says != "" {
			r.Header.Set("X-Forwarded-For", c.says)
		}
		if got := l.client(r); got != c.want {
			t.Errorf("from %s, who says %q: %q, want %q", c.from, c.says, got, c.want)
		}
	}
}

// However many clients there are, few are remembered, and none gets more than
// its share by being forgotten.
func TestClientsAreForgotten(t *testing.T) {
	l := newLimiter(1, nil)
	h := http.Header{}
	for i := range burstSeconds / costAsk {
		if err := l.take(h, "greedy", costAsk); err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
	}
	for i := range 2 * mostClients {
		if err := l.take(h, strconv.Itoa(i), costTile); err != nil {
			t.Fatal(err)
		}
		if i%1000 == 0 && l.take(h, "greedy", costWhole) == nil {
			t.Fatal("a greedy client was forgotten while it asked")
		}
	}
	if n := len(l.now) + len(l.before); n > mostClients {
		t.Errorf("%d clients are remembered", n)
	}
}
