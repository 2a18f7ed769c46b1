package web

import (
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	bucket "golang.org/x/time/rate"
)

const (
	// keysEvery is how often the issuer's keys are fetched at most, after the
	// first keysAtOnce.
	keysEvery  = 10 * time.Second
	keysAtOnce = 3
)

// sparing fetches the issuer's keys so often and no oftener. The keys are kept,
// and fetched again for a token that none of them has signed: without a bound,
// whoever makes such tokens would make this server ask the issuer each time.
// Tokens signed by a key that is kept need no fetching and are not held up.
type sparing struct {
	keys   atomic.Pointer[string] // their address; nil until it is known
	budget *bucket.Limiter
}

func newSparing() *sparing {
	return &sparing{budget: bucket.NewLimiter(bucket.Every(keysEvery), keysAtOnce)}
}

// of says where the keys are.
func (s *sparing) of(address string) { s.keys.Store(&address) }

var errKeysTooOften = errors.New("the issuer's keys have just been fetched, and none of them has signed this")

// RoundTrip implements [http.RoundTripper].
func (s *sparing) RoundTrip(r *http.Request) (*http.Response, error) {
	if at := s.keys.Load(); at != nil && r.URL.String() == *at && !s.budget.Allow() {
		return nil, errKeysTooOften
	}
	return http.DefaultTransport.RoundTrip(r)
}
