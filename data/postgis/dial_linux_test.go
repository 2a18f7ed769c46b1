package postgis

import (
	"net"
	"syscall"
	"testing"
)

// A connection over a network notices within half a minute that nobody is there
// any more, whether it waits for an answer or has sent something.
func TestDeadConnectionsAreNoticed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := dial(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	err = raw.Control(func(fd uintptr) {
		for name, option := range map[string]int{"unheard": tcpUserTimeout, "idle": syscall.TCP_KEEPIDLE, "interval": syscall.TCP_KEEPINTVL, "count": syscall.TCP_KEEPCNT} {
			if got[name], err = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, option); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if silent := got["idle"] + got["interval"]*got["count"]; silent > 30 || got["unheard"] > 30_000 || got["unheard"] == 0 {
		t.Errorf("a dead connection is noticed after %d s of silence, and %d ms after sending", silent, got["unheard"])
	}
}
