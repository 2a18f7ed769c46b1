package postgis

import (
	"strings"
	"syscall"
)

// tcpUserTimeout is TCP_USER_TIMEOUT of RFC 5482 on Linux, in milliseconds, which
// the package syscall does not name.
const tcpUserTimeout = 0x12

// notUnheard bounds how long a connection waits for acknowledgements.
func notUnheard(network, _ string, c syscall.RawConn) (err error) {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	control := c.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(unheard.Milliseconds()))
	})
	if control != nil {
		return control
	}
	return err
}
