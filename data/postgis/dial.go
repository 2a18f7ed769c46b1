package postgis

import (
	"context"
	"net"
	"time"
)

// How soon a database that cannot be reached any more is noticed, though nobody
// says so: a network that is parted drops packets without a word. Over a Unix
// socket there is none of this.
const (
	aliveAfter = 10 * time.Second // of silence, it is asked for a sign
	aliveEvery = 5 * time.Second
	aliveTries = 3
	// unheard is how long what was sent may stay without being acknowledged.
	unheard = aliveAfter + aliveTries*aliveEvery
)

var dialer = net.Dialer{
	KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: aliveAfter, Interval: aliveEvery, Count: aliveTries},
	Control:         notUnheard,
}

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	return dialer.DialContext(ctx, network, address)
}
