package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tributary/data/postgis"
	"tributary/data/postgis/cluster"
)

// otherClock gives every process that loads it another time of day, by the
// seconds that CLOCK_SKEW says.
const otherClock = `
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long skew, known;

int clock_gettime(clockid_t id, struct timespec *t) {
	int r = syscall(SYS_clock_gettime, id, t);
	if (!known) {
		const char *s = getenv("CLOCK_SKEW");
		skew = s ? atol(s) : 0;
		known = 1;
	}
	if (r == 0 && id == CLOCK_REALTIME) t->tv_sec += skew;
	return r;
}

int gettimeofday(struct timeval *t, void *zone) {
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	t->tv_sec = now.tv_sec;
	t->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *t) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (t) *t = now.tv_sec;
	return now.tv_sec;
}
`

// The clocks of server and database differ, by an hour or a day either way: what
// was given a day lasts a day by the database's, neither longer nor shorter,
// nothing that is kept is dated in its future, and the audit log verifies. Between
// the rounds the database's clock goes on by more than a day.
func TestClocksDiffer(t *testing.T) {
	dir := dataDir(t)
	source, shim := filepath.Join(dir, "clock.c"), filepath.Join(dir, "clock.so")
	if err := os.WriteFile(source, []byte(otherClock), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cc", "-shared", "-fPIC", "-O1", "-o", shim, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var keys, sessions []string // of the rounds before
	for round, skew := range []time.Duration{-24 * time.Hour, time.Hour + time.Minute, 27 * time.Hour} {
		c, err := cluster.Start(t.Context(), cluster.Options{Dir: dir, Ephemeral: true, Env: []string{"LD_PRELOAD=" + shim, fmt.Sprint("CLOCK_SKEW=", int(skew.Seconds()))}})
		if err != nil {
			t.Fatal(err)
		}
		o := &otherTime{t: t, url: c.URL(), skew: skew}
		o.server = start(t, dir, "--database-url", c.URL(), "--drain-delay", "0s", "--development-issuer")
		key, session := o.begins()
		for _, old := range keys {
			o.want(old, "", http.StatusUnauthorized, "a key of a day, more than a day later")
		}
		for _, old := range sessions {
			o.want("", old, http.StatusSeeOther, "a session, more than a day later")
		}
		o.uses(key, session, round)
		o.runsOut(key, session)
		keys, sessions = append(keys, o.makeKey()), append(sessions, o.signIn())
		if err := o.server.stop(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		o.sound()
		if err := c.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// otherTime is a server whose database has another time of day.
type otherTime struct {
	t      *testing.T
	url    string
	skew   time.Duration
	server *server
}

func (o *otherTime) sql(sql string) (text string) {
	o.t.Helper()
	conn, err := pgx.Connect(o.t.Context(), o.url)
	if err != nil {
		o.t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(o.t.Context()))
	if err := conn.QueryRow(o.t.Context(), sql).Scan(&text); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
	return text
}

func (o *otherTime) makeKey() string {
	o.t.Helper()
	out, err := exec.Command(program, "key", "create", "--role", "admin", "--source", "clocks", "--expires", "1d", "--database-url", o.url).CombinedOutput()
	if err != nil {
		o.t.Fatalf("%v\n%s", err, out)
	}
	return regexp.MustCompile(`trib_[A-Z2-7_]+`).FindString(string(out))
}

func (o *otherTime) signIn() string {
	o.t.Helper()
	s, err := postgis.Open(o.t.Context(), o.url)
	if err != nil {
		o.t.Fatal(err)
	}
	defer s.Close()
	secret, err := s.SignIn(o.t.Context(), "https://issuer.example", "somebody")
	if err != nil {
		o.t.Fatal(err)
	}
	return secret
}

// begins makes a key and a session, once it is certain that the clocks differ.
func (o *otherTime) begins() (key, session string) {
	o.t.Helper()
	differ := o.sql(fmt.Sprintf("SELECT (abs(extract(epoch FROM now()) - %d - %d) < 600)::text", time.Now().Unix(), int(o.skew.Seconds())))
	if differ != "true" {
		o.t.Fatalf("the database's clock is not %s from ours", o.skew)
	}
	return o.makeKey(), o.signIn()
}

// want asks for what needs a key or a session.
func (o *otherTime) want(key, session string, status int, why string) {
	o.t.Helper()
	path := "/api/v1/contributions/none"
	if session != "" {
		path = "/work"
	}
	req, err := http.NewRequest(http.MethodGet, o.server.URL+path, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	req.AddCookie(&http.Cookie{Name: "session", Value: session})
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		o.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != status {
		o.t.Errorf("clocks %s apart: %s: %d, want %d", o.skew, why, res.StatusCode, status)
	}
}

// uses what has just been made, which must be good at once.
func (o *otherTime) uses(key, session string, round int) {
	o.t.Helper()
	o.want(key, "", http.StatusNotFound, "a new key")
	o.want("", session, http.StatusOK, "a new session")
	c := &chaos{t: o.t, listen: strings.TrimPrefix(o.server.URL, "http://"), key: key}
	body := fmt.Sprintf(`{"id":"w%d","supplier":"GB-COH-09506232","supplier_name":"Example Builders","type":"donation_money","value":100,"delivered_from":"2025-06-01","territory":"norfolk"}`, round)
	status, first := c.send(http.MethodPost, "/api/v1/contributions", body, fmt.Sprint("once", round))
	again, second := c.send(http.MethodPost, "/api/v1/contributions", body, fmt.Sprint("once", round))
	if status != http.StatusCreated || again != status || first != second {
		o.t.Errorf("clocks %s apart: a write is answered %d, repeated %d: %s\n%s", o.skew, status, again, first, second)
	}
}

// runsOut lets pass, for the key and the session, what they may last.
func (o *otherTime) runsOut(key, session string) {
	o.t.Helper()
	o.sql("WITH later AS (UPDATE raw.api_key SET created_at = created_at - interval '23 hours 50 minutes', expires_at = expires_at - interval '23 hours 50 minutes' RETURNING 1), used AS (UPDATE raw.session SET used_at = now() - interval '50 minutes' RETURNING 1) SELECT (SELECT count(*) FROM later)::text || (SELECT count(*) FROM used)")
	o.want(key, "", http.StatusNotFound, "a key of a day, ten minutes before it ends")
	o.want("", session, http.StatusOK, "a session that was not used for fifty minutes")
	o.sql("WITH later AS (UPDATE raw.api_key SET created_at = created_at - interval '20 minutes', expires_at = expires_at - interval '20 minutes' RETURNING 1), used AS (UPDATE raw.session SET used_at = now() - interval '70 minutes' RETURNING 1) SELECT (SELECT count(*) FROM later)::text || (SELECT count(*) FROM used)")
	o.want(key, "", http.StatusUnauthorized, "a key of a day, ten minutes after it ended")
	o.want("", session, http.StatusSeeOther, "a session that was not used for seventy minutes")
}

// sound holds that nothing is dated in the database's future, and what verifies
// itself.
func (o *otherTime) sound() {
	o.t.Helper()
	columns := o.sql(`SELECT string_agg(format('SELECT %L AS at, max(%I) AS latest FROM %I.%I', table_schema || '.' || table_name || '.' || column_name, column_name, table_schema, table_name), ' UNION ALL ')
		FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
		WHERE table_schema IN ('raw', 'pub', 'audit') AND table_type = 'BASE TABLE' AND data_type = 'timestamp with time zone' AND (table_name, column_name) <> ('api_key', 'expires_at')`)
	if n := strings.Count(columns, "SELECT"); n < 20 {
		o.t.Errorf("only %d columns have a time", n)
	}
	if late := o.sql("SELECT COALESCE(string_agg(at, ', '), '') FROM (" + columns + ") t WHERE latest > now()"); late != "" {
		o.t.Errorf("clocks %s apart: dated in the future: %s", o.skew, late)
	}
	for _, args := range [][]string{{"check"}, {"audit", "verify"}} {
		if out, err := exec.Command(program, append(args, "--database-url", o.url)...).CombinedOutput(); err != nil {
			o.t.Errorf("clocks %s apart: %v: %v\n%s", o.skew, args, err, out)
		}
	}
}
