package tiles

import (
	"fmt"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"
)

const (
	// knownMost is how many addresses are remembered, and knownLongest how long
	// one may be.
	knownMost, knownLongest = 20_000, 1024
	// knownFor is how long what was read in one holds: whether the places that it
	// names exist is asked again after that.
	knownFor = time.Minute
)

// Known remembers what addresses ask for, so that a tile that is kept is sent
// without reading again what was read a moment ago.
type Known struct {
	asked *otter.Cache[string, *Request]
}

// NewKnown remembers nothing yet.
func NewKnown() (*Known, error) {
	asked, err := otter.New(&otter.Options[string, *Request]{MaximumSize: knownMost, ExpiryCalculator: otter.ExpiryWriting[string, *Request](knownFor)})
	if err != nil {
		return nil, fmt.Errorf("known addresses: %w", err)
	}
	return &Known{asked: asked}, nil
}

// Get returns what an address asks for, if that is remembered.
func (k *Known) Get(address string) (*Request, bool) { return k.asked.GetIfPresent(address) }

// Remember notes what an address asks for.
func (k *Known) Remember(address string, r *Request) {
	if len(address) <= knownLongest {
		k.asked.Set(strings.Clone(address), r)
	}
}
