package web

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	bucket "golang.org/x/time/rate"
)

// What requests cost. A client has a budget that fills up at a steady rate, so
// that one that asks for everything at once does not take the others' share.
const (
	costTile  = 1
	costWrite = 2 // by a key
	costAsk   = 5
	costWhole = 20  // a whole list as a file, or a question over all facts
	costWrong = 100 // a key that is none

	// burstSeconds is how much of its rate a client may save up.
	burstSeconds = 20
	// mostClients are remembered.
	mostClients = 100_000
)

// limiter bounds what each client may ask for, by the cost of its requests. A
// client is a key, or the network that an address lies in: /24 of IPv4, /56 of
// IPv6. It is this process' alone: several instances allow as many times as
// much.
type limiter struct {
	perSecond bucket.Limit // 0: no limit
	proxies   []netip.Prefix
	policy    []string
	mu        sync.Mutex
	// clients who were seen lately, and those who were before that: two maps, so
	// that forgetting is dropping one.
	now, before map[string]*bucket.Limiter
	turned      time.Time
}

func newLimiter(perSecond int, proxies []netip.Prefix) *limiter {
	return &limiter{perSecond: bucket.Limit(perSecond), proxies: proxies, now: map[string]*bucket.Limiter{}, turned: time.Now(),
		policy: []string{`"client";q=` + strconv.Itoa(perSecond*burstSeconds) + `;w=` + strconv.Itoa(burstSeconds)}}
}

// cost is what a route's request costs; 0 is always answered.
func (rt route) cost(r *http.Request) int {
	switch rt.kind {
	case kindOps, kindKey: // a key pays for itself
		return 0
	case kindTile:
		return costTile
	case kindAPI:
		for _, whole := range []string{".csv", ".xlsx", ".geojson"} {
			if strings.HasSuffix(r.URL.Path, whole) {
				return costWhole
			}
		}
		switch rt.path {
		case "/api/v1/gap{table}", "/api/v1/compare{table}", "/api/v1/reconcile":
			return costWhole
		}
	}
	return costAsk
}

// client names who asks, by their network; "" is somebody who is not limited:
// on this machine, where a proxy that nobody has named may stand before all.
func (l *limiter) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return ""
	}
	// What proxies say they were asked by, the nearest last: the first that is
	// none of ours is believed, what stands before it is the client's own word.
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(said) - 1; i >= 0 && l.trusts(at); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(said[i]))
		if err != nil {
			break
		}
		at = next
	}
	at = at.Unmap().WithZone("")
	if at.IsLoopback() {
		return ""
	}
	bits := 56
	if at.Is4() {
		bits = 24
	}
	network, err := at.Prefix(bits)
	if err != nil {
		return ""
	}
	return network.String()
}

func (l *limiter) trusts(at netip.Addr) bool {
	for _, p := range l.proxies {
		if p.Contains(at.Unmap()) {
			return true
		}
	}
	return false
}

// take takes a request's cost from a client's budget and says in the headers
// what is left. Where it does not suffice the answer is 429, and nothing was
// taken.
func (l *limiter) take(h http.Header, client string, cost int) error {
	if l.perSecond == 0 || client == "" || cost == 0 {
		return nil
	}
	budget, now := l.budget(client), time.Now()
	enough := budget.AllowN(now, cost)
	left := budget.TokensAt(now)
	wait := strconv.Itoa(int(math.Ceil(max(1, (float64(cost)-left)/float64(l.perSecond)))))
	h["Ratelimit-Policy"] = l.policy
	h.Set("RateLimit", `"client";r=`+strconv.Itoa(max(0, int(left)))+`;t=`+wait)
	if enough {
		return nil
	}
	return tooMany(h, wait)
}

// guess takes what a key that is none costs from whoever sent it. Who has sent
// too many is not listened to, so that nobody can try keys without end.
func (l *limiter) guess(h http.Header, client string, wrong bool) error {
	if l.perSecond == 0 || client == "" {
		return nil
	}
	budget, now := l.budget("guesses "+client), time.Now()
	if wrong {
		budget.AllowN(now, costWrong)
		return nil
	}
	if left := budget.TokensAt(now); left < costWrong {
		return tooMany(h, strconv.Itoa(int(math.Ceil((costWrong-left)/float64(l.perSecond)))))
	}
	return nil
}

// budget is a client's, a new one for who is not remembered.
func (l *limiter) budget(client string) *bucket.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	// After so long a budget is full again: it may be forgotten.
	if len(l.now) >= mostClients/2 || time.Since(l.turned) > 3*burstSeconds*time.Second {
		l.now, l.before, l.turned = map[string]*bucket.Limiter{}, l.now, time.Now()
	}
	b, ok := l.now[client]
	if !ok {
		if b, ok = l.before[client]; !ok {
			b = bucket.NewLimiter(l.perSecond, int(l.perSecond)*burstSeconds)
		}
		l.now[client] = b
	}
	return b
}

func tooMany(h http.Header, wait string) error {
	h.Set("Retry-After", wait)
	return refusal(http.StatusTooManyRequests, "Too many requests", "You have asked for more than your share. Ask again in "+wait+" s, and for larger pieces less often: whole lists come as CSV.")
}
