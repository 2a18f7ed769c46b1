package main

import (
	"net/netip"
	"time"

	"tributary/data"
)

// Door says how the server treats those who ask.
type Door struct {
	Limit      int           `help:"What one client, a key or a network of /24 or /56, may ask for a second: a tile counts 1, a question 5, a whole list 20. 0: as much as it likes." env:"TRIBUTARY_LIMIT" default:"200"`
	Proxies    []string      `help:"Networks of the proxies before this server, such as 10.0.0.0/8, whose X-Forwarded-For is believed." env:"TRIBUTARY_PROXIES" placeholder:"NETWORK"`
	DrainDelay time.Duration `help:"How long a stop lets /readyz say 503 before it refuses new requests: as long as a load balancer takes to notice." env:"TRIBUTARY_DRAIN_DELAY" default:"1s"`
	Drain      time.Duration `help:"How long a stop lets answers under way finish, and then a private database write everything out. Whatever hangs, a stop takes twice this and 15s at most." env:"TRIBUTARY_DRAIN" default:"10s"`
}

// proxies reads the networks.
func (d Door) proxies() (out []netip.Prefix, err error) {
	if d.Limit < 0 || d.Limit > 1<<20 {
		return nil, data.Invalidf("limit", "", "give units a second, 0 for no limit, up to %d", 1<<20)
	}
	if d.DrainDelay < 0 || d.DrainDelay > time.Minute {
		return nil, data.Invalidf("drain-delay", d.DrainDelay.String(), "give 0s to 1m")
	}
	if d.Drain < 0 || d.Drain > 10*time.Minute {
		return nil, data.Invalidf("drain", d.Drain.String(), "give 0s to 10m")
	}
	for _, text := range d.Proxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, data.Invalidf("proxies", text, "%q is no network: give address and length, such as 10.0.0.0/8 or 127.0.0.1/32", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
