package facts

import "sync"

// dictionary gives the values of a column small codes, in the order in which
// they were first met. Code 0 is null. Values are never taken out; a new load
// starts afresh.
type dictionary struct {
	mu     sync.RWMutex
	codes  map[string]uint32
	values []string // by code; it only grows, so a copy of its header is a snapshot
}

func newDictionary() *dictionary {
	return &dictionary{codes: map[string]uint32{}, values: []string{""}}
}

// find returns the code of a value that has been met.
func (d *dictionary) find(value string) (uint32, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	c, ok := d.codes[value]
	return c, ok
}

// code returns the code of a value, giving it one. Only one goroutine may give
// codes. Nil is null.
func (d *dictionary) code(value []byte) uint32 {
	if value == nil {
		return 0
	}
	if c, ok := d.codes[string(value)]; ok { // only this goroutine writes
		return c
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c := uint32(len(d.values))
	s := string(value)
	d.codes[s] = c
	d.values = append(d.values, s)
	return c
}

// snapshot is the values that have codes by now.
func (d *dictionary) snapshot() []string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.values
}
