//go:build !linux

package postgis

import "syscall"

// notUnheard leaves it to the system how long a connection waits.
func notUnheard(string, string, syscall.RawConn) error { return nil }
