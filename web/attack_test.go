package web

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
)

// attacker knows what was planted, and looks for it in everything that anyone
// may ask.
type attacker struct {
	*ledger
	texts   []string    // that must not be found anywhere
	places  []orb.Point // that nothing may be near
	planted int
	asked   int
	tiles   int
	drawn   int             // still maps
	before  map[string]bool // hexagons that still maps had before
	log     *kept
}

// kept keeps what is logged, by whomever.
type kept struct {
	mu sync.Mutex
	b  strings.Builder
}

// Write implements io.Writer.
func (k *kept) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.Write(p)
}

func (k *kept) String() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.String()
}

func newAttacker(t *testing.T) *attacker {
	t.Helper()
	a := &attacker{ledger: newLedger(t), log: &kept{}, before: map[string]bool{}}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(a.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	return a
}

// Of what is secret, restricted or private nothing is found, by whoever asks
// everything; a leak that is made on purpose is.
func TestAttackFindsNothing(t *testing.T) {
	a := newAttacker(t)
	if found := a.stills(); len(found) > 0 || len(a.before) == 0 {
		t.Errorf("before anything was planted: %v, %d hexagons", found, len(a.before))
	}
	a.plantAll()
	if found := a.hunt(false); len(found) > 0 {
		t.Errorf("%d finds:\n%s", len(found), strings.Join(found[:min(20, len(found))], "\n"))
	}
	if n := a.count("SELECT count(*) FROM pub.activity"); n != 2 {
		t.Errorf("%d activities are listed, want the restricted ones: the hunt sees nothing", n)
	}
	t.Logf("%d canaries of %d texts and %d places; %d addresses of %d routes, %d tiles and %d still maps asked: nothing found", a.planted, len(a.texts), len(a.places), a.asked, len(a.srv.every()), a.tiles, a.drawn)
	// A hexagon where a restricted gift was given is seen on the still map alone.
	a.run("UPDATE pub.fact f SET level = 'cell', cell = (al.cell & ~(15::bigint << 52)) | (8::bigint << 52) | (7::bigint << 18) FROM raw.allocation al JOIN raw.contribution c ON c.id = al.contribution_id WHERE al.fact_id = f.id AND al.cell IS NOT NULL AND c.class = 's2'")
	if found := a.stills(); len(found) == 0 {
		t.Error("nobody noticed a hexagon on the still map")
	} else {
		t.Logf("a leak on purpose, a hexagon: %s", found[0])
	}
	a.run("UPDATE pub.fact SET level = 'area', cell = NULL WHERE level = 'cell'")
	for name, leak := range map[string][2]string{
		"the exact place of a restricted activity": {
			"CREATE TABLE raw.was AS TABLE pub.place; UPDATE pub.place p SET level = 'exact', cell = r.cell, geom = ST_Transform(r.geom, 3857) FROM raw.place r WHERE r.id = p.id",
			"DELETE FROM pub.place; INSERT INTO pub.place TABLE raw.was; DROP TABLE raw.was"},
		"what a secret activity needs": {
			"INSERT INTO pub.organisation SELECT id, name FROM raw.organisation ON CONFLICT DO NOTHING; INSERT INTO pub.activity (id, name, summary, url, provider_id, themes, measures, status, source, demonstration, updated_at) SELECT id, name, summary, url, provider_id, themes, measures, status, source, demonstration, updated_at FROM raw.activity WHERE class = 3",
			"DELETE FROM pub.activity WHERE id IN (SELECT id FROM raw.activity WHERE class = 3)"},
	} {
		a.run(leak[0])
		if found := a.hunt(true); len(found) == 0 {
			t.Errorf("nobody noticed a leak: %s", name)
		} else {
			t.Logf("a leak on purpose, %s: %s", name, found[0])
		}
		a.run(leak[1])
	}
}
